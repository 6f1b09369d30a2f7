"""From what an engine took out of a document to a verdict, by plain code. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from bot.checks import replies, values
from bot.checks.question import Asked, Condition, SumIs
from inference.extraction import DocumentKind, Extraction, PaymentStatus

Word = Literal["yes", "no", "unclear", "other", "unread"]
WORDS: tuple[Word, ...] = ("no", "unclear", "unread", "yes", "other")
"""In the order in which a report lists them: what wants a look comes first."""

BILLS: frozenset[DocumentKind] = frozenset(("invoice", "receipt", "reminder"))
"""Kinds that are asked about as one: people say bill for each of them."""

LONGEST_EVIDENCE = 300
LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What was taken out; days are ISO, the amount has a point, the currency a code. Other strings are strangers'."""

    vendor: str | None = None
    number: str | None = None
    date: str | None = None
    due: str | None = None
    amount: str | None = None
    currency: str | None = None
    account: str | None = None
    paid_on: str | None = None
    payment_status: PaymentStatus | None = None
    """None where the question is not about payment."""

    def told(self) -> dict[str, str | None]:
        """For JSON: the status and the day of payment only where they were asked for or told."""
        optional = ("payment_status", "paid_on")
        return {name: value for name, value in asdict(self).items() if name not in optional or value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check says of one document. ``page`` counts from 1."""

    word: Word
    evidence: str = ""
    page: int | None = None
    fields: Fields = Fields()
    confidence: float = 0.0
    remark: str = ""
    """Why, where the evidence does not say it: a sentence of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document of a report."""

    file: str
    """A stranger's text."""
    pages: int
    verdict: Verdict
    fate: str
    reason: str
    thumbnail: bytes = b""
    """A small JPEG of the first page."""
    link: str = ""
    """Where it was posted."""
    author: str = ""
    posted: str = ""
    same_as: str = ""
    """The file of an earlier row that is the same document."""
    hand: str = ""
    """Why a person should look at it, together with another: a sentence of ours."""

    @property
    def remarks(self) -> str:
        """All that is to be said of it beside its verdict."""
        same = replies.same_as(self.same_as) if self.same_as else ""
        return " ".join(filter(None, (self.reason, self.verdict.remark, same, self.hand)))

    def as_json(self, *, payment: bool) -> dict[str, Any]:
        """The object of the command line's contract. ``payment``: the status was asked for, so it is there in any
        case."""
        status = {"payment_status": self.verdict.fields.payment_status or "none"} if payment else {}
        return {
            "file": self.file,
            "pages": self.pages,
            "verdict": self.verdict.word,
            "evidence": self.verdict.evidence,
            "page": self.verdict.page,
            "fields": self.verdict.fields.told() | status,
            "confidence": self.verdict.confidence,
            "fate": self.fate,
            "reason": self.remarks,
        }


def unread(remark: str = "") -> Verdict:
    """Of a document that nobody could look into."""
    return Verdict(word="unread", remark=remark)


def merged(parts: list[Extraction]) -> Extraction:
    """One for a document that was read in several parts: what tells of its payment goes first, gaps are filled."""
    best = max(
        parts, key=lambda part: (part.document in BILLS, part.payment_status != "none", part.answer != "unclear")
    )
    names = ("vendor", "number", "date", "due", "amount", "currency", "account", "paid_on")
    found = {name: next((value for part in (best, *parts) if (value := getattr(part, name))), None) for name in names}
    return best.model_copy(update=found)


def judge(found: Extraction, asked: Asked, pages: int, *, today: date) -> Verdict:
    """The verdict on a document of so many pages; a rule may speak of ``today``."""
    fields = _fields(found, asked)
    page = found.page if found.page is not None and 1 <= found.page <= pages else None
    verdict = Verdict(
        word=found.answer,
        evidence=" ".join(found.evidence.split())[:LONGEST_EVIDENCE],
        page=page,
        fields=fields,
        confidence=round(min(1.0, max(0.0, found.confidence)), 2) if found.confidence == found.confidence else 0.0,
    )
    if not _fits(found, asked):
        status: PaymentStatus | None = "none" if asked.wants_status else None
        return Verdict(word="other", fields=replace(fields, payment_status=status), confidence=verdict.confidence)
    if asked.rule is not None:
        told = {**asdict(fields), "status": found.payment_status, "kind": found.document, "answer": found.answer}
        return replace(verdict, word=_WORD_OF[asked.rule.holds(told, today)], fields=_only(fields, asked.shown))
    outcomes = [(condition, holds(condition, fields)) for condition in asked.conditions]
    if asked.payment:
        failed = next((condition.words for condition, held in outcomes if held is False), "")
        if failed:
            return replace(verdict, word="other", remark=replies.not_so(failed))
        words: dict[PaymentStatus, Word] = {"paid": "yes", "unpaid": "no", "none": "unclear"}
        silent = found.payment_status == "none"
        return replace(verdict, word=words[found.payment_status], evidence="" if silent else verdict.evidence)
    return _compared(verdict, outcomes) if outcomes else verdict


_WORD_OF: dict[bool | None, Word] = {True: "yes", False: "no", None: "unclear"}


def _only(fields: Fields, shown: frozenset[str]) -> Fields:
    """Without what is not to be shown; all if nothing is named."""
    if not shown:
        return fields
    hidden = {name: None for name in asdict(fields) if name not in shown and name != "payment_status"}
    return replace(fields, **hidden)


def _compared(verdict: Verdict, outcomes: list[tuple[Condition, bool | None]]) -> Verdict:
    """The verdict where the question is whether amounts and days lie where they should."""
    held = [one for _, one in outcomes]
    word: Word = "no" if False in held else "unclear" if None in held else "yes"
    shown = " · ".join(_shown(condition, verdict.fields) for condition, _ in outcomes)
    return replace(verdict, word=word, evidence=shown, confidence=0.0 if None in held else max(verdict.confidence, 0.5))


def _shown(condition: Condition, fields: Fields) -> str:
    if isinstance(condition, SumIs):
        return " ".join(filter(None, (fields.amount, fields.currency))) or "no amount"
    return f"{condition.field} {getattr(fields, condition.field) or 'not told'}"


def holds(condition: Condition, fields: Fields) -> bool | None:
    """None where the document does not tell."""
    if isinstance(condition, SumIs):
        amount = values.amount(fields.amount) if fields.amount else None
        if amount is None or (condition.currency and not fields.currency):
            return None
        return condition.compare(amount, condition.limit) and condition.currency in (None, fields.currency)
    told = getattr(fields, condition.field)
    day = values.day(told) if told else None
    if day is None:
        return None
    return (condition.before is None or day <= condition.before) and (condition.after is None or day >= condition.after)


def _fits(found: Extraction, asked: Asked) -> bool:
    """Whether it is the kind of document that was asked about. A letter that tells of a payment stands for its bill,
    and so does a statement with a sum that is still owed."""
    if asked.kind is None or found.document == asked.kind:
        return True
    if asked.kind in BILLS:
        tells = (found.document, found.payment_status) in _TELLING
        return found.document in BILLS or (asked.payment and tells)
    return False


_TELLING: frozenset[tuple[DocumentKind, PaymentStatus]] = frozenset(
    {("letter", "paid"), ("letter", "unpaid"), ("statement", "unpaid")}
)


def _fields(found: Extraction, asked: Asked) -> Fields:
    amount = values.amount(found.amount) if found.amount else None
    return Fields(
        vendor=_text(found.vendor),
        number=_text(found.number),
        date=_day(found.date),
        due=_day(found.due),
        amount=values.written(amount) if amount is not None else None,
        currency=values.currency(found.currency) if found.currency else None,
        account=_text(found.account),
        paid_on=_day(found.paid_on),
        payment_status=found.payment_status if asked.wants_status else None,
    )


def _text(value: str | None) -> str | None:
    return " ".join((value or "").split())[:LONGEST_VALUE] or None


def _day(value: str | None) -> str | None:
    found = values.day(value) if value else None
    return found.isoformat() if found else None


def with_hands(rows: Sequence[Row]) -> Iterator[Row]:
    """The same rows, and what a person should look at in several: one number of a vendor, two accounts to pay to."""
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        fields = row.verdict.fields
        if not fields.number or not fields.account or row.same_as:
            yield row
            continue
        first = seen.setdefault((_key(fields.number), _key(fields.vendor or "")), row)
        differ = other_account(first.verdict.fields, fields)
        yield replace(row, hand=replies.two_accounts(fields.number, row.file, first.file)) if differ else row


def other_account(one: Fields, other: Fields) -> bool:
    """Whether both name an account to pay to, and not the same."""
    return bool(one.account and other.account) and _key(one.account or "") != _key(other.account or "")


def same_number(one: Fields, other: Fields) -> bool:
    """Whether they are one vendor's documents with one number."""
    told = bool(one.number) and _key(one.number or "") == _key(other.number or "")
    return told and _key(one.vendor or "") == _key(other.vendor or "")


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
