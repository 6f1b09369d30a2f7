"""One check of a channel on its way: the plan, the documents one by one, the report."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

import structlog

from adapters.base import Button, Post
from adapters.errors import AdapterError
from bot import documents
from bot.admission import Exhausted
from bot.answering import Means, Standing
from bot.answers import Draft, Drafts, Shown
from bot.checks import posted, posts, replies, scope, walk
from bot.checks.files import AT_ONCE
from bot.checks.judging import Judged
from bot.checks.places import NotThere, places
from bot.checks.posted import PostedJudge
from bot.checks.question import Asked, parse
from bot.checks.report import Report, report
from bot.checks.scope import Scope
from bot.delivery import Delivery
from bot.quotas import Quotas
from bot.replies import STOP_ACTION, exhausted
from bot.store.checks import Checks, Plan, Planned
from bot.store.records import Job, Outcome
from inference.types import Done, Finish, Progress

log = structlog.get_logger()


class ChannelCheck:
    """The work of a job that asks for a check. ``outcome`` is what there is at any moment, so that a stop keeps it.
    Each document is written down when it has been looked at, so that a crash costs only those under way."""

    explainable = False

    def __init__(self, job: Job, wanted: Scope, delivery: Delivery, means: Means) -> None:
        self._job = job
        self._wanted = wanted
        self._asked = parse(wanted.question)
        self._delivery = delivery
        self._means = means
        self._checks = means.store.checks
        self._judged: dict[int, Judged] = {}
        self._plan: Plan | None = None
        self._began = time.monotonic()
        self._known_before = 0
        self._settled: Outcome | None = None
        self._quotas = Quotas(means.store, means.settings.quota)
        self._used_up: Exhausted | None = None
        self._post = ""

    @property
    def outcome(self) -> Outcome:
        """The report so far, unless there is something else to say."""
        if self._settled is not None:
            return self._settled
        if self._plan is None:
            return Outcome(text="", finish=Finish.STOPPED)
        return Outcome(
            text=posts.markdown(_report(self._asked, self._plan, self._judged)),
            finish=Finish.COMPLETE,
            notes=(*replies.skipped(self._plan.left_out), *self._missing()),
        )

    async def run(self, standing: Standing) -> None:
        """Carry the check out, from wherever it stands. Dead if the engine is."""
        self._post = await standing()
        if not self._wanted.question:
            self._settled = Outcome(text=replies.NO_QUESTION, finish=Finish.COMPLETE)
            return
        plan = await self._checks.plan(self._job.id)
        try:
            self._plan = plan or await self._planned()
        except NotThere as refused:
            self._settled = Outcome(text=str(refused), finish=Finish.COMPLETE)
            return
        except AdapterError as error:
            text = documents.refusal(error, self._means.settings.documents.max_megabytes)
            self._settled = Outcome(text=text, finish=Finish.FAILED)
            return
        if not self._plan.documents:
            self._settled = Outcome(text=replies.NOTHING_FOUND, finish=Finish.COMPLETE, notes=self._skipped())
        elif not self._plan.confirmed:
            self._settled = Outcome(text=replies.confirm(self._told()), finish=Finish.REFUSED)
        else:
            await self._judge_all(self._plan)

    async def _planned(self) -> Plan:
        """What is to be looked at, from the channel's history, written down."""
        limits, adapter = self._means.settings.checks, self._delivery.adapter
        await self._show(replies.WALKING)
        channels = await places(adapter, self._job.incoming, self._wanted, self._means.settings.access)
        walked = await walk.walk(adapter, self._job.incoming, self._wanted, limits, channels)
        plan = Plan(
            job_id=self._job.id,
            confirmed=len(walked.found) <= limits.ask_above,
            messages=walked.messages,
            left_out=walked.left_out,
            documents=posted.planned(walked.found),
        )
        return await self._checks.keep_plan(plan, revision=self._job.revision)

    async def _judge_all(self, plan: Plan) -> None:
        self._judged = _judged(plan)
        self._known_before = len(self._judged)
        self._began = time.monotonic()
        await self._show(self._told())
        waiting = [one for one in plan.documents if not one.judged]
        with self._delivery:
            await Drafts(self._showing).follow(self._progress(waiting))

    async def _progress(self, waiting: Sequence[Planned]) -> AsyncGenerator[Progress | Done, None]:
        """How far it has come, each time that a document has been looked at. Closing it stops those under way."""
        owner = f"{self._job.incoming.thread.channel.platform}:{self._job.incoming.author.id}"
        judge = PostedJudge(self._means, self._delivery.adapter, owner)
        places = asyncio.Semaphore(AT_ONCE)
        tasks = [asyncio.create_task(self._one(one, judge, places), name=f"judge {one.number}") for one in waiting]
        try:
            for ended in asyncio.as_completed(tasks):
                await ended
                yield Progress(done=len(self._judged), total=self._total)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        yield Done()

    async def _one(self, planned: Planned, judge: PostedJudge, places: asyncio.Semaphore) -> None:
        async with places:
            if await self._is_used_up():
                return
            judged = await judge.judge(posted.found(planned), self._asked)
            await self._checks.settle(self._job.id, planned.number, posted.kept(judged), posted.effort(judged))
            self._judged[planned.number] = judged

    async def _is_used_up(self) -> bool:
        """Whether the day's allowance, which other questions take from too, leaves nothing for another document."""
        if self._used_up is None:
            person, channel = self._job.incoming.author.id, self._job.incoming.thread.channel
            self._used_up = await self._quotas.exhausted(person, channel, underway=True)
        return self._used_up is not None

    async def _showing(self, draft: Draft) -> Shown:
        done, left = len(self._judged), self._seconds_left()
        return await self._show(replies.underway(done, self._total, left))

    async def _show(self, status: str) -> Shown:
        stop = Button(action=STOP_ACTION, label="Stop", value=str(self._job.id), danger=True)
        post = Post(text="", status=status, notes=self._skipped(), buttons=(stop,))
        return await self._delivery.draft(self._job.incoming.thread, self._post, post)

    @property
    def _total(self) -> int:
        return len(self._plan.documents) if self._plan else 0

    def _seconds_left(self) -> float | None:
        """By the pace so far; None until there is one."""
        fresh = len(self._judged) - self._known_before
        return (time.monotonic() - self._began) / fresh * (self._total - len(self._judged)) if fresh else None

    def _told(self) -> str:
        assert self._plan is not None
        pdfs = sum(".pdf" in one.found.lower() for one in self._plan.documents)
        seconds = self._total * self._means.settings.checks.seconds_each
        return replies.plan(self._total, self._plan.messages, pdfs, seconds, self._plan.left_out)

    def _skipped(self) -> tuple[str, ...]:
        return tuple(replies.skipped(self._plan.left_out)) if self._plan else ()

    def _missing(self) -> tuple[str, ...]:
        count = self._total - len(self._judged)
        if not count:
            return ()
        why = () if self._used_up is None else (exhausted(self._used_up),)
        return (replies.not_looked_at(count), *why)


def _judged(plan: Plan) -> dict[int, Judged]:
    """By number, as far as they have been looked at."""
    return {one.number: judged for one in plan.documents if (judged := posted.judged(one)) is not None}


def _report(asked: Asked, plan: Plan, judged: dict[int, Judged]) -> Report:
    """On what has been looked at."""
    done = [one for one in plan.documents if one.number in judged]
    rows = [posted.posted_row(posted.found(one), judged[one.number]) for one in done]
    return report(asked, rows, [judged[one.number] for one in done])


async def kept(job_id: int, wanted: Scope, checks: Checks) -> Report | None:
    """The report on what is written down of a check; None if it has no plan."""
    plan = await checks.plan(job_id)
    if plan is None:
        return None
    judged = _judged(plan)
    pictures = await checks.thumbnails([one.digest for one in judged.values()])
    judged = {number: replace(one, thumbnail=pictures.get(one.digest, b"")) for number, one in judged.items()}
    return _report(parse(wanted.question), plan, judged)


async def finished(post: Post, job: Job, checks: Checks) -> Post:
    """The last post of a check: with its files, or with a button to start it; that of anything else as it is."""
    wanted = scope.read(job.question, job.incoming.sent_at)
    plan = await checks.plan(job.id) if wanted else None
    if wanted is None or plan is None or not plan.documents:
        return post
    if not plan.confirmed:
        return replace(post, buttons=(Button(action=replies.START_ACTION, label="Start", value=str(job.id)),))
    whole = await kept(job.id, wanted, checks)
    return replace(post, files=await asyncio.to_thread(posts.attached, whole)) if whole and whole.rows else post
