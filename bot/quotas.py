"""A day's allowances: what is left of them, and setting them back. Days are those of UTC."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from adapters.base import Channel
from bot import admission
from bot.admission import Exhausted, Spent
from bot.settings import QuotaSettings
from bot.store.store import Store


class Quotas:
    """Counts from what the store knows of questions. ``turn`` is that of whoever looks whether something is left and
    then takes it: of several at once each would see what was there before all of them."""

    def __init__(self, store: Store, settings: QuotaSettings) -> None:
        self._store = store
        self._settings = settings
        unlimited = settings == QuotaSettings()
        self.turn: AbstractAsyncContextManager[object] = nullcontext() if unlimited else asyncio.Lock()

    async def exhausted(self, person: str, channel: Channel, *, underway: bool = False) -> Exhausted | None:
        """What keeps somebody from asking another question today or, ``underway``, from going on with one."""
        if self._settings == QuotaSettings():
            return None
        own, all_ = await self.spent(person, channel)
        if underway:
            own, all_ = replace(own, questions=0), replace(all_, questions=0)
        return self._beyond(own, all_)

    async def out_of_time(self, person: str, channel: Channel) -> Exhausted | None:
        """What keeps an accepted question from its turn: the seconds that were left went to those before it."""
        limits = self._settings
        if limits.person.seconds is None and limits.channel.seconds is None:
            return None
        own, all_ = (Spent(seconds=one.seconds) for one in await self.spent(person, channel))
        return self._beyond(own, all_)

    def _beyond(self, own: Spent, all_: Spent) -> Exhausted | None:
        person, channel = self._settings.person, self._settings.channel
        return admission.exhausted(own, person, "person") or admission.exhausted(all_, channel, "channel")

    async def spent(self, person: str, channel: Channel) -> tuple[Spent, Spent]:
        """What the person, and what the channel, used today."""
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        return (
            await self._store.spent(channel, midnight, person=person),
            await self._store.spent(channel, midnight),
        )

    async def reset(self, channel: Channel, person: str | None) -> None:
        """Begin the day anew for a person, or for the channel."""
        await self._store.reset_quota(channel, person=person)
