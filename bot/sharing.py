"""Sharing the work with other processes on the same database: what is ours to do, and who of them is alive."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog

from bot import absence
from bot.jobs import Jobs
from bot.store.records import Job
from bot.store.store import Store

log = structlog.get_logger()

_LOOK_S = 0.5
_BEAT_S = 2.0


class Sharing:
    """Takes up what others heard of and we are to do, what they left, and what they want changed. ``start`` pursues a
    job; where it runs already, that is no matter. ``hear`` takes what was said in threads that others made ours."""

    def __init__(
        self, store: Store, jobs: Jobs, start: Callable[[Job], None], hear: Callable[[], Awaitable[None]]
    ) -> None:
        self._store = store
        self._replicas = store.replicas
        self._jobs = jobs
        self._start = start
        self._hear = hear
        self._alone = asyncio.Lock()
        self._beat_at = 0.0

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

    def turn(self, platform: str) -> AbstractAsyncContextManager[None]:
        """Wait until no other process listens to the platform, and do so alone."""
        return self._replicas.turn(f"listen to {platform}")

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_BEAT_S if self._replicas.alone else _LOOK_S)
            try:
                await self._look()
            except absence.AWAY as error:
                if not absence.passes(error):
                    raise
                log.warning("not_shared", kind=type(error).__name__)

    async def _look(self) -> None:
        now = time.monotonic()
        if now >= self._beat_at:
            self._beat_at = now + _BEAT_S
            if not await self._replicas.beat():
                log.warning("taken_for_dead")
                await self._jobs.abandon()
                await self._replicas.join_again()
            if not self._replicas.alone:
                await self._hear()
        await self.take_up()

    async def take_up(self) -> None:
        """Pursue what is open and ours, stop what somebody wants stopped, and break off what is out of date."""
        async with self._alone:
            with self._jobs.noting_ends() as ended:
                there = await self._replicas.take()
                new = [one.id for one in there if not self._jobs.runs(one.id)]
                jobs = await self._replicas.read(new) if new else []
            for job in jobs:
                if job.id not in ended:
                    self._start(job)
            for one in there:
                if one.stopping:
                    self._jobs.stop(one.id)
                self._jobs.outdate(one.id, one.revision)
