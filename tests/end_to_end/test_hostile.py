"""Words that would ping, link or pose go in by every way there is; nothing of the kind comes out on the platforms."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service
from bot.settings import AccessSettings, Selection, Settings
from inference.errors import Failed
from inference.scripted import ScriptedEngine, Step
from inference.types import Note, Request, Summary, Text, Thought
from tests.bot.checks.samples import drawing, said
from tests.end_to_end.bot import running
from tests.end_to_end.pictures import base64_png
from tests.end_to_end.test_checks import encoded
from tests.end_to_end.test_discord import Discord
from tests.end_to_end.test_slack import FAST, Slack
from tests.fakes.server import serving

NAME = "<!channel> <@U0BOT> <@&5> @everyone @here [a](b) `x` *y*.png"
HOSTILE = (
    "<!channel> <!here|here> <!subteam^S1> <@U0BOT> <#C0001> @here @channel @everyone <@11> <@!11> <@&12> </x:13> "
    "[your bank](https://evil.example) <https://evil.example|your bank> ![i](https://evil.example/i.png) "
    "[your bank]: https://evil.example\n\n```\n<!channel> @everyone\n```\n\n"
    "| <@U0BOT> | @here |\n|---|---|\n| a | b |\n"
)
LIVE = re.compile(r"<(?=@|#\d|/|id:)|@(?=everyone\b|here\b)|\](?=\(\s*<?https?:)", re.IGNORECASE)


def script(request: Request) -> Iterable[Step]:
    """A model that says such things wherever it can; asked to fail it does that in such words. Each document that is to
    be judged names another account."""
    if request.form is not None:
        account = f"DE{request.images[0].sha256[:8]} <!here>"
        yield Text(text=said(evidence=HOSTILE, vendor=HOSTILE, number="7 <!here> @everyone", account=account))
        return
    yield Thought(text=HOSTILE)
    yield Summary(text=HOSTILE)
    yield Text(text=f"{HOSTILE} told")
    yield Note(text=HOSTILE)
    if "fail" in request.turns[-1].text:
        yield Failed(f"{HOSTILE} failed")


@asynccontextmanager
async def bot(adapter: Any, folder: Path, banned: str) -> AsyncIterator[Service]:
    settings = Settings(data_dir=folder, access=AccessSettings(deny=Selection(users=(banned,))))
    async with running([adapter], ScriptedEngine(script), folder, settings) as service:
        yield service


async def look_at_all(people: Slack | Discord, service: Service, post: Callable[[int], Awaitable[str]]) -> None:
    """A watch sees two documents, of which the second has another account, and tells of it; then a check does. What is
    posted has been looked at."""
    await people.answer(await people.say(f"{people.us} watch this channel: has it been paid?"), "watch 1")
    await post(1)
    await people.answer(await post(2), "another account to pay to")
    await service.lookout.tell(time.time() + 8 * 86_400)
    checked = await people.say(f"{people.us} check this channel: has every invoice been paid?")
    await people.answer(checked, "could not be read.")


@pytest.mark.parametrize("streaming", [False, True])
async def test_in_slack(tmp_path: Path, streaming: bool) -> None:
    async with serving("tests.fakes.slack", speed=FAST) as server:
        slack = await Slack.open(server)
        banned = (await server.control("add_user", name=NAME))["id"]

        async def post(number: int) -> str:
            file = await server.control("add_file", content=encoded(drawing(number)), name=NAME)
            message = await slack.say("", files=[file["id"]])
            await server.control("wait_reactions", channel=slack.channel, message=message)
            return message

        async with bot(slack.adapter(streaming=streaming), tmp_path, banned) as service:
            await server.control("wait_connected")
            page = (await server.control("add_file", content="PGh0bWw+", name=NAME))["id"]
            thread = await slack.say(f"{slack.us} {HOSTILE}", files=[await slack.picture(NAME), page])
            await slack.answer(thread, "told")
            await slack.say("fail", thread_ts=thread)
            await slack.answer(thread, "failed")
            unread = await slack.say(f"{slack.us} {HOSTILE}", files=[page])
            await slack.answer(unread, "could not look at")
            await slack.say(f"{slack.us} hello", user=banned)
            await server.control("wait_call", method="chat.postEphemeral")
            await look_at_all(slack, service, post)
            await server.control("wait_for", channel=slack.channel, contains="Pause this watch")
        stored = (await server.control("channel", channel=slack.channel))["messages"]
        own = [one for one in stored if one.get("user") == slack.info["bot_user"]]
        assert len(own) >= 3
        assert [one["_loud"] for one in own if one["_loud"]] == []
        assert not any(one["_unfurls"] for one in own)
        assert [one["_loud"] for one in await server.control("whispers")] == [[]]
        assert bool(await server.control("calls", method="chat.appendStream")) is streaming


async def test_in_discord(tmp_path: Path) -> None:
    async with serving("tests.fakes.discord") as server:
        discord = Discord(server, await server.control("start"))
        banned = await server.control("add_user", name=NAME)

        async def post(number: int) -> str:
            file = str(await server.control("add_file", name=NAME, content=encoded(drawing(number))))
            message = await discord.say("", files=[file])
            await server.control("until_reacted", channel=discord.channel, message=message)
            return message

        async with bot(discord.adapter(), tmp_path, banned) as service:
            await server.control("until_connected", identified=1)
            page = str(await server.control("add_file", name=NAME, content="PGh0bWw+"))
            files = [str(await server.control("add_file", name=NAME, content=base64_png())), page]
            thread = await discord.say(f"{discord.us} {HOSTILE}", files=files)
            await discord.answer(thread, "told")
            await discord.say("fail", channel=thread)
            await discord.answer(thread, "failed")
            unread = await discord.say(f"{discord.us} {HOSTILE}", files=[page])
            await discord.answer(unread, "could not look at")
            await discord.say(f"{discord.us} hello", user=banned)
            direct = await server.control("open_dm", user=banned)
            await discord.answer(direct, "")
            await look_at_all(discord, service, post)
            await server.control("until_said", channel=discord.channel, contains="Watch 1, ")
        places = {thread, unread, direct, discord.channel}
        places |= {one["id"] for one in await server.control("threads", channel=discord.channel)}
        shown = [one for place in places for one in await server.control("messages", channel=place)]
        own = [one for one in shown if one["own"]]
        assert len(own) >= 4
        said = [text for one in own for text in (one["content"], *(before for _, before in one["edits"]))]
        said += [one["name"] for one in await server.control("threads", channel=discord.channel)]
        assert [text for text in said if LIVE.search(text)] == []
        assert {one["flags"] for one in own} == {4}, "no embeds"
        assert await server.control("unguarded") == []


@pytest.mark.parametrize("text", ["<@11>", "a @everyone", "[x](https://evil.example)", "</x:13>"])
def test_the_pattern_finds_what_is_live(text: str) -> None:
    assert LIVE.search(text)
