"""How the engine's process ends: with a step that hangs, and when it is told to."""

import asyncio
import signal
import sys
import threading
from asyncio.subprocess import PIPE, Process
from types import SimpleNamespace
from typing import Any

import pytest

from inference.errors import Dead
from inference.local.engine import LocalEngine
from inference.local.options import Options
from inference.local.watchdog import Watchdog
from inference.types import Request


async def started(what: str) -> Process:
    command = (sys.executable, "-m", "tests.inference.local.hanging", what)
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)


async def test_a_step_that_hangs_is_told_to_all_who_wait_and_ends_the_process() -> None:
    process = await started("hang")
    output, errors = await process.communicate()
    gone = "Dead: The model has stopped working. It must be started again."
    assert output.decode().splitlines() == [gone, gone]
    assert b"a step of the model hangs" in errors
    assert b"threading.Event().wait()" in errors, "where it hangs is in the log"
    assert process.returncode == 1


async def test_sigterm_ends_an_endless_answer_and_the_models_thread() -> None:
    process = await started("stop")
    assert process.stdout is not None
    assert await process.stdout.readline() == b"writing\n"
    process.send_signal(signal.SIGTERM)
    output, errors = await process.communicate()
    assert output.decode().splitlines()[-1] == "stopped []"
    assert process.returncode == 0, errors.decode()


class Stuck(LocalEngine):
    """Does not come back from what it is told between two steps."""

    def __init__(self) -> None:
        super().__init__("nothing", options=Options(hung_s=0.05))
        self.died, self.comes_back = asyncio.Event(), threading.Event()

    def _build(self) -> Any:
        """Without a model."""
        never = float("inf")
        return SimpleNamespace(
            runner=SimpleNamespace(
                busy=False, due=never, holdings=None, step=list, forget=lambda *_: self.comes_back.wait()
            )
        )

    def _die(self, cause: BaseException | None) -> None:
        super()._die(cause)
        self.died.set()


async def test_what_hangs_between_two_steps_is_noticed_too() -> None:
    engine = Stuck()
    await engine.start()
    engine.forget(frozenset({"1"}), frozenset())
    async with asyncio.timeout(10):
        await engine.died.wait()
    with pytest.raises(Dead):
        await anext(engine.generate(Request(id="1", turns=())))
    engine.comes_back.set()
    await engine.close()


async def test_steps_that_end_alarm_nobody() -> None:
    alarms: list[str] = []
    alarmed = asyncio.Event()

    def alarm() -> None:
        alarms.append("alarm")
        alarmed.set()

    watchdog = Watchdog(0.05, alarm)
    watchdog.watch()
    for _ in range(3):
        with watchdog.step():
            pass
    assert alarms == []
    with watchdog.step():
        await alarmed.wait()
    watchdog.stop()
    assert alarms == ["alarm"]
