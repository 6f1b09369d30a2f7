"""The database is locked, stopped or full for a while: what waits goes on, once, and what cannot be taken is told."""

import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters import failpoints
from adapters.base import Edited, Incoming
from bot import absence, replies
from bot.store.records import Job
from inference.scripted import ScriptedEngine
from tests import postgres
from tests.bot.test_service import Stage, picture, stage

WAIT_S = 0.2
"""How long SQLite waits for a lock in here."""


@dataclass
class Database:
    """``away`` is a block in which it does not take what is written; ``why`` is what an admin hears then."""

    url: str
    away: Callable[[], AbstractContextManager[None]]
    why: str


def locked(path: Path) -> Database:
    @contextmanager
    def away() -> Iterator[None]:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()

    return Database(f"sqlite+aiosqlite:///{path}?timeout={WAIT_S}", away, absence.SILENT)


def full(path: Path) -> Database:
    """As on a full disk, no file of this process grows."""

    @contextmanager
    def away() -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        log = path.with_name(f"{path.name}-wal")
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return Database(f"sqlite+aiosqlite:///{path}", away, absence.FULL)


@pytest.fixture(params=["locked", "full", pytest.param("stopped", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param != "stopped":
        yield (locked if request.param == "locked" else full)(tmp_path / "test.db")
        return
    with postgres.serving() as server:

        @contextmanager
        def away() -> Iterator[None]:
            server.stop()
            try:
                yield
            finally:
                server.start()

        yield Database(await postgres.fresh(server.url), away, absence.SILENT)


async def ready(on: Stage, *, sentence: str) -> None:
    """Return once ``/readyz`` would say that."""
    while await on.service.obstacle() != sentence:
        """It looks at the database each time."""


async def answered_once(on: Stage, *asked: Incoming) -> None:
    await on.adapter.until(lambda: len([one for one in on.adapter.posts.values() if one[-1].text]) == len(asked))
    await on.service.jobs.idle()
    last = [states[-1] for states in on.adapter.posts.values()]
    for one in asked:
        assert len([post for post in last if f"“{one.text}”" in post.text]) == 1
    assert len(last) == len(asked)
    assert await on.service.obstacle() == ""
    assert await on.store.unfinished() == []


async def test_an_answer_that_cannot_be_written_down_is_kept_until_it_can(database: Database, tmp_path: Path) -> None:
    engine = ScriptedEngine()
    async with stage(tmp_path, engine, store={"url": database.url}) as on:
        engine.hold()
        asked = await on.say("What is it?", mentioned=True)
        await engine.begun()
        with database.away():
            engine.release()
            await ready(on, sentence=database.why)
        await answered_once(on, asked)
    assert len(engine.requests) == 1


async def test_an_answer_to_what_was_asked_before_an_edit_is_not_kept(tmp_path: Path) -> None:
    """The edit is written down while the answer still waits for that."""
    away = True

    def refuse(place: str) -> None:
        if away and place == "before commit answer":
            raise OSError("the disk is away")

    async with stage(tmp_path) as on:
        counted, took = [], on.store.took

        async def count(job: Job, seconds: float) -> None:
            counted.append(seconds)
            await took(job, seconds)

        on.store.took = count  # type: ignore[method-assign]
        failpoints.listeners.append(refuse)
        try:
            asked = await on.say("What is it?", mentioned=True)
            await ready(on, sentence=absence.SILENT)
            await on.service.handle(Edited(incoming=replace(asked, text="What is that?")))
            away = False
            await answered_once(on, replace(asked, text="What is that?"))
        finally:
            failpoints.listeners.remove(refuse)
    assert len(on.engine.requests) == 2
    assert len(counted) == 1


async def test_a_question_that_was_just_taken_waits_and_says_so(database: Database, tmp_path: Path) -> None:
    """What comes after the placeholder cannot be written down."""
    engine = ScriptedEngine(places=2)
    async with stage(tmp_path, engine, store={"url": database.url}) as on:
        with ExitStack() as stack:

            def leave(place: str) -> None:
                if place == "after commit placed":
                    failpoints.listeners.clear()
                    stack.enter_context(database.away())

            failpoints.listeners.append(leave)
            first = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
            await on.adapter.until(lambda: on.adapter.last().status == replies.HELD_UP)
        second = await on.say("And that?", mentioned=True)
        await answered_once(on, first, second)
    assert len(engine.requests) == 2


async def test_a_question_that_cannot_be_taken_is_told_and_may_come_again(database: Database, tmp_path: Path) -> None:
    async with stage(tmp_path, store={"url": database.url}) as on:
        question = on.message("What is it?", mentioned=True)
        with database.away():
            for _ in range(2):
                with pytest.raises(absence.AWAY):
                    await on.service.handle(question)
            await on.adapter.until(lambda: bool(on.adapter.posts))
            await on.service.jobs.idle()
            assert await on.service.obstacle() == database.why
        [told] = [states[-1] for states in on.adapter.posts.values()]
        assert (told.text, told.only_for) == (replies.NOT_TAKEN, "ada")
        on.adapter.posts.clear()
        await on.service.handle(replace(question))
        await answered_once(on, question)


async def test_what_fails_for_good_is_not_waited_for(tmp_path: Path) -> None:
    """A picture whose bytes are gone."""
    engine = ScriptedEngine()
    async with stage(tmp_path, engine) as on:
        await on.say("What is it?", on.attach("a.png", picture()), mentioned=True, root="t")
        await on.adapter.answered()
        for kept in (tmp_path / "pictures").rglob("*"):
            if kept.is_file():
                kept.unlink()
        await on.say("And now?", mentioned=True, root="t")
        assert replies.FAILED in (await on.adapter.answered(1)).text


def test_how_long_a_refused_event_tells_of_an_absence() -> None:
    now = 0.0
    away = absence.Absence(lambda: now)
    away.refuses(OSError(28, "No space left on device"))
    assert away.obstacle == absence.FULL
    now = 61.0
    assert away.obstacle == ""
