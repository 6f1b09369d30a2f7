"""The form of a check, filled in from what the pages say. Pure."""

import re
from collections.abc import Sequence
from typing import Literal

from inference.extraction import DocumentKind, Extraction, PaymentStatus
from inference.reader.fields import Field
from inference.reader.finding import find
from inference.reader.kinds import leading
from inference.reader.payment import payment_status
from inference.reader.questions import parse
from inference.reader.remarks import Payment
from inference.reader.resolving import resolve
from inference.reader.scope import Shown
from inference.reader.sheet import Sheet
from inference.reader.values import CURRENCIES
from inference.reader.words import is_han

STATUS: dict[str, PaymentStatus] = {"yes": "paid", "no": "unpaid", "none": "none"}

SILENT = 0.7
"""How sure it is that a page says nothing of its payment where no words of that were found."""

TOLD = 0.85
"""How sure words are that say unpaid, beyond a sum that is called open."""

GUESSED = 0.5

_PRESENCE = re.compile(
    r"^\W*(?:is there|are there|do(?:es)? (?:it|this|the \w+|they|every \w+) "
    r"(?:have|show|mention|contain|state|include|bear|give)|gibt es|enthält|steht|hat|y a-t-il|contient|hay|contiene"
    r"|tiene|有没有|是否有)",
    re.IGNORECASE,
)
"""Questions that what is looked for answers by being there."""

_Answer = tuple[Literal["yes", "no", "unclear"], str, int | None, float]
"""The answer, its evidence, the page from 0, and the confidence."""


def extract(question: str, shown: Sequence[Shown]) -> Extraction:
    """What pages of one document say; there must be one."""
    everything = [one.sheet for one in shown]
    kind, belonging = leading(everything)
    sheets = [everything[index] for index in belonging]
    payment = _of_kind(kind, sheets, payment_status(sheets))
    answer, evidence, at, confidence = _answer(question, sheets, payment)
    return Extraction(
        document=kind,
        payment_status=STATUS[payment.status],
        answer=answer,
        evidence=" ".join(evidence.split()),
        page=shown[belonging[at]].page if at is not None else None,
        confidence=round(max(0.0, min(1.0, confidence)) * (1 - max(sheet.page.unread for sheet in sheets)), 2),
        **_values(sheets, kind),
    )


def _answer(question: str, sheets: Sequence[Sheet], payment: Payment) -> _Answer:
    asked = parse(question)
    if asked.task == "paid":
        return _of_payment(sheets, payment)
    found = find(sheets, asked) if asked.task == "find" else None
    present = bool(_PRESENCE.match(question))
    if found is not None:
        return "yes" if present else "unclear", found.line, found.page, found.score if present else GUESSED
    return ("no" if present else "unclear"), "", None, GUESSED


def _of_kind(kind: DocumentKind, sheets: Sequence[Sheet], payment: Payment) -> Payment:
    """The balance of an account is no debt, unless the statement says until when to pay it."""
    mere = kind == "statement" and payment.status == "no" and payment.weight < TOLD
    return Payment("none") if mere and _field(sheets, "due_date", "When is it due?") is None else payment


def _of_payment(sheets: Sequence[Sheet], payment: Payment) -> _Answer:
    if payment.cell is None:
        return "unclear", "", None, SILENT
    at = next(index for index, sheet in enumerate(sheets) if sheet.page.sha256 == payment.cell.page)
    return "yes" if payment.status == "yes" else "no", payment.quote, at, payment.weight


def _values(sheets: Sequence[Sheet], kind: DocumentKind) -> dict[str, str | None]:
    total = _field(sheets, "total", "What is the total?") or _field(sheets, "amount_due", "What is the amount due?")
    number = _number(sheets, kind)
    account = _field(sheets, "iban", "What is the IBAN?") or _field(sheets, "account", "What is the account number?")
    date = _field(sheets, "date", "What is the date?")
    if date is None and kind == "receipt":
        date = _field(sheets, "end_date", "When did it end?")
    return {
        "vendor": _text(_field(sheets, "vendor", "Who is the seller?")),
        "number": _text(number),
        "date": _day(sheets, date),
        "due": _day(sheets, _field(sheets, "due_date", "When is it due?")),
        "amount": f"{total.number:.2f}" if total and total.number is not None else None,
        "currency": _currency(sheets, total),
        "account": _text(account),
        "paid_on": _day(sheets, _field(sheets, "payment_date", "On which day was it paid?")),
    }


def _number(sheets: Sequence[Sheet], kind: DocumentKind) -> Field | None:
    """The bill's own; on a receipt the surest of those that tills print."""
    bill = _field(sheets, "invoice_number", "What is the invoice number?")
    receipt = _field(sheets, "receipt_number", "What is the receipt number?")
    if kind == "receipt" and bill and receipt:
        return max(bill, receipt, key=lambda field: field.score)
    return bill or receipt or _field(sheets, "order_number", "What is the order number?")


def _field(sheets: Sequence[Sheet], concept: str, question: str) -> Field | None:
    return resolve(sheets, concept, parse(question))


def _text(field: Field | None) -> str | None:
    return field.text.strip() or None if field else None


def _day(sheets: Sequence[Sheet], field: Field | None) -> str | None:
    """None where the year is not told. Where the page writes the month first, so it is read."""
    value = field.value if field else None
    if value is None or value.day is None or not value.sure:
        return None
    numbers = _NUMERIC.fullmatch(value.text.strip())
    day = value.day
    if numbers and day.day <= 12 and int(numbers[1]) == day.day and _month_first(sheets):
        day = day.replace(month=day.day, day=day.month)
    return day.isoformat()


_NUMERIC = re.compile(r"(\d{1,2})/\d{1,2}/\d{2,4}")
_AMERICAN = re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\(\d{3}\) ?\d{3}-\d{4}")
"""A state with its ZIP code, a telephone number with the area code in brackets."""


def _month_first(sheets: Sequence[Sheet]) -> bool:
    """Whether another date on the pages can only have its month first, or the place says so."""
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    pairs = [pair for text in texts for pair in re.findall(r"(?<![\d/])(\d{1,2})/(\d{1,2})/\d{2,4}(?!\d)", text)]
    if any(int(first) > 12 for first, _ in pairs):
        return False
    return any(int(second) > 12 for _, second in pairs) or any(map(_AMERICAN.search, texts))


def _currency(sheets: Sequence[Sheet], total: Field | None) -> str | None:
    """What the total or another sum says, else that of a page in Chinese."""
    if total and total.value and total.value.currency:
        return total.value.currency
    field = _field(sheets, "currency", "What is the currency?")
    if field is not None:
        return (field.value.currency if field.value else "") or CURRENCIES.get(field.text.strip().lower(), field.text)
    if total is None:
        return None
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    return "CNY" if sum(map(is_han, texts)) > 0.5 * len(texts) else None
