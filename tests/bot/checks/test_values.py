"""Amounts and days in the writing of people and models."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.50", "1234.50"),
        ("1.234,50 EUR", "1234.50"),
        ("1,234.50", "1234.50"),
        ("€ 1 234,50", "1234.50"),
        ("1,000 euro", "1000"),
        ("1.000.000", "1000000"),
        ("0.125", "0.125"),
        ("-12.00", "-12.00"),
        ("12'500.00", "12500.00"),
        ("nothing", None),
        ("", None),
    ],
)
def test_amounts(text: str, number: str | None) -> None:
    assert values.amount(text) == (Decimal(number) if number else None)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_we_write_we_read(number: Decimal) -> None:
    assert values.amount(values.written(number)) == number


@pytest.mark.parametrize(
    ("text", "code"), [("€", "EUR"), ("euro", "EUR"), ("usd", "USD"), ("zł", None), ("sek", "SEK"), ("元", "CNY")]
)
def test_currencies(text: str, code: str | None) -> None:
    assert values.currency(text) == code


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-03", date(2026, 10, 3)),
        ("3 October 2026", date(2026, 10, 3)),
        ("03/10/2026", date(2026, 10, 3)),
        ("3. März 2026", date(2026, 3, 3)),
        ("October", None),
        ("nonsense", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert values.day(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [("1 October", date(2026, 10, 1)), ("1 December", date(2025, 12, 1)), ("2026-01-05", date(2026, 1, 5))],
)
def test_days_without_a_year_have_been(text: str, day: date) -> None:
    assert values.past_day(text, date(2026, 11, 22)) == day


@given(st.text(max_size=80))
def test_strangers_texts_are_read_or_not(text: str) -> None:
    values.amount(text)
    values.currency(text)
    values.day(text)
