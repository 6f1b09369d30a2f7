"""Reactions in the fake Discord: developers/resources/message#create-reaction."""

from tests.fakes.discord_limits import MOST_REACTIONS, Refused
from tests.fakes.discord_things import Channel, Sent


def add(channel: Channel, message: Sent, emoji: str) -> None:
    """Our reaction to a message, once however often."""
    if "READ_MESSAGE_HISTORY" in channel.denied or (
        emoji not in message.reactions and "ADD_REACTIONS" in channel.denied
    ):
        raise Refused(50013)
    if emoji.isascii():
        raise Refused(10014)
    if channel.archived:
        raise Refused(50083)
    if emoji not in message.reactions:
        if len(message.reactions) >= MOST_REACTIONS:
            raise Refused(30010)
        message.reactions.append(emoji)
