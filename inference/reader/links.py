"""Where the value of a label may stand: behind it, right of it, below it, and so on. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inference.reader.sheet import Cell, Sheet

STRENGTH = {
    "after": 1.0,
    "right": 0.97,
    "below": 0.86,
    "axis": 0.9,
    "wrapped": 0.78,
    "before": 0.62,
    "above": 0.55,
    "left": 0.4,
}
"""How likely a value in that place belongs to the label."""

REACH_BELOW = 2.4
"""Line heights between a label and a value below it, at most, where no table joins them."""

FAR = 6.0
"""Line heights to the right of a label, beyond which something close below it is likelier its value."""

MAX_SPARE = 15
"""Characters that a cell may hold besides a label whose value stands below it."""

_LEAD = re.compile(r"^(?:[\s:：=.,;#*|)\]>–—]|-(?!\S))+")
"""What stands between a label and its value. A minus before a sum is no dash."""


_NAMED = re.compile(r"\s*[:：]\s*[^\W\d_]{2,}")
"""A value in words right behind a label, so that no other is to be sought: Service: Jana."""


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A stretch of a cell's text, ``start`` to ``end``, that may hold the value of a label in ``label``."""

    label: Cell
    cell: Cell
    start: int
    end: int
    relation: str
    strength: float

    @property
    def text(self) -> str:
        return self.cell.text[self.start : self.end]


def links(sheet: Sheet, cell: Cell, start: int, end: int) -> list[Link]:
    """The places for the value of the label from ``start`` to ``end`` of the cell, likely ones first."""
    found = [
        *_after(cell, end),
        *_right(sheet, cell, end),
        *_below(sheet, cell, start, end),
        *_wrapped(sheet, cell, end),
        *_before(cell, start),
        *_above(sheet, cell, start, end),
        *_left(sheet, cell, start),
    ]
    return sorted(found, key=lambda link: -link.strength)


def _link(label: Cell, cell: Cell, start: int, end: int, relation: str, fade: float = 1.0) -> Iterator[Link]:
    lead = _LEAD.match(cell.text[start:end])
    start += lead.end() if lead else 0
    if cell.text[start:end].strip():
        yield Link(label, cell, start, end, relation, STRENGTH[relation] * fade)


def _after(cell: Cell, end: int) -> Iterator[Link]:
    return _link(cell, cell, end, len(cell.text), "after")


def _before(cell: Cell, start: int) -> Iterator[Link]:
    return _link(cell, cell, 0, start, "before")


def _right(sheet: Sheet, cell: Cell, end: int) -> Iterator[Link]:
    """What follows in the row; less likely the further off, and if the label's own cell goes on."""
    if sheet.is_prose(cell.row) or _heads_table(sheet, cell):
        return
    own = 1.0 if len(cell.text[end:].strip(" :：.)")) < 12 else 0.85
    own = 0.5 if _NAMED.match(cell.text, end) else own
    stacked = _is_stacked(sheet, cell)
    for step, other in enumerate(sheet.rows[cell.row][cell.column + 1 :]):
        far = stacked and other.box.left - cell.box.right > FAR * cell.box.height
        yield from _link(cell, other, 0, len(other.text), "right", own * 0.96**step * (0.85 if far else 1.0))


def _is_stacked(sheet: Sheet, cell: Cell) -> bool:
    """Whether a value stands flush and close below, as where labels are set over them, and no label of its own."""
    below = sheet.rows[cell.row + 1] if cell.row + 1 < len(sheet.rows) else ()
    return any(
        abs(other.box.left - cell.box.left) < 0.5 * cell.box.height
        and other.box.top - cell.box.bottom < cell.box.height
        and (other.is_figure or len(below) == 1)
        and not other.labels
        for other in below
    )


def _heads_table(sheet: Sheet, cell: Cell) -> bool:
    """Whether it names a column, as its neighbours name others."""
    row, table = sheet.rows[cell.row], sheet.table_of(cell.row)
    if len(row) < 3 or any(other.is_figure for other in row):
        return False
    if _is_form(row) and any(map(_is_form, sheet.rows[max(0, cell.row - 1) : cell.row + 2 : 2])):
        return False
    named = sum(bool(other.labels) for other in row)
    in_head = table is not None and table.head <= cell.row < table.body
    return named == len(row) or (in_head and 2 * named >= len(row))


def _is_form(row: Sequence[Cell]) -> bool:
    """Whether labels and values take turns."""
    return len(row) % 2 == 0 and all(bool(cell.labels) == (cell.column % 2 == 0) for cell in row)


def _left(sheet: Sheet, cell: Cell, start: int) -> Iterator[Link]:
    if cell.column and not cell.text[:start].strip():
        other = sheet.rows[cell.row][cell.column - 1]
        yield from _link(cell, other, 0, len(other.text), "left")


_ANSWERED = re.compile(r"\s*[:：]\s*[A-ZÀ-Þ][a-zß-ÿ]{2,}")
"""A colon and a name: the value stands there already."""


def _below(sheet: Sheet, cell: Cell, start: int, end: int) -> Iterator[Link]:
    """The first cells under the label: at once below, or as far down as the body of a table begins."""
    if _NAMED.match(cell.text, end) or (len(cell.text) - (end - start) > MAX_SPARE and len(cell.text) - end > 3):
        return
    if _ANSWERED.match(cell.text, end):
        return
    span = cell.line.span(start, end)
    table = sheet.table_of(cell.row)
    in_head = table is not None and table.head <= cell.row < table.body
    figures = sum(other.is_figure for other in sheet.rows[cell.row])
    introduces = cell.text.rstrip()[-1:] in (":", "：")
    data = table is not None and not in_head and 2 * max(1, figures) >= len(sheet.rows[cell.row]) - 1 and figures
    if data and not introduces:
        # A row of data: the next one tells of something else. In a column beside the table a colon introduces it.
        return
    seen = 0
    for number in range(cell.row + 1, min(len(sheet.rows), cell.row + 5)):
        for other in sheet.rows[number]:
            distance = (other.box.top - span.bottom) / max(1.0, span.height)
            near = distance < REACH_BELOW or (in_head and table is not None and number == table.body)
            aligned = other.box.over(span) > 0.3 or abs(other.box.left - span.left) < span.height
            if near and aligned:
                yield from _link(cell, other, 0, len(other.text), "below", 0.93**seen)
                seen += 1
                break
        if seen == 3:
            return


def _wrapped(sheet: Sheet, cell: Cell, end: int) -> Iterator[Link]:
    """The next line of the paragraph, where the label ends a line."""
    if len(cell.text) < 25 or len(cell.text) - end > 15 or cell.row + 1 >= len(sheet.rows):
        return
    if any(char.isdigit() for char in cell.text[end:]):
        # The value begins here and is broken in two.
        return
    following = [other for other in sheet.rows[cell.row + 1] if abs(other.box.left - cell.box.left) < cell.box.height]
    if following and following[0].box.top - cell.box.bottom < cell.box.height:
        yield from _link(cell, following[0], 0, len(following[0].text), "wrapped")


def _above(sheet: Sheet, cell: Cell, start: int, end: int) -> Iterator[Link]:
    """A figure that stands over its caption, or somewhere above a name on the axis of a chart."""
    span = cell.line.span(start, end)
    on_axis = is_axis(sheet.rows[cell.row])
    for number in range(cell.row - 1, -1 if on_axis else max(-1, cell.row - 2), -1):
        for other in sheet.rows[number]:
            near = span.top - other.box.bottom < 1.5 * other.box.height
            centred = abs(other.box.center - span.center) < max(span.width, other.box.width) / 2
            charted = not on_axis or not any(value.kind == "date" for value in other.values)
            if other.is_figure and centred and charted and (near or on_axis):
                yield from _link(cell, other, 0, len(other.text), "axis" if on_axis else "above")
                return


def is_axis(row: Sequence[Cell]) -> bool:
    """Whether the row is a line of short names, such as months, about evenly spread."""
    if len(row) < 3 or any(len(cell.text) > 14 for cell in row):
        return False
    steps = [after.box.center - before.box.center for before, after in pairwise(row)]
    return max(steps) < 1.6 * min(steps)
