"""Several processes on one database, as the store sees them: which thread is whose, and what becomes of the dead's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.base import Author, Channel, Incoming, Thread
from bot.store.records import Job, Outcome, Outdated
from bot.store.store import Store
from inference.types import Finish
from tests import postgres
from tests.bot.test_traces import Ground

CHANNEL = Channel(platform="slack", workspace="w", id="c")


@dataclass
class Many:
    """Replicas, each with its own data folder, on one database; their clock is the test's."""

    url: str
    folder: Path
    stack: AsyncExitStack
    now: float = 0.0
    number: int = 0
    stores: list[Store] = field(default_factory=list)

    async def start(self, *platforms: str) -> Store:
        store = await self.stack.enter_async_context(Store(self.url, self.folder / str(len(self.stores))))
        store.replicas.clock = lambda: self.now
        await store.replicas.join(*(platforms or ("slack",)))
        self.stores.append(store)
        return store

    async def cut(self) -> None:
        """End all connections to the database, as its restart does."""
        admin = create_async_engine(self.url)
        async with admin.begin() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            await connection.execute(text(f"{others} AND datname = current_database()"))
        await admin.dispose()

    async def ask(self, store: Store, root: str = "", platform: str = "slack") -> Job:
        self.number += 1
        channel = Channel(platform=platform, workspace="w", id="c")
        incoming = Incoming(
            thread=Thread(channel=channel, root=root or str(self.number)),
            message=str(self.number),
            author=Author(id="ada", name="Ada"),
            text="Why?",
            sent_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        job = await store.claim(incoming, "Why?")
        assert job is not None
        return job


@pytest.fixture
async def many(store_url: str, tmp_path: Path) -> AsyncIterator[Many]:
    async with AsyncExitStack() as stack:
        opened = Many(store_url, tmp_path, stack)
        yield opened
        for store in opened.stores:
            await store.replicas.signs.close()


async def die(store: Store) -> None:
    """What it held is free, and it has said nothing."""
    await store.replicas.signs.close()


async def open_in(store: Store) -> list[int]:
    return [job.id for job in await store.unfinished()]


async def test_a_thread_is_answered_by_whoever_heard_its_first_question(many: Many) -> None:
    one, other = await many.start(), await many.start()
    first = await many.ask(one)
    again = await many.ask(other, root="1")
    elsewhere = await many.ask(other)
    assert (first.ours, again.ours, elsewhere.ours) == (True, False, True)
    assert await open_in(one) == [first.id, again.id]
    assert await open_in(other) == [elsewhere.id]
    assert await other.job(first.id) is None, "another is at it"


async def test_who_leaves_hands_over(many: Many) -> None:
    one, other = await many.start(), await many.start()
    job = await many.ask(one)
    await one.replicas.leave()
    assert await open_in(other) == [job.id]
    (kept,) = await other.unfinished()
    assert kept.revision > job.revision


async def test_the_dead_are_buried_and_what_they_still_write_does_not_count(many: Many) -> None:
    one, other = await many.start(), await many.start()
    job = await many.ask(one)
    assert await other.replicas.beat()
    await die(one)
    many.now += 6
    assert await other.replicas.beat()
    assert await open_in(other) == [job.id]
    with pytest.raises(Outdated):
        await one.answered(job, Outcome(text="late", finish=Finish.COMPLETE))
    assert not await one.replicas.beat(), "it learns that it was taken for dead"


async def test_who_still_beats_is_alive(many: Many) -> None:
    one, other = await many.start(), await many.start()
    job = await many.ask(one)
    for _ in range(20):
        many.now += 4
        assert await one.replicas.beat()
        assert await other.replicas.beat()
    assert await open_in(other) == []
    assert await open_in(one) == [job.id]


async def test_whoever_starts_takes_up_what_the_dead_left(many: Many) -> None:
    one = await many.start()
    job = await many.ask(one)
    await die(one)
    fresh = await many.start()
    assert await open_in(fresh) == [job.id]


async def test_nothing_overtakes_what_is_open_in_its_thread(many: Many) -> None:
    one, other = await many.start(), await many.start()
    older = await many.ask(one)
    await one.replicas.leave()
    newer = await many.ask(other, root="1")
    assert not newer.ours, "it would come before the older one"
    assert await open_in(other) == [older.id, newer.id]


async def test_what_another_platform_asks_is_left_to_who_serves_it(many: Many) -> None:
    chat, console = await many.start("slack", "discord"), await many.start("console")
    job = await many.ask(chat)
    await chat.replicas.leave()
    assert await open_in(console) == []
    assert await open_in(await many.start("slack")) == [job.id]


async def test_a_stop_reaches_whoever_is_at_it(many: Many) -> None:
    one, other = await many.start(), await many.start()
    job = await many.ask(one)
    assert not await other.replicas.stop("bob", job_id=job.id)
    assert await other.replicas.stop("ada", job_id=job.id)
    assert [job.stopping for job in await one.unfinished()] == [True]


async def test_who_takes_at_the_same_time_takes_different_threads(many: Many) -> None:
    one = await many.start()
    asked = [(await many.ask(one)).id for _ in range(20)]
    await one.replicas.leave()
    others = [await many.start() for _ in range(3)]
    taken = await asyncio.gather(*(open_in(other) for other in others))
    assert sorted(number for some in taken for number in some) == asked


async def test_one_at_a_time_has_the_turn(many: Many) -> None:
    one, other = await many.start(), await many.start()
    entered = asyncio.Event()

    async def wait() -> None:
        async with other.replicas.turn("discord"):
            entered.set()

    async with one.replicas.turn("discord"):
        waiting = asyncio.create_task(wait())
        async with other.replicas.turn("something else"):
            assert not entered.is_set()
    await asyncio.wait_for(waiting, 30)


@pytest.fixture
async def far_apart(postgres_server: str, tmp_path: Path) -> AsyncIterator[Many]:
    async with AsyncExitStack() as stack:
        opened = Many(await postgres.fresh(postgres_server), tmp_path, stack)
        yield opened
        for store in opened.stores:
            await store.replicas.signs.close()


@pytest.mark.postgres
async def test_who_loses_the_database_loses_the_turn(far_apart: Many) -> None:
    store = await far_apart.start()

    async def hold_on() -> None:
        async with store.replicas.turn("discord"):
            await far_apart.cut()
            await asyncio.wait_for(asyncio.Event().wait(), 30)

    with pytest.raises(TimeoutError):
        await hold_on()
    assert await store.replicas.beat(), "it takes up its sign again"
    other = await far_apart.start()
    assert not await other.replicas.signs.free(f"replica {store.replicas.me}")


@pytest.mark.postgres
async def test_pictures_are_where_every_replica_finds_them(far_apart: Many) -> None:
    one, other = await far_apart.start(), await far_apart.start()
    job = await Ground(one, far_apart.url, far_apart.folder).plant(1)
    (exchange,) = await one.exchanges(job)
    (page,) = exchange.documents[0].pages
    assert (await other.content(page.sha256)).startswith(b"PLANTED-picture-bytes-1-")
    assert not [path for path in far_apart.folder.rglob("*") if path.is_file()]
    with pytest.raises(FileNotFoundError):
        await other.content("0" * 64)


@pytest.mark.postgres
async def test_who_has_lost_its_sign_for_a_moment_is_not_dead_yet(far_apart: Many) -> None:
    one, other = await far_apart.start(), await far_apart.start()
    await far_apart.ask(one)
    assert await other.replicas.beat()
    await far_apart.cut()
    far_apart.now += 4
    assert await other.replicas.beat()
    assert await open_in(other) == []
    assert await one.replicas.beat()
    far_apart.now += 2
    assert await other.replicas.beat()
    assert await open_in(other) == []


@pytest.mark.postgres
async def test_who_hangs_is_given_up_after_a_while(far_apart: Many) -> None:
    """It still holds its sign: the machine or the network hangs, and its connection has not ended."""
    one, other = await far_apart.start(), await far_apart.start()
    job = await far_apart.ask(one)
    await other.replicas.beat()
    far_apart.now += 29
    await other.replicas.beat()
    assert await open_in(other) == []
    far_apart.now += 2
    await other.replicas.beat()
    assert await open_in(other) == [job.id]
