"""The use case: a message comes in, its question is claimed, answered and delivered."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial

import structlog

from adapters.base import (
    Action,
    Adapter,
    Author,
    Channel,
    Deleted,
    Edited,
    Event,
    Incoming,
    Listening,
    MessagesDeleted,
    Post,
    Thread,
)
from adapters.errors import AdapterError
from adapters.tracing import name_of, request_name
from bot import absence, admission, intents, missed, replies
from bot.absence import Absence
from bot.answering import Means
from bot.catch_up import CatchUp, Takers
from bot.checks.replies import START_ACTION
from bot.checks.watching.keeper import Keeper
from bot.checks.watching.lookout import Lookout
from bot.checks.watching.orders import Begin, Change, List, Put
from bot.checks.watching.pursuit import WatchPursuit
from bot.checks.watching.replies import PAUSE_ACTION
from bot.delivery import Delivery
from bot.documents import Documents
from bot.early import EarlyReplies, Edits, Told
from bot.explanation import Explanation
from bot.forgetting import Forgetter
from bot.intents import Ask, Export, Forget, Fresh, Intent, ResetUsage, Stop, Usage
from bot.jobs import Jobs
from bot.pursuit import Pursuit, Surroundings
from bot.quotas import Quotas
from bot.settings import Settings
from bot.sharing import Hands, Sharing
from bot.store.records import Job, State
from bot.store.store import Store
from bot.upkeep import Upkeep
from inference.engine import Engine
from inference.errors import Dead

log = structlog.get_logger()


class Service:
    """Everything between an event and its answer. ``handle`` is what adapters get."""

    def __init__(
        self, store: Store, engine: Engine, documents: Documents, adapters: Mapping[str, Adapter], settings: Settings
    ) -> None:
        self._store = store
        self._deliveries = {name: Delivery(adapter, store.replicas) for name, adapter in adapters.items()}
        self._early = EarlyReplies()
        self._told = Told()
        self._edits = Edits()
        self._access = settings.access
        self._quota_settings = settings.quota
        self._quotas = Quotas(store, settings.quota)
        self._keeper = Keeper(store, settings.access)
        self.lookout = Lookout(store, adapters, self._quotas, settings, self._begin)
        takers = Takers(self.handle, self._lets_in, self._begin, self.lookout.look_back)
        self.catch_up = CatchUp(store, adapters, takers, settings.catch_up)
        self.jobs = Jobs()
        self.sharing = Sharing(
            store, self.jobs, Hands(partial(self._start, again=True), self._hear_of_threads, engine.forget)
        )
        self._forgetter = Forgetter(store, self.jobs, engine, self.sharing.take_up)
        self.upkeep = Upkeep(store, self._forgetter, settings.store, settings.catch_up)
        means = Means(store, engine, documents, settings)
        self._absence = Absence()
        self._surroundings = Surroundings(means, self.jobs, self.catch_up, self._give_up, self._absence)
        self.died: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Fails when the engine is gone, so that the process can end."""

    async def resume(self) -> None:
        """Take up what an earlier run accepted and did not finish, or what others here did."""
        await self.sharing.take_up()

    async def _hear_of_threads(self) -> None:
        """Of threads that have become ours by what another replica heard."""
        for thread, asked_at in (await self._store.known(self._early.threads)).items():
            await self._hear_again(thread, asked_at)

    async def _hear_again(self, thread: Thread, asked_at: datetime) -> None:
        """What came before the question that made its thread ours."""
        early = self._early.take(thread, asked_at)
        try:
            while early:
                await self.handle(early[0])
                del early[0]
        finally:
            for reply in early:
                self._early.keep(reply)

    async def obstacle(self) -> str:
        """What keeps us from answering, as a sentence; empty if nothing does."""
        if self.died.done():
            return "The engine is gone."
        if not await self._store.answers():
            return absence.SILENT
        return self._absence.obstacle or ("" if self._store.replicas.sure else absence.UNSURE)

    async def handle(self, event: Event) -> None:
        """Returns once the event is written down, or was before; the answer follows on its own."""
        with structlog.contextvars.bound_contextvars(request=name_of(event)):
            try:
                await self._take(event)
            except absence.AWAY as error:
                self._absence.refuses(error)
                if isinstance(event, Incoming) and self._speaks_to_us(event) and self._lets_in(event):
                    await self._once(event, replies.NOT_TAKEN)
                raise

    async def _take(self, event: Event) -> None:
        if isinstance(event, Action):
            await self._act(event)
            return
        if isinstance(event, Listening):
            self._edits.clear()
            self.catch_up.wake()
            return
        if not isinstance(event, Incoming):
            await self._follow(event)
            return
        event = self._edits.applied(event)
        await self.lookout.sight(event)
        if not await self._is_for_us(event):
            return
        intent = intents.read(event)
        turn: AbstractAsyncContextManager[object] = self._quotas.turn if isinstance(intent, Ask) else nullcontext()
        async with turn:
            job = await self._admit(intent, event)
        if job is not None:
            log.info("accepted", job=job.id)
            self._absence.accepts()
            await self._begin(job)
            await self._hear_again(event.thread, event.sent_at)

    async def _follow(self, event: Edited | Deleted) -> None:
        if isinstance(event, Edited):
            self._edits.keep(event.incoming)
        elif isinstance(event, MessagesDeleted):
            self._edits.drop(event.channel, event.messages)
        await self._keeper.follow(event)
        await self._forgetter.follow(event)

    async def _admit(self, intent: Intent, event: Incoming) -> Job | None:
        """The job of a question or command; None if there is one already, or if it is not to be."""
        aside = await self._aside(intent, event)
        if aside is not None:
            if self._speaks_to_us(event) or self._lets_in(event):
                await self._once(event, aside)
            return None
        if isinstance(intent, Ask):
            return await self._store.claim(event, intent.question, intent.mode)
        if await self._store.claimed(event):
            return None  # obeyed once: what was said since is not meant
        return await self._store.claim(event, event.text, answer=await self._obey(intent, event))

    async def _aside(self, intent: Intent, incoming: Incoming) -> str | None:
        """What is said to the author alone, in place of an answer: a refusal, or what concerns nobody else."""
        author, channel = incoming.author, incoming.thread.channel
        kept_out = admission.refusal(author, channel, self._access, direct=incoming.direct)
        if kept_out is not None:
            return replies.REFUSED[kept_out]
        match intent:
            case Ask():
                quota = await self._quotas.exhausted(author.id, channel)
                taken = quota is None or await self._store.claimed(incoming)
                return None if taken or quota is None else replies.exhausted(quota)
            case Usage():
                return replies.usage(*await self._quotas.spent(author.id, channel), self._quota_settings)
            case ResetUsage(person=person):
                return await self._reset(author, channel, person)
            case _:
                return None

    async def _reset(self, author: Author, channel: Channel, person: str | None) -> str:
        if not admission.is_admin(author, self._access):
            return replies.NOT_AN_ADMIN
        await self._quotas.reset(channel, person)
        return replies.QUOTA_RESET

    async def _once(self, incoming: Incoming, sentence: str) -> None:
        """Say it to the author alone, unless a twin event did."""
        if self._told.add(incoming):
            self.jobs.aside(self._tell_once(incoming, sentence), name=f"tell {incoming.author.id}")

    async def _tell_once(self, incoming: Incoming, sentence: str) -> None:
        try:
            twice = not self._store.replicas.alone and not await self._store.tells(incoming)
        except absence.AWAY:
            twice = False
        if not twice:
            await self._tell(incoming.thread, incoming.author, sentence)

    async def _is_for_us(self, incoming: Incoming) -> bool:
        """Whether we answer it now. A reply in a thread that is not ours yet is held for the question that may follow;
        looking again after that closes the gap in which the question was just being claimed. What was said there before
        we were first asked stays people's own, also where it comes a second time."""
        if intents.is_for_us(incoming, following=False):
            return True
        if not incoming.reply or not intents.is_for_us(incoming, following=True):
            return False
        if await self._store.asked_before(incoming):
            return True
        self._early.keep(incoming)
        return await self._store.asked_before(incoming)

    async def _obey(self, command: Intent, incoming: Incoming) -> str:
        match command:
            case Stop():
                return replies.STOPPED if await self._stop_all(incoming) else replies.NOTHING_TO_STOP
            case Fresh():
                await self._store.begin_anew(incoming.thread)
                return replies.FRESH
            case Export():
                return replies.EXPORTED if incoming.direct else replies.EXPORT_IN_DIRECT
            case Begin() | Change() | Put() | List():
                return await self._keeper.obey(command, incoming)
            case Forget():
                if command.what == "mine":
                    await self._store.watches.forget_person(incoming.thread.channel.platform, incoming.author.id)
                admin = admission.is_admin(incoming.author, self._access)
                return await self._forgetter.obey(command, incoming, admin=admin)
            case _:
                return replies.HELP

    async def _act(self, action: Action) -> None:
        if not action.value.isdecimal():
            return
        job_id = int(action.value)
        if action.name == replies.STOP_ACTION:
            await self._stop(action, job_id)
            return
        if action.name == PAUSE_ACTION:
            await self._tell(action.thread, action.author, await self._keeper.pause(job_id, action.author))
            return
        kept_out = await self._keeps_out(action)
        if kept_out:
            await self._tell(action.thread, action.author, kept_out)
        elif action.name in (replies.RETRY_ACTION, START_ACTION):
            if action.name == START_ACTION:
                await self._store.checks.confirm(job_id, asker=action.author.id)
            if not await self._reopen(job_id, asker=action.author.id):
                self.jobs.aside(self._reopen_once_over(job_id, action), name=f"reopen job {job_id}")
        elif action.name == replies.ANSWER_NOW_ACTION:
            self.jobs.aside(self._answer_missed(job_id), name=f"answer what job {job_id} lists")
        elif action.name == replies.EXPLAIN_ACTION:
            self.jobs.aside(self._explain(action, job_id), name=f"explain job {job_id}")

    async def _reopen(self, job_id: int, *, asker: str) -> bool:
        """Whether there was something to answer, or to show, once more."""
        reopened = await self._store.reopen(job_id, asker=asker) is not None
        if reopened:
            await self.sharing.take_up()
        return reopened

    async def _reopen_once_over(self, job_id: int, action: Action) -> None:
        """The button may have been seen before we heard that it was shown; one that is pressed twice is not meant."""
        job = await self._store.job(job_id)
        if job is not None and job.state is State.ANSWERED and self.jobs.runs(job_id):
            await self.jobs.over(job_id)
            await self._reopen(job_id, asker=action.author.id)

    async def _answer_missed(self, job_id: int) -> None:
        """Anybody who may ask may have them answered."""
        await self.jobs.over(job_id)  # the button may have been seen before we heard that it was shown
        await self._reopen(job_id, asker=missed.NOBODY.id)

    @staticmethod
    def _speaks_to_us(incoming: Incoming) -> bool:
        """In so many words; whoever is kept out may talk on in a thread of ours without hearing of that."""
        return incoming.mentioned or incoming.direct

    def _lets_in(self, incoming: Incoming) -> bool:
        return admission.refusal(incoming.author, incoming.thread.channel, self._access, direct=incoming.direct) is None

    async def _keeps_out(self, action: Action) -> str:
        """Why whoever pressed may have nothing done, as a sentence."""
        author, channel = action.author, action.thread.channel
        kept_out = admission.refusal(author, channel, self._access)
        counted = action.name == START_ACTION  # of which the question was, when it was asked
        quota = await self._quotas.exhausted(author.id, channel, underway=counted)
        if kept_out is not None:
            return replies.REFUSED[kept_out]
        return replies.exhausted(quota) if quota is not None else ""

    async def _explain(self, action: Action, job_id: int) -> None:
        """Anybody who sees the answer may ask how it came to be."""
        await self.jobs.over(job_id)  # what was pressed may have been seen before we heard that it was shown
        job = await self._store.to_explain(job_id, asker=action.author.id)
        if job is not None:
            self._start(job)

    async def _stop_all(self, incoming: Incoming) -> bool:
        """Whether the author had anything running in the thread, here or with another replica."""
        thread_id = await self._store.thread_id(incoming.thread)
        mine = self.jobs.of(incoming.author.id, thread_id=thread_id)
        stopped = [job for job in mine if self.jobs.stop(job.id)]
        return bool(stopped) or await self._store.replicas.stop(incoming.author.id, thread_id=thread_id)

    async def _stop(self, action: Action, job_id: int) -> None:
        job, is_admin = self.jobs.get(job_id), admission.is_admin(action.author, self._access)
        if job is None:
            replicas = self._store.replicas
            stopped = await replicas.stop(None if is_admin else action.author.id, job_id=job_id)
            theirs = not stopped and await replicas.waits(job_id)
        else:
            theirs = job.incoming.author.id != action.author.id and not is_admin
            if not theirs:
                self.jobs.stop(job_id)
        if theirs:
            await self._tell(action.thread, action.author, replies.NOT_YOURS)

    async def _tell(self, thread: Thread, author: Author, sentence: str) -> None:
        """Say something to one person alone."""
        try:
            await self._deliveries[thread.channel.platform].adapter.post(
                thread, Post(text=sentence, only_for=author.id)
            )
        except AdapterError as error:
            log.info("not_told", reason=str(error))

    async def _begin(self, job: Job) -> None:
        """Pursue what was just claimed, unless another replica is to, after what others heard before."""
        if job.ours:
            if job.behind:
                await self.sharing.take_up(before=job.id)
            self._start(job)

    def _start(self, job: Job, *, again: bool = False) -> None:
        self.jobs.start(job, partial(self._pursue, again=again), holds_up=not job.explains)

    async def _pursue(self, job: Job, *, again: bool) -> None:
        delivery = self._deliveries.get(job.incoming.thread.channel.platform)
        if delivery is None:
            return  # its platform is not configured in this run
        pursuit = Pursuit if job.watch is None else WatchPursuit
        with _about(job):
            if job.explains and job.explainer is not None:
                await Explanation(job, delivery, self._surroundings, job.explainer).run()
            else:
                await pursuit(job, delivery, self._surroundings, again=again).run()

    def _give_up(self, error: Dead) -> None:
        if not self.died.done():
            self.died.set_exception(error)


def _about(job: Job) -> AbstractContextManager[object]:
    """Lines that are logged within, and by tasks that begin within, are about the job's question."""
    request = request_name(job.incoming.thread.channel.platform, job.incoming.message)
    return structlog.contextvars.bound_contextvars(request=request, job=job.id)
