"""Where the row and the column meet that a question names. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader import glossary
from inference.reader.axes import CLASSES, Mark, likeness, marks
from inference.reader.grids import Grid, Name, grids
from inference.reader.items.item import Item
from inference.reader.lexicon import concept
from inference.reader.matching import likeness as likeness_in
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.values import Value
from inference.reader.words import fold, is_han, words

SMALL = 0.2
"""What a word counts that any question may hold."""

TELLING = 0.8

PART = 0.65
"""What it must say of a cell: a word that begins like it, night for night shift."""

HALF = 0.5
"""The share of a cell that must be said where the name of its row is asked for."""

WHOLE = 0.75
"""What it must say if it is all of a name: Bus 2."""

COMPOUND = 8
"""Letters of a word that may be put together of two."""

CONCEPT = 0.95
"""What it counts that the head of a column names what is asked for in other words."""

_EMPTY = re.compile(r"[\s\-–—−_./一]*|n/?a|k\.? ?a\.?", re.IGNORECASE)
"""What stands where there is nothing."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """What the question names of a table; ``item`` is None where nothing stands there."""

    item: Item | None


def crossing(sheets: Sequence[Sheet], question: Question) -> Crossing | None:
    """The cell whose row and column the question both names, or None if it names no such two."""
    found = [(score, one) for sheet in sheets for grid in grids(sheet) for score, one in _in_grid(grid, question)]
    best = max((score for score, _ in found), default=0.0)
    likely = [one for score, one in found if score > best - 0.05]
    same = {one.item.text if one.item else "" for one in likely}
    return likely[0] if len(same) == 1 else None


def _in_grid(grid: Grid, question: Question) -> Iterator[tuple[float, Crossing]]:
    rows = [naming(name, question) for name in grid.rows]
    columns = [_headed(name, question) for name in grid.columns]
    pairs = [
        (_score(row, column), number, at)
        for number, row in enumerate(rows)
        for at, column in enumerate(columns)
        if row.tells(column) and column.tells(row)
    ]
    if _lacks(grid, question, rows, columns):
        yield 9.0, Crossing(None)
        return
    if not pairs:
        yield from _reversed(grid, question, rows, columns)
    strange = _names_something_else(grid, question, [*rows, *columns])
    for score, number, at in pairs:
        cells = grid.cells.get((number, at), ())
        if not cells and 2 * sum((number, other) in grid.cells for other in range(len(columns))) < len(columns):
            # A line that says one thing alone, below the others.
            continue
        if strange or _EMPTY.fullmatch(" ".join(cell.text for cell in cells)):
            yield score, Crossing(None)
        elif item := _item(grid, question, number, cells):
            yield score, Crossing(item)


def _reversed(
    grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]
) -> Iterator[tuple[float, Crossing]]:
    """The names of the rows in whose column stands what the question says, if Who is asked; of a column, if When."""
    asked = {"name": (columns, 1), "date": (rows, 0)}.get(question.kind)
    if asked is None:
        return
    said, axis = asked
    found: dict[float, list[Name]] = {}
    for place, cells in grid.cells.items():
        told = Name(cells, tuple(mark for cell in cells for mark in marks(cell.text)))
        inside = naming(told, question)
        beside = said[place[axis]]
        name = (grid.rows, grid.columns)[1 - axis][place[1 - axis]]
        if question.kind == "date" and not any(mark.sort or mark.text.isdigit() for mark in name.marks):
            continue
        if inside.tells(beside, PART) and (beside.tells(inside) or question.kind == "date") and inside.share > HALF:
            score = round(_score(inside, beside), 2)
            found.setdefault(score, []).append(name)
    for score, names in found.items():
        cells = tuple(cell for name in names for cell in name.cells)
        text = ", ".join(dict.fromkeys(name.text for name in names))
        yield score, Crossing(Item(text, 0.9, cells[0], cells))


def _score(row: Said, column: Said) -> float:
    return sum({**row.spans, **column.spans}.values()) + 0.4 * row.share + 0.4 * column.share


def _item(grid: Grid, question: Question, number: int, cells: Sequence[Cell]) -> Item | None:
    text = " ".join(cell.text for cell in cells).strip()
    kinds = {value.kind for value in _values(cells)}
    numbered = any(value.number is not None for value in _values(cells))
    numbered = numbered or (question.kind == "number" and any(char.isdigit() for char in text))
    fits = {
        "name": not any(char.isdigit() for char in text),
        "date": not kinds & {"money", "percent"},
        "time": not kinds & {"money", "percent"},
    }
    if not fits.get(question.kind, numbered or question.kind not in ("money", "number", "percent")):
        return None
    return Item(text, 0.95, cells[0], tuple(dict.fromkeys((*grid.rows[number].cells, *cells))))


def _values(cells: Sequence[Cell]) -> list[Value]:
    return [value for cell in cells for value in cell.values]


def _headed(name: Name, question: Question) -> Said:
    """How the question names a column: by the words of its head, or by its concept."""
    said = naming(name, question)
    best = question.wants[0].score if question.wants else 0.0
    for want in question.wants:
        if want.named and want.score >= 0.7 * best and any(cell.names(want.concept) for cell in name.cells):
            parts = words(question.text)
            used = [parts[index] for index in want.words if index < len(parts)]
            spans = dict.fromkeys(((part.start, part.end) for part in used), CONCEPT)
            if concept(want.concept).soft:
                spans = dict.fromkeys(spans, CONCEPT / len(used))
            return Said({**said.spans, **spans}, said.share if said.spans else 0.9)
    return said


def naming(name: Name, question: Question) -> Said:
    """Where the question says the words of the name."""
    spans: Spans = {}
    told = weight = 0.0
    for mark in name.marks:
        places = _places(mark, question.text)
        weight += (says := _says(mark.text, mark))
        told += says * max(places.values(), default=0.0)
        _add(spans, places, mark, question.text)
    if spans:
        for mark in name.group:
            _add(spans, _places(mark, question.text), mark, question.text)
    return Said(spans, told / weight if weight else 0.0)


def _add(spans: Spans, places: Spans, mark: Mark, text: str) -> None:
    for (start, end), like in places.items():
        spans[start, end] = max(spans.get((start, end), 0.0), like * _says(fold(text[start:end]), mark))


def _says(written: str, mark: Mark) -> float:
    """How much a word tells that names the mark."""
    if mark.sort:
        return 1.0
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
    found = {_narrowed(asked, mark, text): like for asked in marks(text) if (like := likeness(asked.text, mark.text))}
    best = max(found.values(), default=0.0)
    return {place: like for place, like in found.items() if like == best or len(mark.text) > COMPOUND}


def _narrowed(asked: Mark, mark: Mark, text: str) -> tuple[int, int]:
    """Where in the words the mark is named; Chinese ones hold more than one."""
    if is_han(asked.text):
        for name in (mark.text, *glossary.others(mark.text)):
            at = fold(text).find(name, asked.start, asked.end) if is_han(name) else -1
            if at >= 0:
                return at, at + len(name)
    return asked.start, asked.end


def _lacks(grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]) -> bool:
    """Whether a row is named, and of the columns one that is not among them: Thursday where there are others."""
    for names, others in ((grid.columns, rows), (grid.rows, columns)):
        if not any(sum(said.spans.values()) >= TELLING for said in others):
            continue
        for sort in (*CLASSES, "number of year"):
            held = {mark.text for name in names for mark in name.marks if _is_of(mark, sort)}
            asked = {mark.text for mark in marks(question.text) if _is_of(mark, sort)}
            if len(held) > 1 and asked and not asked & held:
                return True
    return False


_YEAR = re.compile(r"(?:19|20)\d\d")


def _is_of(mark: Mark, sort: str) -> bool:
    return mark.sort == sort or (sort == "number of year" and bool(_YEAR.fullmatch(mark.text)))


def _names_something_else(grid: Grid, question: Question, said: Sequence[Said]) -> bool:
    """Whether it gives the name of something that stands nowhere on the page, or another year than those that do."""
    taken = [span for one in said for span in one.spans]
    texts = [cell.text for cell in grid.sheet.cells]
    if sum(map(is_han, texts)) > 0.2 * len(texts):
        return False
    proper = {
        term.text for term in question.all_terms if term.weight > 1.0 and term.text.isalpha() and len(term.text) > 3
    }
    for mark in marks(question.text):
        told = any(start < mark.end and mark.start < end for start, end in taken)
        word = fold(question.text[mark.start : mark.end])
        named = word in proper or _YEAR.fullmatch(word)
        if named and not told and not any(likeness_in(word, text) for text in texts):
            return True
    return False
