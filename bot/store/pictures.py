"""The bytes of page images, each stored once under its SHA-256."""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.failpoints import around
from bot.store import schema
from bot.store.database import alone_with, insert_unless_there

Writing = Callable[[str], AbstractAsyncContextManager[AsyncConnection]]

_picture = schema.picture.c


class Pictures(Protocol):
    """Where they are."""

    def steady(self) -> AbstractAsyncContextManager[object]:
        """Be in here from putting a picture until a row refers to it, and while those are removed that none refers to:
        nobody else is meanwhile."""

    async def put(self, sha256: str, content: bytes) -> None: ...

    async def get(self, sha256: str) -> bytes:
        """FileNotFoundError if it was never put or has been removed."""

    async def remove(self, names: Iterable[str]) -> None:
        """Delete pictures by their SHA-256; what is not there is no matter."""

    async def names(self, *, older_than: float) -> list[str]:
        """All that have lain there since before then, in Unix seconds."""


class Alone:
    """One process at a time, and within it one task."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._first = asyncio.Lock()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[None]:
        """Of a process one waits for the other processes, so that those who wait do not take all connections. Beside
        SQLite, whose writers would have to wait as well, others are not thought of."""
        async with self._first:
            if self._engine.dialect.name == "sqlite":
                yield
                return
            async with self._engine.begin() as connection:
                await connection.run_sync(alone_with, "pictures")
                yield


class PictureFolder:
    """Files named by digest. One appears whole or not at all."""

    def __init__(self, folder: Path, alone: Alone) -> None:
        self._folder = folder
        self._alone = alone

    def steady(self) -> AbstractAsyncContextManager[object]:
        return self._alone()

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    async def put(self, sha256: str, content: bytes) -> None:
        with around("commit picture"):
            writing = asyncio.create_task(
                asyncio.to_thread(self._write, self.path(sha256), content), name="put picture"
            )
            try:
                await asyncio.shield(writing)
            finally:  # or what is not wanted any more would appear after it was removed
                await asyncio.wait([writing])

    async def get(self, sha256: str) -> bytes:
        return await asyncio.to_thread(self.path(sha256).read_bytes)

    async def remove(self, names: Iterable[str]) -> None:
        await asyncio.to_thread(self._remove, list(names))

    async def names(self, *, older_than: float) -> list[str]:
        return await asyncio.to_thread(self._names, older_than)

    def _remove(self, names: list[str]) -> None:
        for name in names:
            self.path(name).unlink(missing_ok=True)

    def _names(self, older_than: float) -> list[str]:
        return [path.name for path in self._folder.glob("??/*") if path.stat().st_mtime < older_than]

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)  # or each try would take more of a full disk
            raise


class PictureTable:
    """Rows of the database, where every replica finds them."""

    def __init__(self, engine: AsyncEngine, writing: Writing, alone: Alone) -> None:
        self._engine = engine
        self._writing = writing
        self._alone = alone

    def steady(self) -> AbstractAsyncContextManager[object]:
        return self._alone()

    async def put(self, sha256: str, content: bytes) -> None:
        values = {"sha256": sha256, "content": content, "put_at": time.time()}
        async with self._writing("picture") as connection:
            await connection.execute(insert_unless_there(connection.dialect.name, schema.picture, values))

    async def get(self, sha256: str) -> bytes:
        async with self._engine.connect() as connection:
            query = select(_picture.content).where(_picture.sha256 == sha256)
            content: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        if content is None:
            raise FileNotFoundError(sha256)
        return content

    async def remove(self, names: Iterable[str]) -> None:
        async with self._writing("remove pictures") as connection:
            await connection.execute(delete(schema.picture).where(_picture.sha256.in_(list(names))))

    async def names(self, *, older_than: float) -> list[str]:
        async with self._engine.connect() as connection:
            query = select(_picture.sha256).where(_picture.put_at < older_than)
            return list((await connection.execute(query)).scalars())
