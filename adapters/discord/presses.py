"""Presses of buttons: each is answered within Discord's three seconds, and only that person sees what we say to it.

The calls go out without the library: an interaction's token stands in the address, which the library may log.
"""

import asyncio
import json
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from adapters import tracing
from adapters.base import Action, Handler, Post
from adapters.discord import render
from adapters.discord.errors import translated
from adapters.discord.payloads import Interaction
from adapters.errors import AdapterError

log = structlog.get_logger()

# docs.discord.com/developers/interactions/receiving-and-responding
_PATIENCE_S = 2.0
"""Of the three seconds until Discord tells the person that we did not answer."""
_ANSWER, _SILENT = 4, 6
_TIMEOUT = aiohttp.ClientTimeout(total=10)

_TRY_AGAIN = "That did not work just now. Please press the button again."


@dataclass
class _Press:
    interaction: Interaction
    person: str
    answered: bool = False


_BEING_HANDLED: ContextVar[_Press | None] = ContextVar("being_handled", default=None)
"""The press whose handler runs in this task, or in one that it started."""


class Presses:
    """Hands presses over, and speaks to the person while one is being handled."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, handler: Handler) -> None:
        self._session = session
        self._api_url = api_url
        self._handler = handler

    async def hand_over(self, interaction: Interaction, action: Action) -> None:
        """In a task of its own. Discord hears that all is well once the handler has returned; if that fails, the
        person does."""
        tracing.begin(tracing.name_of(action))
        press = _Press(interaction, action.author.id)
        _BEING_HANDLED.set(press)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._handler(action)
            answer: dict[str, Any] = {"type": _SILENT}
        except Exception:  # the edge of one event: whatever failed behind the door, the person hears of it
            log.exception("press_not_handled", action=action.name, message=action.message)
            answer = _private(render.Message(_TRY_AGAIN))
        if not press.answered:
            await self._answer(press, answer)

    async def whisper(self, person: str, post: Post) -> str | None:
        """For their eyes alone, the answer to the press that is being handled; the message's id. None if there is no
        such press."""
        press = _BEING_HANDLED.get()
        if press is None or press.answered or press.person != person:
            return None
        return await self._answer(press, _private(render.messages(post)[0]))

    async def _answer(self, press: _Press, answer: dict[str, Any]) -> str | None:
        """…#create-interaction-response; the id of the message that it made, None if it did not come through."""
        press.answered, interaction = True, press.interaction
        address = f"{self._api_url}/interactions/{interaction.id}/{interaction.token.get_secret_value()}/callback"
        try:
            with translated("answer a press"):
                async with self._session.post(
                    address, params={"with_response": "true"}, json=answer, timeout=_TIMEOUT
                ) as response:
                    if response.status < 400:
                        return _message_id(await response.read())
                    log.warning("press_not_answered", status=response.status)
        except AdapterError as error:
            log.warning("press_not_answered", reason=str(error))
        return None


def _message_id(given: bytes) -> str:
    try:
        return str(json.loads(given)["resource"]["message"]["id"])
    except (LookupError, TypeError, ValueError):
        return ""


def _private(message: render.Message) -> dict[str, Any]:
    data = message.payload()
    del data["attachments"]
    return {"type": _ANSWER, "data": data | {"flags": data["flags"] | render.EPHEMERAL}}
