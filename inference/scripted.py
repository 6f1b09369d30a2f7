"""An engine that plays a script: for tests, demonstrations, and anything else that must not depend on a model."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from itertools import chain

from inference.engine import Capacity, Cost, Load
from inference.errors import EngineError
from inference.types import Done, Event, Finish, Lane, Request, Started, Text, Thought, Usage

PICTURE_TOKENS = 169
"""What a small picture costs the model; a word of text counts as one token here."""

ROOM = 1_000_000
"""Tokens and bytes that are always free: scripts run out of places only."""


class Gate:
    """A step that waits until somebody opens it. Gates are open or closed for everyone and can be used again."""

    def __init__(self, *, opened: bool = False) -> None:
        self._opened = asyncio.Event()
        if opened:
            self.open()

    def open(self) -> None:
        self._opened.set()

    def close(self) -> None:
        self._opened.clear()

    @property
    def is_open(self) -> bool:
        return self._opened.is_set()

    async def passed(self) -> None:
        await self._opened.wait()


@dataclass(frozen=True, slots=True)
class Pause:
    """A step that takes a while, on the engine's own idea of time."""

    seconds: float


Step = Event | EngineError | Gate | Pause
"""An event is yielded, an error raised, a gate or a pause waited for."""

Script = Callable[[Request], Iterable[Step]]
"""What to play for a request, after a Started. A Done is added where the script has none."""


def retell(request: Request) -> Iterator[Step]:
    """Say what was asked and shown."""
    question, images = request.turns[-1].text, request.images
    if request.mode != "quick":
        yield Thought(text=f"They ask about {len(images)} pictures. ")
    pictures = "1 picture" if len(images) == 1 else f"{len(images) or 'no'} pictures"
    yield Text(text=f"I was asked “{question}” ")
    yield Text(text=f"about {pictures}" + (": " if images else "."))
    yield from (Text(text=f"{image.label or image.sha256[:8]}; ") for image in images[:-1])
    yield from (Text(text=f"{image.label or image.sha256[:8]}.") for image in images[-1:])


class ScriptedEngine:
    """Plays ``script`` for each request, ``places`` of them at a time; ends by itself at a request's deadline.

    ``hold`` stops every answer right after its Started until ``release``; ``until`` waits for the engine to get
    somewhere. ``sleep`` is what pauses are made of."""

    name = "scripted"

    def __init__(
        self,
        script: Script = retell,
        *,
        places: int = 1,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._script = script
        self._places = places
        self._sleep = sleep
        self._gate = Gate(opened=True)
        self._lanes = {lane: Gate(opened=True) for lane in Lane}
        self._changed = asyncio.Event()
        self.requests: list[Request] = []
        """All that were ever begun, in order."""
        self.running: list[Request] = []
        self.cut_short: list[Request] = []
        """Those whose stream was closed or cancelled before its Done."""
        self.forgotten: frozenset[str] = frozenset()
        """Threads and pictures of which nothing was to be kept any more."""

    async def start(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to give back."""

    def cost(self, request: Request) -> Cost:
        return Cost(
            prompt_tokens=_prompt_tokens(request),
            output_tokens=request.sampling.max_reasoning_tokens + request.sampling.max_answer_tokens,
        )

    def capacity(self) -> Capacity:
        active = len(self.running) - len(self.resting)
        return Capacity(requests=max(0, self._places - active), tokens=ROOM, bytes=ROOM, load=Load(rows=active))

    def pause(self, lanes: frozenset[Lane]) -> int:
        for lane, gate in self._lanes.items():
            (gate.close if lane in lanes else gate.open)()
        self._tell()
        return len(self.resting)

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        self.forgotten |= threads | pictures

    @property
    def resting(self) -> list[Request]:
        """Those of the running that are paused."""
        return [request for request in self.running if not self._lanes[request.lane].is_open]

    def hold(self) -> None:
        """Let answers begin, but say nothing until ``release``."""
        self._gate.close()

    def release(self) -> None:
        self._gate.open()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once the condition holds; looked at again whenever an answer begins or ends."""
        while not condition():
            await self._changed.wait()

    async def begun(self, number: int = 1) -> None:
        """Return once that many requests have been begun in all."""
        await self.until(lambda: len(self.requests) >= number)

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        self.running.append(request)
        self._tell()
        ended = False
        try:
            async with aclosing(self._play(request)) as events:
                async for event in events:
                    ended = isinstance(event, Done)
                    yield event
        except (GeneratorExit, asyncio.CancelledError):
            if not ended:
                self.cut_short.append(request)
            raise
        finally:
            self.running.remove(request)
            self._tell()

    async def _play(self, request: Request) -> AsyncGenerator[Event, None]:
        yield Started()
        said: list[Event] = []
        for step in chain([self._gate], self._script(request)):
            try:
                await self._take(self._lanes[request.lane], request.deadline)
                event = await self._take(step, request.deadline)
            except TimeoutError:
                yield Done(finish=Finish.DEADLINE, usage=_usage(request, said))
                return
            if event is not None:
                said.append(event)
                yield event
            if isinstance(event, Done):
                return
        yield Done(usage=_usage(request, said))

    async def _take(self, step: Step, deadline: float | None) -> Event | None:
        """Do what the step says; its event if it is one. TimeoutError when the deadline comes first."""
        if isinstance(step, EngineError):
            raise step
        if not isinstance(step, Gate | Pause):
            return step
        async with asyncio.timeout(None if deadline is None else deadline - time.monotonic()):
            await (step.passed() if isinstance(step, Gate) else self._sleep(step.seconds))
        return None

    def _tell(self) -> None:
        """Wake those who wait for something to change."""
        self._changed.set()
        self._changed = asyncio.Event()


def _prompt_tokens(request: Request) -> int:
    words = sum(len(turn.text.split()) for turn in request.turns)
    return words + PICTURE_TOKENS * len(request.images)


def _usage(request: Request, said: list[Event]) -> Usage:
    return Usage(
        prompt_tokens=_prompt_tokens(request),
        image_tokens=PICTURE_TOKENS * len(request.images),
        reasoning_tokens=sum(len(event.text.split()) for event in said if isinstance(event, Thought)),
        answer_tokens=sum(len(event.text.split()) for event in said if isinstance(event, Text)),
    )
