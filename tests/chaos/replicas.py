"""Two replicas of the bot on one PostgreSQL database, of which one is killed every few seconds, or hangs until it
counts as dead and comes back, while people go on asking: in new threads, and on in threads whose last question may
still be open."""

import asyncio
import itertools
import os
import random
import signal
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import schema
from tests.chaos.life import Life, Lives, Plan
from tests.chaos.platforms import Platform, Question, faults

REPLICAS = 2
MOST_OPEN = 10
"""Questions that wait for their answers at the same time."""
_APART_S = (0.1, 0.5)
"""Between two questions."""
_HARM_S = (3.0, 5.0)
"""Between two kills or hangs."""
HANG_S = 36.0
"""More than after which a replica counts as dead."""
_RECENT = 8
"""Threads in which people go on asking."""


@dataclass
class Report:
    """What happened and what was found."""

    seconds: float = 0.0
    harm: str = "killed"
    times: Counter[int] = field(default_factory=Counter)
    """Of each replica."""
    starts: int = 0
    questions: int = 0
    threads: int = 0
    follow_ups_while_open: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        times = " and ".join(str(self.times[number]) for number in range(REPLICAS))
        asked = f"{self.questions} questions in {self.threads} threads"
        return (
            f"{REPLICAS} replicas, {self.harm} {times} times in {self.seconds:.0f} s, {self.starts} starts, {asked}, "
            f"{self.follow_ups_while_open} of them while another was open there, "
            f"{len(self.faults)} lost, doubled, out of order or without their picture"
        )


class Contest:
    """Each replica has its own data folder."""

    def __init__(self, platform: Platform, lives: list[Lives], folder: Path, store: str, seed: int) -> None:
        self._platform = platform
        self._lives = lives
        self._chance = random.Random(seed)
        self._store = store
        self._plans = [
            Plan(platform.name, platform.settings, store, str(folder / str(number))) for number in range(REPLICAS)
        ]
        self._asked: list[Question] = []
        self._waiting: dict[asyncio.Task[None], Question] = {}
        self.report = Report()

    async def run(self, seconds: float, *, hanging: bool = False) -> Report:
        """That long, and until all is answered."""
        alive = [await lives.begin(plan) for lives, plan in zip(self._lives, self._plans, strict=True)]
        await self._platform.connected(REPLICAS)
        began = time.monotonic()
        harming = asyncio.create_task(self._hang(alive) if hanging else self._kill(alive), name="harm")
        while time.monotonic() - began < seconds:
            await self._ask()
            await asyncio.sleep(self._chance.uniform(*_APART_S))
        harming.cancel()
        with suppress(asyncio.CancelledError):
            await harming
        self.report.seconds = time.monotonic() - began
        for answered in list(self._waiting):
            await answered
        ended = [await life.stop() for life in alive]
        self.report.faults = [f"a replica ended with {status}" for status in ended if status] + await self._faults()
        self.report.starts = sum(lives.begun for lives in self._lives)
        self.report.questions = len(self._asked)
        self.report.threads = len({one.thread for one in self._asked})
        return self.report

    async def _kill(self, alive: list[Life]) -> None:
        """One every few seconds; whoever watches over it starts it again."""
        while True:
            await asyncio.sleep(self._chance.uniform(*_HARM_S))
            number = self._chance.randrange(REPLICAS)
            os.kill(alive[number].pid, signal.SIGKILL)
            await alive[number].ended
            self.report.times[number] += 1
            alive[number] = await self._lives[number].begin(self._plans[number])

    async def _hang(self, alive: list[Life]) -> None:
        """They take turns."""
        self.report.harm = "hung"
        for number in itertools.cycle(range(REPLICAS)):
            await asyncio.sleep(self._chance.uniform(*_HARM_S))
            os.kill(alive[number].pid, signal.SIGSTOP)
            try:
                await asyncio.sleep(HANG_S)
            finally:
                os.kill(alive[number].pid, signal.SIGCONT)
            self.report.times[number] += 1

    async def _ask(self) -> None:
        """In a new thread, each second one with a picture, or on in one of the latest, most often where one waits."""
        if len(self._waiting) >= MOST_OPEN:
            await asyncio.wait(self._waiting, return_when=asyncio.FIRST_COMPLETED)
        text = f"question {len(self._asked)}"
        recent = list(dict.fromkeys(one.thread for one in reversed(self._asked)))[:_RECENT]
        if recent and self._chance.random() < 0.5:
            open_now = [one.thread for one in self._waiting.values()]
            thread = self._chance.choice(open_now * 3 + recent)
            if not await self._platform.takes_replies(thread):
                return
            self.report.follow_ups_while_open += thread in open_now
            question = await self._platform.ask(text, thread=thread)
        else:
            question = await self._platform.ask(text, picture=_has_picture(text))
        self._asked.append(question)
        answered = asyncio.create_task(self._platform.answered(question))
        self._waiting[answered] = question
        answered.add_done_callback(self._waiting.pop)

    async def _faults(self) -> list[str]:
        shown = {one.thread: await self._platform.shown(one) for one in self._asked}
        found = faults(self._asked, shown, self._platform.unfinished)
        return found + self._unseen(shown) + self._out_of_order(shown, await self._accepted())

    def _unseen(self, shown: dict[str, list[str]]) -> list[str]:
        """A picture that was shown to one replica is seen by the other."""
        first = {one.thread: one for one in reversed(self._asked)}
        with_picture = [thread for thread, question in first.items() if _has_picture(question.text)]
        return [f"{text}: no picture" for one in with_picture for text in shown[one] if "about 1 picture" not in text]

    def _out_of_order(self, shown: dict[str, list[str]], accepted: dict[str, int]) -> list[str]:
        """In a thread answers stand in the order in which their questions were accepted."""
        questions: dict[str, list[Question]] = defaultdict(list)
        for question in sorted(self._asked, key=lambda one: accepted[one.message]):
            questions[question.thread].append(question)
        found = []
        for thread, inside in questions.items():
            posts = [next((at for at, text in enumerate(shown[thread]) if one.told in text), 0) for one in inside]
            if posts != sorted(posts):
                found.append(f"thread {thread}: {[one.text for one in inside]} are answered at {posts}")
        return found

    async def _accepted(self) -> dict[str, int]:
        """Of each question's message the number of its row."""
        engine = create_async_engine(self._store)
        async with engine.connect() as connection:
            rows = await connection.execute(select(schema.job.c.message, schema.job.c.id))
            accepted = {row.message: row.id for row in rows}
        await engine.dispose()
        return accepted


def _has_picture(text: str) -> bool:
    return text[-1] in "02468"
