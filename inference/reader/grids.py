"""Tables as columns and rows with names, whatever lines they were read in. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from inference.reader.axes import Mark, as_days, as_results, marks
from inference.reader.sheet import Cell, Sheet, Table, column_of

MOSTLY = 0.6
"""The share of a column's cells that tells what it holds."""

_BRACKETS = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]?")


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """What a row or a column is called. ``group`` are the marks of what stands over several of them."""

    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    group: tuple[Mark, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def called(self) -> str:
        """The same without a number or a code before it."""
        told = [cell.text for cell in self.cells if not cell.is_figure and not _MARK.fullmatch(cell.text)]
        return " ".join(told) or self.text


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """``cells`` holds, for each row and column by index, what stands there: the lines of one cell."""

    sheet: Sheet
    columns: tuple[Name, ...]
    rows: tuple[Name, ...]
    cells: dict[tuple[int, int], tuple[Cell, ...]]


@dataclass(slots=True)
class _Band:
    """The lines of one row, with its name and what stands over several rows."""

    cells: list[Cell]
    group: Cell | None
    names: tuple[Cell, ...]

    def over(self, heads: Sequence[Cell], stub: int) -> tuple[Cell, ...]:
        """What says of which sort the row is: the head over its name, and what it is a part of."""
        head = heads[stub : stub + 1] if stub >= 0 else ()
        return (*head, self.group) if self.group else (*head,)

    @property
    def middle(self) -> float:
        boxes = [cell.box for cell in self.names]
        return (min(box.top for box in boxes) + max(box.bottom for box in boxes)) / 2


def grids(sheet: Sheet) -> Iterator[Grid]:
    """The tables of the sheet that have names for their columns and for their rows."""
    for table in sheet.tables:
        heads = sheet.rows[max(range(table.head, table.body), key=lambda row: len(sheet.rows[row]))]
        if len(heads) > 1 and (grid := _grid(sheet, table, heads)):
            yield grid


def _grid(sheet: Sheet, table: Table, heads: Sequence[Cell]) -> Grid | None:
    start = table.body
    while start - 1 > heads[0].row and len(sheet.rows[start - 1]) == 1:
        # The first of two lines of a name, or what stands over the first rows.
        start -= 1
    body = sheet.rows[start : table.last + 1]
    placed = {id(cell): _place(cell, heads) for row in body for cell in row}
    stub = _stub(body, placed, heads)
    if stub is None:
        return None
    grouped = any(_lacks_name(row, placed, stub) for row in body)
    stub += grouped
    bands = list(_bands(body, placed, stub, grouped=grouped))
    # A code or a number may stand left of the name.
    columns = [column for column in range(len(heads)) if column > stub or (column < stub and not grouped)]
    cells: dict[tuple[int, int], tuple[Cell, ...]] = {}
    for number, band in enumerate(bands):
        for at, column in enumerate(columns):
            found = tuple(cell for cell in (*band.names, *band.cells) if placed[id(cell)] == column)
            if found:
                cells[number, at] = found
    above = _above(sheet, table, heads)
    named = [(*above.get(column, ()), heads[column]) for column in columns]
    return Grid(
        sheet, _names(named), _names([band.names for band in bands], [band.over(heads, stub) for band in bands]), cells
    )


def _place(cell: Cell, heads: Sequence[Cell]) -> int:
    """The column of the cell by its number; -1 for what stands left of them all, or across them."""
    over = [head for head in heads if head.box.gap(cell.box) < -0.2 * min(head.box.width, cell.box.width)]
    if len(over) > 1 and len(heads) > 2 and cell.box.width > 2 * max(head.box.width for head in over):
        return -1
    head = column_of(cell.box, heads)
    if head is not None:
        return head.column
    nearest = min(heads, key=lambda one: abs(one.box.center - cell.box.center))
    return -1 if cell.box.right < heads[0].box.left or cell.column == 0 else nearest.column


def _stub(body: Sequence[Sequence[Cell]], placed: dict[int, int], heads: Sequence[Cell]) -> int | None:
    """The column that names the rows: the first one of words, or -1 where it has no head."""
    dated = next((at for at, mark in enumerate(_first_marks(heads)) if mark), len(heads))
    inside_first = sum(at == -1 for at in placed.values()) > 1
    rows = sum(len(row) > 1 for row in body)
    for column in range(-1, len(heads) - 1):
        inside = [cell for row in body for cell in row if placed[id(cell)] == column]
        if column >= dated:
            return column - 1 if column or inside_first else None
        if column < 0 and 2 * len(inside) < rows:
            # What is told across the columns here and there.
            continue
        if len(inside) > 1 and sum(not cell.is_figure for cell in inside) >= MOSTLY * len(inside):
            marked = all(_MARK.fullmatch(cell.text) for cell in inside)
            named = (at for at in range(column + 1, len(heads) - 1) if _are_words(body, placed, at, len(inside)))
            return next(named, column) if marked else column
        if column >= 0 and len(inside) > 1 and all(_is_period(cell) for cell in inside):
            return column
    return None


_MARK = re.compile(r"[A-Za-z]{0,4}[-./ ]?\d[\w./-]*")
"""A number or code that may stand before a name."""


def _are_words(body: Sequence[Sequence[Cell]], placed: dict[int, int], column: int, rows: int) -> bool:
    """Whether the column has a name in every one of so many rows, rather than figures."""
    inside = [cell for row in body for cell in row if placed[id(cell)] == column]
    return len(inside) >= rows and not any(cell.is_figure or _MARK.fullmatch(cell.text) for cell in inside)


def _lacks_name(row: Sequence[Cell], placed: dict[int, int], stub: int) -> bool:
    """Whether the row is named in the column behind that of the names alone, which then stand for several rows."""
    first = row[0]
    return placed[id(first)] == stub + 1 and not first.is_figure and any(cell.is_figure for cell in row)


def _first_marks(heads: Sequence[Cell]) -> list[bool]:
    """Which heads name periods."""
    days = as_days([head.text for head in heads])
    return [day is not None or _is_period(head) for day, head in zip(days, heads, strict=True)]


def _is_period(cell: Cell) -> bool:
    return any(mark.sort or re.fullmatch(r"(?:19|20)\d\d", mark.text) for mark in marks(cell.text)) or any(
        value.kind in ("date", "time") for value in cell.values
    )


def _bands(body: Sequence[Sequence[Cell]], placed: dict[int, int], stub: int, *, grouped: bool) -> Iterator[_Band]:
    """The rows of the table. A line without a name is a further line of the row next to it; a name alone, or in the
    first column of a ``grouped`` one, stands over the rows that follow."""
    bands: list[_Band] = []
    loose: list[Sequence[Cell]] = []
    group: Cell | None = None
    for row in body:
        names = tuple(cell for cell in row if placed[id(cell)] <= stub)
        others = [cell for cell in row if placed[id(cell)] > stub]
        if grouped and names and placed[id(names[0])] < stub:
            group = names[0]
        if names and others and bands and not bands[-1].cells and _goes_on(bands[-1], names[0]):
            # The rest of a name, with what the row tells.
            begun = bands.pop()
            names, group = begun.names + names, begun.group
        if names and others:
            bands.append(_Band(others, None if group in names else group, names))
        elif names and bands and _goes_on(bands[-1], names[0]):
            bands[-1].names += names
        elif names:
            group = names[0]
            bands.append(_Band([], None, names))
        else:
            loose.append(row)
    for row in loose:
        middle = row[0].box.middle
        nearest = min(bands, key=lambda band: abs(band.middle - middle), default=None)
        if nearest:
            nearest.cells.extend(row)
    return (band for band in bands if band.cells)


def _goes_on(band: _Band, cell: Cell) -> bool:
    """Whether the line goes on with the name of the row above: it stands close to that and begins small."""
    return band.names[-1].row == cell.row - 1 and (cell.text[:1].islower() or cell.text[:1] in "(（")


def _above(sheet: Sheet, table: Table, heads: Sequence[Cell]) -> dict[int, tuple[Cell, ...]]:
    """The further heads of each column: in other rows of the head, and in short cells right over it."""
    found: dict[int, tuple[Cell, ...]] = {}
    for row in sheet.rows[max(0, table.head - 1) : table.body]:
        if row[0].row == heads[0].row or len(row) == 1 or (row[0].row < heads[0].row and not _is_over(row, heads)):
            continue
        for head in heads:
            near = [cell for cell in row if cell.box.gap(head.box) < 0]
            if not near and 1 < len(row) < len(heads) and head.column:
                near = [min(row, key=lambda cell: abs(cell.box.center - head.box.center))]
            if near:
                found[head.column] = (*found.get(head.column, ()), near[0])
    return found


def _is_over(row: Sequence[Cell], heads: Sequence[Cell]) -> bool:
    """Whether the row above names columns or groups of them, rather than the table."""
    close = heads[0].box.top - row[-1].box.bottom < 1.5 * heads[0].box.height
    widest = max(cell.box.width for cell in row)
    told = any(char in cell.text for cell in row for char in ":：")
    inside = row[0].box.left > heads[0].box.right and widest < 0.5 * (heads[-1].box.right - heads[0].box.left)
    return close and inside and not told


def _names(named: Sequence[Sequence[Cell]], groups: Sequence[Sequence[Cell]] = ()) -> tuple[Name, ...]:
    last = [cells[-1].text if cells else "" for cells in named]
    days, results = as_days(last), as_results(last)
    result = []
    for number, cells in enumerate(named):
        found = tuple(mark for cell in cells for mark in marks(_BRACKETS.sub("", cell.text) or cell.text))
        group = tuple(mark for cell in (groups[number] if groups else ()) for mark in marks(cell.text))
        name = Name(tuple(cells), found, group)
        day = days[number]
        if results[number]:
            name = replace(name, marks=(Mark(results[number], 0, 0),))
        result.append(name if day is None else replace(name, marks=(Mark(f"day {day}", 0, 0, "day"),)))
    return tuple(result)
