"""How long the bot's event loop is held up while a fake Slack at its real speed asks thirty questions with pictures.

A beat on the loop tells when it was late; a thread that misses the beat looks at what the loop is doing, so that the
longest delay comes with its cause.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, Options, Report
from benchmarks.watch import Watch
from inference.scripted import ScriptedEngine
from tests.end_to_end.bot import running
from tests.end_to_end.test_slack import Slack
from tests.fakes.server import serving

CHANNELS = 6
QUESTIONS = 5
"""In each channel."""


async def ask_around(watch: Watch) -> float:
    """The seconds that it took until all questions were answered."""
    async with serving("tests.fakes.slack") as server:
        slack = await Slack.open(server)
        with tempfile.TemporaryDirectory() as folder:
            async with running([slack.adapter()], ScriptedEngine(), Path(folder)):
                await server.control("wait_connected")
                thread = await slack.say(f"{slack.us} warm up", files=[await slack.picture("warm.png")])
                await slack.answer(thread, "I was asked")
                channels = [(await server.control("add_channel"))["id"] for _ in range(CHANNELS)]
                async with watch.watching():
                    started = time.perf_counter()
                    await _questions(slack, channels)
                    return time.perf_counter() - started


async def _questions(slack: Slack, channels: list[str]) -> None:
    threads = []
    for channel in channels:
        picture = await slack.picture("a.png")
        threads.append((channel, await slack.say(f"{slack.us} question", channel=channel, files=[picture])))
    for _ in range(QUESTIONS - 1):
        for channel, thread in threads:
            await slack.say("and now?", channel=channel, thread_ts=thread)
    for channel, thread in threads:
        wanted = {"channel": channel, "thread_ts": thread, "contains": "I was asked", "lacks": "danger"}
        await slack.server.control("wait_for", **wanted, count=QUESTIONS, timeout_s=240)


def run(options: Options) -> Report:
    watch = Watch()
    seconds = asyncio.run(ask_around(watch))
    delays = sorted(watch.delays)
    p99, longest = delays[int(len(delays) * 0.99)] * 1000, delays[-1] * 1000
    print(
        f"event_loop: {CHANNELS * QUESTIONS} questions answered in {seconds:.1f} s; longest delay {longest:.1f} ms in"
    )
    print("".join(watch.cause), end="")
    return Report(
        figures=(Figure(name="event_loop.lag_p99_ms", value=p99, sense="<=", goal=20.0),),
        details={"beats": len(delays), "longest_ms": longest, "cause": watch.cause, "seconds": seconds},
    )
