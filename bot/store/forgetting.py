"""Forgetting: what was deleted where people wrote it, what they want forgotten here, and what is too old; and what
there is of somebody's to be forgotten.

A question that is forgotten leaves a row of ids and figures for some days, so that nothing is answered twice and what
it took still counts. Answers that were given with what is forgotten in view go with it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.base import Channel, Incoming, Mode, Thread, Workspace
from bot.store import database, schema, tombstones
from bot.store.pictures import Pictures
from bot.store.purge import INCOMING, Forgotten, Meant, Purge, is_open, mark, referred_to

Writing = Callable[[str], AbstractAsyncContextManager[AsyncConnection]]
Turn = AbstractAsyncContextManager[object]

_PURGE = "purge"
"""One purge at a time: two that meet in a thread would wait for each other's rows."""

_BATCH = 200
"""Jobs that are forgotten in one transaction, so that others get their turn."""

_job, _document, _source, _check = schema.job.c, schema.document.c, schema.source.c, schema.check_document.c
_checked = select(_check.job_id, _check.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """A page of somebody's file; without ``sha256`` the file gave none."""

    file: str
    fate: str
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A document that a check looked at: where it is and, if it got so far, what came of it; both in JSON."""

    found: str
    judged: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A question or command of somebody's, with what was answered and shown."""

    incoming: Incoming
    question: str
    asked_at: float
    """Unix seconds."""
    context: str
    answer: str
    reasoning: str
    notes: tuple[str, ...]
    engine_seconds: float
    pages: tuple[HeldPage, ...]
    checked: tuple[Checked, ...]


class Forgetting:
    """A part of the store. Pictures go once nothing refers to them; bytes that are left over in the database's file
    go with ``scrub``."""

    def __init__(self, engine: AsyncEngine, writing: Writing, pictures: Pictures, turn: Turn) -> None:
        self._engine = engine
        self._writing = writing
        self._pictures = pictures
        self._turn = turn

    async def messages(self, channel: Channel, messages: Sequence[str]) -> Forgotten:
        """These were deleted. One that we have not seen yet will never be claimed."""
        async with self._writing("tombstone") as connection:
            await connection.run_sync(tombstones.bury, channel, messages)
        here = _in(channel)
        near = select(_job.id).where(*here)
        meant = Meant(
            questions=near.where(_job.message.in_(messages)),
            answers=near.where(_job.post.in_(messages)),
            documents=select(_document.id).where(_document.message.in_(messages), _document.job_id.in_(near)),
            quoting=select(_source.job_id).where(_source.message.in_(messages), _source.job_id.in_(near)),
            checked=_checked.where(_check.message.in_(messages), _posted_in(channel)),
        )
        return await self._purge("messages", meant, take_back=True)

    async def file(self, workspace: Workspace, attachment: str) -> Forgotten:
        """A file was deleted, wherever it was posted. What is being read of it will not be kept."""
        async with self._writing("tombstone") as connection:
            await connection.run_sync(tombstones.bury, tombstones.files_of(workspace), [attachment])
        near = select(_job.id).where(*_in(workspace))
        meant = Meant(
            documents=select(_document.id).where(_document.attachment == attachment, _document.job_id.in_(near)),
            checked=_checked.where(_check.attachment == attachment, _check.job_id.in_(near)),
        )
        return await self._purge("file", meant)

    async def place(self, place: Thread | Channel | Workspace) -> Forgotten:
        """All that was asked in a place. What stands on the platform stays."""
        elsewhere = Forgotten()
        if not isinstance(place, Workspace):
            elsewhere = await self._purge("place", Meant(checked=_checked.where(_posted_in(place))))
        return elsewhere | await self._questions("place", _in(place))

    async def person(self, platform: str, person: str) -> Forgotten:
        """All that somebody asked, and their words and files elsewhere. What stands on the platform stays."""
        near = select(_job.id).where(_job.platform == platform)
        theirs = select(_source.job_id).where(_source.author == person, _source.job_id.in_(near))
        files = (_document.job_id == _source.job_id) & (_document.message == _source.message)
        meant = Meant(
            quoting=theirs,
            documents=select(_document.id).join(schema.source, files).where(_source.author == person),
            checked=_checked.where(_check.author == person, _check.job_id.in_(near)),
        )
        elsewhere = await self._purge("words", meant)
        return elsewhere | await self._questions("person", (_job.platform == platform, _job.asker == person))

    async def picture(self, thread: Thread, number: int) -> Forgotten | None:
        """The document that has this number in its thread; None if there is none."""
        wanted = select(_document.id).join(schema.thread).where(*_is(thread), _document.number == number)
        files = wanted.with_only_columns(_document.attachment)
        here = select(_job.id).where(*_in(thread))
        checked = _checked.where(_check.attachment.in_(files), _check.job_id.in_(here))
        forgotten = await self._purge("picture", Meant(documents=wanted, checked=checked))
        return forgotten if forgotten.threads else None

    async def asked(self, thread: Thread, person: str) -> bool:
        """Whether somebody asked something in a thread."""
        query = select(_job.id).where(*_in(thread), _job.asker == person).limit(1)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).first() is not None

    async def held(self, platform: str, person: str) -> list[Held]:
        """What is known of what somebody asked, oldest first. What watches see is their channels', which whoever asked
        for them may not see any more."""
        mine = select(schema.job).where(_job.platform == platform, _job.asker == person, _job.forgotten_at.is_(None))
        mine = mine.where(_job.watch.is_(None))
        pages = select(_document.job_id, _document.name, _document.fate, schema.page.c.sha256)
        pages = pages.outerjoin_from(schema.document, schema.page).order_by(_document.id, schema.page.c.number)
        async with self._engine.connect() as connection:
            rows = list(await connection.execute(mine.order_by(_job.id)))
            of_these = pages.where(_document.job_id.in_(mine.with_only_columns(_job.id)))
            files: dict[int, list[HeldPage]] = defaultdict(list)
            for page in await connection.execute(of_these):
                files[page.job_id].append(HeldPage(file=page.name, fate=page.fate, sha256=page.sha256))
            looked_at = select(schema.check_document).where(_check.job_id.in_(mine.with_only_columns(_job.id)))
            checked: dict[int, list[Checked]] = defaultdict(list)
            for one in await connection.execute(looked_at.order_by(_check.job_id, _check.number)):
                checked[one.job_id].append(Checked(found=one.found, judged=one.judged))
        return [_held(row, tuple(files[row.id]), tuple(checked[row.id])) for row in rows]

    async def before(self, at: float) -> Forgotten:
        """What was asked before then, in Unix seconds, and has ended, and what checks read before then. What stands on
        the platform stays."""
        async with self._writing("forget readings") as connection:
            await connection.execute(delete(schema.reading).where(schema.reading.c.created_at < at))
            await mark(connection)
        return await self._questions("what is old", (_job.created_at < at, ~is_open()), alone=True)

    async def edited(self, incoming: Incoming, question: str, mode: Mode | None) -> Forgotten | None:
        """A message reads otherwise now. A question that still waits is to be asked anew; of one that was answered the
        words change. What other questions and checks have of its words, and of files that do not hang on it any more,
        goes. None if nothing here changed."""
        async with self._writing("edit") as connection:
            await connection.run_sync(database.alone_with, _PURGE)
            reworded = await Purge(connection).reword(incoming, question, mode)
        message, channel = incoming.message, incoming.thread.channel
        near = select(_job.id).where(*_in(channel))
        files = [*incoming.attachments, *(one for quote in incoming.quotes for one in quote.attachments)]
        hanging = [one.id for one in files]
        from_it = _document.message == message, _document.job_id.in_(near)
        read = _checked.where(_check.message == message, _posted_in(channel))
        meant = Meant(
            quoting=select(_source.job_id).where(_source.message == message, _source.job_id.in_(near)),
            documents=select(_document.id).where(*from_it, _document.attachment.not_in(hanging)),
            checked=read.where(_check.attachment.not_in(hanging)),
        )
        quoted = await self._purge("words", meant)
        forgotten = await self._without_pictures((reworded or Forgotten()) | quoted)
        return forgotten if forgotten.threads else None

    async def sweep(self, at: float) -> None:
        """Drop the rows that were left of what was forgotten before then, threads without any, and pictures that
        nothing refers to."""
        threads = schema.thread
        in_use = select(_job.id).where(_job.thread_id == threads.c.id).exists()
        async with self._writing("sweep") as connection:
            await connection.execute(delete(schema.job).where(_job.forgotten_at < at, ~is_open()))
            await connection.execute(delete(threads).where(~in_use))
            for table in (schema.tombstone, schema.told):
                await connection.execute(delete(table).where(table.c.at < at))
        await self._drop(await self._pictures.names(older_than=at))

    async def marked(self) -> bool:
        """Whether SQLite's file waits to be made anew, whoever wrote what makes that necessary."""
        if self._engine.dialect.name != "sqlite":
            return False
        async with self._engine.connect() as connection:
            return await _is_marked(connection)

    async def scrub(self) -> bool:
        """Rewrite what of the database still holds bytes of deleted rows. False if readers were in the way: try again.

        SQLite's secure_delete leaves copies where pages were split, so that its file is made anew."""
        async with self._turn, self._engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if self._engine.dialect.name == "sqlite":
                return await _scrub_sqlite(alone)
            for table in schema.metadata.sorted_tables:
                await alone.execute(text(f"VACUUM {table.name}"))
        return True

    async def _questions(self, name: str, where: Sequence[ColumnElement[bool]], *, alone: bool = False) -> Forgotten:
        """In batches, so that others get their turn."""
        total = Forgotten()
        batch = select(_job.id).where(*where, _job.forgotten_at.is_(None)).order_by(_job.id).limit(_BATCH)
        while True:
            forgotten = await self._purge(name, Meant(questions=select(batch.subquery().c.id)), alone=alone)
            if not forgotten.threads:
                return total
            total |= forgotten

    async def _purge(self, name: str, meant: Meant, *, take_back: bool = False, alone: bool = False) -> Forgotten:
        async with self._writing(f"forget {name}") as connection:
            await connection.run_sync(database.alone_with, _PURGE)
            forgotten = await Purge(connection, take_back=take_back, alone=alone).run(meant)
        return await self._without_pictures(forgotten)

    async def _without_pictures(self, forgotten: Forgotten) -> Forgotten:
        return replace(forgotten, pictures=await self._drop(forgotten.pictures))

    async def _drop(self, pictures: Iterable[str]) -> frozenset[str]:
        """Delete those of the pictures that nothing refers to; which these were."""
        gone: set[str] = set()
        for some in _batches(sorted(pictures)):
            async with self._pictures.steady(), self._engine.connect() as connection:
                unused = set(some) - await referred_to(connection, some)
                await self._pictures.remove(unused)
            gone |= unused
        return frozenset(gone)


async def _scrub_sqlite(connection: AsyncConnection) -> bool:
    if not await _is_marked(connection):
        return True
    await connection.execute(text("VACUUM"))
    busy = (await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).one()[0]
    if not busy:
        await connection.execute(text("PRAGMA user_version = 0"))
    return not busy


async def _is_marked(connection: AsyncConnection) -> bool:
    return bool((await connection.execute(text("PRAGMA user_version"))).scalar_one())


def _held(row: Row[Any], pages: tuple[HeldPage, ...], checked: tuple[Checked, ...]) -> Held:
    return Held(
        incoming=INCOMING.validate_json(row.incoming),
        question=row.question,
        asked_at=row.created_at,
        context=row.context,
        answer=row.answer or "",
        reasoning=row.reasoning,
        notes=tuple(json.loads(row.notes)),
        engine_seconds=row.engine_seconds,
        pages=pages,
        checked=checked,
    )


def _in(place: Thread | Channel | Workspace) -> tuple[ColumnElement[bool], ...]:
    """Jobs of a place."""
    match place:
        case Workspace(platform=platform, id=workspace):
            return _job.platform == platform, _job.workspace == workspace
        case Channel():
            return tuple(_job[name] == value for name, value in database.columns(place).items())
        case Thread():
            return (_job.thread_id.in_(select(schema.thread.c.id).where(*_is(place))),)


def _posted_in(place: Channel | Thread) -> ColumnElement[bool]:
    """Documents of checks that hang on messages of a place, wherever they were asked for."""
    if isinstance(place, Thread):
        return _posted_in(place.channel) & (_check.root == place.root)
    channel = place
    near = select(_job.id).where(*_in(channel))
    around = select(_job.id).where(*_in(Workspace(platform=channel.platform, id=channel.workspace)))
    here = (_check.channel == "") & _check.job_id.in_(near)
    return here | ((_check.channel == channel.id) & _check.job_id.in_(around))


def _is(thread: Thread) -> Iterator[ColumnElement[bool]]:
    wanted = {**database.columns(thread.channel), "root": thread.root}
    return (schema.thread.c[name] == value for name, value in wanted.items())


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + _BATCH] for start in range(0, len(names), _BATCH))
