"""The jobs that are running: who owns them, how one is stopped, how all of them end."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import structlog

from bot import absence
from bot.store.records import Job, Outdated

log = structlog.get_logger()


@dataclass(slots=True)
class _Running:
    job: Job
    task: asyncio.Task[None]
    work: asyncio.Task[None] | None = None
    worked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the thread's next job may work."""
    posted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the thread's next job may post."""
    revision: int = 0
    """Of the job at whose work it is."""
    stopped: bool = False
    interrupted: bool = False


class Jobs:
    """Owns one task for each job and lets those of one thread work one after the other."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._running: dict[int, _Running] = {}
        self._asides: set[asyncio.Task[None]] = set()
        self._noting: list[set[int]] = []
        self._draining = False

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._group.__aexit__(kind, error, trace)

    def start(self, job: Job, pursue: Callable[[Job], Coroutine[None, None, None]], *, holds_up: bool = True) -> None:
        """Run ``pursue(job)`` in a task of its own, once however often it is asked. While we are ending, nothing is
        started: what was written down is found again at the next start. ``holds_up``: the thread's next job waits."""
        if job.id in self._running or self._draining:
            return
        task = self._group.create_task(_unless_away(pursue(job)), name=f"job {job.id}")
        running = self._running[job.id] = _Running(job, task)
        if not holds_up:
            running.worked.set()
        if not holds_up or job.post is not None or job.watch is not None:
            running.posted.set()
        task.add_done_callback(lambda _: self._ended(running))

    async def work(self, job: Job, work: Callable[[], Coroutine[None, None, None]]) -> bool:
        """Run the part of a job that a person can stop, in its thread's order; False if it was stopped. Outdated if it
        was broken off, though that may have come when it was already at what the job is now."""
        running = self._running[job.id]
        running.interrupted = False
        running.revision = job.revision
        running.work = asyncio.create_task(self._in_turn(running, work), name=f"work of job {job.id}")
        if running.stopped:
            running.work.cancel()
        try:
            await running.work
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not (running.stopped or running.interrupted) or (task is not None and task.cancelling()):
                raise
            if not running.stopped:
                raise Outdated from None
            return False
        finally:
            running.work = None
        return True

    def settled(self, job: Job) -> None:
        """What the job came to is written down, where the thread's next finds it."""
        running = self._running.get(job.id)
        if running is not None:
            running.worked.set()

    async def turn_to_post(self, job: Job) -> None:
        """Return once the thread's earlier jobs have their posts, so that answers stand in the order of questions."""
        for earlier in self._before(job):
            await earlier.posted.wait()

    def posted(self, job: Job) -> None:
        """The job has its post."""
        running = self._running.get(job.id)
        if running is not None:
            running.posted.set()

    def aside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run what is no job in a task of its own, unless we are ending."""
        if self._draining:
            work.close()
            return
        task = self._group.create_task(_unless_away(work), name=name)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def over(self, job_id: int) -> None:
        """Return once the job does not run any more."""
        running = self._running.get(job_id)
        if running is not None:
            await asyncio.wait([running.task])

    def stop(self, job_id: int) -> bool:
        """Stop one job; False if it does not run."""
        running = self._running.get(job_id)
        if running is None:
            return False
        running.stopped = True
        if running.work is not None:
            running.work.cancel()
        return True

    def interrupt(self, job_id: int) -> None:
        """Break off a job's work, which is out of date."""
        running = self._running.get(job_id)
        if running is not None and running.work is not None:
            running.interrupted = True
            running.work.cancel()

    def outdate(self, job_id: int, revision: int) -> None:
        """Break off a job's work unless it is at this revision."""
        running = self._running.get(job_id)
        if running is not None and running.work is not None and running.revision != revision:
            self.interrupt(job_id)

    def runs(self, job_id: int) -> bool:
        return job_id in self._running

    @contextmanager
    def noting_ends(self) -> Iterator[set[int]]:
        """The jobs that end during the block."""
        ended: set[int] = set()
        self._noting.append(ended)
        try:
            yield ended
        finally:
            self._noting.remove(ended)

    async def abandon(self) -> None:
        """Cancel all jobs, which are others' now."""
        tasks = [running.task for running in self._running.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def of(self, asker: str, *, thread_id: int | None) -> list[Job]:
        """The jobs that somebody has running in a thread."""
        jobs = [running.job for running in self._running.values()]
        return [job for job in jobs if job.incoming.author.id == asker and job.thread_id == thread_id]

    def get(self, job_id: int) -> Job | None:
        """A running job."""
        running = self._running.get(job_id)
        return running.job if running else None

    async def idle(self) -> None:
        """Return once nothing runs."""
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    async def drain(self, grace: float) -> None:
        """Give what runs ``grace`` seconds to end, then cancel it; it is found again at the next start."""
        self._draining = True
        if tasks := self._tasks():
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [*self._asides, *(running.task for running in self._running.values())]

    async def _in_turn(self, running: _Running, work: Callable[[], Awaitable[None]]) -> None:
        for earlier in self._before(running.job):
            await earlier.worked.wait()
        await work()

    def _before(self, job: Job) -> list[_Running]:
        """Those of the same thread."""
        return [one for one in self._running.values() if one.job.thread_id == job.thread_id and one.job.id < job.id]

    def _ended(self, running: _Running) -> None:
        running.worked.set()
        running.posted.set()
        del self._running[running.job.id]
        for ended in self._noting:
            ended.add(running.job.id)


async def _unless_away(work: Coroutine[None, None, None]) -> None:
    """What is in the store is found again at the next start; nobody else is to end with it."""
    try:
        await work
    except absence.AWAY as error:
        if not absence.passes(error):
            raise
        log.warning("left_for_later", kind=type(error).__name__)
