"""When a digest is due. All times are in UTC. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_DAY = "|".join(f"{day[:3]}(?:{day[3:]})?s?" for day in DAYS)
_HOUR = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?(?:\s*o'?clock)?(?:\s*utc)?"
_SCHEDULE = (
    rf"(?:(?:a |with a )?digest\s+)?(?:(?P<daily>every day|daily)|every (?P<named>{_DAY})|on (?P<plural>{_DAY})"
    rf"|(?P<weekly>every week|weekly)(?: on (?P<of_week>{_DAY}))?)(?:\s+at\s+{_HOUR})?"
)
WORDS = re.compile(_SCHEDULE, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Every week, or every day where ``weekday`` is None. Monday is 0."""

    weekday: int | None = 0
    hour: int = 9
    minute: int = 0

    @classmethod
    def load(cls, stored: str) -> Self:
        """The inverse of ``dump``."""
        day, hour, minute = (int(number) for number in stored.split())
        return cls(weekday=day if day >= 0 else None, hour=hour, minute=minute)

    def dump(self) -> str:
        """For the store."""
        return f"{-1 if self.weekday is None else self.weekday} {self.hour} {self.minute}"

    def after(self, moment: datetime) -> datetime:
        """The first time later than ``moment``."""
        moment = moment.astimezone(UTC)
        due = datetime.combine(moment.date(), time(self.hour, self.minute), UTC)
        if self.weekday is not None:
            due += timedelta(days=(self.weekday - moment.weekday()) % 7)
        step = timedelta(days=1 if self.weekday is None else 7)
        return due if due > moment else due + step

    def __str__(self) -> str:
        day = "every day" if self.weekday is None else f"every {DAYS[self.weekday]}"
        return f"{day} at {self.hour:02}:{self.minute:02} UTC"


def schedule(words: re.Match[str]) -> Schedule | None:
    """What a match of ``WORDS`` says; None if there is no such hour."""
    hour, minute = int(words["hour"] or 9), int(words["minute"] or 0)
    if words["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if words["half"].lower() == "pm" else 0)
    if hour > 23 or minute > 59:
        return None
    name = words["named"] or words["plural"] or words["of_week"]
    day = next((number for number, day in enumerate(DAYS) if name and name.lower().startswith(day[:3].lower())), 0)
    return Schedule(weekday=None if words["daily"] else day, hour=hour, minute=minute)
