"""What people say about watches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.watching.orders import Begin, Change, List, Put, read
from bot.checks.watching.schedule import Schedule

WEEKLY = Schedule()
PAID = "has this invoice been paid?"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (f"watch this channel: {PAID}", Begin(PAID, WEEKLY)),
        (f"Please watch the channel: {PAID}", Begin(PAID, WEEKLY)),
        (f"watch this channel, {PAID}", Begin(PAID, WEEKLY)),
        (f"watch this channel every day at 17:30: {PAID}", Begin(PAID, Schedule(weekday=None, hour=17, minute=30))),
        (f"watch this channel every day at 5pm: {PAID}", Begin(PAID, Schedule(weekday=None, hour=17))),
        (f"watch this channel: {PAID} every Friday", Begin(PAID, Schedule(weekday=4))),
        (
            f"watch this channel: {PAID} Digest weekly on tuesday at 8 UTC.",
            Begin(PAID, Schedule(weekday=1, hour=8)),
        ),
        (f"watch this channel: {PAID}\ndaily", Begin(PAID, Schedule(weekday=None))),
        ("watch this channel: is it paid every day", Begin("is it paid every day", WEEKLY)),
        ("watch this channel: was it sent every Monday?", Begin("was it sent every Monday?", WEEKLY)),
        ("watch this channel: paid? every day at 25", Begin("paid? every day at 25", WEEKLY)),
        ("watch this channel", Begin("", WEEKLY)),
        ("watch this channel daily:", Begin("", Schedule(weekday=None))),
        ("watches", List()),
        ("List watches.", List()),
        ("pause watch 1", Put(1, "paused")),
        ("Pause the watch #12.", Put(12, "paused")),
        ("resume watch 1", Put(1, "running")),
        ("remove watch 3", Put(3, "removed")),
        ("stop watch 3", Put(3, "removed")),
        ("change watch 2: is it signed?", Change(2, "is it signed?")),
        ("change watch 2: every day at 9", Change(2, "", Schedule(weekday=None))),
        ("edit watch 2: is it signed? weekly", Change(2, "is it signed?", WEEKLY)),
        ("change watch 2", Change(2)),
    ],
)
def test_orders(text: str, order: object) -> None:
    assert read(text) == order


@pytest.mark.parametrize(
    "text",
    [
        "who watches the watchmen?",
        "what does the watch in the picture cost?",
        "watch out: is this paid?",
        "pause",
        "pause watch",
        "stop",
        "remove watch 1 and 2",
        "when do you pause watch 1?",
        "is watch 1 waterproof?",
        "",
    ],
)
def test_what_is_said_of_other_things(text: str) -> None:
    assert read(text) is None


@given(st.text())
def test_any_words_after_the_order_are_the_question(text: str) -> None:
    order = read(f"watch this channel: {text}")
    assert isinstance(order, Begin)
    assert len(order.question) <= 2_000
    assert "\n" not in order.question


@pytest.mark.parametrize("words", ["daily at 9", "every week on monday at 9 am utc", "a digest", "?"])
def test_long_texts_are_read_at_once(words: str) -> None:
    for text in (words + " " * 40_000 + "y", f"{words} " * 4_000, f"{words}\t:" * 4_000):
        assert isinstance(read(f"watch this channel {text}"), Begin)


@given(st.text())
def test_nothing_that_strangers_write_is_a_fault(text: str) -> None:
    read(text)
    read(f"change watch 1{text}")
