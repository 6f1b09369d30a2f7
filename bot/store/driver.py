"""SQLite's driver: aiosqlite, with one visit to a connection's thread for each statement instead of four. Each visit
waits for the interpreter twice, which under load takes longer than most statements."""

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

Parameters = Sequence[Any]


async def connect(database: str, **options: Any) -> "Connection":
    """As ``sqlite3.connect``."""
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy has it: nobody waits for it where the loop died
    await connection
    return connection


class Connection(aiosqlite.Connection):
    """What SQLAlchemy uses of one."""

    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def visit(self, statement: str, parameters: Parameters, *, many: bool) -> "Visit":
        """Run a statement, and read all that it gives."""
        return await self._execute(_run, self._conn, statement, parameters, many)  # type: ignore[no-untyped-call, no-any-return]

    async def commit(self) -> None:
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        if self.in_transaction:
            await super().rollback()


class Visit:
    """What came of a statement."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.rows = cursor.fetchall() if cursor.description else []
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


def _run(connection: sqlite3.Connection, statement: str, parameters: Parameters, many: bool) -> Visit:
    cursor = connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(statement, parameters)
        return Visit(cursor)
    finally:
        cursor.close()


class Cursor:
    """Has its rows as soon as a statement has run, and holds nothing that would have to be given back."""

    description: Any = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Parameters = ()) -> Self:
        self._take(await self._connection.visit(statement, parameters, many=False))
        return self

    async def executemany(self, statement: str, parameters: Sequence[Parameters]) -> Self:
        self._take(await self._connection.visit(statement, parameters, many=True))
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing to give back."""

    def _take(self, visit: Visit) -> None:
        self._rows, self.description = visit.rows, visit.description
        self.rowcount, self.lastrowid = visit.rowcount, visit.lastrowid
