"""Getting files and history from a platform that is away, or that has them no more."""

import pytest

from adapters.errors import AdapterError, RateLimited, Unreachable
from bot.documents import Platform
from tests.fakes.memory import MemoryAdapter


class Shy:
    """Refuses so often, and then hands over."""

    def __init__(self, *refusals: AdapterError) -> None:
        self.refusals = list(refusals)
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        if self.refusals:
            raise self.refusals.pop(0)
        return "a file"


async def test_what_a_platform_has_that_is_away_is_waited_for() -> None:
    shy = Shy(Unreachable("away"), Unreachable("away"))
    told: list[int] = []

    async def is_there() -> bool:
        told.append(shy.asked)
        return False

    assert await Platform(MemoryAdapter(), is_there).insist(shy.ask) == "a file"
    assert told == [1, 2], "it is asked each time, and never counts"


async def test_what_is_not_handed_over_by_a_platform_that_is_there_is_given_up() -> None:
    shy = Shy(*[RateLimited("busy", retry_after=0.001) for _ in range(10)])

    async def is_there() -> bool:
        raise AssertionError("who refuses is there")

    with pytest.raises(AdapterError, match="busy"):
        await Platform(MemoryAdapter(), is_there).insist(shy.ask)
    assert shy.asked == 5
