"""``python -m tests.inference.local.hanging hang|stop``: an engine whose step never ends, or one that is told to stop.

``hang`` prints what each of two readers was told, and ends as a bot whose engine has died does: by its error.
``stop`` prints ``writing`` once an endless answer is under way, and how that ended after SIGTERM."""

import asyncio
import signal
import sys
import threading
from contextlib import aclosing

from inference.engine import Engine
from inference.errors import Dead, EngineError
from inference.line import LineLimits
from inference.local.building import Built
from inference.local.engine import LocalEngine
from inference.local.options import Options
from inference.local.runner import Report
from inference.manager import InferenceManager
from inference.types import Done, Request, Sampling, Text, Thought, Turn
from tests.inference.local.cases import CHECKPOINT


class Hanging(LocalEngine):
    """Whose steps never end once there is a row."""

    def _build(self) -> Built:
        built = super()._build()
        step = built.runner.step

        def hang() -> list[Report]:
            if built.runner.rows:
                threading.Event().wait()
            return step()

        built.runner.step = hang  # type: ignore[method-assign]
        return built


def request(name: str, *, endless: bool = False) -> Request:
    """An endless one is drawn greedily: by chance its thinking might be over at any token."""
    sampling = Sampling(temperature=0.0, max_reasoning_tokens=60_000 if endless else 4, max_answer_tokens=4)
    return Request(id=name, turns=(Turn(role="user", text=name),), sampling=sampling)


async def told(engine: Engine, asked: Request) -> str:
    try:
        async with aclosing(engine.generate(asked)) as events:
            async for event in events:
                if isinstance(event, Thought | Text):
                    print("writing", flush=True)
                if isinstance(event, Done):
                    return event.finish
    except EngineError as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


async def hang() -> None:
    engine = InferenceManager(Hanging(str(CHECKPOINT), device="cpu", dtype="float32", options=Options(hung_s=0.2)))
    await engine.start()
    for outcome in await asyncio.gather(told(engine, request("a")), told(engine, request("b"))):
        print(outcome, flush=True)
    await engine.close()
    raise Dead("the process ends")


async def stop() -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    model = LocalEngine(str(CHECKPOINT), device="cpu", dtype="float32")
    engine = InferenceManager(model, LineLimits(closing_s=0.01))
    await engine.start()
    answer = asyncio.create_task(told(engine, request("c", endless=True)))
    await stopped.wait()
    await engine.close()
    print(await answer, [thread.name for thread in threading.enumerate() if thread.name == "model"], flush=True)


if __name__ == "__main__":
    asyncio.run({"hang": hang, "stop": stop}[sys.argv[1]]())
