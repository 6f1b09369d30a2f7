"""The local engine behind the line, with the benchmark's model in it and a clock at each of its steps."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO
from itertools import count, pairwise
from typing import Any, TypeVar

import torch

from benchmarks.manager.model import Shape, make
from benchmarks.manager.plain import Plain
from benchmarks.step_vl_images import noise
from benchmarks.watch import Watch
from inference.engine import Engine
from inference.local.building import Built, assemble
from inference.local.engine import LocalEngine
from inference.local.options import Options
from inference.local.prompt import Prompt
from inference.local.runner import Runner
from inference.manager import InferenceManager, LineLimits
from inference.types import Done, Event, Image, Request, Sampling, Text, Thought, Turn

BUDGET = 512 * 2**20

T = TypeVar("T")

Clock = Callable[[], float]
"""Seconds. Of the process's time on the CPUs where others use the machine: nothing here waits for anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A forward pass: when it began, and what took part."""

    began: float
    rows: int
    tokens: int


@dataclass(slots=True)
class Heard:
    """An answer, and on the clock when its pieces came."""

    asked: float
    times: list[float] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def first_s(self) -> float:
        return self.times[0] - self.asked

    @property
    def total_s(self) -> float:
        return self.times[-1] - self.asked

    @property
    def done(self) -> Done:
        last = self.events[-1]
        assert isinstance(last, Done)
        return last

    @property
    def gaps(self) -> list[float]:
        """Between one piece and the next."""
        return [later - earlier for earlier, later in pairwise(self.times)]


class Timed(LocalEngine):
    """Notes each step of the model's thread. Pixels are made there too, like all that torch does: with a second thread
    that computes there would be more OpenMP threads than cores, and then they go to sleep after every product."""

    def __init__(self, shape: Shape, options: Options, clock: Clock) -> None:
        super().__init__("random weights", device="cpu", dtype="float32", options=options)
        self._shape = shape
        self.clock = clock
        self.steps: list[Step] = []

    @property
    def built(self) -> Built:
        return self._built

    async def within(self, work: Callable[[Runner], T]) -> T:
        """Have something done between two steps."""
        done: asyncio.Future[T] = self._loop.create_future()

        def command(runner: Runner) -> None:
            with torch.inference_mode():
                self._tell(done.set_result, work(runner))

        self._inbox.put(command)
        return await done

    def _build(self) -> Built:
        self.model, processor = make(self._shape)
        built = assemble(self.model, processor, self._options, self._submit)
        self.model.model.register_forward_pre_hook(self._note, with_kwargs=True)
        return built

    def _submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        made: Future[Any] = Future()
        made.set_result(work(*args))
        return made

    def _note(self, module: torch.nn.Module, inputs: tuple[object, ...], settings: dict[str, Any]) -> None:
        rows, tokens = len(settings["packing"].parts), settings["inputs_embeds"].shape[1]
        self.steps.append(Step(began=self.clock(), rows=rows, tokens=tokens))


class Stage:
    """What the scenes are played on."""

    def __init__(self, model: Timed, line: InferenceManager) -> None:
        self.model = model
        self.line = line
        self.clock = model.clock
        self.plain = Plain(model.model, model.clock)
        self.delays: list[float] = []
        """Of the event loop, in seconds, while our side was measured."""
        self._names = count()

    def request(self, text: str, *images: Image, tokens: int, **more: object) -> Request:
        """Answered at once, greedily, with exactly so many tokens."""
        sampling = Sampling(temperature=0.0, max_answer_tokens=tokens)
        turns = (Turn(role="user", text=text, images=images),)
        fields = {"turns": turns, "mode": "quick", "sampling": sampling} | more
        return Request(id=f"bench-{next(self._names)}", **fields)  # type: ignore[arg-type]

    def following(self, request: Request, text: str, tokens: int) -> Request:
        """The next question of its thread, behind a short answer."""
        answer = Turn(role="assistant", text="42.")
        turns = (*request.turns, answer, Turn(role="user", text=text))
        return replace(self.request("", tokens=tokens), turns=turns, thread=request.thread)

    async def ask(self, request: Request, engine: Engine | None = None) -> Heard:
        heard = Heard(self.clock())
        async with aclosing((engine or self.line).generate(request)) as events:
            async for event in events:
                self.note(heard, event)
        return heard

    def note(self, heard: Heard, event: Event) -> None:
        heard.events.append(event)
        if isinstance(event, Text | Thought | Done):
            heard.times.append(self.clock())

    async def ask_all(self, requests: list[Request]) -> list[Heard]:
        return await asyncio.gather(*(self.ask(request) for request in requests))

    def prompt(self, request: Request) -> Prompt:
        return self.model.built.questions.build(request, 0.0).prompt

    async def show(self, *images: Image) -> None:
        """Have the pictures encoded, so that no figure depends on the encoder."""
        prompt = self.prompt(self.request("", *images, tokens=1))
        await self.model.within(lambda runner: _features(runner, prompt))

    async def embeds(self, request: Request) -> torch.Tensor:
        """The prompt as the other side gets it, with the pictures that were shown."""
        prompt = self.prompt(request)
        return await self.model.within(lambda runner: self.plain.embeds(prompt, _features(runner, prompt)))

    async def theirs(self, work: Callable[[], T]) -> T:
        """What the other side does, in the model's own thread."""
        return await self.model.within(lambda runner: work())

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        watch = Watch()
        async with watch.watching():
            yield
        self.delays += watch.delays

    async def ours(self, work: Callable[[], Awaitable[T]]) -> tuple[T, float]:
        """What came of it, and how long it took; the event loop is watched meanwhile."""
        async with self.watching():
            began = self.clock()
            result = await work()
            return result, self.clock() - began

    def decoding(self, since: float, rows: int) -> float:
        """The median seconds of a step in which so many rows wrote and nothing was read, since then."""
        steps = [step for step in self.model.steps if step.began >= since]
        periods = [
            later.began - step.began
            for step, later in pairwise(steps)
            if step.rows == step.tokens == later.rows == later.tokens == rows
        ]
        return statistics.median(periods)


@asynccontextmanager
async def stage(shape: Shape, options: Options, clock: Clock) -> AsyncIterator[Stage]:
    model = Timed(shape, options, clock)
    line = InferenceManager(model, LineLimits(length=256, per_owner=256), clock=clock)
    await line.start()
    try:
        yield Stage(model, line)
    finally:
        await line.close()


def _features(runner: Runner, prompt: Prompt) -> list[torch.Tensor]:
    features = [runner.gallery.features(picture) for picture in prompt.pictures]
    return [one for one in features if one is not None]


def page(number: int, size: tuple[int, int]) -> Image:
    """Different ones by number."""
    picture, content = noise(*size), BytesIO()
    picture.putpixel((number % size[0], number // size[0]), (255, 0, 0))
    picture.save(content, "PNG", compress_level=1)
    return Image(
        sha256=sha256(content.getvalue()).hexdigest(), content=content.getvalue(), width=size[0], height=size[1]
    )


def words(number: int, length: int) -> str:
    """A text of so many tokens that shares nothing with another number's."""
    beginning = f"{number:06d} "[::-1]
    return (beginning + "the quick brown fox jumps over the lazy dog " * (length // 44 + 1))[:length]
