"""Where events come in: a socket that we open, or a request URL that we serve. Bolt speaks both."""

import asyncio
import time
from contextlib import suppress
from typing import Any, NoReturn

import structlog
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.errors import Forbidden
from adapters.slack.api import Api, logger
from adapters.slack.pulse import PING_S, Pulse
from adapters.slack.receiving import Receiver
from adapters.slack.settings import SlackSettings

log = structlog.get_logger()

_DEAF_S = 60.0
"""After so long without a live socket we begin anew: the SDK keeps trying an address that has expired."""


async def listen(api: Api, settings: SlackSettings, receiver: Receiver, pulse: Pulse) -> NoReturn:
    """Take events in until cancelled. AdapterError if Slack cannot be reached or refuses us."""
    app = AsyncApp(
        client=api.web,
        signing_secret=_revealed(settings.signing_secret),
        logger=logger,
        name="threadsight",
        # Before Bolt would look up who we are, and long before it acknowledges and calls listeners, of which it has
        # none: every event ends here. Bolt checks signatures before, and answers Slack's trial requests after.
        before_authorize=receiver.accept,
    )
    app.error(_not_accepted)
    if settings.mode == "http":
        await _serve(app, settings, (receiver, pulse))
    while True:
        await _hold_socket(app, api, _revealed(settings.app_token), (receiver, pulse))
        log.warning("slack_socket_deaf", seconds=_DEAF_S)


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


async def _not_accepted(error: Exception) -> None:
    """The text of an error may hold what people wrote, so that it is not logged."""
    log.error("slack_event_not_accepted", kind=type(error).__name__)


class _Handler(AsyncSocketModeHandler):
    """What is accepted and cannot be acknowledged, as the socket has been closed, is sent again as a twin: that is no
    error, of which the SDK would log one for each."""

    async def handle(self, client: Any, req: Any) -> None:
        try:
            await super().handle(client, req)
        except ConnectionError:
            log.info("slack_event_not_acknowledged")


async def _hold_socket(app: AsyncApp, api: Api, token: str, ends: tuple[Receiver, Pulse]) -> None:
    """Connect and stay connected; returns when the SDK has not managed to for long."""
    receiver, pulse = ends
    address = await api.socket_address()
    handler: Any = _Handler(app, token, logger=logger, web_client=api.web, ping_interval=PING_S)
    client = handler.client
    client.wss_uri = address
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(_DEAF_S):
                await handler.connect_async()
                await receiver.listening()
            await _until_deaf(client, (receiver, pulse))
    finally:
        await receiver.settle()
        await handler.close_async()
        tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)


async def _until_deaf(client: Any, ends: tuple[Receiver, Pulse]) -> None:
    """The SDK opens a new socket by itself where one is cut; what came between the two may have been missed."""
    receiver, pulse = ends
    heard, ponged, session = time.monotonic(), client.last_ping_pong_time, client.current_session
    pulse.beat()
    while time.monotonic() - heard < _DEAF_S:
        await pulse.pause()
        if client.last_ping_pong_time != ponged:
            ponged = client.last_ping_pong_time
            pulse.beat()
        if await client.is_connected():
            heard = time.monotonic()
            if client.current_session is not session:
                session = client.current_session
                await receiver.listening()


async def _serve(app: AsyncApp, settings: SlackSettings, ends: tuple[Receiver, Pulse]) -> NoReturn:
    receiver, pulse = ends
    runner = web.AppRunner(app.web_app(path=settings.path, port=settings.port), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        log.info("slack_listening", host=settings.host, port=settings.port, path=settings.path)
        await receiver.listening()
        pulse.beat()
        while True:
            if await pulse.pause():
                pulse.beat()
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise Forbidden(f"cannot listen on {where}", missing="a free address: set slack.host and slack.port") from error
    finally:
        await runner.cleanup()
