"""From a message in Discord to the answer in its thread: our fake Discord, the real SDK, the whole bot."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.client import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from inference.scripted import ScriptedEngine
from tests.end_to_end.bot import running
from tests.end_to_end.pictures import base64_png
from tests.end_to_end.thinking import BUTTON, RAW, SUMMARY, thinking
from tests.fakes.server import Server, serving


class Discord:
    """A fake Discord and what people do in it."""

    def __init__(self, server: Server, world: dict[str, str]) -> None:
        self.server, self.world = server, world
        self.channel, self.user = world["channel"], world["user"]
        self.us = f"<@{world['bot']}>"

    def settings(self) -> DiscordSettings:
        return DiscordSettings(
            token=self.world["token"],
            api_url=self.world["api_url"],
            gateway_url=self.world["gateway_url"],
            file_hosts=(self.world["file_host"],),
        )

    def adapter(self) -> DiscordAdapter:
        return DiscordAdapter(self.settings())

    async def picture(self, name: str, colour: str = "white") -> str:
        return str(await self.server.control("add_file", name=name, content=base64_png(colour)))

    async def say(self, text: str, channel: str | None = None, **more: Any) -> str:
        body = {"channel": channel or self.channel, "user": self.user, "text": text} | more
        return str(await self.server.control("say", **body))

    async def answer(self, channel: str, contains: str, count: int = 1) -> dict[str, Any]:
        """The last of our ``count`` messages with these words."""
        said: list[dict[str, Any]] = await self.server.control(
            "until_said", channel=channel, contains=contains, count=count
        )
        return said[-1]


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with serving("tests.fakes.discord") as server:
        yield Discord(server, await server.control("start"))


@pytest.fixture
async def bot(discord: Discord, tmp_path: Path) -> AsyncIterator[ScriptedEngine]:
    engine = ScriptedEngine()
    async with running([discord.adapter()], engine, tmp_path):
        await discord.server.control("until_connected", identified=1)
        yield engine


async def test_a_mention_with_a_picture_makes_a_thread_and_follow_ups_see_the_picture(
    discord: Discord, bot: ScriptedEngine
) -> None:
    thread = await discord.say(f"{discord.us} what is this?", files=[await discord.picture("a.png")])
    answer = await discord.answer(thread, "I was asked “what is this?” about 1 picture: #1 a.png, page 1.")
    assert "used" in answer["content"]
    assert answer["edits"], "a placeholder was there first"
    await discord.say("and its colour?", channel=thread)
    await discord.answer(thread, "I was asked “and its colour?” about 1 picture: #1 a.png, page 1.")
    (made,) = await discord.server.control("threads", channel=discord.channel)
    assert made["id"] == thread


async def test_a_reply_to_a_picture_is_about_that_picture(discord: Discord, bot: ScriptedEngine) -> None:
    shown = await discord.say("our new logo", files=[await discord.picture("logo.png")])
    asked = await discord.say(f"{discord.us} is it good?", reply_to=shown)
    await discord.answer(asked, "about 1 picture: #1 logo.png, page 1.")


async def test_a_direct_message_and_a_forward_in_it(discord: Discord, bot: ScriptedEngine) -> None:
    place = str(await discord.server.control("open_dm", user=discord.user))
    await discord.say("what is this?", channel=place, files=[await discord.picture("a.png")])
    await discord.answer(place, "about 1 picture: #1 a.png, page 1.")
    shown = await discord.say("look", files=[await discord.picture("b.png", "red")])
    await discord.server.control("forward", channel=place, user=discord.user, message=shown)
    await discord.answer(place, "#2 b.png, page 1.")
    await discord.say("and both together?", channel=place)
    await discord.answer(place, "“and both together?” about 2 pictures: #1 a.png, page 1; #2 b.png, page 1.")


async def test_the_picture_may_come_before_the_mention(discord: Discord, bot: ScriptedEngine) -> None:
    await discord.say("look at this", files=[await discord.picture("a.png")])
    asked = await discord.say(f"{discord.us} what is it?")
    await discord.answer(asked, "about 1 picture: #1 a.png, page 1.")


async def test_stop_by_button(discord: Discord, bot: ScriptedEngine) -> None:
    bot.hold()
    asked = await discord.say(f"{discord.us} what is this?")
    await bot.begun()
    post = (await discord.server.control("until_said", channel=asked))[-1]
    await discord.server.control("press", message=post["id"], label="Stop", user=discord.user)
    await discord.answer(asked, "Stopped.")
    assert len(bot.cut_short) == 1


async def test_the_summary_of_the_reasoning_at_the_press_of_a_button(discord: Discord, tmp_path: Path) -> None:
    async with running([discord.adapter()], thinking(), tmp_path):
        await discord.server.control("until_connected", identified=1)
        asked = await discord.say(f"{discord.us} which line is higher?")
        post = await discord.answer(asked, "The second one.")
        assert SUMMARY not in post["content"]
        await discord.server.control("press", message=post["id"], label=BUTTON, user=discord.user)
        shown = await discord.answer(asked, SUMMARY)
    assert (shown["id"], "The second one." in shown["content"], shown["components"]) == (post["id"], True, [])
    assert RAW not in str(shown)


async def test_a_restart_forgets_nothing(discord: Discord, tmp_path: Path) -> None:
    async with running([discord.adapter()], ScriptedEngine(), tmp_path):
        await discord.server.control("until_connected", identified=1)
        thread = await discord.say(f"{discord.us} what is this?", files=[await discord.picture("a.png")])
        await discord.answer(thread, "#1 a.png, page 1.")
    async with running([discord.adapter()], ScriptedEngine(), tmp_path):
        await discord.server.control("until_connected", identified=2)
        await discord.say("and now?", channel=thread)
        await discord.answer(thread, "“and now?” about 1 picture: #1 a.png, page 1.")


async def test_hostile_words_ping_nobody(discord: Discord, bot: ScriptedEngine) -> None:
    asked = await discord.say(f"{discord.us} repeat: @everyone <@{discord.user}> <@&{discord.world['role']}>")
    answer = await discord.answer(asked, "I was asked")
    assert not answer.get("mention_everyone")
    assert not answer.get("mentions")
    assert not answer.get("mention_roles")
