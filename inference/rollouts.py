"""Samples of one prompt, as many at a time as the engine has room for."""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from inference.engine import Capacity, Cost, Engine
from inference.errors import Dead, EngineError
from inference.synthesis import Rollout
from inference.types import Done, Event, Finish, Request, Started, Text, Thought, Usage

OVERTIME_S = 2.0
"""What a rollout may take beyond its deadline, by which engines end by themselves."""


@dataclass(slots=True)
class _Sample:
    """What one rollout has said so far."""

    thoughts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    done: Done | None = None

    def take(self, event: Event) -> bool:
        """Whether this is the first of its thoughts."""
        match event:
            case Text(text=text):
                self.words.append(text)
            case Thought(text=text):
                self.thoughts.append(text)
                return len(self.thoughts) == 1
            case Done():
                self.done = event
        return False

    def rollout(self) -> Rollout:
        """Compacted. Without a conclusion it is passed whole, as in the paper."""
        usage = self.done.usage if self.done else Usage()
        conclusion = "" if self._excused() else "".join(self.words)
        return Rollout(text=conclusion or "".join(self.thoughts), concluded=bool(conclusion), usage=usage)

    def _excused(self) -> bool:
        """The words are not the model's: an engine that counts tokens and had none of an answer said why."""
        done = self.done
        return bool(
            done and done.finish is not Finish.COMPLETE and done.usage.prompt_tokens and not done.usage.answer_tokens
        )


News = Started | Thought | Rollout


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What samples of one prompt take: the prompt, which they share, and what each of them may write."""

    shared: Cost
    each: Cost

    @classmethod
    def of(cls, engine: Engine, sample: Request) -> "Need":
        """Of samples like this one; they differ in their seeds alone."""
        silent = replace(sample.sampling, max_reasoning_tokens=0, max_answer_tokens=0)
        shared, whole = engine.cost(replace(sample, sampling=silent)), engine.cost(sample)
        each = Cost(prompt_tokens=0, output_tokens=whole.output_tokens, bytes=max(0, whole.bytes - shared.bytes))
        return cls(shared=shared, each=each)

    def fitting(self, free: Capacity, *, begun: bool, spare: int = 0) -> int:
        """How many there is room for if ``spare`` places stay free; ``begun``: the prompt is there already."""
        places = max(0, free.requests - spare)
        tokens, held = (free.tokens, free.bytes) if begun else self._beside_the_prompt(free)
        if tokens < 0 or held < 0:
            return 0
        by_tokens = tokens // self.each.output_tokens if self.each.output_tokens else places
        by_bytes = held // self.each.bytes if self.each.bytes else places
        return min(places, by_tokens, by_bytes)

    def _beside_the_prompt(self, free: Capacity) -> tuple[int, int]:
        return free.tokens - self.shared.prompt_tokens, free.bytes - self.shared.bytes


class Rollouts:
    """``until`` is when the last of them must have ended, on the clock of ``time.monotonic``; ``spare`` places of the
    engine are left to others."""

    def __init__(self, engine: Engine, requests: Sequence[Request], until: float | None, *, spare: int = 0) -> None:
        self._engine = engine
        self._waiting = deque(requests)
        self._until = until
        self._spare = spare
        self._running: set[asyncio.Task[Rollout]] = set()
        self._news: asyncio.Queue[Started | Thought | asyncio.Task[Rollout]] = asyncio.Queue()

    async def run(self) -> AsyncGenerator[News, None]:
        """Each rollout as it ends; before, that it started and an empty Thought once it thinks. Closing stops all."""
        try:
            while self._waiting or self._running:
                await self._fill()
                news = await self._news.get()
                if isinstance(news, asyncio.Task):
                    self._running.remove(news)
                    yield news.result()
                else:
                    yield news
        finally:
            await self._stop()

    async def _fill(self) -> None:
        """Begin as many as there is room for, one in any case. Those that must run one after another share the time."""
        running = sum(not task.done() for task in self._running)
        entering = min(len(self._waiting), max(self._room(begun=running > 0), 0 if running else 1))
        if not entering:
            return
        turns = math.ceil(len(self._waiting) / (entering + running))
        deadline = self._until
        if deadline is not None:
            now = time.monotonic()
            deadline = now + (deadline - now) / turns
        for _ in range(entering):
            request = replace(self._waiting.popleft(), deadline=deadline)
            task = asyncio.create_task(self._sample(request), name=f"rollout {request.id}")
            task.add_done_callback(self._news.put_nowait)
            self._running.add(task)
        # The engine counts a request from the first step of its stream on: let the tasks take it before we look again.
        await asyncio.sleep(0)

    def _room(self, *, begun: bool) -> int:
        """How many may join."""
        if not self._waiting:
            return 0
        need = Need.of(self._engine, self._waiting[0])
        return need.fitting(self._engine.capacity(), begun=begun, spare=self._spare)

    async def _sample(self, request: Request) -> Rollout:
        """One rollout to its end. One that fails is an empty one with its error; Dead is raised."""
        sample = _Sample()
        try:
            await self._listen(request, sample)
        except Dead:
            raise
        except EngineError as error:
            return Rollout(error=error)
        return sample.rollout()

    async def _listen(self, request: Request, sample: _Sample) -> None:
        """What was said until then counts if the engine does not keep the deadline."""
        limit = asyncio.timeout(None if request.deadline is None else request.deadline - time.monotonic() + OVERTIME_S)
        try:
            async with limit, aclosing(self._engine.generate(request)) as events:
                async for event in events:
                    if isinstance(event, Started):
                        self._news.put_nowait(event)
                    elif sample.take(event):
                        self._news.put_nowait(Thought(text=""))
        except TimeoutError:
            if not limit.expired():
                raise

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
