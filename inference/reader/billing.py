"""What speaks for pages being a bill, whatever they call themselves: a number, sums, how to pay, until when. Pure."""

import re
from collections.abc import Sequence

from inference.extraction import DocumentKind
from inference.reader import letters, payment
from inference.reader.fields import GOOD, fields
from inference.reader.phrases import patterns, says
from inference.reader.remarks import Payment
from inference.reader.sheet import Cell, Sheet
from inference.reader.standing import heads_rows, in_table
from inference.reader.words import fold, is_han, words

ENOUGH = 3
"""Points from which pages with a total are a bill. A word or number of bills counts two, every other sign one."""

PLAIN = 4
"""The same where nothing names them a bill or no total stands there, or a heading says that they are something else."""

MET = 0.7
"""How surely a line must say paid to tell of a purchase."""

LONGEST = 60
"""Characters of a line that may say in passing what the document is: Your electricity bill."""


def kind(sheets: Sequence[Sheet], *, headed: bool = False) -> DocumentKind | None:
    """None where the pages are no bill. ``headed``: a heading calls them something else."""
    if not headed and any(_is_settled(sheet) for sheet in sheets):
        return "receipt"
    if _asks_for_money(sheets, headed=headed):
        return "receipt" if any(map(_is_of_till, sheets)) else "invoice"
    return None


def _asks_for_money(sheets: Sequence[Sheet], *, headed: bool) -> bool:
    named = any(_is_named(sheet) or _is_of_till(sheet) for sheet in sheets)
    numbered = any(tells_surely(sheet, "invoice_number") for sheet in sheets)
    summed = any(_totals(sheet) for sheet in sheets)
    if headed and not numbered:
        return False
    if not summed and not ((named or numbered) and any(_has_money(sheet) for sheet in sheets)):
        return False
    if not (named or numbered) and any(letters.greets(sheet) for sheet in sheets):
        return False
    if summed and not headed and any(map(_says_where, sheets)) and any(_tells(sheet, "due_date") for sheet in sheets):
        return True
    points = 2 * named + 2 * numbered + sum(any(sign) for sign in zip(*map(_signs, sheets), strict=True))
    return points >= (ENOUGH if (named or numbered) and summed and not headed else PLAIN)


def _is_named(sheet: Sheet) -> bool:
    """Whether a short line in the upper half, and no sentence, has a word for bills in it."""
    upper = (cell for cell in sheet.cells if cell.box.middle < 0.5 * sheet.page.height and not in_table(sheet, cell))
    return any(len(cell.text) <= LONGEST and not _ENDS.search(cell.text) and _names_bill(cell) for cell in upper)


_ENDS = re.compile(r"[.!?;。！？；]\W*$")


def _names_bill(cell: Cell) -> bool:
    named = patterns("kinds", "bills")
    han = [pattern for pattern in named if is_han(pattern[0])]
    return any(pattern[0] in fold(cell.text) for pattern in han) or says(named, words(cell.text))


def _is_of_till(sheet: Sheet) -> bool:
    """Whether words that only a till or a waiter prints stand before a name or number in two places."""
    return sum(_opens_till(cell) for cell in sheet.cells) > 1


def _opens_till(cell: Cell) -> bool:
    """Whether the line begins with such a word, or a part of it does."""
    for part in _APART.split(fold(cell.text)):
        parts = words(part)
        for pattern in patterns("kinds", "till"):
            size = len(pattern[0]) if is_han(pattern[0]) else len(pattern)
            opening = "".join(word.text for word in parts[:size])
            if opening == "".join(pattern) and len(parts) > size and len(part) < LONGEST:
                return True
    return False


_APART = re.compile(r"\s{2,}|\s*[|·,;，；]\s*")


def tells_surely(sheet: Sheet, concept: str) -> bool:
    """Whether a label that means nothing else has its value beside it."""
    return any(
        field.score >= GOOD and any(label.concept == concept and label.weight > 0.9 for label in field.label.labels)
        for field in fields([sheet], concept)
        if not heads_rows(sheet, field.label)
    )


def _totals(sheet: Sheet) -> list[Cell]:
    """The labels of what is to pay in all."""
    return [
        field.label
        for name in ("total", "amount_due")
        for field in fields([sheet], name)
        if field.score >= GOOD and field.value and (field.value.kind == "money" or field.cell.is_figure)
    ]


def _has_money(sheet: Sheet) -> bool:
    return any(value.kind == "money" for cell in sheet.cells for value in cell.values)


def _signs(sheet: Sheet) -> tuple[bool, ...]:
    """Tax, a net sum, until when to pay, where to, and things with their prices."""
    told = (_tells(sheet, name) for name in ("tax", "subtotal", "due_date"))
    return (*told, _says_where(sheet), _priced(sheet) > 2)


def _says_where(sheet: Sheet) -> bool:
    """Whether it names an account to pay to."""
    written = any(value.kind == "iban" for cell in sheet.cells for value in cell.values)
    return written or _tells(sheet, "account")


def _priced(sheet: Sheet) -> int:
    """Rows that end in a sum."""
    return sum(len(row) > 1 and any(value.kind == "money" for value in row[-1].values) for row in sheet.rows)


def _tells(sheet: Sheet, name: str) -> bool:
    return any(field.score >= GOOD and not heads_rows(sheet, field.label) for field in fields([sheet], name))


def _is_settled(sheet: Sheet) -> bool:
    """Whether money has changed hands for what it lists: below the total stands how that was met, at a till or in an
    app, or cash and change stand there alone."""
    if letters.greets(sheet):
        return False
    rows = {found.cell.row for found in payment.evidence([sheet]) if found.cell and _is_met(sheet, found)}
    totals = [cell.row for cell in _totals(sheet)]
    return any(row >= min(totals) for row in rows) if totals else len(rows) > 1


def _is_met(sheet: Sheet, found: Payment) -> bool:
    """Whether the line says paid, and is no row of an account: those have their days and balances."""
    row = sheet.rows[found.cell.row] if found.cell else ()
    booked = any(value.kind == "date" for cell in row for value in cell.values) and len(row) > 2
    return found.status == "yes" and found.weight >= MET and not booked and len(row) < 4 and _priced(sheet) > 0
