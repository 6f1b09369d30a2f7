"""Who listens to which part of a platform, where several processes serve one database."""

import asyncio
from contextlib import AsyncExitStack

from bot.jobs import Jobs
from bot.sharing import Hands, Sharing
from bot.store.store import Store
from tests.bot.test_replicas import Many, many

__all__ = ["many"]


async def nothing() -> None:
    """There is nothing to hear again."""


def sharing(store: Store) -> Sharing:
    hands = Hands(start=lambda job: None, hear=nothing, forget=lambda threads, pictures: None)
    return Sharing(store, Jobs(), hands)


class Listener:
    """Listens to all parts of Discord whose turn comes."""

    def __init__(self, store: Store, stack: AsyncExitStack, parts: int = 2) -> None:
        self.parts: set[int] = set()
        self.changed = asyncio.Condition()
        self._sharing = sharing(store)
        for part in range(parts):
            task = asyncio.create_task(self._listen(part, parts))
            stack.callback(task.cancel)

    async def _listen(self, part: int, parts: int) -> None:
        while True:
            try:
                async with self._sharing.turn("discord", part, parts):
                    await self._note(part, there=True)
                    await asyncio.Event().wait()
            except TimeoutError:
                await self._note(part, there=False)

    async def _note(self, part: int, *, there: bool) -> None:
        async with self.changed:
            (self.parts.add if there else self.parts.discard)(part)
            self.changed.notify_all()

    async def until(self, parts: set[int]) -> None:
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(lambda: self.parts == parts)


async def test_each_gets_its_share_of_a_platform_and_what_the_dead_leave(many: Many) -> None:
    async with AsyncExitStack() as stack:
        one = await many.start("discord")
        first = Listener(one, stack)
        await first.until({0, 1})
        await many.start("console")
        other = await many.start("slack", "discord")
        await one.replicas.beat()
        second = Listener(other, stack)
        await second.until({1})
        await first.until({0})
        await other.replicas.leave()
        await one.replicas.beat()
        await first.until({0, 1})
