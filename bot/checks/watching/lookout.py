"""Where documents for watches come from: what is posted, what was posted while nobody listened; and the clock that the
digests go by."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters.base import Adapter, Channel, Incoming, Thread
from bot import admission
from bot.checks import posted, walk
from bot.checks.watching import replies
from bot.checks.watching.schedule import Schedule
from bot.quotas import Quotas
from bot.settings import Settings
from bot.store.records import Job
from bot.store.store import Store
from bot.store.watches import Watch

log = structlog.get_logger()

_TICK_S = 60.0
_AWAY_S = 3_600.0
"""Who looks back further was away, and threads may have got replies that hang from older messages."""
_THREADS_LIVE = timedelta(days=1)
_MOST_MESSAGES = 5_000
"""That are read back in one place."""


class Lookout:
    """Makes jobs of documents and of digests; ``start`` pursues one."""

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        quotas: Quotas,
        settings: Settings,
        start: Callable[[Job], Awaitable[None]],
    ) -> None:
        self._watches = store.watches
        self._adapters = adapters
        self._quotas = quotas
        self._settings = settings
        self._start = start

    async def sight(self, message: Incoming) -> None:
        """Returns once its documents are written down for every watch of the channel, or were before."""
        if message.own or message.direct or not (message.attachments or message.quotes):
            return
        documents = walk.of_message(message, self._settings.checks)
        if not documents:
            return
        for watch in await self._watches.of(message.thread.channel):
            if self._concerns(watch, message):
                async with self._quotas.turn:
                    refused = await self._refused(watch)
                    job = await self._watches.sight(watch, message, posted.planned(documents), refused=refused)
                if job is not None:
                    await self._start(job)

    def _concerns(self, watch: Watch, message: Incoming) -> bool:
        """Whether the watch is on, was when the message came, and is of somebody who may ask here."""
        posted_at = message.sent_at.timestamp()
        return watch.state == "running" and posted_at >= watch.since and self._may_ask(watch)

    def _may_ask(self, watch: Watch) -> bool:
        return admission.refusal(watch.creator, watch.channel, self._settings.access) is None

    async def _refused(self, watch: Watch) -> str:
        """Why nothing more is looked at today; empty if it is."""
        exhausted = await self._quotas.exhausted(watch.creator.id, watch.channel)
        return replies.USED_UP if exhausted is not None else ""

    async def look_back(self, channel: Channel, since: float) -> None:
        """Sight what was posted in a watched channel and its threads since then (Unix seconds). AdapterError."""
        adapter = self._adapters[channel.platform]
        if not any(watch.state == "running" for watch in await self._watches.of(channel)):
            return
        start = datetime.fromtimestamp(since, UTC)
        away = time.time() - since > _AWAY_S
        found = await _read(adapter, channel, start - _THREADS_LIVE if away else start)
        for root in [one for one in found if one.replies]:
            found += await _read(adapter, root.thread, start)
        for message in sorted(found, key=lambda one: one.sent_at):
            if message.sent_at >= start:
                await self.sight(message)

    async def run(self) -> None:
        """See to digests until cancelled."""
        while True:
            try:
                await self.tell(time.time())
            except (SQLAlchemyError, OSError) as error:
                log.warning("no_digests", kind=type(error).__name__)
            await asyncio.sleep(_TICK_S)

    async def tell(self, now: float) -> None:
        """Have the digests told that are due, each once in its period, however long we were away."""
        for watch in await self._watches.due(now):
            if watch.channel.platform not in self._adapters or not self._may_ask(watch):
                continue
            next_due = Schedule.load(watch.schedule).after(datetime.fromtimestamp(now, UTC))
            job = await self._watches.tell(watch, now, next_due.timestamp())
            if job is not None:
                await self._start(job)


async def _read(adapter: Adapter, place: Channel | Thread, since: datetime) -> list[Incoming]:
    found: list[Incoming] = []
    async with aclosing(adapter.history(place, since=since)) as messages:
        async for message in messages:
            found.append(message)
            if len(found) == _MOST_MESSAGES:
                break
    return found
