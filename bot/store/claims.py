"""Rows of jobs: how one comes to be, and how it reads. All run within a caller's transaction."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from adapters.base import Incoming, Mode, Thread
from bot.store import database, ledger, schema, watermarks
from bot.store.purge import is_open
from bot.store.records import Job, Outcome, State
from inference.types import Finish

INCOMING = TypeAdapter(Incoming)

# Made once: to make a statement takes longer than to run it.
THREAD_ID = select(schema.thread.c.id).where(
    *(schema.thread.c[name] == bindparam(name) for name in ("platform", "workspace", "channel", "root"))
)
_TOMBSTONE = select(schema.tombstone.c.at).where(
    *(schema.tombstone.c[name] == bindparam(name) for name in ("platform", "workspace", "channel", "message"))
)
_OLDER = (
    select(schema.job.c.id)
    .where(schema.job.c.thread_id == bindparam("thread"), schema.job.c.id < bindparam("job"), is_open())
    .limit(1)
)

Own = Callable[[AsyncConnection, int, int], Awaitable[bool]]
"""Whether this process is to pursue a new job of a thread; by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job that is to be, unless it is there already. ``answer`` is that of a command."""

    incoming: Incoming
    question: str
    mode: Mode | None = None
    answer: str = ""
    message: str = ""
    """Under which it is claimed, where that is not the incoming's own."""
    watch: int | None = None
    """Jobs of a watch stand in no thread that people could ask on in."""


async def claim(connection: AsyncConnection, wanted: Claim, own: Own) -> Job | None:
    """None if its message was claimed before, or deleted."""
    incoming, channel = wanted.incoming, wanted.incoming.thread.channel
    await database.alone_in(connection, channel)
    if await _is_deleted(connection, incoming):
        return None
    thread = incoming.thread if wanted.watch is None else Thread(channel=channel, root="")
    values = {
        "thread_id": await _thread(connection, thread),
        "platform": channel.platform,
        "workspace": channel.workspace,
        "channel": channel.id,
        "message": wanted.message or incoming.message,
        "asker": incoming.author.id,
        "incoming": INCOMING.dump_json(incoming).decode(),
        "question": wanted.question,
        "mode": wanted.mode,
        "state": State.ANSWERED if wanted.answer else State.WAITING,
        "answer": wanted.answer or None,
        "created_at": time.time(),
        "watch": wanted.watch,
    }
    row = (await connection.execute(_addition(connection.dialect.name), values)).one_or_none()
    if row is None:
        return None
    await ledger.owe(connection, row.id, "post")
    mark = watermarks.put if incoming.own else watermarks.begin  # a notice tells of all up to then
    await mark(connection, channel, incoming.sent_at.timestamp() if incoming.own else time.time())
    behind = (await connection.execute(_OLDER, {"thread": row.thread_id, "job": row.id})).first() is not None
    return replace(job_of(row), ours=await own(connection, row.thread_id, row.id), behind=behind)


@cache
def _addition(dialect: str) -> ReturningInsert[Any]:
    return database.insertion(dialect, schema.job).returning(schema.job)


def job_of(row: Row[Any]) -> Job:
    """A row of jobs as it is handed out."""
    return Job(
        id=row.id,
        thread_id=row.thread_id,
        incoming=INCOMING.validate_json(row.incoming),
        question=row.question,
        mode=row.mode,
        state=State(row.state),
        attempts=row.attempts,
        post=row.post,
        outcome=_outcome(row) if row.answer is not None else None,
        revision=row.revision,
        forgotten=row.forgotten_at is not None,
        watch=row.watch,
        stopping=row.stopping,
        explainer=row.explainer,
    )


def is_thread(thread: Thread) -> tuple[Any, ...]:
    """The row of a thread."""
    return tuple(schema.thread.c[name] == value for name, value in place_of(thread).items())


def place_of(thread: Thread) -> dict[str, str]:
    """What its row is known by."""
    return {**database.columns(thread.channel), "root": thread.root}


def _outcome(row: Row[Any]) -> Outcome:
    return Outcome(
        text=row.answer,
        finish=Finish(row.finish) if row.finish else None,
        reasoning=row.reasoning,
        notes=tuple(json.loads(row.notes)),
    )


async def _thread(connection: AsyncConnection, thread: Thread) -> int:
    place = place_of(thread)
    found: int | None = (await connection.execute(THREAD_ID, place)).scalar_one_or_none()
    if found is not None:
        return found
    await connection.execute(database.insertion(connection.dialect.name, schema.thread), place)
    return int((await connection.execute(THREAD_ID, place)).scalar_one())


async def _is_deleted(connection: AsyncConnection, incoming: Incoming) -> bool:
    """Whether the message was deleted before it came."""
    place = place_of(incoming.thread) | {"message": incoming.message}
    return (await connection.execute(_TOMBSTONE, place)).first() is not None
