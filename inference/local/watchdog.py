"""Noticing that a step of the model's thread does not end."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOKS = 4
"""During the patience for one step."""


class Watchdog:
    """``alarm`` is called once, on the event loop, when a step takes longer than ``patience`` seconds."""

    def __init__(self, patience: float, alarm: Callable[[], None]) -> None:
        self._patience = patience
        self._alarm = alarm
        self._since: float | None = None
        """When the step began that the thread is in; written by that thread alone."""
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around a step, in its thread."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def watch(self) -> None:
        """From now on, on the running event loop."""
        self._timer = asyncio.get_running_loop().call_later(self._patience / LOOKS, self._look)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _look(self) -> None:
        since = self._since
        if since is not None and time.monotonic() - since > self._patience:
            self._alarm()
        else:
            self.watch()
