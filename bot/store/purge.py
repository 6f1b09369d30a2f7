"""One purge within a transaction: what is meant, and all that follows from it."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.base import Attachment, Author, Incoming, Mode
from bot.store import ledger, schema
from bot.store.records import State
from inference.types import Finish

INCOMING = TypeAdapter(Incoming)

FORGOTTEN = "Forgotten."
"""Stands as the reason of a file that is not looked at any more."""

OPEN = (State.WAITING, State.ANSWERED)

_job, _document, _page = schema.job.c, schema.document.c, schema.page.c
_check, _reading, _source = schema.check_document.c, schema.reading.c, schema.source.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What went, for those who hold something of it in memory."""

    jobs: frozenset[int] = frozenset()
    """Those that are to be pursued: they begin anew, or what was shown of them is to be taken back."""
    threads: frozenset[int] = frozenset()
    """In which something went."""
    pictures: frozenset[str] = frozenset()
    """SHA-256 of those that nothing refers to any more."""

    def __or__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(
            jobs=self.jobs | other.jobs,
            threads=self.threads | other.threads,
            pictures=self.pictures | other.pictures,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What is to be forgotten, by queries that give ids."""

    questions: Select[Any] | None = None
    answers: Select[Any] | None = None
    """Jobs of which our own post was deleted."""
    documents: Select[Any] | None = None
    quoting: Select[Any] | None = None
    """Jobs in whose context or quotes somebody's words stand."""
    checked: Select[Any] | None = None
    """Documents of checks: job and number."""


def is_open() -> ColumnElement[bool]:
    """Whether something is still to be done for a job."""
    return _job.state.in_(OPEN)


class Purge:
    """``take_back``: what answered a question is replaced on its platform too. ``alone``: answers that were given with
    it in view stay."""

    def __init__(self, connection: AsyncConnection, *, take_back: bool = False, alone: bool = False) -> None:
        self._connection = connection
        self._take_back = take_back
        self._alone = alone

    async def run(self, meant: Meant) -> Forgotten:
        questions = await self._jobs(meant.questions)
        asked = frozenset(row.id for row in questions)
        said = [row for row in await self._jobs(meant.answers) if row.state not in OPEN]
        quoting = [row for row in await self._jobs(meant.quoting) if row.id not in asked and _has_words(row)]
        documents = await self._documents(meant.documents, asked)
        checked = await self._checked(meant.checked, asked)
        first = _first([(row.thread_id, row.id) for row in (*questions, *said, *quoting)])
        first = _first([*first.items(), *((row.thread_id, row.job_id) for row in (*documents, *checked))])
        if not first:
            return Forgotten()
        later = [] if self._alone else await self._later(first, asked)
        for row in questions:
            await self._empty(row)
        for row in quoting:
            await self._unquote(row)
        await self._drop_checked(checked)
        await self._take_off([row for row in documents if row.job_id not in asked])
        pictures = await self._empty_documents([row.id for row in documents])
        await self._unsay(later)
        await mark(self._connection)
        to_pursue = (
            row.id for row in (*questions, *later) if row.state in OPEN or (row.id in asked and self._back(row))
        )
        return Forgotten(jobs=frozenset(to_pursue), threads=frozenset(first), pictures=pictures)

    async def reword(self, incoming: Incoming, question: str, mode: Mode | None) -> Forgotten | None:
        """The question reads otherwise now; None if it is not known, or reads as before."""
        channel = incoming.thread.channel
        place = (_job.platform == channel.platform, _job.workspace == channel.workspace, _job.channel == channel.id)
        row = (
            await self._connection.execute(select(schema.job).where(*place, _job.message == incoming.message))
        ).first()
        if row is None or row.forgotten_at is not None:
            return None
        known = INCOMING.validate_json(row.incoming)
        if (known.text, _files(known)) == (incoming.text, _files(incoming)):
            return None
        waits = row.state == State.WAITING
        fresh = replace(known, text=incoming.text, attachments=incoming.attachments, channels=incoming.channels)
        words = {"incoming": INCOMING.dump_json(fresh).decode(), "question": question, "mode": mode}
        anew = {"revision": _job.revision + 1, "attempts": 0} if waits else {}
        await self._connection.execute(update(schema.job).where(_job.id == row.id).values(words | anew))
        await self._drop_plan(row.id, begun=waits)
        gone = _files(known) - _files(fresh)
        removed = select(_document.id).where(_document.thread_id == row.thread_id, _document.attachment.in_(gone))
        forgotten = await self.run(Meant(documents=removed)) if gone else Forgotten()
        await mark(self._connection)
        jobs = frozenset({row.id}) if waits else frozenset[int]()
        return forgotten | Forgotten(jobs=jobs, threads=frozenset({row.thread_id}))

    async def _drop_plan(self, job_id: int, *, begun: bool) -> None:
        """What a check was going to look at, and found, was for the question as it read before; one that has not been
        ``begun`` goes in any case."""
        plan = delete(schema.check_plan).where(schema.check_plan.c.job_id == job_id)
        await self._connection.execute(plan if begun else plan.where(~schema.check_plan.c.confirmed))

    async def _jobs(self, ids: Select[Any] | None) -> list[Row[Any]]:
        """Those that have not been forgotten yet."""
        if ids is None:
            return []
        query = select(schema.job).where(_job.id.in_(ids), _job.forgotten_at.is_(None)).order_by(_job.id)
        return list(await self._connection.execute(query))

    async def _documents(self, ids: Select[Any] | None, asked: frozenset[int]) -> list[Row[Any]]:
        """With the documents that came with the questions; those that were forgotten before have no pages."""
        meant = [_document.job_id.in_(asked)] + ([_document.id.in_(ids)] if ids is not None else [])
        columns = (_document.id, _document.thread_id, _document.job_id, _document.attachment)
        query = select(*columns).where(or_(*meant), _document.reason != FORGOTTEN)
        return list(await self._connection.execute(query))

    async def _checked(self, ids: Select[Any] | None, asked: frozenset[int]) -> list[Row[Any]]:
        keys = tuple_(_check.job_id, _check.number)
        meant = [_check.job_id.in_(asked)] + ([keys.in_(ids)] if ids is not None else [])
        columns = (_check.job_id, _check.number, _check.digest, _job.thread_id)
        query = select(*columns).join(schema.job, _job.id == _check.job_id).where(or_(*meant))
        return list(await self._connection.execute(query))

    async def _later(self, first: Mapping[int, int], asked: frozenset[int]) -> list[Row[Any]]:
        """What was asked in these threads from these jobs on: its answers had in view what goes. The replies to
        commands are our own words."""
        found: list[Row[Any]] = []
        for thread, number in first.items():
            query = select(schema.job).where(_job.thread_id == thread, _job.id >= number, _job.forgotten_at.is_(None))
            query = query.where(_job.finish.is_not(None) | _job.answer.is_(None), _job.id.not_in(asked))
            found += await self._connection.execute(query)
        return found

    def _back(self, row: Row[Any]) -> bool:
        """Whether what was shown is to be taken back."""
        return row.post is not None and (self._take_back or row.state in OPEN)

    async def _empty(self, row: Row[Any]) -> None:
        """Leave ids and figures."""
        connection = self._connection
        to_do = row.state in OPEN or self._back(row)
        values = {
            "incoming": INCOMING.dump_json(_emptied(INCOMING.validate_json(row.incoming))).decode(),
            "finish": row.finish or (Finish.STOPPED if row.answer is None else None),
            "state": State.ANSWERED if to_do else State.DELIVERED,
            "forgotten_at": time.time(),
            "revision": _job.revision + 1,
        }
        values |= {"question": "", "context": "", "answer": "", "reasoning": "", "notes": "[]"}
        await connection.execute(update(schema.job).where(_job.id == row.id).values(values))
        for table in (schema.delivery, schema.source, schema.check_plan):
            await connection.execute(delete(table).where(table.c.job_id == row.id))
        if self._back(row):
            await connection.run_sync(ledger.owe, row.id, "edit", row.post)

    async def _unquote(self, row: Row[Any]) -> None:
        incoming = replace(INCOMING.validate_json(row.incoming), quotes=())
        values = {"incoming": INCOMING.dump_json(incoming).decode(), "context": ""}
        await self._connection.execute(update(schema.job).where(_job.id == row.id).values(values))
        # Whose message a file hangs on is to be known as long as the file is.
        files = select(_document.message).where(_document.job_id == row.id)
        of_words = _source.job_id == row.id, _source.message.not_in(files)
        await self._connection.execute(delete(schema.source).where(*of_words))

    async def _take_off(self, documents: list[Row[Any]]) -> None:
        """Drop the names of these files from the questions of their threads that stay; several may quote one."""
        gone = {row.attachment for row in documents}
        near = select(_job.id).where(_job.thread_id.in_({row.thread_id for row in documents}))
        for row in await self._jobs(near):
            known = INCOMING.validate_json(row.incoming)
            incoming = without(known, gone)
            if incoming != known:
                words = INCOMING.dump_json(incoming).decode()
                await self._connection.execute(update(schema.job).where(_job.id == row.id).values(incoming=words))

    async def _unsay(self, rows: Iterable[Row[Any]]) -> None:
        """Drop answers that may quote what goes; those that are not shown yet are to be given anew."""
        rows = list(rows)
        nothing = {"answer": None, "reasoning": "", "notes": "[]"}
        anew = nothing | {"state": State.WAITING, "finish": None, "attempts": 0, "revision": _job.revision + 1}
        for ids, values in (
            ([row.id for row in rows if row.state in OPEN], anew),
            ([row.id for row in rows if row.state not in OPEN], nothing | {"answer": ""}),
        ):
            if ids:
                await self._connection.execute(update(schema.job).where(_job.id.in_(ids)).values(values))

    async def _empty_documents(self, ids: list[int]) -> frozenset[str]:
        """Drop their pages and names; the pictures that nothing refers to any more. The rows stay: a file that is
        still on its platform is not to be read again."""
        pages = _page.document_id.in_(ids)
        await self._count(pages)
        shown = set((await self._connection.execute(select(_page.sha256).where(pages))).scalars())
        await self._connection.execute(delete(schema.page).where(pages))
        values = {"name": "", "fate": "skipped", "reason": FORGOTTEN}
        await self._connection.execute(update(schema.document).where(_document.id.in_(ids)).values(values))
        return frozenset(shown - await referred_to(self._connection, shown))

    async def _count(self, pages: ColumnElement[bool]) -> None:
        """What was looked at counts for its day, though it is not kept."""
        read = select(_document.job_id, func.count().label("number")).join(schema.page)
        for row in await self._connection.execute(read.where(pages).group_by(_document.job_id)):
            counted = update(schema.job).where(_job.id == row.job_id)
            await self._connection.execute(counted.values(pages_read=_job.pages_read + row.number))

    async def _drop_checked(self, rows: list[Row[Any]]) -> None:
        """With what was read of them, which is read again where it is asked for."""
        digests = {row.digest for row in rows} - {""}
        for row in rows:
            this = (_check.job_id == row.job_id) & (_check.number == row.number)
            await self._connection.execute(delete(schema.check_document).where(this))
        if digests:
            await self._connection.execute(delete(schema.reading).where(_reading.digest.in_(digests)))


async def referred_to(connection: AsyncConnection, pictures: Iterable[str]) -> set[str]:
    """Those of the pictures that a page shows."""
    query = select(_page.sha256).where(_page.sha256.in_(list(pictures))).distinct()
    return set((await connection.execute(query)).scalars())


async def mark(connection: AsyncConnection) -> None:
    """SQLite: the file is to be made anew. The mark is part of the transaction, so that a crash does not lose it."""
    await connection.run_sync(mark_plainly)


def mark_plainly(connection: Connection) -> None:
    """The same in plain code."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA user_version = 1"))


def _first(found: Iterable[tuple[int, int]]) -> dict[int, int]:
    """By thread the first job."""
    first: dict[int, int] = {}
    for thread, job in found:
        first[thread] = min(job, first.get(thread, job))
    return first


def _has_words(row: Row[Any]) -> bool:
    """Whether anything of what surrounded a question is left. Whose its files are stays known, which says nothing."""
    return bool(row.context or INCOMING.validate_json(row.incoming).quotes)


def _files(incoming: Incoming) -> frozenset[str]:
    return frozenset(attachment.id for attachment in incoming.attachments)


def without(incoming: Incoming, files: Collection[str], messages: Collection[str] = ()) -> Incoming:
    """The message without these files, and without what it quotes of these messages."""

    def left(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
        return tuple(one for one in attachments if one.id not in files)

    quotes = (one for one in incoming.quotes if not (one.message and one.message in messages))
    quotes = (replace(quote, attachments=left(quote.attachments)) for quote in quotes)
    return replace(incoming, attachments=left(incoming.attachments), quotes=tuple(quotes))


def _emptied(incoming: Incoming) -> Incoming:
    author = Author(id=incoming.author.id, name="", bot=incoming.author.bot)
    return replace(incoming, author=author, text="", attachments=(), quotes=(), link="")
