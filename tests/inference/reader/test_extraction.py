"""The form of a check, filled in from pages."""

import pytest

from inference.reader.extraction import extract
from inference.reader.kinds import kind_of
from tests.inference.reader.pages import sheet, shown

INVOICE = """
Calder & Finch Ltd
18 Tannery Row, Leeds LS2 7DX

INVOICE

Invoice no.   CF-2026-00417
Invoice date   3 October 2026
Due date   2 November 2026

Description   Qty   Amount
Site survey and report   1   340.00
Total   EUR 340.00
IBAN: DE89 3704 0044 0532 0130 00
"""
LETTER = """
Dear Ms Cole,

we write to you about your appointment on 4 May 2026.

Yours sincerely
Tom Whitlock
"""
PAID = "Has every invoice been paid?"


def test_the_fields_of_an_invoice() -> None:
    found = extract(PAID, [shown(INVOICE)])
    assert (found.document, found.payment_status, found.answer, found.page) == ("invoice", "none", "unclear", None)
    assert (found.number, found.date, found.due) == ("CF-2026-00417", "2026-10-03", "2026-11-02")
    assert (found.amount, found.currency, found.account) == ("340.00", "EUR", "DE89 3704 0044 0532 0130 00")


@pytest.mark.parametrize(
    ("mark", "status", "answer"), [("PAID", "paid", "yes"), ("OVERDUE", "unpaid", "no"), ("", "none", "unclear")]
)
def test_the_page_of_the_bill_speaks_not_what_came_with_it(mark: str, status: str, answer: str) -> None:
    pages = [
        shown(LETTER, "#1 a.pdf, page 1"),
        shown(INVOICE + mark, "#1 a.pdf, page 2", order=2),
        shown("Account statement\n\nBooked   Transaction\n1 May 2026   Payment received", "#1 a.pdf, page 3", order=3),
    ]
    found = extract(PAID, pages)
    assert (found.document, found.payment_status, found.answer) == ("invoice", status, answer)
    assert found.page == (2 if mark else None)
    assert (found.evidence == mark) is bool(mark) or not mark


def test_a_day_without_its_year_is_none() -> None:
    assert extract(PAID, [shown(INVOICE.replace("3 October 2026", "3 October"))]).date is None


def test_what_is_looked_for_answers_by_being_there() -> None:
    assert extract("Is there an IBAN?", [shown(INVOICE)]).answer == "yes"
    assert extract("Is there an IBAN?", [shown(LETTER)]).answer == "no"
    assert extract("Who is the customer?", [shown(LETTER)]).answer == "unclear"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (INVOICE, "invoice"),
        (LETTER, "letter"),
        ("KASSENBON\n\nMilch   1,65\nSumme   1,65", "receipt"),
        ("Mahnung\n\nRechnung Nr. 17 ist offen.", "reminder"),
        ("Kontoauszug 4/2026\n\nDatum   Betrag", "statement"),
        ("报价单\n\n商品   价格", "quote"),
        ("Price list\n\nItem   Price\nPipe   3.00", "other"),
        ("Hello\n\nworld", None),
    ],
)
def test_kinds(text: str, kind: str | None) -> None:
    assert kind_of(sheet(text)) == kind
