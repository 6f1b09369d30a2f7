"""What crosses an engine's door: page images, turns, requests, and the events of an answer. All frozen."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Mode = Literal["quick", "think", "deep"]
"""Answer at once, think first, or think in parallel and synthesise (PaCoRe)."""


class Lane(StrEnum):
    """Interactive requests go before batch ones; batch ones are never starved."""

    INTERACTIVE = "interactive"
    BATCH = "batch"


class Finish(StrEnum):
    """How an answer ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    LENGTH = "length"
    DEADLINE = "deadline"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An upright RGB page image. ``sha256`` is the hex digest of ``content`` and its identity."""

    sha256: str
    content: bytes = field(repr=False, compare=False)
    """PNG or JPEG bytes as the decoder wrote them, no stranger's."""
    width: int
    height: int
    label: str = ""
    """How people and the answer refer to it, such as ``#2 invoice.pdf, page 1``; a stranger's text."""
    text: str = field(default="", repr=False, compare=False)
    """The page's text layer, where the document has one: an aid, not the truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One side's say. Only a user's turn has images; an assistant's holds the answer without its reasoning. A system's
    comes first and holds rules for the whole conversation."""

    role: Literal["system", "user", "assistant"]
    text: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How tokens are drawn and how many. A temperature of 0 is greedy."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    """0 is no limit."""
    seed: int | None = None
    max_reasoning_tokens: int = 16_384
    max_answer_tokens: int = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Asks for an answer in JSON. An engine may hold its output to ``schema``; whoever asks checks it in any case."""

    question: str
    """What a person wants to know of the pages, without the instructions in which the turn wraps it."""
    schema: str
    """JSON Schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A conversation whose last turn waits for an answer."""

    id: str
    turns: tuple[Turn, ...]
    mode: Mode = "think"
    sampling: Sampling = Sampling()
    lane: Lane = Lane.INTERACTIVE
    owner: str = ""
    """Whose share of the line this takes."""
    thread: str = ""
    """Requests of one thread are answered in order."""
    group: str = ""
    """Requests of one group enter together and share one prefill."""
    deadline: float | None = None
    """When the answer must have ended, on the clock of ``time.monotonic``, waiting included."""
    explains: str = ""
    """The id of an answered request: how that answer came to be is wanted, as a Summary, and no other answer."""
    form: Form | None = None
    """Set where the answer is for a program, which wants no summary of the thinking either."""

    @property
    def images(self) -> tuple[Image, ...]:
        """All images of all turns, in order."""
        return tuple(image for turn in self.turns for image in turn.images)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens, counted by the engine; zero where it has no notion of them."""

    prompt_tokens: int = 0
    image_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    answer_tokens: int = 0

    def including(self, aside: "Usage") -> "Usage":
        """With a sample whose words are not the answer: they count as reasoning."""
        return Usage(
            prompt_tokens=self.prompt_tokens + aside.prompt_tokens,
            image_tokens=self.image_tokens + aside.image_tokens,
            cached_tokens=self.cached_tokens + aside.cached_tokens,
            reasoning_tokens=self.reasoning_tokens + aside.reasoning_tokens + aside.answer_tokens,
            answer_tokens=self.answer_tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds since the request was made."""

    queued_s: float = 0.0
    first_token_s: float | None = None
    total_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """Waiting; ``position`` 1 is next. ``eta_s`` is seconds until the start, if it can be told."""

    position: int
    eta_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The engine has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Countable work before the first word: ``done`` of ``total`` pages read, or of lines of thought once thinking."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """A piece of the model's reasoning. Never shown raw."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The whole of a short abstract of the reasoning, in the language of the question."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence of small print for whoever asked: what in the making of the answer was not as usual."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A piece of the answer; the pieces joined are the answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The last event of every stream that was not closed and did not raise."""

    finish: Finish = Finish.COMPLETE
    usage: Usage = Usage()
    timings: Timings = Timings()
    explainable: bool = False
    """A request that ``explains`` this one gets its Summary, for as long as the engine remembers."""


Event = Queued | Started | Progress | Thought | Summary | Note | Text | Done
