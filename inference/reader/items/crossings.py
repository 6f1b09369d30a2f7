"""Where the row and the column meet that a question names. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader.axes import PERIODS, marks
from inference.reader.deeds import deeds
from inference.reader.grids import Grid, Name, grids
from inference.reader.items.absent import lacks, names_something_else
from inference.reader.items.item import Item
from inference.reader.items.naming import PART, TELLING, Said, naming
from inference.reader.items.sideways import by_cell, by_place, by_turn, is_said
from inference.reader.lexicon import concept, labels
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value
from inference.reader.words import words

HALF = 0.5
"""The share of a cell that must be said where the name of its row is asked for."""

CONCEPT = 0.95
"""What it counts that the head of a column names what is asked for in other words."""

_EMPTY = re.compile(r"[\s\-–—−_./一]*|n/?a|k\.? ?a\.?", re.IGNORECASE)
"""What stands where there is nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """What the question names of a table; ``item`` is None where nothing stands there."""

    item: Item | None


def crossing(sheets: Sequence[Sheet], question: Question) -> Crossing | None:
    """The cell whose row and column the question both names, or None if it names no such two."""
    found = [(score, one) for sheet in sheets for grid in grids(sheet) for score, one in _in_grid(grid, question)]
    best = max((score for score, _ in found), default=0.0)
    likely = [one for score, one in found if score > best - 0.03]
    same = {one.item.text if one.item else "" for one in likely}
    return likely[0] if len(same) == 1 else None


def _in_grid(grid: Grid, question: Question) -> Iterator[tuple[float, Crossing]]:
    rows = [naming(name, question) for name in grid.rows]
    columns = _timed(grid, question, [_headed(name, question) for name in grid.columns])
    pairs = [
        (_score(row, column), number, at)
        for number, row in enumerate(rows)
        for at, column in enumerate(columns)
        if row.tells(column) and column.tells(row) and not is_said(grid.cells.get((number, at), ()), question)
    ]
    if lacks(grid, question, rows, columns):
        yield 9.0, Crossing(None)
        return
    strange = names_something_else(grid, question, [*rows, *columns], alone=not pairs)
    if not pairs:
        found = list(by_turn(grid, question, rows, columns))
        found = found or [*_reversed(grid, question, rows, columns), *by_place(grid, question, rows, columns)]
        found = found or list(by_cell(grid, question, columns))
        yield from ((score, Crossing(item)) for score, item in found)
        if strange and max((one.weight for one in (*rows, *columns)), default=0.0) >= TELLING:
            yield 0.0, Crossing(None)
    for score, number, at in pairs:
        cells = grid.cells.get((number, at), ())
        if not cells and 2 * sum((number, other) in grid.cells for other in range(len(columns))) < len(columns):
            # A line that says one thing alone, below the others.
            continue
        if strange or _EMPTY.fullmatch(" ".join(cell.text for cell in cells)):
            yield score, Crossing(None)
        elif item := _item(grid, question, number, cells):
            yield score, Crossing(item)


def _told(cells: Sequence[Cell]) -> Name:
    """What stands in a cell, as if it were a name."""
    return Name(tuple(cells), tuple(mark for cell in cells for mark in marks(cell.text)))


def _timed(grid: Grid, question: Question, columns: list[Said]) -> list[Said]:
    """The columns as the question names them: what time or how long names the only one that has such."""
    sort = question.kind
    told = [at for (_, at), cells in grid.cells.items() if any(value.kind == sort for value in _values(cells))]
    if sort not in ("time", "duration") or len(set(told)) != 1 or any(said.weight >= PART for said in columns):
        return columns
    return [Said({(-1, -1): TELLING}, 0.5) if at in told else said for at, said in enumerate(columns)]


def _reversed(
    grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]
) -> Iterator[tuple[float, Item]]:
    """What names the row in whose column stands what the question says, if Who is asked; or its day or hour, if When;
    or its column, if Where."""
    if question.kind not in ("", "name", "date", "place", "time"):
        return
    found: dict[float, list[Name]] = {}
    for (row, column), cells in grid.cells.items():
        inside = naming(_told(cells), question)
        if not inside.tells(columns[column], PART) or inside.share <= HALF:
            continue
        if not question.kind:
            whole = inside.share > 0.99 and rows[row].share > HALF
            if whole and rows[row].tells(inside) and inside.weight >= TELLING and not question.wants_by_name:
                found.setdefault(round(_score(inside, rows[row]), 2), []).append(grid.columns[column])
            continue
        if question.kind == "name" and columns[column].tells(inside):
            found.setdefault(round(_score(inside, columns[column]), 2), []).append(grid.rows[row])
        if question.kind == "place" and inside.weight >= TELLING and grid.columns[column].cells[-1].names("room"):
            found.setdefault(round(inside.weight, 2), []).append(grid.columns[column])
        if question.kind == "place" and inside.weight >= TELLING and _names_rooms(grid):
            found.setdefault(round(inside.weight, 2), []).append(grid.rows[row])
        sides = ((grid.columns[column], rows[row]), (grid.rows[row], columns[column]))
        timed = [(name, beside) for name, beside in sides if _is_timed(name, question)]
        if question.kind == "date" and len(timed) == 2:
            moment = Name((*timed[0][0].cells, *timed[1][0].cells), ())
            found.setdefault(round(max(_score(inside, beside) for _, beside in timed), 2), []).append(moment)
            continue
        for name, beside in timed if question.kind in ("date", "time") else ():
            found.setdefault(round(_score(inside, beside), 2), []).append(name)
    for score, names in found.items():
        cells = tuple(cell for name in names for cell in name.cells)
        text = ", ".join(dict.fromkeys(name.called for name in names))
        yield score, Item(text, 0.9, cells[0], cells)


def _names_rooms(grid: Grid) -> bool:
    """Whether the names of the rows are those of rooms, as the head over them says."""
    over = {mark.text for name in grid.rows for mark in name.group}
    return any(label.concept == "room" for text in over for label in labels(text))


def _is_timed(name: Name, question: Question) -> bool:
    """Whether it names a day, or an hour where that would do."""
    if any(mark.sort in PERIODS for mark in name.marks):
        return question.kind == "date"
    return any(value.kind == "time" for value in _values(name.cells))


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
        "duration": not kinds & {"money", "percent"},
    }
    if not fits.get(question.kind, numbered or question.kind not in ("money", "number", "percent")):
        return None
    return Item(text, 0.95, cells[0], tuple(dict.fromkeys((*grid.rows[number].cells, *cells))))


def _values(cells: Sequence[Cell]) -> list[Value]:
    return [value for cell in cells for value in cell.values]


def _headed(name: Name, question: Question) -> Said:
    """How the question names a column: by the words of its head, by its concept, or by what is done: who supplies,
    Supplier."""
    said = naming(name, question)
    best = question.wants[0].score if question.wants else 0.0
    for want in question.wants:
        likely = want.score >= (0.7 if want.named else 0.95) * best
        if likely and any(cell.names(want.concept) for cell in name.cells):
            parts = words(question.text)
            used = [parts[index] for index in want.words if index < len(parts)]
            spans = dict.fromkeys(((part.start, part.end) for part in used), CONCEPT)
            if concept(want.concept).soft or not want.named:
                spans = dict.fromkeys(spans, CONCEPT / len(used))
            return Said({**said.spans, **spans}, said.share if said.spans else 0.9)
    told = deeds(name.text)
    common = {place: CONCEPT for number, place in deeds(question.text).items() if number in told}
    return Said({**said.spans, **common}, max(said.share, 0.9)) if common else said
