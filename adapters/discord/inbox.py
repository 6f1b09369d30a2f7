"""Between the gateway, which acknowledges nothing, and the handler, which must have every message."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import stamina
import structlog

from adapters.base import Event, Handler
from adapters.errors import AdapterError

log = structlog.get_logger()

Read = Callable[[], Awaitable[Event | None]]
"""Turns what the gateway said into an event; may have to ask Discord for the place."""

_TRIES = 8
_LONGEST_PAUSE_S = 10.0


class Inbox:
    """One after the other within a channel, side by side across channels, tried again when the handler fails."""

    def __init__(self, handler: Handler, tasks: asyncio.TaskGroup) -> None:
        self._handler = handler
        self._tasks = tasks
        self._waiting: dict[str, deque[Read]] = {}

    def put(self, channel_id: str, read: Read) -> None:
        if channel_id in self._waiting:
            self._waiting[channel_id].append(read)
            return
        self._waiting[channel_id] = deque([read])
        self._tasks.create_task(self._empty(channel_id), name=f"discord channel {channel_id}")

    async def _empty(self, channel_id: str) -> None:
        waiting = self._waiting[channel_id]
        while waiting:
            await self._hand_over(channel_id, waiting[0])
            waiting.popleft()
        del self._waiting[channel_id]

    async def _hand_over(self, channel_id: str, read: Read) -> None:
        """A message that the handler refuses to the last is still in the channel's history, for a later look."""
        try:
            async for attempt in stamina.retry_context(
                on=Exception,
                attempts=_TRIES,
                timeout=None,
                wait_initial=0.2,
                wait_jitter=0.2,
                wait_max=_LONGEST_PAUSE_S,
            ):
                with attempt:
                    event = await read()
                    if event is not None:
                        await self._handler(event)
        except AdapterError as error:
            log.error("message_not_read", channel=channel_id, reason=str(error))
        except Exception:  # the edge of one event: whatever failed behind the door, the next one must come through
            log.exception("message_not_accepted", channel=channel_id)
