"""How the fake Slack hands events over: Socket Mode, or signed requests to a URL, with redelivery."""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.fakes.slack_world import APP, SIGNING_SECRET, Json, World

# docs.slack.dev/apis/events-api: 3 s to answer, then about at once, after a minute and after five.
ANSWER_S = 3.0
RETRIES_S = (0.0, 60.0, 300.0)
MOST_SOCKETS = 10  # docs.slack.dev/apis/events-api/using-socket-mode
SOCKET_LIFE_S = 18_060  # as ``hello`` announces it
LEAST_ANSWER_S = 2.0
"""Real seconds: a speed factor makes Slack's clock faster, not the bot's machine."""


@dataclass
class Delivery:
    """One event on its way, with what became of every attempt."""

    id: str
    kind: str
    payload: Json
    attempts: list[Json] = field(default_factory=list)
    state: str = "pending"
    """pending, acked or lost."""

    def json(self) -> Json:
        event = self.payload.get("event", {})
        summary = {"type": event.get("type", self.payload.get("type")), "ts": event.get("ts")}
        return {"id": self.id, "state": self.state, "attempts": self.attempts} | summary


class Courier:
    """Delivers in the background; every attempt that is not acknowledged in time is followed by the next."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._turn = 0
        self._acks: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.deliveries: dict[str, Delivery] = {}
        self.request_url = ""

    def send(self, payload: Json, *, kind: str = "events_api", retried: bool = True) -> str:
        """Deliver a payload; the id to follow it by."""
        delivery = Delivery(payload.get("event_id") or uuid.uuid4().hex, kind, payload)
        self.deliveries[delivery.id] = delivery
        task = asyncio.create_task(self._deliver(delivery, RETRIES_S if retried else ()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery.id

    async def _deliver(self, delivery: Delivery, pauses: tuple[float, ...]) -> None:
        reason = ""
        for number, pause in enumerate((0.0, *pauses)):
            await asyncio.sleep(self._world.clock.real(pause))
            reason = await self._attempt(delivery, number, reason)
            delivery.attempts.append({"at": self._world.clock.now(), "failed": reason})
            if not reason:
                delivery.state = "acked"
                break
            if reason == "no_retry":
                break
        else:
            delivery.state = "lost"
        if delivery.state == "pending":
            delivery.state = "lost"
        await self._world.changed()

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> str:
        """Empty if acknowledged, else why not, in Slack's words."""
        patience = max(self._world.clock.real(ANSWER_S), LEAST_ANSWER_S)
        try:
            async with asyncio.timeout(patience):
                if self.request_url:
                    return await self._request(delivery, number, reason)
                return await self._envelope(delivery, number, reason)
        except TimeoutError:
            return "http_timeout" if self.request_url else "timeout"

    # Socket Mode

    def open_socket(self, address: str) -> str:
        """A ``ws`` address that works once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{address.replace('http', 'ws', 1)}/socket?ticket={ticket}&app_id={APP}"

    async def socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        try:
            await socket.prepare(request)
        except ConnectionResetError:
            return socket  # whoever asked is dead
        if len(self._sockets) >= MOST_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        info = {"connection_info": {"app_id": APP}, "num_connections": len(self._sockets)}
        debug = {"host": "applink-fake", "approximate_connection_time": SOCKET_LIFE_S}
        await socket.send_json({"type": "hello", "debug_info": debug} | info)
        await self._world.changed()
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            await self._world.changed()
        return socket

    @property
    def connected(self) -> int:
        return len(self._sockets)

    def _heard(self, answer: Json) -> None:
        acknowledged = self._acks.pop(answer.get("envelope_id", ""), None)
        if acknowledged is not None and not acknowledged.done():
            acknowledged.set_result(None)

    async def _envelope(self, delivery: Delivery, number: int, reason: str) -> str:
        """An event goes to one of the sockets (github.com/slackapi/node-slack-sdk/issues/1654)."""
        if not self._sockets:
            return "no_connection"
        self._turn += 1
        socket = self._sockets[self._turn % len(self._sockets)]
        envelope = {
            "type": delivery.kind,
            "envelope_id": str(uuid.uuid4()),
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind == "interactive",
            "retry_attempt": number,
            "retry_reason": reason,
        }
        acknowledged = self._acks[str(envelope["envelope_id"])] = asyncio.get_running_loop().create_future()
        try:
            await socket.send_json(envelope)
        except (ConnectionError, RuntimeError):
            return "no_connection"
        await acknowledged
        return ""

    async def disconnect(self, reason: str) -> None:
        """Ask every client to come back on a new socket, as Slack does every few hours."""
        for socket in list(self._sockets):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}})

    def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self._sockets):
            self._sockets.remove(socket)
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()

    # HTTP

    async def verify(self, url: str) -> bool:
        """Slack's trial request before it takes a URL (docs.slack.dev/reference/events/url_verification)."""
        self.request_url = ""
        if not url:
            return True
        challenge = uuid.uuid4().hex
        body = json.dumps({"type": "url_verification", "challenge": challenge, "token": "x"})
        headers = signed(body) | {"Content-Type": "application/json"}
        try:
            async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
                if response.status == 200 and challenge in await response.text():
                    self.request_url = url
        except aiohttp.ClientError:
            return False
        return bool(self.request_url)

    async def _request(self, delivery: Delivery, number: int, reason: str) -> str:
        if delivery.kind == "interactive":
            body, content_type = (
                urlencode({"payload": json.dumps(delivery.payload)}),
                "application/x-www-form-urlencoded",
            )
        else:
            body, content_type = json.dumps(delivery.payload), "application/json"
        headers = signed(body) | {"Content-Type": content_type}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(self.request_url, data=body, headers=headers) as response,
            ):
                if 200 <= response.status < 300:
                    return ""
                return "no_retry" if response.headers.get("X-Slack-No-Retry") == "1" else "http_error"
        except aiohttp.ClientError:
            return "connection_failed"


def signed(body: str, *, secret: str = SIGNING_SECRET) -> dict[str, Any]:
    """docs.slack.dev/authentication/verifying-requests-from-slack; in real time, as clients compare it with theirs."""
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
