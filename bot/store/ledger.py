"""The delivery ledger: a row for each post and edit that a job owes its thread, written in the same transaction as what
makes it due. Drafts have none: a draft that is lost is replaced by the next."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import schema

_table = schema.delivery

# Made once: to make a statement takes longer than to run it.
_OWE = insert(_table)
_SETTLE = update(_table).where(_table.c.job_id == bindparam("this"), _table.c.state == bindparam("due"))

Kind = Literal["post", "edit"]


class Standing(StrEnum):
    """Where a delivery stands. ``due`` may have happened without our having heard of it."""

    DUE = "due"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row."""

    kind: str
    state: Standing
    message: str | None
    """The platform's id of the post, once it is known."""
    reason: str
    """The kind of error that it failed with."""
    created_at: float
    ended_at: float | None


def owe(connection: Connection, job_id: int, kind: Kind, message: str | None = None) -> None:
    """From now on the job owes this."""
    values = {"job_id": job_id, "kind": kind, "state": Standing.DUE, "message": message, "created_at": time.time()}
    connection.execute(_OWE, values)


def settle(connection: Connection, job_id: int, state: Standing, *, message: str | None, reason: str = "") -> None:
    """The job owes nothing more."""
    values = {"state": state, "message": message, "reason": reason, "ended_at": time.time()}
    connection.execute(_SETTLE, {"this": job_id, "due": Standing.DUE, **values})


async def due_since(connection: AsyncConnection, job_id: int) -> float | None:
    """When the oldest thing that the job owes became due, in Unix seconds."""
    query = select(func.min(_table.c.created_at)).where(_table.c.job_id == job_id, _table.c.state == Standing.DUE)
    since: float | None = (await connection.execute(query)).scalar_one()
    return since


async def entries(connection: AsyncConnection, job_id: int) -> list[Entry]:
    """All that the job ever owed, in order."""
    rows = await connection.execute(select(_table).where(_table.c.job_id == job_id).order_by(_table.c.id))
    return [
        Entry(
            kind=row.kind,
            state=Standing(row.state),
            message=row.message,
            reason=row.reason,
            created_at=row.created_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]
