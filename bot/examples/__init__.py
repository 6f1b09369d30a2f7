"""Documents that ship, so that a newcomer sees an answer at once and ``doctor --try`` has something to check."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A document, what to ask about it, and how to know a right answer."""

    title: str
    question: str
    path: Path
    expected: re.Pattern[str]
    """What a right answer has in it, in small letters and without emphasis."""
    beyond_text: bool = False
    """Answering takes looking and reasoning: an engine that only reads text cannot."""

    def accepts(self, answer: str) -> bool:
        """Whether the answer says what is expected."""
        return self.expected.search(_plain(answer)) is not None


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").replace("’", "'").casefold().split())


def _shipped(name: str) -> Path:
    return Path(str(files("bot.examples").joinpath(name)))


EXAMPLES: tuple[Example, ...] = (
    Example(
        title="Unpaid invoice",
        question="Has this been paid?",
        path=_shipped("invoice.pdf"),
        expected=re.compile(r"^no(?=$|[,.;:]| it )|\bunpaid\b|(\bnot|n't)( yet)?( been)?( yet)? paid\b"),
    ),
    Example(
        title="Paid receipt",
        question="How much was the olive oil?",
        path=_shipped("receipt.png"),
        expected=re.compile(r"(?<![\d.,])12[.,]80?(?!\d)"),
    ),
    Example(
        title="Chart",
        question="How many visitors came in May?",
        path=_shipped("chart.png"),
        expected=re.compile(r"(?<![\d.,])3[,. ]?180(?!\d)"),
    ),
    Example(
        title="French letter",
        question="When is the appointment?",
        path=_shipped("letter.png"),
        expected=re.compile(r"\b14(th)?( of)? octob(er|re)\b|\boctober 14|\b14[./]10[./]|\b2026-10-14\b"),
    ),
    Example(
        title="Picture puzzle",
        question="Which number belongs where the question mark is?",
        path=_shipped("puzzle.png"),
        expected=re.compile(r"(?<![\d.,])19(?![.,]?\d)"),
        beyond_text=True,
    ),
)
