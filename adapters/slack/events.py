"""Slack's events, interactions and stored messages as our values. Pure: any JSON goes in, nothing is raised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.base import (
    Action,
    Author,
    Channel,
    Edited,
    Event,
    FileDeleted,
    Incoming,
    Mention,
    MessagesDeleted,
    PlaceDeleted,
    Thread,
    Workspace,
)
from adapters.slack.contents import Names, body, files, quotes
from adapters.slack.loose import first, mapping, mappings, string

PLATFORM = "slack"

SUBSCRIPTIONS = {
    "app_mention": "app_mentions:read",
    "channel_deleted": "channels:read",
    "file_deleted": "files:read",
    "group_deleted": "groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}
"""The events to subscribe to, each with the scope that it needs."""

_SAYING = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})
"""The subtypes of messages in which somebody says something; edits, deletions, joins and topics are others."""

_ALTERATIONS = frozenset({"message_deleted", "message_changed"})

_TIMESTAMP = re.compile(r"[0-9]{1,11}\.[0-9]{1,9}")
_ADDRESSED = re.compile(r"\s*<(?:@|!subteam\^)(\w+)")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|([^<>|]*))?>")
_SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who we are in this workspace."""

    user: str
    bot: str
    workspace: str
    enterprise: str = ""
    """The organization that the workspace is one of, if it is."""
    address: str = ""
    """Where people open the workspace in a browser, with a slash at its end."""

    def link(self, channel: str, timestamp: str, root: str) -> str:
        """The address of a message, as ``chat.getPermalink`` gives it."""
        if not self.address.startswith("https://"):
            return ""
        inside = f"?thread_ts={root}&cid={channel}" if root != timestamp else ""
        return f"{self.address}archives/{channel}/p{timestamp.replace('.', '')}{inside}"

    def wrote(self, message: Mapping[str, Any]) -> bool:
        """Whether a stored message is our own."""
        return message.get("user") == self.user or (bool(self.bot) and message.get("bot_id") == self.bot)


def read(payload: object, me: Me, names: Names) -> Event | None:
    """What an event or interaction payload says; None where it is nothing for us, such as our own message."""
    source = mapping(payload)
    if source.get("type") == "block_actions":
        return _action(source, me)
    event = mapping(source.get("event"))
    # ``team`` of the event is the author's, and missing from file_share messages; the envelope's is always ours.
    workspace = string(source.get("team_id")) or me.workspace
    if event.get("type") == "file_deleted":
        return _file_deleted(event, workspace)
    channel = Channel(platform=PLATFORM, workspace=workspace, id=string(event.get("channel")))
    if event.get("type") in ("channel_deleted", "group_deleted"):
        return PlaceDeleted(place=channel) if channel.id else None
    if event.get("type") == "message" and event.get("subtype") in _ALTERATIONS:
        return _altered(event, channel, me, names)
    if event.get("type") not in ("message", "app_mention") or event.get("hidden") or me.wrote(event):
        return None
    return message(event, channel, me, names)


def message(source: Mapping[str, Any], channel: Channel, me: Me, names: Names) -> Incoming | None:
    """A message as an event or as ``conversations.history`` gives it; None if nobody says anything with it."""
    identity, sent_at = string(source.get("ts")), moment(source.get("ts"))
    author = _author(source, me, names)
    if sent_at is None or author is None or not channel.id or string(source.get("subtype")) not in _SAYING:
        return None
    text = string(source.get("text"))
    root = string(source.get("thread_ts")) or identity
    return Incoming(
        thread=Thread(channel=channel, root=root),
        message=identity,
        author=author,
        text=body(_without_mention(text, me), () if me.wrote(source) else mappings(source.get("blocks")), names),
        sent_at=sent_at,
        attachments=files(source),
        quotes=quotes(source, names),
        channels=_channels(text, channel.workspace),
        mentioned=f"<@{me.user}>" in text or f"<@{me.user}|" in text or source.get("type") == "app_mention",
        direct=channel.id.startswith("D"),
        reply=root != identity,
        to_others=_opens_with_another(text, me),
        own=me.wrote(source),
        link=me.link(channel.id, identity, root),
        replies=replies if isinstance(replies := source.get("reply_count"), int) else 0,
    )


def _channels(text: str, workspace: str) -> tuple[Mention, ...]:
    found = ((match[1], match[2] or match[1]) for match in _CHANNEL.finditer(text))
    return tuple(
        Mention(name=name, channel=Channel(platform=PLATFORM, workspace=workspace, id=identity))
        for identity, name in dict.fromkeys(found)
    )


def _altered(event: Mapping[str, Any], channel: Channel, me: Me, names: Names) -> Event | None:
    """A message that was deleted or edited. Where replies hang from a deleted one, Slack leaves a ``tombstone`` and
    calls that a change; and so it does where it unfurls a link, but without ``edited``."""
    before, now = mapping(event.get("previous_message")), mapping(event.get("message"))
    gone = first(event, "deleted_ts") or (first(now, "ts") if now.get("subtype") == "tombstone" else "")
    if gone:
        known = channel.id and moment(gone) is not None
        return MessagesDeleted(channel=channel, messages=(gone,)) if known else None
    if me.wrote(now) or not now.get("edited") or (before and before.get("text") == now.get("text")):
        return None
    incoming = message(now, channel, me, names)
    return Edited(incoming=incoming) if incoming is not None else None


def _file_deleted(event: Mapping[str, Any], workspace: str) -> FileDeleted | None:
    identity = first(event, "file_id") or first(mapping(event.get("file")), "id")
    return FileDeleted(workspace=Workspace(platform=PLATFORM, id=workspace), attachment=identity) if identity else None


def moment(timestamp: object) -> datetime | None:
    """When a message with this id was sent."""
    text = string(timestamp)
    return datetime.fromtimestamp(float(text), UTC) if _TIMESTAMP.fullmatch(text) else None


def _author(source: Mapping[str, Any], me: Me, names: Names) -> Author | None:
    identity = me.user if me.wrote(source) else first(source, "user", "bot_id")
    if not identity:
        return None
    profile, bot = mapping(source.get("user_profile")), mapping(source.get("bot_profile"))
    name = names.get(identity) or first(profile, "display_name", "real_name", "name")
    name = name or first(source, "username") or first(bot, "name") or identity
    is_bot = bool(source.get("bot_id")) or source.get("subtype") == "bot_message" or identity == _SLACKBOT
    return Author(id=identity, name=name, bot=is_bot)


def _without_mention(text: str, me: Me) -> str:
    mention = rf"<@{re.escape(me.user)}(?:\|[^<>]*)?>"
    return re.sub(rf"\s?{mention}", "", re.sub(rf"^\s*(?:{mention}[\s:,]*)+", "", text)).strip()


def _opens_with_another(text: str, me: Me) -> bool:
    addressed = _ADDRESSED.match(text)
    return addressed is not None and addressed[1] != me.user


def _action(source: Mapping[str, Any], me: Me) -> Action | None:
    """A press of one of our buttons; their ids are ``NAME:INDEX``, unique within a message as Slack wants them."""
    pressed = next((one for one in mappings(source.get("actions")) if one.get("type") == "button"), {})
    user, place = mapping(source.get("user")), mapping(source.get("container"))
    post = mapping(source.get("message"))
    name = string(pressed.get("action_id")).rpartition(":")[0]
    channel = first(mapping(source.get("channel")), "id") or first(place, "channel_id")
    identity = first(place, "message_ts") or first(post, "ts")
    person = first(user, "id")
    if not (name and channel and identity and person):
        return None
    workspace = first(mapping(source.get("team")), "id") or me.workspace
    root = first(place, "thread_ts") or first(post, "thread_ts") or identity
    return Action(
        thread=Thread(channel=Channel(platform=PLATFORM, workspace=workspace, id=channel), root=root),
        message=identity,
        author=Author(id=person, name=first(user, "username", "name") or person),
        name=name,
        value=string(pressed.get("value")),
    )
