"""People, places and messages of the fake Discord."""

from dataclasses import dataclass, field
from typing import Any

EPOCH_MS = 1_420_070_400_000  # developers/reference#snowflakes
LINK_LASTS_S = 24 * 3600  # developers/reference#signed-attachment-cdn-urls gives only `ex`; a day is what it holds
MESSAGE_CONTENT = 1 << 15  # developers/events/gateway#list-of-intents
CONTENT_FLAG_LIMITED = 1 << 19  # developers/resources/application#application-object-application-flags

TEXT, DM, THREAD, FORUM = 0, 1, 11, 15  # developers/resources/channel#channel-object-channel-types
DEFAULT, REPLY, THREAD_STARTER = 0, 19, 21  # developers/resources/message#message-object-message-types

PERMISSIONS = {  # developers/topics/permissions#permissions-bitwise-permission-flags
    "ADD_REACTIONS": 1 << 6,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
}


@dataclass
class User:
    id: str
    name: str
    bot: bool = False
    roles: list[str] = field(default_factory=list)
    left: bool = False
    """No guild any more."""

    def member_json(self) -> dict[str, Any]:
        """developers/resources/guild#guild-member-object"""
        return {"nick": None, "roles": self.roles, "joined_at": "2020-01-01T00:00:00+00:00", "flags": 0}

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass
class Stored:
    """A file on the CDN."""

    id: str
    channel_id: str
    name: str
    type: str
    content: bytes


@dataclass
class Content:
    content: str = ""
    files: list[str] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Sent(Content):
    """A message. ``edits`` holds what it said before, with the platform times."""

    id: str = ""
    channel_id: str = ""
    author: str = ""
    type: int = DEFAULT
    at: float = 0.0
    mentions: list[str] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    reference: dict[str, Any] | None = None
    snapshots: list[Content] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    edits: list[tuple[float, str]] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    """Ours."""


@dataclass
class Channel:
    id: str
    type: int
    name: str = ""
    guild_id: str | None = None
    parent_id: str | None = None
    recipient: str | None = None
    messages: dict[str, Sent] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    """Permissions that we lack here."""
    archived: bool = False
    locked: bool = False
    closed: bool = False
    """Seen by us and by nobody else."""


@dataclass
class Guild:
    id: str
    name: str
    role: str
    denied: set[str] = field(default_factory=set)
