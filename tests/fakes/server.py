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
    """Lets a share of the calls and downloads go wrong. A call that gets no answer may have had its effect. ``limited``
    makes a refusal over the rate, ``expire`` moves the file that a download is about."""

    CALLS = ("limited", "failed", "cut before", "cut after", "silent before", "silent after")
    DOWNLOADS = ("expired", "failed", "cut before")

    def __init__(self, limited: Callable[[], web.Response], expire: Callable[[web.Request], None]) -> None:
        self._limited = limited
        self._expire = expire
        self._share = self._silence_s = 0.0
        self._chance = random.Random(0)
        self._kind = ""
        self.counts: Counter[str] = Counter()

    def begin(self, share: float, seed: int, silence_s: float, kind: str) -> None:
        """``silence_s``: real seconds after which a call that gets no answer is cut. ``kind``: only that."""
        self._share, self._silence_s, self._kind, self._chance = share, silence_s, kind, random.Random(seed)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        call = request.path.startswith("/api/")
        if not call and "file" not in request.match_info:
            return await handler(request)
        self.counts["calls"] += 1
        if self._chance.random() >= self._share:
            return await handler(request)
        kind = self._kind or self._chance.choice(self.CALLS if call else self.DOWNLOADS)
        self.counts[kind] += 1
        return await self._go_wrong(kind, request, handler)

    async def _go_wrong(self, kind: str, request: web.Request, handler: Handler) -> web.StreamResponse:
        if kind == "limited":
            return self._limited()
        if kind == "failed":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if kind == "expired":
            self._expire(request)
            return await handler(request)
        if kind.endswith("after"):
            await handler(request)
        if kind.startswith("silent"):
            await asyncio.sleep(self._silence_s)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


@dataclass(frozen=True)
class Trouble:
    """What goes wrong by itself once it has begun."""

    outage: Outage
    mishaps: Mishaps


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
        # As many may wait for something as like to, and as long: it is the fake that gives up.
        limits = {"connector": aiohttp.TCPConnector(limit=0), "timeout": aiohttp.ClientTimeout(total=None)}
        async with aiohttp.ClientSession(**limits) as session:
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
