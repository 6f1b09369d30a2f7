"""A Slack of our own: Web API, Socket Mode, signed events, uploads and downloads, with Slack's limits on its clock."""

import base64
from typing import Any

from aiohttp import web

from tests.fakes.server import Clock, Mishaps, Outage, Trouble, serve
from tests.fakes.slack_api import Fault, WebApi
from tests.fakes.slack_delivery import Courier
from tests.fakes.slack_files import Files
from tests.fakes.slack_say import delete, envelope, events_about, press, reword, say
from tests.fakes.slack_world import (
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER,
    SIGNING_SECRET,
    TEAM,
    Json,
    Refused,
    World,
)

PATIENCE_S = 30.0


class Control:
    """``POST /_control/NAME``: each public method is a control, its keyword arguments the JSON body."""

    def __init__(self, world: World, api: WebApi, courier: Courier, trouble: Trouble) -> None:
        self._trouble = trouble
        self._world = world
        self._api = api
        self._courier = courier

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name.startswith("_") or name == "handle" or not hasattr(self, name):
            return web.Response(status=404, text=f"no control {name}")
        self._address = f"http://{request.host}"
        try:
            return web.json_response(await getattr(self, name)(**await request.json()))
        except Refused as refused:
            return web.Response(status=400, text=str(refused))
        except TimeoutError:
            return web.Response(status=408, text=f"nothing came; {self._state()}")

    def _state(self) -> str:
        said = [
            f"{channel.id} {one['ts']} {one.get('text')!r:.200} {one.get('blocks', [])!r:.300}"
            for channel in self._world.channels.values()
            for one in channel.messages.values()
        ]
        return "\n".join(["messages:", *said, "deliveries:", *map(str, states(self._courier))])

    async def info(self) -> Json:
        """Addresses and credentials."""
        return {
            "api_url": f"{self._address}/api/",
            "bot_token": BOT_TOKEN,
            "app_token": APP_TOKEN,
            "signing_secret": SIGNING_SECRET,
            "team": TEAM,
            "bot_user": BOT_USER,
        }

    async def add_user(self, name: str, **more: Any) -> Json:
        """``more`` of a user object's fields, such as is_restricted."""
        user = self._world.add_user(name)
        user |= more
        return user

    async def change_user(self, user: str, **fields: Any) -> Json:
        self._world.users[user] |= fields
        return {}

    async def group(self, group: str, users: list[str]) -> Json:
        """A user group has these members from now on."""
        self._world.groups[group] = users
        return {}

    async def add_channel(self, kind: str = "channel", member: bool = True, people: list[str] | None = None) -> Json:
        """``kind``: channel, group, im or mpim; ``people``: who is in it, if not everybody."""
        channel = self._world.add_channel(kind)
        channel.member, channel.people = member, people
        return {"id": channel.id}

    async def add_file(self, content: str, **more: Any) -> Json:
        """``content`` in base64; more of a file object's fields: name, mimetype, mode, file_access, user …"""
        return self._world.add_file(base64.b64decode(content), self._address, **more).json

    async def change_file(self, file: str, **fields: Any) -> Json:
        self._world.files[file].json |= fields
        return {}

    async def expire_link(self, file: str) -> Json:
        self._world.move_file(file)
        return {}

    async def delete_file(self, file: str) -> Json:
        """docs.slack.dev/reference/events/file_deleted"""
        self._world.delete_file(file)
        when = self._world.timestamp()
        gone = {"type": "file_deleted", "file_id": file, "event_ts": when}
        return {"id": self._courier.send(envelope(gone, when=float(when)))}

    async def say(
        self, channel: str, user: str, text: str = "", only: str = "", files_in_mention: bool = False, **more: Any
    ) -> Json:
        """A person writes. ``files``: ids; ``thread_ts``; ``only``: message, app_mention or none of the events that
        tell of it. The message's ts and the ids of the events."""
        place = self._world.channel(channel)
        message = await say(self._world, place, user, text, **more)
        payloads = events_about(place, message, only=only, files_in_mention=files_in_mention)
        return {"ts": message["ts"], "events": [self._courier.send(payload) for payload in payloads]}

    async def event(self, event: Json) -> Json:
        """Deliver any event."""
        return {"id": self._courier.send(envelope(event, when=self._world.clock.now()))}

    async def press(self, channel: str, message: str, user: str, action: str) -> Json:
        """Press a button by its action or its label; Slack sends that once and never again."""
        payload = press(
            self._world.channel(channel), self._world.message(channel, message), self._world.users[user], action
        )
        return {"id": self._courier.send(payload, kind="interactive", retried=False)}

    async def delete(self, channel: str, message: str) -> Json:
        """The id of the event that tells of it."""
        return {"id": self._courier.send(await delete(self._world, self._world.channel(channel), message))}

    async def edit(self, channel: str, message: str, **words: Any) -> Json:
        """A person changes ``text``; anything else alone is Slack's own doing."""
        place, stored = self._world.channel(channel), self._world.message(channel, message)
        return {"id": self._courier.send(await reword(self._world, place, stored, **words))}

    async def channel(self, channel: str, **changes: Any) -> Json:
        """Change a channel (member, archived); its messages, oldest first, with all versions."""
        place = self._world.channel(channel)
        for name, value in changes.items():
            setattr(place, name, value)
        return {"messages": list(place.messages.values())}

    async def thread(self, channel: str, thread_ts: str) -> Json:
        """The messages of a thread, oldest first."""
        return {"messages": list(self._world.thread(self._world.channel(channel), thread_ts))}

    async def revoke(self, error: str = "token_revoked") -> Json:
        """Accept the bot's token no longer, or again if the error is empty."""
        self._world.revoked = error
        return {}

    async def scopes(self, scopes: list[str]) -> Json:
        self._world.scopes = set(scopes)
        return {}

    async def end_streams(self) -> Json:
        """As if all were too old."""
        self._api.streams.expire(life=0.0)
        return {}

    async def name_tasks(self, named: bool) -> Json:
        """Whether a stream that is read back has the ids that tasks were given."""
        self._api.streams.names_tasks = named
        return {}

    async def fail(self, method: str, **fault: Any) -> Json:
        """The next calls of ``method`` fail: error, status, times, retry_after, more. With ``done`` they have their
        effect all the same."""
        self._api.faults.setdefault(method, []).append(Fault(**fault))
        return {}

    async def request_url(self, url: str) -> Json:
        """Deliver over HTTP from now on, if the URL answers the trial request; over sockets if it is empty."""
        return {"verified": await self._courier.verify(url)}

    async def disconnect(self, reason: str = "refresh_requested") -> Json:
        await self._courier.disconnect(reason)
        return {}

    async def drop_sockets(self) -> Json:
        self._courier.drop()
        return {}

    async def outage(self, seconds: float) -> Json:
        """Be away for so long on the fake's clock."""
        self._trouble.outage.begin(seconds)
        self._courier.drop()
        return {}

    async def mishaps(self, share: float = 0.0, seed: int = 0, silence_s: float = 60.0, kind: str = "") -> Json:
        """Let this share of the calls and downloads go wrong from now on; how many did so far."""
        self._trouble.mishaps.begin(share, seed, silence_s, kind)
        return dict(self._trouble.mishaps.counts)

    async def keep_calls(self, kept: bool) -> Json:
        """Remember all that is called, or only the last."""
        self._api.keeps_calls = kept
        return {}

    async def calls(self, method: str = "") -> list[Json]:
        """What was called, with arguments and times."""
        return [one for one in self._api.calls if method in ("", one["method"])]

    async def whispers(self) -> list[Json]:
        return self._api.whispers

    async def deliveries(self) -> list[Json]:
        return states(self._courier)

    async def wait_connected(self, sockets: int = 1, timeout_s: float = PATIENCE_S) -> Json:
        """Until so many sockets are open, no more and no fewer."""
        await self._world.wait_for(lambda: self._courier.connected == sockets, timeout_s)
        return {}

    async def wait_delivered(self, event: str, timeout_s: float = PATIENCE_S) -> Json:
        """Until an event is acknowledged or given up: its state and attempts."""
        delivery = self._courier.deliveries[event]
        await self._world.wait_for(lambda: delivery.state != "pending", timeout_s)
        return delivery.json()

    async def wait_attempts(self, event: str, count: int, timeout_s: float = PATIENCE_S) -> Json:
        """Until an event was sent so often, or acknowledged."""
        delivery = self._courier.deliveries[event]
        await self._world.wait_for(lambda: len(delivery.attempts) >= count, timeout_s)
        return delivery.json()

    async def wait_call(self, method: str, count: int = 1, timeout_s: float = PATIENCE_S) -> list[Json]:
        """Until ``method`` was called so often."""
        await self._world.wait_for(
            lambda: len([1 for one in self._api.calls if one["method"] == method]) >= count, timeout_s
        )
        return await self.calls(method)

    async def wait_reactions(
        self, channel: str, message: str, count: int = 1, timeout_s: float = PATIENCE_S
    ) -> list[str]:
        """Until the message has so many reactions: their names, in order."""
        found = self._world.message(channel, message)
        await self._world.wait_for(lambda: len(found.get("reactions", [])) >= count, timeout_s)
        return [one["name"] for one in found.get("reactions", [])]

    async def wait_for(
        self,
        channel: str,
        thread_ts: str = "",
        contains: str = "",
        lacks: str = "",
        count: int = 1,
        timeout_s: float = PATIENCE_S,
    ) -> list[Json]:
        """Until the bot has ``count`` messages in the thread whose text, blocks or files contain one string and lack
        the other: those messages."""
        place = self._world.channel(channel)

        def found() -> list[Json]:
            messages = [
                one
                for one in (self._world.thread(place, thread_ts) if thread_ts else place.messages.values())
                if one.get("user") == BOT_USER and contains in _shown(one) and not (lacks and lacks in _shown(one))
            ]
            return messages if len(messages) >= count else []

        return await self._world.wait_for(found, timeout_s)


def _shown(message: Json) -> str:
    names = [file["name"] for file in message.get("files", [])]
    return "\n".join([message.get("text", ""), *_strings(message.get("blocks", [])), *names])


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [one for inner in (value.values() if isinstance(value, dict) else value) for one in _strings(inner)]
    return [value] if isinstance(value, str) else []


def states(courier: Courier) -> list[Json]:
    return [one.json() for one in courier.deliveries.values()]


def limited() -> web.Response:
    """docs.slack.dev/apis/web-api/rate-limits"""
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})


def build(clock: Clock) -> web.Application:
    world = World(clock)
    courier = Courier(world)
    files = Files(world)
    api = WebApi(world, courier, files)
    outage, mishaps = Outage(clock), Mishaps(limited, files.move)
    app = web.Application(client_max_size=200 * 1024 * 1024, middlewares=[outage.middleware, mishaps.middleware])
    app.add_routes(
        [
            web.post("/_control/{name}", Control(world, api, courier, Trouble(outage, mishaps)).handle),
            web.route("*", "/api/{method}", api.handle),
            web.get("/socket", courier.socket),
            web.post("/upload/v1/{ticket}", files.upload),
            web.get("/files-pri/{file}/download/{name}", files.download),
            web.get("/files-pri/{file}/{name}", files.download),
            web.get("/signin", files.sign_in),
        ]
    )
    return app


if __name__ == "__main__":
    serve(build)
