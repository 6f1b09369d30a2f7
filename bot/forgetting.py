"""What follows when people delete or edit what they wrote, or want it forgotten."""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters.base import Deleted, Edited, FileDeleted, MessagesDeleted, PlaceDeleted
from bot import intents
from bot.intents import Ask
from bot.jobs import Jobs
from bot.store.purge import OPEN, Forgotten
from bot.store.records import Job
from bot.store.store import Store

log = structlog.get_logger()


class Forgetter:
    """Has everybody let go of what the store has forgotten: those at work on it begin anew, or take back what they
    said. ``start`` pursues a job."""

    def __init__(self, store: Store, jobs: Jobs, start: Callable[[Job], None]) -> None:
        self._store = store
        self._jobs = jobs
        self._start = start

    async def follow(self, event: Edited | Deleted) -> None:
        """Returns once nothing of it is left in the rows."""
        forgetting = self._store.forgetting
        match event:
            case MessagesDeleted(channel=channel, messages=messages):
                forgotten = await forgetting.messages(channel, messages)
            case FileDeleted(workspace=workspace, attachment=attachment):
                forgotten = await forgetting.file(workspace, attachment)
            case PlaceDeleted(place=place):
                forgotten = await forgetting.place(place)
            case Edited(incoming=incoming):
                intent = intents.read(incoming)
                asked = intent if isinstance(intent, Ask) else Ask(incoming.text)
                forgotten = await forgetting.edited(incoming, asked.question, asked.mode) or Forgotten()
        await self.let_go(forgotten)

    async def let_go(self, forgotten: Forgotten) -> None:
        if not forgotten.threads:
            return
        log.info("forgotten", jobs=len(forgotten.jobs), pictures=len(forgotten.pictures))
        for job_id in forgotten.jobs:
            self._jobs.interrupt(job_id)
            self._jobs.aside(self._pursue(job_id), name=f"follow job {job_id}")
        self._jobs.aside(self._scrub(), name="scrub the database")

    async def _scrub(self) -> None:
        """Of several that wait for their turn the first does it for all. What fails is done with the next purge."""
        try:
            if not await self._store.forgetting.scrub():
                log.info("not_scrubbed", reason="readers were in the way")
        except (SQLAlchemyError, OSError) as error:
            log.warning("not_scrubbed", reason=type(error).__name__)

    async def _pursue(self, job_id: int) -> None:
        """One that runs finds out by itself, unless it was just about to end."""
        await self._jobs.over(job_id)
        job = await self._store.job(job_id)
        if job is not None and job.state in OPEN:
            self._start(job)
