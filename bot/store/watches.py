"""What standing checks keep: the watches of each channel, and the jobs in which they look at documents and tell of
them."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.base import Author, Channel, Incoming, Thread, Workspace
from bot.store import claims, database, schema, watermarks
from bot.store.checks import Planned
from bot.store.claims import Claim, Own
from bot.store.purge import mark
from bot.store.records import Job

Writing = Callable[[str], AbstractAsyncContextManager[AsyncConnection]]

MOST = 20
"""Watches of a channel."""

_AUTHOR = TypeAdapter(Author)

_watch, _job, _document = schema.watch.c, schema.job.c, schema.check_document.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A standing check of a channel. Times are Unix seconds."""

    id: int
    number: int
    channel: Channel
    message: str
    creator: Author
    question: str
    schedule: str
    state: str
    """running, paused or removed."""
    since: float
    told_until: float
    due_at: float


class Watches:
    """A part of the store."""

    def __init__(self, engine: AsyncEngine, writing: Writing, own: Own) -> None:
        self._engine = engine
        self._writing = writing
        self._own = own

    async def begin(self, asked: Incoming, question: str, schedule: str, due_at: float) -> Watch | None:
        """A new watch of the message's channel, or the one that the message asked for before. None if there are too
        many."""
        channel, at = asked.thread.channel, asked.sent_at.timestamp()
        values = database.columns(channel) | {
            "message": asked.message,
            "creator": asked.author.id,
            "author": _AUTHOR.dump_json(asked.author).decode(),
            "question": question,
            "schedule": schedule,
            "state": "running",
            "since": at,
            "told_until": time.time(),
            "due_at": due_at,
        }
        async with self._writing("watch") as connection:
            await connection.run_sync(database.alone_in, channel)
            known = await _first(connection, _in(channel).where(_watch.message == asked.message))
            if known is not None:
                return known
            if len((await connection.execute(_in(channel).where(_watch.state != "removed"))).all()) >= MOST:
                return None
            highest = _in(channel).with_only_columns(func.coalesce(func.max(_watch.number), 0))
            number = (await connection.execute(highest)).scalar_one() + 1
            added = insert(schema.watch).values(values | {"number": number}).returning(schema.watch)
            row = (await connection.execute(added)).one()
            await connection.run_sync(watermarks.begin, channel, time.time())
        return _read(row)

    async def get(self, watch_id: int) -> Watch | None:
        """None once it is forgotten."""
        async with self._engine.connect() as connection:
            return await _first(connection, select(schema.watch).where(_watch.id == watch_id))

    async def of_job(self, job_id: int) -> Watch | None:
        """The watch that a job belongs to."""
        query = select(schema.watch).join(schema.job, _job.watch == _watch.id).where(_job.id == job_id)
        async with self._engine.connect() as connection:
            return await _first(connection, query)

    async def numbered(self, channel: Channel, number: int) -> Watch | None:
        """The channel's watch with that number, removed ones too; None if there never was one."""
        async with self._engine.connect() as connection:
            return await _first(connection, _in(channel).where(_watch.number == number))

    async def of(self, channel: Channel) -> list[Watch]:
        """Those of a channel that are not removed, in order."""
        query = _in(channel).where(_watch.state != "removed").order_by(_watch.number)
        async with self._engine.connect() as connection:
            return [_read(row) for row in await connection.execute(query)]

    async def by(self, platform: str, person: str) -> list[Watch]:
        """All that somebody asked for, removed ones too."""
        query = select(schema.watch).where(_watch.platform == platform, _watch.creator == person).order_by(_watch.id)
        async with self._engine.connect() as connection:
            return [_read(row) for row in await connection.execute(query)]

    async def put(self, watch: Watch) -> None:
        """Write down what of a watch may change. Of one that is removed the question goes."""
        removed = watch.state == "removed"
        values = {
            "question": "" if removed else watch.question,
            "schedule": watch.schedule,
            "state": watch.state,
            "since": watch.since,
            "due_at": watch.due_at,
        }
        async with self._writing("change watch") as connection:
            await connection.execute(update(schema.watch).where(_watch.id == watch.id).values(values))
            if removed:
                await mark(connection)

    async def sight(
        self, watch: Watch, incoming: Incoming, documents: Sequence[Planned], *, refused: str = ""
    ) -> Job | None:
        """Claim a message's documents for a watch; None if that was done before, or the message was deleted. The job
        itself holds none of its words, but in place of a question why the documents are not to be looked at."""
        slim = Incoming(
            thread=incoming.thread,
            message=incoming.message,
            author=Author(id=watch.creator.id, name="", bot=incoming.author.bot),
            text="",
            sent_at=incoming.sent_at,
            reply=incoming.reply,
        )
        key = f"{incoming.message}-watch-{watch.id}"
        async with self._writing("sight") as connection:
            wanted = Claim(incoming=slim, question=refused, message=key, watch=watch.id)
            job = await connection.run_sync(claims.claim, wanted, self._own)
            if job is not None:
                plan = {"job_id": job.id, "confirmed": True, "messages": 1, "left_out": "{}"}
                await connection.execute(insert(schema.check_plan).values(plan))
                rows = [{"job_id": job.id, **asdict(one), "judged": None} for one in documents]
                await connection.execute(insert(schema.check_document), rows)
        return job

    async def due(self, at: float) -> list[Watch]:
        """Those whose digest is due."""
        query = select(schema.watch).where(_watch.state == "running", _watch.due_at <= at).order_by(_watch.due_at)
        async with self._engine.connect() as connection:
            return [_read(row) for row in await connection.execute(query)]

    async def tell(self, watch: Watch, until: float, due_at: float) -> Job | None:
        """Claim the digest of what was taken up until then, once, and say when the next is due. None if another did,
        or if there is nothing to tell."""
        moment = datetime.fromtimestamp(until, UTC)
        incoming = Incoming(
            thread=Thread(channel=watch.channel, root=""),
            message=f"digest-{watch.id}-{watch.due_at:.0f}",
            author=Author(id=watch.creator.id, name=""),
            text="",
            sent_at=moment,
        )
        period = f"{datetime.fromtimestamp(watch.told_until, UTC).isoformat()}/{moment.isoformat()}"
        this = (_watch.id == watch.id) & (_watch.state == "running") & (_watch.due_at == watch.due_at)
        async with self._writing("digest") as connection:
            done = update(schema.watch).where(this).values(told_until=until, due_at=due_at).returning(_watch.id)
            if (await connection.execute(done)).one_or_none() is None:
                return None
            if not (await connection.execute(_taken_up(watch.id, watch.told_until, until).limit(1))).first():
                return None
            wanted = Claim(incoming=incoming, question=period, watch=watch.id)
            return await connection.run_sync(claims.claim, wanted, self._own)

    async def between(self, watch_id: int, since: float, until: float, *, most: int) -> list[Planned]:
        """The newest documents that a watch took up after one time and until the other, in order."""
        return await self._newest(_taken_up(watch_id, since, until), most)

    async def judged_before(self, job: Job, *, most: int) -> list[Planned]:
        """The newest documents that the job's watch had judged before it, in order."""
        earlier = _documents().where(_job.watch == job.watch, _job.id < job.id, _document.judged.is_not(None))
        return await self._newest(earlier, most)

    async def spoken_of(self, job: Job) -> bool:
        """Whether another watch has said something under the job's message."""
        channel = job.incoming.thread.channel
        here = (getattr(_job, name) == value for name, value in database.columns(channel).items())
        said = select(_job.id).where(*here, _job.watch.is_not(None), _job.id < job.id, _job.answer != "")
        near = said.join(schema.check_document, _document.job_id == _job.id)
        query = near.where(_document.message == job.incoming.message).limit(1)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).first() is not None

    async def forget_place(self, place: Thread | Channel | Workspace) -> None:
        """Nothing is watched where nothing is any more."""
        if isinstance(place, Workspace):
            where = (_watch.platform == place.platform) & (_watch.workspace == place.id)
        elif isinstance(place, Channel):
            where = (_watch.platform == place.platform) & (_watch.workspace == place.workspace)
            where &= _watch.channel == place.id
        else:
            return
        await self._forget(delete(schema.watch).where(where))

    async def forget_messages(self, channel: Channel, messages: Sequence[str]) -> None:
        """A watch goes with the message that asked for it."""
        here = (getattr(_watch, name) == value for name, value in database.columns(channel).items())
        await self._forget(delete(schema.watch).where(*here, _watch.message.in_(messages)))

    async def forget_person(self, platform: str, person: str) -> None:
        """Nothing is watched for somebody any more."""
        await self._forget(delete(schema.watch).where(_watch.platform == platform, _watch.creator == person))

    async def _newest(self, documents: Select[Any], most: int) -> list[Planned]:
        newest = documents.order_by(_document.job_id.desc(), _document.number.desc()).limit(most)
        async with self._engine.connect() as connection:
            return [_planned(row) for row in (await connection.execute(newest)).all()][::-1]

    async def _forget(self, these: Any) -> None:
        async with self._writing("forget watches") as connection:
            if (await connection.execute(these.returning(_watch.id))).all():
                await mark(connection)


def _in(channel: Channel) -> Select[Any]:
    return select(schema.watch).where(
        *(getattr(_watch, name) == value for name, value in database.columns(channel).items())
    )


def _documents() -> Select[Any]:
    return select(schema.check_document).join(schema.job, _job.id == _document.job_id)


def _taken_up(watch_id: int, since: float, until: float) -> Select[Any]:
    return _documents().where(_job.watch == watch_id, _job.created_at > since, _job.created_at <= until)


async def _first(connection: AsyncConnection, query: Select[Any]) -> Watch | None:
    row = (await connection.execute(query)).one_or_none()
    return _read(row) if row is not None else None


def _read(row: Row[Any]) -> Watch:
    return Watch(
        id=row.id,
        number=row.number,
        channel=Channel(platform=row.platform, workspace=row.workspace, id=row.channel),
        message=row.message,
        creator=_AUTHOR.validate_json(row.author),
        question=row.question,
        schedule=row.schedule,
        state=row.state,
        since=row.since,
        told_until=row.told_until,
        due_at=row.due_at,
    )


def _planned(row: Row[Any]) -> Planned:
    return Planned(
        number=row.number,
        found=row.found,
        judged=row.judged or "",
        attachment=row.attachment,
        message=row.message,
        author=row.author,
    )
