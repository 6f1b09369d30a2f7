"""One job of a watch from its claim to what is shown of it, wherever an earlier process left it."""

import structlog

from adapters.base import Button, Post, Thread
from adapters.errors import AdapterError, Gone
from bot import absence
from bot.checks.watching import replies
from bot.checks.watching.digest import Digest
from bot.checks.watching.sighting import Sighting
from bot.delivery import Delivery, Tag
from bot.pursuit import Surroundings
from bot.replies import TAKEN_BACK
from bot.store.purge import OPEN
from bot.store.records import Job, Outcome, Outdated, State
from bot.store.watches import Watch
from inference.errors import Dead
from inference.types import Finish

log = structlog.get_logger()

_MOST_ATTEMPTS = 5
"""Times that a job is begun without getting on."""


class WatchPursuit:
    """Nobody waits for it: nothing stands there before its time, and what an engine that is gone leaves undone is taken
    up at the next start. ``again``: an earlier process may have begun to show it."""

    def __init__(self, job: Job, delivery: Delivery, around: Surroundings, *, again: bool) -> None:
        self._job = job
        self._delivery = delivery
        self._around = around
        self._store = around.means.store
        self._again = again
        self._placed: str | None = None
        """What was posted, though the row may not say so yet."""
        self._counted = not again
        """This process's attempt; the first was with the claim."""

    async def run(self) -> None:
        """Begins anew whenever the job is not what it was, and goes on when the store is back."""
        try:
            while not await self._over():
                """One way or another it is not yet."""
        finally:
            self._around.absence.over(self._job.id)

    async def _over(self) -> bool:
        try:
            job = await self._store.job(self._job.id)
            if job is not None and job.state in OPEN:
                await self._pursue(job)
        except Outdated:
            log.info("outdated")
            return False
        except absence.AWAY as error:
            if not absence.passes(error):
                raise
            await self._around.absence.sit_out(self._job.id, error)
            return False
        return True

    async def _pursue(self, job: Job) -> None:
        watch = await self._store.watches.get(job.watch or 0)
        if watch is None or watch.state == "removed":
            await self._store.delivered(job)
            return
        if job.post is None and self._placed is not None:
            job = await self._store.placed(job, self._placed)
        try:
            if job.state is State.WAITING:
                job = await self._store.answered(job, await self._outcome(job, watch))
                self._around.jobs.settled(job)
            await self._show(job, watch)
        except Dead as error:
            self._around.give_up(error)
        except AdapterError as error:
            log.warning("undeliverable", reason=str(error))
            await self._store.undeliverable(job, type(error).__name__, gone=isinstance(error, Gone))

    async def _outcome(self, job: Job, watch: Watch) -> Outcome:
        failed = Outcome(text="", finish=Finish.FAILED)
        if not self._counted:
            if job.attempts >= _MOST_ATTEMPTS:
                return failed
            await self._store.begun(job)
            self._counted = True
        work = self._work(job, watch)
        try:
            await self._around.jobs.work(job, work.run)
        except (Dead, Outdated):
            raise
        except Exception as error:
            if absence.passes(error):
                raise
            log.exception("watch_failed")
            return failed
        return work.outcome

    def _work(self, job: Job, watch: Watch) -> Sighting | Digest:
        if _is_digest(job):
            return Digest(job, watch, self._store.watches)
        return Sighting(job, watch, self._delivery, self._around.means)

    async def _show(self, job: Job, watch: Watch) -> None:
        post = _post(job)
        if post is not None:
            patience = self._around.means.settings.delivery.hours * 3_600
            if job.post is not None:
                await self._delivery.edit(job.incoming.thread, job.post, post, patience=patience)
            elif not job.forgotten:
                tag = await self._tag(job, watch)
                self._placed = await self._delivery.post(job.incoming.thread, post, tag, patience=patience)
                job = await self._store.placed(job, self._placed)
        await self._store.delivered(job)

    async def _tag(self, job: Job, watch: Watch) -> Tag:
        """Where people ask us things too, an answer of ours might be taken for what an earlier process posted."""
        message = job.incoming.message
        if _is_digest(job):
            documents = await Digest(job, watch, self._store.watches).taken_up()
            newest = documents[-1].message if documents else watch.message
            return Tag(key=message, answers=newest, again=self._again)
        shared = await self._store.thread_id(job.incoming.thread) is not None
        return Tag(key=f"watch-{watch.id}-{message}", answers=message, again=self._again and not shared)


def _is_digest(job: Job) -> bool:
    """It answers no message but stands in the channel."""
    return job.incoming.thread == Thread(channel=job.incoming.thread.channel, root="")


def _post(job: Job) -> Post | None:
    """What is to be shown; None if that is nothing."""
    if job.forgotten:
        return Post(text=TAKEN_BACK)
    assert job.outcome is not None
    if not job.outcome.text:
        return None
    pause = Button(action=replies.PAUSE_ACTION, label=replies.PAUSE, value=str(job.id))
    return Post(text=job.outcome.text, buttons=(pause,) if _is_digest(job) else ())
