"""Looking back at what was said."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from adapters.base import Button, Channel, Incoming, Post, Thread
from adapters.discord.client import DiscordAdapter
from adapters.errors import Forbidden, Gone, RateLimited
from tests.adapters.discord.conftest import Bot

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def texts(messages: AsyncIterator[Incoming]) -> list[str]:
    return [one.text async for one in messages]


async def test_a_channel_is_read_newest_first_without_its_threads(bot: Bot) -> None:
    thread = await bot.asked("@us first")
    await bot.adapter.post(thread, Post(text="An answer."))
    await bot.say("in the thread", channel=thread.root)
    await bot.say("second")
    assert await texts(bot.adapter.history(bot.place())) == ["second", "first"]


async def test_a_thread_is_read_with_the_message_it_was_made_from(bot: Bot) -> None:
    thread = await bot.asked("@us what is this?", files=[await bot.file("a.png")])
    await bot.adapter.post(thread, Post(text="A cat.", notes=("#1 a.png: used",)))
    await bot.say("what colour?", channel=thread.root)
    found = [one async for one in bot.adapter.history(thread)]
    assert [one.text for one in found] == ["what colour?", "A cat.", "what is this?"]
    assert [one.own for one in found] == [False, True, False]
    assert [one.reply for one in found] == [True, True, False]
    assert {one.thread for one in found} == {thread}
    assert [file.name for file in found[-1].attachments] == ["a.png"]


async def test_a_thread_that_was_not_made_yet_is_its_first_message(bot: Bot) -> None:
    thread = await bot.asked("@us what is this?")
    assert await texts(bot.adapter.history(thread)) == ["what is this?"]


async def test_a_forum_post_is_read_once_with_its_first_message(bot: Bot) -> None:
    forum = await bot.control("add_channel", guild=bot.guild, name="help", kind="forum")
    root = await bot.control("start_forum_post", channel=forum, user=bot.user, title="Odd", text="what is this?")
    thread = Thread(channel=bot.place(forum), root=root)
    await bot.say("anybody?", channel=root)
    assert await texts(bot.adapter.history(thread)) == ["anybody?", "what is this?"]
    assert await texts(bot.adapter.history(bot.place(forum))) == []


async def test_a_direct_talk_is_read_by_channel_and_by_thread(bot: Bot) -> None:
    direct = await bot.control("open_dm", user=bot.user)
    await bot.say("one", channel=direct)
    channel = Channel(platform="discord", workspace="@me", id=direct)
    for place in (channel, Thread(channel=channel, root=direct)):
        found = [one async for one in bot.adapter.history(place)]
        assert [(one.text, one.direct, one.thread.root) for one in found] == [("one", True, direct)]


async def test_what_was_said_while_we_were_away_is_found(idle: Bot) -> None:
    await idle.say("@us are you there?", unseen=True)
    async with idle.running():
        [missed] = [one async for one in idle.adapter.history(idle.place())]
        assert missed.mentioned
        await idle.adapter.post(missed.thread, Post(text="Now I am."))
        [thread] = await idle.control("threads", channel=idle.channel)
        assert thread["name"] == "are you there?"


async def test_reading_ends_at_the_given_time_and_goes_on_over_pages(bot: Bot) -> None:
    for number in range(230):
        await bot.say(f"number {number}", unseen=True)
    found = [one async for one in bot.adapter.history(bot.place())]
    assert [one.text for one in found] == [f"number {number}" for number in range(229, -1, -1)]
    since = found[100].sent_at
    recent = [one async for one in bot.adapter.history(bot.place(), since=since)]
    assert [one.text for one in recent] == [one.text for one in found if one.sent_at >= since]


async def test_reading_stops_where_the_reader_does(bot: Bot) -> None:
    for number in range(150):
        await bot.say(f"number {number}", unseen=True)
    async with aclosing(bot.adapter.history(bot.place())) as messages:
        assert (await anext(messages)).text == "number 149"
    assert await bot.calls("GET", f"/channels/{bot.channel}/messages") == 1


async def test_what_cannot_be_read_is_told(bot: Bot) -> None:
    with pytest.raises(Gone):
        await texts(bot.adapter.history(bot.place("1")))
    await bot.control("deny", channel=bot.channel, permissions=["READ_MESSAGE_HISTORY"])
    with pytest.raises(Forbidden):
        await texts(bot.adapter.history(bot.place()))


async def test_without_the_intent_only_what_mentions_us_has_words(bot: Bot) -> None:
    await bot.say("not meant for us", files=[await bot.file()])
    await bot.say("@us hello")
    await bot.control("allow_content", allowed=False)
    found = [one async for one in bot.adapter.history(bot.place())]
    assert [(one.text, len(one.attachments)) for one in found] == [("hello", 0), ("", 0)]


async def test_the_roles_of_who_may_ask_are_looked_up_where_roles_matter(idle: Bot) -> None:
    gone = await idle.control("add_user", name="Bob")
    await idle.control("change_user", user=idle.user, roles=["77", "78"])
    await idle.control("change_user", user=gone, left=True)
    for text, user in (("@us one", idle.user), ("@us two", idle.user), ("not for us", idle.user), ("@us three", gone)):
        await idle.say(text, user=user, unseen=True)
    idle.adapter = DiscordAdapter(idle.settings, roles=("S0STAFF", "77"))
    async with idle.running():
        for _ in range(2):
            found = [one.author.groups async for one in idle.adapter.history(idle.place())]
            assert found == [None, None, ("77", "78"), ("77", "78")]
        assert await idle.calls("GET", f"/guilds/{idle.guild}/members/{idle.user}") == 1
        assert await idle.calls("GET", f"/guilds/{idle.guild}/members/{gone}") == 1
    idle.adapter = DiscordAdapter(idle.settings, roles=("S0STAFF",))
    async with idle.running():
        assert {one.author.groups async for one in idle.adapter.history(idle.place())} == {None}


@pytest.mark.parametrize(("role", "groups"), [("77", None), ("S0STAFF", ())])
async def test_in_direct_messages_nobody_s_roles_are_known(
    idle: Bot, role: str, groups: tuple[str, ...] | None
) -> None:
    await idle.control("change_user", user=idle.user, roles=["77"])
    idle.adapter = DiscordAdapter(idle.settings, roles=(role,))
    async with idle.running():
        direct = await idle.control("open_dm", user=idle.user)
        await idle.say("hello", channel=direct)
        heard = await idle.heard()
        stop = Button(action="stop", label="Stop")
        post = await idle.adapter.post(heard.thread, Post(text="Hello.", buttons=(stop,)))
        await idle.control("press", message=post, label="Stop", user=idle.user)
        pressed = await idle.pressed()
        assert (heard.author.groups, pressed.author.groups) == (groups, groups)
        channel = Channel(platform="discord", workspace="@me", id=direct)
        found = [one.author.groups async for one in idle.adapter.history(channel) if not one.own]
        assert found == [groups]


async def test_roles_that_cannot_be_looked_up_now_are_looked_up_the_next_time(idle: Bot) -> None:
    await idle.control("change_user", user=idle.user, roles=["77"])
    await idle.say("@us one", unseen=True)
    idle.adapter = DiscordAdapter(idle.settings, roles=("77",))
    async with idle.running():
        await idle.slow_down("GET", "/members/", 60.0)
        with pytest.raises(RateLimited):
            await texts(idle.adapter.history(idle.place()))
        await idle.control("fail_next", method="GET", path="/members/", status=403, body={"code": 50001})
        for groups in (None, ("77",)):
            assert [one.author.groups async for one in idle.adapter.history(idle.place())] == [groups]
