"""From a message in Slack to the answer in its thread: our fake Slack, the real SDK, the whole bot."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot.settings import CatchUpSettings, Settings
from inference.scripted import ScriptedEngine
from tests.end_to_end.bot import running
from tests.end_to_end.pictures import base64_png
from tests.end_to_end.thinking import BUTTON, RAW, SUMMARY, thinking
from tests.fakes.server import Server, serving

FAST = 60.0
"""The fake's clock: a minute of Slack's limits in a second."""


class Slack:
    """A fake Slack and what people do in it."""

    def __init__(self, server: Server, info: dict[str, str], channel: str, user: str) -> None:
        self.server, self.info, self.channel, self.user = server, info, channel, user
        self.us = f"<@{info['bot_user']}>"

    @classmethod
    async def open(cls, server: Server) -> "Slack":
        channel = (await server.control("add_channel"))["id"]
        user = (await server.control("add_user", name="Ada"))["id"]
        return cls(server, await server.control("info"), channel, user)

    def settings(self, **more: Any) -> SlackSettings:
        names = ("bot_token", "app_token", "signing_secret", "api_url")
        host = self.server.url.removeprefix("http://")
        return SlackSettings(**{name: self.info[name] for name in names}, file_hosts=(host,), **more)

    def adapter(self, **more: Any) -> SlackAdapter:
        return SlackAdapter(self.settings(**more))

    async def picture(self, name: str, colour: str = "white") -> str:
        return str((await self.server.control("add_file", content=base64_png(colour), name=name))["id"])

    async def say(self, text: str, channel: str | None = None, **more: Any) -> str:
        body = {"channel": channel or self.channel, "user": self.user, "text": text} | more
        return str((await self.server.control("say", **body))["ts"])

    async def answer(self, thread: str, contains: str, channel: str | None = None) -> dict[str, Any]:
        """Our last message in the thread with these words, once it is final."""
        body = {"channel": channel or self.channel, "thread_ts": thread, "contains": contains, "lacks": "danger"}
        said: list[dict[str, Any]] = await self.server.control("wait_for", **body)
        return said[-1]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serving("tests.fakes.slack", speed=FAST) as server:
        yield await Slack.open(server)


@pytest.fixture
async def bot(slack: Slack, tmp_path: Path) -> AsyncIterator[ScriptedEngine]:
    engine = ScriptedEngine()
    async with running([slack.adapter()], engine, tmp_path):
        await slack.server.control("wait_connected")
        yield engine


async def test_a_mention_with_a_picture_and_follow_ups_that_see_it(slack: Slack, bot: ScriptedEngine) -> None:
    thread = await slack.say(f"{slack.us} what is this?", files=[await slack.picture("a.png")])
    await slack.answer(thread, "I was asked “what is this?” about 1 picture: #1 a.png, page 1.")
    await slack.say("and its colour?", thread_ts=thread)
    await slack.answer(thread, "I was asked “and its colour?” about 1 picture: #1 a.png, page 1.")
    assert len(bot.requests) == 2, "message and app_mention are twins"


async def test_picture_first_mention_in_the_next_message(slack: Slack, bot: ScriptedEngine) -> None:
    await slack.say("look", files=[await slack.picture("a.png")])
    thread = await slack.say(f"{slack.us} what is it?")
    await slack.answer(thread, "about 1 picture: #1 a.png, page 1.")


async def test_mention_in_the_middle_of_a_thread_whose_root_has_the_picture(slack: Slack, bot: ScriptedEngine) -> None:
    root = await slack.say("our logo", files=[await slack.picture("root.png")])
    await slack.say("nice", thread_ts=root)
    await slack.say(f"{slack.us} is it?", thread_ts=root)
    await slack.answer(root, "about 1 picture: #1 root.png, page 1.")


async def test_a_mention_that_comes_without_its_files(slack: Slack, bot: ScriptedEngine) -> None:
    picture = await slack.picture("a.png")
    thread = await slack.say(f"{slack.us} what is this?", files=[picture], only="app_mention")
    await slack.answer(thread, "about 1 picture: #1 a.png, page 1.")


async def test_a_direct_message(slack: Slack, bot: ScriptedEngine) -> None:
    place = (await slack.server.control("add_channel", kind="im"))["id"]
    thread = await slack.say("what is this?", channel=place, files=[await slack.picture("a.png")])
    await slack.answer(thread, "about 1 picture: #1 a.png, page 1.", channel=place)


async def test_a_placeholder_is_there_at_once_and_becomes_the_answer(slack: Slack, bot: ScriptedEngine) -> None:
    bot.hold()
    thread = await slack.say(f"{slack.us} what is this?")
    (first,) = await slack.server.control("wait_for", channel=slack.channel, thread_ts=thread)
    await bot.begun()
    bot.release()
    answer = await slack.answer(thread, "I was asked")
    assert answer["ts"] == first["ts"]


async def test_stop_by_button(slack: Slack, bot: ScriptedEngine) -> None:
    bot.hold()
    thread = await slack.say(f"{slack.us} what is this?")
    await bot.begun()
    post = (await slack.server.control("wait_for", channel=slack.channel, thread_ts=thread, contains="Stop"))[-1]
    await slack.server.control("press", channel=slack.channel, message=post["ts"], user=slack.user, action="Stop")
    await slack.answer(thread, "topped.")
    assert len(bot.cut_short) == 1


async def test_the_summary_of_the_reasoning_at_the_press_of_a_button(slack: Slack, tmp_path: Path) -> None:
    async with running([slack.adapter()], thinking(), tmp_path):
        await slack.server.control("wait_connected")
        thread = await slack.say(f"{slack.us} which line is higher?")
        post = await slack.answer(thread, BUTTON)
        assert SUMMARY not in str(post)
        await slack.server.control("press", channel=slack.channel, message=post["ts"], user=slack.user, action=BUTTON)
        shown = await slack.answer(thread, SUMMARY)
    assert (shown["ts"], "The second one." in str(shown)) == (post["ts"], True)
    assert BUTTON not in str(shown["blocks"])
    assert RAW not in str(shown)


async def test_signed_http_events(slack: Slack, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    adapter = slack.adapter(mode="http", port=port)
    async with running([adapter], ScriptedEngine(), tmp_path):
        url = f"http://127.0.0.1:{port}/slack/events"
        while not (await slack.server.control("request_url", url=url))["verified"]:
            """Slack tries the address, too, until it answers."""
        thread = await slack.say(f"{slack.us} what is this?", files=[await slack.picture("a.png")])
        await slack.answer(thread, "about 1 picture: #1 a.png, page 1.")


async def test_a_restart_forgets_nothing(slack: Slack, tmp_path: Path) -> None:
    async with running([slack.adapter()], ScriptedEngine(), tmp_path):
        thread = await slack.say(f"{slack.us} what is this?", files=[await slack.picture("a.png")])
        await slack.answer(thread, "#1 a.png, page 1.")
    async with running([slack.adapter()], ScriptedEngine(), tmp_path):
        await slack.say("and now?", thread_ts=thread)
        await slack.answer(thread, "“and now?” about 1 picture: #1 a.png, page 1.")


async def test_two_hundred_questions_at_once_are_each_answered_once(slack: Slack, bot: ScriptedEngine) -> None:
    """20 channels with a thread each, 10 questions in every thread."""
    threads = []
    for _ in range(20):
        channel = (await slack.server.control("add_channel"))["id"]
        threads.append((channel, await slack.say(f"{slack.us} question 0", channel=channel)))
    for number in range(1, 10):
        for channel, thread in threads:
            await slack.say(f"question {number}", channel=channel, thread_ts=thread)
    for channel, thread in threads:
        body = {"channel": channel, "thread_ts": thread, "contains": "I was asked", "lacks": "danger"}
        answers = await slack.server.control("wait_for", **body, count=10, timeout_s=150)
        said = [next(n for n in range(10) if f"“question {n}”" in str(one)) for one in answers]
        assert sorted(said) == list(range(10))
    assert len(bot.requests) == 200


async def test_what_was_missed_for_long_is_listed_in_the_channel_and_answered_at_a_press(tmp_path: Path) -> None:
    """On a clock as fast as ours, which says what is long ago."""
    settings = Settings(data_dir=tmp_path, catch_up=CatchUpSettings(hours=1e-6))
    async with serving("tests.fakes.slack") as server:
        slack = await Slack.open(server)
        async with running([slack.adapter()], ScriptedEngine(), tmp_path, settings):
            await server.control("wait_connected")
            await slack.answer(await slack.say(f"{slack.us} first"), "I was asked “first”")
        missed = await slack.say(f"{slack.us} second", only="none")
        for _ in range(2):
            async with running([slack.adapter()], ScriptedEngine(), tmp_path, settings):
                (notice,) = await server.control("wait_for", channel=slack.channel, contains="Answer now")
        assert "thread_ts" not in notice
        async with running([slack.adapter()], ScriptedEngine(), tmp_path, settings):
            await server.control("wait_connected")
            button = {"channel": slack.channel, "message": notice["ts"], "user": slack.user, "action": "answer_now"}
            await server.control("press", **button)
            await slack.answer(missed, "I was asked “second”")
            await server.control("wait_for", channel=slack.channel, contains="that I missed now", lacks="Answer now")
