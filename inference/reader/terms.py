"""The words of a question that must stand on the page beside the answer. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader import deeds, glossary
from inference.reader.dates import month_number
from inference.reader.stop import stop
from inference.reader.words import Word, is_han

GENERIC_WEIGHT = 0.4
PROPER_WEIGHT = 1.5
UNKNOWN = 0.6
"""What a word counts that stands nowhere near the answer and is no name nor anything that the glossary knows."""

_DONE = re.compile(r"[a-z]{4,}ed$|[a-z]{3,}iert$|[a-z]{3,}(?:aron|ieron|aban|aient)$")
_VERB = re.compile(r"ge[a-z]{2,}(?:t|en)$|[a-z]{3,}[ai]d[oa]s?$")
_ACCENTED_VERB = re.compile(r".{2,}(?:é|ée|és|ées)$")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that must stand on the page; ``weight`` tells how much it says."""

    text: str
    weight: float = 1.0
    missing: float | None = None
    """How much it matters that it does not stand there, if that is less."""

    @property
    def missed(self) -> float:
        return self.weight if self.missing is None else self.missing


def terms(
    text: str, parts: Sequence[Word], taken: frozenset[int], standing: frozenset[str] = frozenset()
) -> tuple[Term, ...]:
    """What says something in a text, apart from the words that are taken. A short word says as much as a long one if it
    is one of those ``standing`` on the page."""
    german = any(part.text in stop().german for part in parts)
    kept = [part for index, part in enumerate(parts) if index not in taken]
    asked = set(asked_nouns(text, parts))
    asked -= {part.start for part in parts if len(part.text) < 4 or part.text in stop().helping}
    asked -= {part.start for part in parts if part.text in stop().documents and part.text not in standing}
    found = [
        _term(text, part, german=german, sure=part.start in asked or _is_short_and_there(part.text, standing))
        for part in _phrased(_joined([part for part in kept if not part.han], text), text)
        if _says(text, part) or part.start in asked
    ]
    han = "".join(
        part.text if part.han and i not in taken and not _counts(text, part) else " " for i, part in enumerate(parts)
    )
    return (
        *found,
        *(Term(run, GENERIC_WEIGHT if len(run) == 1 and not glossary.knows(run) else 1.0) for run in _han_runs(han)),
    )


def _counts(text: str, part: Word) -> bool:
    """Whether it only says what a number counts: 2025年."""
    return part.text in "年月日号" and text[part.start - 1 : part.start].isdigit()


_COUNTING = frozenset({"many", "viele", "wieviele", "cuantos", "cuantas", "combien"})


def asked_nouns(text: str, parts: Sequence[Word]) -> Iterator[int]:
    """Where the words stand that follow which, how many or what is the: nouns, whatever else they may mean."""
    for index, part in enumerate(parts):
        if part.text in (stop().which - {"wie"}) | _COUNTING:
            following = [
                other for other in parts[index + 1 :] if other.text not in stop().linking - {"s"} | {"de", "d"}
            ]
            owned = len(following) > 2 and following[1].text == "s" and text[following[0].end] in "'’"
            yield from (other.start for other in following[2:3] if owned)
            yield from (other.start for other in following[:1] if not owned)


def _is_short_and_there(word: str, standing: frozenset[str]) -> bool:
    known = stop().words | stop().generic
    return len(word) == 3 and word not in known and (word in standing or f"{word}s" in standing)


def _term(text: str, part: Word, *, german: bool, sure: bool) -> Term:
    written = text[part.start : part.end]
    done = _is_verb(written.lower(), part.text) or (german and written.islower())
    missing = GENERIC_WEIGHT if done or deeds.knows(part.text) else None
    if part.text in stop().sorts:
        # The shoe shop may be called a store, or nothing.
        missing = GENERIC_WEIGHT
    if missing is None and written.islower() and not glossary.knows(part.text):
        missing = UNKNOWN
    weight = _weight(text, part, german=german)
    return Term(part.text, max(weight, 1.0) if sure and part.text not in stop().generic else weight, missing)


def _says(text: str, part: Word) -> bool:
    """Whether the word is none of those that any question may hold: té is tea, te is not."""
    if part.text in stop().documents or (len(part.text) == 1 and not part.text.isdigit()):
        return False
    if _is_month(text, part):
        return True
    # A été: no summer.
    helped = part.text == "ete" and re.search(
        r"\b(?:a|ont|as|ai|avons|avez|avait|avaient|aurait)\s$", text[: part.start]
    )
    accented = text[part.start : part.end].lower() != part.text and glossary.knows(part.text) and not helped
    return part.text not in stop().words or accented


def _is_month(text: str, part: Word) -> bool:
    """Whether it names a month and not a verb: in May it may rain."""
    return part.start > 0 and text[part.start].isupper() and month_number(part.text) is not None


def _joined(parts: Sequence[Word], text: str) -> list[Word]:
    """Letters and figures written together, such as Q3 or B-11, as one word."""
    joined: list[Word] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before and _JOINT.fullmatch(text[before.end : part.start]) and _has_figure(before.text, part.text):
            joined[-1] = Word(before.text + text[before.end : part.start] + part.text, before.start, part.end)
        else:
            joined.append(part)
    return joined


_JOINT = re.compile(r"[-./]?")


def _phrased(parts: Sequence[Word], text: str) -> list[Word]:
    """Words that together name one thing as one: mot de passe, washing machine."""
    phrased: list[Word] = []
    at = 0
    while at < len(parts):
        apart = next(
            (n for n in range(at + 1, len(parts)) if not _SPACE.fullmatch(text[parts[n - 1].end : parts[n].start])),
            len(parts),
        )
        size = glossary.phrase([part.text for part in parts[at:apart]]) or 1
        last = parts[at + size - 1]
        spelled = "-".join(part.text for part in parts[at : at + size])
        phrased.append(Word(spelled, parts[at].start, last.end))
        at += size
    return phrased


_SPACE = re.compile(r"[\s'’-]{1,2}")


def _has_figure(*several: str) -> bool:
    return any(char.isdigit() for text in several for char in text)


def _weight(text: str, part: Word, *, german: bool) -> float:
    original = text[part.start : part.end]
    if _has_figure(part.text):
        return PROPER_WEIGHT if part.start else 1.0
    if _is_month(text, part):
        return 1.0
    if part.text in stop().generic or part.text in stop().words:
        return GENERIC_WEIGHT
    if len(original) <= 3 and original.islower() and not glossary.knows(part.text):
        return GENERIC_WEIGHT
    begins = not text[: part.start].strip("¿¡\"'“„«( ")
    return PROPER_WEIGHT if not begins and original[:1].isupper() and not german else 1.0


def _is_verb(original: str, folded: str) -> bool:
    """Whether the word looks like what was done to the thing, which a table does not repeat."""
    surely = _DONE.search(folded) or _ACCENTED_VERB.search(original)
    return bool(surely) or (bool(_VERB.search(folded)) and not glossary.knows(folded))


def _han_runs(text: str) -> list[str]:
    """What is left of a Chinese question once its phrases are taken out, but for what names a thing: 花盆."""
    text = _ONE_HAN.sub("", text)
    kept = [span for span in _things_han(text) if not any(_covers(text, phrase, span) for phrase in stop().han)]
    for phrase in stop().han:
        for match in re.finditer(re.escape(phrase), text):
            if not any(match.start() < end and start < match.end() for start, end in kept):
                text = text[: match.start()] + " " * len(phrase) + text[match.end() :]
    runs = (part for run in text.split() for part in ([run] if glossary.knows(run) else deeds.parted(run)))
    return [_without_verb(part) for part in runs]


_ONE_HAN = re.compile(r"(?<!第)一[颗个只条张份瓶杯本台件块片位碗盒包斤辆间把双套支]")
"""One of a thing, which may stand within the words for what is done to it: 补一颗牙."""


LONGEST_HAN = 6
"""Characters of the longest Chinese name of a thing that is looked for among others."""


def _things_han(text: str) -> Iterator[tuple[int, int]]:
    """Where the text names things of two characters or more, the longest first."""
    at = 0
    while at < len(text):
        sizes = range(min(LONGEST_HAN, len(text) - at), 1, -1)
        size = next((size for size in sizes if is_han(text[at]) and glossary.knows(text[at : at + size])), 0)
        if size:
            yield at, at + size
        at += size or 1


def _covers(text: str, phrase: str, span: tuple[int, int]) -> bool:
    start, end = span
    return len(phrase) >= end - start and any(
        match.start() <= start and end <= match.end() for match in re.finditer(re.escape(phrase), text)
    )


def _without_verb(run: str) -> str:
    """The thing without what was done to it, of one character: 鸡蛋送."""
    for rest, verb in ((run[:-1], run[-1]), (run[1:], run[0])):
        if len(rest) > 1 and verb in stop().han_verbs and glossary.knows(rest) and not glossary.knows(run):
            return rest
    return run
