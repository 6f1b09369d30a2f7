"""What was said and shown in a thread: its questions with their documents and answers. A part of the store."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.base import Incoming, Workspace
from bot.store import schema, tombstones
from bot.store.claims import INCOMING
from bot.store.database import insert_unless_there
from bot.store.purge import FORGOTTEN, without
from bot.store.records import Background, Document, Exchange, Job, Source
from inference.types import Finish, Image

_job, _document, _page = schema.job.c, schema.document.c, schema.page.c

# Made once: to make a statement takes longer than to run it.
_TALK = (
    select(schema.job)
    .join(schema.thread)
    .where(schema.thread.c.id == bindparam("thread"), _job.id > schema.thread.c.opening)
    .where(_job.id <= bindparam("this"))
    .where(_job.finish.is_not(None) | (_job.id == bindparam("this")))
    .where(_job.forgotten_at.is_(None))
    .order_by(_job.id)
)
_DOCUMENTS = (
    select(schema.document, _page.sha256, _page.width, _page.height, _page.text)
    .outerjoin(schema.page)
    .where(_document.thread_id == bindparam("thread"))
    .order_by(_document.id, _page.number)
)

_EARLIER = select(exists().where(_job.thread_id == bindparam("thread"), _job.id < bindparam("this")))
_CHECK = (
    select(schema.check_plan.c.job_id, _job.question)
    .join(schema.job, _job.id == schema.check_plan.c.job_id)
    .where(_job.thread_id == bindparam("thread"), _job.id < bindparam("this"))
    .order_by(schema.check_plan.c.job_id.desc())
    .limit(1)
)

_SAID = (Finish.COMPLETE, Finish.STOPPED, Finish.LENGTH, Finish.DEADLINE)
"""How an answer ends that the engine gave, at least in part."""


def background(connection: Connection, job: Job) -> Background:
    """What the job's thread holds up to and with it."""
    place = {"thread": job.thread_id, "this": job.id}
    check = connection.execute(_CHECK, place).one_or_none()
    return Background(
        exchanges=exchanges(connection, job),
        follows=bool(connection.execute(_EARLIER, place).scalar_one()),
        check=(check.job_id, check.question) if check is not None else None,
    )


def exchanges(connection: Connection, job: Job) -> tuple[Exchange, ...]:
    """The thread up to and with ``job``, oldest first, page images without their bytes."""
    rows = connection.execute(_TALK, {"thread": job.thread_id, "this": job.id}).all()
    documents = _documents(connection, job.thread_id)
    return tuple(_exchange(row, tuple(documents[row.id])) for row in rows)


async def attachments(connection: AsyncConnection, job: Job) -> set[str]:
    """Those of the job's thread that were looked at already."""
    query = select(_document.attachment).where(_document.thread_id == job.thread_id)
    return set((await connection.execute(query)).scalars())


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What surrounds a job's question. ``incoming`` is that itself, with what it quotes."""

    incoming: Incoming
    documents: Sequence[Document]
    context: str = ""
    sources: Sequence[Source] = ()

    @property
    def pictures(self) -> set[str]:
        """SHA-256 of the pages."""
        return {image.sha256 for document in self.documents for image in document.pages}

    def still_there(self, connection: Connection) -> "Findings":
        """Without what was deleted meanwhile, as it takes a while to read all this."""
        channel = self.incoming.thread.channel
        workspace = Workspace(platform=channel.platform, id=channel.workspace)
        held = [*(one.message for one in self.documents), *(one.message for one in self.sources)]
        messages = tombstones.among(connection, channel, held)
        files = tombstones.among(connection, tombstones.files_of(workspace), [one.attachment for one in self.documents])
        if not (messages or files):
            return self
        gone = files | {one.attachment for one in self.documents if one.message in messages}
        sources = [one for one in self.sources if one.message not in messages]
        return Findings(
            incoming=without(self.incoming, gone, messages),
            documents=[_forgotten(one) if one.attachment in gone else one for one in self.documents],
            context=self.context if len(sources) == len(self.sources) else "",
            sources=sources,
        )


def _forgotten(document: Document) -> Document:
    """It stays known as one that is not to be looked at again."""
    return replace(document, name="", fate="skipped", reason=FORGOTTEN, pages=())


async def keep(connection: AsyncConnection, job: Job, found: Findings) -> None:
    """Add documents and the messages that they come from; what is there stays as it is."""
    for source in found.sources:
        values = {"job_id": job.id, "message": source.message, "author": source.author}
        await connection.execute(insert_unless_there(connection.dialect.name, schema.source, values))
    for document in found.documents:
        await _keep(connection, job, document)


async def _keep(connection: AsyncConnection, job: Job, document: Document) -> None:
    highest = select(func.coalesce(func.max(_document.number), 0)).where(_document.thread_id == job.thread_id)
    number = (await connection.execute(highest)).scalar_one() + 1 if document.pages else None
    values = {
        "thread_id": job.thread_id,
        "job_id": job.id,
        "number": number,
        "attachment": document.attachment,
        "name": document.name,
        "fate": document.fate,
        "reason": document.reason,
        "message": document.message,
    }
    added = insert_unless_there(connection.dialect.name, schema.document, values).returning(_document.id)
    document_id = (await connection.execute(added)).scalar_one_or_none()
    if document_id is None or not document.pages:
        return
    rows = [
        {
            "document_id": document_id,
            "number": position,
            "sha256": image.sha256,
            "width": image.width,
            "height": image.height,
            "text": image.text,
        }
        for position, image in enumerate(document.pages, start=1)
    ]
    await connection.execute(insert(schema.page), rows)


def _documents(connection: Connection, thread_id: int) -> dict[int, list[Document]]:
    """By job."""
    found: dict[int, list[Document]] = defaultdict(list)
    rows = connection.execute(_DOCUMENTS, {"thread": thread_id})
    for _, of_document in groupby(rows, key=attrgetter("id")):
        first, *others = of_document
        pages = () if first.sha256 is None else tuple(map(_image, (first, *others)))
        found[first.job_id].append(_read(first, pages))
    return found


def _image(row: Row[Any]) -> Image:
    return Image(sha256=row.sha256, content=b"", width=row.width, height=row.height, text=row.text)


def _read(row: Row[Any], pages: tuple[Image, ...]) -> Document:
    return Document(
        job_id=row.job_id,
        attachment=row.attachment,
        name=row.name,
        fate=row.fate,
        reason=row.reason,
        number=row.number,
        pages=pages,
        message=row.message,
    )


def _exchange(row: Row[Any], documents: tuple[Document, ...]) -> Exchange:
    return Exchange(
        job_id=row.id,
        author=INCOMING.validate_json(row.incoming).author.name,
        question=row.question,
        context=row.context,
        documents=documents,
        answer=(row.answer or None) if row.finish in _SAID else None,
    )
