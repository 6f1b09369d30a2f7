"""Verdicts by plain code."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.checks.question import parse
from bot.checks.verdicts import Fields, Verdict, judge, merged, with_hands
from tests.bot.checks.samples import PAID, extraction, row

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("question", "changes", "word"),
    [
        (PAID, {}, "yes"),
        (PAID, {"payment_status": "unpaid"}, "no"),
        (PAID, {"payment_status": "none", "answer": "yes"}, "unclear"),
        (PAID, {"document": "contract"}, "other"),
        (PAID, {"document": "receipt"}, "yes"),
        (PAID, {"document": "letter", "payment_status": "unpaid"}, "no"),
        (PAID, {"document": "letter", "payment_status": "none"}, "other"),
        (PAID, {"document": "statement"}, "other"),
        (PAID, {"document": "statement", "payment_status": "unpaid"}, "no"),
        ("Has it been paid?", {"document": "letter", "payment_status": "none"}, "unclear"),
        ("Is every contract signed?", {"document": "contract", "answer": "no"}, "no"),
        ("Is every contract signed?", {"document": "invoice"}, "other"),
        ("Is it over 1,000 euro?", {}, "yes"),
        ("Is it over 1,000 euro?", {"amount": "999.99"}, "no"),
        ("Is it over 1,000 euro?", {"currency": "USD"}, "no"),
        ("Is it over 1,000 euro?", {"amount": None}, "unclear"),
        ("Is it due before 2026-11-01?", {}, "no"),
        ("Is it due by 2026-11-01?", {}, "yes"),
        ("Are invoices over 2,000 euro paid?", {}, "other"),
        ("Are invoices over 1,000 euro paid?", {}, "yes"),
    ],
)
def test_verdicts(question: str, changes: dict[str, Any], word: str) -> None:
    assert judge(extraction(**changes), parse(question), 1, today=TODAY).word == word


def test_values_are_brought_into_one_writing() -> None:
    found = extraction(amount="1.234,5", currency="€", date="3 October 2026", due="soon", vendor="  A \n B ")
    fields = judge(found, parse(PAID), 1, today=TODAY).fields
    assert fields.told() == {
        "vendor": "A B", "number": "CF-2026-1", "date": "2026-10-03", "due": None, "amount": "1234.50",
        "currency": "EUR", "account": None, "payment_status": "paid",
    }  # fmt: skip


def test_the_status_is_told_where_it_was_asked_for() -> None:
    assert "payment_status" not in judge(extraction(), parse("Is there a VAT number?"), 1, today=TODAY).fields.told()


def test_what_is_out_of_bounds_is_put_right() -> None:
    verdict = judge(extraction(page=7, confidence=3.0, evidence="x" * 1000), parse(PAID), 2, today=TODAY)
    assert (verdict.page, verdict.confidence, len(verdict.evidence)) == (None, 1.0, 300)
    assert judge(extraction(confidence=float("nan")), parse(PAID), 2, today=TODAY).confidence == 0.0


def test_parts_of_a_long_document_are_one() -> None:
    parts = [extraction(document="letter", payment_status="none", number="L-1"), extraction(number=None, page=9)]
    whole = merged(parts)
    assert (whole.document, whole.payment_status, whole.page, whole.number) == ("invoice", "paid", 9, "L-1")


def test_a_number_with_two_accounts_raises_a_hand() -> None:
    def billed(file: str, account: str | None) -> Any:
        return row(file, verdict=Verdict(word="no", fields=Fields(vendor="V", number="R 1", account=account)))

    assert not any(one.hand for one in with_hands([billed("a", "DE1"), billed("b", "DE 1"), billed("c", None)]))
    (hand,) = [
        one.hand
        for one in with_hands([billed("a", "DE1"), billed("b", "DE2"), replace(billed("c", "DE3"), same_as="a")])
        if one.hand
    ]
    assert "R 1" in hand
