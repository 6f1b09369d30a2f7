"""The fake Slack's Web API. Errors and scopes as on docs.slack.dev/reference/methods/METHOD."""

import base64
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes import slack_reactions
from tests.fakes.slack_delivery import Courier
from tests.fakes.slack_files import Files
from tests.fakes.slack_limits import Rates, check_message, loud
from tests.fakes.slack_say import changed_event, delete, events_about
from tests.fakes.slack_streams import Streams
from tests.fakes.slack_world import (
    APP_TOKEN,
    BOT,
    BOT_TOKEN,
    BOT_USER,
    ENTERPRISE,
    TEAM,
    Channel,
    Json,
    Refused,
    World,
    public,
)

HISTORY_SCOPES = {"channel": "channels:history", "group": "groups:history", "im": "im:history", "mpim": "mpim:history"}
READ_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.startStream": "chat:write",
    "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "reactions.add": "reactions:write",
}
ENCODED = ("blocks", "metadata", "files", "attachments", "chunks")
"""Arguments that come as JSON within a form."""


@dataclass
class Fault:
    """What the next calls of a method get instead of an answer. ``done``: after the call has had its effect."""

    error: str = ""
    status: int = 200
    times: int = 1
    done: bool = False
    retry_after: str = ""
    more: Json = field(default_factory=dict)

    def response(self) -> web.Response:
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        if not self.error:
            return web.Response(status=self.status, text="<html>oops</html>", content_type="text/html", headers=headers)
        return web.json_response({"ok": False, "error": self.error, **self.more}, status=self.status, headers=headers)


class WebApi:
    """``POST`` or ``GET /api/METHOD`` with a form or JSON."""

    def __init__(self, world: World, courier: Courier, files: Files) -> None:
        self._world = world
        self._courier = courier
        self._files = files
        self._rates = Rates(world.clock)
        self.streams = Streams(world)
        self.calls: list[Json] = []
        self.keeps_calls = True
        """Otherwise only the last."""
        self.whispers: list[Json] = []
        self.faults: dict[str, list[Fault]] = {}

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls = self.calls if self.keeps_calls else []
        self.calls.append({"method": method, "at": self._world.clock.now(), **arguments})
        await self._world.changed()
        wait = self._rates.wait(method, str(arguments.get("channel", "")))
        if wait:
            # In whole seconds, of the client's own time.
            pause = str(max(1, math.ceil(self._world.clock.real(wait))))
            self.calls[-1]["limited"] = True
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": pause})
        fault = self._fault(method)
        if fault is not None and not fault.done:
            return fault.response()
        answer = await self._answer(request, method, arguments)
        if fault is not None:
            return fault.response()
        scopes = ",".join(sorted(self._world.scopes))
        return web.json_response(answer, headers={"x-oauth-scopes": scopes})

    def _fault(self, method: str) -> Fault | None:
        waiting = self.faults.get(method)
        if not waiting:
            return None
        waiting[0].times -= 1
        return waiting.pop(0) if waiting[0].times <= 0 else waiting[0]

    async def _answer(self, request: web.Request, method: str, arguments: Json) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.get("token", "")
        handlers: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._connections_open,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.postEphemeral": self._whisper,
            "chat.startStream": self._start_stream,
            "chat.appendStream": self._append_stream,
            "chat.stopStream": self._stop_stream,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._channel_info,
            "conversations.members": self._channel_members,
            "files.info": self._files.info,
            "files.getUploadURLExternal": self._files.upload_url,
            "files.completeUploadExternal": self._upload_done,
            "users.info": self._user_info,
            "usergroups.users.list": self._group_members,
            "reactions.add": self._react,
        }
        try:
            if method not in handlers:
                raise Refused("unknown_method")
            self._admit(method, token, arguments)
            self.streams.expire()
            return {"ok": True} | await handlers[method](arguments | {"_base": f"http://{request.host}"})
        except Refused as refused:
            return refused.answer

    def _admit(self, method: str, token: str, arguments: Json) -> None:
        if not token:
            raise Refused("not_authed")
        if token == BOT_TOKEN and self._world.revoked:
            raise Refused(self._world.revoked)
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            raise Refused("not_allowed_token_type" if token in (APP_TOKEN, BOT_TOKEN) else "invalid_auth")
        needed = SCOPES.get(method)
        if method in ("conversations.history", "conversations.replies"):
            needed = HISTORY_SCOPES[self._world.channel(arguments.get("channel")).kind]
        if needed and needed not in self._world.scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(sorted(self._world.scopes)))

    async def _auth_test(self, arguments: Json) -> Json:
        who = {"team_id": TEAM, "enterprise_id": ENTERPRISE, "user_id": BOT_USER, "bot_id": BOT}
        return {"url": "https://fake.slack.com/"} | who

    async def _connections_open(self, arguments: Json) -> Json:
        return {"url": self._courier.open_socket(arguments["_base"])}

    def _place(self, arguments: Json) -> Channel:
        channel = self._world.channel(arguments.get("channel"))
        if channel.archived:
            raise Refused("is_archived")
        if not channel.member:
            raise Refused("not_in_channel")
        return channel

    async def _post(self, arguments: Json) -> Json:
        channel = self._place(arguments)
        kept = ("text", "blocks", "metadata", "thread_ts")
        message = {key: arguments[key] for key in kept if arguments.get(key)} | {"user": BOT_USER, "bot_id": BOT}
        check_message(message, update=False)
        message |= {"_loud": loud(message), "_unfurls": arguments.get("unfurl_links") is not False}
        message = await self._world.put(channel, message)
        for payload in events_about(channel, message):
            self._courier.send(payload)
        return {"channel": channel.id, "ts": message["ts"], "message": public(message)}

    async def _update(self, arguments: Json) -> Json:
        channel = self._place(arguments)
        message = self._world.message(channel.id, arguments.get("ts"))
        if message.get("bot_id") != BOT:
            raise Refused("cant_update_message")
        if message.get("streaming_state") == "in_progress":
            raise Refused("streaming_state_conflict")  # chat.update, errors
        changed: Json = {key: arguments[key] for key in ("text", "blocks", "metadata") if key in arguments}
        changed.setdefault("blocks", [] if "text" in arguments else message.get("blocks", []))
        check_message(changed, update=True)
        message |= changed
        message["edited"] = {"user": BOT_USER, "ts": self._world.timestamp()}
        message["_loud"] = sorted({*message["_loud"], *loud(message)})
        self._world.remember(message)
        self._courier.send(changed_event(channel, message))
        await self._world.changed()
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": public(message)}

    async def _delete(self, arguments: Json) -> Json:
        channel = self._place(arguments)
        message = self._world.message(channel.id, arguments.get("ts"))
        if message.get("bot_id") != BOT or message.get("streaming_state") == "in_progress":
            raise Refused("cant_delete_message")
        self._courier.send(await delete(self._world, channel, message["ts"]))
        return {"channel": channel.id, "ts": message["ts"]}

    async def _start_stream(self, arguments: Json) -> Json:
        return await self.streams.start(self._place(arguments), arguments)

    async def _append_stream(self, arguments: Json) -> Json:
        return await self.streams.append(self._place(arguments), arguments)

    async def _stop_stream(self, arguments: Json) -> Json:
        return await self.streams.stop(self._place(arguments), arguments)

    async def _whisper(self, arguments: Json) -> Json:
        channel = self._place(arguments)
        if arguments.get("user") not in self._world.users:
            raise Refused("user_not_in_channel")
        message = {key: arguments.get(key) for key in ("text", "blocks", "thread_ts", "user")}
        check_message(message, update=False)
        self.whispers.append(message | {"channel": channel.id, "_loud": loud(message)})
        await self._world.changed()
        return {"message_ts": self._world.timestamp()}

    async def _history(self, arguments: Json) -> Json:
        channel = self._place(arguments)
        top = [
            one
            for one in channel.messages.values()
            if one.get("thread_ts", one["ts"]) == one["ts"] or one.get("subtype") == "thread_broadcast"
        ]
        found = [one for one in reversed(top) if _within(one, arguments)]
        return _page(found, arguments, usual=100, most=999)

    async def _replies(self, arguments: Json) -> Json:
        channel, root = self._place(arguments), str(arguments.get("ts"))
        if root not in channel.messages:
            raise Refused("thread_not_found")
        found = [one for one in self._world.thread(channel, root) if one["ts"] == root or _within(one, arguments)]
        return _page(found, arguments, usual=1_000, most=1_000)

    async def _channel_info(self, arguments: Json) -> Json:
        channel = self._world.channel(arguments.get("channel"))
        return {"channel": {"id": channel.id, "is_im": channel.kind == "im", "is_member": channel.member}}

    async def _channel_members(self, arguments: Json) -> Json:
        """docs.slack.dev/reference/methods/conversations.members: of private channels for those inside alone."""
        channel = self._world.channel(arguments.get("channel"))
        if channel.kind != "channel" and not channel.member:
            raise Refused("channel_not_found")
        if READ_SCOPES[channel.kind] not in self._world.scopes:
            raise Refused("missing_scope", needed=READ_SCOPES[channel.kind])
        people = list(self._world.users) if channel.people is None else channel.people
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
        rest = people[start + limit :]
        more = {"next_cursor": str(start + limit) if rest else ""}
        return {"members": people[start : start + limit], "response_metadata": more}

    async def _upload_done(self, arguments: Json) -> Json:
        return await self._files.upload_done(self._place({"channel": arguments.get("channel_id")}), arguments)

    async def _user_info(self, arguments: Json) -> Json:
        user = self._world.users.get(str(arguments.get("user")))
        if user is None:
            raise Refused("user_not_found")
        return {"user": user}

    async def _group_members(self, arguments: Json) -> Json:
        if arguments.get("usergroup") not in self._world.groups:
            raise Refused("no_such_subteam")
        return {"users": self._world.groups[arguments["usergroup"]]}

    async def _react(self, arguments: Json) -> Json:
        return await slack_reactions.add(self._world, arguments)


async def _arguments(request: web.Request) -> Json:
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    elif request.method == "POST":
        arguments |= dict(await request.post())
    for key in ENCODED:
        if isinstance(arguments.get(key), str):
            arguments[key] = json.loads(arguments[key])
    return arguments


def _within(message: Json, arguments: Json) -> bool:
    """``oldest`` and ``latest`` are left out themselves unless ``inclusive``."""
    at = float(message["ts"])
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or math.inf)
    if arguments.get("inclusive") in (True, "1", "true"):
        return oldest <= at <= latest
    return oldest < at < latest


def _page(messages: list[Json], arguments: Json, *, usual: int, most: int) -> Json:
    """docs.slack.dev/apis/web-api/pagination"""
    limit = int(arguments.get("limit") or usual)
    if not 0 < limit <= most:
        raise Refused("invalid_limit")
    try:
        start = int(base64.b64decode(arguments.get("cursor") or b"MA=="))
    except ValueError:
        raise Refused("invalid_cursor") from None
    metadata = arguments.get("include_all_metadata") in (True, "1", "true")
    rest = len(messages) > start + limit
    cursor = base64.b64encode(str(start + limit).encode()).decode() if rest else ""
    shown = [public(one, metadata=metadata) for one in messages[start : start + limit]]
    return {"messages": shown, "has_more": rest, "response_metadata": {"next_cursor": cursor}}
