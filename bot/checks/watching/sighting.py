"""The documents of one message, judged for a watch."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from adapters.base import Reaction
from adapters.errors import AdapterError
from bot.answering import Means
from bot.checks import posted, question
from bot.checks.judging import Judged
from bot.checks.posted import PostedJudge
from bot.checks.watching import replies
from bot.checks.watching.hands import Known, hands
from bot.delivery import Delivery, patiently
from bot.store.checks import Planned
from bot.store.records import Job, Outcome
from bot.store.watches import Watch
from inference.types import Finish

REMEMBERED = 2_000
"""Earlier documents that a new one is compared to, the newest."""

_ATTEMPTS = 5
"""Tries to set a reaction."""

log = structlog.get_logger()


class Sighting:
    """The work of a job that a watch made of a message: verdicts, reactions under the message, and an outcome whose
    text is empty where nothing is unusual. What has been judged is written down and not judged again."""

    def __init__(self, job: Job, watch: Watch, delivery: Delivery, means: Means) -> None:
        self._job = job
        self._watch = watch
        self._adapter = delivery.adapter
        self._store = means.store
        platform = job.incoming.thread.channel.platform
        self._judge = PostedJudge(means, delivery.adapter, f"{platform}:{watch.creator.id}")
        self.outcome = Outcome(text="", finish=Finish.COMPLETE)

    async def run(self) -> None:
        """Dead if the engine is."""
        plan = await self._store.checks.plan(self._job.id)
        documents = plan.documents if plan else ()
        judged = [await self._judged(one) for one in documents]
        for reaction in reactions(judged):
            await self._set(reaction)
        incoming = self._job.incoming
        # What a bot says in a thread may be its answer to us, and we do not answer that.
        in_answer = incoming.author.bot and incoming.reply
        if not in_answer and not await self._store.watches.spoken_of(self._job):
            earlier = await self._store.watches.judged_before(self._job, most=REMEMBERED)
            unusual = await asyncio.to_thread(_unusual, documents, judged, earlier)
            self.outcome = replace(self.outcome, text=replies.hands(unusual))

    async def _judged(self, document: Planned) -> Judged:
        known = posted.judged(document)
        if known is not None:
            return known
        if self._job.question:  # why it is not looked at
            judged = posted.unread(self._job.question)
        else:
            judged = await self._judge.judge(posted.found(document), question.parse(self._watch.question))
        await self._store.checks.settle(self._job.id, document.number, posted.kept(judged), posted.effort(judged))
        return judged

    async def _set(self, reaction: Reaction) -> None:
        """Where that cannot be, the digest still tells of the document."""
        incoming = self._job.incoming
        try:
            async for attempt in patiently(attempts=_ATTEMPTS):
                with attempt:
                    await self._adapter.react(incoming.thread, incoming.message, reaction)
        except AdapterError as error:
            log.warning("not_marked", reason=str(error))


def reactions(judged: Sequence[Judged]) -> list[Reaction]:
    """One for each verdict among the documents of a message."""
    found = {one.verdict.word for one in judged}
    return [reaction for word, reaction in replies.REACTIONS.items() if word in found]


def _unusual(documents: Sequence[Planned], judged: Sequence[Judged], earlier: Sequence[Planned]) -> list[str]:
    known = [Known(posted.found(one), before) for one in earlier if (before := posted.judged(one)) is not None]
    sentences: list[str] = []
    for document, verdict in zip(documents, judged, strict=True):
        new = Known(posted.found(document), verdict)
        sentences += hands(new, known)
        known.append(new)
    return sentences
