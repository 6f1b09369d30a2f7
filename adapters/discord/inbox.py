"""Between the gateway, which acknowledges nothing, and the handler, which must have every message."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import stamina
import structlog

from adapters.base import Event, Handler
from adapters.errors import AdapterError, RateLimited, Unreachable

log = structlog.get_logger()

Read = Callable[[], Awaitable[Event | None]]
"""Turns what the gateway said into an event; may have to ask Discord for the place."""

_TRIES = 8
_MOST_TRIES = 10_000
"""For what no history tells again, over a day."""
_FIRST_PAUSE_S, _LONGEST_PAUSE = 0.2, 50
"""The longest in first ones."""


class Inbox:
    """One after the other within a channel, side by side across channels, tried again when the handler fails. What is
    tried for long is kept in ``late``, not in ``tasks``: the connection need not wait for it to be made anew."""

    def __init__(
        self,
        handler: Handler,
        tasks: asyncio.TaskGroup,
        late: set[asyncio.Task[bool]],
        *,
        pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        self._handler = handler
        self._tasks = tasks
        self._late = late
        self._closed = False
        self._pause_s = pause_s
        self._waiting: dict[str, deque[tuple[Read, bool]]] = {}

    def put(self, channel_id: str, read: Read, *, lasting: bool = False) -> None:
        """``lasting``: no history tells of it, and it is the same whenever it is taken."""
        if channel_id in self._waiting:
            self._waiting[channel_id].append((read, lasting))
            return
        self._waiting[channel_id] = deque([(read, lasting)])
        self._tasks.create_task(self._empty(channel_id), name=f"discord channel {channel_id}")

    def close(self) -> None:
        """Discord cannot be asked any more."""
        self._closed = True

    def _passes(self, error: Exception) -> bool:
        return not (self._closed and isinstance(error, AdapterError))

    async def _empty(self, channel_id: str) -> None:
        waiting = self._waiting[channel_id]
        while waiting:
            read, lasting = waiting[0]
            if not await self._hand_over(channel_id, read, _TRIES) and lasting:
                trying = self._hand_over(channel_id, read, _MOST_TRIES)
                task = asyncio.create_task(trying, name=f"discord channel {channel_id}, late")
                self._late.add(task)
                task.add_done_callback(self._late.discard)
            waiting.popleft()
        del self._waiting[channel_id]

    async def _hand_over(self, channel_id: str, read: Read, attempts: int) -> bool:
        """False if it could not be taken, and may be later. A message is in its channel's history then, for a later
        look."""
        event, is_read = None, False
        try:
            async for attempt in stamina.retry_context(
                on=self._passes,
                attempts=attempts,
                timeout=None,
                wait_initial=self._pause_s,
                wait_jitter=self._pause_s,
                wait_max=_LONGEST_PAUSE * self._pause_s,
            ):
                with attempt:
                    if not is_read:
                        event, is_read = await read(), True
                    if event is not None:
                        await self._handler(event)
        except AdapterError as error:
            log.error("message_not_read", channel=channel_id, reason=str(error))
            return not isinstance(error, RateLimited | Unreachable)
        except Exception:  # the edge of one event: whatever failed behind the door, the next one must come through
            log.exception("message_not_accepted", channel=channel_id)
            return False
        return True
