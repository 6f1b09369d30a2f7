"""One job from its claim to its delivery, wherever an earlier process left it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from adapters.base import Post
from adapters.errors import AdapterError, Gone
from bot import absence, exports, missed, replies
from bot.absence import Absence
from bot.answering import Means, Standing
from bot.catch_up import CatchUp
from bot.checks import channel as checks
from bot.checks.work import Work, work_of
from bot.delivery import Delivery, Tag
from bot.jobs import Jobs
from bot.store.records import Job, Outcome, Outdated, State
from inference.errors import Dead
from inference.types import Finish

log = structlog.get_logger()

_MOST_ATTEMPTS = 5
"""Times that an answer is begun. What ended the process so often is likely to end it again."""
_LEAST_PATIENCE_S = 60.0
_STEPS = 4
"""Of the loop, after which the work on an answer waits for something. A question without a file is with the engine by
then, which is what people wait for; the placeholder comes a millisecond later for it."""
_NOTHING = Outcome(text="", finish=Finish.STOPPED)
"""Of what never had its turn."""


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
        self._counted = not again
        """This process's attempt."""
        self._ended: Outcome | None = None
        """The answer, though the row may not say so yet."""
        self._working: Work | missed.Answered | None = None
        """What makes it, or made it, until the row says so."""

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
            await self._count_in_vain()
        except absence.AWAY as error:
            if not absence.passes(error):
                raise
            await self._sit_out(error)
        else:
            return True
        return not await self._renewed()

    async def _count_in_vain(self) -> None:
        """What the engine did counts, though nothing came of it."""
        working, self._working = self._working, None
        try:
            if working is not None:
                await self._store.took(self._job, working.outcome.engine_seconds)
        except absence.AWAY as error:
            if not absence.passes(error):
                raise
            log.warning("not_counted", kind=type(error).__name__)

    async def _renewed(self) -> bool:
        """Look what the job is now; False once nothing is left of it. What was answered while it was another one is not
        its answer."""
        while True:
            try:
                job = await self._store.job(self._job.id)
            except absence.AWAY as error:
                await self._sit_out(error)
            else:
                if job is None:
                    return False
                if job.revision != self._job.revision:
                    self._ended = None
                    await self._count_in_vain()
                elif job.state is not State.WAITING:
                    self._working = None  # it was written down, though we did not hear of it
                self._job = job
                return True

    async def _sit_out(self, error: BaseException) -> None:
        post = self._job.post or self._placed
        if post is not None and self._ended is None and self._job.state is State.WAITING:
            await self._delivery.draft(self._job.incoming.thread, post, replies.held_up(self._job.id))
        await self._around.absence.sit_out(self._job.id, error)

    async def _pursue(self) -> None:
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
            await self._say_so()
            await self._store.undeliverable(self._job, type(error).__name__)

    async def _answer(self) -> None:
        if self._ended is None:
            self._ended = await self._attempt()
        await self._place()
        self._job = await self._store.answered(self._job, self._ended)
        self._working = None
        self._around.jobs.settled(self._job)

    async def _attempt(self) -> Outcome:
        """What counts as an attempt is a process that may not survive it; the first was counted with the claim. The
        engine need not wait for the platform: the answer is worked on while its post comes to stand there."""
        if not self._counted:
            if self._job.attempts >= _MOST_ATTEMPTS:
                return Outcome(text=replies.GAVE_UP, finish=Finish.FAILED)
            self._job = await self._store.begun(self._job)
            self._counted = True
        self._working = None
        stands: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        work = asyncio.create_task(self._outcome(self._job, lambda: asyncio.shield(stands)))
        try:
            for _ in range(_STEPS):
                await asyncio.sleep(0)
            # Whatever goes wrong with the work, this is never broken off: half a call may have been heard.
            stands.set_result(self._job.post or await self._post(replies.placeholder(self._job.id)))
            await self._place_or_wait()
            return await work
        finally:
            stands.cancel()  # or a draft would wait for it for ever
            work.cancel()
            await asyncio.wait([work])
            if not work.cancelled():
                work.exception()  # which is ours too, or comes after another

    async def _outcome(self, job: Job, standing: Standing) -> Outcome:
        async def work() -> None:
            self._working = await self._work(job)
            await self._working.run(standing)

        try:
            ended = await self._around.jobs.work(job, work)
        except Dead as error:
            self._around.give_up(error)
            return self._working.outcome if self._working else _NOTHING
        except Outdated:
            raise
        except Exception as error:
            if absence.passes(error):
                raise
            log.exception("answer_failed")
            return Outcome(text=replies.FAILED, finish=Finish.FAILED)
        outcome = self._working.outcome if self._working else _NOTHING
        self._explainable = self._working is not None and self._working.explainable
        finish = outcome.finish if ended else Finish.STOPPED
        log.info("answered", finish=finish)
        return replace(outcome, finish=finish)

    async def _work(self, job: Job) -> Work | missed.Answered:
        if job.incoming.own:
            return missed.Answered(job, self._around.catch_up.ask)
        return await work_of(job, self._delivery, self._around.means)

    async def _deliver(self) -> None:
        if self._job.post is not None:
            thread, patience = self._job.incoming.thread, await self._patience()
            await self._delivery.edit(thread, self._job.post, await self._final(), patience=patience)
        elif self._again or not self._job.forgotten:  # of a deleted question a placeholder may stand there
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

    async def _post(self, post: Post) -> str:
        """Bring the job's post onto the platform; its id there."""
        incoming = self._job.incoming
        # Of the question, not of our row: the key finds an earlier post even where the database was made anew.
        tag = Tag(key=f"answer-{incoming.message}", answers=missed.answers(incoming), again=self._again)
        await self._around.jobs.turn_to_post(self._job)
        self._placed = await self._delivery.post(incoming.thread, post, tag, patience=await self._patience())
        self._around.jobs.posted(self._job)
        return self._placed

    async def _place(self) -> None:
        """Write down where the post stands, unless that is."""
        if self._job.post is None and self._placed is not None:
            self._job = await self._store.placed(self._job, self._placed)

    async def _place_or_wait(self) -> None:
        """The same, or later where the store is away: what the engine is at is worth keeping."""
        try:
            await self._place()
        except absence.AWAY as error:
            if not absence.passes(error):
                raise

    async def _patience(self) -> float:
        """Seconds for which it is worth trying to show something, counted from when it became due."""
        whole = self._around.means.settings.delivery.hours * 3_600
        since = await self._store.due_since(self._job) if self._again else None
        return whole if since is None else max(_LEAST_PATIENCE_S, since + whole - time.time())

    async def _say_so(self) -> None:
        """Where the answer did not get through, a short sentence may, once the platform takes anything again: what else
        stands there looks as if something were still to come."""
        if self._job.post is None or self._job.outcome is None:
            return
        thread, unseen = self._job.incoming.thread, replies.unseen(self._job.id)
        try:
            await self._delivery.edit(thread, self._job.post, unseen, patience=None)
        except AdapterError as error:
            log.warning("not_said", reason=str(error))
