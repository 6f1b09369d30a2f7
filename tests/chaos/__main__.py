"""``make chaos``: the bot is killed 300 times, on each platform and each database a quarter of them; then it gets
10,000 events, half of which it knows."""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bot import log
from bot.settings import LogSettings
from tests import postgres
from tests.chaos.life import Lives
from tests.chaos.platforms import Discord, Platform, Slack
from tests.chaos.trial import Report, Trial
from tests.chaos.twins import answers
from tests.fakes.server import Server, serving

SPEED = 60.0
"""A minute on the platform's clock takes a second."""
EVENTS = 10_000
OUTAGE_EVERY = 12
"""Batches."""


async def trial(name: str, store: str, folder: Path, *, kills: int, seed: int, outage_every: int = 0) -> Report:
    """One platform with one database."""
    async with serving(f"tests.fakes.{name}", speed=SPEED) as server:
        lives = await Lives.open()
        try:
            trial = Trial(await _open(name, server), lives, folder, store, seed)
            return await trial.run(kills, outage_every=outage_every)
        finally:
            await lives.close()


async def _open(name: str, server: Server) -> Platform:
    return await (Slack if name == "slack" else Discord).open(server)


async def _repeat(events: int, seed: int, folder: Path) -> int:
    """How many questions were not answered exactly once."""
    began = time.monotonic()
    counted = await answers(events, f"sqlite+aiosqlite:///{folder}/twins.db", folder, seed)
    once = sum(count == 1 for count in counted.values())
    print(
        f"{events} events, {once} of {events // 2} questions answered once, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return events // 2 - once


async def main(kills: int, seed: int) -> int:
    log.configure(LogSettings(level="error"))
    print(f"the platforms' clocks run {SPEED:.0f} times as fast as ours; seed {seed}", flush=True)
    lost = 0
    with ExitStack() as stack:
        for database in ("sqlite", "postgresql"):
            url = stack.enter_context(postgres.running()) if database == "postgresql" else ""
            for platform in ("slack", "discord"):
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="threadsight-chaos-")))
                store = await postgres.fresh(url) if url else f"sqlite+aiosqlite:///{folder}/chaos.db"
                report = await trial(platform, store, folder, kills=kills // 4, seed=seed, outage_every=OUTAGE_EVERY)
                print(f"{platform} {database}: {report}", *report.faults, sep="\n  ", flush=True)
                lost += len(report.faults)
        lost += await _repeat(EVENTS, seed, Path(stack.enter_context(tempfile.TemporaryDirectory())))
    print(f"{lost} lost or doubled in all")
    return 1 if lost else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    sys.exit(asyncio.run(main(chosen.kills, chosen.seed)))
