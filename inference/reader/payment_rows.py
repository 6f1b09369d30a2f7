"""What a list says of the payment of one of its rows: a mark, or a column for what is paid or open. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader import lexicon
from inference.reader.matching import coverage
from inference.reader.payment import quoted
from inference.reader.questions import Term
from inference.reader.remarks import Payment, Status, mark
from inference.reader.sheet import Cell, Sheet, column_of
from inference.reader.words import fold, key

NAMED = 0.7
"""The share of a question's words that must stand in a row of a list for it to be the one asked about."""

COLUMN = 0.8
"""How surely a column tells it: less than a mark of its own."""


def payment_of(sheets: Sequence[Sheet], terms: Sequence[Term]) -> Payment | None:
    """What a list says of the one of its rows that the terms name, if they name one."""
    if not any(term.weight >= 1 for term in terms):
        return None
    for sheet in sheets:
        for row in sheet.rows:
            if len(row) > 1 and coverage(terms, [cell.text for cell in row]) >= NAMED:
                found = [*(_marks(sheet, row) if len(row) > 2 else ()), *_by_columns(sheet, row)]
                if found:
                    return quoted(sheet, max(found, key=lambda one: one.weight))
    return None


def _marks(sheet: Sheet, row: Sequence[Cell]) -> Iterator[Payment]:
    yield from (found for cell in row if (found := mark(sheet, cell)))


def _by_columns(sheet: Sheet, row: Sequence[Cell]) -> Iterator[Payment]:
    """What stands in the row under Open or Paid; under Paid nothing may stand, where others have something."""
    table = sheet.table_of(row[0].row)
    if table is None or row[0].row < table.body:
        return
    for head in (cell for number in range(table.head, table.body) for cell in sheet.rows[number]):
        name = key(head.text)
        heads = sheet.rows[head.row]
        cell = next((one for one in row if column_of(one.box, heads) is head), None)
        status = _open(cell) if name in _heads("open_columns") else None
        if name in _heads("paid_columns"):
            status = _paid(cell, row)
        if status:
            yield Payment(status, COLUMN, cell or row[0], sheet.row_text(row[0].row))


def _heads(name: str) -> frozenset[str]:
    return frozenset(map(key, lexicon.table("payment")[name]))


def _open(cell: Cell | None) -> Status | None:
    size = _size(cell) if cell else None
    return None if size is None else "no" if size else "yes"


def _paid(cell: Cell | None, row: Sequence[Cell]) -> Status | None:
    """All of the row's sum or some day is paid; less, a no or nothing is not."""
    if cell is None or _NO.fullmatch(fold(cell.text.strip())):
        return "no"
    if _YES.fullmatch(fold(cell.text.strip())) or any(value.kind == "date" for value in cell.values):
        return "yes"
    size = _size(cell)
    if size is None:
        return None
    # The first cell names the row, by a number perhaps.
    return "yes" if size and size >= max(filter(None, map(_size, row[1:])), default=0) else "no"


_YES = re.compile("|".join(lexicon.table("payment")["says_yes"]))
_NO = re.compile("|".join(lexicon.table("payment")["says_no"]))


def _size(cell: Cell) -> float | None:
    """The sum in a cell that is one."""
    found = [value.number for value in cell.values if value.kind in ("money", "number") and value.number is not None]
    dated = any(value.kind == "date" for value in cell.values)
    return float(abs(found[-1])) if found and cell.is_figure and not dated else None
