"""Reactions to messages (docs.discord.com/developers/resources/message#create-reaction); a repeated one changes
nothing."""

from adapters.base import Reaction, Thread
from adapters.discord.connection import Connection
from adapters.discord.events import DIRECT
from adapters.errors import Gone


async def react(connection: Connection, thread: Thread, message: str, reaction: Reaction) -> None:
    """Wherever the message stands. Gone if it is nowhere."""
    *first, last = _places(thread, message)
    for channel_id in first:
        try:
            await _put(connection, channel_id, message, reaction)
            return
        except Gone:
            continue
    await _put(connection, last, message, reaction)


def _places(thread: Thread, message: str) -> tuple[str, ...]:
    """The channels that may hold it, the likeliest first: a thread that was made from a message does not hold that
    message, a forum's does, and what replies to a message need not be in a thread."""
    channel, root = thread.channel.id, thread.root
    if thread.channel.workspace == DIRECT or not root:
        return (channel,)
    return (channel, root) if message == root else (root, channel)


async def _put(connection: Connection, channel_id: str, message: str, reaction: Reaction) -> None:
    await connection.call(
        "react",
        "PUT",
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me",
        channel_id=channel_id,
        message_id=message,
        emoji=reaction,
    )
