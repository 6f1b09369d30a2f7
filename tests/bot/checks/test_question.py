"""What plain code understands of a question."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.question import DayIs, SumIs, parse


@pytest.mark.parametrize(
    "text",
    [
        "has every invoice since 1 October been paid?",
        "Has this been paid?",
        "Which invoices are still open?",
        "Is anything overdue?",
        "Wurde die Rechnung bezahlt?",
        "Ist diese Rechnung noch offen?",
        "La facture est-elle payée ?",
        "¿Está pagada la factura?",
        "这张发票付款了吗？",
        "What is the payment status?",
    ],
)
def test_questions_about_payment(text: str) -> None:
    assert parse(text).payment


@pytest.mark.parametrize(
    "text",
    ["Which payment terms does it state?", "Is there a VAT number?", "Is the contract signed?", "Who opened it?"],
)
def test_questions_about_something_else(text: str) -> None:
    assert not parse(text).payment


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Has every invoice been paid?", "invoice"),
        ("Sind alle Rechnungen bezahlt?", "invoice"),
        ("Is each contract signed?", "contract"),
        ("Show the bank statements", "statement"),
        ("Has it been paid?", None),
        ("Is it billed?", None),
    ],
)
def test_the_kind_of_document(text: str, kind: str | None) -> None:
    assert parse(text).kind == kind


@pytest.mark.parametrize(
    ("text", "limit", "currency", "of_1000"),
    [
        ("Which are over 1,000 euro?", "1000", "EUR", False),
        ("Which are at least 1.000 €?", "1000", "EUR", True),
        ("Is it under $999.50?", "999.50", "USD", False),
        ("Ist sie über 1.000,00 EUR?", "1000.00", "EUR", False),
        ("amount <= 1000", "1000", None, True),
    ],
)
def test_sums(text: str, limit: str, currency: str | None, of_1000: bool) -> None:
    (condition,) = parse(text).conditions
    assert isinstance(condition, SumIs)
    assert (condition.limit, condition.currency) == (Decimal(limit), currency)
    assert condition.compare(Decimal(1000), condition.limit) is of_1000


def test_days() -> None:
    first, second = parse("Which invoices are due before 1 December 2026 and dated since 2026-10-01?").conditions
    assert first == DayIs("due before 1 December 2026", "due", before=date(2026, 11, 30))
    assert isinstance(second, DayIs)
    assert (second.field, second.after) == ("date", date(2026, 10, 1))


def test_a_number_that_is_no_limit_is_none() -> None:
    assert parse("Is invoice 2026-10-17 from 3 sellers paid?").conditions == ()


@given(st.text(max_size=200))
def test_any_text_is_a_question(text: str) -> None:
    parse(text)
