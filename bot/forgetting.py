"""What follows when people delete or edit what they wrote, want it forgotten, or when it is too old."""

import time
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters.base import Deleted, Edited, FileDeleted, Incoming, MessagesDeleted, PlaceDeleted
from bot import intents, replies
from bot.intents import Ask, Forget
from bot.jobs import Jobs
from bot.store.purge import Forgotten
from bot.store.store import Store
from inference.engine import Engine

log = structlog.get_logger()

_SHARE = 20
"""Scrubbing holds up whoever writes, so it rests for so many times as long as it took. What it leaves meanwhile, the
next ``tidy`` does."""


class Forgetter:
    """Has everybody let go of what the store has forgotten: those at work on it begin anew, or take back what they
    said, and the engine drops it. ``take_up`` pursues what is open."""

    def __init__(self, store: Store, jobs: Jobs, engine: Engine, take_up: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._jobs = jobs
        self._engine = engine
        self._take_up = take_up
        self._to_scrub = True  # an earlier run may have left something
        self._rests_until = 0.0

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
        await self._let_go(forgotten)

    async def obey(self, command: Forget, incoming: Incoming, *, admin: bool) -> str:
        """Do what somebody wants forgotten, if it is theirs; what is said to that."""
        forgetting, thread = self._store.forgetting, incoming.thread
        if command.what == "mine":
            await self._let_go(await forgetting.person(thread.channel.platform, incoming.author.id))
            return replies.FORGOT_MINE
        if await self._store.thread_id(thread) is None:
            return replies.NOTHING_TO_FORGET
        if not (admin or await forgetting.asked(thread, incoming.author.id)):
            return replies.NOT_YOURS_TO_FORGET
        if command.what == "thread":
            await self._let_go(await forgetting.place(thread))
            return replies.FORGOT_THREAD
        forgotten = await forgetting.picture(thread, command.number)
        if forgotten is None:
            return replies.no_such_document(command.number)
        await self._let_go(forgotten)
        return replies.forgot_document(command.number)

    async def age(self, before: float) -> None:
        """Forget what was asked before then, in Unix seconds."""
        await self._let_go(await self._store.forgetting.before(before))
        self._to_scrub = True

    async def tidy(self) -> None:
        """Scrub what of the database still holds bytes of what was forgotten, if there may be any and it is not too
        soon. What fails is done the next time."""
        if time.monotonic() < self._rests_until:
            return
        began = time.monotonic()
        try:
            if not (self._to_scrub or await self._store.forgetting.marked()):
                return
            self._to_scrub = False
            self._to_scrub = not await self._store.forgetting.scrub()
        except (SQLAlchemyError, OSError) as error:
            self._to_scrub = True
            log.warning("not_scrubbed", reason=type(error).__name__)
        ended = time.monotonic()
        self._rests_until = ended + _SHARE * (ended - began)

    async def _let_go(self, forgotten: Forgotten) -> None:
        if not forgotten.threads:
            return
        log.info("forgotten", jobs=len(forgotten.jobs), pictures=len(forgotten.pictures))
        self._engine.forget(frozenset(str(number) for number in forgotten.threads), forgotten.pictures)
        for job_id in forgotten.jobs:
            self._jobs.interrupt(job_id)
            self._jobs.aside(self._pursue(job_id), name=f"follow job {job_id}")
        self._to_scrub = True
        self._jobs.aside(self.tidy(), name="scrub the database")
        await self._store.replicas.spread(forgotten)

    async def _pursue(self, job_id: int) -> None:
        """One that runs finds out by itself, unless it was just about to end."""
        await self._jobs.over(job_id)
        await self._take_up()
