"""How a question names a row or a column of a table, whatever the language of either. Pure."""

from dataclasses import dataclass

from inference.reader import glossary
from inference.reader.axes import Mark, likeness, marks
from inference.reader.grids import Name
from inference.reader.questions import Question
from inference.reader.stop import stop
from inference.reader.words import fold, is_han

SMALL = 0.2
"""What a word counts that any question may hold."""

TELLING = 0.8

PART = 0.65
"""What it must say of a cell: a word that begins like it, night for night shift."""

WHOLE = 0.75
"""What it must say if it is all of a name: Bus 2."""

COMPOUND = 8
"""Letters of a word that may be put together of two."""

Spans = dict[tuple[int, int], float]
"""The places in a question that name something, with how much each says."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a question names a row or a column: where, and how much of the name that is."""

    spans: Spans
    share: float

    @property
    def weight(self) -> float:
        return sum(self.spans.values())

    def tells(self, other: "Said", least: float = TELLING) -> bool:
        """Whether it says enough that the other does not."""
        beyond = sum(
            weight
            for (start, end), weight in self.spans.items()
            if not any(start < behind and before < end for before, behind in other.spans)
        )
        return beyond >= least or (self.share > 0.99 and beyond >= WHOLE)


def naming(name: Name, question: Question) -> Said:
    """Where the question says the words of the name."""
    spans: Spans = {}
    told = weight = 0.0
    for mark in name.marks:
        places = _places(mark, question.text)
        weight += (says := _says(mark.text, mark))
        told += says * max(places.values(), default=0.0)
        _add(spans, places, mark, question, name)
    if spans:
        for mark in name.group:
            _add(spans, _places(mark, question.text), mark, question, name)
    return Said(spans, told / weight if weight else 0.0)


def _stands_out(word: str, text: str, start: int) -> bool:
    """Whether a small word may be the name of a row or a column all by itself: a capital says so, as in Plus; and a
    contract is one of the things that a table compares."""
    opens = not text[:start].strip(" ¿¡\"'(")
    return (text[start].isupper() and not opens) or (word in stop().documents and word not in stop().words)


def _add(spans: Spans, places: Spans, mark: Mark, question: Question, name: Name) -> None:
    """A small word says as much as another where the question quotes it."""
    quoted = {term.text for term in question.terms if term.weight > 1.0}
    for (start, end), like in places.items():
        written = fold(question.text[start:end])
        says = 1.0 if written in quoted and written.isalpha() and len(written) > 1 else _says(written, mark)
        if len(name.marks) == 1 and says == SMALL and _stands_out(written, question.text, start):
            says = 1.0
        if start and end - start == 1 and question.text[start].isupper():
            # A letter that tells things alike apart: type A.
            says = 0.6
        spans[start, end] = max(spans.get((start, end), 0.0), like * says)


def _says(written: str, mark: Mark) -> float:
    """How much a word tells that names the mark."""
    if mark.sort:
        return 1.0 if mark.sort != "total" else 0.9
    if is_han(written):
        return max(1.0, len(written) / 2)
    if written.isdigit() or mark.text.isdigit():
        return 1.0 if len(mark.text) > 2 else 0.6
    return SMALL if written in stop().words | stop().documents or len(written) < 2 else 1.0


def _places(mark: Mark, text: str) -> Spans:
    """Where the question says the mark of a name, and how surely: a compound may be several words."""
    if is_han(mark.text):
        at = fold(text).find(mark.text)
        if at >= 0 and (len(mark.text) > 1 or not mark.sort):
            return {(at, at + len(mark.text)): 1.0}
        at = fold(text).find(mark.text[:-1]) if len(mark.text) > 2 else -1
        if at >= 0:
            # 老年票, called 老年.
            return {(at, at + len(mark.text) - 1): 0.9}
        tail = _tail(mark.text, fold(text))
        if tail:
            return {tail: 0.85}
    found = {_narrowed(asked, mark, text): like for asked in marks(text) if (like := _alike(asked, mark))}
    best = max(found.values(), default=0.0)
    return {place: like for place, like in found.items() if like == best or len(mark.text) > COMPOUND}


def _tail(name: str, text: str) -> tuple[int, int] | None:
    """Where the question calls the thing by the end of its Chinese name, and no other of that sort: 折叠雨伞, 雨伞."""
    for size in range(len(name) - 1, max(2, len(name) // 2) - 1, -1):
        at = text.find(name[-size:])
        if at >= 0 and not is_han(without_phrases(text[:at])[-1:]):
            return at, at + size
    return None


def without_phrases(text: str) -> str:
    """The text without the Chinese phrases that any question may hold."""
    for phrase in stop().han:
        text = text.replace(phrase, " ")
    return text


def _alike(asked: Mark, mark: Mark) -> float:
    """How surely what is asked is the mark, which may be cut short: Coef."""
    cut = mark.cut and len(mark.text) > 2 and not mark.sort and asked.text.startswith(mark.text)
    return 0.85 if cut and asked.text != mark.text else likeness(asked.text, mark.text)


def _narrowed(asked: Mark, mark: Mark, text: str) -> tuple[int, int]:
    """Where in the words the mark is named; Chinese ones hold more than one."""
    if is_han(asked.text):
        for name in (mark.text, *glossary.others(mark.text)):
            at = fold(text).find(name, asked.start, asked.end) if is_han(name) else -1
            if at >= 0:
                return at, at + len(name)
    return asked.start, asked.end
