"""Whether a page says that it has been paid. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from inference.reader import lexicon
from inference.reader.fields import GOOD, Field, fields
from inference.reader.passages import sentences
from inference.reader.phrases import patterns
from inference.reader.remarks import Payment, doubtful, mark, neutral, said, without_values
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import fold, is_han, key, words


def payment_status(sheets: Sequence[Sheet]) -> Payment:
    """What the pages of one document say; of several things the surest."""
    return next(iter(evidence(sheets)), Payment("none"))


def evidence(sheets: Sequence[Sheet]) -> list[Payment]:
    """Everything that the pages say about their payment, the surest first, with the words that say it."""
    pages = {sheet.page.sha256: sheet for sheet in sheets}
    found = [payment for sheet in sheets for payment in _on_page(sheet)] + list(_balance(sheets))
    found = [payment for payment in found if not (payment.cell and _of_another(pages[payment.cell.page], payment))]
    found = [payment for payment in found if not _is_part(sheets, pages, payment)]
    proven = [quoted(pages[payment.cell.page], payment) for payment in found if payment.cell]
    return sorted(proven, key=lambda payment: -payment.weight)


def _is_part(sheets: Sequence[Sheet], pages: Mapping[str, Sheet], payment: Payment) -> bool:
    """Whether less than the total was paid, and what is left stands below."""
    if payment.status != "yes" or payment.cell is None:
        return False
    cell = payment.cell
    paid = [v.number for other in pages[cell.page].rows[cell.row] for v in other.values if v.kind == "money"]
    total = max((_size(field) for field in _sums(sheets, "total")[:2]), default=Decimal(0))
    left = [field for field in _sums(sheets, "amount_due") if field.label.page == cell.page]
    left = [field for field in left if field.label.row > cell.row and 0 < _size(field) < total]
    return bool(left) and any(number and abs(number) + _size(left[0]) <= total for number in paid)


_ANOTHER = re.compile("|".join((*lexicon.table("payment")["another"], lexicon.alternatives("carriage"))))


def _of_another(sheet: Sheet, payment: Payment) -> bool:
    """Whether it is another bill, or to bring it here, that was paid: what came in stands beside the old balance."""
    if payment.status != "yes" or payment.cell is None:
        return False
    row = payment.cell.row
    beside = [cell for cells in sheet.rows[max(0, row - 2) : row + 2] for cell in cells]
    carried = _has_figure(sheet, payment.cell) and any(
        cell.names("previous_balance") and _has_figure(sheet, cell) for cell in beside
    )
    return carried or bool(_ANOTHER.search(fold(payment.quote or payment.cell.text)))


def quoted(sheet: Sheet, payment: Payment) -> Payment:
    """With the text to show as proof: the sentence, or the row where that is short, or the cell."""
    if payment.quote or payment.cell is None:
        return payment
    row = sheet.row_text(payment.cell.row)
    return replace(payment, quote=row if len(row) < 100 else payment.cell.text)


def _on_page(sheet: Sheet) -> Iterator[Payment]:
    carried = {id(cell) for sentence in sentences(sheet) for cell in sentence.cells[1:]}
    yield from (found for cell in sheet.cells if id(cell) not in carried and (found := mark(sheet, cell)))
    yield from said(sheet)
    yield from _tender(sheet)
    yield from _receipt(sheet)
    yield from _by_method(sheet)
    yield from _dated(sheet)


def _by_method(sheet: Sheet) -> Iterator[Payment]:
    """A way to pay on the spot, alone or behind its label, where nothing says until when or where to: a ticket, an
    order."""
    later = any(field.score >= GOOD for name in ("due_date", "debit_date", "iban") for field in fields([sheet], name))
    if later or any(value.kind == "iban" for cell in sheet.cells for value in cell.values):
        return
    for cell in sheet.cells:
        methods = [value for value in cell.values if value.kind == "method"]
        if len(methods) == 1 and not _LATER.search(fold(cell.text)):
            rest = [word.text for word in without_values(cell) if word.text not in neutral()]
            said = any(label.concept == "payment_method" and label.weight > 0.9 for label in cell.labels)
            if not rest or (said and len(words(cell.text)) < LONGEST_LINE and not doubtful(without_values(cell))):
                yield Payment("yes", 0.42, cell)


LONGEST_LINE = 8
"""Words of a line that tells how something was paid."""

_LATER = lexicon.expression("payment", "later")
"""Ways to pay that take their time."""


def _dated(sheet: Sheet) -> Iterator[Payment]:
    """A date of payment; unless it says paid it may yet lie ahead."""
    for field in fields([sheet], "payment_date"):
        if field.score >= GOOD:
            yield Payment("yes", 0.45, field.label)


def _balance(sheets: Sequence[Sheet]) -> Iterator[Payment]:
    """A balance of nought is paid, one above is not; what was paid against the total tells too."""
    total = max((_size(field) for field in _sums(sheets, "total")[:2]), default=Decimal(0))
    balances = _sums(sheets, "amount_due")
    for field in balances[:1]:
        yield from _of_balance(field, total)
    for field in _sums(sheets, "deposit")[:1]:
        if total and not balances and _opens(field):
            yield Payment("yes" if _size(field) >= total else "no", 0.78, field.label)


def _of_balance(field: Field, total: Decimal) -> Iterator[Payment]:
    """An ordinary invoice may call its total the amount due: that says nothing unless it is less than the total. Where
    a day stands between, payable names the day and not the sum."""
    if _names_a_day(field):
        return
    plain = any(label in key(field.label.text) for label in lexicon.table("payment")["plain_due"])
    if not field.number or field.number < 0:
        yield Payment("yes", 0.92, field.label)
    elif not plain or _size(field) < total:
        yield Payment("no", 0.82, field.label)


def _names_a_day(field: Field) -> bool:
    value = field.value
    if field.cell is not field.label or value is None:
        return False
    ends = [label.end for label in field.label.labels if label.concept == field.concept and label.end <= value.start]
    return any(ends) and any(
        other.kind == "date" and max(ends) <= other.start < value.start for other in field.label.values
    )


def _opens(field: Field) -> bool:
    """Whether the label is all that its cell says, rather than a word in the name of an item."""
    return field.cell is field.label or len(words(field.label.text)) <= (6 if is_han(field.label.text) else 3)


def _size(field: Field) -> Decimal:
    return abs(field.number or Decimal(0))


def _sums(sheets: Sequence[Sheet], concept: str) -> list[Field]:
    found = (field for field in fields(sheets, concept) if field.score >= GOOD and field.kind == "money")
    found = (field for field in found if not _goes_on_with_of(field) and not _CREDIT.search(fold(field.label.text)))
    return [field for field in found if field.value and (field.value.kind == "money" or field.cell.is_figure)]


_CREDIT = re.compile(lexicon.table("payment")["credit"])


def _goes_on_with_of(field: Field) -> bool:
    """Whether the words are no label but begin to tell how much: la somme de 760 €."""
    spans = [
        field.label.text[label.start : label.end] for label in field.label.labels if label.concept == field.concept
    ]
    return bool(spans) and all(words(span)[-1].text in ("de", "of", "von") for span in spans if words(span))


def _tender(sheet: Sheet) -> Iterator[Payment]:
    """Cash given, change returned, a card charged: a till's words for money that has changed hands."""
    for concept in ("change", "cash"):
        for field in fields([sheet], concept):
            met = field.score >= GOOD and field.relation in ("after", "right") and field.number
            if met and _is_whole(field, 0 if not _below_total(sheet, field.label) else 1):
                yield Payment("yes", 0.87 if _is_last(sheet, field.label) else 0.75, field.label)
    for cell in sheet.cells:
        if any(value.kind == "method" for value in cell.values) and _charged(sheet, cell):
            yield Payment("yes", 0.86 if _is_last(sheet, cell) else 0.72, cell)
        elif (_MET.match(key(cell.text)) and _has_figure(sheet, cell)) or _AUTHORISED.match(key(cell.text)):
            yield Payment("yes", 0.72, cell)


_MET = re.compile(rf"(?:{'|'.join(lexicon.table('payment')['met'])})\W*(?:\d|$)")
_AUTHORISED = re.compile(rf"(?:{'|'.join(lexicon.table('payment')['authorised'])})\d{{4}}")


def _is_whole(field: Field, spare: int) -> bool:
    """Whether the label is all that its cell says, but for so many words: Cambio, but not Cambio de aceite."""
    spans = [(label.start, label.end) for label in field.label.labels if label.concept == field.concept]
    rest = [
        word for word in without_values(field.label) if not any(a <= word.start and word.end <= b for a, b in spans)
    ]
    if any(word.text in _OF for word in rest):
        return False
    return len([word for word in rest if word.text not in neutral()]) <= spare


_OF = frozenset(("of", "de", "du", "des", "del", "d", "von", "der"))
"""What says of what: cambio de embrague."""


def _is_last(sheet: Sheet, cell: Cell) -> bool:
    """Whether what is due stands above and not below: a till prints first the sum and then how it was met."""
    due = [other.row for other in sheet.cells if other.names("amount_due") and _has_figure(sheet, other)]
    return not due or max(due) < cell.row


def _has_figure(sheet: Sheet, cell: Cell) -> bool:
    return any(value.kind in ("money", "number") for other in sheet.rows[cell.row] for value in other.values)


def _charged(sheet: Sheet, cell: Cell) -> bool:
    """A way of payment with a sum or a card's last digits beside it, and nothing that asks for payment."""
    summed = any(value.kind == "money" for other in sheet.rows[cell.row] for value in other.values)
    masked = any(sign in sheet.row_text(cell.row).replace(" ", "") for sign in _MASKS)
    rest = [word for word in without_values(cell) if word.text not in neutral()]
    return (summed or masked) and len(rest) <= 1 and not doubtful(rest) and _below_total(sheet, cell)


_MASKS = ("**", "xx", "XX", "••")


def _below_total(sheet: Sheet, cell: Cell) -> bool:
    """Whether no total stands further down: what stands above one is sold."""
    return not any(
        label.concept == "total" and label.weight > 0.9
        for other in sheet.cells
        if other.row > cell.row
        for label in other.labels
    )


def _receipt(sheet: Sheet) -> Iterator[Payment]:
    """The document calls itself a receipt."""
    titles = {"".join(pattern) for pattern in patterns("payment", "receipts")}
    for cell in sheet.cells[: max(8, len(sheet.cells) // 3)]:
        if key(cell.text) in titles:
            yield Payment("yes", 0.4, cell)
