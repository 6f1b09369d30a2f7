"""Where the row and the column meet that a question names. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader import glossary
from inference.reader.axes import CLASSES, Mark, likeness, marks
from inference.reader.grids import Grid, Name, grids
from inference.reader.items.item import Item, wanted_kinds
from inference.reader.matching import likeness as likeness_in
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.values import Value
from inference.reader.words import fold, is_han, words

SMALL = 0.2
"""What a word counts that any question may hold."""

TELLING = 0.9

CONCEPT = 0.95
"""What it counts that the head of a column names what is asked for in other words."""

_EMPTY = re.compile(r"[\s\-–—−_./一]*|n/?a|k\.? ?a\.?", re.IGNORECASE)
"""What stands where there is nothing."""

Spans = dict[tuple[int, int], float]
"""The places in a question that name something, with how much each says."""


@dataclass(frozen=True, slots=True)
class _Said:
    """How a question names a row or a column: where, and how much of the name that is."""

    spans: Spans
    share: float

    def beyond(self, other: "_Said") -> float:
        """What it tells that the other does not."""
        return sum(
            weight
            for (start, end), weight in self.spans.items()
            if not any(start < behind and before < end for before, behind in other.spans)
        )


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
    rows = [_said(name, question) for name in grid.rows]
    columns = [_headed(name, question) for name in grid.columns]
    pairs = [
        (_score(row, column), number, at)
        for number, row in enumerate(rows)
        for at, column in enumerate(columns)
        if row.beyond(column) >= TELLING and column.beyond(row) >= TELLING
    ]
    if _lacks(grid, question, rows, columns):
        yield 9.0, Crossing(None)
        return
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


def _score(row: _Said, column: _Said) -> float:
    return sum({**row.spans, **column.spans}.values()) + 0.4 * row.share + 0.4 * column.share


def _item(grid: Grid, question: Question, number: int, cells: Sequence[Cell]) -> Item | None:
    kinds = wanted_kinds(question) if question.kind else ()
    text = " ".join(cell.text for cell in cells).strip()
    figure = any(cell.is_figure for cell in cells)
    if question.kind == "name" and (figure or any(char.isdigit() for char in text)):
        return None
    if question.kind in ("money", "number", "percent") and not any(
        value.number is not None for value in _values(cells)
    ):
        return None
    if question.kind in ("date", "time") and not {value.kind for value in _values(cells)} & {"date", "time", *kinds}:
        return None
    return Item(text, 0.95, cells[0], tuple(dict.fromkeys((*grid.rows[number].cells, *cells))))


def _values(cells: Sequence[Cell]) -> list[Value]:
    return [value for cell in cells for value in cell.values]


def _headed(name: Name, question: Question) -> _Said:
    """How the question names a column: by the words of its head, or by its concept."""
    said = _said(name, question)
    best = question.wants[0].score if question.wants else 0.0
    for want in question.wants:
        if want.named and want.score >= 0.7 * best and any(cell.names(want.concept) for cell in name.cells):
            parts = words(question.text)
            used = [parts[index] for index in want.words if index < len(parts)]
            spans = {(part.start, part.end): CONCEPT / len(used) for part in used}
            return _Said({**said.spans, **spans}, max(said.share, 0.9))
    return said


def _said(name: Name, question: Question) -> _Said:
    spans: Spans = {}
    told = weight = 0.0
    for mark in name.marks:
        place, like = _place(mark, question.text)
        says = _weight(mark)
        weight += says
        told += says * like
        if place:
            spans[place] = max(spans.get(place, 0.0), like * _weight(mark, place))
    if spans:
        for mark in name.group:
            place, like = _place(mark, question.text)
            if place:
                spans[place] = max(spans.get(place, 0.0), like * _weight(mark, place))
    return _Said(spans, told / weight if weight else 0.0)


def _weight(mark: Mark, place: tuple[int, int] = (0, 0)) -> float:
    if mark.sort:
        return 1.0
    if is_han(mark.text):
        return max(1.0, (place[1] - place[0]) / 2)
    small = (
        mark.text in stop().words or mark.text in stop().documents or (len(mark.text) < 2 and not mark.text.isdigit())
    )
    return SMALL if small else 0.6 if mark.text.isdigit() and len(mark.text) < 3 else 1.0


def _place(mark: Mark, text: str) -> tuple[tuple[int, int] | None, float]:
    """Where the question says the mark of a name, and how surely."""
    if is_han(mark.text):
        at = fold(text).find(mark.text)
        if at >= 0 and (len(mark.text) > 1 or not mark.sort):
            return (at, at + len(mark.text)), 1.0
    best: tuple[tuple[int, int] | None, float] = (None, 0.0)
    for asked in marks(text):
        like = likeness(asked.text, mark.text)
        if like > best[1]:
            best = _narrowed(asked, mark, text), like
    return best


def _narrowed(asked: Mark, mark: Mark, text: str) -> tuple[int, int]:
    """Where in the words the mark is named; Chinese ones hold more than one."""
    if is_han(asked.text):
        for name in (mark.text, *glossary.others(mark.text)):
            at = fold(text).find(name, asked.start, asked.end) if is_han(name) else -1
            if at >= 0:
                return at, at + len(name)
    return asked.start, asked.end


def _lacks(grid: Grid, question: Question, rows: Sequence[_Said], columns: Sequence[_Said]) -> bool:
    """Whether a row is named, and of the columns one that is not among them: Thursday where there are others."""
    for names, others in ((grid.columns, rows), (grid.rows, columns)):
        if not any(sum(said.spans.values()) >= TELLING for said in others):
            continue
        for sort in CLASSES:
            held = {mark.text for name in names for mark in name.marks if mark.sort == sort}
            asked = {mark.text for mark in marks(question.text) if mark.sort == sort}
            if len(held) > 1 and asked and not asked & held:
                return True
    return False


def _names_something_else(grid: Grid, question: Question, said: Sequence[_Said]) -> bool:
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
        named = word in proper or re.fullmatch(r"(?:19|20)\d\d", word)
        if named and not told and not any(likeness_in(word, text) for text in texts):
            return True
    return False
