"""What the store hands out. Frozen."""

from dataclasses import dataclass
from enum import StrEnum

from adapters.base import Incoming, Mode
from inference.types import Finish, Image


class Outdated(Exception):
    """The job is not what it was: its question was edited, or something that it is about deleted. Read it again."""


class State(StrEnum):
    """Where a job stands. ``answered`` means written down, but not yet known to be seen."""

    WAITING = "waiting"
    ANSWERED = "answered"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a question ended. ``text`` is the answer, or the sentence that says why there is none."""

    text: str
    finish: Finish | None
    """None for the reply to a command, which is no part of the talk."""
    reasoning: str = ""
    notes: tuple[str, ...] = ()
    engine_seconds: float = 0.0
    """From its start to its end, without the waiting in line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A question or command that was accepted."""

    id: int
    thread_id: int
    incoming: Incoming
    question: str
    mode: Mode | None
    state: State
    attempts: int
    post: str | None
    """The platform's id of our post, once there is one."""
    outcome: Outcome | None = None
    """Unless it still waits."""
    revision: int = 0
    forgotten: bool = False
    """Its words are gone, and so is its answer; what was shown of that is to be taken back."""
    ours: bool = True
    """Whether this process is to pursue it; otherwise another replica is at its thread."""
    behind: bool = False
    """It is ours, and something older was open in its thread when it was claimed."""
    explainer: str | None = None
    """The id of somebody who wants to hear how the answer came to be."""
    stopping: bool = False
    """Somebody wants it stopped."""
    watch: int | None = None
    """The standing check that it belongs to, if it is no question of anybody's."""

    @property
    def explains(self) -> bool:
        """Its answer stands, and is shown once more with how it came to be."""
        return self.explainer is not None and self.state is State.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of a thread and what became of it."""

    job_id: int
    attachment: str
    name: str
    """As its owner named it: a stranger's text."""
    fate: str
    """used, converted, partial or skipped."""
    reason: str
    """A sentence, unless it was used as it is."""
    number: int | None = None
    pages: tuple[Image, ...] = ()
    message: str = ""
    """The id of the message that it hangs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A message whose words surround a question. ``author`` is an id."""

    message: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question of a thread with its documents, and its answer unless it still waits for one."""

    job_id: int
    author: str
    question: str
    context: str
    documents: tuple[Document, ...]
    answer: str | None
    """None where there was none, or only a sentence of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What a question's thread holds when its turn comes."""

    exchanges: tuple[Exchange, ...]
    """Oldest first, up to and with the question's own; page images without their bytes."""
    follows: bool
    """Whether there was a question before it."""
    check: tuple[int, str] | None
    """The job of the newest check before it, with its question."""
