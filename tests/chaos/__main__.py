"""``make chaos``: the bot is killed 300 times, on each platform and each database a quarter of them, and on Slack a
quarter of these while answers grow in streams; then of two replicas on one database one after the other is killed for
two minutes, on each platform, and hangs for two more; then it gets 10,000 events, half of which it knows. ``--only`` is
for one of these."""

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from pathlib import Path

from bot import log
from bot.settings import LogSettings
from tests import postgres
from tests.chaos import replicas
from tests.chaos.life import Lives
from tests.chaos.platforms import Discord, Platform, Slack, StreamingSlack
from tests.chaos.trial import Report, Trial
from tests.chaos.twins import answers
from tests.fakes.server import Server, serving

SPEED = 60.0
"""A minute on the platform's clock takes a second."""
PLATFORMS = ("slack", "discord")
SHARES = {"slack": 3, "slack-streams": 1, "discord": 4}
"""Of the kills with one database, in eighths. In ``slack-streams`` answers grow."""
EVENTS = 10_000
OUTAGE_EVERY = 12
"""Batches."""


async def trial(name: str, store: str, folder: Path, *, kills: int, seed: int, outage_every: int = 0) -> Report:
    """One platform with one database."""
    async with serving(f"tests.fakes.{name.partition('-')[0]}", speed=SPEED) as server:
        lives = await Lives.open()
        try:
            trial = Trial(await _open(name, server), lives, folder, store, seed)
            return await trial.run(kills, outage_every=outage_every)
        finally:
            await lives.close()


async def contest(
    name: str, store: str, folder: Path, *, seconds: float, seed: int, hanging: bool = False
) -> replicas.Report:
    """One platform with two replicas on PostgreSQL; Discord with as many shards."""
    async with serving(f"tests.fakes.{name}", speed=SPEED) as server:
        platform = await (Slack.open(server) if name == "slack" else Discord.open(server, shards=replicas.REPLICAS))
        lives = [await Lives.open() for _ in range(replicas.REPLICAS)]
        try:
            return await replicas.Contest(platform, lives, folder, store, seed).run(seconds, hanging=hanging)
        finally:
            for one in lives:
                await one.close()


async def _open(name: str, server: Server) -> Platform:
    kinds: dict[str, type[Slack | Discord]] = {"slack": Slack, "slack-streams": StreamingSlack, "discord": Discord}
    return await kinds[name].open(server)


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


async def _kill(kills: int, seed: int, folder: Path, server: str) -> int:
    lost = 0
    for database in ("sqlite", "postgresql"):
        for platform, share in SHARES.items():
            own = folder / f"{platform}-{database}"
            own.mkdir()
            store = f"sqlite+aiosqlite:///{own}/chaos.db" if database == "sqlite" else await postgres.fresh(server)
            some = kills * share // 16
            report = await trial(platform, store, own, kills=some, seed=seed, outage_every=OUTAGE_EVERY)
            print(f"{platform} {database}: {report}", *report.faults, sep="\n  ", flush=True)
            lost += len(report.faults)
    return lost


async def _share(seconds: float, seed: int, folder: Path, server: str) -> int:
    lost = 0
    for platform, hanging in itertools.product(PLATFORMS, (False, True)):
        store, own = await postgres.fresh(server), folder / f"{platform}-{hanging}"
        report = await contest(platform, store, own, seconds=seconds, seed=seed, hanging=hanging)
        print(f"{platform}: {report}", *report.faults, sep="\n  ", flush=True)
        lost += len(report.faults)
    return lost


async def main(chosen: argparse.Namespace) -> int:
    log.configure(LogSettings(level="error"))
    print(f"the platforms' clocks run {SPEED:.0f} times as fast as ours; seed {chosen.seed}", flush=True)
    began, lost = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="threadsight-chaos-") as name, postgres.running() as server:
        folder = Path(name)
        if chosen.only in (None, "kills"):
            lost += await _kill(chosen.kills, chosen.seed, folder, server)
        if chosen.only in (None, "replicas"):
            lost += await _share(chosen.seconds, chosen.seed, folder, server)
        if chosen.only in (None, "events"):
            lost += await _repeat(EVENTS, chosen.seed, folder)
    print(f"{lost} lost or doubled in all, {time.monotonic() - began:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=120.0, help="of the replicas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("kills", "replicas", "events"))
    sys.exit(asyncio.run(main(parser.parse_args())))
