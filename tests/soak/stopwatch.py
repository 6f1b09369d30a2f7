"""What the bot itself takes over each question, read off the named places on an answer's way."""

import asyncio
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from stamina.instrumentation import RetryDetails
from structlog.contextvars import get_contextvars

from adapters.recent import Recent
from inference.types import Request

_SHOWING = ("before call chat.update", "before call edit")
"""How an answer's showing begins, on each platform."""
_MOST_UNDER_WAY = 500
_POSTING = "job "
"""How the task is named that brings a question's post; the engine is asked by another."""


@dataclass
class OwnTime:
    """A clock that stands still while a platform is at it."""

    elsewhere: float = 0.0
    _away: set[str] = field(default_factory=set)
    """The tasks that are at it, side by side."""
    _left: float = 0.0

    def now(self) -> float:
        return (self._left if self._away else time.perf_counter()) - self.elsewhere

    def leave(self, task: str) -> None:
        if not self._away:
            self._left = time.perf_counter()
        self._away.add(task)

    def come_back(self, task: str) -> None:
        self._away.remove(task)
        if not self._away:
            self.elsewhere += time.perf_counter() - self._left


@dataclass(frozen=True)
class Taken:
    """Seconds of ours from a question's event to the engine, and from its whole answer to the call that shows it; of
    the platform's, before the engine: in calls that the engine had to wait for, and in waits that it imposed. The call
    that shows the placeholder is none of these, as the engine does not wait for it. ``picture``: a file was read."""

    picture: bool
    to_engine: float
    to_post: float
    platform: float


@dataclass
class _Question:
    way: OwnTime = field(default_factory=OwnTime)
    """On which the calls of whoever brings the placeholder take nothing: the engine is asked beside them."""
    whole: OwnTime = field(default_factory=OwnTime)
    """On which all calls take their time."""
    began: float = 0.0
    picture: bool = False
    to_engine: float | None = None
    platform: float = 0.0
    answered: float | None = None

    def leave(self) -> None:
        """For a call, or until there is one."""
        for clock in self._running():
            clock.leave(_task())

    def come_back(self) -> None:
        for clock in self._running():
            clock.come_back(_task())

    def _running(self) -> tuple[OwnTime, ...]:
        """The clocks that a call of the present task stops."""
        return (self.whole,) if _task().startswith(_POSTING) else (self.whole, self.way)


class Stopwatch:
    """``reached`` listens at the fail points and ``tried_again`` to retries; the engine's script says the rest."""

    def __init__(self) -> None:
        self._questions: Recent[str, _Question] = Recent(_MOST_UNDER_WAY)
        self._taken: list[Taken] = []

    def reached(self, place: str) -> None:
        if place == "event" and _name() not in self._questions:
            self._questions[_name()] = question = _Question()
            question.began = question.way.now()
        question = self._questions.get(_name())
        if question is None:
            return
        if place in _SHOWING and question.answered is not None and question.to_engine is not None:
            to_post = question.whole.now() - question.answered
            self._taken.append(Taken(question.picture, question.to_engine, to_post, question.platform))
            question.answered = None
        if place.startswith("before call "):
            question.leave()
        elif place.startswith(("after call ", "failed call ")):
            question.come_back()

    def tried_again(self, _: RetryDetails) -> None:
        """From now on until it is tried again it is the platform that lets us wait."""
        question = self._questions.get(_name())
        if question is not None:
            question.leave()

    def asked(self, request: Request) -> None:
        """The engine has it."""
        question = self._questions.get(_name())
        if question is not None:
            question.to_engine = question.way.now() - question.began
            question.platform = question.way.elsewhere
            question.picture = bool(request.turns[-1].images)

    def answered(self) -> None:
        """The engine has said it all."""
        question = self._questions.get(_name())
        if question is not None:
            question.answered = question.whole.now()

    def take(self) -> list[dict[str, Any]]:
        """What was taken since the last time."""
        taken, self._taken = self._taken, []
        return list(map(asdict, taken))


def _name() -> str:
    """Under which the question is logged."""
    return str(get_contextvars().get("request", ""))


def _task() -> str:
    task = asyncio.current_task()
    assert task is not None, "calls are made by tasks"
    return task.get_name()
