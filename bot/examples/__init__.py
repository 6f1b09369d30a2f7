"""Documents that ship, so that a newcomer sees an answer at once and ``doctor --try`` has something to check."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A document, what to ask about it, and how to know a right answer."""

    title: str
    question: str
    path: Path
    expected: tuple[str, ...]
    """Each of these alone tells a right answer, in whatever case it is written."""
    beyond_text: bool = False
    """Answering takes looking and reasoning: an engine that only reads text cannot."""

    def accepts(self, answer: str) -> bool:
        """Whether the answer says one of what is expected."""
        said = _plain(answer)
        return any(_plain(words) in said for words in self.expected)


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").replace("’", "'").casefold().split())


def _shipped(name: str) -> Path:
    return Path(str(files("bot.examples").joinpath(name)))


EXAMPLES: tuple[Example, ...] = (
    Example(
        title="Unpaid invoice",
        question="Has this been paid?",
        path=_shipped("invoice.pdf"),
        expected=("not paid", "not been paid", "not yet been paid", "unpaid", "hasn't been paid", "isn't paid"),
    ),
    Example(
        title="Paid receipt",
        question="How much was the olive oil?",
        path=_shipped("receipt.png"),
        expected=("12.80",),
    ),
    Example(
        title="Chart",
        question="How many visitors came in May?",
        path=_shipped("chart.png"),
        expected=("3,180", "3180", "3 180"),
    ),
    Example(
        title="French letter",
        question="When is the appointment?",
        path=_shipped("letter.png"),
        expected=("14 octobre", "14 october", "october 14", "14th of october", "october 14th", "14.10.2026"),
    ),
    Example(
        title="Picture puzzle",
        question="Which number belongs where the question mark is?",
        path=_shipped("puzzle.png"),
        expected=("19",),
        beyond_text=True,
    ),
)
