"""The fake's gateway (developers/events/gateway): hello, identify, heartbeats, resume with replay."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.discord_things import MESSAGE_CONTENT
from tests.fakes.discord_world import World
from tests.fakes.server import Bucket

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 7, 9, 10, 11
HEARTBEAT_S = 41.25  # developers/events/gateway#hello-event: an example has 45 s; this is what Discord sends
ALL_INTENTS = (1 << 22) - 1 | 1 << 24 | 1 << 25  # developers/events/gateway#list-of-intents
SENDS_PER_MINUTE = 120  # developers/events/gateway#rate-limiting


@dataclass
class Session:
    """What survives a dropped connection. ``sent`` holds everything, so that a resume can replay."""

    id: str
    intents: int
    shard: int
    shards: int
    socket: "Socket | None" = None
    sent: list[dict[str, Any]] = field(default_factory=list)

    def dispatch(self, name: str, data: dict[str, Any]) -> None:
        event = {"op": DISPATCH, "t": name, "s": len(self.sent) + 1, "d": data}
        self.sent.append(event)
        if self.socket is not None:
            self.socket.send(event)


class Socket:
    """One connection. Frames are compressed as a stream if the client asks for that."""

    def __init__(self, ws: web.WebSocketResponse, compress: bool) -> None:
        self.ws = ws
        self.session: Session | None = None
        self._deflate = zlib.compressobj() if compress else None
        self._frames: asyncio.Queue[dict[str, Any] | int] = asyncio.Queue()

    def send(self, payload: dict[str, Any]) -> None:
        self._frames.put_nowait(payload)

    def close(self, code: int) -> None:
        """Once all that was sent before is out."""
        self._frames.put_nowait(code)

    async def write(self) -> None:
        while True:
            frame = await self._frames.get()
            if isinstance(frame, int):
                await self.ws.close(code=frame)
                return
            text = json.dumps(frame, separators=(",", ":"))
            if self._deflate is None:
                await self.ws.send_str(text)
            else:  # developers/events/gateway#transport-compression
                data = self._deflate.compress(text.encode())
                await self.ws.send_bytes(data + self._deflate.flush(zlib.Z_SYNC_FLUSH))


class Gateway:
    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.clear()
        world.listeners.append(self._tell)

    def clear(self) -> None:
        """Drop what is connected, and count from zero."""
        self.drop(1001)
        self.sessions.clear()
        self.identified = self.resumed = self.heartbeats = 0
        self.silent = False
        """Whether who connects hears nothing."""
        self.unanswered = 0

    def connected(self) -> bool:
        return self.sockets() > 0

    def sockets(self) -> int:
        return sum(session.socket is not None for session in self.sessions.values())

    def drop(self, code: int) -> None:
        """Close every connection; 0 asks the client to reconnect instead."""
        for session in self.sessions.values():
            if session.socket is not None:
                session.socket.close(code) if code else session.socket.send({"op": RECONNECT, "d": None})

    def _tell(self, name: str, data: Callable[[int], dict[str, Any] | None]) -> None:
        for session in self.sessions.values():
            shown = data(session.intents)
            if shown is not None and _shard(name, shown, session.shards) == session.shard:
                session.dispatch(name, shown)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        if self.silent:
            self.unanswered += 1
            self.world.touch()
            await asyncio.Event().wait()
        compress = request.query.get("compress")
        assert compress in (None, "zlib-stream"), compress
        assert (request.query.get("v"), request.query.get("encoding")) == ("10", "json")
        ws = web.WebSocketResponse(max_msg_size=4096)  # developers/events/gateway#sending-events
        await ws.prepare(request)
        socket = Socket(ws, compress is not None)
        interval = max(self.world.clock.real(HEARTBEAT_S), 0.2)
        socket.send({"op": HELLO, "d": {"heartbeat_interval": int(interval * 1000)}})
        writing = asyncio.create_task(socket.write())
        try:
            await self._listen(socket, interval)
        finally:
            writing.cancel()
            if socket.session is not None and socket.session.socket is socket:
                socket.session.socket = None
            self.world.touch()
        return ws

    async def _listen(self, socket: Socket, interval: float) -> None:
        allowed = Bucket(self.world.clock, SENDS_PER_MINUTE, 60)
        while True:
            try:
                message = await socket.ws.receive(timeout=2 * interval + 2)
            except TimeoutError:  # developers/events/gateway#heartbeat-interval
                await socket.ws.close(code=4009)
                return
            if message.type is not aiohttp.WSMsgType.TEXT:
                return
            if allowed.take():
                socket.close(4008)
            self._take(socket, json.loads(message.data))

    def _take(self, socket: Socket, payload: dict[str, Any]) -> None:
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                socket.send({"op": HEARTBEAT_ACK})
            case 2:
                self._identify(socket, payload["d"])
            case 6:
                self._resume(socket, payload["d"])
            case 3 | 4 | 8:
                pass
            case _:
                socket.close(4001)
        self.world.touch()

    def _identify(self, socket: Socket, data: dict[str, Any]) -> None:
        """developers/events/gateway-events#identify; close codes: developers/topics/opcodes-and-status-codes"""
        if data["token"] != self.world.token:
            socket.close(4004)
        elif data["intents"] & ~ALL_INTENTS:
            socket.close(4013)
        elif data["intents"] & MESSAGE_CONTENT and not self.world.content_allowed:
            socket.close(4014)
        elif not 0 <= (shard := data.get("shard", [0, 1]))[0] < shard[1]:
            socket.close(4010)
        else:
            self._begin(socket, Session(self.world.new_id(), data["intents"], *shard, socket))

    def _begin(self, socket: Socket, session: Session) -> None:
        """developers/events/gateway-events#ready"""
        self.sessions[session.id] = socket.session = session
        socket.session = session
        guilds = [one for one in self.world.guilds.values() if shard_of(one.id, session.shards) == session.shard]
        ready = {
            "v": 10,
            "user": self.world.bot.json(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.world.base.replace("http", "ws", 1) + "/gateway",
            "shard": [session.shard, session.shards],
            "application": {"id": self.world.application_id, "flags": self.world.application_json()["flags"]},
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            session.dispatch("GUILD_CREATE", self.world.guild_json(guild))
        self.identified += 1

    def _resume(self, socket: Socket, data: dict[str, Any]) -> None:
        """developers/events/gateway#resuming: missed events in order, then RESUMED; else the session is invalid."""
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.world.token:
            socket.close(4004)
        elif session is None:
            socket.send({"op": INVALID_SESSION, "d": False})
        elif data["seq"] > len(session.sent):
            socket.close(4007)
        else:
            session.socket, socket.session = socket, session
            for event in session.sent[data["seq"] :]:
                socket.send(event)
            session.dispatch("RESUMED", {})
            self.resumed += 1


def _shard(name: str, data: dict[str, Any], shards: int) -> int:
    """developers/events/gateway#sharding: direct messages go to shard 0."""
    guild_id = data["id"] if name.startswith("GUILD_") else data.get("guild_id")
    return shard_of(guild_id, shards) if guild_id else 0


def shard_of(guild_id: str, shards: int) -> int:
    """developers/events/gateway#sharding"""
    return (int(guild_id) >> 22) % shards
