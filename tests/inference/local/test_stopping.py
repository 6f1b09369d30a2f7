"""How the engine's process ends: with a step that hangs, and when it is told to."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process

from inference.local.watchdog import Watchdog


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
