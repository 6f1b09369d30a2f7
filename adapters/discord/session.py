"""From login to the end of the connection: what hears, and what the door's methods use meanwhile."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Any, Self

import aiohttp

from adapters import tracing
from adapters.base import Edited, Event, Handler, Incoming, Listening, MessagesDeleted
from adapters.discord import events
from adapters.discord.connection import Connection
from adapters.discord.files import Files
from adapters.discord.history import History
from adapters.discord.homes import Homes
from adapters.discord.inbox import Inbox
from adapters.discord.members import Members
from adapters.discord.payloads import Message, Removal
from adapters.discord.posts import Posts
from adapters.discord.presses import Presses
from adapters.discord.settings import DiscordSettings


class Session:
    """Hands over what it hears in ``tasks``, in ``late`` what may take longer than it lasts; opened and closed with
    ``async with``."""

    def __init__(
        self,
        settings: DiscordSettings,
        handler: Handler,
        tasks: asyncio.TaskGroup,
        late: set[asyncio.Task[bool]],
        *,
        roles_matter: bool = False,
    ) -> None:
        self.connection = Connection(settings, self._hear)
        self._web = aiohttp.ClientSession()
        self._open = AsyncExitStack()
        self._tasks = tasks
        self._handler = handler
        self._inbox = Inbox(handler, tasks, late)
        self.homes = Homes(self.connection)
        self.history = History(self.connection)
        self.members = Members(self.connection, wanted=roles_matter)
        self.posts = Posts(self.connection, self.homes)
        self.files = Files(self.connection, self._web, settings.file_hosts)
        self.presses = Presses(self._web, self.connection.api_url, handler)

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self._web)
        await self._open.enter_async_context(self.connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inbox.close()
        await self._open.aclose()

    def _hear(self, name: str, payload: Any) -> None:
        match name:
            case "READY":
                self._tasks.create_task(self._listening(), name="discord ready")
            case "INTERACTION_CREATE":
                self._hear_press(payload)
            case "MESSAGE_CREATE" | "MESSAGE_UPDATE":
                self._hear_message(payload, edited=name == "MESSAGE_UPDATE")
            case _:
                self._hear_removal(name, payload)

    async def _listening(self) -> None:
        await self._handler(Listening(platform=events.PLATFORM))

    def _hear_message(self, payload: Any, *, edited: bool) -> None:
        """An update without the time of an edit is Discord's own, such as a link's preview."""
        message = events.message(payload)
        if message is None or message.author.id == self.connection.me:
            return
        if not edited:
            self._inbox.put(message.channel_id, partial(self._read, message))
        elif message.edited_timestamp is not None:
            self._inbox.put(message.channel_id, partial(self._read_edit, message))

    def _hear_removal(self, name: str, payload: Any) -> None:
        """In line with what was said in the same channel."""
        gone = events.removal(payload)
        if gone is not None and gone.channel_id is not None:
            self._inbox.put(gone.channel_id, partial(self._read_removal, gone, gone.channel_id), lasting=True)
        elif gone is not None and gone.id is not None:
            deleted = events.place_deleted(name, gone)

            async def read() -> Event | None:
                return deleted

            self._inbox.put(gone.id, read, lasting=True)

    def _hear_press(self, payload: Any) -> None:
        interaction = events.interaction(payload)
        action = events.action(interaction) if interaction is not None else None
        if interaction is not None and action is not None:
            pressed = self.presses.hand_over(interaction, self.members.within_reach(action))
            self._tasks.create_task(pressed, name=f"discord press {interaction.id}")

    async def _read_edit(self, message: Message) -> Edited:
        tracing.begin(tracing.request_name(events.PLATFORM, message.id))
        return Edited(incoming=await self.history.read(message))

    async def _read_removal(self, gone: Removal, channel_id: str) -> MessagesDeleted:
        messages = gone.ids or ((gone.id,) if gone.id is not None else ())
        tracing.begin(tracing.request_name(events.PLATFORM, messages[0] if messages else channel_id))
        return MessagesDeleted(channel=await self.history.channel(channel_id, gone.guild_id), messages=messages)

    async def _read(self, message: Message) -> Incoming:
        tracing.begin(tracing.request_name(events.PLATFORM, message.id))
        incoming = self.members.within_reach(await self.history.read(message))
        self.homes.heard(incoming)
        return incoming
