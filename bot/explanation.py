"""How an answer came to be, put into words when somebody asks for it."""

import time

import structlog

from adapters.base import Post
from adapters.errors import AdapterError
from bot import absence, replies
from bot.answering import request_id
from bot.answers import Draft, Drafts, Shown
from bot.delivery import Delivery
from bot.pursuit import Pursuit, Surroundings
from bot.store.records import Job, Outdated
from inference.errors import BadInput, Dead, EngineError, Failed
from inference.types import Request, Turn

log = structlog.get_logger()


class Explanation:
    """Has the summary of one answer's reasoning written, in line like any question, and shows it with the answer. The
    answer counts as not yet shown meanwhile, so whatever comes in between, it is shown as it was."""

    def __init__(self, job: Job, delivery: Delivery, around: Surroundings, asker: str) -> None:
        self._job = job
        self._delivery = delivery
        self._around = around
        self._asker = asker
        self._drafts = Drafts(self._show)

    async def run(self) -> None:
        explainable = True
        job: Job | None = self._job
        try:
            await self._around.jobs.work(self._job, self._write)
            job = self._job
        except Outdated:
            job = await self._around.means.store.job(self._job.id)
        except EngineError as error:
            log.info("not_explained", kind=type(error).__name__, reason=str(error))
            await self._tell(str(error))
            # What is not known any more will not be known later either.
            explainable = not isinstance(error, BadInput)
            if isinstance(error, Dead):
                self._around.give_up(error)
        except absence.AWAY as error:
            if not absence.passes(error):
                raise
            await self._tell(replies.NOT_EXPLAINED)
        if job is not None:
            await Pursuit(job, self._delivery, self._around, again=True, explainable=explainable).run()

    async def _write(self) -> None:
        with self._delivery:
            draft = await self._drafts.follow(self._around.means.engine.generate(self._request()))
        if not draft.reasoning:
            raise Failed(replies.NOT_EXPLAINED)
        self._job = await self._around.means.store.explained(self._job, draft.reasoning)

    def _request(self) -> Request:
        channel = self._job.incoming.thread.channel
        return Request(
            id=f"{request_id(self._job)}/explanation",
            turns=(Turn(role="user", text=self._job.question),),
            mode="quick",
            owner=f"{channel.platform}:{self._asker}",
            deadline=time.monotonic() + self._around.means.settings.engine.seconds,
            explains=request_id(self._job),
        )

    async def _show(self, draft: Draft) -> Shown:
        assert self._job.post is not None
        assert self._job.outcome is not None
        post = replies.explaining(self._job.outcome, draft)
        return await self._delivery.draft(self._job.incoming.thread, self._job.post, post)

    async def _tell(self, sentence: str) -> None:
        """To whoever asked, alone."""
        try:
            thread = self._job.incoming.thread
            await self._delivery.adapter.post(thread, Post(text=sentence, only_for=self._asker))
        except AdapterError as error:
            log.info("not_told", reason=str(error))
