"""The fake Slack's workspace: people, channels, messages, files, and who waits for a change."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.server import Clock

TEAM, APP, ENTERPRISE = "T0FAKE", "A0FAKE", "E0FAKE"
BOT_USER, BOT = "U0BOT", "B0BOT"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-fake-bot", "xapp-fake-app", "fake-signing-secret"
SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "mpim:history",
        "reactions:write",
        "usergroups:read",
        "users:read",
    }
)

Json = dict[str, Any]


class Refused(Exception):
    """A call that Slack answers with ``ok: false`` and this error."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


@dataclass
class Channel:
    id: str
    kind: str
    """channel, group, im or mpim, as ``channel_type`` of an event."""
    member: bool = True
    people: list[str] | None = None
    """The members; None is everybody."""
    archived: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    """By timestamp, in order."""


@dataclass
class StoredFile:
    json: Json
    content: bytes = b""
    deleted: bool = False


class World:
    """All that the workspace holds. Keys of messages that begin with an underscore are the test's, not Slack's."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.scopes = set(SCOPES)
        self.revoked = ""
        """The error that the bot's token gives."""
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.groups: dict[str, list[str]] = {}
        """Members by user group."""
        self._changed = asyncio.Condition()
        self._last = 0
        self._numbers: dict[str, int] = {}
        self.add_user("threadsight", BOT_USER)

    def number(self, prefix: str) -> str:
        """A fresh id such as ``C0001``."""
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}{self._numbers[prefix]:04d}"

    def timestamp(self) -> str:
        """A message's id: seconds and microseconds, unique and rising."""
        self._last = max(self._last + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add_user(self, name: str, identity: str = "") -> Json:
        identity = identity or self.number("U")
        profile = {"display_name": name, "real_name": name.title()}
        self.users[identity] = {"id": identity, "team_id": TEAM, "name": name, "profile": profile}
        return self.users[identity]

    def add_channel(self, kind: str = "channel", identity: str = "") -> Channel:
        prefix = {"im": "D", "group": "G", "mpim": "G"}.get(kind, "C")
        channel = Channel(identity or self.number(prefix), kind)
        self.channels[channel.id] = channel
        return channel

    def channel(self, identity: object) -> Channel:
        if identity not in self.channels:
            raise Refused("channel_not_found")
        return self.channels[str(identity)]

    def message(self, channel: object, timestamp: object) -> Json:
        """A message of a channel. Refused if there is none."""
        found = self.channel(channel).messages.get(str(timestamp))
        if found is None:
            raise Refused("message_not_found")
        return found

    async def put(self, channel: Channel, message: Json) -> Json:
        """Store a message and wake up who waits for one."""
        message = {"type": "message", "ts": self.timestamp(), "team": TEAM} | message
        root = channel.messages.get(message.get("thread_ts", ""))
        if root is not None and root is not message:
            root |= {"thread_ts": root["ts"], "reply_count": root.get("reply_count", 0) + 1}
        channel.messages[message["ts"]] = message
        self.remember(message)
        await self.changed()
        return message

    def remember(self, message: Json) -> None:
        """Add the message's present state to its versions."""
        version = {"text": message.get("text", ""), "blocks": message.get("blocks", []), "at": self.clock.now()}
        message.setdefault("_versions", []).append(version)

    async def changed(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def wait_for(self, condition: Callable[[], Any], timeout_s: float) -> Any:
        """What ``condition`` gives once it is truthy. TimeoutError after real seconds."""
        async with asyncio.timeout(timeout_s), self._changed:
            return await self._changed.wait_for(condition)

    def add_file(self, content: bytes, address: str, **more: Any) -> StoredFile:
        """A file as its object reads (docs.slack.dev/reference/objects/file-object)."""
        identity = more.pop("id", "") or self.number("F")
        name = more.get("name", "file.png")
        json = {
            "id": identity,
            "name": name,
            "title": name,
            "mimetype": "image/png",
            "filetype": name.rpartition(".")[2],
            "user": BOT_USER,
            "size": len(content),
            "mode": "hosted",
            "is_external": False,
            "file_access": "visible",
            "url_private": f"{address}/files-pri/{TEAM}-{identity}/{name}",
            "url_private_download": f"{address}/files-pri/{TEAM}-{identity}/download/{name}",
            "sha": hashlib.sha256(content).hexdigest(),
        }
        self.files[identity] = StoredFile(json | more, content)
        return self.files[identity]

    def move_file(self, identity: str) -> None:
        """At its old addresses there is nothing for anybody."""
        for name in ("url_private", "url_private_download"):
            self.files[identity].json[name] += "?pub=again"

    def delete_file(self, identity: str) -> None:
        """What is left in messages is a tombstone."""
        stored = self.files[identity]
        stored.deleted = True
        stored.json.clear()
        stored.json |= {"id": identity, "mode": "tombstone", "name": None, "file_access": "file_not_found"}

    def thread(self, channel: Channel, root: str) -> Iterator[Json]:
        """The root and its replies, oldest first."""
        return (one for one in channel.messages.values() if one["ts"] == root or one.get("thread_ts") == root)


def whole(file: Json) -> Json:
    """A file as anything but an event has it: there Slack Connect sends a stub that says ``check_file_info``
    (docs.slack.dev/apis/slack-connect)."""
    return file | {"file_access": "visible"} if file.get("file_access") == "check_file_info" else dict(file)


def public(message: Json, *, metadata: bool = False) -> Json:
    """A message as the Web API gives it."""
    hidden = () if metadata else ("metadata",)
    shown = {key: value for key, value in message.items() if not key.startswith("_") and key not in hidden}
    return shown | {"files": [whole(file) for file in message["files"]]} if "files" in message else shown
