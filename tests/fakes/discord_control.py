"""How tests steer and look into the fake Discord: POST /_control/NAME with JSON."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord_gateway import Gateway, shard_of
from tests.fakes.discord_interactions import Interactions
from tests.fakes.discord_rest import BASE, Failure, Rest
from tests.fakes.discord_things import FORUM, REPLY, TEXT, THREAD, Channel, Content, Sent
from tests.fakes.discord_world import World
from tests.fakes.server import Trouble

PATIENCE_S = 30.0
_KINDS = {"text": TEXT, "forum": FORUM}
Verb = Callable[..., Awaitable[Any]]


class Control:
    """Each public method is a verb; ids go in and out as strings. ``until…`` verbs wait, the others are at once."""

    def __init__(
        self, world: World, rest: Rest, gateway: Gateway, interactions: Interactions, trouble: Trouble
    ) -> None:
        self._trouble = trouble
        self._world = world
        self._rest = rest
        self._gateway = gateway
        self._interactions = interactions

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/_control/{verb}", self._handle)]

    async def _handle(self, request: web.Request) -> web.Response:
        name = request.match_info["verb"]
        if name.startswith("_") or not hasattr(self, name):
            return web.Response(status=404, text=f"no such verb: {name}")
        verb: Verb = getattr(self, name)
        try:
            return web.json_response(await verb(**await request.json()))
        except AssertionError as error:
            return web.Response(status=504, text=str(error))

    # what there is

    async def start(self, shards: int = 1) -> dict[str, str]:
        """A new world with a guild, a text channel and a person; what a client needs to connect to it."""
        world = self._world
        for everything in (world, self._rest, self._gateway):
            everything.clear()
        world.shards = shards
        guild = world.add_guild("Guild")
        return {
            "token": world.token,
            "api_url": world.base + BASE,
            "gateway_url": world.base.replace("http", "ws", 1) + "/gateway",
            "file_host": world.base.removeprefix("http://"),
            "bot": world.bot.id,
            "role": guild.role,
            "guild": guild.id,
            "channel": world.add_channel(guild.id, "general").id,
            "user": world.add_user("Ada").id,
        }

    async def add_guild(self, name: str, denied: list[str] | None = None, shard: int = 0) -> dict[str, str]:
        """``shard`` is the one that hears of it, counted from that of the first guild."""
        first = next(iter(self._world.guilds.values()), None)
        guild = self._world.add_guild(name)
        while first and (shard_of(guild.id, self._world.shards) - shard_of(first.id, self._world.shards) - shard) % (
            self._world.shards
        ):
            self._world.guilds.pop(guild.id)
            guild = self._world.add_guild(name)
        guild.denied = set(denied or ())
        self._world.tell("GUILD_CREATE", lambda _: self._world.guild_json(guild))
        return {"guild": guild.id, "role": guild.role}

    async def add_channel(self, guild: str, name: str, kind: str = "text", closed: bool = False) -> str:
        channel = self._world.add_channel(guild, name, _KINDS[kind])
        channel.closed = closed
        self._world.tell("CHANNEL_CREATE", lambda _: self._world.channel_json(channel))
        return channel.id

    async def add_user(self, name: str, bot: bool = False) -> str:
        return self._world.add_user(name, bot=bot).id

    async def change_user(self, user: str, **fields: Any) -> None:
        """``roles``: their ids; ``left``: no guild any more."""
        for name, value in fields.items():
            setattr(self._world.users[user], name, value)

    async def add_file(self, name: str, content: str, type: str = "image/png") -> str:  # noqa: A002
        """``content`` in base64; the id goes into ``files`` of what is said."""
        return self._world.store(name, base64.b64decode(content), type).id

    async def open_dm(self, user: str) -> str:
        return self._world.open_dm(user).id

    async def deny(self, channel: str, permissions: list[str]) -> None:
        """From now on exactly these are lacking in the channel and in threads made of its messages."""
        self._world.channels[channel].denied = set(permissions)

    async def allow_content(self, allowed: bool) -> None:
        """The Message Content Intent's switch in the developer portal."""
        self._world.content_allowed = allowed

    async def set_interactions_url(self, url: str) -> None:
        self._world.interactions_url = url

    async def change_token(self, token: str) -> None:
        self._world.token = token

    # what people do

    async def say(
        self,
        channel: str,
        user: str,
        text: str = "",
        files: tuple[str, ...] = (),
        embeds: tuple[dict[str, Any], ...] = (),
        reply_to: str | None = None,
        ping: bool = True,
        unseen: bool = False,
    ) -> str:
        """``<@id>`` and ``<@&id>`` in the text mention. ``unseen``: said while we were away."""
        place = self._world.channels[channel]
        message = Sent(content=text, author=user, files=self._own(place, files), embeds=list(embeds))
        message.mentions = [id_ for id_ in self._world.users if f"<@{id_}>" in text or f"<@!{id_}>" in text]
        message.mention_roles = [guild.role for guild in self._world.guilds.values() if f"<@&{guild.role}>" in text]
        if reply_to is not None:
            other = place.messages[reply_to]
            message.type = REPLY
            message.reference = {"type": 0, "message_id": other.id, "channel_id": channel, "guild_id": place.guild_id}
            message.mentions += [other.author] * (ping and other.author not in message.mentions)
        listeners = self._world.listeners
        self._world.listeners = [] if unseen else listeners
        try:
            return self._world.send(place, message).id
        finally:
            self._world.listeners = listeners

    async def forward(self, channel: str, user: str, message: str) -> str:
        """developers/resources/message#message-reference-types: a snapshot, and no words of one's own."""
        source = self._world.find(message)
        assert source is not None
        place = self._world.channels[channel]
        snapshot = Content(source.content, self._own(place, source.files), list(source.embeds))
        reference = {"type": 1, "message_id": source.id, "channel_id": source.channel_id}
        return self._world.send(place, Sent(author=user, reference=reference, snapshots=[snapshot])).id

    def _own(self, channel: Channel, files: list[str] | tuple[str, ...]) -> list[str]:
        stored = [self._world.files[id_] for id_ in files]
        return [self._world.store(one.name, one.content, one.type, channel.id).id for one in stored]

    async def start_thread(self, channel: str, name: str, message: str | None = None) -> str:
        return self._world.add_thread(self._world.channels[channel], name, message).id

    async def start_forum_post(
        self, channel: str, user: str, title: str, text: str = "", files: tuple[str, ...] = ()
    ) -> str:
        """A thread whose first message has its id (…/channel#start-thread-in-forum-or-media-channel)."""
        thread = self._world.add_thread(self._world.channels[channel], title)
        message = Sent(id=thread.id, content=text, author=user, files=self._own(thread, files))
        message.mentions = [id_ for id_ in self._world.users if f"<@{id_}>" in text]
        return self._world.send(thread, message).id

    async def archive(self, thread: str, locked: bool = False) -> None:
        channel = self._world.channels[thread]
        channel.archived, channel.locked = True, locked
        self._world.tell("THREAD_UPDATE", lambda _: self._world.channel_json(channel))

    async def delete(self, channel: str, message: str) -> None:
        """developers/events/gateway-events#message-delete"""
        self._world.delete(self._world.channels[channel], message)

    async def delete_bulk(self, channel: str, messages: list[str]) -> None:
        """developers/events/gateway-events#message-delete-bulk"""
        place = self._world.channels[channel]
        for message in messages:
            del place.messages[message]
        gone = {"ids": messages, "channel_id": channel, "guild_id": place.guild_id}
        self._world.tell("MESSAGE_DELETE_BULK", lambda _: gone)

    async def edit(self, channel: str, message: str, text: str) -> None:
        self._world.edit(self._world.channels[channel], message, text)

    async def unfurl(self, channel: str, message: str, embed: dict[str, Any]) -> None:
        """Discord adds what a link shows: an update too, but no edit."""
        place = self._world.channels[channel]
        place.messages[message].embeds.append(embed)
        self._world.tell_update(place, message)

    async def delete_channel(self, channel: str) -> None:
        """Or a thread, of which less is told (developers/events/gateway-events#thread-delete)."""
        place = self._world.channels.pop(channel)
        gone = self._world.channel_json(place)
        if place.type == THREAD:
            kept = ("id", "guild_id", "parent_id", "type")
            self._world.tell("THREAD_DELETE", lambda _: {key: gone[key] for key in kept})
        else:
            self._world.tell("CHANNEL_DELETE", lambda _: gone)

    async def leave_guild(self, guild: str, outage: bool = False) -> None:
        """developers/events/gateway-events#guild-delete"""
        gone = {"id": guild, "unavailable": True} if outage else {"id": guild}
        self._world.tell("GUILD_DELETE", lambda _: gone)

    async def press(self, message: str, label: str, user: str) -> str:
        """The press's id, for ``until_answered``."""
        found = self._world.find(message)
        assert found is not None
        return self._interactions.press(found, label, user).id

    # what goes wrong

    async def drop(self, code: int = 1006) -> None:
        """Close the gateway's connections with the code; 0 sends op 7 Reconnect."""
        self._gateway.drop(1001 if code == 1006 else code)

    async def outage(self, seconds: float) -> None:
        """Be away for so long on the fake's clock."""
        self._trouble.outage.begin(seconds)
        self._gateway.drop(1001)

    async def mishaps(
        self, share: float = 0.0, seed: int = 0, silence_s: float = 60.0, kind: str = ""
    ) -> dict[str, int]:
        """Let this share of the calls and downloads go wrong from now on; how many did so far."""
        self._trouble.mishaps.begin(share, seed, silence_s, kind)
        return dict(self._trouble.mishaps.counts)

    async def forget_sessions(self) -> None:
        """Drop, and refuse to resume."""
        self._gateway.drop(1001)
        self._gateway.sessions.clear()

    async def fall_silent(self) -> None:
        """Drop, and let who comes back wait for ever."""
        self._gateway.silent = True
        self._gateway.drop(1001)

    async def until_unanswered(self) -> None:
        """Once somebody waits for the silent gateway."""
        assert await self._world.until(lambda: self._gateway.unanswered, PATIENCE_S), "nobody came back"

    async def expire_links(self) -> None:
        self._world.expire_links()

    async def fail_next(
        self,
        method: str,
        path: str,
        status: int,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        times: int = 1,
        done: bool = False,
        after: int = 0,
        page: bool = False,
    ) -> None:
        """``path`` is searched for as a regular expression; the CDN's paths count too. ``done``: the call has its
        effect all the same. ``after``: so many that fit are answered as usual before. ``page``: it is no JSON."""
        self._rest.failures.append(Failure(method, path, times, status, body or {}, headers or {}, done, after, page))

    async def forget_nonces(self) -> None:
        """As after some minutes."""
        self._rest.forget_nonces()

    # what is there now

    async def messages(self, channel: str) -> list[dict[str, Any]]:
        return [self._shown(message) for message in self._world.channels[channel].messages.values()]

    async def threads(self, channel: str) -> list[dict[str, Any]]:
        return [self._world.channel_json(one) for one in self._world.threads_of(channel)]

    async def requests(self) -> list[dict[str, Any]]:
        """Method, path, status and platform time of each REST call that was answered."""
        return self._rest.requests

    async def unguarded(self) -> list[str]:
        """The texts of posts and edits that did not forbid all mentions."""
        return self._rest.unguarded

    async def token_of(self, press: str) -> str:
        return self._interactions.presses[press].token

    async def connections(self) -> dict[str, int | bool]:
        gateway = self._gateway
        counts = {"identified": gateway.identified, "resumed": gateway.resumed, "heartbeats": gateway.heartbeats}
        return counts | {"connected": gateway.connected(), "sockets": gateway.sockets()}

    def _shown(self, message: Sent) -> dict[str, Any]:
        labels = [button["label"] for row in message.components for button in row["components"]]
        return self._world.message_json(message) | {
            "own": message.author == self._world.bot.id,
            "edits": message.edits,
            "buttons": labels,
            "files": {self._world.files[id_].name: self._read(id_) for id_ in message.files},
        }

    def _read(self, file_id: str) -> str:
        return base64.b64encode(self._world.files[file_id].content).decode()

    # waiting for it

    async def until_said(
        self, channel: str, contains: str = "", without: str = "", count: int = 1, patience: float = PATIENCE_S
    ) -> list[dict[str, Any]]:
        """Our messages in a channel or thread, once ``count`` of them have ``contains`` in them and not ``without``."""

        def fitting() -> list[dict[str, Any]]:
            place = self._world.channels.get(channel)
            ours = (
                [self._shown(one) for one in place.messages.values() if one.author == self._world.bot.id]
                if place
                else []
            )
            fits = [one for one in ours if contains in one["content"] and not (without and without in one["content"])]
            return fits if len(fits) >= count else []

        found: list[dict[str, Any]] = await self._world.until(fitting, patience)
        assert found, f"{contains!r} was not said {count} time(s) in {channel}"
        return found

    async def until_reacted(
        self, channel: str, message: str, count: int = 1, patience: float = PATIENCE_S
    ) -> list[str]:
        """Our reactions to a message, once there are so many."""
        found = self._world.channels[channel].messages[message]
        assert await self._world.until(lambda: len(found.reactions) >= count, patience), f"{found.reactions} alone"
        return found.reactions

    async def until_connected(
        self, identified: int = 0, resumed: int = 0, heartbeats: int = 0, sockets: int = 1, patience: float = PATIENCE_S
    ) -> None:
        """Once there are so many connections, after so many identifications, resumptions and heartbeats in all."""
        gateway = self._gateway

        def connected() -> bool:
            counts = (gateway.identified >= identified, gateway.resumed >= resumed, gateway.heartbeats >= heartbeats)
            return gateway.sockets() >= sockets and all(counts)

        assert await self._world.until(connected, patience), "not connected"

    async def until_answered(self, press: str, patience: float = PATIENCE_S) -> dict[str, Any]:
        """The interaction response: ``type`` and ``data``."""
        answers = self._interactions.presses[press].answers
        assert await self._world.until(lambda: answers, patience), "the press was not answered"
        return answers[0]

    async def until_called(self, method: str, path: str, count: int = 1, patience: float = PATIENCE_S) -> int:
        """Once that many REST calls with ``path`` in their path were answered; how many there were."""

        def calls() -> int:
            fits = [one for one in self._rest.requests if one["method"] == method and path in one["path"]]
            return len(fits) if len(fits) >= count else 0

        number: int = await self._world.until(calls, patience)
        assert number, f"{method} {path} was not called {count} time(s)"
        return number
