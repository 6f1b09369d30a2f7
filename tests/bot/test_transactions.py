"""Transactions of plain code, on real databases."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Connection, text

from adapters import failpoints
from bot.store import database
from bot.store.transactions import Transactions


@pytest.fixture
async def transactions(store_url: str) -> AsyncIterator[Transactions]:
    opened = Transactions(database.connect(store_url), store_url)
    async with opened.writing("make") as connection:
        await connection.execute(text("CREATE TABLE note (said VARCHAR)"))
    yield opened
    await opened.close()


def write(connection: Connection, said: str = "hello") -> str:
    connection.execute(text("INSERT INTO note VALUES (:said)"), {"said": said})
    return said.upper()


def notes(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT said FROM note ORDER BY said")).scalars())


async def test_what_is_written_is_there_for_both_kinds(transactions: Transactions) -> None:
    assert await transactions.write("note", write) == "HELLO"
    async with transactions.writing("note") as connection:
        await connection.run_sync(write, "and more")
    assert await transactions.read(notes) == ["and more", "hello"]


async def test_what_fails_leaves_nothing(transactions: Transactions) -> None:
    def fail(connection: Connection) -> None:
        write(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await transactions.write("note", fail)
    assert await transactions.read(notes) == []


async def test_commits_have_names_and_lines_their_request(transactions: Transactions) -> None:
    places: list[tuple[str, object]] = []
    failpoints.listeners.append(lambda place: places.append((place, structlog.contextvars.get_contextvars())))
    with structlog.contextvars.bound_contextvars(request="slack-1"):
        await transactions.write("note", write)
    failpoints.listeners.clear()
    assert places == [(f"{when} commit note", {"request": "slack-1"}) for when in ("before", "after")]


async def test_who_is_cancelled_leaves_nothing_half_done(tmp_path: Path) -> None:
    """The next one's turn comes when the transaction is over."""
    url = f"sqlite+aiosqlite:///{tmp_path}/test.db"
    transactions = Transactions(database.connect(url), url)
    async with transactions.writing("make") as connection:
        await connection.execute(text("CREATE TABLE note (said VARCHAR)"))
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slowly(connection: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()
        write(connection)

    cancelled = asyncio.create_task(transactions.write("note", slowly))
    await begun.wait()
    cancelled.cancel()
    second = asyncio.create_task(transactions.write("note", lambda connection: write(connection, notes(connection)[0])))
    await asyncio.sleep(0)
    assert not second.done()
    go_on.set()
    await second
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert await transactions.read(notes) == ["hello", "hello"]
    await transactions.close()


async def test_those_who_read_do_not_wait_for_who_cannot_write(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/test.db"
    transactions = Transactions(database.connect(url), url)
    async with transactions.writing("make") as connection:
        await connection.execute(text("CREATE TABLE note (said VARCHAR)"))
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def held_up(connection: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        write(connection)

    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(transactions.write("note", held_up))
        await begun.wait()
        assert await transactions.read(notes) == []
        assert not writing.done()
        other.execute("ROLLBACK")
        await writing
    assert await transactions.read(notes) == ["hello"]
    await transactions.close()
