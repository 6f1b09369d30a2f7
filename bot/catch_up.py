"""What was asked while nobody listened: looked for in the history of the channels that know us, at the start and now
and then, since platforms lose events too."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters.base import Adapter, Channel, Incoming, Thread
from adapters.errors import AdapterError, Forbidden, Gone, Revoked
from bot import intents, missed
from bot.checks.watching.orders import Order
from bot.intents import Ask
from bot.settings import CatchUpSettings
from bot.store.records import Job
from bot.store.store import Store

log = structlog.get_logger()

_MARGIN_S = 300.0
"""Clocks differ, and an event may still be on its way."""
_MOST_MESSAGES = 500
"""That are read back in one place."""
_MOST_THREADS = 50
"""In a channel, those with the latest questions, and of those as many that nobody has heard of yet."""
_DAY_S = 86_400.0
_ENOUGH = 0.1
"""Of the time between two looks: a channel that another replica looked through later than that needs no other look."""
_FIRST_S = 20.0
"""For the first look, should no platform come to listen."""


@dataclass(frozen=True, slots=True)
class Takers:
    """Who takes what is found."""

    handle: Callable[[Incoming], Awaitable[None]]
    """A question that is answered at once; what is known already loses there."""
    lets_in: Callable[[Incoming], bool]
    """Whether its author may ask at all."""
    start: Callable[[Job], Awaitable[None]]
    """A notice of what is too old for that."""
    look_back: Callable[[Channel, float], Awaitable[None]]
    """The documents of a channel since then (Unix seconds), for whoever watches it. AdapterError."""


class CatchUp:
    """Finds what was missed."""

    def __init__(
        self, store: Store, adapters: Mapping[str, Adapter], takers: Takers, settings: CatchUpSettings
    ) -> None:
        self.clock = time.time
        """Unix seconds. It may jump: platforms have clocks of their own, and what they say of a message is its time."""
        self._store = store
        self._adapters = adapters
        self._takers = takers
        self._fresh_s = settings.hours * 3_600
        self._longest_s = max(self._fresh_s, settings.days * _DAY_S)
        self._every_s = settings.minutes * 60
        self._woken = asyncio.Event()
        self._woken_at = 0.0

    def wake(self) -> None:
        """Look as soon as possible: something may have been missed."""
        self._woken_at = self.clock()
        self._woken.set()

    async def run(self) -> None:
        """Look until cancelled, first when the platforms listen."""
        since, pause = self.clock(), _FIRST_S
        while True:
            await self._sleep(pause)
            since = max(since, self._woken_at)
            try:
                await self.look(since)
                since, pause = self.clock() + _ENOUGH * self._every_s, self._every_s
            except (SQLAlchemyError, OSError) as error:
                log.warning("not_caught_up", kind=type(error).__name__)
                pause = min(_FIRST_S, self._every_s)

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()

    async def look(self, since: float = math.inf) -> None:
        """Through all channels once, one replica at a time, but for those that one has looked through after ``since``
        (Unix seconds). One that cannot be read keeps its watermark for the next time."""
        async with self._store.replicas.turn("catch up"):
            await self._look(since)

    async def _look(self, fresh: float) -> None:
        now = self.clock()
        for channel, watermark in await self._store.watermarks():
            if channel.platform not in self._adapters or fresh <= watermark <= now:
                continue
            if watermark > now + _MARGIN_S:
                # Our clock was ahead then, and up to when the channel was looked through nobody knows.
                watermark = now - self._fresh_s
            since = max(watermark - _MARGIN_S, now - self._longest_s)
            try:
                await self._take(await self._missed(channel, since), now)
                await self._takers.look_back(channel, since)
            except AdapterError as error:
                log.info("channel_not_caught_up", reason=str(error))
            else:
                await self._store.seen(channel, now)

    async def ask(self, notice: Job, since: datetime) -> int:
        """Have what a notice tells of answered, as far as it is still there and was not meanwhile; how many they are.
        AdapterError if the channel cannot be read."""
        channel = notice.incoming.thread.channel
        if channel.platform not in self._adapters:
            return 0
        found = await self._missed(channel, since.timestamp())
        until = notice.incoming.sent_at
        late = [one for one in found if one.sent_at <= until and self._takers.lets_in(one)]
        for incoming in late:
            await self._takers.handle(incoming)
        return len(late)

    async def _take(self, found: list[Incoming], now: float) -> None:
        """Hand over what is fresh. Of the rest a notice is made, with which the channel's watermark moves on."""
        late = []
        for incoming in found:
            if incoming.sent_at.timestamp() >= now - self._fresh_s:
                await self._takers.handle(incoming)
            elif self._takers.lets_in(incoming):
                late.append(incoming)
        if late:
            notice = missed.notice(late, datetime.fromtimestamp(now, UTC))
            job = await self._store.claim(notice.incoming, notice.question, answer=notice.answer)
            if job is not None:
                await self._takers.start(job)

    async def _missed(self, channel: Channel, since: float) -> list[Incoming]:
        """The questions of a channel and its threads that no row knows, oldest first."""
        adapter = self._adapters[channel.platform]
        threads = await self._store.latest_threads(channel, self.clock() - self._longest_s, most=_MOST_THREADS)
        read = await _read(adapter, channel, since)
        asked_meanwhile = [one.thread for one in read if one.replies][:_MOST_THREADS]
        for thread in dict.fromkeys([*threads, *asked_meanwhile]):
            read += await _read_if_there(adapter, thread, since)
        # The first message of a thread stands in its channel too, and all of a direct talk does.
        found = {one.message: one for one in read}
        wanted = [one for one in found.values() if isinstance(intents.read(one), Ask | Order)]
        called = self._called(wanted)
        # One after the other: whether it is claimed lets others have their turn, what was asked before may not.
        questions = [one for one in wanted if not await self._store.claimed(one) and await self._is_meant(one, called)]
        return sorted(questions, key=lambda one: one.sent_at)

    def _called(self, found: Sequence[Incoming]) -> dict[Thread, datetime]:
        """When each thread first has us called into it, among the messages that were found."""
        first: dict[Thread, datetime] = {}
        for one in found:
            if intents.is_for_us(one, following=False) and self._takers.lets_in(one):
                first[one.thread] = min(one.sent_at, first.get(one.thread, one.sent_at))
        return first

    async def _is_meant(self, message: Incoming, called: Mapping[Thread, datetime]) -> bool:
        """Whether a message is for us: in a thread that is what follows the first question there, and not what people
        said to each other before they called us into it."""
        if intents.is_for_us(message, following=False):
            return True
        first = called.get(message.thread)
        return (first is not None and first < message.sent_at) or await self._store.asked_before(message)


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


async def _read_if_there(adapter: Adapter, thread: Thread, since: float) -> list[Incoming]:
    """The same of a thread, which may have been deleted or closed to us: its channel is not to wait for that."""
    try:
        return await _read(adapter, thread, since)
    except Revoked:
        raise
    except (Gone, Forbidden) as error:
        log.info("thread_not_caught_up", reason=str(error))
        return []
