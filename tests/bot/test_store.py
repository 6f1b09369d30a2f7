"""The store, on a real database."""

import asyncio
import hashlib
import math
import resource
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import TypeAdapter
from sqlalchemy import Connection, text

from adapters.base import Attachment, Author, Channel, Incoming, Quote, Thread
from bot.admission import Spent
from bot.store import database, schema
from bot.store.pictures import Alone, PictureFolder
from bot.store.records import Document, Job, Outcome, State
from bot.store.store import Store
from inference.types import Finish, Image
from tests import postgres

CHANNEL = Channel(platform="slack", workspace="T1", id="C1")
PICTURE = Attachment(id="F1", name="a.png", media_type="image/png", size=1, reference="F1")
MESSAGE = Incoming(
    thread=Thread(channel=CHANNEL, root="1"),
    message="1",
    author=Author(id="U1", name="Ada"),
    text="What is the total?",
    sent_at=datetime(2026, 1, 1, tzinfo=UTC),
    attachments=(PICTURE,),
    quotes=(Quote(author="Bob", text="look", attachments=(PICTURE,)),),
)


@pytest.fixture
async def store(store_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(store_url, tmp_path) as opened:
        yield opened


async def claim(store: Store, message: str = "1", root: str = "1") -> Job:
    incoming = replace(MESSAGE, message=message, thread=replace(MESSAGE.thread, root=root))
    job = await store.claim(incoming, "What is the total?")
    assert job is not None
    return job


def document(name: str, *pages: bytes) -> Document:
    images = tuple(
        Image(sha256=hashlib.sha256(page).hexdigest(), content=page, width=3, height=4, text="layer") for page in pages
    )
    return Document(job_id=0, attachment=name, name=f"{name}.pdf", fate="used", reason="", pages=images)


async def test_a_message_is_claimed_once(store: Store) -> None:
    job = await store.claim(MESSAGE, "What is the total?", "deep")
    assert job is not None
    assert (job.incoming, job.question, job.mode, job.state) == (MESSAGE, "What is the total?", "deep", State.WAITING)
    assert await store.claim(MESSAGE, "What is the total?") is None


async def test_the_same_id_in_another_channel_is_another_message(store: Store) -> None:
    await claim(store)
    elsewhere = replace(MESSAGE, thread=Thread(channel=replace(CHANNEL, id="C2"), root="1"))
    assert await store.claim(elsewhere, "?") is not None


async def test_a_job_is_unfinished_until_it_was_seen(store: Store) -> None:
    job = await claim(store)
    assert [one.id for one in await store.unfinished()] == [job.id]
    assert job.attempts == 1, "whoever claims it begins it"
    job = await store.placed(await store.begun(job), "post")
    assert (job.attempts, job.post) == (2, "post")
    outcome = Outcome(text="42", finish=Finish.COMPLETE, reasoning="sum", notes=("a", "b"))
    job = await store.answered(job, outcome)
    assert (await store.unfinished())[0].outcome == outcome
    await store.delivered(job)
    assert await store.unfinished() == []


async def test_documents_are_numbered_in_their_thread_and_stored_once(store: Store) -> None:
    first = await claim(store)
    await store.keep(first, [document("a", b"one", b"two"), document("b")])
    second = await claim(store, "2")
    await store.keep(second, [document("c", b"one"), document("a", b"other")])
    thread = await store.exchanges(second)
    assert [[(one.number, one.name) for one in each.documents] for each in thread] == [[(2, "c.pdf")]]
    await store.answered(first, Outcome(text="42", finish=Finish.COMPLETE))
    thread = await store.exchanges(second)
    assert [[(one.number, one.name) for one in each.documents] for each in thread] == [
        [(1, "a.pdf"), (None, "b.pdf")],
        [(2, "c.pdf")],
    ]
    assert await store.attachments(second) == {"a", "b", "c"}
    assert await store.content(thread[1].documents[0].pages[0].sha256) == b"one"
    assert thread[0].documents[0].pages[0].text == "layer"


async def test_keeping_again_changes_nothing(store: Store) -> None:
    job = await claim(store)
    await store.keep(job, [document("a", b"one")], "Bob: look")
    await store.keep(job, [document("a", b"one")], "Bob: look")
    (exchange,) = await store.exchanges(job)
    assert (len(exchange.documents), exchange.context) == (1, "Bob: look")


async def test_replies_to_commands_and_our_own_sentences_are_no_part_of_the_talk(store: Store) -> None:
    await store.claim(MESSAGE, "help", answer="I can read.")
    refused = await claim(store, "2")
    await store.answered(refused, Outcome(text="I am full.", finish=Finish.REFUSED))
    job = await claim(store, "3")
    assert [(each.question, each.answer) for each in await store.exchanges(job)] == [
        ("What is the total?", None),
        ("What is the total?", None),
    ]


async def test_a_fresh_start_leaves_out_what_was_before(store: Store) -> None:
    old = await claim(store)
    await store.answered(old, Outcome(text="42", finish=Finish.COMPLETE))
    other = await claim(store, "5", root="5")
    await store.begin_anew(MESSAGE.thread)
    new = await claim(store, "2")
    assert [each.job_id for each in await store.exchanges(new)] == [new.id]
    assert [each.job_id for each in await store.exchanges(other)] == [other.id]


async def test_only_the_asker_can_try_again_and_only_what_failed(store: Store) -> None:
    job = await claim(store)
    await store.delivered(await store.answered(job, Outcome(text="Sorry.", finish=Finish.FAILED)))
    assert await store.reopen(job.id, asker="U2") is None
    again = await store.reopen(job.id, asker="U1")
    assert again is not None
    assert again.outcome is None
    assert await store.reopen(job.id, asker="U1") is None


async def test_threads_are_known_by_their_questions(store: Store) -> None:
    assert await store.thread_id(MESSAGE.thread) is None
    job = await claim(store)
    assert await store.thread_id(MESSAGE.thread) == job.thread_id
    assert not (await store.background(job)).follows
    assert (await store.background(await claim(store, "2"))).follows


async def test_everything_outlives_the_process(store_url: str, tmp_path: Path) -> None:
    async with Store(store_url, tmp_path) as store:
        job = await claim(store)
    async with Store(store_url, tmp_path) as store:
        assert await store.unfinished() == [job]


async def test_the_migrations_make_the_schema(store_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        database.upgrade(connection)
        return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))

    engine = database.connect(store_url)
    async with engine.begin() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_what_a_job_owes_is_in_the_ledger(store: Store) -> None:
    job = await claim(store)
    assert await store.due_since(job) is not None
    job = await store.answered(await store.placed(job, "post"), Outcome(text="42", finish=Finish.COMPLETE))
    job = await store.undeliverable(job, "Forbidden")
    assert await store.due_since(job) is None
    reopened = await store.reopen(job.id, asker="U1")
    assert reopened is not None
    assert reopened.outcome == Outcome(text="42", finish=Finish.COMPLETE)
    await store.delivered(reopened)
    assert [(one.kind, one.state, one.message, one.reason) for one in await store.deliveries(job)] == [
        ("post", "done", "post", ""),
        ("edit", "failed", "post", "Forbidden"),
        ("edit", "done", "post", ""),
    ]


async def test_a_database_of_the_first_version_is_taken_over(store_url: str, tmp_path: Path) -> None:
    engine = database.connect(store_url)
    async with engine.begin() as connection:
        await connection.run_sync(database.upgrade, "0001")
        await connection.execute(text(_THREAD_OF_0001))
        for statement in _JOBS_OF_0001:
            await connection.execute(text(statement), {"incoming": _INCOMING})
    await engine.dispose()
    async with Store(store_url, tmp_path) as store:
        waiting, answered = await store.unfinished()
        assert [one.kind for one in await store.deliveries(waiting)] == ["post"]
        assert [one.kind for one in await store.deliveries(answered)] == ["edit"]
        await store.delivered(answered)


_INCOMING = TypeAdapter(Incoming).dump_json(MESSAGE).decode()
_THREAD_OF_0001 = "INSERT INTO thread (platform, workspace, channel, root) VALUES ('slack', 'T1', 'C1', '1')"
_JOBS_OF_0001 = [
    "INSERT INTO job (thread_id, platform, workspace, channel, message, asker, incoming, question, state, post, answer,"
    f" finish, created_at) VALUES (1, 'slack', 'T1', 'C1', '{number}', 'U1', :incoming, '?', {rest}, 1.0)"
    for number, rest in enumerate(["'waiting', NULL, NULL, NULL", "'answered', '1.2', '42', 'complete'"])
]


async def test_what_was_used_counts_for_the_person_and_the_channel_until_it_is_set_back(store: Store) -> None:
    job = await claim(store)
    await store.keep(job, [document("a", b"one", b"two")])
    await store.answered(job, Outcome(text="42", finish=Finish.COMPLETE, engine_seconds=1.5))
    await store.claim(replace(MESSAGE, message="2"), "help", answer="I can read.")
    other = replace(MESSAGE, message="3", author=Author(id="U2", name="Bob"))
    await store.claim(other, "?")
    assert await store.spent(CHANNEL, 0.0, person="U1") == Spent(questions=1, pages=2, seconds=1.5)
    assert await store.spent(CHANNEL, 0.0) == Spent(questions=2, pages=2, seconds=1.5)
    assert await store.spent(replace(CHANNEL, id="C2"), 0.0) == Spent()
    assert await store.spent(CHANNEL, time.time() + 60, person="U1") == Spent()
    for _ in range(2):
        await store.reset_quota(CHANNEL, person="U1")
    assert await store.spent(CHANNEL, 0.0, person="U1") == Spent()
    assert (await store.spent(CHANNEL, 0.0)).questions == 2
    assert await store.claimed(other)
    assert not await store.claimed(replace(other, message="9"))


async def test_many_claims_of_one_message_at_once_are_one(store: Store) -> None:
    jobs = await asyncio.gather(*(store.claim(MESSAGE, "?") for _ in range(20)))
    assert len([job for job in jobs if job is not None]) == 1


async def test_many_first_questions_of_a_channel_at_once_are_all_taken(store: Store) -> None:
    jobs = await asyncio.gather(*(claim(store, message=str(number), root=str(number % 2)) for number in range(12)))
    assert len({job.id for job in jobs}) == 12
    assert [channel for channel, _ in await store.watermarks()] == [CHANNEL]


async def test_what_was_used_can_be_set_back_by_several_at_once(store: Store) -> None:
    await claim(store)
    await asyncio.gather(*(store.reset_quota(CHANNEL) for _ in range(6)))
    assert (await store.spent(CHANNEL, 0.0)).questions == 0


async def test_a_database_that_is_there_answers(store: Store) -> None:
    assert await store.answers()


async def test_a_picture_for_which_there_is_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    """Each try would take more of the disk."""
    engine = database.connect("sqlite+aiosqlite://")
    folder = PictureFolder(tmp_path, Alone(engine))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            await folder.put("ab" * 32, b"x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await folder.names(older_than=math.inf) == []
    await folder.put("ab" * 32, b"x" * 10_000)
    assert await folder.get("ab" * 32) == b"x" * 10_000
    await engine.dispose()


async def test_a_database_that_says_nothing_is_told_in_time(tmp_path: Path) -> None:
    connected: list[asyncio.StreamWriter] = []

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(writer)

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        store = Store(f"postgresql+asyncpg://us@127.0.0.1:{port}/db", tmp_path)
        async with asyncio.timeout(20):
            assert not await store.answers()
            with pytest.raises(TimeoutError):
                await store.jobs_by_state()
        for writer in connected:
            writer.close()


@pytest.mark.postgres
async def test_the_system_asks_whether_a_silent_server_is_still_there(postgres_server: str) -> None:
    engine = database.connect(await postgres.fresh(postgres_server))
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        line = driver._transport.get_extra_info("socket")
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if hasattr(socket, "TCP_KEEPIDLE"):
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 30
    await engine.dispose()
