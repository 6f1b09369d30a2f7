"""What was asked while nobody listened: looked for in the history of the channels that know us, at the start and now
and then, since platforms lose events too."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters.base import Adapter, Channel, Incoming, Thread
from adapters.errors import AdapterError
from bot import intents
from bot.intents import Ask
from bot.settings import CatchUpSettings
from bot.store.store import Store

log = structlog.get_logger()

_MARGIN_S = 300.0
"""Clocks differ, and an event may still be on its way."""
_MOST_MESSAGES = 500
"""That are read back in one place."""
_MOST_THREADS = 50
"""In a channel, those with the latest questions."""


class CatchUp:
    """Hands what it finds to ``handle``, where what is known already loses."""

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        handle: Callable[[Incoming], Awaitable[None]],
        settings: CatchUpSettings,
    ) -> None:
        self._store = store
        self._adapters = adapters
        self._handle = handle
        self._longest_s = settings.hours * 3_600
        self._every_s = settings.minutes * 60

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, OSError) as error:
                log.warning("not_caught_up", kind=type(error).__name__)
            await asyncio.sleep(self._every_s)

    async def look(self) -> None:
        """Through all channels once. One that cannot be read keeps its watermark for the next time."""
        now = time.time()
        for channel, watermark in await self._store.watermarks():
            adapter = self._adapters.get(channel.platform)
            if adapter is None:
                continue
            since = max(watermark - _MARGIN_S, now - self._longest_s)
            try:
                await self._look_into(adapter, channel, since)
            except AdapterError as error:
                log.info("channel_not_caught_up", reason=str(error))
            else:
                await self._store.seen(channel, now)

    async def _look_into(self, adapter: Adapter, channel: Channel, since: float) -> None:
        threads = await self._store.latest_threads(channel, time.time() - self._longest_s, most=_MOST_THREADS)
        places: list[Channel | Thread] = [channel, *threads]
        found = [one for place in places for one in await _read(adapter, place, since)]
        for incoming in sorted(found, key=lambda one: one.sent_at):
            if isinstance(intents.read(incoming), Ask) and not await self._store.claimed(incoming):
                await self._handle(incoming)


async def _read(adapter: Adapter, place: Channel | Thread, since: float) -> list[Incoming]:
    """What may be for us, as far as the place and its history go."""
    found = []
    async with aclosing(adapter.history(place, since=datetime.fromtimestamp(since, UTC))) as messages:
        async for message in messages:
            if intents.is_for_us(message, following=isinstance(place, Thread)):
                found.append(message)
            if len(found) == _MOST_MESSAGES:
                break
    return found
