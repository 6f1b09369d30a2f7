"""Connecting, staying connected, and losing nothing on the way."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.base import Event, Incoming, MessagesDeleted, Post, Thread
from adapters.discord import inbox
from adapters.discord.client import DiscordAdapter
from adapters.discord.connection import Connection
from adapters.discord.settings import DiscordSettings
from adapters.errors import Forbidden, Unreachable
from tests.adapters.discord.conftest import Bot

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_what_was_said_during_a_dropped_connection_arrives_after_it(bot: Bot) -> None:
    await bot.say("@us before")
    await bot.control("drop")
    await bot.say("@us meanwhile")
    await bot.control("until_connected", resumed=1)
    await bot.say("@us after")
    assert [(await bot.heard()).text for _ in range(3)] == ["before", "meanwhile", "after"]
    assert bot.heard_nothing_more()
    assert bot.listened == 1, "Discord repeats what was missed when a session is resumed"


async def test_a_request_to_reconnect_is_followed(bot: Bot) -> None:
    await bot.control("drop", code=0)
    await bot.control("until_connected", resumed=1)
    await bot.say("@us hello")
    assert (await bot.heard()).text == "hello"


async def test_a_session_that_cannot_be_resumed_is_begun_anew(bot: Bot) -> None:
    await bot.control("forget_sessions")
    await bot.control("until_connected", identified=2)
    await bot.say("@us hello")
    assert (await bot.heard()).text == "hello"
    assert bot.listened == 2


class Turns:
    """Whose turn it is, for one who waits, gets it, and loses it."""

    def __init__(self) -> None:
        self.wanted, self.given = asyncio.Event(), asyncio.Event()
        self.scope = asyncio.timeout(None)

    @asynccontextmanager
    async def __call__(self, part: int, parts: int) -> AsyncIterator[None]:
        self.scope = asyncio.timeout(None)
        self.wanted.set()
        await self.given.wait()
        self.given.clear()
        async with self.scope:
            yield


async def test_who_waits_for_the_turn_posts_but_does_not_listen(idle: Bot) -> None:
    turns = Turns()
    run = asyncio.create_task(idle.adapter.run(idle.handle, turns))
    try:
        thread = Thread(channel=idle.place(), root=await idle.say("root"))
        await idle.adapter.post(thread, Post(text="I can post"))
        await turns.wanted.wait()
        assert idle.adapter.obstacle == "", "another process hears for us"
        await idle.say("@us before")
        assert (await idle.control("connections"))["identified"] == 0
        for time in (1, 2):
            turns.given.set()
            await idle.control("until_connected", identified=time)
            await idle.say(f"@us {time}")
            assert (await idle.heard()).text == str(time)
            turns.wanted.clear()
            turns.scope.reschedule(asyncio.get_running_loop().time())
            await turns.wanted.wait()
        assert idle.heard_nothing_more()
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


async def test_heartbeats_keep_the_connection_alive(quick: Bot) -> None:
    await quick.control("until_connected", heartbeats=4)
    connections = await quick.control("connections")
    assert (connections["identified"], connections["resumed"]) == (1, 0)


async def test_a_message_that_the_handler_refuses_is_handed_over_again(bot: Bot) -> None:
    bot.refusals = 2
    await bot.say("@us first")
    await bot.say("@us second")
    assert [(await bot.heard()).text for _ in range(2)] == ["first", "second"]


class StuckBot(Bot):
    """Its handler does not return from a message that says "slow" until released."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot.server, bot.world)
        self.release = asyncio.Event()

    async def handle(self, event: Event) -> None:
        if isinstance(event, Incoming) and event.text == "slow":
            await self.release.wait()
        await super().handle(event)


async def test_a_channel_in_trouble_does_not_hold_up_another(idle: Bot) -> None:
    bot = StuckBot(idle)
    elsewhere = await bot.control("add_channel", guild=bot.guild, name="elsewhere")
    async with bot.running():
        await bot.say("@us slow")
        await bot.say("@us next in line")
        await bot.say("@us elsewhere", channel=elsewhere)
        assert (await bot.heard()).text == "elsewhere"
        bot.release.set()
        assert [(await bot.heard()).text for _ in range(2)] == ["slow", "next in line"]


async def test_without_the_intent_the_advice_is_to_switch_it_on(idle: Bot) -> None:
    await idle.control("allow_content", allowed=False)
    with pytest.raises(Forbidden, match="Message Content Intent") as caught:
        await idle.adapter.run(idle.handle)
    assert caught.value.missing == "message_content"
    advice = {finding.subject: finding.advice for finding in await idle.adapter.check() if finding.level != "ok"}
    assert list(advice) == ["discord message content intent"]
    assert "developer portal" in advice["discord message content intent"]


async def test_a_bad_token_is_refused_and_never_shown(idle: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "a-very-secret.token"
    adapter = DiscordAdapter(idle.settings.model_copy(update={"token": SecretStr(secret)}))
    with pytest.raises(Forbidden) as caught:
        await adapter.run(idle.handle)
    assert caught.value.missing == "token"
    [finding] = await adapter.check()
    assert (finding.level, finding.subject) == ("error", "discord token")
    for text in (str(caught.value), str(caught.value.__cause__), repr(adapter), str(finding), caplog.text):
        assert secret not in text


async def test_a_token_that_is_refused_later_ends_the_run(idle: Bot) -> None:
    run = asyncio.create_task(idle.adapter.run(idle.handle))
    await idle.control("until_connected", identified=1)
    await idle.control("drop", code=4004)
    with pytest.raises(Forbidden):
        await run


async def test_a_deletion_that_is_not_taken_for_long_keeps_no_connection_from_ending(
    idle: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_TRIES", 1)
    message = await idle.say("hello")
    refused, taken, away = asyncio.Event(), asyncio.Event(), True

    async def handle(event: Event) -> None:
        if isinstance(event, MessagesDeleted) and away:
            refused.set()
            raise OSError("away")
        if event == MessagesDeleted(channel=idle.place(), messages=(message,)):
            taken.set()

    run = asyncio.create_task(idle.adapter.run(handle))
    await idle.control("until_connected", identified=1)
    await idle.control("delete", channel=idle.channel, message=message)
    async with asyncio.timeout(20):
        await refused.wait()
        await idle.control("drop", code=4004)
        with pytest.raises(Forbidden):
            await run
        away = False
        await taken.wait()


async def test_without_a_token_the_check_says_so(idle: Bot) -> None:
    adapter = DiscordAdapter(idle.settings.model_copy(update={"token": None}))
    [finding] = await adapter.check()
    assert "discord.token" in finding.advice
    with pytest.raises(Forbidden):
        await adapter.run(idle.handle)


async def test_an_outage_at_the_start_is_waited_out(idle: Bot) -> None:
    await idle.control("fail_next", method="GET", path="/users/@me$", status=503, body={"message": "away"})
    async with idle.running():
        await idle.say("@us hello")
        assert (await idle.heard()).text == "hello"


@pytest.mark.parametrize("path", ["/users/@me$", "/applications/@me$", "/gateway/bot$"])
@pytest.mark.parametrize("page", [False, True])
async def test_nonsense_at_the_start_is_waited_out(idle: Bot, path: str, page: bool) -> None:
    await idle.control("fail_next", method="GET", path=path, status=200, page=page)
    async with idle.running():
        await idle.say("@us hello")
        assert (await idle.heard()).text == "hello"


@pytest.mark.parametrize(("method", "path"), [("GET", "/messages$"), ("PATCH", "/messages/")])
async def test_the_page_of_a_proxy_is_not_what_discord_says(bot: Bot, method: str, path: str) -> None:
    """Else nothing of ours would stand in the thread, and an edit would count as made."""
    thread = await bot.asked()
    tag: dict[str, Any] = {"key": "k", "answers": thread.root, "again": True}
    stands = await bot.adapter.post(thread, Post(text="First."), **tag)
    await bot.control("forget_nonces")
    await bot.control("fail_next", method=method, path=path, status=200, page=True)
    with pytest.raises(Unreachable):
        await bot.adapter.post(thread, Post(text="A cat."), **tag)
    assert await bot.adapter.post(thread, Post(text="A cat."), **tag) == stands
    assert [one["content"] for one in await bot.shown(thread.root) if one["own"]] == ["A cat."]


async def test_what_needs_discord_waits_for_the_connection(idle: Bot) -> None:
    thread = Thread(channel=idle.place(), root=await idle.say("earlier"))
    post = asyncio.create_task(idle.adapter.post(thread, Post(text="at last")))
    async with idle.running():
        assert await post
    assert await idle.control("until_said", channel=thread.root, contains="at last")


async def test_nobody_is_reached_where_nobody_listens() -> None:
    settings = DiscordSettings(token=SecretStr("x"), api_url="http://127.0.0.1:1", gateway_url="ws://127.0.0.1:1")
    [finding] = await DiscordAdapter(settings).check()
    assert (finding.level, finding.message) == ("error", "Could not log in: ClientConnectorError.")


async def test_the_check_names_what_is_missing_and_how_to_get_it(idle: Bot) -> None:
    assert {finding.level for finding in await idle.adapter.check()} == {"ok"}
    await idle.control("add_guild", name="Strict", denied=["CREATE_PUBLIC_THREADS"])
    await idle.control("set_interactions_url", url="https://example.org/hook")
    found = {finding.subject: finding for finding in await idle.adapter.check() if finding.level != "ok"}
    assert found["discord permissions in Strict"].message == "Missing: Create Public Threads."
    assert "permissions=309237746752" in found["discord permissions in Strict"].advice
    assert "Interactions Endpoint URL" in found["discord buttons"].advice


async def test_a_call_that_gets_no_answer_has_failed(idle: Bot) -> None:
    await idle.control("mishaps", share=1.0, kind="silent before", silence_s=30.0)
    try:
        async with Connection(idle.settings, silence_s=0.2) as connection:
            with pytest.raises(Unreachable, match="Timeout"):
                await connection.log_in()
    finally:
        await idle.control("mishaps", share=0.0)


async def test_stopping_and_starting_again_is_clean(idle: Bot) -> None:
    for _ in range(2):
        async with idle.running():
            thread = await idle.asked()
            await idle.adapter.post(thread, Post(text="A cat."))


async def test_stopping_while_still_connecting_is_clean(idle: Bot) -> None:
    run = asyncio.create_task(idle.adapter.run(idle.handle))
    await idle.control("until_called", method="GET", path="/users/@me")
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run


async def test_stopping_while_reconnecting_is_heard(idle: Bot) -> None:
    async with idle.running():
        await idle.control("fall_silent")
        await idle.control("until_unanswered")
