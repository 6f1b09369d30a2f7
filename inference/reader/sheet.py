"""A page made ready for questions: every cell with the labels and values in it, and the tables they stand in. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from inference.reader.forms import YEAR_OR_QUARTER, is_form
from inference.reader.lexicon import Label, alternatives, labels
from inference.reader.page import Box, Line, Page
from inference.reader.values import Value, values
from inference.reader.words import fold, is_han, words

DATA = frozenset({"money", "date", "percent", "iban", "phone", "email", "account", "time", "number", "code", "vat_id"})
"""Kinds of values that stand in the body of a table, not in its head."""

_RANGE = re.compile(r"[<>≤≥±~]?\s?[\d.,]+\s?[-–—−]\s?[\d.,]+|[<>≤≥±~]\s?[\d.,]+")
_IN_BRACKETS = re.compile(r"\s*[(（][^()（）\d]{1,12}[)）]")
"""A unit, behind a year or a quarter that heads a column."""

COLUMN = 28
"""Characters of a line in a column of prose, at least."""

APART = 1.25
"""How much further than the rows of a table are from one another what stands below it begins."""

MAX_STRAY = 2
"""Rows of one cell, such as the second line of a description, that may interrupt a table."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A line with its place on the page, and what was recognised in it."""

    line: Line
    page: str
    """The page's digest."""
    row: int
    column: int
    labels: tuple[Label, ...] = field(repr=False, default=())
    values: tuple[Value, ...] = field(repr=False, default=())

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def box(self) -> Box:
        return self.line.box

    def names(self, concept: str) -> bool:
        return any(label.concept == concept for label in self.labels)

    @property
    def is_figure(self) -> bool:
        """Whether the cell is data of a table: a value and little else, but no year or quarter, which name columns."""
        text = YEAR_OR_QUARTER.sub("", _IN_BRACKETS.sub("", self.text)).strip()
        if _RANGE.fullmatch(text):
            return True
        longest = max((value.end - value.start for value in self.values if value.kind in DATA), default=0)
        return bool(text) and longest > 0.5 * len(text)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows whose cells share columns: the head is the rows from ``head`` up to ``body``, which name them."""

    head: int
    body: int
    last: int


class Sheet:
    """A page's cells by row, and its tables."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows: tuple[tuple[Cell, ...], ...] = tuple(
            tuple(
                Cell(line, page.sha256, number, column, labels(line.text), values(line.text))
                for column, line in enumerate(row.cells)
            )
            for number, row in enumerate(page.rows)
        )

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for row in self.rows for cell in row)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word on the page, folded."""
        return frozenset(word.text for cell in self.cells for word in words(cell.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """What the rows of tables are about: the text of their cells, where it is several words and no figure."""
        return frozenset(
            cell.text.strip()
            for table in self.tables
            for row in self.rows[table.body : table.last + 1]
            for cell in row
            if not cell.is_figure and _is_phrase(cell.text)
        )

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        return tuple(_tables(self.rows))

    def table_of(self, row: int) -> Table | None:
        return next((table for table in self.tables if table.head <= row <= table.last), None)

    def heads(self, cell: Cell) -> tuple[Cell, ...]:
        """The cells that name the column in which this one stands."""
        table = self.table_of(cell.row)
        if table is None or cell.row < table.body:
            return ()
        named = [column_of(cell.box, self.rows[row]) for row in range(table.head, table.body)]
        return tuple(head for head in named if head is not None)

    def row_text(self, row: int) -> str:
        return " | ".join(cell.text for cell in self.rows[row])

    def is_prose(self, row: int) -> bool:
        """Whether the row is no row but lines of two columns of prose that happen to stand level."""
        return sum(len(cell.text) >= COLUMN for cell in self.rows[row]) > 1 and self.table_of(row) is None

    def gap_above(self, row: int) -> float:
        """White between this row and the one above, in line heights."""
        if row == 0:
            return 99.0
        above, here = self.rows[row - 1], self.rows[row]
        bottom, top = max(cell.box.bottom for cell in above), min(cell.box.top for cell in here)
        return (top - bottom) / max(1.0, self.page.text_height)


def _is_phrase(text: str) -> bool:
    return len(text.split()) > 1 or (is_han(text) and len(text.strip()) > 2)


def column_of(box: Box, head: Sequence[Cell]) -> Cell | None:
    """The cell of a head under which the box stands: the one that it overlaps most, or whose edge it shares."""
    overlapping = [cell for cell in head if cell.box.gap(box) < 0]
    if overlapping:
        return min(overlapping, key=lambda cell: (cell.box.gap(box), _apart(cell.box, box)))
    near = [cell for cell in head if _apart(cell.box, box) < 1.5 * box.height]
    return min(near, key=lambda cell: _apart(cell.box, box)) if near else None


def _apart(one: Box, other: Box) -> float:
    """How far the nearest of their left edges, right edges and centers are apart."""
    return min(abs(one.left - other.left), abs(one.right - other.right), abs(one.center - other.center))


def _tables(rows: Sequence[Sequence[Cell]]) -> list[Table]:
    tables: list[Table] = []
    at = 0
    while at < len(rows):
        if _names_columns(rows, at):
            table = _grown(rows, at)
            tables.append(table)
            at = table.last
        at += 1
    return tables


def _names_columns(rows: Sequence[Sequence[Cell]], head: int) -> bool:
    """Whether the row is a head: no data in it, and below it, in its columns, data or a row of as many cells."""
    below = _next_wide(rows, head)
    if len(rows[head]) < 2 or below is None or not _shares(rows[below], rows[head]) or is_form(rows[head], rows[below]):
        return False
    if _names_breaks(rows[below]):
        # The head is the next row, below a title.
        return False
    if any(cell.is_figure for cell in rows[head]):
        periods = _names_periods(rows[head]) and not _names_periods(rows[below])
        return len(rows[head]) > 2 and (periods or _names_breaks(rows[head]))
    if any(cell.is_figure for cell in rows[below]):
        return True
    further = _next_wide(rows, below)
    if further is not None and _shares(rows[further], rows[head]) and any(cell.is_figure for cell in rows[further]):
        return True
    named = len(rows[below]) == len(rows[head]) + 1 and rows[below][0].box.right < rows[head][0].box.left
    return len(rows[head]) > 2 and (named or len(rows[below]) == len(rows[head]))


_BREAK = re.compile(
    rf"(?:{alternatives('from_number')}\s?)?(\d{{1,6}})(?:\s?[-–—]\s?(\d{{1,6}})|\s?\+)?(?:\s?[^\W\d]{{1,10}}\.?)?"
)


def _names_breaks(row: Sequence[Cell]) -> bool:
    """Whether several cells are stretches of numbers that follow one another: 1-9, 10-49, from 50."""
    told = [match for cell in row if (match := _BREAK.fullmatch(fold(cell.text.strip())))]
    bounds = [(int(match[1]), int(match[2] or match[1])) for match in told]
    follows = all(last < first <= last + 2 for (_, last), (first, _) in pairwise(bounds))
    return len(told) > 1 and sum(match[2] is not None for match in told) > 0 and follows


def _names_periods(row: Sequence[Cell]) -> bool:
    """Whether the figures of the row are days or times, and several."""
    figures = [cell for cell in row if cell.is_figure]
    return len(figures) > 1 and all(any(v.kind in ("date", "time") for v in cell.values) for cell in figures)


def _next_wide(rows: Sequence[Sequence[Cell]], above: int) -> int | None:
    """The next row of two cells or more, with little between."""
    for number in range(above + 1, min(len(rows), above + 1 + MAX_STRAY)):
        if _far(rows[number - 1], rows[number]):
            return None
        if len(rows[number]) >= 2:
            return number
    return None


def _grown(rows: Sequence[Sequence[Cell]], head: int) -> Table:
    """The table under a head, down to where its columns end or another head begins."""
    last, body, stray = head, 0, 0
    for number in range(head + 1, len(rows)):
        row = rows[number]
        if _far(rows[number - 1], row) or _is_note(rows, head, number):
            break
        if stray and body and len(row) < min(len(above) for above in rows[body : last + 1] if len(above) > 1):
            # A heading of its own, and below it a list with fewer columns.
            break
        figures = any(cell.is_figure for cell in row)
        if len(row) >= 2 and _shares(row, rows[head]):
            if body and not figures and _names_columns(rows, number) and _has_figures(rows[body : last + 1]):
                break
            last, stray = number, 0
            body = body or (number if figures else 0)
        else:
            stray += 1
            if stray > MAX_STRAY:
                break
    words = rows[head + 1 : body]
    if len(words) > 1 and all(len(row) in (len(rows[head]), len(rows[head]) + 1) for row in words):
        # A table of words, such as a roster: what first has figures is a note below it.
        body = head + 1
    return Table(head, body or head + 1, last)


def _is_note(rows: Sequence[Sequence[Cell]], head: int, number: int) -> bool:
    """Whether a list begins below the table: half as many cells at most, and set apart from the rows above."""
    if number - head < 2 or 2 * len(rows[number]) > len(rows[head]) + 1:
        return False
    pitches = [rows[at][0].box.middle - rows[at - 1][0].box.middle for at in range(head + 1, number + 1)]
    return pitches[-1] > APART * max(pitches[:-1])


def _has_figures(rows: Sequence[Sequence[Cell]]) -> bool:
    return any(cell.is_figure for row in rows for cell in row)


def _far(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    height = max(cell.box.height for cell in below)
    return min(cell.box.top for cell in below) - max(cell.box.bottom for cell in above) > 4 * height


def _shares(row: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether at least two of the columns are common."""
    columns = [column_of(cell.box, other) for cell in row]
    return len({id(column) for column in columns if column is not None}) >= 2
