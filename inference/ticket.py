"""A request in the manager's hands: what is known of it, and what its reader is told."""

import asyncio
import contextvars
from collections.abc import Callable
from dataclasses import replace

from inference.engine import Cost
from inference.errors import EngineError
from inference.line import Entry
from inference.outbox import Outbox
from inference.pace import Run
from inference.types import Done, Event, Finish, Queued, Request, Text, Thought, Timings


class Ticket(Entry):
    """``clock`` is what times are measured on."""

    def __init__(self, request: Request, cost: Cost, clock: Callable[[], float]) -> None:
        super().__init__(request, cost)
        self.outbox = Outbox()
        self.timer: asyncio.TimerHandle | None = None
        self.task: asyncio.Task[None] | None = None
        """Runs the answer; set once it begins."""
        self.context = contextvars.copy_context()
        """Of whoever asks: log lines about the answer belong there, whoever's end lets it begin."""
        self._clock = clock
        self._position = 0
        self._made = clock()
        self._begun: float | None = None
        self._first_token: float | None = None

    @property
    def age(self) -> float:
        """Seconds since the request was made."""
        return self._clock() - self._made

    @property
    def running_s(self) -> float:
        """Seconds since it began to run."""
        return self._clock() - self._begun if self._begun is not None else 0.0

    def begin(self, task: asyncio.Task[None]) -> None:
        self.task = task
        self._begun = self._clock()

    def tell(self, position: int, eta_s: float | None) -> None:
        """Say where it stands, if that has changed."""
        if position != self._position:
            self._position = position
            self.outbox.put(Queued(position=position, eta_s=eta_s))

    def put(self, event: Event) -> None:
        """Pass on what the engine says."""
        if self._first_token is None and isinstance(event, Text | Thought):
            self._first_token = self._clock()
        self.outbox.put(event)

    def finish(self, done: Done) -> None:
        """Say the last word, with the timings of the whole."""
        timings = Timings(
            queued_s=self.age - self.running_s,
            first_token_s=None if self._first_token is None else self._first_token - self._made,
            total_s=self.age,
        )
        self.outbox.put(replace(done, timings=timings))
        self.outbox.end()

    def fail(self, error: EngineError) -> None:
        """Let the reader have what was said, and then the error."""
        self.outbox.end(error)

    def run(self, done: Done) -> Run:
        """What there is to learn from an answer that ends now."""
        assert self._begun is not None
        return Run(
            mode=self.request.mode,
            cost=self.cost,
            usage=done.usage,
            first_token_s=None if self._first_token is None else self._first_token - self._begun,
            total_s=self.running_s,
            whole=done.finish in (Finish.COMPLETE, Finish.LENGTH),
        )
