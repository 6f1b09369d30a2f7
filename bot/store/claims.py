"""Rows of jobs: how one comes to be, and how it reads. All run within a caller's transaction."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Table, bindparam, exists, select
from sqlalchemy.sql.dml import ReturningInsert

from adapters.base import Incoming, Mode, Thread
from bot.store import database, ledger, schema, watermarks
from bot.store.records import Job, Outcome, State
from inference.types import Finish

INCOMING = TypeAdapter(Incoming)

# Made once: to make a statement takes longer than to run it.
THREAD_ID = select(schema.thread.c.id).where(
    *(schema.thread.c[name] == bindparam(name) for name in ("platform", "workspace", "channel", "root"))
)
_ASKED = (
    select(schema.job.c.incoming).where(schema.job.c.thread_id == THREAD_ID.scalar_subquery()).order_by(schema.job.c.id)
)
_FIRST_ASKED = _ASKED.limit(1)
_TOMBSTONE = exists().where(
    *(schema.tombstone.c[name] == bindparam(name) for name in ("platform", "workspace", "channel", "message"))
)
_WATERMARK = exists().where(
    *(schema.watermark.c[name] == bindparam(name) for name in ("platform", "workspace", "channel"))
)
_PLACE = select(_TOMBSTONE.label("deleted"), THREAD_ID.scalar_subquery().label("thread"), _WATERMARK.label("marked"))

Own = Callable[[Connection, int, int], tuple[bool, bool]]
"""Whether this process is to pursue a new job of a thread, and whether it is behind something older; by their ids."""


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


def claim(connection: Connection, wanted: Claim, own: Own) -> Job | None:
    """None if its message was claimed before, or deleted. Whoever claims a question goes on to answer it, so that is
    its first attempt, which costs no write of its own."""
    incoming, channel = wanted.incoming, wanted.incoming.thread.channel
    database.alone_in(connection, channel)
    thread = incoming.thread if wanted.watch is None else Thread(channel=channel, root="")
    place = connection.execute(_PLACE, place_of(thread) | {"message": incoming.message}).one()
    if place.deleted:  # before it came
        return None
    values = {
        "thread_id": place.thread if place.thread is not None else _begun(connection, thread),
        "platform": channel.platform,
        "workspace": channel.workspace,
        "channel": channel.id,
        "message": wanted.message or incoming.message,
        "asker": incoming.author.id,
        "incoming": INCOMING.dump_json(incoming).decode(),
        "question": wanted.question,
        "mode": wanted.mode,
        "state": State.ANSWERED if wanted.answer else State.WAITING,
        "attempts": 0 if wanted.answer else 1,
        "answer": wanted.answer or None,
        "created_at": time.time(),
        "watch": wanted.watch,
    }
    row = connection.execute(_addition(connection.dialect.name, schema.job), values).one_or_none()
    if row is None:
        return None
    ledger.owe(connection, row.id, "post")
    if incoming.own:  # a notice tells of all up to then
        watermarks.put(connection, channel, incoming.sent_at.timestamp())
    elif not place.marked:
        watermarks.begin(connection, channel, time.time())
    ours, behind = own(connection, row.thread_id, row.id)
    return replace(job_of(row, incoming), ours=ours, behind=behind)


def asked_before(connection: Connection, incoming: Incoming) -> bool:
    """Whether we were asked in the message's thread before it was sent. Most often the first row says so; it does not
    where the first question was missed and is answered after a later one."""
    place = place_of(incoming.thread)

    def is_earlier(asked: str) -> bool:
        return INCOMING.validate_json(asked).sent_at < incoming.sent_at

    first = connection.execute(_FIRST_ASKED, place).scalar_one_or_none()
    if first is None:
        return False
    return is_earlier(first) or any(map(is_earlier, connection.execute(_ASKED, place).scalars()))


@cache
def _addition(dialect: str, table: Table) -> ReturningInsert[Any]:
    return database.insertion(dialect, table).returning(table)


def job_of(row: Row[Any], incoming: Incoming | None = None) -> Job:
    """A row of jobs as it is handed out. ``incoming`` spares to read it again where it is known."""
    return Job(
        id=row.id,
        thread_id=row.thread_id,
        incoming=incoming or INCOMING.validate_json(row.incoming),
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


def _begun(connection: Connection, thread: Thread) -> int:
    """The id of a thread that was not there, unless another replica has just put it there."""
    place = place_of(thread)
    row = connection.execute(_addition(connection.dialect.name, schema.thread), place).one_or_none()
    return int(row.id if row is not None else connection.execute(THREAD_ID, place).scalar_one())
