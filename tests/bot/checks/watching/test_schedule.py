"""When digests are due."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.watching.schedule import WORDS, Schedule, schedule

SCHEDULES = st.builds(
    Schedule,
    weekday=st.none() | st.integers(0, 6),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
MOMENTS = st.datetimes(
    min_value=datetime(2001, 1, 1),  # noqa: DTZ001
    max_value=datetime(2199, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30)), timezone(timedelta(hours=14))]),
)


@given(SCHEDULES, MOMENTS)
def test_the_next_time_is_the_first_that_fits_and_later(when: Schedule, moment: datetime) -> None:
    due = when.after(moment)
    period = timedelta(days=1 if when.weekday is None else 7)
    assert moment < due <= moment + period
    assert (due.hour, due.minute, due.second, due.microsecond) == (when.hour, when.minute, 0, 0)
    assert when.weekday in (None, due.weekday())
    assert when.after(due) == due + period
    assert when.after(due - timedelta(microseconds=1)) == due


@given(SCHEDULES)
def test_it_is_kept_and_said_and_understood(when: Schedule) -> None:
    assert Schedule.load(when.dump()) == when
    words = WORDS.fullmatch(str(when))
    assert words is not None
    assert schedule(words) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("every day", Schedule(weekday=None)),
        ("daily at 12am", Schedule(weekday=None, hour=0)),
        ("daily at 12 pm", Schedule(weekday=None, hour=12)),
        ("every wed at 7.15", Schedule(weekday=2, hour=7, minute=15)),
        ("on Sundays", Schedule(weekday=6)),
        ("weekly on thursday", Schedule(weekday=3)),
        ("daily at 24", None),
        ("daily at 13pm", None),
        ("daily at 9:60", None),
    ],
)
def test_words(text: str, when: Schedule | None) -> None:
    words = WORDS.fullmatch(text)
    assert words is not None
    assert schedule(words) == when
