"""The real adapter, through the real discord.py, on a fake Discord in a process of its own."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest_asyncio
from pydantic import SecretStr

from adapters.base import Action, Channel, Event, Incoming, Listening, Thread
from adapters.discord.client import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from tests.fakes.server import Server, serving


class Bot:
    """An adapter that runs, what it handed over, and the world it lives in."""

    def __init__(self, server: Server, world: dict[str, str]) -> None:
        self.server, self.world = server, world
        self.id, self.role = world["bot"], world["role"]
        self.guild, self.channel, self.user = world["guild"], world["channel"], world["user"]
        self.settings = DiscordSettings(
            token=SecretStr(world["token"]),
            api_url=world["api_url"],
            gateway_url=world["gateway_url"],
            file_hosts=(world["file_host"],),
        )
        self.adapter = DiscordAdapter(self.settings)
        self.refusals = 0
        """How many of the next events the handler refuses."""
        self.listened = 0
        """How often it was told that events reach it from now on."""
        self._heard: asyncio.Queue[Event] = asyncio.Queue()

    async def handle(self, event: Event) -> None:
        if isinstance(event, Listening):
            self.listened += 1
            return
        if self.refusals:
            self.refusals -= 1
            raise ConnectionError("the database is away")
        self._heard.put_nowait(event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        run = asyncio.create_task(self.adapter.run(self.handle))
        try:
            await self.control("until_connected", identified=1)
            yield
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run

    async def control(self, name: str, /, **body: Any) -> Any:
        return await self.server.control(name, **body)

    async def say(self, text: str = "", **body: Any) -> str:
        """Say something in the channel as the person, unless told otherwise; ``@us`` mentions us."""
        body = {"channel": self.channel, "user": self.user} | body
        return str(await self.control("say", text=text.replace("@us", f"<@{self.id}>"), **body))

    async def file(self, name: str = "invoice.png", content: bytes = b"a picture") -> str:
        return str(await self.control("add_file", name=name, content=base64.b64encode(content).decode()))

    async def heard(self) -> Incoming:
        event = await self.event()
        assert isinstance(event, Incoming)
        return event

    async def pressed(self) -> Action:
        event = await self.event()
        assert isinstance(event, Action)
        return event

    async def event(self) -> Event:
        async with asyncio.timeout(30):
            return await self._heard.get()

    def heard_nothing_more(self) -> bool:
        return self._heard.empty()

    async def asked(self, text: str = "@us what is this?", **body: Any) -> Thread:
        """A question in the channel; its thread."""
        await self.say(text, **body)
        return (await self.heard()).thread

    def place(self, id_: str | None = None) -> Channel:
        return Channel(platform="discord", workspace=self.guild, id=id_ or self.channel)

    async def shown(self, channel: str) -> list[dict[str, Any]]:
        """All messages there, oldest first."""
        messages: list[dict[str, Any]] = await self.control("messages", channel=channel)
        return messages

    async def slow_down(self, method: str, path: str, seconds: float, **more: Any) -> None:
        """Refuse the next such call with 429."""
        body = {"message": "You are being rate limited.", "retry_after": seconds, "global": False} | more
        headers = {"Via": "1.1 google", "Retry-After": str(seconds)}
        await self.control("fail_next", method=method, path=path, status=429, headers=headers, body=body)

    async def calls(self, method: str, ending: str) -> int:
        """How many REST calls ended so."""
        requests = await self.control("requests")
        return sum(one["method"] == method and one["path"].endswith(ending) for one in requests)

    async def statuses(self) -> set[int]:
        """Of all REST calls so far."""
        return {one["status"] for one in await self.control("requests")}


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def fake() -> AsyncIterator[Server]:
    async with serving("tests.fakes.discord") as server:
        yield server


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def quick_fake() -> AsyncIterator[Server]:
    async with serving("tests.fakes.discord", speed=60.0) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="package")
async def idle(fake: Server) -> Bot:
    """Its adapter does not run yet."""
    return Bot(fake, await fake.control("start"))


@pytest_asyncio.fixture(loop_scope="package")
async def bot(idle: Bot) -> AsyncIterator[Bot]:
    async with idle.running():
        yield idle


@pytest_asyncio.fixture(loop_scope="package")
async def quick(quick_fake: Server) -> AsyncIterator[Bot]:
    """A minute of its clock is a second here."""
    bot = Bot(quick_fake, await quick_fake.control("start"))
    async with bot.running():
        yield bot
