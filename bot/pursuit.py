"""One job from its claim to its delivery, wherever an earlier process left it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import structlog

from adapters.base import Post
from adapters.errors import AdapterError, Gone
from bot import absence, exports, missed, replies
from bot.absence import Absence
from bot.answering import Begun, Means
from bot.catch_up import CatchUp
from bot.checks import channel as checks
from bot.checks.work import Told, Work, work_of
from bot.delivery import Delivery, Tag
from bot.jobs import Jobs
from bot.store.records import Job, Outcome, Outdated, State
from inference.errors import Dead
from inference.types import Finish

log = structlog.get_logger()

_MOST_ATTEMPTS = 5
"""Times that an answer is begun. What ended the process so often is likely to end it again."""
_LEAST_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every pursuit has in common."""

    means: Means
    jobs: Jobs
    catch_up: CatchUp
    give_up: Callable[[Dead], None]
    """Told when the engine is gone."""
    absence: Absence


class Pursuit:
    """Answers and delivers one job. ``again``: an earlier process may have begun to show it. ``explainable``: the
    engine remembers the reasoning, which it does for as long as this process lives."""

    def __init__(
        self, job: Job, delivery: Delivery, around: Surroundings, *, again: bool, explainable: bool = False
    ) -> None:
        self._job = job
        self._delivery = delivery
        self._around = around
        self._store = around.means.store
        self._again = again
        self._explainable = explainable
        self._placed: str | None = None
        """What was posted, though the row may not say so yet."""
        self._begun = False
        self._ended: Outcome | None = None
        """The answer, though the row may not say so yet."""

    async def run(self) -> None:
        """Begins anew whenever the job is not what it was, and goes on when the store is back."""
        try:
            while not await self._over():
                """One way or another it is not yet."""
        finally:
            self._around.absence.over(self._job.id)

    async def _over(self) -> bool:
        try:
            await self._pursue()
        except Outdated:
            log.info("outdated")
            self._ended = None
        except absence.AWAY as error:
            if not absence.passes(error):
                raise
            await self._sit_out(error)
        else:
            return True
        return not await self._renewed()

    async def _renewed(self) -> bool:
        """Look what the job is now; False once nothing is left of it."""
        while True:
            try:
                job = await self._store.job(self._job.id)
            except absence.AWAY as error:
                await self._sit_out(error)
            else:
                self._job = job or self._job
                return job is not None

    async def _sit_out(self, error: BaseException) -> None:
        post = self._job.post or self._placed
        if post is not None and self._ended is None and self._job.state is State.WAITING:
            await self._delivery.draft(self._job.incoming.thread, post, replies.held_up(self._job.id))
        await self._around.absence.sit_out(self._job.id, error)

    async def _pursue(self) -> None:
        if self._placed is not None and self._job.post is None:
            await self._place()
        try:
            if self._job.state is State.WAITING:
                await self._answer()
            await self._deliver()
        except Gone:
            log.info("thread_gone")
            await self._store.undeliverable(self._job, Gone.__name__, gone=True)
        except AdapterError as error:
            log.warning("undeliverable", reason=str(error))
            self._job = await self._store.undeliverable(self._job, type(error).__name__)
            await self._say_so()

    async def _answer(self) -> None:
        if self._ended is None:
            self._ended = await self._attempt()
        self._job = await self._store.answered(self._job, self._ended)
        self._around.jobs.settled(self._job)

    async def _attempt(self) -> Outcome:
        """What counts as an attempt is a process that may not survive it."""
        if not self._begun and self._job.attempts >= _MOST_ATTEMPTS:
            return Outcome(text=replies.GAVE_UP, finish=Finish.FAILED)
        if self._job.post is None:
            await self._post(replies.placeholder(self._job.id))
        job = replace(self._job, post=self._job.post or self._placed)
        async with _beside(self._begin()) as begun:
            return await self._outcome(job, begun)

    async def _begin(self) -> None:
        """Write down where the answer will stand, and that it is attempted."""
        if self._job.post is None:
            await self._place(begins=not self._begun)
        elif not self._begun:
            self._job = await self._store.begun(self._job)
        self._begun = True

    async def _outcome(self, job: Job, begun: Begun) -> Outcome:
        answering: Work | missed.Answered = Told(replies.FAILED)
        try:
            answering = await self._work(job)
            ended = await self._around.jobs.work(job, partial(answering.run, begun))
        except Dead as error:
            self._around.give_up(error)
            return answering.outcome
        except Outdated:
            raise
        except Exception as error:
            if absence.passes(error):
                raise
            log.exception("answer_failed")
            return Outcome(text=replies.FAILED, finish=Finish.FAILED)
        self._explainable = answering.explainable
        finish = answering.outcome.finish if ended else Finish.STOPPED
        log.info("answered", finish=finish)
        return replace(answering.outcome, finish=finish)

    async def _work(self, job: Job) -> Work | missed.Answered:
        if job.incoming.own:
            return missed.Answered(job, self._around.catch_up.ask)
        return await work_of(job, self._delivery, self._around.means)

    async def _deliver(self) -> None:
        if self._job.post is not None:
            thread, patience = self._job.incoming.thread, await self._patience()
            await self._delivery.edit(thread, self._job.post, await self._final(), patience=patience)
        elif not self._job.forgotten:
            await self._post(await self._final())
            await self._place()
        await self._store.delivered(self._job)
        log.info("delivered")

    async def _final(self) -> Post:
        if self._job.forgotten:
            return Post(text=replies.TAKEN_BACK)
        assert self._job.outcome is not None
        post = replies.final(self._job.outcome, self._job.id, explainable=self._explainable)
        post = await checks.finished(post, self._job, self._store.checks)
        return missed.finished(await exports.finished(post, self._job, self._store), self._job)

    async def _post(self, post: Post) -> None:
        """Bring the job's post onto the platform."""
        incoming = self._job.incoming
        # Of the question, not of our row: the key finds an earlier post even where the database was made anew.
        tag = Tag(key=f"answer-{incoming.message}", answers=missed.answers(incoming), again=self._again)
        await self._around.jobs.turn_to_post(self._job)
        self._placed = await self._delivery.post(incoming.thread, post, tag, patience=await self._patience())
        self._around.jobs.posted(self._job)

    async def _place(self, *, begins: bool = False) -> None:
        """Write down where the post stands. ``begins``: with that an attempt does."""
        assert self._placed is not None
        self._job = await self._store.placed(self._job, self._placed, begins=begins)

    async def _patience(self) -> float:
        """Seconds for which it is worth trying to show something, counted from when it became due."""
        whole = self._around.means.settings.delivery.hours * 3_600
        since = await self._store.due_since(self._job) if self._again else None
        return whole if since is None else max(_LEAST_PATIENCE_S, since + whole - time.time())

    async def _say_so(self) -> None:
        """Where the answer did not get through, a short sentence may."""
        if self._job.post is None or self._job.outcome is None:
            return
        await self._delivery.draft(self._job.incoming.thread, self._job.post, replies.unseen(self._job.id))


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[Begun]:
    """Does the work while the block runs, which is given a way to wait for that; both are over in the end."""
    task = asyncio.create_task(work)
    try:
        yield lambda: asyncio.shield(task)
        await task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # which is the block's too, or comes after another
