"""Platforms that refuse us, and what the others have of it: nothing."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.base import Event, Finding, Handler, Listening, Turn, anytime
from adapters.discord.client import DiscordAdapter
from adapters.errors import AdapterError, Forbidden, Revoked, Unreachable
from adapters.slack.client import SlackAdapter
from bot.attendance import Attendance
from inference.scripted import ScriptedEngine
from tests.end_to_end.bot import Ready, ready_to_tell
from tests.end_to_end.test_discord import Discord
from tests.end_to_end.test_slack import FAST, Slack
from tests.fakes.memory import MemoryAdapter
from tests.fakes.server import Server, serving


class Fickle(MemoryAdapter):
    """Goes wrong in order, and then runs."""

    def __init__(self, errors: Sequence[AdapterError]) -> None:
        super().__init__()
        self.errors = list(errors)
        self.runs = asyncio.Event()

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.runs.set()
        await super().run(handler, turn)


async def nobody(event: object) -> None:
    raise AssertionError("nothing happens here")


async def test_a_refusal_is_told_and_tried_again() -> None:
    adapter = Fickle([Forbidden("no intent.", missing="message_content"), Revoked("refused")])
    attendance = Attendance(adapter, pause_s=0.001)
    assert attendance.obstacle == ""
    async with asyncio.timeout(10):
        run = asyncio.create_task(attendance.run(nobody))
        await adapter.runs.wait()
    assert attendance.obstacle == "memory: refused"
    run.cancel()
    await asyncio.wait([run])


class Silent(Fickle):
    """Lets us in after it refused us, and then does not answer any more."""

    obstacle = ""

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        self.obstacle = "Not connected."
        if not self.errors:
            await handler(Listening(platform=self.platform))
            self.obstacle = "It has not answered for 46 s."
        await super().run(handler, turn)

    async def check(self) -> list[Finding]:
        return []


async def test_what_was_mended_is_not_told_again() -> None:
    adapter = Silent([Revoked("refused")])
    attendance = Attendance(adapter, pause_s=0.001)
    heard: list[Event] = []

    async def hear(event: Event) -> None:
        heard.append(event)

    async with asyncio.timeout(10):
        run = asyncio.create_task(attendance.run(hear))
        await adapter.runs.wait()
    assert attendance.obstacle == "memory: It has not answered for 46 s."
    assert heard == [Listening(platform="memory")]
    run.cancel()
    await asyncio.wait([run])


async def test_other_errors_end_it() -> None:
    with pytest.raises(Unreachable):
        await Attendance(Fickle([Unreachable("a fault of ours")])).run(nobody)


async def until(server: Server, ready: Ready, contains: str) -> str:
    """What ``/readyz`` says once that is in it; asks the fake something each time."""
    while contains not in (said := await ready()):
        await server.control("info")
    return said


async def test_a_revoked_token_is_told_and_waited_for_while_the_other_platform_goes_on(tmp_path: Path) -> None:
    async with serving("tests.fakes.slack", speed=FAST) as slacks, serving("tests.fakes.discord") as discords:
        slack, discord = await Slack.open(slacks), Discord(discords, await discords.control("start"))
        engine = ScriptedEngine(places=2)
        async with ready_to_tell([slack.adapter(), discord.adapter()], engine, tmp_path) as ready:
            await slacks.control("wait_connected")
            await discords.control("until_connected", identified=1)
            engine.hold()
            under_way = await slack.say(f"{slack.us} what is it?")
            await engine.begun()
            await slacks.control("revoke")
            anything = {"channel": slack.channel, "user": slack.user, "text": f"{slack.us} stop", "only": "app_mention"}
            await slacks.control("say", **anything)  # has us call Slack
            said = await until(slacks, ready, "token_revoked")  # for a moment we are just not connected
            assert "a valid token" in said
            assert "discord" not in said
            elsewhere = await discord.say(f"{discord.us} what is that?")
            await engine.begun(2)
            engine.release()
            await discord.answer(elsewhere, "I was asked “what is that?”")
            await slacks.control("revoke", error="")
            await slack.answer(under_way, "I was asked “what is it?”")
            await slacks.control("wait_connected")
            while await ready():
                await slacks.control("info")
        assert len(engine.requests) == 2


async def test_a_token_that_discord_refuses_is_told_and_waited_for(tmp_path: Path) -> None:
    async with serving("tests.fakes.slack", speed=FAST) as slacks, serving("tests.fakes.discord") as discords:
        slack, discord = await Slack.open(slacks), Discord(discords, await discords.control("start"))
        async with ready_to_tell([slack.adapter(), discord.adapter()], ScriptedEngine(), tmp_path) as ready:
            await slacks.control("wait_connected")
            await discords.control("until_connected", identified=1)
            await discords.control("change_token", token="another")
            await discords.control("drop", code=4004)
            said = await until(slacks, ready, "discord: Discord refuses the token.")
            assert "slack" not in said
            thread = await slack.say(f"{slack.us} what is it?")
            await slack.answer(thread, "I was asked “what is it?”")
            await discords.control("change_token", token=discord.world["token"])
            await discords.control("until_connected", identified=2)
            while await ready():
                await slacks.control("info")
            asked = await discord.say(f"{discord.us} what is that?")
            await discord.answer(asked, "I was asked “what is that?”")


async def test_doctor_says_so_too() -> None:
    async with serving("tests.fakes.slack", speed=FAST) as slacks, serving("tests.fakes.discord") as discords:
        slack, discord = await Slack.open(slacks), Discord(discords, await discords.control("start"))
        adapters: list[SlackAdapter | DiscordAdapter] = [slack.adapter(), discord.adapter()]
        for error in ("token_revoked", "account_inactive", "invalid_auth"):
            await slacks.control("revoke", error=error)
            assert error in next(one.message for one in await adapters[0].check() if one.level == "error")
        await discords.control("change_token", token="another")
        assert "refuses the token" in next(one.advice for one in await adapters[1].check() if one.level == "error")
        assert [one.obstacle for one in adapters] == ["Not connected to Slack.", "Not connected to Discord."]
