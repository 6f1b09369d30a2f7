"""Who is not sure of its standing among the replicas says nothing."""

import asyncio

from adapters.base import Channel, Post, Thread
from bot.delivery import Delivery, Tag
from tests.fakes.memory import MemoryAdapter

THREAD = Thread(channel=Channel(platform="memory", workspace="w", id="c"), root="1")
TAG = Tag(key="answer-1", answers="1", again=False)


class Unsure:
    """A standing that the test settles; ``asked`` is set once somebody waits for that."""

    def __init__(self) -> None:
        self.asked, self._settled = asyncio.Event(), asyncio.Event()

    @property
    def sure(self) -> bool:
        return self._settled.is_set()

    async def until_sure(self) -> None:
        self.asked.set()
        await self._settled.wait()

    def settle(self) -> None:
        self._settled.set()


async def test_what_stands_for_good_waits_for_it() -> None:
    adapter, standing = MemoryAdapter(), Unsure()
    delivery = Delivery(adapter, standing)
    posting = asyncio.create_task(delivery.post(THREAD, Post(text="So"), TAG, patience=30))
    await standing.asked.wait()
    assert adapter.posts == {}
    standing.settle()
    assert await posting == "post-0"


async def test_so_does_what_takes_its_place() -> None:
    adapter, standing = MemoryAdapter(), Unsure()
    await adapter.post(THREAD, Post(text="So"))
    editing = asyncio.create_task(Delivery(adapter, standing).edit(THREAD, "post-0", Post(text="So."), patience=30))
    await standing.asked.wait()
    assert adapter.last().text == "So"
    standing.settle()
    await editing
    assert adapter.last().text == "So."


async def test_a_draft_is_left_out() -> None:
    adapter, standing = MemoryAdapter(), Unsure()
    delivery = Delivery(adapter, standing)
    await delivery.draft(THREAD, "post-0", Post(text="So"))
    assert adapter.posts == {}
    standing.settle()
    await delivery.draft(THREAD, "post-0", Post(text="So far"))
    assert adapter.last().text == "So far"
