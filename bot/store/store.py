"""The store's doings: one method per thing that the service says."""

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, bindparam, func, select, tuple_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.dml import ReturningUpdate

from adapters.base import Channel, Incoming, Mode, Thread
from bot.admission import Spent
from bot.store import claims, database, ledger, schema, talk, usage, watermarks
from bot.store.checks import Checks
from bot.store.claims import INCOMING, Claim, is_thread, job_of
from bot.store.forgetting import Forgetting
from bot.store.ledger import Standing
from bot.store.pictures import Alone, PictureFolder, Pictures, PictureTable
from bot.store.purge import mark, mark_plainly, referred_to
from bot.store.records import Background, Document, Exchange, Job, Outcome, Outdated, Source, State
from bot.store.replicas import Replicas
from bot.store.signs import signs
from bot.store.talk import Findings
from bot.store.transactions import Transactions
from bot.store.watches import Watches
from inference.types import Finish

_job = schema.job.c

_PROMPTLY_S = 3.0
"""For an answer to a supervisor, which a database that hangs would keep for ever."""

# Made once: to make a statement takes longer than to run it.
_THIS = update(schema.job).where(_job.id == bindparam("this"), _job.revision == bindparam("was"))
_CHANGE = _THIS.returning(schema.job)
_BEGIN = _THIS.values(attempts=_job.attempts + 1).returning(schema.job)
_ANSWER = _THIS.values(engine_seconds=_job.engine_seconds + bindparam("more_seconds")).returning(schema.job)


class Store:
    """Jobs, documents and pictures. Every method is one transaction, committed when it returns."""

    def __init__(self, url: str, folder: Path, pictures: Path | None = None) -> None:
        """``pictures`` is a folder that all replicas share; else those are below ``folder``, or with PostgreSQL in the
        database."""
        self._engine = database.connect(url)
        self._transactions = Transactions(self._engine, url)
        self._read, self._write = self._transactions.read, self._transactions.write
        self._writing = self._transactions.writing
        self._add = partial(database.insert_unless_there, self._engine.dialect.name)
        alone = Alone(self._engine)
        self._pictures: Pictures = (
            PictureFolder(pictures or folder / "pictures", alone)
            if pictures or self._engine.dialect.name == "sqlite"
            else PictureTable(self._engine, self._writing, alone)
        )
        self.replicas = Replicas(self._engine, self._writing, signs(self._engine, url))
        self.checks = Checks(self._engine, self._transactions, self._add)
        self.watches = Watches(self._engine, self._writing, self.replicas.own)
        self.forgetting = Forgetting(self._engine, self._writing, self._pictures, self._transactions.turn)

    async def __aenter__(self) -> Self:
        try:
            await database.prepare(self._engine)
        except database.Unusable:
            await self._transactions.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.replicas.signs.close()
        await self._transactions.close()

    async def claim(
        self, incoming: Incoming, question: str, mode: Mode | None = None, *, answer: str = ""
    ) -> Job | None:
        """Write down a question, or a command with its ``answer``; None if its message was claimed before, or
        deleted."""
        wanted = Claim(incoming=incoming, question=question, mode=mode, answer=answer)
        return await self._write("claim", lambda connection: claims.claim(connection, wanted, self.replicas.own))

    async def answers(self) -> bool:
        """Whether the database does, before whoever asks takes us for dead."""
        try:
            async with asyncio.timeout(_PROMPTLY_S), self._engine.connect() as connection:
                await connection.execute(select(1))
        except (SQLAlchemyError, OSError):
            return False
        return True

    async def jobs_by_state(self) -> dict[str, int]:
        """How many jobs there are of each state."""
        query = select(schema.job.c.state, func.count().label("number")).group_by(schema.job.c.state)
        async with asyncio.timeout(_PROMPTLY_S), self._engine.connect() as connection:
            return {row.state: row.number for row in await connection.execute(query)}

    async def thread_id(self, thread: Thread) -> int | None:
        """Our number for a thread; None if we have no question of it."""
        place = claims.place_of(thread)
        return await self._read(lambda connection: connection.execute(claims.THREAD_ID, place).scalar_one_or_none())

    async def asked_before(self, incoming: Incoming) -> bool:
        """Whether we were asked in the message's thread before it was sent."""
        return await self._read(lambda connection: claims.asked_before(connection, incoming))

    async def known(self, threads: Sequence[Thread]) -> dict[Thread, datetime]:
        """Those of the threads in which we were asked, and when that was first."""
        table = schema.thread.c
        place = tuple_(table.platform, table.workspace, table.channel, table.root)
        wanted = {(one.channel.platform, one.channel.workspace, one.channel.id, one.root): one for one in threads}
        if not wanted:
            return {}
        first = select(func.min(schema.job.c.id)).where(schema.job.c.thread_id == table.id).correlate(schema.thread)
        asked = select(*place.clauses, schema.job.c.incoming).join(schema.job, schema.job.c.thread_id == table.id)
        query = asked.where(place.in_(wanted), schema.job.c.id == first.scalar_subquery())
        async with self._engine.connect() as connection:
            found = await connection.execute(query)
            return {wanted[tuple(row[:-1])]: INCOMING.validate_json(row.incoming).sent_at for row in found}

    async def tells(self, incoming: Incoming) -> bool:
        """Whether it is us who tell the author of a message something in private; no other replica does then."""
        values = {**database.columns(incoming.thread.channel), "message": incoming.message, "at": time.time()}
        async with self._writing("told") as connection:
            added = self._add(schema.told, values).returning(schema.told.c.message)
            return (await connection.execute(added)).first() is not None

    async def job(self, job_id: int) -> Job | None:
        """As it is now; None once nothing is left of it, or where another replica is at it."""
        query = select(schema.job).where(schema.job.c.id == job_id, self.replicas.is_ours())
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return job_of(row) if row is not None else None

    async def unfinished(self) -> list[Job]:
        """Jobs that were accepted and whose answer may not have been seen, in the order of their questions, unless
        another replica is at them. Threads that are nobody's become ours."""
        return await self.replicas.read([one.id for one in await self.replicas.take()])

    async def begun(self, job: Job) -> Job:
        """Count another attempt at a job."""
        return await self._write("attempt", lambda connection: _change(connection, job, _BEGIN))

    async def placed(self, job: Job, post: str) -> Job:
        """The job's post stands on the platform as ``post``."""

        def place(connection: Connection) -> Job:
            ledger.settle(connection, job.id, Standing.DONE, message=post)
            return _change(connection, job, post=post)

        return await self._write("placed", place)

    async def answered(self, job: Job, outcome: Outcome) -> Job:
        """Write the answer down, before it is shown for good."""
        values = {
            "state": State.ANSWERED,
            "answer": outcome.text,
            "reasoning": outcome.reasoning,
            "notes": json.dumps(outcome.notes),
            "finish": outcome.finish,
            "more_seconds": outcome.engine_seconds,
            "ended_at": time.time(),
            "stopping": False,
        }

        def end(connection: Connection) -> Job:
            if job.post is not None:
                ledger.owe(connection, job.id, "edit", job.post)
            return _change(connection, job, _ANSWER, **values)

        return await self._write("answer", end)

    async def took(self, job: Job, seconds: float) -> None:
        """What the engine did in vain counts for its day too."""
        if seconds:
            spent = {"engine_seconds": _job.engine_seconds + seconds}
            async with self._writing("took") as connection:
                await connection.execute(update(schema.job).where(_job.id == job.id).values(spent))

    async def delivered(self, job: Job) -> Job:
        """The answer is seen. A list of what was missed, which names people, is kept no longer than that takes."""
        over: dict[str, Any] = {"answer": ""} if job.incoming.own else {}
        return await self._over("delivered", job, Standing.DONE, state=State.DELIVERED, **over)

    async def undeliverable(self, job: Job, reason: str, *, gone: bool = False) -> Job:
        """The answer has no place to go to any more. ``reason``: the kind of error. ``gone``: the place was deleted,
        and so the answer is kept no longer."""
        nothing: dict[str, Any] = {"answer": "", "reasoning": "", "notes": "[]"} if gone else {}
        return await self._over("undeliverable", job, Standing.FAILED, reason, state=State.UNDELIVERABLE, **nothing)

    async def due_since(self, job: Job) -> float | None:
        """When the oldest thing that the job owes its thread became due, in Unix seconds."""
        async with self._engine.connect() as connection:
            return await ledger.due_since(connection, job.id)

    async def deliveries(self, job: Job) -> list[ledger.Entry]:
        """What the job owed its thread, in order, and what became of it."""
        async with self._engine.connect() as connection:
            return await ledger.entries(connection, job.id)

    async def reopen(self, job_id: int, *, asker: str) -> Job | None:
        """Let a question that failed wait again, or what a notice of nobody's tells of, and an answer that could not
        be shown be shown again, if it is the asker's own; None if there is no such."""
        table = schema.job.c
        ends = table.finish.in_((Finish.FAILED, Finish.REFUSED, Finish.DEADLINE))
        failed = (ends | (table.finish.is_(None) & (table.asker == ""))) & (table.state == State.DELIVERED)
        unseen = (table.state == State.UNDELIVERABLE) & table.answer.is_not(None) & table.post.is_not(None)
        own = update(schema.job).where(table.id == job_id, table.asker == asker, table.forgotten_at.is_(None))
        own = own.returning(schema.job)
        async with self._writing("reopen") as connection:
            shown_again = await connection.execute(own.where(unseen).values(state=State.ANSWERED))
            row = shown_again.one_or_none()
            if row is not None:
                await connection.run_sync(ledger.owe, row.id, "edit", row.post)
                return job_of(row)
            anew = {"state": State.WAITING, "attempts": 0, "answer": None, "finish": None}
            row = (await connection.execute(own.where(failed).values(anew))).one_or_none()
        return job_of(row) if row is not None else None

    async def to_explain(self, job_id: int, *, asker: str) -> Job | None:
        """Let a question's answer be shown once more, with the summary of its reasoning; None if it has one already,
        was never shown, or is being shown, or if another replica is at its thread, which does it then."""
        table = schema.job.c
        without = (table.state == State.DELIVERED) & table.post.is_not(None) & table.finish.is_not(None)
        without &= table.answer != ""  # which went with what it was about
        this = (table.id == job_id) & without & (table.reasoning == "")
        async with self._writing("to explain") as connection:
            thread_id = (await connection.execute(select(table.thread_id).where(this))).scalar_one_or_none()
            change = update(schema.job).where(this).values(state=State.ANSWERED, explainer=asker).returning(schema.job)
            row = (await connection.execute(change)).one_or_none()
            if row is None or thread_id is None:
                return None
            await connection.run_sync(ledger.owe, row.id, "edit", row.post)
            ours, _ = await connection.run_sync(self.replicas.own, thread_id, job_id)
        return job_of(row) if ours else None

    async def explained(self, job: Job, reasoning: str) -> Job:
        """Write the summary down, before it is shown."""
        return await self._write("explained", lambda connection: _change(connection, job, reasoning=reasoning))

    async def watermarks(self) -> list[tuple[Channel, float]]:
        """The channels that we were asked in, and up to when (Unix seconds) each was looked through."""
        async with self._engine.connect() as connection:
            return await watermarks.all_of_them(connection)

    async def seen(self, channel: Channel, at: float) -> None:
        """The channel was looked through up to then."""
        await self._write("watermark", lambda connection: watermarks.put(connection, channel, at))

    async def latest_threads(self, channel: Channel, since: float, *, most: int) -> list[Thread]:
        """The threads of a channel that were asked in since then, the latest first."""
        async with self._engine.connect() as connection:
            return await watermarks.latest_threads(connection, channel, since, most)

    async def claimed(self, incoming: Incoming) -> bool:
        """Whether the message was taken before."""
        channel, table = incoming.thread.channel, schema.job.c
        query = select(table.id).where(table.platform == channel.platform, table.workspace == channel.workspace)
        query = query.where(table.channel == channel.id, table.message == incoming.message)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).first() is not None

    async def spent(self, channel: Channel, since: float, *, person: str | None = None) -> Spent:
        """What the person used in the channel's workspace, or everybody in the channel, since then (Unix seconds)."""
        async with self._engine.connect() as connection:
            return await usage.spent(connection, channel, since, person)

    async def reset_quota(self, channel: Channel, *, person: str | None = None) -> None:
        """Let what was used until now not count any more."""
        async with self._writing("reset quota") as connection:
            await usage.reset(connection, channel, person)

    async def begin_anew(self, thread: Thread) -> None:
        """Leave the talk so far out of what follows."""
        newest = select(func.max(schema.job.c.id)).where(schema.job.c.thread_id == schema.thread.c.id)
        opening = func.coalesce(newest.correlate(schema.thread).scalar_subquery(), 0)
        async with self._writing("begin anew") as connection:
            await connection.execute(update(schema.thread).where(*is_thread(thread)).values(opening=opening))

    async def keep(
        self, job: Job, documents: Sequence[Document], context: str = "", sources: Sequence[Source] = ()
    ) -> bool:
        """Add the documents and the words that surround a job's question, with the messages that both come from; the
        next numbers of the thread are given to those that have pages. What is already there stays as it is, and what
        was deleted meanwhile is not kept. False if there is nothing to add."""
        if not (documents or context or sources):
            return False
        found = Findings(incoming=job.incoming, documents=documents, context=context, sources=sources)
        async with self._pictures.steady():
            unused = found.pictures
            try:
                for image in (image for document in documents for image in document.pages):
                    await self._pictures.put(image.sha256, image.content)
                left = await self._keep(job, found)
                unused = unused - left.pictures
            finally:
                await self._drop(unused)
        return True

    async def _keep(self, job: Job, found: Findings) -> Findings:
        async with self._writing("documents") as connection:
            left = await connection.run_sync(found.still_there)
            values: dict[str, Any] = {"context": left.context}
            if left is not found:
                values["incoming"] = INCOMING.dump_json(left.incoming).decode()
                await mark(connection)
            await connection.run_sync(partial(_change, job=job, **values))
            await talk.keep(connection, job, left)
        return left

    async def _drop(self, pictures: set[str]) -> None:
        """What was put in vain, unless something else refers to it."""
        if pictures:
            async with self._engine.connect() as connection:
                await self._pictures.remove(pictures - await referred_to(connection, pictures))

    async def background(self, job: Job) -> Background:
        """What the job's thread holds up to and with it."""
        return await self._read(lambda connection: talk.background(connection, job))

    async def exchanges(self, job: Job) -> tuple[Exchange, ...]:
        """The thread up to and with ``job``, oldest first, page images without their bytes."""
        return await self._read(lambda connection: talk.exchanges(connection, job))

    async def attachments(self, job: Job) -> set[str]:
        """The attachments of the job's thread that were looked at already."""
        async with self._engine.connect() as connection:
            return await talk.attachments(connection, job)

    async def content(self, sha256: str) -> bytes:
        """A page's bytes. FileNotFoundError if they are gone."""
        return await self._pictures.get(sha256)

    async def _over(self, name: str, job: Job, standing: Standing, reason: str = "", **values: Any) -> Job:
        """The job owes nothing more, and nobody waits to hear how its answer came to be."""

        def settle(connection: Connection) -> Job:
            ledger.settle(connection, job.id, standing, message=job.post, reason=reason)
            if "answer" in values:
                mark_plainly(connection)
            return _change(connection, job, explainer=None, **values)

        return await self._write(name, settle)


def _change(connection: Connection, job: Job, change: ReturningUpdate[Any] = _CHANGE, **values: Any) -> Job:
    """Outdated if it is not what it was."""
    row = connection.execute(change, {"this": job.id, "was": job.revision, **values}).one_or_none()
    if row is None:
        raise Outdated
    return job_of(row, job.incoming)
