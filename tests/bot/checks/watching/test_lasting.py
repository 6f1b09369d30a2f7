"""Watches over crashes, outages and absences."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.errors import Forbidden, Unreachable
from bot import absence
from inference.errors import Dead
from inference.scripted import ScriptedEngine, Step
from inference.types import Request
from tests.bot.checks.samples import drawing
from tests.bot.checks.watching.scene import (
    WATCH,
    Scene,
    ago,
    by_name,
    digests,
    hands,
    posted,
    put,
    tell,
    told,
)
from tests.bot.test_service import BOB, CHANNEL, Stage, stage


async def test_killed_in_the_middle_it_goes_on_and_says_nothing_twice(scene: Scene) -> None:
    engine = ScriptedEngine(by_name)
    async with scene.open(engine) as on:
        await told(on, WATCH)
        await put(on, "open-1.png", seeds=(1,))
        engine.hold()
        first = await posted(on, "paid-7.png", "open-1.png", seeds=(7, 1))
        await engine.begun(2)
    for _ in range(2):
        async with scene.open() as on:
            await on.service.resume()
            await on.service.jobs.idle()
    assert set(on.adapter.reactions[first.message]) == {"✅", "❌"}
    assert len(on.adapter.threads[first.thread]) == 1


async def test_killed_before_the_post_was_written_down_it_is_found_again(scene: Scene) -> None:
    async with scene.open() as on:
        await told(on, WATCH)
        await put(on, "open-1.png", seeds=(1,))
        on.adapter.failures = [Unreachable("away")] * 99
        second = await posted(on, "open-1.png", seeds=(1,))
        await on.adapter.until(lambda: len(on.adapter.failures) < 99)
    on.adapter.failures = []
    async with scene.open() as on:
        await on.service.resume()
        await on.service.jobs.idle()
        assert len(hands(on, second)) == 1


async def test_an_engine_that_is_gone_leaves_it_for_the_next_start(scene: Scene) -> None:
    async with scene.open(ScriptedEngine(lambda request: [Dead("gone")])) as on:
        await told(on, WATCH)
        message = await put(on, "open-1.png")
        assert isinstance(on.service.died.exception(), Dead)
    async with scene.open() as on:
        await on.service.resume()
        await on.service.jobs.idle()
        assert on.adapter.reactions[message.message] == ["❌"]


async def test_while_the_database_is_away_it_waits(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    engine = ScriptedEngine(by_name)
    async with stage(tmp_path, engine, store={"url": f"sqlite+aiosqlite:///{path}?timeout=0.2"}) as on:
        await told(on, WATCH)
        await put(on, "open-1.png", seeds=(1,))
        engine.hold()
        message = await posted(on, "paid-2.png", "open-1.png", seeds=(2, 1))
        await engine.begun(2)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        engine.release()
        while await on.service.obstacle() != absence.SILENT:
            """It looks at the database each time."""
        other.close()
        await on.service.jobs.idle()
        assert set(on.adapter.reactions[message.message]) == {"✅", "❌"}
        assert len(hands(on, message)) == 1
        assert await on.service.obstacle() == ""


async def test_what_breaks_is_told_in_the_digest_and_nobody_else_suffers(scene: Scene) -> None:
    def broken(request: Request) -> Iterator[Step]:
        raise ZeroDivisionError
        yield

    async with scene.open(ScriptedEngine(broken)) as on:
        await told(on, WATCH)
        await put(on, "open-1.png")
        assert "paused" in await told(on, "pause watch 1")
        await told(on, "resume watch 1")
        await tell(on)
        (digest,) = digests(on)
        assert "1 could not be read." in digest.text


@pytest.mark.parametrize("minutes", [10, 600])
async def test_what_was_posted_while_we_were_away_is_found(scene: Scene, minutes: float) -> None:
    async with scene.open() as on:
        await on.store.seen(CHANNEL, ago(minutes + 5).timestamp())
        early = on.message("earlier", sent_at=ago(minutes + 60), replies=1)
        await told(on, WATCH, sent_at=ago(minutes + 30))
    files = [on.attach(name, drawing(number)) for number, name in enumerate(["open-1.png", "paid-2.png", "none-3.png"])]
    root = on.message("", files[0], author=BOB, sent_at=ago(minutes), replies=1)
    reply = on.message("", files[1], author=BOB, sent_at=ago(minutes / 2), root=root.message)
    late = on.message("", files[2], author=BOB, sent_at=ago(minutes / 2), root=early.message)
    before = on.message("", on.attach("open-4.png", drawing(4)), author=BOB, sent_at=ago(minutes + 40))
    async with scene.open() as on:
        for _ in range(2):
            await on.service.catch_up.look()
            await on.service.jobs.idle()
    marks = [on.adapter.reactions[one.message] for one in (root, reply, late, before)]
    assert marks == [["❌"], ["✅"], ["❔"] if minutes > 60 else [], []]


async def test_a_watch_that_was_asked_for_while_we_were_away_begins(on: Stage) -> None:
    await on.store.seen(CHANNEL, ago(60).timestamp())
    on.message(WATCH, mentioned=True, sent_at=ago(50))
    invoice = on.message("", on.attach("open-1.png", drawing(1)), author=BOB, sent_at=ago(40))
    await on.service.catch_up.look()
    await on.service.jobs.idle()
    assert on.adapter.reactions[invoice.message] == ["❌"]


async def test_a_channel_that_cannot_be_read_is_looked_at_later(on: Stage) -> None:
    await told(on, WATCH, sent_at=ago(60))
    invoice = on.message("", on.attach("open-1.png", drawing(1)), author=BOB, sent_at=ago(3))
    on.adapter.unreadable = Forbidden("no", missing="channels:history")
    await on.service.catch_up.look()
    on.adapter.unreadable = None
    await on.service.catch_up.look()
    await on.service.jobs.idle()
    assert on.adapter.reactions[invoice.message] == ["❌"]
