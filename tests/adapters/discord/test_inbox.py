"""What becomes of events that are not taken at once."""

import asyncio

import pytest

from adapters.base import Channel, Event, MessagesDeleted
from adapters.discord.inbox import Inbox
from adapters.errors import AdapterError, Forbidden, RateLimited, Unreachable

GONE = MessagesDeleted(channel=Channel(platform="discord", workspace="7", id="1"), messages=("2",))
LATER = MessagesDeleted(channel=GONE.channel, messages=("3",))


async def read() -> Event:
    return GONE


async def read_later() -> Event:
    return LATER


class Away:
    """A handler that takes an event at the try with that number."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.tries = 0
        self.taken: list[Event] = []

    async def __call__(self, event: Event) -> None:
        if event == GONE:
            self.tries += 1
            if self.tries < self._number:
                raise OSError("away")
        self.taken.append(event)


@pytest.mark.parametrize(("lasting", "taken"), [(True, [LATER, GONE]), (False, [LATER])])
async def test_a_deletion_is_tried_for_as_long_as_it_takes_and_holds_nobody_up(
    lasting: bool, taken: list[Event]
) -> None:
    away = Away(20)
    late: set[asyncio.Task[bool]] = set()
    async with asyncio.timeout(30):
        async with asyncio.TaskGroup() as tasks:
            inbox = Inbox(away, tasks, late, pause_s=0.0001)
            inbox.put("1", read, lasting=lasting)
            inbox.put("1", read_later)
        await asyncio.gather(*late)
    assert away.taken == taken


@pytest.mark.parametrize(
    ("error", "taken"),
    [(Unreachable("away"), [GONE]), (RateLimited("busy", retry_after=1), [GONE]), (Forbidden("hidden"), [])],
)
async def test_a_deletion_whose_place_cannot_be_told_now_is_not_lost(error: AdapterError, taken: list[Event]) -> None:
    away = Away(1)
    fails = iter([error] * 20)

    async def place_and_read() -> Event:
        for one in fails:
            raise one
        return GONE

    late: set[asyncio.Task[bool]] = set()
    async with asyncio.timeout(30):
        async with asyncio.TaskGroup() as tasks:
            Inbox(away, tasks, late, pause_s=0.0001).put("1", place_and_read, lasting=True)
        await asyncio.gather(*late)
    assert away.taken == taken
