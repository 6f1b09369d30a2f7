"""The whole bot, put together as the composition root does it, on an engine that the test chooses."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.base import Adapter
from bot import app
from bot.documents import Documents
from bot.service import Service
from bot.settings import Settings
from bot.store.store import Store
from inference.engine import Engine


@asynccontextmanager
async def running(
    adapters: Sequence[Adapter], engine: Engine, folder: Path, settings: Settings | None = None
) -> AsyncIterator[Service]:
    """The bot serves during the block and is stopped as by SIGTERM after it."""
    settings = settings or Settings(data_dir=folder)
    stop = asyncio.Event()
    async with (
        Store(settings.store_url, folder) as store,
        app.running_decoder(settings) as decoder,
        app.running_engine(settings, engine) as line,
    ):
        documents = Documents(decoder, settings.documents)
        service = Service(store, line, documents, {one.platform: one for one in adapters}, settings)
        serving = asyncio.create_task(app.serve(service, adapters, stop))
        try:
            yield service
        finally:
            stop.set()
            await serving
