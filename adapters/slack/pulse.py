"""Whether Slack still answers: the socket's pings, and who it says that we are."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from adapters.errors import RateLimited, Unreachable
from adapters.slack.api import Api

PING_S = 5.0
"""Between two pings of the socket."""
_ASK_S = 20.0
_SILENCE_S = 45.0


class Pulse:
    """``clock`` is monotonic."""

    def __init__(self, api: Api, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._beaten: float | None = None
        self._asked = 0.0

    @property
    def obstacle(self) -> str:
        """As ``Examined.obstacle``."""
        if self._beaten is None:
            return "Not connected to Slack."
        silent = self._clock() - self._beaten
        return f"Slack has not answered for {silent:.0f} s." if silent > _SILENCE_S else ""

    def beat(self) -> None:
        """Slack answered."""
        self._beaten = self._clock()

    def stop(self) -> None:
        """Nothing is connected any more."""
        self._beaten = None

    async def pause(self) -> bool:
        """Return when it is time for the next ping: whether Slack said meanwhile who we are. Revoked as soon as it
        refuses our token, whoever called."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PING_S):
                await self._api.revoked.wait()
        if not self._api.revoked.is_set() and self._clock() - self._asked < _ASK_S:
            return False
        self._asked = self._clock()
        try:
            await self._api.identity()
        except (Unreachable, RateLimited):
            return False
        return True
