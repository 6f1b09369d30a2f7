"""What the bot itself takes over each question, read off the named places on an answer's way."""

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


@dataclass
class OwnTime:
    """A clock that stands still while a platform is at it."""

    elsewhere: float = 0.0
    _left: float | None = None

    def now(self) -> float:
        return (time.perf_counter() if self._left is None else self._left) - self.elsewhere

    def leave(self) -> None:
        self._left = self._left or time.perf_counter()

    def come_back(self) -> None:
        if self._left is not None:
            self.elsewhere += time.perf_counter() - self._left
            self._left = None


@dataclass(frozen=True)
class Taken:
    """Seconds of ours from a question's event to the engine, and from its whole answer to the call that shows it; of
    the platform's, before the engine: in calls, and in waits that it imposed. ``picture``: a file was read for it."""

    picture: bool
    to_engine: float
    to_post: float
    platform: float


@dataclass
class _Question:
    clock: OwnTime = field(default_factory=OwnTime)
    began: float = 0.0
    picture: bool = False
    to_engine: float | None = None
    platform: float = 0.0
    answered: float | None = None


class Stopwatch:
    """``reached`` listens at the fail points and ``tried_again`` to retries; the engine's script says the rest."""

    def __init__(self) -> None:
        self._questions: Recent[str, _Question] = Recent(_MOST_UNDER_WAY)
        self._taken: list[Taken] = []

    def reached(self, place: str) -> None:
        if place == "event" and _name() not in self._questions:
            self._questions[_name()] = question = _Question()
            question.began = question.clock.now()
        question = self._questions.get(_name())
        if question is None:
            return
        if place in _SHOWING and question.answered is not None and question.to_engine is not None:
            to_post = question.clock.now() - question.answered
            self._taken.append(Taken(question.picture, question.to_engine, to_post, question.platform))
            question.answered = None
        if place.startswith("before call "):
            question.clock.leave()
        elif place.startswith(("after call ", "failed call ")):
            question.clock.come_back()

    def tried_again(self, details: RetryDetails) -> None:
        """From now on until it is tried again it is the platform that lets us wait."""
        question = self._questions.get(_name())
        if question is not None:
            question.clock.elsewhere += details.wait_for

    def asked(self, request: Request) -> None:
        """The engine has it."""
        question = self._questions.get(_name())
        if question is not None:
            question.to_engine = question.clock.now() - question.began
            question.platform = question.clock.elsewhere
            question.picture = bool(request.turns[-1].images)

    def answered(self) -> None:
        """The engine has said it all."""
        question = self._questions.get(_name())
        if question is not None:
            question.answered = question.clock.now()

    def take(self) -> list[dict[str, Any]]:
        """What was taken since the last time."""
        taken, self._taken = self._taken, []
        return list(map(asdict, taken))


def _name() -> str:
    """Under which the question is logged."""
    return str(get_contextvars().get("request", ""))
