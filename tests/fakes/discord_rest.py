"""The fake's REST API v10, below /api/v10."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes import discord_limits as limits
from tests.fakes import discord_reactions
from tests.fakes.discord_limits import Rates, Refused
from tests.fakes.discord_things import DM, FORUM, PERMISSIONS, REPLY, TEXT, THREAD, Channel, Sent
from tests.fakes.discord_world import World
from tests.fakes.server import Bucket

BASE = "/api/v10"
Route = Callable[[web.Request], Awaitable[Any]]


PAGE = f"<html>{'Please sign in to use this network. ' * 9}</html>"


@dataclass
class Failure:
    """What the next calls that fit get instead of an answer."""

    method: str
    path: str
    times: int
    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False
    """Whether the call has its effect all the same."""
    after: int = 0
    """So many that fit are answered as usual before."""
    page: bool = False
    """Whether it is a proxy's page, for people."""

    def fits(self, request: web.Request) -> bool:
        return self.times > 0 and request.method == self.method and re.search(self.path, request.path) is not None


class Rest:
    def __init__(self, world: World) -> None:
        self.world = world
        self.rates = Rates(world.clock)
        self.failures: list[Failure] = []
        self.requests: list[dict[str, Any]] = []
        self.unguarded: list[str] = []
        """What was posted or edited without forbidding all mentions (developers/resources/message#allowed-mentions)."""
        self._old_edits: dict[str, Bucket] = {}
        self._nonces: dict[tuple[str, str], Sent] = {}

    def clear(self) -> None:
        """As if nobody had called yet."""
        self.rates = Rates(self.world.clock)
        for remembered in (self.failures, self.requests, self.unguarded, self._old_edits, self._nonces):
            remembered.clear()

    def forget_nonces(self) -> None:
        self._nonces.clear()

    def routes(self) -> list[web.RouteDef]:
        table: list[tuple[str, str, str, Route]] = [
            ("GET", "/users/@me", "me", self._me),
            ("GET", "/users/@me/guilds", "guilds", self._guilds),
            ("POST", "/users/@me/channels", "dms", self._open_dm),
            ("GET", "/gateway/bot", "gateway", self._gateway),
            ("GET", "/oauth2/applications/@me", "application", self._application),
            ("GET", "/applications/@me", "application", self._application),
            ("PUT", "/applications/{application}/commands", "commands", self._commands),
            ("GET", "/guilds/{guild}", "guild", self._guild),
            ("GET", "/guilds/{guild}/members/{user}", "member", self._member),
            ("GET", "/channels/{channel}", "channel", self._channel),
            ("PATCH", "/channels/{channel}", "channel", self._change_channel),
            ("POST", "/channels/{channel}/typing", "typing", self._typing),
            ("GET", "/channels/{channel}/messages", "messages", self._messages),
            ("POST", "/channels/{channel}/messages", "messages", self._create),
            ("GET", "/channels/{channel}/messages/{message}", "message", self._message),
            ("PATCH", "/channels/{channel}/messages/{message}", "message", self._edit),
            ("DELETE", "/channels/{channel}/messages/{message}", "message", self._delete),
            ("POST", "/channels/{channel}/messages/{message}/threads", "threads", self._start_thread),
            ("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", "reaction", self._react),
        ]
        return [web.route(method, BASE + path, self._wrapped(name, route)) for method, path, name, route in table]

    def _wrapped(self, name: str, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            response = await self._answer(name, route, request)
            call = {"method": request.method, "path": request.path, "status": response.status}
            self.requests.append(call | {"at": self.world.clock.now()})
            self.world.touch()
            return response

        return answer

    async def _answer(self, name: str, route: Route, request: web.Request) -> web.Response:
        for failure in self.failures:
            if failure.fits(request) and failure.after:
                failure.after -= 1
            elif failure.fits(request):
                failure.times -= 1
                if failure.done:
                    await route(request)
                if failure.page:
                    return web.Response(text=PAGE, status=failure.status, content_type="text/html")
                return limits.answer(failure.body, failure.status, failure.headers)
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            return Refused(0).response()
        try:
            headers = self.rates.take(
                request.method, name, request.match_info.get("channel") or request.match_info.get("guild", "")
            )
            body = await route(request)
        except Refused as refused:
            return refused.response()
        if body is None:
            return web.Response(status=204, headers=headers)
        return limits.answer(body, headers=headers)

    # who and where

    async def _me(self, request: web.Request) -> Any:
        return self.world.bot.json()

    async def _application(self, request: web.Request) -> Any:
        return self.world.application_json()

    async def _guilds(self, request: web.Request) -> Any:
        """developers/resources/user#get-current-user-guilds"""
        from_all = sum(PERMISSIONS.values())
        return [
            {
                "id": guild.id,
                "name": guild.name,
                "permissions": str(from_all - sum(PERMISSIONS[name] for name in guild.denied)),
            }
            for guild in self.world.guilds.values()
        ]

    async def _guild(self, request: web.Request) -> Any:
        guild = self.world.guilds.get(request.match_info["guild"])
        if guild is None:
            raise Refused(10004)
        return self.world.guild_json(guild)

    async def _member(self, request: web.Request) -> Any:
        """developers/resources/guild#get-guild-member; without the GUILD_MEMBERS intent, too"""
        await self._guild(request)
        person = self.world.users.get(request.match_info["user"])
        if person is None or person.left:
            raise Refused(10007)
        return person.member_json() | {"user": person.json()}

    async def _commands(self, request: web.Request) -> Any:
        """developers/interactions/application-commands#bulk-overwrite-global-application-commands"""
        commands = await request.json()
        if len(commands) > limits.MOST_COMMANDS:
            raise Refused(30032)
        return [{"id": self.world.new_id(), "application_id": self.world.application_id} | one for one in commands]

    async def _gateway(self, request: web.Request) -> Any:
        """developers/events/gateway#get-gateway-bot"""
        starts = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {
            "url": self.world.base.replace("http", "ws", 1) + "/gateway",
            "shards": self.world.shards,
            "session_start_limit": starts,
        }

    async def _open_dm(self, request: web.Request) -> Any:
        person = (await request.json())["recipient_id"]
        return self.world.channel_json(self.world.open_dm(person))

    async def _channel(self, request: web.Request) -> Any:
        return self.world.channel_json(self._seen(request))

    async def _change_channel(self, request: web.Request) -> Any:
        """developers/topics/threads#editing--deleting-threads"""
        channel, change = self._seen(request), await request.json()
        if channel.locked:
            raise Refused(50013)
        channel.archived = change.get("archived", channel.archived)
        self.world.tell("THREAD_UPDATE", lambda _: self.world.channel_json(channel))
        return self.world.channel_json(channel)

    async def _typing(self, request: web.Request) -> None:
        self._seen(request)

    # messages

    async def _messages(self, request: web.Request) -> Any:
        """developers/resources/message#get-channel-messages"""
        channel = self._seen(request)
        if channel.type == FORUM:
            raise Refused(50024)
        self._need(channel, "READ_MESSAGE_HISTORY")
        limit, before = int(request.query.get("limit", 50)), int(request.query.get("before", 1 << 64))
        if not 1 <= limit <= 100:
            raise limits.invalid("limit", "NUMBER_TYPE_MAX")
        found = [message for message in reversed(channel.messages.values()) if int(message.id) < before]
        return [self._json(message) for message in found[:limit]]

    async def _message(self, request: web.Request) -> Any:
        channel, message = self._known(request)
        self._need(channel, "READ_MESSAGE_HISTORY")
        return self._json(message)

    async def _create(self, request: web.Request) -> Any:
        """developers/resources/message#create-message"""
        channel = self._seen(request)
        payload, uploads = await _body(request)
        self._may_post(channel, uploads)
        self._look_for_pings(payload)
        limits.check_message(payload, [content for _, content, _ in uploads])
        nonce = payload.get("nonce")
        earlier = self._nonces.get((channel.id, str(nonce)))
        if payload.get("enforce_nonce") and earlier and self.world.clock.now() - earlier.at < limits.NONCE_HOLDS_S:
            return self._json(earlier)
        message = Sent(
            author=self.world.bot.id,
            content=payload.get("content") or "",
            components=payload.get("components") or [],
            flags=payload.get("flags", 0),
            files=[self.world.store(name, content, kind, channel.id).id for name, content, kind in uploads],
            nonce=nonce,
        )
        self._reply(message, payload, channel)
        self.world.send(channel, message)
        if nonce is not None:
            self._nonces[channel.id, str(nonce)] = message
        return self._json(message)

    def _look_for_pings(self, payload: dict[str, Any]) -> None:
        if payload.get("allowed_mentions") != {"parse": []}:
            self.unguarded.append(str(payload.get("content")))

    def _reply(self, message: Sent, payload: dict[str, Any], channel: Channel) -> None:
        reference = payload.get("message_reference")
        if reference is None:
            return
        if reference["message_id"] in channel.messages:
            message.type, message.reference = REPLY, {"type": 0, "channel_id": channel.id} | reference
        elif reference.get("fail_if_not_exists", True):
            raise limits.invalid("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE")

    async def _edit(self, request: web.Request) -> Any:
        """developers/resources/message#edit-message"""
        channel, message = self._known(request)
        payload, uploads = await _body(request)
        self._look_for_pings(payload)
        if message.author != self.world.bot.id:
            raise Refused(50005)
        if channel.archived:
            raise Refused(50083)
        self._limit_old_edits(channel, message)
        limits.check_message({"content": message.content} | payload, [content for _, content, _ in uploads])
        kept = [one["id"] for one in payload.get("attachments", []) if str(one["id"]) in message.files]
        message.edits.append((self.world.clock.now(), message.content))
        message.content = payload.get("content", message.content)
        message.components = payload.get("components", message.components)
        if "attachments" in payload or uploads:
            new = [self.world.store(name, content, kind, channel.id).id for name, content, kind in uploads]
            message.files = [*map(str, kept), *new]
        self.world.tell_update(channel, message.id)
        return self._json(message)

    def _limit_old_edits(self, channel: Channel, message: Sent) -> None:
        if self.world.clock.now() - message.at < limits.OLD_MESSAGE_S:
            return
        bucket = self._old_edits.setdefault(
            channel.id, Bucket(self.world.clock, limits.OLD_EDITS, limits.OLD_EDITS_PER_S)
        )
        wait = bucket.take()
        if wait:
            raise Refused(30046, retry_after=self.world.clock.real(wait), **{"global": False})

    async def _delete(self, request: web.Request) -> None:
        channel, message = self._known(request)
        self.world.delete(channel, message.id)

    async def _react(self, request: web.Request) -> None:
        discord_reactions.add(*self._known(request), request.match_info["emoji"])

    async def _start_thread(self, request: web.Request) -> Any:
        """developers/resources/channel#start-thread-from-message"""
        channel, message = self._known(request)
        payload = await request.json()
        self._need(channel, "CREATE_PUBLIC_THREADS")
        if channel.type != TEXT:
            raise Refused(50024)
        if not 1 <= len(payload["name"]) <= limits.LONGEST_THREAD_NAME:
            raise limits.invalid("name", "BASE_TYPE_BAD_LENGTH")
        if payload.get("auto_archive_duration", 1440) not in limits.ARCHIVE_MINUTES:
            raise limits.invalid("auto_archive_duration", "BASE_TYPE_CHOICES")
        if message.id in self.world.channels:
            raise Refused(160004)
        return self.world.channel_json(self.world.add_thread(channel, payload["name"], message.id))

    # what may be done

    def _seen(self, request: web.Request) -> Channel:
        channel = self.world.channels.get(request.match_info["channel"])
        if channel is None:
            raise Refused(10003)
        if "VIEW_CHANNEL" in channel.denied:
            raise Refused(50001)
        return channel

    def _known(self, request: web.Request) -> tuple[Channel, Sent]:
        channel = self._seen(request)
        message = channel.messages.get(request.match_info["message"])
        if message is None:
            raise Refused(10008)
        return channel, message

    def _need(self, channel: Channel, permission: str) -> None:
        if permission in channel.denied:
            raise Refused(50013)

    def _may_post(self, channel: Channel, uploads: list[Any]) -> None:
        if channel.type == DM and "SEND_MESSAGES" in channel.denied:
            raise Refused(50007)
        if channel.type == FORUM:
            raise Refused(50024)
        if channel.locked:
            raise Refused(160005)
        self._need(channel, "SEND_MESSAGES_IN_THREADS" if channel.type == THREAD else "SEND_MESSAGES")
        if uploads:
            self._need(channel, "ATTACH_FILES")

    def _json(self, message: Sent) -> dict[str, Any]:
        return self.world.message_json(message, self.world.content_allowed)


async def _body(request: web.Request) -> tuple[dict[str, Any], list[tuple[str, bytes, str]]]:
    """The JSON and the uploads of a request (developers/reference#uploading-files)."""
    if request.content_type == "application/json":
        return await request.json(), []
    payload: dict[str, Any] = {}
    uploads = []
    async for part in await request.multipart():
        assert isinstance(part, aiohttp.BodyPartReader)
        content = bytes(await part.read(decode=False))
        if part.name == "payload_json":
            payload = json.loads(content)
        else:
            uploads.append((part.filename or "unknown", content, "application/octet-stream"))
    return payload, uploads
