"""Finding our own posts again. Discord keeps nothing of ours with a message, and knows a nonce for minutes only, so a
post is known by its author and by the message that it replies to."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from adapters.base import Thread
from adapters.discord import events
from adapters.discord.connection import Connection
from adapters.discord.homes import Home
from adapters.discord.payloads import Message

_PAGE = 100  # docs.discord.com/developers/resources/message#get-channel-messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """How a post is known: as ``Adapter.post`` says."""

    key: str = ""
    answers: str = ""
    again: bool = False


def reference(home: Home, thread: Thread, tag: Tag) -> str | None:
    """What the post replies to. A thread that was made of its question does not hold that question, so what answers it
    replies to nothing. Outside of threads all answers reply to the first question, by which follow-ups find them."""
    if home.reply_to is not None or not thread.root:
        return home.reply_to
    return tag.answers if tag.answers and tag.answers != thread.root else None


class Own:
    """Looks for what an earlier process, or a call whose answer was lost, may have posted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def first(self, home: Home, thread: Thread, tag: Tag) -> str | None:
        """The first message of the post with that tag; None if there is none, or if it could not be told from others:
        that is so for follow-ups outside of threads."""
        if not tag.answers or (home.reply_to is not None and tag.answers != thread.root):
            return None
        wanted = reference(home, thread, tag)
        return next(iter(await self._replying(home.channel_id, wanted, since=tag.answers)), None)

    async def alone(self, channel_id: str, buttons: tuple[str, ...], *, since: str) -> str | None:
        """What stands in a channel itself and answers nobody is known by its buttons."""
        async with aclosing(self._since(channel_id, since)) as messages:
            async for message in messages:
                if message.author.id == self._connection.me and message.buttons == buttons:
                    return message.id
        return None

    async def further(self, home: Home, first: str) -> tuple[str, ...]:
        """The messages that continue a post."""
        return tuple(await self._replying(home.channel_id, first, since=first))

    async def _replying(self, channel_id: str, wanted: str | None, *, since: str) -> list[str]:
        """Our messages that reply to ``wanted``, or to nothing if that is None; oldest first."""
        found = []
        async with aclosing(self._since(channel_id, since)) as messages:
            async for message in messages:
                refers = message.message_reference.message_id if message.message_reference else None
                if message.author.id == self._connection.me and refers == wanted:
                    found.append(message.id)
        return found[::-1]

    async def _since(self, channel_id: str, oldest: str) -> AsyncGenerator[Message, None]:
        before: dict[str, str] = {}
        while True:
            page = await self._connection.call(
                "find what we said",
                "GET",
                "/channels/{channel_id}/messages",
                channel_id=channel_id,
                params={"limit": str(_PAGE)} | before,
            )
            for payload in page:
                message = events.message(payload)
                if message is not None and int(message.id) <= int(oldest):
                    return
                if message is not None:
                    yield message
            if len(page) < _PAGE:
                return
            before = {"before": str(page[-1]["id"])}
