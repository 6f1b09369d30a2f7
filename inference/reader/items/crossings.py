"""Where the row and the column meet that a question names. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inference.reader import glossary
from inference.reader.axes import CLASSES, PERIODS, Mark, likeness, marks
from inference.reader.grids import Grid, Name, grids
from inference.reader.items.item import Item
from inference.reader.items.naming import TELLING, Said, naming
from inference.reader.lexicon import concept
from inference.reader.matching import likeness as likeness_in
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.values import Value
from inference.reader.words import fold, is_han, words

PART = 0.65
"""What it must say of a cell: a word that begins like it, night for night shift."""

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
    strange = _names_something_else(grid, question, [*rows, *columns], alone=not pairs)
    if not pairs:
        yield from _reversed(grid, question, rows, columns)
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


def _reversed(
    grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]
) -> Iterator[tuple[float, Crossing]]:
    """What names the row in whose column stands what the question says, if Who is asked; or the day of it, if When."""
    if question.kind not in ("name", "date"):
        return
    found: dict[float, list[Name]] = {}
    for (row, column), cells in grid.cells.items():
        told = Name(cells, tuple(mark for cell in cells for mark in marks(cell.text)))
        inside = naming(told, question)
        if not inside.tells(columns[column], PART) or inside.share <= HALF:
            continue
        if question.kind == "name" and columns[column].tells(inside):
            found.setdefault(round(_score(inside, columns[column]), 2), []).append(grid.rows[row])
        for name, beside in ((grid.rows[row], columns[column]), (grid.columns[column], rows[row])):
            if question.kind == "date" and any(mark.sort in PERIODS for mark in name.marks):
                found.setdefault(round(_score(inside, beside), 2), []).append(name)
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


def _lacks(grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]) -> bool:
    """Whether a row is named, and of the columns one that is not among them: Thursday where there are others."""
    for names, others in ((grid.columns, rows), (grid.rows, columns)):
        if not any(sum(said.spans.values()) >= TELLING for said in others):
            continue
        for sort in (*CLASSES, "number of year"):
            held = {mark.text for name in names for mark in name.marks if _is_of(mark, sort)}
            held -= {sort}
            asked = {mark.text for mark in marks(question.text) if _is_of(mark, sort)} - {sort}
            if len(held) > 1 and asked and not asked & held:
                return True
        if _numbers_another(names, question):
            return True
    return False


def _numbers_another(names: Sequence[Name], question: Question) -> bool:
    """Whether it asks for a number that none of several names alike has: round 4 of three."""
    asked = marks(question.text)
    for word, number in pairwise(asked):
        alike = [n for n in names if any(not mark.sort and likeness(word.text, mark.text) for mark in n.marks)]
        held = {mark.text for name in alike for mark in name.marks if mark.text.isdigit()}
        if len(held) > 1 and len(word.text) > 2 and number.text.isdigit() and number.text not in held:
            return True
    return False


_YEAR = re.compile(r"(?:19|20)\d\d")


def _is_of(mark: Mark, sort: str) -> bool:
    return mark.sort == sort or (sort == "number of year" and bool(_YEAR.fullmatch(mark.text)))


def _without_phrases(text: str) -> str:
    """The text without the Chinese phrases that any question may hold."""
    for phrase in stop().han:
        text = text.replace(phrase, " ")
    return text


def _names_something_else(grid: Grid, question: Question, said: Sequence[Said], *, alone: bool) -> bool:
    """Whether it gives the name of something that stands nowhere on the page, or another year than those that do."""
    taken = [span for one in said for span in one.spans]
    texts = [cell.text for cell in grid.sheet.cells]
    if sum(map(is_han, texts)) > 0.2 * len(texts):
        rest = "".join(
            " " if any(start <= at < end for start, end in taken) else char for at, char in enumerate(question.text)
        )
        if not alone:
            # Sales, of a table whose title does not say so.
            return False
        runs = (mark.text for mark in marks(_without_phrases(rest)) if is_han(mark.text))
        return any(glossary.knows(run) and not any(likeness_in(run, text) for text in texts) for run in runs)
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
