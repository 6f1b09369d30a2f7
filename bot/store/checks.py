"""What checks keep: what an engine took out of each document, so that it is read once for a question; the plan of each
check of a channel, and how far it has come."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import Connection, Table, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.base import Channel, Workspace
from bot.store import schema, tombstones
from bot.store.purge import mark
from bot.store.records import Outdated
from bot.store.transactions import Transactions

Add = Callable[[Table, dict[str, object]], sqlite.Insert | postgresql.Insert]


# Made once: to make a statement takes longer than to run it.
@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it was read for one question by one engine."""

    digest: str
    """SHA-256 of the file."""
    prompt: str
    """SHA-256 of all that was asked."""
    engine: str
    pages: int
    fate: str
    reason: str
    extraction: str
    """JSON; empty where the engine gave none that could be read."""
    thumbnail: bytes = field(default=b"", repr=False)
    """A small JPEG of the first page."""
    look: str = ""
    """A fingerprint of what the first page looks like: hexadecimal, close ones are alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A document of a plan. ``found`` says where it is, ``judged`` what came of it, both in JSON. The latter is empty
    until it has been looked at."""

    number: int
    found: str
    judged: str = ""
    attachment: str = ""
    message: str = ""
    """That it hangs on."""
    author: str = ""
    """An id."""
    channel: str = ""
    """The id of another channel than the job's."""
    root: str = ""
    """Of the message's thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What judging a document took: nothing where it was read before."""

    digest: str = ""
    """Of the file; empty if it was not opened."""
    pages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a check of a channel is going to look at."""

    job_id: int
    confirmed: bool
    messages: int
    left_out: Mapping[str, int]
    documents: tuple[Planned, ...] = ()


class Checks:
    """A part of the store."""

    def __init__(self, engine: AsyncEngine, transactions: Transactions, add: Add) -> None:
        self._engine = engine
        self._read, self._writing = transactions.read, transactions.writing
        self._add = add

    async def reading(self, digest: str, prompt: str, engine: str) -> Reading | None:
        """What is known already."""
        table = schema.reading
        query = select(table).where(table.c.digest == digest, table.c.prompt == prompt, table.c.engine == engine)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        values = dict(row._mapping)
        values.pop("created_at")
        return Reading(**values)

    async def keep(self, reading: Reading) -> None:
        """Write down what was read; what is there already is replaced."""
        table = schema.reading
        same = [getattr(table.c, name) == getattr(reading, name) for name in ("digest", "prompt", "engine")]
        async with self._writing("reading") as connection:
            await connection.execute(table.delete().where(*same))
            await connection.execute(self._add(table, {**asdict(reading), "created_at": time.time()}))

    async def thumbnails(self, digests: Sequence[str]) -> dict[str, bytes]:
        """Small pictures of the files that have been read, by digest."""
        table = schema.reading
        query = select(table.c.digest, table.c.thumbnail).where(table.c.digest.in_(set(digests)))
        async with self._engine.connect() as connection:
            return {row.digest: row.thumbnail for row in await connection.execute(query)}

    async def plan(self, job_id: int) -> Plan | None:
        """A check's plan with its documents in order; None as long as it has none."""
        plans, documents = schema.check_plan, schema.check_document
        of_plan = select(documents).where(documents.c.job_id == job_id).order_by(documents.c.number)
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(plans).where(plans.c.job_id == job_id))).one_or_none()
            rows = (await connection.execute(of_plan)).all()
        if row is None:
            return None
        return Plan(
            job_id=job_id,
            confirmed=row.confirmed,
            messages=row.messages,
            left_out=json.loads(row.left_out),
            documents=tuple(Planned(number=one.number, found=one.found, judged=one.judged or "") for one in rows),
        )

    async def keep_plan(self, plan: Plan, *, revision: int | None = None) -> Plan:
        """Write a plan down, whole, before anything is looked at; without what was deleted while it was made. Outdated
        if its job was forgotten, or is not at its ``revision`` any more."""
        jobs = schema.job.c
        values = {"job_id": plan.job_id, "confirmed": plan.confirmed, "messages": plan.messages}
        async with self._writing("check plan") as connection:
            left_out = json.dumps(dict(plan.left_out))
            wanted = select(jobs.platform, jobs.workspace, jobs.channel)
            wanted = wanted.where(jobs.id == plan.job_id, jobs.forgotten_at.is_(None))
            if revision is not None:
                wanted = wanted.where(jobs.revision == revision)
            place = (await connection.execute(wanted)).one_or_none()
            if place is None:
                raise Outdated
            here = Channel(platform=place.platform, workspace=place.workspace, id=place.channel)
            plan = replace(plan, documents=await connection.run_sync(_still_there, plan.documents, here))
            rows = [{"job_id": plan.job_id, **asdict(one), "judged": None} for one in plan.documents]
            await connection.execute(insert(schema.check_plan).values(**values, left_out=left_out))
            if rows:
                await connection.execute(insert(schema.check_document), rows)
        return plan

    async def confirm(self, job_id: int, *, asker: str) -> None:
        """Whoever asked for a check wants its plan to be carried out."""
        plans, jobs = schema.check_plan, schema.job
        own = select(jobs.c.id).where(jobs.c.id == job_id, jobs.c.asker == asker)
        async with self._writing("confirm check") as connection:
            await connection.execute(update(plans).where(plans.c.job_id.in_(own)).values(confirmed=True))

    async def settle(self, job_id: int, number: int, judged: str, effort: Effort) -> None:
        """A document has been looked at. What that took counts for the job, and a job that gets on is not given up,
        however often it was interrupted. What was read of one that was deleted meanwhile goes again."""
        documents, jobs = schema.check_document, schema.job
        this = (documents.c.job_id == job_id) & (documents.c.number == number)
        spent = {
            "pages_read": jobs.c.pages_read + effort.pages,
            "engine_seconds": jobs.c.engine_seconds + effort.seconds,
        }
        async with self._writing("check document") as connection:
            # The job first, as a purge does, which would wait for us as we for it.
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(attempts=0, **spent))
            kept = (
                update(documents).where(this).values(judged=judged, digest=effort.digest).returning(documents.c.number)
            )
            if (await connection.execute(kept)).first() is None:
                await _let_go(connection, effort.digest)


async def _let_go(connection: AsyncConnection, digest: str) -> None:
    """What was read of a file, unless it is known from elsewhere."""
    known = exists().where(schema.check_document.c.digest == digest)
    await connection.execute(delete(schema.reading).where(schema.reading.c.digest == digest, ~known))
    await mark(connection)


def _still_there(connection: Connection, documents: Sequence[Planned], here: Channel) -> tuple[Planned, ...]:
    """Those that were not deleted meanwhile."""
    gone: set[tuple[str, str]] = set()
    for channel in sorted({one.channel for one in documents}, key=lambda channel: channel or here.id):
        place = replace(here, id=channel or here.id)
        messages = [one.message for one in documents if one.channel == channel]
        gone |= {(channel, message) for message in tombstones.among(connection, place, messages)}
    everywhere = tombstones.files_of(Workspace(platform=here.platform, id=here.workspace))
    files = tombstones.among(connection, everywhere, [one.attachment for one in documents])
    return tuple(one for one in documents if (one.channel, one.message) not in gone and one.attachment not in files)
