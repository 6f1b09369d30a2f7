"""What people say about watches. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.checks.watching.schedule import WORDS, Schedule, schedule

_BEGIN = re.compile(r"\W*(?:please\s+)?watch\s+(?:this|the)\s+channel\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_LIST = re.compile(r"!?(?:(?:list|show)\s+(?:all\s+|the\s+)?)?watches[.!?]?", re.IGNORECASE)
_SET = re.compile(
    r"!?(?P<verb>pause|resume|remove|delete|stop|end)\s+(?:the\s+)?watch\s+#?(?P<number>\d{1,6})[.!]?", re.IGNORECASE
)
_CHANGE = re.compile(
    r"!?(?:change|edit)\s+(?:the\s+)?watch\s+#?(?P<number>\d{1,6})\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_EARLY = re.compile(rf"[\s,]*{WORDS.pattern}\s*:", re.IGNORECASE)
_AROUND = " :,;-–—"
_LONGEST_QUESTION = 2_000
_LONGEST_SCHEDULE = 100

State = Literal["running", "paused", "removed"]
_STATES: dict[str, State] = {"pause": "paused", "resume": "running"}


@dataclass(frozen=True, slots=True)
class Begin:
    """Watch this channel. The question may be missing."""

    question: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Change:
    """Of what is empty or None nothing changes."""

    number: int
    question: str = ""
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """Pause, resume or remove a watch."""

    number: int
    state: State


@dataclass(frozen=True, slots=True)
class List:
    """Say which there are."""


Order = Begin | Change | Put | List


def read(text: str) -> Order | None:
    """None where no watch is spoken of. A long run of spaces would keep the patterns busy for minutes."""
    text = " ".join(text.split())
    if begin := _BEGIN.fullmatch(text):
        question, when = _parted(begin["rest"])
        return Begin(question, when or Schedule())
    if change := _CHANGE.fullmatch(text):
        return Change(int(change["number"]), *_parted(change["rest"]))
    if put := _SET.fullmatch(text):
        return Put(int(put["number"]), _STATES.get(put["verb"].lower(), "removed"))
    return List() if _LIST.fullmatch(text) else None


def _parted(rest: str) -> tuple[str, Schedule | None]:
    """The question, and when digests are wanted. That stands before the colon or, set apart, at the end: in `has it
    been paid every day` it is part of the question."""
    early = _EARLY.match(rest)
    if early and (when := schedule(early)):
        return _bare(rest[early.end() :]), when
    for late in WORDS.finditer(rest, max(0, len(rest) - _LONGEST_SCHEDULE)):
        apart = rest[: late.start()].rstrip()
        ends = not rest[late.end() :].strip(" .!")
        if ends and (not apart or apart[-1] in "?.!,;:–—-") and (when := schedule(late)):
            return _bare(apart), when
    return _bare(rest), None


def _bare(text: str) -> str:
    return text.strip(_AROUND)[:_LONGEST_QUESTION]
