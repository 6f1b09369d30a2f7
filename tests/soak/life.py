"""The bot in a process of its own, on a scripted engine. ``python -m tests.soak.life PLAN`` tells, for each line on
stdin, what it holds and what it took."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

from adapters import failpoints
from adapters.discord.client import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot import log
from bot.settings import CatchUpSettings, LogSettings, Settings, StoreSettings
from inference.scripted import Pause, ScriptedEngine, Step, retell
from inference.types import Request
from tests.end_to_end.bot import running
from tests.soak.stopwatch import Stopwatch

PLACES = 64
STEP_S = 0.05
SLOWLY = "slowly"
"""A question with this word in it is answered until somebody stops that."""


@dataclass(frozen=True)
class Plan:
    slack: dict[str, Any]
    discord: dict[str, Any]
    store: str
    folder: str
    looks_min: float
    """Between two looks for what was missed."""


@dataclass(frozen=True)
class Look:
    """One moment. Memory is what is resident, in bytes: the bot's, and its children's."""

    tasks: list[str]
    """Where each of them stands."""
    files: int
    memory: int
    children: int
    taken: list[dict[str, Any]]


class Life:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._watch = Stopwatch()
        self._engine = ScriptedEngine(self._play, places=PLACES)

    async def run(self) -> None:
        """Until stdin ends."""
        failpoints.listeners.append(self._watch.reached)
        set_on_retry_hooks([*get_on_retry_hooks(), self._watch.tried_again])
        plan, folder = self._plan, Path(self._plan.folder)
        adapters = [SlackAdapter(SlackSettings(**plan.slack)), DiscordAdapter(DiscordSettings(**plan.discord))]
        catch_up = CatchUpSettings(minutes=plan.looks_min)
        settings = Settings(data_dir=folder, store=StoreSettings(url=plan.store), catch_up=catch_up)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async with running(adapters, self._engine, folder, settings):
            async for _ in reader:
                print(json.dumps(asdict(self._look())), flush=True)

    def _play(self, request: Request) -> Iterator[Step]:
        self._watch.asked(request)
        for step in retell(request):
            yield Pause(STEP_S)
            yield step
        if SLOWLY in request.turns[-1].text:
            yield Pause(3_600)
        self._watch.answered()

    def _look(self) -> Look:
        for remembered in (self._engine.requests, self._engine.cut_short):
            remembered.clear()  # or all pictures would stay in memory
        return Look(
            tasks=sorted(map(_where, asyncio.all_tasks())),
            files=len(os.listdir("/proc/self/fd")),
            memory=resident(os.getpid()),
            children=sum(map(resident, children())),
            taken=self._watch.take(),
        )


def _where(task: asyncio.Task[Any]) -> str:
    """The coroutine that a task runs, and the line in which it waits."""
    frames = task.get_stack(limit=1)
    line = f"{Path(frames[0].f_code.co_filename).name}:{frames[0].f_lineno}" if frames else "running"
    return f"{getattr(task.get_coro(), '__qualname__', '')} ({line})"


def resident(pid: int) -> int:
    """0 if it has just ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def children() -> list[int]:
    return [int(one) for path in Path("/proc/self/task").glob("*/children") for one in path.read_text().split()]


if __name__ == "__main__":
    log.configure(LogSettings(level="error"))
    asyncio.run(Life(Plan(**json.loads(sys.argv[1]))).run())
