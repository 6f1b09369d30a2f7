"""Messages and files that were deleted: what is read of one while that happens is not kept. All run within a caller's
transaction."""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, select

from adapters.base import Channel, Workspace
from bot.store import database, schema

_tombstone = schema.tombstone.c


def files_of(workspace: Workspace) -> Channel:
    """Where the tombstones of files stand, which hang in no one channel."""
    return Channel(platform=workspace.platform, workspace=workspace.id, id="")


def bury(connection: Connection, place: Channel, ids: Iterable[str]) -> None:
    """These are gone. Whoever looks at the same time sees that, or is seen by what is done next."""
    database.alone_in(connection, place)
    for one in ids:
        values = {**database.columns(place), "message": one, "at": time.time()}
        connection.execute(database.insertion(connection.dialect.name, schema.tombstone), values)


def among(connection: Connection, place: Channel, ids: Iterable[str]) -> set[str]:
    """Those of them that are gone; until the transaction ends, no more of the place go."""
    wanted = set(ids)
    if not wanted:
        return set()
    database.alone_in(connection, place)
    here = (_tombstone[name] == value for name, value in database.columns(place).items())
    return set(connection.execute(select(_tombstone.message).where(*here, _tombstone.message.in_(wanted))).scalars())
