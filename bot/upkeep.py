"""What is to be done now and then: forgetting what is too old, leaving no bytes of it, and giving memory back."""

import asyncio
import math
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import memory
from bot.forgetting import Forgetter
from bot.settings import CatchUpSettings, StoreSettings
from bot.store.store import Store

log = structlog.get_logger()

_TICK_S = 60.0
_DAY_S = 86_400.0
_LEAST_DAYS = 2.0


class Upkeep:
    """Keeps what is stored within the age that the settings allow."""

    def __init__(self, store: Store, forgetter: Forgetter, keep: StoreSettings, catch_up: CatchUpSettings) -> None:
        self._store = store
        self._forgetter = forgetter
        self._keep_days = keep.keep_days
        # Of what is forgotten the ids stay as long as its question may still be found in a channel's history.
        self._claims_s = max(_LEAST_DAYS, catch_up.days + 1, catch_up.hours / 24 + 1) * _DAY_S

    async def run(self) -> None:
        """Until cancelled."""
        swept = -math.inf
        while True:
            try:
                if time.monotonic() - swept >= _DAY_S:
                    async with self._store.replicas.turn("sweep"):
                        await self.sweep(time.time())
                    swept = time.monotonic()
                await self._forgetter.tidy()
            except (SQLAlchemyError, OSError) as error:
                log.warning("not_kept_up", kind=type(error).__name__)
            await asyncio.to_thread(memory.give_back)
            await asyncio.sleep(_TICK_S)

    async def sweep(self, now: float) -> None:
        """Forget what is too old, in Unix seconds, and drop what is left of what was forgotten long ago."""
        if self._keep_days is not None:
            await self._forgetter.age(now - self._keep_days * _DAY_S)
        await self._store.forgetting.sweep(now - self._claims_s)
