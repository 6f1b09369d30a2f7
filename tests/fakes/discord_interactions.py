"""Buttons being pressed in the fake (developers/interactions/receiving-and-responding)."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes import discord_limits as limits
from tests.fakes.discord_limits import Refused
from tests.fakes.discord_rest import BASE
from tests.fakes.discord_things import Sent
from tests.fakes.discord_world import World

FIRST_ANSWER_S = 3.0
"""…#responding-to-an-interaction. In real time whatever the clock's speed: it measures the client, not the platform."""
_BUTTON_PRESS, _COMPONENT = 3, 2
_ANSWERS = {4, 5, 6, 7}


@dataclass
class Press:
    id: str
    token: str
    at: float
    answers: list[dict[str, Any]] = field(default_factory=list)


class Interactions:
    def __init__(self, world: World) -> None:
        self.world = world
        self.presses: dict[str, Press] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post(BASE + "/interactions/{id}/{token}/callback", self._callback)]

    def press(self, message: Sent, label: str, user_id: str) -> Press:
        buttons = [button for row in message.components for button in row["components"]]
        button = next(one for one in buttons if one["label"] == label)
        press = Press(self.world.new_id(), secrets.token_hex(16), time.monotonic())
        self.presses[press.id] = press
        self.world.tell("INTERACTION_CREATE", lambda _: self._json(press, message, button, user_id))
        return press

    def _json(self, press: Press, message: Sent, button: dict[str, Any], user_id: str) -> dict[str, Any]:
        """…#interaction-object"""
        channel, person = self.world.channels[message.channel_id], self.world.users[user_id]
        user = person.json()
        member = person.member_json() | {"user": user, "permissions": "0"}
        return {
            "id": press.id,
            "application_id": self.world.application_id,
            "type": _BUTTON_PRESS,
            "token": press.token,
            "version": 1,
            "data": {"custom_id": button["custom_id"], "component_type": _COMPONENT},
            "channel_id": channel.id,
            "channel": self.world.channel_json(channel),
            "message": self.world.message_json(message),
            "attachment_size_limit": limits.LARGEST_FILE,
            "authorizing_integration_owners": {},
            "entitlements": [],
            "locale": "en-US",
            **({"guild_id": channel.guild_id, "member": member} if channel.guild_id else {"user": user}),
        }

    async def _callback(self, request: web.Request) -> web.Response:
        """…#create-interaction-response. Needs no token of the bot."""
        press = self.presses.get(request.match_info["id"])
        if press is None or press.token != request.match_info["token"]:
            return Refused(10062).response()
        if press.answers:
            return Refused(40060).response()
        if time.monotonic() - press.at > FIRST_ANSWER_S:
            return Refused(10062).response()
        answer = await request.json()
        if answer["type"] not in _ANSWERS:
            return limits.invalid("type", "BASE_TYPE_CHOICES").response()
        press.answers.append(answer)
        self.world.touch()
        if request.query.get("with_response") != "true":
            return web.Response(status=204)
        resource = {"type": answer["type"], "message": {"id": self.world.new_id()}}
        return limits.answer({"interaction": {"id": press.id, "type": _BUTTON_PRESS}, "resource": resource})
