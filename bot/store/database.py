"""Opening the database and bringing its tables up to date."""

import socket
import sqlite3
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.base import Channel
from bot.store import driver

MIGRATIONS = Path(__file__).parent / "migrations"

_SERVER_ENDS = ("57P01", "57P02")
"""PostgreSQL's admin_shutdown and crash_shutdown."""
_SILENCE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 30_000}
"""After so many seconds without a word the system asks, so often and so many times; and how many milliseconds it waits
until what we sent has arrived."""
_READ_ONLY = "25006"
"""PostgreSQL's read_only_sql_transaction."""


class Unusable(Exception):
    """The database cannot be used. ``what`` is the matter and ``advice`` what to do, as sentences."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what} {advice}")
        self.what = what
        self.advice = advice


def connect(url: str) -> AsyncEngine:
    """An engine for ``url``; for SQLite with the pragmas that a bot which must not lose anything wants. Its errors do
    not quote what people wrote."""
    database, kind = make_url(url).database, make_url(url).get_backend_name()
    in_memory = kind == "sqlite" and database in (None, "", ":memory:")
    # The connection that was used last goes first: its caches are warm, and those of the others stay small.
    options: dict[str, Any] = {"hide_parameters": True} | ({} if in_memory else {"pool_use_lifo": True})
    if kind == "postgresql":
        # By this name others know which sessions are one process's.
        options["connect_args"] = {"server_settings": {"application_name": f"threadsight {uuid.uuid4().hex}"}}
    engine = create_async_engine(url, **options)
    if engine.dialect.name == "sqlite":
        if database and not in_memory:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine.sync_engine, "do_connect", _connect_to_sqlite)
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    if engine.dialect.name == "postgresql":
        event.listen(engine.sync_engine, "do_connect", _connect_to_postgresql)
        event.listen(engine.sync_engine, "connect", _notice_silence)
        event.listen(engine.sync_engine, "handle_error", _hear_of_the_end)
    return engine


def connect_plainly(url: str, *, patience_s: float | None = None) -> Engine | None:
    """The same SQLite file for plain code; None where that has to await, or shares a database in memory.
    ``patience_s``: how long to wait for another's lock, if not as the URL says."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or place.database in (None, "", ":memory:"):
        return None
    place = place.set(drivername="sqlite")
    if patience_s is not None:
        place = place.update_query_dict({"timeout": str(patience_s)})
    engine = create_engine(place, hide_parameters=True, pool_use_lifo=True)
    event.listen(engine, "connect", _set_pragmas)
    return engine


async def prepare(engine: AsyncEngine) -> None:
    """See that the database is sound and takes what is written, and bring its tables up to date. Unusable."""
    where = engine.url.render_as_string(hide_password=True)
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "sqlite" and not await _is_sound(connection):
                raise _damaged(where)
            await connection.run_sync(alone_with, "upgrade")
            await connection.run_sync(upgrade)
            if engine.dialect.name == "postgresql":
                # A standby, or one that was set to be only read, would be found out by the first question.
                await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise _unusable(where, error) from error


async def _is_sound(connection: AsyncConnection) -> bool:
    """Also writes something, which shows whether there is room."""
    version = (await connection.execute(text("PRAGMA user_version"))).scalar_one()
    await connection.execute(text(f"PRAGMA user_version = {int(version)}"))
    return bool((await connection.execute(text("PRAGMA quick_check(1)"))).scalar_one() == "ok")


def _damaged(where: str) -> Unusable:
    return Unusable(
        f"The database {where} is damaged.",
        "Keep a copy of its files, then restore it from a backup or rescue what is left with sqlite3's .recover.",
    )


def _unusable(where: str, error: Exception) -> Unusable:
    origin = getattr(error, "orig", None) or error
    if getattr(origin, "sqlstate", None) == _READ_ONLY:
        advice = "It is a standby, or set to be read only: let store.url name one that takes what is written."
        return Unusable(f"The database {where} cannot be written.", advice)
    match getattr(origin, "sqlite_errorname", "").removeprefix("SQLITE_").split("_")[0]:
        case "CORRUPT" | "NOTADB":
            return _damaged(where)
        case "FULL" | "IOERR":
            return Unusable(f"The database {where} cannot be written.", "Its disk is full or broken: free some space.")
        case "BUSY" | "LOCKED":
            return Unusable(f"The database {where} is locked.", "Stop the other program that uses it.")
        case "READONLY" | "CANTOPEN" | "PERM":
            return Unusable(f"The database {where} cannot be written.", "Give the bot's user the right to write there.")
        case _:
            kind = type(origin).__name__
            return Unusable(f"The database {where} cannot be used ({kind}).", "Check store.url, and that it runs.")


def _connect_to_sqlite(_: Any, __: object, ___: Any, options: Any) -> None:
    """By our driver, with what SQLAlchemy says of how."""
    options["async_creator_fn"] = driver.connect


def _connect_to_postgresql(dialect: Any, _: object, args: Any, options: Any) -> Any:
    """A server that starts, ends or refuses us is out of reach like one that does not answer, which SQLAlchemy leaves
    to us to say."""
    import asyncpg

    try:
        return dialect.connect(*args, **options)
    except asyncpg.PostgresError as error:
        raise ConnectionError(f"PostgreSQL does not let us in ({type(error).__name__})") from error


def _notice_silence(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """A machine that was replaced while we waited for its answer tells nobody, and the wait would have no end: the
    system is to ask whether it is still there. That limits no statement, however long it takes."""
    driver: Any = connection.driver_connection
    line = driver._transport.get_extra_info("socket")
    if line is None or line.family == getattr(socket, "AF_UNIX", None):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _SILENCE.items():
        if hasattr(socket, name):  # not every system has all of them
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _hear_of_the_end(context: ExceptionContext) -> None:
    """A server that ends tells one connection, and has closed the others too: none of them is worth a try."""
    if getattr(context.original_exception, "sqlstate", None) in _SERVER_ENDS:
        context.is_disconnect = True


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # FULL: a question that was acknowledged survives a power cut, not only a crash of the process. How long to wait for
    # another's lock is the driver's default of 5 s, or ``timeout`` in the URL.
    # The system caches the file's pages for all connections; each of its own would hold 2 MB of them once more.
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-256")
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@cache
def insertion(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that does nothing where a unique value is taken, in the dialect's words. PostgreSQL runs transactions
    side by side: to look first and insert then would fail now and then."""
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_unless_there(dialect: str, table: Table, values: dict[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """The same with its values."""
    return insertion(dialect, table).values(values)


def columns(channel: Channel) -> dict[str, str]:
    """What a channel is known by in every table that knows any."""
    return {"platform": channel.platform, "workspace": channel.workspace, "channel": channel.id}


def alone_in(connection: Connection, channel: Channel) -> None:
    """Until the transaction ends, whoever else asks for the same channel waits: a message must not be claimed while its
    deletion is being written down. SQLite has one writer in any case."""
    alone_with(connection, f"{channel.platform} {channel.workspace} {channel.id}")


def alone_with(connection: Connection, key: str) -> None:
    """The same for whatever the key stands for."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations that are missing; cheap when none is."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() != newest:
        command.upgrade(_config(connection), revision)
