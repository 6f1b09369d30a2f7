"""How late an event loop is, and what held it up."""

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT_S = 0.005


class Watch:
    """Delays of the loop's beat in seconds, and the stack during the longest."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.cause: list[str] = []
        self._due = time.perf_counter() + BEAT_S
        self._longest = 0.0
        self._loop_thread = threading.get_ident()
        self._over = threading.Event()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        beat = asyncio.create_task(self._beat())
        looker = threading.Thread(target=self._look, daemon=True)
        looker.start()
        try:
            yield
        finally:
            beat.cancel()
            self._over.set()
            looker.join()

    async def _beat(self) -> None:
        while True:
            self._due = time.perf_counter() + BEAT_S
            await asyncio.sleep(BEAT_S)
            self.delays.append(max(0.0, time.perf_counter() - self._due))

    def _look(self) -> None:
        while not self._over.wait(BEAT_S / 2):
            late = time.perf_counter() - self._due
            if late > max(self._longest, BEAT_S):
                self._longest = late
                frame = sys._current_frames().get(self._loop_thread)
                self.cause = traceback.format_stack(frame)[-6:]
