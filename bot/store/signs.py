"""Signs of life of the processes that serve one database, which end with the process however that ends: on PostgreSQL
advisory locks of a session, beside SQLite locks of files."""

import asyncio
import fcntl
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Function, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_POLL_S = 0.5
_PATIENCE_S = 5.0
"""For an answer of the database, and for the network between that may have gone without a word."""
_AWAY = (SQLAlchemyError, OSError)


class Signs(ABC):
    """Names of which each is one process's at a time."""

    certain: bool
    """Nothing but letting go and death makes a name free, and death does at once."""
    epoch = 0
    """Goes up when all that was held is free again, whether we want that or not."""

    @property
    def steady(self) -> bool:
        """Whether what was held is held now, as far as we have heard."""
        return True

    @abstractmethod
    async def hold(self, name: str) -> bool:
        """Whether the name is ours now."""

    @abstractmethod
    async def let_go(self, name: str) -> None: ...

    async def retire(self, name: str) -> None:
        """Nobody will ever want to hold it again."""
        await self.let_go(name)

    @abstractmethod
    async def evict(self, name: str) -> None:
        """Take from whoever holds that name all that it holds in the database."""

    @abstractmethod
    async def look(self) -> None:
        """Find out whether we still hold what we held; ``epoch`` tells."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of everything."""

    async def free(self, name: str) -> bool:
        """Whether it is nobody's."""
        if not await self.hold(name):
            return False
        await self.let_go(name)
        return True

    @asynccontextmanager
    async def turn(
        self, name: str, may: Callable[[], bool] = lambda: True, stays: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[None]:
        """Wait until the name is ours and ``may`` says so, and hold it during the block. TimeoutError in the block when
        one of the two is over. ``stays``: whether it goes on being ours, though it is free, until somebody else has it;
        while the database is away nobody can."""
        await self._wait_for(name, may)
        epoch = self.epoch

        async def watch() -> None:
            nonlocal epoch
            while may() and (self.epoch == epoch or stays()):
                await asyncio.sleep(_POLL_S)
                await self.look()
                if self.epoch != epoch and stays():
                    with suppress(*_AWAY):
                        if not await self.hold(name):
                            break
                        epoch = self.epoch
            held.reschedule(asyncio.get_running_loop().time())

        try:
            async with asyncio.timeout(None) as held:
                watching = asyncio.create_task(watch(), name=f"hold {name}")
                try:
                    yield
                finally:
                    watching.cancel()
        finally:
            if self.epoch == epoch:
                with suppress(*_AWAY):
                    await self.let_go(name)

    async def _wait_for(self, name: str, may: Callable[[], bool]) -> None:
        """However long the database is away."""
        while True:
            with suppress(*_AWAY):
                if may() and await self.hold(name):
                    return
            await asyncio.sleep(_POLL_S)


def signs(engine: AsyncEngine, url: str) -> Signs:
    """Of the processes that serve the database at ``url``."""
    if engine.dialect.name == "postgresql":
        return Sessions(engine)
    database = make_url(url).database
    return Files(Path(database) if database and database != ":memory:" else None)


class Files(Signs):
    """``database`` is the file beside which the locks lie; without one there is nobody else."""

    certain = True

    def __init__(self, database: Path | None) -> None:
        self._database = database
        self._held: dict[str, IO[bytes]] = {}

    async def hold(self, name: str) -> bool:
        if self._database is None:
            return True
        file = self._path(name).open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._held[name] = file
        return True

    async def let_go(self, name: str) -> None:
        """The file stays: to delete it would let two processes lock a file of that name."""
        file = self._held.pop(name, None)
        if file is not None:
            file.close()

    async def retire(self, name: str) -> None:
        await self.let_go(name)
        if self._database is not None:
            self._path(name).unlink(missing_ok=True)

    async def evict(self, name: str) -> None:
        """Whoever is dead holds nothing."""

    async def look(self) -> None:
        """No lock of a file is ever lost."""

    async def close(self) -> None:
        for name in list(self._held):
            await self.let_go(name)

    def _path(self, name: str) -> Path:
        assert self._database is not None
        return self._database.with_name(f"{self._database.name}.{name}.lock")


class Sessions(Signs):
    """One connection holds all of them; they are free as soon as it ends."""

    certain = False

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._driver: Any = None
        self._alone = asyncio.Lock()

    async def hold(self, name: str) -> bool:
        return await self._ask(func.pg_try_advisory_lock(_key(name)))

    async def let_go(self, name: str) -> None:
        await self._ask(func.pg_advisory_unlock(_key(name)))

    async def retire(self, name: str) -> None:
        """There is nothing left of a sign that nobody holds."""

    async def evict(self, name: str) -> None:
        """End all of its sessions, which may be there as long as it hangs, in the middle of whatever they were at."""
        ended = text(
            "SELECT pg_terminate_backend(theirs.pid) FROM pg_locks JOIN pg_stat_activity AS holder USING (pid)"
            " JOIN pg_stat_activity AS theirs ON theirs.application_name = holder.application_name"
            " WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND theirs.usename = current_user"
            " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (classid::bigint << 32 | objid::bigint) = hashtextextended(:name, 0)"
        )
        async with self._engine.begin() as connection:
            await connection.execute(ended, {"name": _full(name)})

    async def look(self) -> None:
        with suppress(*_AWAY):
            await self._ask(func.coalesce(True))

    @property
    def steady(self) -> bool:
        return self._driver is not None and not self._driver.is_closed()

    async def close(self) -> None:
        async with self._alone:
            await self._drop()

    async def _ask(self, question: Function[bool]) -> bool:
        async with self._alone:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    connection = self._connection or await self._connect()
                    return bool((await connection.execute(select(question))).scalar_one())
            except BaseException:
                # Also where we were cancelled: the driver ends a session whose answer nobody has waited for.
                await self._drop()
                raise

    async def _connect(self) -> AsyncConnection:
        connection = await self._engine.connect()
        self._connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        self._driver = (await connection.get_raw_connection()).driver_connection
        return self._connection

    async def _drop(self) -> None:
        """A session that went back to the pool would keep its locks, so it is ended."""
        connection, self._connection, self._driver = self._connection, None, None
        if connection is not None:
            self.epoch += 1
            await connection.invalidate()
            await connection.close()


def _key(name: str) -> Function[int]:
    return func.hashtextextended(_full(name), 0)


def _full(name: str) -> str:
    return f"threadsight {name}"
