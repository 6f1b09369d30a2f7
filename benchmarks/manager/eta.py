"""How far from the truth those who wait are told they are."""

import asyncio
import random
import statistics
from contextlib import aclosing
from dataclasses import dataclass

from benchmarks.manager.model import Shape
from benchmarks.manager.stage import BUDGET, Clock, Stage, stage, words
from inference.local.options import Options
from inference.types import Queued, Request, Started


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was told when they lined up or moved up, and what came of it, in seconds."""

    eta_s: float
    waited_s: float

    @property
    def error(self) -> float:
        return abs(self.eta_s - self.waited_s) / self.waited_s


async def eta_error(shape: Shape, clock: Clock, *, quick: bool) -> tuple[float, list[tuple[float, float]]]:
    """The median error as a share of the wait, over everything that was told, and all of that."""
    requests, places = (12, 2) if quick else (40, 4)
    dice = random.Random(5)
    async with stage(shape, Options(cache_bytes=BUDGET, rows=places), clock) as on:
        for number in range(3):
            await on.ask(_request(on, dice, 900_000 + number))
        told = await asyncio.gather(*(_told(on, _request(on, dice, number)) for number in range(requests)))
    every = [one for some in told for one in some]
    return statistics.median(one.error for one in every), [(one.eta_s, one.waited_s) for one in every]


def _request(on: Stage, dice: random.Random, number: int) -> Request:
    """Long and short ones, as they come."""
    return on.request(words(number, dice.randint(40, 600)), tokens=dice.randint(8, 64), owner=str(number % 5))


async def _told(on: Stage, request: Request) -> list[Told]:
    etas: list[tuple[float, float]] = []
    began = on.clock()
    async with aclosing(on.line.generate(request)) as events:
        async for event in events:
            now = on.clock()
            if isinstance(event, Queued) and event.eta_s is not None:
                etas.append((now, event.eta_s))
            if isinstance(event, Started):
                began = now
    return [Told(eta, began - at) for at, eta in etas if began > at]
