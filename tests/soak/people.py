"""People who keep asking in threads of their own, and what each of them finds there in the end."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from tests.chaos.platforms import Platform, Question, faults
from tests.soak.life import SLOWLY

THREADS_IN_A_PLACE = 10
PICTURE_FIRST, PICTURE_LATER, STOPPED = 0.5, 0.2, 0.03
"""Shares of questions."""
PRESS_AGAIN_S = 20.0
PATIENCE_S = 600.0

_numbers = count()


@dataclass
class Person:
    """Asks in one thread, one question after the other."""

    place: Platform
    chance: random.Random
    asked: list[Question] = field(default_factory=list)

    async def ask_until(self, end: float, pause: float, *, wait: float) -> None:
        """After ``wait`` seconds, then with pauses that are ``pause`` seconds long on average."""
        clock = asyncio.get_running_loop().time
        while clock() + wait < end:
            await asyncio.sleep(wait)
            await self._ask()
            wait = self.chance.expovariate(1 / pause)

    async def _ask(self) -> None:
        thread = self.asked[-1].thread if self.asked else ""
        picture = self.chance.random() < (PICTURE_LATER if thread else PICTURE_FIRST)
        slowly = f" {SLOWLY}" if self.chance.random() < STOPPED else ""
        question = await self.place.ask(f"question {next(_numbers)}{slowly}", thread=thread, picture=picture)
        self.asked.append(question)
        if slowly:
            await self._stop(question)
        await self.place.answered(question, patience=PATIENCE_S)

    async def _stop(self, question: Question) -> None:
        """A press can be lost with its connection: whoever sees nothing happen presses again."""
        for _ in range(int(PATIENCE_S / PRESS_AGAIN_S)):
            with suppress(AssertionError):
                await self.place.stop(question)
                await self.place.answered(question, patience=PRESS_AGAIN_S)
                return

    async def finds(self) -> list[str]:
        """What is wrong in the thread, in words."""
        if not self.asked:
            return []
        shown = await self.place.shown(self.asked[0])
        stopped = sum("Stopped." in text for text in shown)
        wanted = sum(SLOWLY in one.text for one in self.asked)
        odd = [f"{stopped} stopped instead of {wanted}: {shown}"] if stopped != wanted else []
        found = faults(self.asked, {self.asked[0].thread: shown}, self.place.unfinished, stopped=SLOWLY)
        return found + odd


async def crowd(platforms: Sequence[Platform], threads: int, chance: random.Random) -> list[Person]:
    """One person for each thread, on the platforms by turns; some share a channel."""
    people: list[Person] = []
    places = {platform.name: platform for platform in platforms}
    for number in range(threads):
        name = platforms[number % len(platforms)].name
        new = number // len(platforms) % THREADS_IN_A_PLACE == 0
        places[name] = await places[name].another(place=new)
        people.append(Person(places[name], random.Random(chance.random())))
    return people
