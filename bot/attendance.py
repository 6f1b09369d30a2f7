"""Keeping the platforms connected, also one that refuses us for a while, and knowing how each of them is."""

import asyncio

import structlog

from adapters.base import Adapter, Event, Examined, Handler, Listening, Turn, anytime
from adapters.errors import Forbidden

log = structlog.get_logger()

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 30.0, 600.0
"""Between tries: a token that was revoked comes back by somebody's hand."""


class Attendance:
    """One adapter at work. What its platform does to it is nothing to the others."""

    def __init__(self, adapter: Adapter, *, pause_s: float = _FIRST_PAUSE_S) -> None:
        self._adapter = adapter
        self._pause_s = pause_s
        self._refusal = ""

    @property
    def platform(self) -> str:
        return self._adapter.platform

    @property
    def obstacle(self) -> str:
        """Why no events come in, as a sentence; empty if they do, as far as the platform's answers tell."""
        silence = self._adapter.obstacle if isinstance(self._adapter, Examined) else self._refusal
        return f"{self.platform}: {self._refusal or silence}" if silence else ""

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        """Until cancelled, or until the adapter ends or fails over anything but a refusal."""
        clock, pause = asyncio.get_running_loop().time, self._pause_s

        async def hear(event: Event) -> None:
            if isinstance(event, Listening):
                self._refusal = ""  # or a later outage would be told as that
            await handler(event)

        while True:
            began = clock()
            try:
                await self._adapter.run(hear, turn)
                return
            except Forbidden as error:
                self._refusal = f"{error} Missing: {error.missing}." if error.missing else str(error)
                log.error("platform_refuses", platform=self.platform, reason=str(error), missing=error.missing)
            if clock() - began > _LONGEST_PAUSE_S:
                pause = self._pause_s  # it was let in meanwhile
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE_S, 2 * pause)
