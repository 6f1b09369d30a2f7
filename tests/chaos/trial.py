"""Questions are asked while the bot is killed at random fail points; in the end each has one answer."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.life import Life, Lives, Plan
from tests.chaos.platforms import Platform, Question, faults

KILLS_IN_A_BATCH = 3
"""Fewer than the attempts after which a question is given up with a sentence."""
_LATEST = 40
"""Of the answered questions, people go on in the threads of these: in older ones what was missed is not looked for."""
OUTAGE_S = 600.0
"""Ten minutes on the platform's clock."""


@dataclass
class Report:
    """What happened and what was found."""

    starts: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    outages: int = 0
    seconds: float = 0.0
    points: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        killed = f"{self.kills.total()} kills at {len(self.kills)} of {self.points} fail points"
        asked = f"{self.questions} questions"
        return (
            f"{killed}, {self.starts} starts, {self.outages} outages, {asked}, "
            f"{len(self.faults)} lost or doubled, {self.seconds:.0f} s"
        )


class Trial:
    def __init__(self, platform: Platform, lives: Lives, folder: Path, store: str, seed: int) -> None:
        self._platform = platform
        self._lives = lives
        self._chance = random.Random(seed)
        self._plan = Plan(platform.name, platform.settings, store, str(folder))
        self._record = folder / "points"
        self._asked: list[Question] = []
        self._open: list[Question] = []
        self._answered: list[Question] = []
        self.report = Report()

    async def run(self, kills: int, *, outage_every: int = 0) -> Report:
        """Until the bot was killed so often. Every ``outage_every`` batches the platform is away for ten minutes."""
        began = time.monotonic()
        points = await self._explore()
        batches = 0
        while self.report.kills.total() < kills:
            batches += 1
            await self._batch(points, outage=bool(outage_every) and batches % outage_every == 0)
        shown = {one.thread: await self._platform.shown(one) for one in self._asked}
        self.report.faults += faults(self._asked, shown, self._platform.unfinished)
        self.report.questions, self.report.starts = len(self._asked), self._lives.begun
        self.report.seconds, self.report.points = time.monotonic() - began, len(points)
        return self.report

    async def _explore(self) -> list[str]:
        """The names of all places that an answer's way leads past."""
        life = await self._begin(record=str(self._record))
        await self._until_connected(life)
        for _ in range(2):
            await self._ask_some()
            await self._all_answered()
        await self._end(life)
        return sorted(set(self._record.read_text().splitlines()))

    async def _batch(self, points: list[str], *, outage: bool) -> None:
        for attempt in range(KILLS_IN_A_BATCH):
            point = self._chance.choice(points)
            life = await self._begin(die_at=point, time=self._chance.choice((1, 1, 1, 2, 3)))
            if attempt == 0 and await self._until_connected(life):
                await self._ask_some()
            if await self._until_dead_or_answered(life) == -signal.SIGKILL:
                self.report.kills[point] += 1
            if not self._open:
                break
        life = await self._begin()
        if outage:
            await self._until_connected(life)
            await self._ask_some()
            await self._platform.server.control("outage", seconds=OUTAGE_S)
            self.report.outages += 1
        await self._all_answered()
        await self._end(life)

    async def _end(self, life: Life) -> int:
        """The bot dies by our hand, or ends when it is told to, be it still starting; its exit status."""
        status = await life.stop()
        if status not in (0, -signal.SIGKILL, -signal.SIGTERM):
            self.report.faults.append(f"a life ended with {status}")
        return status

    async def _begin(self, **how: object) -> Life:
        return await self._lives.begin(Plan(**(vars(self._plan) | how)))  # type: ignore[arg-type]

    async def _ask_some(self) -> None:
        """One in a new thread with a picture, one without, and one that follows up on an older thread."""
        number = len(self._asked)
        self._keep(await self._platform.ask(f"question {number}", picture=True))
        self._keep(await self._platform.ask(f"question {number + 1}"))
        if self._answered:
            older = self._chance.choice(self._answered[-_LATEST:]).thread
            self._keep(await self._platform.ask(f"question {number + 2}", thread=older))

    def _keep(self, question: Question) -> None:
        self._asked.append(question)
        self._open.append(question)

    async def _until_connected(self, life: Life) -> bool:
        """False if it died before."""
        return await _first(life, self._platform.connected()) is None

    async def _until_dead_or_answered(self, life: Life) -> int:
        await _first(life, self._all_answered())
        return await self._end(life)

    async def _all_answered(self) -> None:
        """One that is not in time is looked for again at the end of all."""
        for question in list(self._open):
            with suppress(AssertionError):
                await self._platform.answered(question)
                self._answered.append(question)
            self._open.remove(question)


async def _first(life: Life, other: Coroutine[None, None, None]) -> int | None:
    """The life's exit status if it ends before the other thing is done."""
    task = asyncio.create_task(other)
    await asyncio.wait([life.ended, task], return_when=asyncio.FIRST_COMPLETED)
    if task.done() and not life.ended.done():
        task.result()
        return None
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return life.ended.result() if life.ended.done() else None
