"""Sharing the work with other processes on the same database: what is ours to do, and who of them is alive."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot import absence
from bot.jobs import Jobs
from bot.store.records import Job
from bot.store.store import Store

log = structlog.get_logger()

_LOOK_S = 0.5
_BEAT_S = 2.0


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does what others let us know of."""

    start: Callable[[Job], None]
    """Pursues a job; where it runs already, that is no matter."""
    hear: Callable[[], Awaitable[None]]
    """Takes what was said in threads that others made ours."""
    forget: Callable[[frozenset[str], frozenset[str]], None]
    """Lets go of these threads and pictures in memory, as an engine does."""


class Sharing:
    """Takes up what others heard of and we are to do, what they left, and what they want changed."""

    def __init__(self, store: Store, jobs: Jobs, hands: Hands) -> None:
        self._replicas = store.replicas
        self._jobs = jobs
        self._hands = hands
        self._alone = asyncio.Lock()
        self._beat_at = 0.0
        self._listening: dict[str, set[int]] = defaultdict(set)
        """By platform, which parts we listen to."""

    @asynccontextmanager
    async def joined(self, platforms: Sequence[str]) -> AsyncIterator[None]:
        """Be one of those who answer on these platforms; in the end the others get what is left."""
        await self._replicas.join(*platforms)
        try:
            yield
        finally:
            try:
                await self._replicas.leave()
            except absence.AWAY as error:
                log.warning("not_handed_over", kind=type(error).__name__)

    @asynccontextmanager
    async def turn(self, platform: str, part: int, parts: int) -> AsyncIterator[None]:
        """Wait until no other process listens to that part of the platform, and do so alone, as one of those parts that
        are our share: where there are others, they get theirs. Who is alone goes on listening while the database is
        away: Discord would not repeat what is said meanwhile."""
        ours = self._listening[platform]

        def is_our_share() -> bool:
            before = [one for one in ours if part not in ours or one < part]
            return len(before) < self._replicas.share(platform, parts)

        name = f"listen to {platform} {part} of {parts}"
        async with self._replicas.turn(name, is_our_share, lambda: self._replicas.alone):
            ours.add(part)
            try:
                yield
            finally:
                ours.discard(part)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._look()
            except absence.AWAY as error:
                if not absence.passes(error):
                    raise
                log.warning("not_shared", kind=type(error).__name__)
            await asyncio.sleep(_BEAT_S if self._replicas.alone else _LOOK_S)

    async def _look(self) -> None:
        now = time.monotonic()
        if now >= self._beat_at:
            self._beat_at = now + _BEAT_S
            if not await self._replicas.beat():
                log.warning("taken_for_dead")
                await self._replicas.join_again()  # first, so that nothing more is accepted under the dead one's name
                await self._jobs.abandon()
                self._beat_at = now
            elif not self._replicas.alone:
                await self._hands.hear()
                if (gone := await self._replicas.news()).threads:
                    self._hands.forget(frozenset(str(number) for number in gone.threads), gone.pictures)
        await self.take_up()

    async def take_up(self, *, before: int | None = None) -> None:
        """Pursue what is open and ours, stop what somebody wants stopped, and break off what is out of date. Only jobs
        ``before`` that one, if it is given."""
        async with self._alone:
            with self._jobs.noting_ends() as ended:
                there = [one for one in await self._replicas.take() if before is None or one.id < before]
                new = [one.id for one in there if not self._jobs.runs(one.id)]
                jobs = await self._replicas.read(new) if new else []
            for job in jobs:
                if job.id not in ended:
                    self._hands.start(job)
            for one in there:
                if one.stopping:
                    self._jobs.stop(one.id)
                self._jobs.outdate(one.id, one.revision)
