"""One question on its way to its answer: documents, conversation, engine, drafts."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from bot import conversation, replies
from bot.admission import Exhausted
from bot.answers import Draft, Drafts, Shown
from bot.conversation import Budget
from bot.delivery import Delivery
from bot.documents import Documents, Platform
from bot.quotas import Quotas
from bot.settings import Settings
from bot.store.records import Background, Exchange, Job, Outcome
from bot.store.store import Store
from inference.engine import Engine
from inference.errors import Dead, EngineError, Failed
from inference.types import Event, Finish, Request, Started, Turn

log = structlog.get_logger()

Standing = Callable[[], Awaitable[str]]
"""Waits until the job's post stands on the platform, and gives its id there."""


def request_id(job: Job) -> str:
    """What the engine knows the job's question by."""
    return f"job-{job.id}"


@dataclass(frozen=True, slots=True)
class Means:
    """What every answer is made with."""

    store: Store
    engine: Engine
    documents: Documents
    settings: Settings


class Answering:
    """The answer to one job. ``outcome`` is what there is at any moment, so that a stop keeps what was said."""

    def __init__(self, job: Job, background: Background, delivery: Delivery, means: Means) -> None:
        self._job = job
        self._background = background
        self._delivery = delivery
        self._means = means
        self._drafts = Drafts(self._show)
        self._fates: tuple[str, ...] = ()
        self._began: float | None = None
        self._used_up: Exhausted | None = None
        self._standing: Standing
        self.outcome = Outcome(text="", finish=Finish.STOPPED)

    @property
    def explainable(self) -> bool:
        """Whether the engine can tell how the answer came to be."""
        done = self._drafts.latest.done
        return done is not None and done.explainable

    async def run(self, standing: Standing) -> None:
        """Answer the question; Dead if the engine is, after the outcome says so."""
        self._standing = standing
        exchanges = await self._gather()
        documents = exchanges[-1].documents
        if documents and not any(document.pages for document in documents):
            self.outcome = Outcome(text=replies.skipped_all(documents), finish=Finish.REFUSED)
            return
        limits = self._means.settings.conversation
        talk = conversation.build(exchanges, Budget(pages=limits.max_pages, exchanges=limits.max_turns))
        self._fates = replies.fates(documents, talk.left_out)
        self.outcome = replace(self.outcome, notes=self._fates)
        request = self._request(tuple([await self._with_bytes(turn) for turn in talk.turns]))
        try:
            with self._delivery:
                await self._drafts.follow(self._timed(self._means.engine.generate(request)))
        except EngineError as error:
            log.warning("engine_error", kind=type(error).__name__, reason=str(error))
            self._take(self._drafts.latest, error)
            if isinstance(error, Dead):
                raise
        else:
            self._take(self._drafts.latest)
        if self._used_up is not None:
            self.outcome = replace(self.outcome, text=replies.exhausted(self._used_up), finish=Finish.REFUSED)

    def _take(self, draft: Draft, error: EngineError | None = None) -> None:
        """The outcome so far; an error's sentence follows what was already said, which is not lost."""
        finish = draft.finish
        text = draft.text
        if error is not None:
            finish = Finish.FAILED if isinstance(error, Failed | Dead) else Finish.REFUSED
            text = f"{text}\n\n{error}".strip()
        self.outcome = Outcome(
            text=text,
            finish=finish,
            reasoning=draft.reasoning,
            notes=(*self._fates, *draft.notes),
            engine_seconds=self._seconds,
        )

    @property
    def _seconds(self) -> float:
        """That the engine has been at it."""
        return time.monotonic() - self._began if self._began is not None else 0.0

    async def _timed(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """The same events; notes when the engine began, and how long it was at it however it ends. None if by then
        others of the day took what was left, of which nobody knew when it was accepted."""
        incoming, quotas = self._job.incoming, Quotas(self._means.store, self._means.settings.quota)
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Started):
                        self._used_up = await quotas.out_of_time(incoming.author.id, incoming.thread.channel)
                        if self._used_up is not None:
                            return
                        self._began = time.monotonic()
                    yield event
        finally:
            self.outcome = replace(self.outcome, engine_seconds=self._seconds)

    async def _gather(self) -> tuple[Exchange, ...]:
        """The thread up to the question, with its files: found, fetched and kept, unless an earlier attempt did."""
        store, documents = self._means.store, self._means.documents
        platform = Platform(self._delivery.adapter, self._is_there)
        around = await documents.around(self._job.incoming, platform, following=self._background.follows)
        known = await store.attachments(self._job) if around.files else set()
        fresh = {one.attachment.id: one for one in around.files if one.attachment.id not in known}
        opened = await documents.open(self._job, tuple(fresh.values()), platform)
        kept = await store.keep(self._job, opened, around.context, around.sources)
        return await store.exchanges(self._job) if kept else self._background.exchanges

    async def _is_there(self) -> bool:
        """What we say while nothing else can be shown is what stands there already."""
        thread, placeholder = self._job.incoming.thread, replies.placeholder(self._job.id)
        return await self._delivery.reaches(thread, await self._standing(), placeholder)

    def _request(self, turns: tuple[Turn, ...]) -> Request:
        incoming, engine = self._job.incoming, self._means.settings.engine
        return Request(
            id=request_id(self._job),
            turns=(conversation.RULES, *turns),
            mode=self._job.mode or engine.mode,
            sampling=engine.sampling,
            owner=f"{incoming.thread.channel.platform}:{incoming.author.id}",
            thread=str(self._job.thread_id),
            deadline=time.monotonic() + engine.seconds,
        )

    async def _with_bytes(self, turn: Turn) -> Turn:
        images = [replace(one, content=await self._means.store.content(one.sha256)) for one in turn.images]
        return replace(turn, images=tuple(images))

    async def _show(self, draft: Draft) -> Shown:
        self._take(draft)
        post = replies.underway(draft, self._job.id)
        return await self._delivery.draft(self._job.incoming.thread, await self._standing(), post)
