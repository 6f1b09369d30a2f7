"""When the batch lane rests so that people do not wait for it."""

import asyncio
from collections.abc import Callable, Collection

from inference.line import LineLimits
from inference.types import Lane

BATCH = frozenset({Lane.BATCH})


class Pausing:
    """While both lanes run, the batch lane rests for ``limits.rest_s``, works for ``limits.work_s``, and so on: it is
    never starved. ``pause`` is told which lanes rest, whenever that changes."""

    def __init__(self, pause: Callable[[frozenset[Lane]], None], limits: LineLimits) -> None:
        self._pause = pause
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self.resting = False

    @property
    def open(self) -> frozenset[Lane]:
        """The lanes that may let somebody in."""
        return frozenset(Lane) - BATCH if self.resting else frozenset(Lane)

    @property
    def alternating(self) -> bool:
        """The batch lane takes turns now, whether it is resting or working."""
        return self._timer is not None

    def look(self, running: Collection[Lane]) -> None:
        """Something began or ended; these are the lanes of all that run."""
        if not set(Lane) <= set(running):
            self.stop()
        elif not self.alternating:
            self.rest()

    def rest(self) -> None:
        """Let the batch lane rest, and take turns from then on."""
        self._timer = asyncio.get_running_loop().call_later(self._limits.rest_s, self._work)
        self._set(True)

    def stop(self) -> None:
        """Nobody needs to rest any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._set(False)

    def _work(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._limits.work_s, self.rest)
        self._set(False)

    def _set(self, resting: bool) -> None:
        if resting != self.resting:
            self.resting = resting
            self._pause(BATCH if resting else frozenset())
