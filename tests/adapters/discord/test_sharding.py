"""Several shards, and several processes that share them out."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.base import Turn
from tests.adapters.discord.conftest import Bot
from tests.fakes.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="package")

EVERY_SHARD = 2


class Apart:
    """Of all adapters one is at each shard; each has a preference, and takes the other shard once it is free."""

    def __init__(self) -> None:
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.preferred = asyncio.Event()

    def of(self, mine: int) -> Turn:
        @asynccontextmanager
        async def turn(part: int, parts: int) -> AsyncIterator[None]:
            assert parts == EVERY_SHARD
            if part != mine:
                await self.preferred.wait()
            async with self._locks[part]:
                yield

        return turn


async def other_guild(bot: Bot) -> str:
    """A channel in a guild of the other shard."""
    guild = await bot.control("add_guild", name="Elsewhere", shard=1)
    return str(await bot.control("add_channel", guild=guild["guild"], name="elsewhere"))


async def test_one_process_hears_all_shards_that_discord_recommends(fake: Server) -> None:
    bot = Bot(fake, await fake.control("start", shards=EVERY_SHARD))
    elsewhere = await other_guild(bot)
    async with bot.running():
        await bot.control("until_connected", sockets=EVERY_SHARD)
        direct = await bot.control("open_dm", user=bot.user)
        for channel, text in ((bot.channel, "here"), (elsewhere, "elsewhere"), (direct, "in private")):
            await bot.say(f"@us {text}", channel=channel)
            assert (await bot.heard()).text == text
        assert bot.heard_nothing_more()
        assert bot.adapter.obstacle == ""


async def test_who_is_left_takes_over_the_shards_of_the_dead(fake: Server) -> None:
    world = await fake.control("start", shards=EVERY_SHARD)
    one, other, apart = Bot(fake, world), Bot(fake, world), Apart()
    elsewhere = await other_guild(one)
    runs = [asyncio.create_task(bot.adapter.run(bot.handle, apart.of(n))) for n, bot in enumerate((one, other))]
    try:
        await one.control("until_connected", identified=EVERY_SHARD, sockets=EVERY_SHARD)
        shard = int(one.guild) // (1 << 22) % EVERY_SHARD
        here, there = (one, other) if shard == 0 else (other, one)
        await one.say("@us here")
        await one.say("@us elsewhere", channel=elsewhere)
        assert ((await here.heard()).text, (await there.heard()).text) == ("here", "elsewhere")
        apart.preferred.set()
        runs[0].cancel()
        await one.control("until_connected", identified=EVERY_SHARD + 1, sockets=EVERY_SHARD)
        for channel, text in ((one.channel, "here again"), (elsewhere, "elsewhere again")):
            await one.say(f"@us {text}", channel=channel)
            assert (await other.heard()).text == text
        assert [bot.heard_nothing_more() for bot in (one, other)] == [True, True]
    finally:
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)
