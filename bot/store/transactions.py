"""How the store gets at its database: by transactions.

The short ones on a question's way are plain code over a connection. With PostgreSQL that awaits as it goes. With SQLite
what writes is one visit to another thread, as a commit waits for the disk, and to go there and back for every statement
takes longer than most statements. What reads a few rows does not even go there: it takes a tenth of a millisecond, and
no writer holds it up.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from contextvars import copy_context
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.failpoints import reach
from bot.store import database

T = TypeVar("T")

_THREADS = 4
"""One may wait for another program that writes; those that read do not."""


class Transactions:
    """``engine`` serves those that are written as coroutines. ``turn`` is that of who writes: SQLite has one writer,
    and ours wait in order here, where the database would have them poll."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self.turn: AbstractAsyncContextManager[object] = (
            asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )
        self._engine = engine
        self._plain: Engine | None = database.connect_plainly(url)
        self._here: Engine | None = database.connect_plainly(url, patience_s=0.0)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="database")

    async def close(self) -> None:
        for plain in filter(None, (self._plain, self._here)):
            await asyncio.to_thread(plain.dispose)
        self._threads.shutdown(wait=False)
        await self._engine.dispose()

    @asynccontextmanager
    async def writing(self, name: str) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end of the block."""
        async with self.turn:
            async with self._engine.begin() as connection:
                yield connection
                reach(f"before commit {name}")
            reach(f"after commit {name}")

    async def write(self, name: str, work: Callable[[Connection], T]) -> T:
        """The same for plain code. Who is cancelled meanwhile cannot know whether it is committed, but it is over."""
        engine = self._plain
        if engine is None:
            async with self.writing(name) as connection:
                return await connection.run_sync(work)
        async with self.turn:
            result = await self._elsewhere(lambda: _committed(engine, name, work))
            reach(f"after commit {name}")
        return result

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What plain code finds in a few rows."""
        engine, here = self._plain, self._here
        if engine is None or here is None:
            async with self._engine.connect() as connection:
                return await connection.run_sync(work)
        try:
            return _found(here, work)
        except OperationalError:  # locked by another program, which the loop is not to wait for
            return await self._elsewhere(lambda: _found(engine, work))

    async def _elsewhere(self, work: Callable[[], T]) -> T:
        """In one of our threads; once it has begun to its end, even if nobody waits for it any more."""
        done = self._threads.submit(copy_context().run, work)
        try:
            return await asyncio.wrap_future(done)
        except asyncio.CancelledError:
            if not done.cancelled():
                over = asyncio.wrap_future(done)
                await asyncio.wait([over])
                over.exception()  # which is nobody's any more
            raise


def _committed(engine: Engine, name: str, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        result = work(connection)
        reach(f"before commit {name}")
    return result


def _found(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        return work(connection)
