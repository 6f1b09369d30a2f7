"""Reactions in the fake Slack: docs.slack.dev/reference/methods/reactions.add, errors."""

from tests.fakes.slack_limits import REACTIONS
from tests.fakes.slack_world import BOT_USER, Json, Refused, World

NAMES = frozenset({"white_check_mark", "x", "grey_question", "warning", "eyes", "thumbsup"})
"""Some of the standard emoji."""


async def add(world: World, arguments: Json) -> Json:
    """The bot's reaction to a message."""
    if not arguments.get("channel") or not arguments.get("timestamp"):
        raise Refused("no_item_specified")
    if world.channel(arguments["channel"]).archived:
        raise Refused("is_archived")
    if arguments.get("name") not in NAMES:
        raise Refused("invalid_name")
    reactions = world.message(arguments["channel"], arguments["timestamp"]).setdefault("reactions", [])
    if any(one["name"] == arguments["name"] for one in reactions):
        raise Refused("already_reacted")
    if len(reactions) >= REACTIONS:
        raise Refused("too_many_reactions")
    reactions.append({"name": arguments["name"], "users": [BOT_USER], "count": 1})
    await world.changed()
    return {}
