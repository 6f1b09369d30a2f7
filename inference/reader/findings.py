"""An answer with the line in which it stands. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader.fields import Field
from inference.reader.items import Item
from inference.reader.page import Line
from inference.reader.sheet import Cell, Sheet


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """An answer: the value as it stands on the page, the line around it, and where. ``value`` is empty where the line
    itself is the answer. ``score`` is from 0 to 1."""

    value: str
    line: str
    page: int
    score: float
    lines: tuple[Line, ...]
    concept: str = ""


def page_of(sheets: Sequence[Sheet], cell: Cell) -> int:
    """The index of the sheet on which the cell stands."""
    return next(index for index, sheet in enumerate(sheets) if sheet.page.sha256 == cell.page)


def of_field(sheets: Sequence[Sheet], field: Field) -> Finding:
    """The value beside its label."""
    cells = tuple(_between(sheets[page_of(sheets, field.cell)], field.label, field.cell))
    line = field.line or " · ".join(cell.text for cell in cells)
    page = page_of(sheets, field.cell)
    return Finding(field.text, line, page, field.score, tuple(cell.line for cell in cells), field.concept)


def _between(sheet: Sheet, label: Cell, cell: Cell) -> Iterator[Cell]:
    """The cells from the label to the value."""
    if label.row == cell.row:
        low, high = sorted((label.column, cell.column))
        yield from sheet.rows[label.row][low : high + 1]
    else:
        yield label
        yield cell


def of_item(sheets: Sequence[Sheet], item: Item) -> Finding:
    """The value with the words around it."""
    line = item.line or " · ".join(cell.text for cell in item.cells)
    score = min(1.0, item.score)
    return Finding(item.text, line, page_of(sheets, item.cell), score, tuple(cell.line for cell in item.cells))
