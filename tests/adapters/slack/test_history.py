from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from adapters.base import Channel, Incoming, Post, Thread
from adapters.errors import Forbidden, Gone, Unreachable
from adapters.slack.client import SlackAdapter
from tests.adapters.slack.conftest import Place, make_place
from tests.fakes.server import Server
from tests.fakes.slack_world import SCOPES

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def read(
    adapter: SlackAdapter, where: Channel | Thread, *, most: int = 1_000, since: datetime | None = None
) -> list[Incoming]:
    found: list[Incoming] = []
    async with aclosing(adapter.history(where, since=since)) as messages:
        async for message in messages:
            found.append(message)
            if len(found) == most:
                break
    return found


async def test_a_thread_newest_first_with_its_root_and_our_own(adapter: SlackAdapter, place: Place) -> None:
    file = await place.file(name="bill.png")
    root = await place.say("look", files=[file["id"]], only="none")
    thread = Thread(channel=place.channel, root=root["ts"])
    await adapter.post(thread, Post(text="It **is** a bill."))
    await place.say("thanks", thread_ts=thread.root, only="none")
    newest, own, first = await read(adapter, thread)
    assert (newest.text, newest.own, newest.author.name) == ("thanks", False, "anna")
    assert (own.text, own.own) == ("It is a bill.", True)
    assert (first.text, first.message, [one.name for one in first.attachments]) == ("look", thread.root, ["bill.png"])
    assert {one.thread for one in (newest, own, first)} == {thread}


async def test_a_channel_without_its_threads(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread("one")
    await place.say("reply", thread_ts=thread.root, only="none")
    await place.say("broadcast", thread_ts=thread.root, subtype="thread_broadcast", only="none")
    await place.say("joined", subtype="channel_join", only="none")
    await place.say("two", only="none")
    assert [one.text for one in await read(adapter, place.channel)] == ["two", "one"]


async def test_down_to_a_moment(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread("before")
    await place.say("early", thread_ts=thread.root, only="none")
    exact = await place.say("exactly", thread_ts=thread.root, only="none")
    await place.say("late", thread_ts=thread.root, only="none")
    await place.say("late", only="none")
    since = datetime.fromtimestamp(float(exact["ts"]), UTC)
    assert [one.text for one in await read(adapter, thread, since=since)] == ["late", "exactly"]
    assert [one.text for one in await read(adapter, place.channel, since=since)] == ["late"]


async def test_pages_are_followed_as_far_as_needed(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    for number in range(250):
        await place.say(str(number), only="none")
    before = len(await slack.control("calls", method="conversations.history"))
    assert len(await read(adapter, place.channel, most=10)) == 10
    assert len(await slack.control("calls", method="conversations.history")) == before + 1
    assert [one.text for one in await read(adapter, place.channel)] == [str(number) for number in reversed(range(250))]


async def test_limits_are_waited_out(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    await place.say("hello", only="none")
    await slack.control("fail", method="conversations.history", error="ratelimited", status=429, retry_after="1")
    assert [one.text for one in await read(adapter, place.channel)] == ["hello"]


async def test_names_are_a_nicety(slack: Server, adapter: SlackAdapter) -> None:
    place = await make_place(slack, "im")
    await slack.control("fail", method="users.info", error="user_not_found")
    await place.say("hello", only="none")
    (first,) = await read(adapter, place.channel)
    assert (first.author.name, first.direct) == (place.user, True)
    (again,) = await read(adapter, place.channel)
    assert again.author.name == "anna"
    before = len(await slack.control("calls", method="users.info"))
    await read(adapter, place.channel)
    assert len(await slack.control("calls", method="users.info")) == before


async def test_who_asked_what_was_missed_is_known_or_it_is_left_for_later(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    for number in range(25):
        user = (await slack.control("add_user", name=f"person {number}"))["id"]
        text = f"<@{place.bot}> question {number}"
        await slack.control("say", channel=place.channel.id, user=user, text=text, only="none")
    await slack.control("fail", method="users.info", status=500, times=30)
    with pytest.raises(Unreachable):
        await read(adapter, place.channel)
    assert {one.author.standing for one in await read(adapter, place.channel)} == {"member"}


async def test_whose_follow_up_was_missed_is_known_or_it_is_left_for_later(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    thread = await place.thread("root")
    await place.say("follow-up", thread_ts=thread.root, only="none")
    since = datetime.fromtimestamp(float(thread.root), UTC)
    await slack.control("fail", method="users.info", status=500, times=4)
    with pytest.raises(Unreachable):
        await read(adapter, thread, since=since)
    assert {one.author.standing for one in await read(adapter, thread, since=since)} == {"member"}


async def test_what_cannot_be_read(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    with pytest.raises(Gone):
        await read(adapter, Thread(channel=place.channel, root="1.1"))
    await slack.control("scopes", scopes=sorted(SCOPES - {"channels:history"}))
    with pytest.raises(Forbidden) as caught:
        await read(adapter, place.channel)
    await slack.control("scopes", scopes=sorted(SCOPES))
    assert caught.value.missing == "the scope channels:history"
