"""``/healthz``, ``/readyz`` and ``/metrics`` for whatever supervises the bot."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.metrics import CONTENT_TYPE
from bot.settings import HealthSettings, SettingsError

log = structlog.get_logger()

Ready = Callable[[], Awaitable[str]]
"""What keeps the bot from answering, as a sentence; empty if nothing does."""

Measure = Callable[[], Awaitable[bytes]]
"""Figures in Prometheus' text format."""


@asynccontextmanager
async def serving(settings: HealthSettings, ready: Ready, measure: Measure) -> AsyncIterator[None]:
    """Serve them during the block; nothing is served without a port. SettingsError if the port cannot be used."""
    if settings.port is None:
        yield
        return

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        obstacle = await ready()
        return web.Response(text=f"{obstacle or 'ready'}\n", status=503 if obstacle else 200)

    async def metrics(_: web.Request) -> web.Response:
        try:
            return web.Response(body=await measure(), headers={"Content-Type": CONTENT_TYPE})
        except (SQLAlchemyError, OSError) as error:
            log.warning("not_measured", kind=type(error).__name__)
            return web.Response(text="The database does not answer.\n", status=503)

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await _listen(runner, settings.host, settings.port)
        log.info("health", addresses=[f"{host}:{port}" for host, port, *_ in runner.addresses])
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise SettingsError(f"health.port {port} on {host} cannot be used: {error.strerror}. Set another.") from error
