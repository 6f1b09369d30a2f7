"""Nothing of what was forgotten is left: in any file of the data folder, or in any column of the database."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.base import Attachment, Author, Channel, Incoming, Quote, Thread, Workspace
from bot.store import schema
from bot.store.checks import Effort, Plan, Planned, Reading
from bot.store.records import Document, Job, Outcome, Outdated, Source
from bot.store.store import Store
from inference.types import Finish, Image

CHANNEL = Channel(platform="slack", workspace="T1", id="C1")
MARKS = (
    "words",
    "file-name",
    "page-text",
    "picture-bytes",
    "answer",
    "reasoning",
    "note",
    "context",
    "quote",
    "judged",
)
"""What is planted, each with the number of its message behind it."""


@dataclass
class Ground:
    """A store in its data folder, and what a test looks for in it."""

    store: Store
    url: str
    folder: Path

    async def traces(self, number: int) -> set[str]:
        """The marks of a message that are still somewhere."""
        marks = {mark: f"PLANTED-{mark}-{number}-".encode() for mark in MARKS}
        content = b"".join([*_files(self.folder), *await _columns(self.url)])
        return {mark for mark, planted in marks.items() if planted in content}

    async def plant(self, number: int, *, root: int = 0) -> Job:
        """A question with everything that can hang on one, answered."""

        def mark(kind: str) -> str:
            return f"PLANTED-{kind}-{number}-" * random.Random(number).randint(1, 40)

        file = Attachment(id=f"F{number}", name=mark("file-name"), media_type="", size=1, reference=f"F{number}")
        incoming = Incoming(
            thread=Thread(channel=CHANNEL, root=str(root or number)),
            message=str(number),
            author=Author(id=f"U{number}", name=mark("words")),
            text=mark("words"),
            sent_at=datetime(2026, 1, 1, tzinfo=UTC),
            attachments=(file,),
            quotes=(Quote(author="", text=mark("quote"), message=f"quoted {number}"),),
        )
        job = await self.store.claim(incoming, mark("words"))
        assert job is not None
        picture = mark("picture-bytes").encode()
        page = Image(sha256=sha256(picture).hexdigest(), content=picture, width=1, height=1, text=mark("page-text") * 9)
        document = Document(
            job_id=job.id,
            attachment=file.id,
            name=file.name,
            fate="used",
            reason="",
            pages=(page,),
            message=str(number),
        )
        await self.store.keep(job, [document], mark("context"), [Source(message=f"quoted {number}", author="U0")])
        planned = Planned(
            number=1, found=mark("file-name"), attachment=file.id, message=str(number), author=f"U{number}"
        )
        plan = Plan(job_id=job.id, confirmed=True, messages=1, left_out={"too old": 1}, documents=(planned,))
        await self.store.checks.keep_plan(plan)
        await self.store.checks.settle(job.id, 1, mark("judged"), Effort(digest=f"digest {number}"))
        reading = Reading(
            digest=f"digest {number}",
            prompt="p",
            engine="e",
            pages=1,
            fate="used",
            reason="",
            extraction=mark("judged"),
            thumbnail=picture,
        )
        await self.store.checks.keep(reading)
        outcome = Outcome(
            text=mark("answer"), finish=Finish.COMPLETE, reasoning=mark("reasoning"), notes=(mark("note"),)
        )
        job = await self.store.answered(await self.store.placed(job, f"post {number}"), outcome)
        return await self.store.delivered(job)


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def _columns(url: str) -> list[bytes]:
    """Every row of every table, as a client sees it."""
    engine = create_async_engine(url)
    found = []
    async with engine.connect() as connection:
        for table in schema.metadata.sorted_tables:
            for row in await connection.execute(table.select()):
                found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    await engine.dispose()
    return found


@asynccontextmanager
async def ground(url: str, folder: Path) -> AsyncIterator[Ground]:
    async with Store(url, folder) as store:
        yield Ground(store, url, folder)


@pytest.fixture
async def on(store_url: str, tmp_path: Path) -> AsyncIterator[Ground]:
    async with ground(store_url, tmp_path) as opened:
        yield opened


async def test_what_is_planted_is_found(on: Ground) -> None:
    await on.plant(1)
    assert await on.traces(1) == set(MARKS)


@pytest.mark.parametrize("way", ["messages", "place", "person", "before"])
async def test_a_question_leaves_no_trace(on: Ground, way: str) -> None:
    job, forgetting = await on.plant(1), on.store.forgetting
    ways = {
        "messages": lambda: forgetting.messages(CHANNEL, ["1"]),
        "place": lambda: forgetting.place(job.incoming.thread),
        "person": lambda: forgetting.person("slack", "U1"),
        "before": lambda: forgetting.before(2e10),
    }
    await ways[way]()
    assert await on.store.forgetting.scrub()
    assert await on.traces(1) == set()
    assert len(list((on.folder / "pictures").rglob("?" * 64))) == 0


async def test_what_was_being_read_of_a_question_when_it_was_deleted_leaves_no_trace(on: Ground) -> None:
    asked = (await on.plant(1)).incoming
    job = await on.store.claim(replace(asked, message="2", text="?", attachments=(), quotes=()), "?")
    assert job is not None
    picture = b"PLANTED-picture-bytes-2-"
    page = Image(sha256=sha256(picture).hexdigest(), content=picture, width=1, height=1)
    document = Document(job_id=job.id, attachment="F2", name="", fate="used", reason="", pages=(page,), message="2")
    await on.store.forgetting.messages(CHANNEL, ["2"])
    with pytest.raises(Outdated):
        await on.store.keep(job, [document])
    assert await on.traces(2) == set()


async def test_an_answer_whose_post_is_gone_leaves_no_trace(on: Ground) -> None:
    asked = (await on.plant(1)).incoming
    job = await on.store.claim(replace(asked, message="2", quotes=()), "?")
    assert job is not None
    words = {kind: f"PLANTED-{kind}-2-" * 50 for kind in ("answer", "reasoning", "note")}
    outcome = Outcome(
        text=words["answer"], finish=Finish.COMPLETE, reasoning=words["reasoning"], notes=(words["note"],)
    )
    job = await on.store.answered(await on.store.placed(job, "post 2"), outcome)
    assert await on.traces(2) == set(words)
    await on.store.undeliverable(job, "Gone", gone=True)
    assert await on.store.forgetting.scrub()
    assert await on.traces(2) == set()


async def test_what_a_check_was_reading_when_it_was_deleted_leaves_no_trace(on: Ground) -> None:
    asked = (await on.plant(1)).incoming
    job = await on.store.claim(replace(asked, message="3", quotes=()), "?")
    assert job is not None
    planned = Planned(number=1, found="", attachment="F2", message="2")
    await on.store.checks.keep_plan(Plan(job_id=job.id, confirmed=True, messages=1, left_out={}, documents=(planned,)))
    await on.store.forgetting.messages(CHANNEL, ["2"])
    reading = Reading(
        digest="digest 2",
        prompt="p",
        engine="e",
        pages=1,
        fate="used",
        reason="",
        extraction="PLANTED-judged-2-",
        thumbnail=b"PLANTED-picture-bytes-2-",
    )
    await on.store.checks.keep(reading)
    await on.store.checks.settle(job.id, 1, "PLANTED-judged-2-", Effort(digest="digest 2", pages=1))
    assert await on.store.forgetting.scrub()
    assert await on.traces(2) == set()
    assert await on.store.checks.reading("digest 1", "p", "e") is not None


async def test_a_plan_leaves_out_what_was_deleted_while_it_was_made(on: Ground) -> None:
    asked = (await on.plant(3)).incoming
    job = await on.store.claim(replace(asked, message="4", quotes=()), "?")
    assert job is not None
    await on.store.forgetting.messages(CHANNEL, ["5"])
    await on.store.forgetting.messages(replace(CHANNEL, id="C2"), ["6"])
    await on.store.forgetting.file(Workspace(platform="slack", id="T1"), "F7")
    documents = tuple(
        Planned(number=number, found="", attachment=f"F{number}", message=message, channel=channel)
        for number, (message, channel) in enumerate([("5", ""), ("6", "C2"), ("6", ""), ("9", "")], start=4)
    )
    plan = Plan(job_id=job.id, confirmed=True, messages=4, left_out={}, documents=documents)
    kept = await on.store.checks.keep_plan(plan)
    assert [one.number for one in kept.documents] == [6]
    assert await on.store.checks.plan(job.id) == replace(kept, documents=(Planned(number=6, found=""),))


async def test_a_file_leaves_no_trace_and_its_question_stays(on: Ground) -> None:
    await on.plant(1)
    await on.store.forgetting.file(Workspace(platform="slack", id="T1"), "F1")
    assert await on.store.forgetting.scrub()
    assert await on.traces(1) == {"words", "quote", "context"}


async def test_a_picture_by_its_number(on: Ground) -> None:
    job = await on.plant(1)
    assert await on.store.forgetting.picture(job.incoming.thread, 2) is None
    assert await on.store.forgetting.picture(job.incoming.thread, 1) is not None
    assert await on.store.forgetting.scrub()
    assert await on.traces(1) & {"page-text", "picture-bytes", "answer", "reasoning", "note"} == set()


async def test_of_many_only_what_was_meant_goes(on: Ground) -> None:
    """Rows of many sizes, so that pages of the file are split and filled again while they come and go."""
    for number in range(1, 61):
        await on.plant(number, root=number - number % 3 or 1)
    gone = [number for number in range(1, 61) if number % 3 == 2]
    for number in gone:
        await on.store.forgetting.messages(CHANNEL, [str(number)])
    assert await on.store.forgetting.scrub()
    assert [await on.traces(number) for number in gone] == [set()] * len(gone)
    assert {"words", "page-text", "picture-bytes"} <= await on.traces(3)


async def test_what_stays_of_a_question_goes_with_the_sweep(on: Ground) -> None:
    job = await on.plant(1)
    await on.store.forgetting.place(CHANNEL)
    await on.store.forgetting.messages(CHANNEL, ["never seen"])
    await on.store.forgetting.sweep(0)
    assert await on.store.job(job.id) is not None
    await on.store.forgetting.sweep(2e10)
    assert await on.store.job(job.id) is None
    assert await on.store.thread_id(job.incoming.thread) is None
    assert b"never seen" not in b"".join(await _columns(on.url))


async def left_by_a_crash(on: Ground, sha256: str) -> None:
    """A picture that was put, and nothing else."""
    if on.url.startswith("sqlite"):
        path = on.folder / "pictures" / sha256[:2] / sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")
        return
    engine = create_async_engine(on.url)
    async with engine.begin() as connection:
        await connection.execute(insert(schema.picture).values(sha256=sha256, content=b"left", put_at=0.0))
    await engine.dispose()


async def test_a_picture_that_nothing_refers_to_goes_with_the_sweep(on: Ground) -> None:
    await on.plant(1)
    stray = "a" * 64
    await left_by_a_crash(on, stray)
    assert await on.store.content(stray)
    await on.store.forgetting.sweep(2e10)
    with pytest.raises(FileNotFoundError):
        await on.store.content(stray)
    assert "picture-bytes" in await on.traces(1)


async def test_a_message_is_not_claimed_while_its_deletion_is_written_down(on: Ground) -> None:
    job = await on.plant(1)
    messages = [replace(job.incoming, message=f"race {number}") for number in range(20)]
    claims = [on.store.claim(one, "?") for one in messages]
    deletions = [on.store.forgetting.messages(CHANNEL, [one.message]) for one in messages]
    await asyncio.gather(*(one for pair in zip(claims, deletions, strict=True) for one in pair))
    for one in await on.store.unfinished():
        assert one.forgotten


async def test_the_file_is_made_anew_once(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/test.db"
    async with ground(url, tmp_path) as on:
        await on.plant(1)
        await on.store.forgetting.place(CHANNEL)
    async with ground(url, tmp_path) as on:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            assert (await connection.execute(text("PRAGMA user_version"))).scalar_one() == 1
        assert await on.store.forgetting.scrub()
        async with engine.connect() as connection:
            assert (await connection.execute(text("PRAGMA user_version"))).scalar_one() == 0
        await engine.dispose()
        assert await on.traces(1) == set()
