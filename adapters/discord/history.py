"""Messages as the door knows them, from the gateway and from a channel's past."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

from adapters.base import Channel, Incoming, Thread
from adapters.discord import events
from adapters.discord.connection import Connection
from adapters.discord.errors import translated
from adapters.discord.events import DIRECT, PLATFORM, Me, Place
from adapters.discord.payloads import Channel as ChannelPayload
from adapters.discord.payloads import Message
from adapters.errors import Gone

_PAGE = 100  # docs.discord.com/developers/resources/message#get-channel-messages


class History:
    """Reads messages in the light of what is known about their channel, and of who we are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def read(self, message: Message) -> Incoming:
        """A message as the gateway sends it."""
        return self._incoming(message, await self._place(message.channel_id, message.guild_id))

    async def channel(self, channel_id: str, guild_id: str | None) -> Channel:
        """Where a message stood. A channel that is gone may have been a thread: then nothing is known of it."""
        try:
            return (await self._place(channel_id, guild_id)).channel
        except Gone:
            return Channel(platform=PLATFORM, workspace=guild_id or DIRECT, id=channel_id)

    async def walk(self, place: Channel | Thread, since: datetime | None) -> AsyncGenerator[Incoming, None]:
        """Newest first, as ``Adapter.history`` says."""
        if isinstance(place, Channel):
            if self._holds_threads_only(place):
                return
            root = place.id if place.workspace == DIRECT else None
            pages = self._pages(place.id, Place(place, root), since)
        else:
            pages = self._thread(place, since)
        async for incoming in pages:
            yield incoming

    async def _thread(self, thread: Thread, since: datetime | None) -> AsyncGenerator[Incoming, None]:
        """A thread that was made from a message does not hold that message; one that was not holds its root."""
        place, root_seen = Place(thread.channel, thread.root), False
        try:
            async for incoming in self._pages(thread.root, place, since):
                root_seen = root_seen or incoming.message == thread.root
                yield incoming
        except Gone:
            pass  # no thread was made yet, or it is no more
        if root_seen or thread.channel.workspace == DIRECT:
            return
        try:
            payload = await self._get(f"/channels/{{channel_id}}/messages/{thread.root}", channel_id=thread.channel.id)
        except Gone:
            return
        root = events.message(payload)
        if root is not None and (since is None or root.timestamp >= since):
            yield self._incoming(root, Place(thread.channel))

    async def _pages(self, channel_id: str, place: Place, since: datetime | None) -> AsyncGenerator[Incoming, None]:
        before: dict[str, str] = {}
        while True:
            page = await self._get(
                "/channels/{channel_id}/messages", channel_id=channel_id, params={"limit": str(_PAGE)} | before
            )
            for payload in page:
                message = events.message(payload)
                if message is None:
                    continue
                if since is not None and message.timestamp < since:
                    return
                yield self._incoming(message, place)
            if len(page) < _PAGE:
                return
            before = {"before": str(page[-1]["id"])}

    def _holds_threads_only(self, channel: Channel) -> bool:
        if channel.workspace == DIRECT:
            return False
        known = self._connection.known_channel(channel.workspace, channel.id)
        return known is not None and known["type"] in events.FORUMS

    async def _get(self, path: str, **options: Any) -> Any:
        return await self._connection.call("read the history", "GET", path, **options)

    def _incoming(self, message: Message, place: Place) -> Incoming:
        guild_id = None if place.channel.workspace == DIRECT else place.channel.workspace
        me = Me(self._connection.me, self._connection.own_roles(guild_id))
        return events.incoming(message, place, me, lambda id_: self._connection.name_of(guild_id, id_))

    async def _place(self, channel_id: str, guild_id: str | None) -> Place:
        if guild_id is None:
            return events.place(ChannelPayload(id=channel_id), None)
        payload = self._connection.known_channel(guild_id, channel_id)
        if payload is None:
            payload = await self._connection.call(
                "find the channel", "GET", "/channels/{channel_id}", channel_id=channel_id
            )
        with translated("find the channel"):
            return events.place(ChannelPayload.model_validate(payload), guild_id)
