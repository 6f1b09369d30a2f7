"""Who listens to which part of a platform, where several processes serve one database."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.jobs import Jobs
from bot.sharing import Hands, Sharing
from bot.store.store import Store
from tests import postgres
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
        self.begun = 0
        """How often it began to listen to one."""
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
            self.begun += there
            self.changed.notify_all()

    async def until(self, parts: set[int]) -> None:
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(lambda: self.parts == parts)


@pytest.mark.postgres
async def test_who_is_alone_listens_while_the_database_is_away_and_gives_way_to_others_after_it(tmp_path: Path) -> None:
    """What is said where nobody has asked before would be found nowhere."""
    with postgres.serving() as server:
        async with AsyncExitStack() as stack:
            many = Many(server.url, tmp_path, stack)
            one = await many.start("discord")
            assert await one.replicas.beat()
            first = Listener(one, stack)
            await first.until({0, 1})
            server.stop()
            await one.replicas.signs.look()
            await asyncio.sleep(1.5)  # in which it would have noticed
            server.start()
            assert await one.replicas.beat()
            await asyncio.sleep(1.5)  # in which it has taken it again
            assert (first.parts, first.begun) == ({0, 1}, 2)
            other = await many.start("discord")
            await one.replicas.beat()
            second = Listener(other, stack)
            await second.until({1})
            await first.until({0})
            await other.replicas.signs.close()


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
