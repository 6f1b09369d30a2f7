"""Up to when each channel was looked through. All run within a caller's transaction."""

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.base import Channel, Thread
from bot.store import schema
from bot.store.database import columns, insertion

_mark = schema.watermark.c
_thread, _job = schema.thread.c, schema.job.c


async def all_of_them(connection: AsyncConnection) -> list[tuple[Channel, float]]:
    rows = await connection.execute(select(schema.watermark))
    return [(Channel(platform=row.platform, workspace=row.workspace, id=row.channel), row.seen_at) for row in rows]


def begin(connection: Connection, channel: Channel, at: float) -> None:
    """Unix seconds; a channel that has a mark keeps it."""
    values = {**columns(channel), "seen_at": at}
    connection.execute(insertion(connection.dialect.name, schema.watermark), values)


def put(connection: Connection, channel: Channel, at: float) -> None:
    """Unix seconds; never back."""
    begin(connection, channel, at)
    later = update(schema.watermark).where(*_here(channel), _mark.seen_at < at)
    connection.execute(later.values(seen_at=at))


def _here(channel: Channel) -> tuple[ColumnElement[bool], ...]:
    return _mark.platform == channel.platform, _mark.workspace == channel.workspace, _mark.channel == channel.id


async def latest_threads(connection: AsyncConnection, channel: Channel, since: float, most: int) -> list[Thread]:
    """The threads of a channel that were asked in since then, the latest first."""
    latest = func.max(_job.created_at)
    query = (
        select(_thread.root)
        .join(schema.job, _job.thread_id == _thread.id)
        .where(
            _thread.platform == channel.platform,
            _thread.workspace == channel.workspace,
            _thread.channel == channel.id,
            _thread.root != "",
        )
        .group_by(_thread.root)
        .having(latest >= since)
        .order_by(latest.desc())
        .limit(most)
    )
    return [Thread(channel=channel, root=root) for root in (await connection.execute(query)).scalars()]
