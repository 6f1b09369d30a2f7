"""Lives of the bot. ``python -m tests.chaos.life`` imports everything once and forks a process for each life that is
asked for on stdin, which a fail point may end by SIGKILL."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adapters import failpoints
from adapters.base import Adapter
from adapters.discord.client import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot import log
from bot.settings import CatchUpSettings, LogSettings, Settings, StoreSettings
from inference.scripted import Pause, ScriptedEngine, Step, retell
from inference.types import Request
from tests.end_to_end.bot import running

PLACES = 4
LOOKS_MIN = 0.25
"""Between two looks for what was missed: a quarter of an hour on the platforms' clocks, which are 60 times as fast."""


@dataclass(frozen=True)
class Plan:
    """How a life goes: with what, and where it ends. ``record`` is a file for the names of all places reached."""

    platform: str
    adapter: dict[str, Any]
    store: str
    folder: str
    die_at: str = ""
    time: int = 1
    """The how-many-eth reaching of ``die_at``."""
    record: str = ""


def script(request: Request) -> Iterator[Step]:
    """An answer that takes long enough for drafts."""
    for step in retell(request):
        yield Pause(0.05)
        yield step


def adapter(plan: Plan) -> Adapter:
    if plan.platform == "slack":
        return SlackAdapter(SlackSettings(**plan.adapter))
    return DiscordAdapter(DiscordSettings(**plan.adapter))


def listen(plan: Plan) -> None:
    left = plan.time

    def reached(name: str) -> None:
        nonlocal left
        if plan.record:
            with Path(plan.record).open("a") as file:
                print(name, file=file)
        if name == plan.die_at:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    failpoints.listeners.append(reached)


async def live(plan: Plan) -> None:
    """Until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings(
        data_dir=Path(plan.folder), store=StoreSettings(url=plan.store), catch_up=CatchUpSettings(minutes=LOOKS_MIN)
    )
    engine = ScriptedEngine(script, places=PLACES)
    async with running([adapter(plan)], engine, Path(plan.folder), settings):
        await stop.wait()


def fork(plan: Plan) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setpgid(0, 0)
    status = 1
    try:
        listen(plan)
        asyncio.run(live(plan))
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """A plan a line comes in; its process's id goes out at once, and its exit status once it is dead."""
    log.configure(LogSettings(level="error"))
    for line in sys.stdin:
        pid = fork(Plan(**json.loads(line)))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


class Lives:
    """The runner's end: begins lives, one at a time, and counts them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._last: Life | None = None
        self.begun = 0

    @classmethod
    async def open(cls) -> "Lives":
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        return cls(await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.chaos.life", **pipes))

    async def begin(self, plan: Plan) -> "Life":
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(plan)).encode() + b"\n")
        await self._process.stdin.drain()
        self.begun += 1
        self._last = Life(int(await self._line()), asyncio.create_task(self._end(), name="wait for a death"))
        return self._last

    async def close(self) -> None:
        if self._last is not None and not self._last.ended.done():
            os.kill(self._last.pid, signal.SIGKILL)
            await self._last.ended
        self._process.kill()
        await self._process.wait()

    async def _end(self) -> int:
        return int(await self._line())

    async def _line(self) -> bytes:
        assert self._process.stdout is not None
        return await self._process.stdout.readline()


@dataclass(frozen=True)
class Life:
    pid: int
    ended: asyncio.Task[int]
    """Its exit status, negative for a signal."""

    async def stop(self) -> int:
        """As a supervisor does."""
        if not self.ended.done():
            os.kill(self.pid, signal.SIGTERM)
        return await self.ended


if __name__ == "__main__":
    main()
