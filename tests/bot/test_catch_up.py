"""What was asked while nobody listened."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.base import Action, Author, Incoming, Thread
from adapters.errors import AdapterError, Forbidden, Gone, Revoked, Unreachable
from bot import replies
from bot.settings import CatchUpSettings
from bot.store.records import Outcome
from tests.bot.test_service import ADA, BOB, CHANNEL, Stage, stage
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


async def test_what_is_older_than_the_watermark_is_left(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=CatchUpSettings(hours=1)) as on:
        await known(on)
        await on.service.catch_up.look()
        on.message("before the watermark", mentioned=True, sent_at=ago(30))
        await on.service.catch_up.look()
        assert questions(on) == ["first"]


@pytest.mark.parametrize("jump_h", [1, -1])
async def test_a_clock_that_jumps_loses_and_doubles_nothing(tmp_path: Path, jump_h: int) -> None:
    async with stage(tmp_path) as on:
        await known(on)
        on.message("missed before the jump", mentioned=True, sent_at=ago(5))
        await on.service.catch_up.look()
        on.service.catch_up.clock = lambda: time.time() + jump_h * 3_600
        on.message("missed during it", mentioned=True, sent_at=ago(3))
        await on.service.catch_up.look()
        on.service.catch_up.clock = time.time
        on.message("missed after it", mentioned=True, sent_at=ago(1))
        for _ in range(2):
            await on.service.catch_up.look()
            await on.service.jobs.idle()
        told = ["missed before the jump", "missed during it", "missed after it"]
        assert questions(on) == ["first", *told]
        assert len(on.adapter.posts) == len(questions(on))


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


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (Gone("deleted"), ["missed"]),
        (Forbidden("closed"), ["missed"]),
        (Revoked("token"), []),
        (Unreachable("away"), []),
    ],
)
async def test_a_thread_that_is_no_more_keeps_nothing_of_its_channel_from_being_found(
    tmp_path: Path, error: AdapterError, asked: list[str]
) -> None:
    class Lacking(MemoryAdapter):
        async def history(self, place, *, since=None):  # type: ignore[no-untyped-def]
            if isinstance(place, Thread):
                raise error
            async for one in super().history(place, since=since):
                yield one

    async with stage(tmp_path, adapter=Lacking()) as on:
        await known(on)
        on.message("missed", mentioned=True, sent_at=ago(3))
        (before,) = await on.store.watermarks()
        await on.service.catch_up.look()
        await on.service.jobs.idle()
        assert questions(on) == ["first", *asked]
        assert (await on.store.watermarks() != [before]) == bool(asked)


async def test_a_watermark_never_goes_back(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        for at in (5.0, 9.0, 7.0):
            await on.store.seen(CHANNEL, at)
        await on.store.seen(replace(CHANNEL, id="c2"), 1.0)
        assert dict(await on.store.watermarks()) == {CHANNEL: 9.0, replace(CHANNEL, id="c2"): 1.0}


def in_the_channel(on: Stage) -> list[str]:
    """The ids of what we said there of our own accord."""
    return on.adapter.threads[Thread(channel=CHANNEL, root="")]


async def press(on: Stage, notice: str, person: Author = ADA) -> None:
    (button,) = on.adapter.posts[notice][-1].buttons
    place = Thread(channel=CHANNEL, root=notice)
    await on.service.handle(Action(thread=place, message=notice, author=person, name=button.action, value=button.value))
    await on.service.jobs.idle()


async def late(on: Stage) -> str:
    """Two questions that came too long ago, and the one post that tells of them."""
    await on.store.seen(CHANNEL, ago(600).timestamp())
    on.message("late mention", mentioned=True, sent_at=ago(300), link="https://memory.example/1")
    on.message("late as well", mentioned=True, sent_at=ago(240), author=BOB)
    on.message("refused", mentioned=True, sent_at=ago(200), author=replace(BOB, standing="guest"))
    on.message("fresh", mentioned=True, sent_at=ago(10))
    await on.service.catch_up.look()
    await on.service.jobs.idle()
    (notice,) = in_the_channel(on)
    return notice


ONE_HOUR = CatchUpSettings(hours=1)


async def test_what_is_too_old_is_listed_once_and_answered_when_somebody_wants_it(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=ONE_HOUR) as on:
        notice = await late(on)
        assert questions(on) == ["fresh"]
        said = on.adapter.posts[notice][-1].text
        assert "2 questions" in said
        assert "https://memory.example/1" in said
        assert "late mention" not in said, "what people wrote stays where they wrote it"
        rows = [await on.store.job(number) for number in (1, 2)]
        assert [row.outcome for row in rows if row is not None and row.incoming.own] == [Outcome(text="", finish=None)]
        await on.service.catch_up.look()
        await on.service.jobs.idle()
        assert in_the_channel(on) == [notice]
        button = on.adapter.posts[notice][-1].buttons[0]
        pressed = Action(
            thread=Thread(channel=CHANNEL, root=notice),
            message=notice,
            author=BOB,
            name=button.action,
            value=button.value,
        )
        await asyncio.gather(*(on.service.handle(pressed) for _ in range(3)))
        await on.service.jobs.idle()
        assert sorted(questions(on)) == ["fresh", "late as well", "late mention"], "threads do not wait for each other"
        after = on.adapter.posts[notice][-1]
        assert (after.text, after.buttons) == (replies.answering_now(2), ())


async def test_after_a_crash_there_is_still_one_list(tmp_path: Path) -> None:
    adapter = MemoryAdapter()
    adapter.failures = [Unreachable("away")] * 9  # for as long as the first process lives
    async with stage(tmp_path, adapter=adapter, catch_up=ONE_HOUR) as on:
        await on.store.seen(CHANNEL, ago(600).timestamp())
        on.message("late mention", mentioned=True, sent_at=ago(300))
        await on.service.catch_up.look()
        await adapter.until(lambda: len(adapter.failures) < 9)
    adapter.failures = []
    async with stage(tmp_path, adapter=adapter, catch_up=ONE_HOUR) as on:
        await on.service.resume()
        await on.service.catch_up.look()
        await on.service.jobs.idle()
        assert len(in_the_channel(on)) == 1
        await press(on, in_the_channel(on)[0])
        assert questions(on) == ["late mention"]


async def test_a_history_that_cannot_be_read_again_leaves_the_button(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=ONE_HOUR) as on:
        notice = await late(on)
        on.adapter.unreadable = Forbidden("not in the channel")
        await press(on, notice)
        assert on.adapter.posts[notice][-1].text == replies.NOT_READ
        on.adapter.unreadable = None
        await press(on, notice)
        assert sorted(questions(on)) == ["fresh", "late as well", "late mention"]


async def test_who_is_kept_out_cannot_have_them_answered(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=ONE_HOUR) as on:
        await press(on, await late(on), replace(BOB, standing="stranger"))
        assert questions(on) == ["fresh"]


async def test_what_was_deleted_meanwhile_is_not_answered(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=ONE_HOUR) as on:
        notice = await late(on)
        on.adapter.messages = [one for one in on.adapter.messages if not one.text.startswith("late")]
        await press(on, notice)
        assert questions(on) == ["fresh"]
        assert on.adapter.posts[notice][-1].text == replies.answering_now(0)


async def test_nothing_is_listed_beyond_some_days(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=CatchUpSettings(hours=1, days=0.1)) as on:
        await on.store.seen(CHANNEL, ago(6000).timestamp())
        on.message("too old for anything", mentioned=True, sent_at=ago(300))
        await on.service.catch_up.look()
        assert in_the_channel(on) == []


async def test_what_people_said_before_they_called_us_into_their_thread_is_theirs(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        root = (await on.say("look at this", sent_at=ago(4))).thread.root
        early = await on.say("I think it is 42", root=root, author=BOB, sent_at=ago(3))
        await on.say("what is it?", root=root, mentioned=True, sent_at=ago(2))
        on.message("missed follow-up", root=root, author=BOB, sent_at=ago(1))
        await on.service.catch_up.look()
        await on.service.handle(early)  # once more, as platforms do
        await on.service.jobs.idle()
        assert questions(on) == ["what is it?", "missed follow-up"]


async def test_follow_ups_of_a_missed_question_are_its_own_and_what_came_before_is_not_listed(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=ONE_HOUR) as on:
        await on.store.seen(CHANNEL, ago(600).timestamp())
        root = on.message("look at this", sent_at=ago(304)).thread.root
        on.message("I think it is 42", root=root, author=BOB, sent_at=ago(303))
        on.message("what is it?", root=root, mentioned=True, sent_at=ago(302))
        on.message("and why?", root=root, sent_at=ago(301))
        await on.say("still there?", root=root, mentioned=True, sent_at=ago(1))
        await on.service.catch_up.look()
        await on.service.jobs.idle()
        (notice,) = in_the_channel(on)
        assert "2 questions" in on.adapter.posts[notice][-1].text
        await press(on, notice)
        assert questions(on) == ["still there?", "what is it?", "and why?"]


async def test_what_is_read_in_its_channel_and_in_its_thread_is_listed_once(tmp_path: Path) -> None:
    async with stage(tmp_path, catch_up=ONE_HOUR) as on:
        await on.store.seen(CHANNEL, ago(600).timestamp())
        root = on.message("late", mentioned=True, sent_at=ago(300)).thread.root
        await on.say("still there?", root=root, mentioned=True, sent_at=ago(1))
        await on.service.catch_up.look()
        await on.service.jobs.idle()
        (notice,) = in_the_channel(on)
        assert on.adapter.posts[notice][-1].text.count("Ada") == 1
        await press(on, notice)
        assert on.adapter.posts[notice][-1].text == replies.answering_now(1)


async def test_follow_ups_of_a_question_that_was_missed_itself_are_found_with_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.store.seen(CHANNEL, ago(60).timestamp())
        root = on.message("what is it?", mentioned=True, replies=1, sent_at=ago(50)).thread.root
        on.message("and why?", root=root, author=BOB, sent_at=ago(40))
        on.message("lunch?", replies=1, sent_at=ago(30))
        for _ in range(2):
            await on.service.catch_up.look()
            await on.service.jobs.idle()
        assert questions(on) == ["what is it?", "and why?"]


async def test_others_have_their_turn_while_what_people_said_to_each_other_is_looked_through(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.store.seen(CHANNEL, ago(60).timestamp())
        for number in range(9):
            on.message("chatter", root="root", author=BOB, sent_at=ago(30 - number))
        await on.say("what is it?", root="root", mentioned=True, sent_at=ago(10))
        await on.service.jobs.idle()
        turns, looks, asked_before = 0, [], on.store.asked_before

        async def noted(incoming: Incoming) -> bool:
            looks.append(turns)
            return await asked_before(incoming)

        on.store.asked_before = noted  # type: ignore[method-assign]
        looking = asyncio.create_task(on.service.catch_up.look())
        while not looking.done():
            await asyncio.sleep(0)
            turns += 1
        await looking
        assert len(set(looks)) == 9
        assert questions(on) == ["what is it?"]
