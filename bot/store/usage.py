"""What people and channels used. All run within a caller's transaction."""

import time

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.base import Channel
from bot.admission import Spent
from bot.store import schema
from bot.store.database import insert_unless_there
from bot.store.records import State

_job = schema.job.c
_reset = schema.quota_reset.c


def _subject(channel: Channel, person: str | None) -> str:
    return f"channel:{channel.id}" if person is None else f"user:{person}"


async def spent(connection: AsyncConnection, channel: Channel, since: float, person: str | None) -> Spent:
    """What a person used in the whole workspace, or everybody in the channel, since then or since it was set back."""
    reset = await connection.execute(
        select(_reset.at).where(
            _reset.platform == channel.platform,
            _reset.workspace == channel.workspace,
            _reset.subject == _subject(channel, person),
        )
    )
    since = max(since, reset.scalar_one_or_none() or 0.0)
    these = _are_questions(channel, since, person)
    questions = (
        select(func.count(), func.sum(_job.engine_seconds), func.sum(_job.pages_read))
        .select_from(schema.job)
        .where(*these)
    )
    asked, seconds, checked = (await connection.execute(questions)).one()
    read = schema.job.join(schema.document, schema.document.c.job_id == _job.id).join(schema.page)
    pages = select(func.count()).select_from(read).where(*these)
    shown = (await connection.execute(pages)).scalar_one()
    return Spent(questions=asked, pages=shown + (checked or 0), seconds=seconds or 0.0)


def _are_questions(channel: Channel, since: float, person: str | None) -> tuple[ColumnElement[bool], ...]:
    """Jobs that are questions, which commands are not."""
    return (
        _job.platform == channel.platform,
        _job.workspace == channel.workspace,
        _job.created_at >= since,
        _job.finish.is_not(None) | (_job.state == State.WAITING),
        _job.channel == channel.id if person is None else _job.asker == person,
    )


async def reset(connection: AsyncConnection, channel: Channel, person: str | None) -> None:
    """From now on nothing counts that was before."""
    place = {"platform": channel.platform, "workspace": channel.workspace, "subject": _subject(channel, person)}
    now = {"at": time.time()}
    await connection.execute(insert_unless_there(connection.dialect.name, schema.quota_reset, place | now))
    ours = (_reset[name] == value for name, value in place.items())
    await connection.execute(update(schema.quota_reset).where(*ours).values(now))
