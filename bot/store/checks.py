"""What checks keep: what an engine took out of each document, so that it is read once for a question."""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, field

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import schema

Writing = Callable[[str], AbstractAsyncContextManager[AsyncConnection]]
Add = Callable[[Table, dict[str, object]], sqlite.Insert | postgresql.Insert]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it was read for one question by one engine."""

    digest: str
    """SHA-256 of the file."""
    prompt: str
    """SHA-256 of all that was asked."""
    engine: str
    pages: int
    fate: str
    reason: str
    extraction: str
    """JSON; empty where the engine gave none that could be read."""
    thumbnail: bytes = field(default=b"", repr=False)
    """A small JPEG of the first page."""
    look: str = ""
    """A fingerprint of what the first page looks like: hexadecimal, close ones are alike."""


class Checks:
    """A part of the store."""

    def __init__(self, engine: AsyncEngine, writing: Writing, add: Add) -> None:
        self._engine = engine
        self._writing = writing
        self._add = add

    async def reading(self, digest: str, prompt: str, engine: str) -> Reading | None:
        """What is known already."""
        table = schema.reading
        query = select(table).where(table.c.digest == digest, table.c.prompt == prompt, table.c.engine == engine)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        values = dict(row._mapping)
        values.pop("created_at")
        return Reading(**values)

    async def keep(self, reading: Reading) -> None:
        """Write down what was read; what is there already is replaced."""
        table = schema.reading
        same = [getattr(table.c, name) == getattr(reading, name) for name in ("digest", "prompt", "engine")]
        async with self._writing("reading") as connection:
            await connection.execute(table.delete().where(*same))
            await connection.execute(self._add(table, {**asdict(reading), "created_at": time.time()}))
