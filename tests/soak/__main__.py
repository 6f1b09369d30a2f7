"""``make soak``: 500 threads ask for half an hour, two of a hundred calls go wrong, and nothing may be lost or grow."""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from tests import postgres
from tests.chaos.platforms import Discord, Slack
from tests.fakes.server import Server, serving
from tests.soak.life import Look, Plan
from tests.soak.people import Person, crowd
from tests.soak.report import Report
from tests.soak.stopwatch import Taken

SPEED = 60.0
"""A minute on the platforms' clocks takes a second."""
RATE = 4.0
"""Questions a second, in all."""
SHARE = 0.02
"""Of calls and downloads that go wrong."""
WARM_UP = 1 / 6
"""Of the time. Every thread has been asked in by then."""
LOOK_S = 5.0
CHORES_S = 60.0
"""In which a look for what was missed, which may just have begun, is over."""
SETTLE_S = 20.0
"""After which idle connections have been closed, which are kept for 15 s."""


OUTAGE_S = 60.0
"""Of the platforms, on their clocks."""

Away = Callable[[], AbstractContextManager[None]]


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program writes to it all the while."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def stopped(server: postgres.Server) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@dataclass(frozen=True)
class Options:
    minutes: float
    threads: int
    store: str
    seed: int
    settle_s: float = SETTLE_S
    silence_s: float = 60.0
    """How long a call hangs that gets no answer, unless whoever calls has less patience."""
    away_s: float = 10.0
    """How long the database is away, in the end."""
    looks_min: float = 2.0


class Bot:
    """The bot's process, and what it holds and took, now and then."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._alone = asyncio.Lock()
        self.looks: list[Look] = []

    @classmethod
    async def start(cls, plan: Plan) -> "Bot":
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        command = (sys.executable, "-m", "tests.soak.life", json.dumps(asdict(plan)))
        return cls(await asyncio.create_subprocess_exec(*command, **pipes, limit=2**24))

    async def look(self) -> Look:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._alone:
            self._process.stdin.write(b"\n")
            line = await self._process.stdout.readline()
        assert line, "the bot's process has ended"
        look = Look(**json.loads(line))
        self.looks.append(look)
        return look

    async def watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def stop(self) -> int:
        """As it ends by itself when nobody looks any more; its exit status."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return await self._process.wait()


class Soak:
    def __init__(self, options: Options, servers: list[Server], bot: Bot, people: list[Person]) -> None:
        self._options = options
        self._servers = servers
        self._bot = bot
        self._people = people
        self._chance = random.Random(options.seed)

    async def run(self, away: Away) -> Report:
        seconds = self._options.minutes * 60
        await self._ask(seconds * WARM_UP)
        warm, asked = await self._rest(), self._asked()
        self._bot.looks.clear()
        began = time.monotonic()
        await self._ask(seconds * (1 - WARM_UP))
        report = Report(self._options.store, time.monotonic() - began, self._asked() - asked)
        report.under_way = list(self._bot.looks)
        report.warm, report.end = warm, await self._rest(warm)
        report.taken = [Taken(**one) for look in self._bot.looks for one in look.taken]
        report.mishaps = await self._mishaps(0.0)
        await self._absences(away)
        report.in_all = self._asked()
        report.wrong = [fault for person in self._people for fault in await person.finds()]
        return report

    def _asked(self) -> int:
        return sum(len(person.asked) for person in self._people)

    async def _absences(self, away: Away) -> None:
        """First of the database, then of the platforms, while people go on asking."""
        asking = asyncio.create_task(self._ask(2 * self._options.away_s, share=0.0))
        with away():
            await asyncio.sleep(self._options.away_s)
        for server in self._servers:
            await server.control("outage", seconds=OUTAGE_S)
        await asking

    async def _ask(self, seconds: float, share: float = SHARE) -> None:
        """Return when all that was asked in so many seconds is answered."""
        await self._mishaps(share)
        end, pause = asyncio.get_running_loop().time() + seconds, len(self._people) / RATE
        watching = asyncio.create_task(self._bot.watch())
        try:
            async with asyncio.TaskGroup() as group:
                for person in self._people:
                    wait = self._chance.uniform(0, min(pause, seconds) * 0.9)
                    group.create_task(person.ask_until(end, pause, wait=wait))
        finally:
            watching.cancel()

    async def _rest(self, before: Look | None = None) -> Look:
        """With nothing to do: people see the last answer a moment before the bot has written down that they do."""
        await self._mishaps(0.0)
        await asyncio.sleep(self._options.settle_s)
        look, end = await self._bot.look(), time.monotonic() + CHORES_S
        while before is not None and len(look.tasks) > len(before.tasks) and time.monotonic() < end:
            await asyncio.sleep(1)
            look = await self._bot.look()
        return look

    async def _mishaps(self, share: float) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for server in self._servers:
            how = {"share": share, "seed": self._options.seed, "silence_s": self._options.silence_s}
            counts.update(await server.control("mishaps", **how))
        return dict(counts)


async def soak(options: Options, store: str, folder: Path, away: Away) -> Report:
    """``store`` is the database's address, ``away`` a block in which it takes nothing."""
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(serving(f"tests.fakes.{name}", speed=SPEED))
            for name in ("slack", "discord")
        ]
        slack, discord = await Slack.open(servers[0]), await Discord.open(servers[1])
        await servers[0].control("keep_calls", kept=False)
        people = await crowd([slack, discord], options.threads, random.Random(options.seed))
        bot = await Bot.start(Plan(slack.settings, discord.settings, store, str(folder), options.looks_min))
        try:
            for platform in (slack, discord):
                await platform.connected()
            return await Soak(options, servers, bot, people).run(away)
        finally:
            await bot.stop()


async def main(options: Options) -> int:
    print(f"the platforms' clocks run {SPEED:.0f} times as fast as ours; {options}", flush=True)
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="threadsight-soak-")))
        if options.store == "postgresql":
            server = stack.enter_context(postgres.serving(fsync=True))
            store, away = await postgres.fresh(server.url), partial(stopped, server)
        else:
            store, away = f"sqlite+aiosqlite:///{folder}/soak.db", partial(locked, folder / "soak.db")
        report = await soak(options, store, folder, away)
    print(f"\n{report}\n", *report.faults(), sep="\n", flush=True)
    once = "all answered once" if not report.wrong else f"{len(report.wrong)} lost, doubled or unfinished"
    print(f"{report.in_all} questions, {once}; {time.monotonic() - began:.0f} s; {len(report.faults())} faults")
    return 1 if report.faults() else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--threads", type=int, default=500)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    sys.exit(asyncio.run(main(Options(**vars(parser.parse_args())))))
