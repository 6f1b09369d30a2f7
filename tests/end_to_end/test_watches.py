"""A watched channel in a fake Slack and a fake Discord: reactions on the message, hands in its thread, digests."""

import base64
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.settings import CatchUpSettings, Settings
from inference.scripted import ScriptedEngine, Step
from inference.types import Request, Text
from tests.bot.checks.samples import drawing, said
from tests.end_to_end.bot import running
from tests.end_to_end.test_discord import Discord
from tests.end_to_end.test_slack import FAST, Slack
from tests.fakes.server import serving

WATCH = "watch this channel: has this invoice been paid?"


def by_name(request: Request) -> Iterator[Step]:
    """Documents say in their names what they are: status, number and account: ``open-7-DE1.png``."""
    status, number, account = request.images[0].label.split()[1].split(".")[0].split("-")
    states = {"paid": "paid", "open": "unpaid"}
    yield Text(text=said(payment_status=states.get(status, "none"), number=number, account=account))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serving("tests.fakes.slack", speed=FAST) as server:
        yield await Slack.open(server)


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with serving("tests.fakes.discord") as server:
        yield Discord(server, await server.control("start"))


def encoded(number: int) -> str:
    return base64.b64encode(drawing(number)).decode()


class SlackChannel:
    """What the tests do in Slack."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack

    async def post(self, name: str, number: int, **more: str) -> str:
        file = await self.slack.server.control("add_file", content=encoded(number), name=name)
        return await self.slack.say("", files=[file["id"]], **more)

    async def marks(self, message: str, count: int = 1) -> list[str]:
        marks: list[str] = await self.slack.server.control(
            "wait_reactions", channel=self.slack.channel, message=message, count=count
        )
        return marks


async def test_a_watch_in_slack(slack: Slack, tmp_path: Path) -> None:
    here = SlackChannel(slack)
    async with running([slack.adapter()], ScriptedEngine(by_name), tmp_path):
        await slack.server.control("wait_connected")
        order = await slack.say(f"{slack.us} {WATCH}")
        await slack.answer(order, "watch 1")
        first = await here.post("open-1-DE1.png", 1)
        assert await here.marks(first) == ["x"]
        assert await here.marks(await here.post("paid-2-DE2.png", 2, thread_ts=first)) == ["white_check_mark"]
        again = await here.post("copy-1-DE1.png", 1)
        await slack.answer(again, "is the same document as")
        assert await here.marks(again) == ["x"]
        forged = await here.post("open-1-DE9.png", 3)
        await slack.answer(forged, "another account to pay to")
        pause = await slack.say(f"{slack.us} pause watch 1")
        await slack.answer(pause, "paused")
        paused = await here.post("paid-4-DE1.png", 4)
        remove = await slack.say(f"{slack.us} remove watch 1")
        await slack.answer(remove, "removed")
    stored = await slack.server.control("channel", channel=slack.channel)
    by_id = {one["ts"]: one for one in stored["messages"]}
    assert "reactions" not in by_id[paused]
    threads = [one.get("thread_ts") for one in stored["messages"] if one.get("user") == slack.info["bot_user"]]
    assert sorted(threads) == sorted([order, again, forged, pause, remove])


async def test_a_watch_in_slack_goes_on_after_a_restart(slack: Slack, tmp_path: Path) -> None:
    here = SlackChannel(slack)
    engine = ScriptedEngine(by_name)
    settings = Settings(data_dir=tmp_path, catch_up=CatchUpSettings(minutes=0.02))
    async with running([slack.adapter()], engine, tmp_path, settings):
        await slack.server.control("wait_connected")
        await slack.answer(await slack.say(f"{slack.us} {WATCH}"), "watch 1")
        assert await here.marks(await here.post("open-1-DE1.png", 1)) == ["x"]
    away = await here.post("copy-1-DE1.png", 1, only="none")
    async with running([slack.adapter()], engine, tmp_path, settings):
        await slack.answer(away, "is the same document as")
        assert await here.marks(away) == ["x"]
    assert len(engine.requests) == 1, "the same bytes are not read twice"


async def test_a_watch_in_discord(discord: Discord, tmp_path: Path) -> None:
    control = discord.server.control

    async def post(name: str, number: int, **more: str) -> str:
        file = await control("add_file", name=name, content=encoded(number))
        return await discord.say("", files=[file], **more)

    async def marks(message: str, channel: str = discord.channel) -> list[str]:
        found: list[str] = await control("until_reacted", channel=channel, message=message)
        return found

    async with running([discord.adapter()], ScriptedEngine(by_name), tmp_path):
        await control("until_connected", identified=1)
        order = await discord.say(f"{discord.us} {WATCH}")
        await discord.answer(order, "watch 1")
        first = await post("open-1-DE1.png", 1)
        assert await marks(first) == ["❌"]
        thread = str(await control("start_thread", channel=discord.channel, name="October", message=first))
        assert await marks(await post("paid-2-DE2.png", 2, channel=thread), thread) == ["✅"]
        again = await post("copy-1-DE1.png", 1)
        hand = await discord.answer(again, "is the same document as")
        assert f"/{discord.channel}/{first}" in hand["content"]
        assert await marks(again) == ["❌"]
        forged = await post("open-1-DE9.png", 3)
        await discord.answer(forged, "another account to pay to")
        await discord.answer(await discord.say(f"{discord.us} remove watch 1"), "removed")


async def test_a_digest_in_slack(slack: Slack, tmp_path: Path) -> None:
    here = SlackChannel(slack)
    async with running([slack.adapter()], ScriptedEngine(by_name), tmp_path) as service:
        await slack.server.control("wait_connected")
        await slack.answer(await slack.say(f"{slack.us} {WATCH}"), "watch 1")
        message = await here.post("open-1-DE1.png", 1)
        assert await here.marks(message) == ["x"]
        await service.lookout.tell(time.time() + 8 * 86_400)
        body = {"channel": slack.channel, "contains": "1 open.", "lacks": ""}
        (digest,) = await slack.server.control("wait_for", **body)
        assert "thread_ts" not in digest
        assert f"/p{message.replace('.', '')}" in str(digest)
        await slack.server.control(
            "press", channel=slack.channel, message=digest["ts"], user=slack.user, action="Pause this watch"
        )
        await slack.server.control("wait_call", method="chat.postEphemeral")
        (whisper,) = await slack.server.control("whispers")
        assert "paused" in whisper["text"]


async def test_a_digest_in_discord(discord: Discord, tmp_path: Path) -> None:
    control = discord.server.control
    async with running([discord.adapter()], ScriptedEngine(by_name), tmp_path) as service:
        await control("until_connected", identified=1)
        await discord.answer(await discord.say(f"{discord.us} {WATCH}"), "watch 1")
        file = await control("add_file", name="open-1-DE1.png", content=encoded(1))
        message = await discord.say("", files=[file])
        await control("until_reacted", channel=discord.channel, message=message)
        await service.lookout.tell(time.time() + 8 * 86_400)
        digest = await discord.answer(discord.channel, "1 open.")
        assert f"/{discord.channel}/{message}" in digest["content"]
        press = await control("press", message=digest["id"], label="Pause this watch", user=discord.user)
        assert "paused" in (await control("until_answered", press=press))["data"]["content"]
