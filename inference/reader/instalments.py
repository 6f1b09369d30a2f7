"""Which of several payments a question means: the second instalment, what was paid in January. Pure."""

import datetime
import re
from collections.abc import Iterator, Sequence

from inference.reader import lexicon
from inference.reader.dates import month_number
from inference.reader.findings import Finding, of_field
from inference.reader.questions import Question
from inference.reader.remarks import mark
from inference.reader.resolving.labelled import from_cell
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import fold, words

PAYMENTS = frozenset({"deposit", "deposit_date", "payment_date", "instalment"})
"""Concepts of payments of which a bill may list several."""

OTHERS = frozenset({"total", "subtotal", "amount_due", "tax", "cash", "change"})
"""Sums that are none."""


def payment_meant(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The sum or the day of the payment that the question counts out or gives the month of, if several are listed."""
    if question.kind not in ("money", "date", "") or not _asks_for_payment(question):
        return None
    rows = [(sheet, row) for sheet in sheets for row in sheet.rows if _tells_payment(sheet, row)]
    chosen = _chosen(rows, question) if len(rows) > 1 else None
    if chosen is None:
        return None
    sheet, row = chosen
    kind = "date" if question.kind == "date" else "money"
    found = next(((cell, value) for cell in reversed(row) for value in cell.values if value.kind == kind), None)
    if found is None:
        return None
    cell, value = found
    return of_field(sheets, from_cell(cell, value.text, "", 0.9, value, sheet.row_text(row[0].row)))


def _asks_for_payment(question: Question) -> bool:
    return question.wanted(*PAYMENTS) or bool(_PAYMENT.search(fold(question.text)))


def _tells_payment(sheet: Sheet, row: Sequence[Cell]) -> bool:
    """Whether the row is of one payment: a word for that or that it was paid, and a sum."""
    named = {label.concept for cell in row for label in cell.labels if label.weight > 0.9}
    summed = any(value.kind == "money" and value.number for cell in row for value in cell.values)
    said = bool(named & PAYMENTS) or bool(_PAYMENT.search(fold(row[0].text))) or any(mark(sheet, cell) for cell in row)
    return summed and said and not named & OTHERS


def _chosen(rows: Sequence[tuple[Sheet, Sequence[Cell]]], question: Question) -> tuple[Sheet, Sequence[Cell]] | None:
    """The row that is counted out, by its own number or by its place, or the only one in the month."""
    number = next((n for n, form in enumerate(_NTH, 1) if form.search(fold(question.text))), None)
    if number is not None:
        own = [pair for pair in rows if _NTH[number - 1].search(fold(pair[1][0].text))]
        place = -1 if number == len(_NTH) else number - 1
        return own[0] if own else rows[place] if -len(rows) <= place < len(rows) else None
    month = next((n for word in words(question.text) if (n := _month(question.text, word.start, word.text))), None)
    timed = [pair for pair in rows if month and any(day.month == month for day in _days(pair[1]))]
    return timed[0] if len(timed) == 1 else None


def _month(text: str, start: int, word: str) -> int | None:
    """The month that the word names; may is one only with a capital."""
    return month_number(word) if len(word) > 2 and (word != "may" or text[start].isupper()) else None


def _days(row: Sequence[Cell]) -> Iterator[datetime.date]:
    yield from (value.day for cell in row for value in cell.values if value.day is not None)


_PAYMENT = re.compile("|".join(lexicon.table("payment")["instalments"]))
_NTH = [re.compile(form) for form in lexicon.table("payment")["ordinals"]]
"""First to fifth, and last."""
