"""The whole bot, put together as the composition root does it, on an engine that the test chooses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from adapters.base import Adapter
from bot import app
from bot.attendance import Attendance
from bot.service import Service
from bot.settings import Settings
from bot.store.store import Store
from inference.engine import Engine

Ready = Callable[[], Awaitable[str]]
"""What ``/readyz`` says."""


@asynccontextmanager
async def running(
    adapters: Sequence[Adapter], engine: Engine, folder: Path, settings: Settings | None = None
) -> AsyncIterator[Service]:
    """The bot serves during the block and is stopped as by SIGTERM after it."""
    async with _serving(adapters, engine, folder, settings) as (service, _):
        yield service


@asynccontextmanager
async def ready_to_tell(
    adapters: Sequence[Adapter], engine: Engine, folder: Path, settings: Settings | None = None
) -> AsyncIterator[Ready]:
    """The same, for tests that look at its health."""
    async with _serving(adapters, engine, folder, settings) as (service, attendances):
        yield partial(app.obstacle, service, attendances)


@asynccontextmanager
async def _serving(
    adapters: Sequence[Adapter], engine: Engine, folder: Path, settings: Settings | None
) -> AsyncIterator[tuple[Service, list[Attendance]]]:
    """A platform that refuses us is tried again at once."""
    settings = settings or Settings(data_dir=folder)
    stop = asyncio.Event()
    async with (
        Store(settings.store_url, folder) as store,
        app.running_decoder(settings) as decoder,
        app.running_engine(settings, engine) as line,
    ):
        documents = app.make_documents(settings, decoder)
        service = Service(store, line, documents, {one.platform: one for one in adapters}, settings)
        attendances = [Attendance(adapter, pause_s=0.1) for adapter in adapters]
        serving = asyncio.create_task(app.serve(service, attendances, stop))
        try:
            yield service, attendances
        finally:
            stop.set()
            await serving
