"""What the fake platforms share: a clock with a speed factor, and a real server in a process of its own.

A fake is an aiohttp application made by ``build(clock) -> web.Application`` in its module; ``python -m MODULE``
serves it on a free port and prints that port. Tests steer and inspect it over HTTP below ``/_control/``.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler


class Clock:
    """Platform time. With a speed factor of 60, a documented minute passes in a second."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._started = time.monotonic()
        self._epoch = time.time()

    def now(self) -> float:
        """Unix seconds in platform time."""
        return self._epoch + (time.monotonic() - self._started) * self.speed

    def real(self, seconds: float) -> float:
        """How long ``seconds`` of platform time take here."""
        return seconds / self.speed


class Outage:
    """A while in which a fake answers nobody but the test."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = 0.0

    def begin(self, seconds: float) -> None:
        """For seconds of platform time."""
        self._until = self._clock.now() + seconds

    @property
    def lasts(self) -> bool:
        return self._clock.now() < self._until

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.lasts and not request.path.startswith("/_control/"):
            return web.Response(status=503, text="<html>maintenance</html>", content_type="text/html")
        return await handler(request)


class Mishaps:
    """Lets a share of the calls to an API go wrong. A call whose connection is cut may have had its effect."""

    KINDS = ("limited", "failed", "cut before", "cut after")

    def __init__(self) -> None:
        self._share = 0.0
        self._chance = random.Random(0)
        self.counts: Counter[str] = Counter()

    def begin(self, share: float, seed: int) -> None:
        self._share, self._chance = share, random.Random(seed)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/api/"):
            return await handler(request)
        self.counts["calls"] += 1
        if self._chance.random() >= self._share:
            return await handler(request)
        kind = self._chance.choice(self.KINDS)
        self.counts[kind] += 1
        if kind == "limited":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        if kind == "failed":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        answer = await handler(request) if kind == "cut after" else web.Response()
        if request.transport is not None:
            request.transport.abort()
        return answer


class Bucket:
    """A rate limit of ``count`` calls in ``per`` seconds of platform time, with room for bursts of ``count``."""

    def __init__(self, clock: Clock, count: float, per: float) -> None:
        self._clock, self._count, self._rate = clock, count, count / per
        self._tokens, self._last = count, clock.now()

    def take(self) -> float:
        """0 if the call may pass, else the seconds of platform time until the next may."""
        now = self._clock.now()
        self._tokens = min(self._count, self._tokens + (now - self._last) * self._rate)
        self._last = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate


@dataclass
class Server:
    """A running fake: its address, and its control side."""

    url: str
    session: aiohttp.ClientSession

    async def control(self, name: str, /, **body: Any) -> Any:
        """Call ``/_control/NAME``; the JSON that it answers."""
        async with self.session.post(f"{self.url}/_control/{name}", json=body) as response:
            if response.status != 200:
                raise AssertionError(f"control {name}: {response.status} {await response.text()}")
            return await response.json()


@asynccontextmanager
async def serving(module: str, *, speed: float = 1.0) -> AsyncIterator[Server]:
    """Run the fake in ``module`` in its own process until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "--speed", str(speed), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        async with aiohttp.ClientSession() as session:
            yield Server(f"http://127.0.0.1:{port}", session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def serve(build: Callable[[Clock], web.Application]) -> None:
    """The fake's ``__main__``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--speed", type=float, default=1.0)
    speed = parser.parse_args().speed

    async def main() -> None:
        runner = web.AppRunner(build(Clock(speed)), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()

    asyncio.run(main())
