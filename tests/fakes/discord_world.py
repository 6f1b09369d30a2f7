"""What the fake Discord knows: people, guilds, channels, messages and files, and how each looks in JSON."""

import asyncio
import hashlib
import hmac
import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.fakes.discord_things import (
    CONTENT_FLAG_LIMITED,
    DM,
    EPOCH_MS,
    LINK_LASTS_S,
    MESSAGE_CONTENT,
    PERMISSIONS,
    REPLY,
    TEXT,
    THREAD,
    THREAD_STARTER,
    Channel,
    Content,
    Guild,
    Sent,
    Stored,
    User,
)
from tests.fakes.server import Clock


class World:
    """Everything, and a way to wait until something about it changes."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.base = ""
        self._numbers = itertools.count(1)
        self._secret = os.urandom(8)
        self._changed = asyncio.Event()
        self.listeners: list[Callable[[str, Callable[[int], dict[str, Any] | None]], None]] = []
        self.clear()

    def clear(self) -> None:
        """Nobody is there but us."""
        self.token = "a-token.for-the.fake"
        self.content_allowed = True
        self.interactions_url = ""
        self.shards = 1
        """As many as the gateway recommends (developers/events/gateway#get-gateway-bot)."""
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, Stored] = {}
        self.application_id = self.new_id()
        self.bot = self.add_user("Threadsight", bot=True)

    def new_id(self) -> str:
        ms = int(self.clock.now() * 1000) - EPOCH_MS
        return str(ms << 22 | next(self._numbers) & 0x3FFFFF)

    # people and places

    def add_user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.new_id(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str) -> Guild:
        guild = Guild(self.new_id(), name, role=self.new_id())
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild_id: str, name: str, type_: int = TEXT) -> Channel:
        channel = Channel(self.new_id(), type_, name, guild_id)
        self.channels[channel.id] = channel
        return channel

    def open_dm(self, user_id: str) -> Channel:
        for channel in self.channels.values():
            if channel.recipient == user_id:
                return channel
        channel = Channel(self.new_id(), DM, recipient=user_id)
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, parent: Channel, name: str, id_: str | None = None) -> Channel:
        """A thread that is made from a message has its id (developers/topics/threads#public--private-threads)."""
        thread = Channel(id_ or self.new_id(), THREAD, name, parent.guild_id, parent.id, denied=parent.denied)
        self.channels[thread.id] = thread
        if id_ in parent.messages:
            reference = {"type": 0, "message_id": id_, "channel_id": parent.id, "guild_id": parent.guild_id}
            self.send(thread, Sent(author=parent.messages[thread.id].author, type=THREAD_STARTER, reference=reference))
        self.tell("THREAD_CREATE", lambda _: self.channel_json(thread) | {"newly_created": True})
        return thread

    # messages

    def send(self, channel: Channel, message: Sent) -> Sent:
        message.id, message.channel_id, message.at = message.id or self.new_id(), channel.id, self.clock.now()
        channel.messages[message.id] = message
        if channel.archived and not channel.locked:
            channel.archived = False  # developers/topics/threads#active--archived-threads
        self.tell("MESSAGE_CREATE", lambda intents: self._heard(message, channel, intents))
        return message

    def edit(self, channel: Channel, message_id: str, text: str) -> None:
        message = channel.messages[message_id]
        message.edits.append((self.clock.now(), message.content))
        message.content = text
        self.tell_update(channel, message_id)

    def tell_update(self, channel: Channel, message_id: str) -> None:
        """developers/events/gateway-events#message-update"""
        self.tell("MESSAGE_UPDATE", lambda intents: self._heard(channel.messages[message_id], channel, intents))

    def delete(self, channel: Channel, message_id: str) -> None:
        del channel.messages[message_id]
        guild = {"guild_id": channel.guild_id} if channel.guild_id else {}
        self.tell("MESSAGE_DELETE", lambda _: {"id": message_id, "channel_id": channel.id} | guild)

    def find(self, message_id: str) -> Sent | None:
        return next((c.messages[message_id] for c in self.channels.values() if message_id in c.messages), None)

    def _heard(self, message: Sent, channel: Channel, intents: int) -> dict[str, Any] | None:
        wanted = 1 << 9 if channel.guild_id else 1 << 12  # GUILD_MESSAGES, DIRECT_MESSAGES
        if not intents & wanted or "VIEW_CHANNEL" in channel.denied:
            return None
        extra: dict[str, Any] = {
            "guild_id": channel.guild_id,
            "member": self.users[message.author].member_json(),
        }
        return self.message_json(message, bool(intents & MESSAGE_CONTENT)) | (extra if channel.guild_id else {})

    def tell(self, event: str, data: Callable[[int], dict[str, Any] | None]) -> None:
        """Tell every session; ``data`` gets the session's intents, None keeps the event from it."""
        for listener in self.listeners:
            listener(event, data)
        self.touch()

    # waiting

    def touch(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], Any], patience: float) -> Any:
        """The condition's value once it is true; its last value after ``patience`` seconds of real time."""
        try:
            async with asyncio.timeout(patience):
                while not (value := condition()):
                    await self._changed.wait()
        except TimeoutError:
            return condition()
        return value

    # files

    def store(self, name: str, content: bytes, type_: str, channel_id: str = "0") -> Stored:
        file = Stored(self.new_id(), channel_id, name, type_, content)
        self.files[file.id] = file
        return file

    def link(self, file: Stored) -> str:
        """developers/reference#signed-attachment-cdn-urls"""
        issued = int(self.clock.now())
        expires = issued + LINK_LASTS_S
        path = f"/attachments/{file.channel_id}/{file.id}/{file.name}"
        return f"{self.base}{path}?ex={expires:x}&is={issued:x}&hm={self.signature(path, expires, issued)}&"

    def signature(self, path: str, expires: int, issued: int) -> str:
        return hmac.new(self._secret, f"{path}:{expires}:{issued}".encode(), hashlib.sha256).hexdigest()

    def link_is_good(self, path: str, query: Mapping[str, str]) -> bool:
        try:
            expires, issued = int(query["ex"], 16), int(query["is"], 16)
        except (KeyError, ValueError):
            return False
        right = hmac.compare_digest(query.get("hm", ""), self.signature(path, expires, issued))
        return right and self.clock.now() < expires

    def expire_links(self) -> None:
        """All that were given out so far."""
        self._secret = os.urandom(8)

    # JSON

    def message_json(self, message: Sent, sees_all: bool = True) -> dict[str, Any]:
        author = self.users[message.author]
        data = {
            "id": message.id,
            "channel_id": message.channel_id,
            "author": author.json(),
            "type": message.type,
            "timestamp": _iso(message.at),
            "edited_timestamp": _iso(message.edits[-1][0]) if message.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [self.users[id_].json() for id_ in message.mentions],
            "mention_roles": message.mention_roles,
            "pinned": False,
            "flags": message.flags,
            "components": message.components,
            **self._content_json(message),
        }
        if message.reactions:
            data["reactions"] = [
                {"emoji": {"id": None, "name": one}, "count": 1, "me": True} for one in message.reactions
            ]
        if message.nonce is not None:
            data["nonce"] = message.nonce
        if message.reference is not None:
            data["message_reference"] = message.reference
        if message.snapshots:
            data["message_snapshots"] = [{"message": self._content_json(one)} for one in message.snapshots]
        if not (sees_all or self._always_seen(message)):
            data |= {"content": "", "attachments": [], "embeds": [], "components": []}
            if message.snapshots:
                data["message_snapshots"] = [{"message": self._content_json(Content())} for _ in message.snapshots]
        if message.type in (REPLY, THREAD_STARTER) and message.reference is not None:
            other = self.find(message.reference["message_id"])
            data["referenced_message"] = self.message_json(other, sees_all) if other else None
        if message.id in self.channels and message.channel_id == self.channels[message.id].parent_id:
            data["thread"] = self.channel_json(self.channels[message.id])
        return data

    def _always_seen(self, message: Sent) -> bool:
        """developers/events/gateway#message-content-intent: our own, direct ones, and those that mention us."""
        direct = self.channels[message.channel_id].type == DM
        return direct or message.author == self.bot.id or self.bot.id in message.mentions

    def _content_json(self, content: Content) -> dict[str, Any]:
        return {
            "content": content.content,
            "attachments": [self.attachment_json(self.files[id_]) for id_ in content.files],
            "embeds": content.embeds,
        }

    def attachment_json(self, file: Stored) -> dict[str, Any]:
        return {
            "id": file.id,
            "filename": file.name,
            "size": len(file.content),
            "content_type": file.type,
            "url": self.link(file),
            "proxy_url": self.link(file),
        }

    def channel_json(self, channel: Channel) -> dict[str, Any]:
        data: dict[str, Any] = {"id": channel.id, "type": channel.type, "flags": 0}
        if channel.type == DM:
            recipients = [self.users[channel.recipient].json()] if channel.recipient else []
            return data | {"recipients": recipients, "last_message_id": None}
        data |= {"guild_id": channel.guild_id, "name": channel.name, "parent_id": channel.parent_id, "position": 0}
        if channel.type != THREAD:
            return data | {
                "permission_overwrites": self._exceptions(channel),
                "nsfw": False,
                "topic": None,
                "available_tags": [],
            }
        metadata = {
            "archived": channel.archived,
            "locked": channel.locked,
            "auto_archive_duration": 4320,
            "archive_timestamp": _iso(self.clock.now()),
        }
        counts = {"message_count": len(channel.messages), "member_count": 1, "rate_limit_per_user": 0}
        return data | counts | {"owner_id": self.bot.id, "thread_metadata": metadata}

    def _exceptions(self, channel: Channel) -> list[dict[str, Any]]:
        """developers/resources/channel#overwrite-object; 0 is of a role"""
        if not channel.closed or channel.guild_id is None:
            return []
        see = str(PERMISSIONS["VIEW_CHANNEL"])
        ours = self.guilds[channel.guild_id].role
        return [
            {"id": channel.guild_id, "type": 0, "allow": "0", "deny": see},
            {"id": ours, "type": 0, "allow": see, "deny": "0"},
        ]

    def guild_json(self, guild: Guild) -> dict[str, Any]:
        mine = [channel for channel in self.channels.values() if channel.guild_id == guild.id]
        role = {"id": guild.role, "name": "Threadsight", "tags": {"bot_id": self.bot.id}, "managed": True}
        common = {"color": 0, "hoist": False, "position": 0, "permissions": "0", "mentionable": False, "flags": 0}
        all_of_them = str(sum(PERMISSIONS.values()))
        everyone = {"id": guild.id, "name": "@everyone", "managed": False, "permissions": all_of_them}
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": self.bot.id,
            "unavailable": False,
            "roles": [common | everyone, common | role],
            "channels": [self.channel_json(one) for one in mine if one.type != THREAD],
            "threads": [self.channel_json(one) for one in mine if one.type == THREAD and not one.archived],
            "members": [{"user": self.bot.json(), "roles": [guild.role], "joined_at": _iso(0), "flags": 0}],
            "member_count": len(self.users),
            "joined_at": _iso(0),
            "emojis": [],
            "stickers": [],
            "features": [],
            "presences": [],
            "voice_states": [],
        }

    def application_json(self) -> dict[str, Any]:
        return {
            "id": self.application_id,
            "name": "Threadsight",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "owner": self.bot.json(),
            "team": None,
            "flags": CONTENT_FLAG_LIMITED if self.content_allowed else 0,
            "interactions_endpoint_url": self.interactions_url or None,
        }

    def threads_of(self, channel_id: str) -> Iterator[Channel]:
        return (one for one in self.channels.values() if one.parent_id == channel_id)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
