"""Several processes on one database, as the store sees them: which thread is whose, and what becomes of the dead's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.base import Author, Channel, Incoming, Thread
from bot.store import database, schema
from bot.store.purge import Forgotten
from bot.store.records import Job, Outcome, Outdated, State
from bot.store.signs import Sessions
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
    pictures: Path | None = None
    stores: list[Store] = field(default_factory=list)

    async def start(self, *platforms: str) -> Store:
        store = await self.stack.enter_async_context(
            Store(self.url, self.folder / str(len(self.stores)), self.pictures)
        )
        store.replicas.clock = lambda: self.now
        await store.replicas.join(*(platforms or ("slack",)))
        self.stores.append(store)
        return store

    async def pass_by(self, seconds: float, *beating: Store) -> None:
        """That much time, in which these beat."""
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + 3)
            for store in beating:
                assert await store.replicas.beat()

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
    await many.pass_by(7, other)
    assert await open_in(other) == [job.id]
    with pytest.raises(Outdated):
        await one.answered(job, Outcome(text="late", finish=Finish.COMPLETE))
    assert not await one.replicas.beat(), "it learns that it was taken for dead"


async def test_who_still_beats_is_alive(many: Many) -> None:
    one, other = await many.start(), await many.start()
    job = await many.ask(one)
    await many.pass_by(80, one, other)
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
async def test_pictures_are_in_the_folder_that_replicas_share_where_there_is_one(far_apart: Many) -> None:
    far_apart.pictures = far_apart.folder / "shared"
    one, other = await far_apart.start(), await far_apart.start()
    job = await Ground(one, far_apart.url, far_apart.folder).plant(1)
    (exchange,) = await one.exchanges(job)
    (page,) = exchange.documents[0].pages
    (file,) = [path for path in far_apart.folder.rglob("*") if path.is_file()]
    assert file.is_relative_to(far_apart.pictures)
    assert await other.content(page.sha256) == file.read_bytes()
    await other.forgetting.place(job.incoming.thread)
    assert not file.exists()


@pytest.mark.postgres
async def test_a_replica_goes_on_while_another_brings_the_tables_up_to_date(far_apart: Many) -> None:
    """What an upgrade adds does not concern those who run."""
    one = await far_apart.start()
    first = await far_apart.ask(one)
    admin = create_async_engine(far_apart.url)
    async with admin.begin() as connection:
        for table in ("job", "thread", "replica"):
            await connection.execute(text(f"ALTER TABLE {table} ADD COLUMN novelty VARCHAR DEFAULT '' NOT NULL"))
    await admin.dispose()
    assert await one.replicas.beat()
    await one.answered(first, Outcome(text="So.", finish=Finish.COMPLETE))
    again = await far_apart.ask(one, root="1")
    assert await open_in(one) == [first.id, again.id]


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
    await far_apart.pass_by(29, other)
    assert await open_in(other) == []
    await far_apart.pass_by(2, other)
    assert await open_in(other) == [job.id]


@pytest.mark.postgres
async def test_who_hangs_loses_what_it_holds_in_the_database(far_apart: Many) -> None:
    """Its turns, and the locks of a transaction in whose middle it hangs."""
    one, other = await far_apart.start(), await far_apart.start()
    job = await far_apart.ask(one)
    async with other.replicas.turn("something else"), AsyncExitStack() as hanging:
        await hanging.enter_async_context(one.replicas.turn("discord"))
        await hanging.enter_async_context(held_up(one, job))
        await other.replicas.beat()
        await far_apart.pass_by(31, other)
        async with asyncio.timeout(30), other.replicas.turn("discord"):
            assert await open_in(other) == [job.id]
        with pytest.raises(DBAPIError):
            await hanging.aclose()
    assert not await one.replicas.beat()
    await one.replicas.join_again()
    assert await one.replicas.beat()


@asynccontextmanager
async def held_up(store: Store, job: Job) -> AsyncIterator[None]:
    """In the middle of changing a job's row."""
    async with store._writing("hang") as connection:
        await connection.execute(update(schema.job).where(schema.job.c.id == job.id).values(question="?"))
        yield


async def test_what_the_dead_still_claim_is_lost_to_nobody(many: Many) -> None:
    """Somebody who was buried accepts a question before it hears of that."""
    one, other = await many.start(), await many.start()
    await other.replicas.beat()
    await die(one)
    await many.pass_by(7, other)
    job = await many.ask(one)
    assert await open_in(other) == [job.id]
    assert await one.job(job.id) is None


async def test_what_others_heard_before_is_told_to_who_is_to_answer(many: Many) -> None:
    one, other = await many.start(), await many.start()
    first = await many.ask(one)
    again = await many.ask(other, root="1")
    last = await many.ask(one, root="1")
    assert [(job.ours, job.behind) for job in (first, again, last)] == [(True, False), (False, False), (True, True)]


async def test_what_went_is_heard_of_by_all_once(many: Many) -> None:
    one, other = await many.start(), await many.start()
    await one.replicas.beat()
    await one.replicas.spread(Forgotten(threads=frozenset({1}), pictures=frozenset({"a" * 64})))
    await one.replicas.spread(Forgotten(threads=frozenset({2})))
    late = await many.start()
    assert await other.replicas.news() == Forgotten(threads=frozenset({1, 2}), pictures=frozenset({"a" * 64}))
    assert await other.replicas.news() == await late.replicas.news() == Forgotten()


async def test_one_of_them_tells_somebody_something_in_private(many: Many) -> None:
    one, other = await many.start(), await many.start()
    incoming = (await many.ask(one)).incoming
    assert await one.tells(incoming)
    assert not await other.tells(incoming)


async def test_the_first_to_be_asked_how_an_answer_came_to_be_leaves_it_to_who_knows(many: Many) -> None:
    one, other = await many.start(), await many.start()
    job = await one.placed(await many.ask(one), "post")
    await one.delivered(await one.answered(job, Outcome(text="So.", finish=Finish.COMPLETE)))
    assert await other.to_explain(job.id, asker="bob") is None
    (waiting,) = await one.unfinished()
    assert (waiting.id, waiting.state, waiting.explainer) == (job.id, State.ANSWERED, "bob")
    assert (await one.delivered(waiting)).explainer is None


@pytest.mark.postgres
async def test_who_does_not_beat_says_nothing(far_apart: Many) -> None:
    one = await far_apart.start()
    assert not one.replicas.sure
    await far_apart.start()
    assert await one.replicas.beat()
    assert one.replicas.sure
    far_apart.now += 5
    assert not one.replicas.sure
    waiting = asyncio.create_task(one.replicas.until_sure())
    await one.replicas.beat()
    await asyncio.wait_for(waiting, 30)


@pytest.mark.postgres
async def test_who_is_alone_speaks_while_the_database_is_away_but_not_after_it_hung(tmp_path: Path) -> None:
    with postgres.serving() as server:
        async with AsyncExitStack() as stack:
            alone = Many(server.url, tmp_path, stack)
            store = await alone.start()
            assert await store.replicas.beat()
            server.stop()
            for _ in range(4):
                alone.now += 3
                with pytest.raises((DBAPIError, OSError)):
                    await store.replicas.beat()
                assert store.replicas.sure
            alone.now += 40
            assert not store.replicas.sure
            with pytest.raises((DBAPIError, OSError)):
                await store.replicas.beat()
            assert not store.replicas.sure, "somebody may have come meanwhile"
            server.start()
            assert await store.replicas.beat()
            assert store.replicas.sure


@pytest.mark.postgres
async def test_who_lost_its_sign_says_nothing_until_it_has_it_again(far_apart: Many) -> None:
    one = await far_apart.start()
    await far_apart.start()
    await one.replicas.beat()
    await far_apart.cut()
    await one.replicas.signs.look()
    assert not one.replicas.sure
    assert await one.replicas.beat()
    assert one.replicas.sure


@pytest.mark.postgres
async def test_after_an_outage_nobody_takes_the_others_for_dead(far_apart: Many) -> None:
    one, other = await far_apart.start(), await far_apart.start()
    await far_apart.ask(one)
    await other.replicas.beat()
    await far_apart.cut()
    far_apart.now += 60
    assert await other.replicas.beat()
    assert await open_in(other) == []
    assert await one.replicas.beat()


@pytest.mark.postgres
async def test_whoever_waits_for_a_turn_waits_out_an_outage() -> None:
    with postgres.serving() as server:
        engines = [database.connect(server.url) for _ in range(2)]
        one, other = (Sessions(engine) for engine in engines)
        entered = asyncio.Event()

        async def wait() -> None:
            async with other.turn("discord"):
                entered.set()

        async def listen() -> None:
            async with one.turn("discord"):
                waiting.append(asyncio.create_task(wait()))
                server.stop()
                await asyncio.wait_for(asyncio.Event().wait(), 30)

        waiting: list[asyncio.Task[None]] = []
        with pytest.raises(TimeoutError):
            await listen()
        assert not entered.is_set()
        server.start()
        await asyncio.wait_for(waiting[0], 30)
        for signs, engine in zip((one, other), engines, strict=True):
            await signs.close()
            await engine.dispose()


@pytest.mark.postgres
async def test_who_starts_at_the_same_time_upgrades_one_after_the_other(postgres_server: str, tmp_path: Path) -> None:
    url = await postgres.fresh(postgres_server)

    async def start(folder: Path) -> None:
        async with Store(url, folder) as store:
            assert await store.jobs_by_state() == {}

    await asyncio.gather(*(start(tmp_path / str(number)) for number in range(3)))
