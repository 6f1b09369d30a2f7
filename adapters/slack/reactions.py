"""Reactions, which Slack knows by names (docs.slack.dev/reference/methods/reactions.add)."""

from contextlib import suppress

from adapters.base import Channel, Reaction
from adapters.slack.api import Api
from adapters.slack.errors import AlreadySo

_NAMES: dict[Reaction, str] = {"✅": "white_check_mark", "❌": "x", "❔": "grey_question", "⚠️": "warning"}


async def react(api: Api, channel: Channel, message: str, reaction: Reaction) -> None:
    """Once, however often it is asked for."""
    with suppress(AlreadySo):
        await api.write("reactions.add", channel=channel.id, timestamp=message, name=_NAMES[reaction])
