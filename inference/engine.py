"""The door for backends."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from inference.types import Event, Lane, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a request will take, as far as can be told before it runs."""

    prompt_tokens: int
    """Still to be computed: what a cache holds does not count."""
    output_tokens: int
    """At most."""
    bytes: int = 0
    """Of cache memory at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What an engine is busy with."""

    rows: int = 0
    """Answers that it writes now, those of parallel thinking each."""
    held_bytes: int = 0
    """Of memory for caches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What an engine could take on now, beside its load."""

    requests: int
    """Those that rest take no place, but keep their bytes."""
    tokens: int
    bytes: int = 0
    load: Load = Load()


class Engine(Protocol):
    """Answers requests. Raises EngineError and nothing else of a backend's making. Engines never queue by themselves:
    the manager in front decides who joins. A wrapper (manager, summary, deep) is an Engine around an Engine."""

    @property
    def name(self) -> str:
        """What answers, for people: ``reader`` or the model's name."""

    async def start(self) -> None:
        """Load what is needed. Dead if that cannot be done, with what to do next."""

    async def close(self) -> None:
        """Give everything back. Safe to call twice."""

    def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        """The events of one answer, Done last. Closing the stream stops the work."""

    def cost(self, request: Request) -> Cost:
        """Cheap: called on the event loop."""

    def capacity(self) -> Capacity:
        """Cheap: called on the event loop."""

    def pause(self, lanes: frozenset[Lane]) -> int:
        """Until the next call the answers of these lanes rest, between two steps, and then go on as if nothing had
        been. How many rest now: none where an engine does not work in steps."""

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        """Keep nothing in memory of these threads (``Request.thread``) and images (by SHA-256), nor of what runs in or
        with them now, once that has ended."""
