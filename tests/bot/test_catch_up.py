"""What was asked while nobody listened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.base import Author
from adapters.errors import Forbidden
from bot.settings import CatchUpSettings
from tests.bot.test_service import CHANNEL, Stage, stage
from tests.fakes.memory import MemoryAdapter


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


async def known(on: Stage) -> str:
    """A channel that we were asked in, and the thread of that question."""
    asked = await on.say("first", mentioned=True, sent_at=ago(60))
    await on.adapter.answered()
    await on.service.jobs.idle()
    return asked.thread.root


def questions(on: Stage) -> list[str]:
    return [request.turns[-1].text for request in on.engine.requests]


async def test_missed_mentions_and_follow_ups_are_answered_in_their_order_and_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        root = await known(on)
        on.message("missed follow-up", root=root, sent_at=ago(3))
        on.message("missed mention", mentioned=True, sent_at=ago(4))
        on.message("chatter", sent_at=ago(2))
        on.message("@Bob", root=root, to_others=True, sent_at=ago(2))
        on.message("from a bot", mentioned=True, author=Author(id="b", name="Bot", bot=True), sent_at=ago(2))
        on.message("stop", mentioned=True, sent_at=ago(1))
        for _ in range(2):
            await on.service.catch_up.look()
            await on.service.jobs.idle()
        assert questions(on) == ["first", "missed mention", "missed follow-up"]


async def test_what_is_older_than_the_limit_or_than_the_watermark_is_left(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=CatchUpSettings(hours=1)) as on:
        await known(on)
        on.message("too old", mentioned=True, sent_at=ago(90))
        await on.service.catch_up.look()
        on.message("before the watermark", mentioned=True, sent_at=ago(30))
        await on.service.catch_up.look()
        assert questions(on) == ["first"]


async def test_a_channel_that_cannot_be_read_keeps_its_watermark(tmp_path: Path) -> None:
    class Closed(MemoryAdapter):
        closed = True

        async def history(self, place, *, since=None):  # type: ignore[no-untyped-def]
            if self.closed:
                raise Forbidden("not in the channel")
            async for one in super().history(place, since=since):
                yield one

    adapter = Closed()
    async with stage(tmp_path, adapter=adapter) as on:
        await on.store.seen(CHANNEL, ago(60).timestamp())
        on.message("missed", mentioned=True, sent_at=ago(50))
        await on.service.catch_up.look()
        adapter.closed = False
        await on.service.catch_up.look()
        await on.service.jobs.idle()
        assert questions(on) == ["missed"]


async def test_a_watermark_never_goes_back(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        for at in (5.0, 9.0, 7.0):
            await on.store.seen(CHANNEL, at)
        await on.store.seen(replace(CHANNEL, id="c2"), 1.0)
        assert dict(await on.store.watermarks()) == {CHANNEL: 9.0, replace(CHANNEL, id="c2"): 1.0}
