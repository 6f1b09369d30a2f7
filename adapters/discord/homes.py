"""Where on Discord a Thread lives: in a thread, in a direct message channel, or under its question in the channel."""

from dataclasses import dataclass

from adapters.base import Incoming, Thread
from adapters.discord import events, render
from adapters.discord.connection import Connection
from adapters.discord.errors import THREAD_EXISTS, code
from adapters.errors import AdapterError, Gone
from adapters.recent import Recent

_ARCHIVE_AFTER_MINUTES = 4_320  # docs.discord.com/developers/resources/channel#start-thread-from-message: one of four
_ENOUGH_FOR_A_NAME = 400
_NO_THREAD_HERE = {50013, 50024, 160006, 160007}
"""Not permitted, not in this kind of channel, or too many active threads (…/topics/opcodes-and-status-codes#json)."""


@dataclass(frozen=True, slots=True)
class Home:
    """The channel to post to, and the message to reply to where the channel is not ours alone."""

    channel_id: str
    reply_to: str | None = None


class Homes:
    """A thread that is made from a message has that message's id, so a Thread's root is the id of Discord's thread, if
    there is one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: Recent[str, Home] = Recent()
        self._asked: Recent[str, tuple[str, str]] = Recent()

    def heard(self, incoming: Incoming) -> None:
        """Remember what a thread made for this message would be named after: its words, else its file."""
        if not incoming.direct and not incoming.reply:
            files = [*incoming.attachments, *(file for quote in incoming.quotes for file in quote.attachments)]
            self._asked[incoming.message] = (incoming.text[:_ENOUGH_FOR_A_NAME], files[0].name if files else "")

    async def find(self, thread: Thread) -> Home:
        """Where the Thread's posts are, without making anything."""
        home = self._at_hand(thread)
        if home is None:
            home = self._known[thread.root] = await self._look(thread)
        return home

    async def make(self, thread: Thread) -> Home:
        """Where to post; starts a thread if there is none. Where that is not allowed, we answer under the question."""
        home = self._known[thread.root] = self._at_hand(thread) or await self._start(thread)
        return home

    def _at_hand(self, thread: Thread) -> Home | None:
        if thread.channel.workspace == events.DIRECT or not thread.root:
            return Home(thread.channel.id)
        known = self._known.get(thread.root)
        if known is None and self._connection.known_channel(thread.channel.workspace, thread.root):
            return Home(thread.root)
        return known

    async def _start(self, thread: Thread) -> Home:
        try:
            await self._connection.call(
                "start a thread",
                "POST",
                "/channels/{channel_id}/messages/{message_id}/threads",
                channel_id=thread.channel.id,
                message_id=thread.root,
                json={
                    "name": render.thread_name(*(self._asked.get(thread.root) or ("", ""))),
                    "auto_archive_duration": _ARCHIVE_AFTER_MINUTES,
                },
            )
        except Gone:
            return Home(thread.root)  # an archived thread whose first message was deleted, or a forum's
        except AdapterError as error:
            if code(error) == THREAD_EXISTS:
                return Home(thread.root)
            if code(error) in _NO_THREAD_HERE:
                return await self._look(thread)
            raise
        return Home(thread.root)

    async def _look(self, thread: Thread) -> Home:
        try:
            await self._connection.call("find the thread", "GET", "/channels/{channel_id}", channel_id=thread.root)
        except Gone:
            return Home(thread.channel.id, reply_to=thread.root)
        return Home(thread.root)
