"""The one fair, bounded line in front of an engine."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from inference.engine import Capacity, Cost, Engine
from inference.errors import Busy, Dead, EngineError, Failed
from inference.forecast import waits
from inference.line import Full, Line, LineLimits
from inference.pace import Pace
from inference.pausing import Pausing
from inference.room import Room
from inference.snapshot import Counts, Snapshot, ended
from inference.ticket import Ticket
from inference.types import Done, Event, Finish, Lane, Request

__all__ = ["InferenceManager", "LineLimits", "Snapshot"]

RETRY_S = 30.0
"""When to try again, as long as nothing was measured."""

FULL = "The line is full: please ask again in a moment."
YOURS_FULL = "You have as many questions in line as one may have: please wait for an answer before you ask more."
CLOSING = "I am about to restart: please ask again in a minute."
BROKEN_OFF = "The answer broke off. Please ask again."
UNEXPECTED = "Something went wrong while I was answering. Please ask again."

logger = logging.getLogger(__name__)


class InferenceManager:
    """An Engine around an Engine: decides which of the requests runs, and tells the others where they stand.

    Engines must count a request in ``capacity`` from the first step of its stream on. Text that gathers while a reader
    is away is merged, so a slow reader holds up nobody. ``clock`` is for measuring only; deadlines are real time."""

    def __init__(
        self, engine: Engine, limits: LineLimits | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._limits = limits or LineLimits()
        self._clock = clock
        self._line: Line[Ticket] = Line(self._limits)
        self._pace = Pace()
        self._pausing = Pausing(self._pause, self._limits)
        self._space = Room(self._limits.spare)
        self._counts = Counts()
        self._closing = False
        self._dead: Dead | None = None
        self._planned = False

    @property
    def name(self) -> str:
        return self._engine.name

    async def start(self) -> None:
        await self._engine.start()

    def cost(self, request: Request) -> Cost:
        return self._engine.cost(request)

    def capacity(self) -> Capacity:
        """Places in the line, and what else the engine has."""
        return replace(self._engine.capacity(), requests=self._limits.length - len(self._line.waiting))

    def snapshot(self) -> Snapshot:
        waiting = self._line.waiting
        return Snapshot(
            interactive=_of_lane(Lane.INTERACTIVE, waiting),
            batch=_of_lane(Lane.BATCH, waiting),
            running=len(self._line.running),
            paused=_of_lane(Lane.BATCH, self._line.running) if self._pausing.resting else 0,
            longest_wait_s=max((ticket.age for ticket in waiting), default=0.0),
            prompt_rate=self._pace.prompt_rate,
            output_rate=self._pace.output_rate,
            counts=self._counts,
            load=self._engine.capacity().load,
        )

    def pause(self, lanes: frozenset[Lane]) -> int:
        """Until the manager decides anew."""
        return self._engine.pause(lanes)

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        self._engine.forget(threads, pictures)

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        """Queued at once if it must wait and whenever its position changes, then the engine's events, with the timings
        of the whole. Busy if there is no place. A request whose deadline comes in the line ends with Done."""
        ticket = self._enter(request)
        try:
            async for event in ticket.outbox:
                yield event
        finally:
            await self._leave(ticket)

    async def close(self) -> None:
        """Take nobody any more, send the waiting away, give the running some time, then stop them."""
        self._closing = True
        for ticket in self._line.waiting:
            self._line.remove(ticket)
            ticket.fail(Busy(CLOSING, retry_after=RETRY_S))
        self._pausing.stop()
        tasks = [ticket.task for ticket in self._line.running if ticket.task]
        if tasks:
            await asyncio.wait(tasks, timeout=self._limits.closing_s)
        for ticket in self._line.running:
            ticket.finish(Done(finish=Finish.STOPPED))
            await self._leave(ticket)
        await self._engine.close()

    def _enter(self, request: Request) -> Ticket:
        if self._dead:
            raise Dead(str(self._dead)) from self._dead
        if self._closing:
            raise Busy(CLOSING, retry_after=RETRY_S)
        ticket = Ticket(request, self._engine.cost(request), self._clock)
        left = None if request.deadline is None else request.deadline - time.monotonic()
        if left is not None and left <= 0:
            self._end(ticket, Done(finish=Finish.DEADLINE))
            return ticket
        self._line_up(ticket)
        if left is not None:
            ticket.timer = asyncio.get_running_loop().call_later(left, self._expire, ticket)
        return ticket

    def _line_up(self, ticket: Ticket) -> None:
        try:
            self._line.add(ticket)
        except Full as full:
            self._counts += Counts(refused=1)
            raise self._busy(ticket.request, full) from full
        if ticket.request.group:
            self._plan()
        elif not self._planned:
            self._admit()

    def _busy(self, request: Request, full: Full) -> Busy:
        """With the time until the first of those goes in whose places are taken."""
        waits = self._waits().items()
        taken = (seconds for one, seconds in waits if not full.owner or one.request.owner == request.owner)
        seconds = next(taken, None)
        return Busy(YOURS_FULL if full.owner else FULL, retry_after=RETRY_S if seconds is None else max(1.0, seconds))

    async def _leave(self, ticket: Ticket) -> None:
        """The reader has gone, or has read it all: whatever of the ticket is still waiting or running ends."""
        if ticket.timer:
            ticket.timer.cancel()
        if ticket.task is None:
            self._line.remove(ticket)
            self._plan()
        elif not ticket.task.done():
            ticket.task.cancel()
            await asyncio.wait([ticket.task])

    def _expire(self, ticket: Ticket) -> None:
        """The deadline came; a running answer is the engine's to end."""
        if ticket.task is None:
            self._line.remove(ticket)
            self._end(ticket, Done(finish=Finish.DEADLINE))
            self._plan()

    def _plan(self) -> None:
        """Look at the line when the rest of a group is in it as well, and the engine has counted those let in before:
        both happen in this turn of the event loop."""
        if not self._planned:
            self._planned = True
            asyncio.get_running_loop().call_soon(self._admit)

    def _admit(self) -> None:
        self._planned = False
        self._pausing.look([ticket.request.lane for ticket in self._line.running])
        if self._only_places_are_short():
            self._pausing.rest()
        scarce = self._space.scarce(self._engine.capacity())
        entering = self._line.take(self._room(scarce), self._pausing.open, scarce=scarce)
        for ticket in entering:
            self._begin(ticket)
        if entering:
            self._plan()
        else:
            self._tell()

    def _room(self, scarce: bool) -> int:
        """How many of those who are next may go in now: all of a party or none, unless the engine has nothing to do.
        Then as many as fit, and one in any case: if it is too much, the engine knows better what to say."""
        party = self._line.next(self._pausing.open, scarce=scarce)
        fitting = self._space.fitting(party, self._engine.capacity())
        if fitting < len(party) and self._line.running:
            return 0
        return max(1, fitting)

    def _only_places_are_short(self) -> bool:
        """Somebody could go in if the running answers of the batch lane rested."""
        party, free = self._line.next(), self._engine.capacity()
        if not party or self._pausing.alternating or party[0].request.lane is Lane.BATCH:
            return False
        places = free.requests + _of_lane(Lane.BATCH, self._line.running)
        return free.requests < len(party) <= places and self._space.affordable(party, free) == len(party)

    def _pause(self, lanes: frozenset[Lane]) -> None:
        self._counts += Counts(preemptions=self._engine.pause(lanes))
        self._plan()

    def _tell(self) -> None:
        """Tell those whose position has changed."""
        for position, (ticket, seconds) in enumerate(self._waits().items(), start=1):
            ticket.tell(position, seconds)

    def _waits(self) -> dict[Ticket, float | None]:
        running = self._line.running
        resting = _of_lane(Lane.BATCH, running) if self._pausing.resting else 0
        places = len(running) - resting + self._engine.capacity().requests
        return waits(self._pace, self._line.order(), running, places)

    def _begin(self, ticket: Ticket) -> None:
        task = asyncio.create_task(self._run(ticket), name=f"answer {ticket.request.id}", context=ticket.context)
        task.add_done_callback(partial(self._over, ticket), context=ticket.context)
        ticket.begin(task)
        self._counts += Counts(entered=1, waited_s=ticket.age)

    async def _run(self, ticket: Ticket) -> None:
        """Carry the engine's events to the outbox; Done once the engine is rid of the request."""
        deadline, done = ticket.request.deadline, None
        limit = asyncio.timeout(None if deadline is None else deadline - time.monotonic() + self._limits.overtime_s)
        try:
            async with limit, aclosing(self._engine.generate(ticket.request)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        done = event
                        break
                    ticket.put(event)
        except TimeoutError:
            if not limit.expired():
                raise
        if done:
            self._pace.learn(ticket.run(done))
        elif limit.expired():
            done = Done(finish=Finish.DEADLINE)
        else:
            raise Failed(BROKEN_OFF)
        self._end(ticket, done)

    def _end(self, ticket: Ticket, done: Done) -> None:
        self._counts += ended(done)
        ticket.finish(done)

    def _over(self, ticket: Ticket, task: asyncio.Task[None]) -> None:
        """The engine is rid of the request, however that came."""
        error = Failed(BROKEN_OFF) if task.cancelled() else _as_engine_error(task.exception())
        if error:
            self._counts += Counts(stopped=1) if task.cancelled() else Counts(failed=1)
            ticket.fail(error)
        self._line.remove(ticket)
        if isinstance(error, Dead):
            self._die(error)
        self._plan()

    def _die(self, error: Dead) -> None:
        self._dead = error
        self._pausing.stop()
        for ticket in self._line.waiting:
            self._line.remove(ticket)
            ticket.fail(Dead(str(error)))
        for ticket in self._line.running:
            ticket.fail(Dead(str(error)))
            if ticket.task:
                ticket.task.cancel()


def _of_lane(lane: Lane, tickets: Sequence[Ticket]) -> int:
    return sum(ticket.request.lane is lane for ticket in tickets)


def _as_engine_error(error: BaseException | None) -> EngineError | None:
    """What an engine raised, as the door allows it."""
    if error is None or isinstance(error, EngineError):
        return error
    logger.error("the engine raised what it must not", exc_info=error)
    failed = Failed(UNEXPECTED)
    failed.__cause__ = error
    return failed
