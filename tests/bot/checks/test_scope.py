"""Which messages ask for a check of their channel, and of what."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.scope import Scope, read

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (
            "check this channel: has every invoice since 1 October been paid?",
            Scope(question="has every invoice been paid?", since=day(10, 1)),
        ),
        (
            "Please check the whole channel since 2026-10-01 until 2026-10-31, only PDFs: is it paid?",
            Scope(question="is it paid?", since=day(10, 1), until=day(11, 1), only="pdf"),
        ),
        (
            "check #invoices, #bills and this channel since 2026-10-01: is it paid?",
            Scope(question="is it paid?", since=day(10, 1), channels=("", "invoices", "bills")),
        ),
        (
            "Check the channels #invoices & #bills-2026: paid?",
            Scope(question="paid?", channels=("invoices", "bills-2026")),
        ),
        (
            "has every invoice in #bills been paid?",
            Scope(question="has every invoice been paid?", channels=("bills",)),
        ),
        ("Has every invoice in this channel been paid?", Scope(question="Has every invoice been paid?")),
        ("check all invoices in this channel: paid?", Scope(question="paid?")),
        (
            "go through this channel, posted by @Ada: is there a VAT number?",
            Scope(question="is there a VAT number?", posted_by="ada"),
        ),
        (
            "has every invoice posted by @Ada Müller Lovelace in this channel been paid?",
            Scope(question="has every invoice been paid?", posted_by="ada müller lovelace"),
        ),
        ("check this channel from the last 2 weeks: is it paid?", Scope(question="is it paid?", since=day(11, 8))),
        ("check this channel this month: is it paid?", Scope(question="is it paid?", since=day(11, 1))),
        (
            "check this channel: which invoices are due before 1 December 2026?",
            Scope(question="which invoices are due before 1 December 2026?"),
        ),
        (
            "Prüfe diesen Kanal seit 3. Oktober: sind alle Rechnungen bezahlt?",
            Scope(question="sind alle Rechnungen bezahlt?", since=day(10, 3)),
        ),
        ("check this channel", Scope(question="")),
        ("check this channel until 9999-12-31: paid?", Scope(question="until 9999-12-31: paid?")),
        ("check this channel from the last 999 years: paid?", Scope(question="paid?")),
        ("check these invoices: have they been paid?", Scope(question="have they been paid?", files=True)),
        ("Check all attached documents: is it over 100 euro?", Scope(question="is it over 100 euro?", files=True)),
    ],
)
def test_checks(text: str, scope: Scope) -> None:
    assert read(text, NOW) == scope


@pytest.mark.parametrize(
    "text",
    [
        "Has this been paid?",
        "What is this channel for?",
        "check this",
        "is it in this channel?",
        "Check this picture",
        "Check the total: is it right?",
        "check #1 and #2: is it paid?",
        "is it in #bills?",
        "",
    ],
)
def test_what_asks_for_no_check(text: str) -> None:
    assert read(text, NOW) is None


@pytest.mark.parametrize(
    "text", ["x" + " " * 20_000 + "y", "check #a" + " and" * 5_000, "check #a" + ", #b" * 900, "in #" * 900]
)
def test_long_texts_keep_nobody_waiting(text: str) -> None:
    began = time.process_time()
    read(text, NOW)
    assert time.process_time() - began < 1


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    read(f"check this channel {text}", NOW)
