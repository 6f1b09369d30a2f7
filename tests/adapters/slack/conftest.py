import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from adapters.base import Action, Attachment, Channel, Event, Incoming, Listening, Thread
from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from tests.fakes.server import Server, serving

PNG = b"\x89PNG\r\n\x1a\n and so on"


class Inbox:
    """A handler that keeps what it gets; ``refuse`` makes it fail that often first."""

    def __init__(self, refuse: int = 0) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.seen = 0
        self.listening = asyncio.Event()
        self._refuse = refuse

    async def __call__(self, event: Event) -> None:
        if isinstance(event, Listening):
            self.listening.set()
            return
        self.seen += 1
        if self._refuse:
            self._refuse -= 1
            raise RuntimeError("the disk is full")
        self.events.put_nowait(event)

    async def message(self) -> Incoming:
        async with asyncio.timeout(20):
            event = await self.events.get()
        assert isinstance(event, Incoming)
        return event

    async def action(self) -> Action:
        async with asyncio.timeout(20):
            event = await self.events.get()
        assert isinstance(event, Action)
        return event


class Place:
    """A channel of the fake Slack with a person in it."""

    def __init__(self, server: Server, info: dict[str, Any], channel: str, user: str) -> None:
        self._server = server
        self.bot = info["bot_user"]
        self.user = user
        self.channel = Channel(platform="slack", workspace=info["team"], id=channel)

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        said: dict[str, Any] = await self._server.control(
            "say", channel=self.channel.id, user=self.user, text=text, **more
        )
        return said

    async def thread(self, text: str = "root") -> Thread:
        """A thread whose root is said, without an event."""
        said = await self.say(text, only="none")
        return Thread(channel=self.channel, root=said["ts"])

    async def file(self, content: bytes = PNG, **fields: Any) -> dict[str, Any]:
        encoded = base64.b64encode(content).decode()
        file: dict[str, Any] = await self._server.control("add_file", content=encoded, user=self.user, **fields)
        return file

    async def messages(self) -> list[dict[str, Any]]:
        """What stands in the channel, oldest first."""
        stored = await self._server.control("channel", channel=self.channel.id)
        return list(stored["messages"])

    async def own(self) -> list[dict[str, Any]]:
        """The bot's messages."""
        return [one for one in await self.messages() if one.get("user") == self.bot]

    async def wait_for(self, **condition: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self._server.control("wait_for", channel=self.channel.id, **condition)
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack() -> AsyncIterator[Server]:
    """A fake Slack whose minutes pass in a second."""
    async with serving("tests.fakes.slack", speed=60) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def settings(slack: Server) -> SlackSettings:
    info = await slack.control("info")
    return SlackSettings(
        bot_token=info["bot_token"],
        app_token=info["app_token"],
        signing_secret=info["signing_secret"],
        api_url=info["api_url"],
        file_hosts=(info["api_url"].split("/")[2],),
    )


@pytest.fixture
def adapter(settings: SlackSettings) -> SlackAdapter:
    return SlackAdapter(settings)


@pytest_asyncio.fixture(loop_scope="module")
async def place(slack: Server) -> Place:
    return await make_place(slack)


async def make_place(slack: Server, kind: str = "channel") -> Place:
    """A fresh channel with a fresh person."""
    info = await slack.control("info")
    user = await slack.control("add_user", name="anna")
    channel = await slack.control("add_channel", kind=kind)
    return Place(slack, info, channel["id"], user["id"])


@asynccontextmanager
async def running(adapter: SlackAdapter, handler: Inbox) -> AsyncIterator[asyncio.Task[None]]:
    """The adapter at work until the block ends."""
    task = asyncio.create_task(adapter.run(handler))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def connected(slack: Server, adapter: SlackAdapter, handler: Inbox) -> AsyncIterator[None]:
    """The adapter on its socket."""
    async with running(adapter, handler):
        await slack.control("wait_connected")
        await handler.listening.wait()
        yield
    await slack.control("wait_connected", sockets=0)


def attachment(file: dict[str, Any], *, stub: bool = False) -> Attachment:
    """What ``events`` makes of a file."""
    return Attachment(
        id=file["id"],
        name=file.get("name") or "file",
        media_type=file.get("mimetype", "application/octet-stream"),
        size=None if stub else file["size"],
        reference=file["id"] if stub else f"{file['id']} {file['url_private_download']}",
    )
