"""Opening the database and bringing its tables up to date."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.base import Channel

MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str) -> AsyncEngine:
    """An engine for ``url``; for SQLite with the pragmas that a bot which must not lose anything wants. Its errors do
    not quote what people wrote."""
    engine = create_async_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        database = make_url(url).database
        if database and database != ":memory:":
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # FULL: a question that was acknowledged survives a power cut, not only a crash of the process.
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON")
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def insert_unless_there(dialect: str, table: Table, values: dict[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """An insert that does nothing where a unique value is taken, in the dialect's words. PostgreSQL runs transactions
    side by side: to look first and insert then would fail now and then."""
    if dialect == "postgresql":
        return postgresql.insert(table).values(values).on_conflict_do_nothing()
    return sqlite.insert(table).values(values).on_conflict_do_nothing()


async def alone_in(connection: AsyncConnection, channel: Channel) -> None:
    """Until the transaction ends, whoever else asks for the same channel waits: a message must not be claimed while its
    deletion is being written down. SQLite has one writer in any case."""
    await alone_with(connection, f"{channel.platform} {channel.workspace} {channel.id}")


async def alone_with(connection: AsyncConnection, key: str) -> None:
    """The same for whatever the key stands for."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


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
