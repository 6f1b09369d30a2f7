"""Deep mode: thinking in parallel, then one answer that weighs what came of it (PaCoRe, arXiv 2601.05593).

Each level of, say, (32, 4) is a round of so many rollouts of the same conversation. A rollout is compacted to its
conclusion, and the next round reads the question with these as references; the last round is a single sample, the
answer. For STEP3-VL-10B with one level of 16 its authors report MathVision 70.8 → 76.0, HMMT 2025 78.2 → 92.1 and MMMU
78.1 → 80.1, and next to nothing for plain recognition; the paper puts the tokens of such a level at 18 times.
"""

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from random import Random

from inference.engine import Capacity, Cost, Engine
from inference.errors import BadInput, Dead, EngineError
from inference.rollouts import Need, Rollouts
from inference.synthesis import Rollout, arranged, fitting, prompted
from inference.types import Done, Event, Lane, Note, Progress, Request, Started, Text, Thought, Usage

FEWER_FIT = "I thought this through {tried} times and weighed {used} of the results; the others did not fit."
FEWER_ENDED = "I thought this through {tried} times; {used} came to something that I could weigh."
ALONE = "Thinking this through {tried} times in parallel came to nothing, so this answer is from thinking once."

ENDLESS = 2**31
"""Tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepOptions:
    """How wide to think, and within what."""

    levels: tuple[int, ...] = (16,)
    """Rollouts of each round before the answer. The paper's are (4,), (16,) and (32, 4)."""
    context_tokens: int = 65_536
    """What the model can read and write in one sample, unless the engine has room for less."""
    tokens: int = 262_144
    """What may be written on the way to an answer, in equal shares. The answer itself has the request's own limit."""
    reserve_tokens: int = 512
    """What a rollout keeps for its conclusion and the references leave for the answer, at least."""
    spare: float = 0.2
    """The share of the engine's places that rollouts leave for other people's questions."""
    reserve_time: float = 0.2
    """The share of the time until the deadline that the rounds leave for the answer."""


@dataclass(slots=True)
class _Course:
    """One deep answer on its way."""

    request: Request
    random: Random
    until: float | None
    """When the rounds must have ended, on the clock of ``time.monotonic``."""
    usage: Usage = field(default_factory=Usage)
    spent: int = 0
    """Of the tokens for the whole."""
    ended: int = 0
    """Rollouts of all rounds so far."""
    references: tuple[Rollout, ...] = ()
    tried: int = 0
    said: int = 0
    """Of so many rollouts, and of those that said something, the references were chosen."""

    @property
    def prompt(self) -> Request:
        """What the next samples are asked."""
        return replace(self.request, mode="think", turns=prompted(self.request.turns, self.references))

    def notes(self) -> Iterator[Note]:
        used, tried = len(self.references), self.tried
        if used < tried:
            sentence = ALONE if not used else FEWER_FIT if used < self.said else FEWER_ENDED
            yield Note(text=sentence.format(tried=tried, used=used))


class DeepEngine:
    """An Engine around an Engine that answers requests of mode ``deep`` as PaCoRe does; others pass untouched.

    What rollouts think stays here: an empty Thought tells that they do, Progress how many of all have ended. In the
    usage all that they wrote counts as reasoning."""

    def __init__(self, engine: Engine, options: DeepOptions | None = None) -> None:
        self._engine = engine
        self._options = options or DeepOptions()
        self._whole: Capacity | None = None
        """Of the engine when it has nothing to do, once it was started."""

    @property
    def name(self) -> str:
        return self._engine.name

    async def start(self) -> None:
        await self._engine.start()
        self._whole = self._engine.capacity()

    async def close(self) -> None:
        await self._engine.close()

    def capacity(self) -> Capacity:
        return self._engine.capacity()

    def pause(self, lanes: frozenset[Lane]) -> int:
        return self._engine.pause(lanes)

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        self._engine.forget(threads, pictures)

    def cost(self, request: Request) -> Cost:
        """What all samples may write, and what those hold that are written together. The prompt is shared, so it counts
        once; rollouts that the whole engine has no room for take turns."""
        if request.mode != "deep":
            return self._engine.cost(request)
        prompt = replace(request, mode="think")
        answer, need = self._engine.cost(prompt), Need.of(self._engine, self._rollout(prompt))
        together = max(self._options.levels, default=0)
        if self._whole is not None:
            together = min(together, max(1, need.fitting(self._whole, begun=False, spare=self._spare)))
        return Cost(
            prompt_tokens=answer.prompt_tokens,
            output_tokens=answer.output_tokens + sum(self._options.levels) * need.each.output_tokens,
            bytes=max(answer.bytes, need.shared.bytes + together * need.each.bytes),
        )

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        events = self._deepen(request) if request.mode == "deep" else self._engine.generate(request)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _deepen(self, request: Request) -> AsyncGenerator[Event, None]:
        """The rounds, then the answer. Who reads is told once that it began, and once that it thinks."""
        course, began = self._begin(request), time.monotonic()
        told: set[type[Event]] = set()
        for number in range(len(self._options.levels)):
            async with aclosing(self._round(course, number)) as news:
                async for item in news:
                    if isinstance(item, Progress) or type(item) not in told:
                        told.add(type(item))
                        yield item
        elapsed = time.monotonic() - began
        async with aclosing(self._answer(course)) as events:
            async for event in events:
                if isinstance(event, Done):
                    yield _of_the_whole(event, course.usage, elapsed)
                elif type(event) is not Started or Started not in told:
                    told.add(type(event))
                    yield event

    async def _round(self, course: _Course, number: int) -> AsyncGenerator[Started | Thought | Progress, None]:
        """Sample, and choose the references for what follows; those from before stay if there are no new ones."""
        requests = self._requests(course, number)
        ended: list[Rollout] = []
        rollouts = Rollouts(self._engine, requests, self._until(course, number), spare=self._spare)
        async with aclosing(rollouts.run()) as news:
            async for item in news:
                if not isinstance(item, Rollout):
                    yield item
                    continue
                if isinstance(item.error, BadInput) and not course.references:
                    raise item.error
                ended.append(item)
                course.ended += 1
                course.usage = course.usage.including(item.usage)
                # Of what was cut short or failed nobody tells how much it wrote: at most its share.
                course.spent += item.usage.reasoning_tokens + item.usage.answer_tokens or self._share
                yield Thought(text="")
                yield Progress(done=course.ended, total=sum(self._options.levels))
        said = arranged(ended)
        references = fitting(said, self._room(course.request))
        if references or not course.references:
            course.references, course.tried, course.said = references, len(ended), len(said)

    async def _answer(self, course: _Course) -> AsyncGenerator[Event, None]:
        """The last round. What fails before its first word is tried with half of the references, in the end with none:
        they may have more tokens than they look like, or take too much memory."""
        while True:
            spoken = False
            try:
                async with aclosing(self._engine.generate(self._last(course))) as events:
                    async for event in events:
                        spoken = spoken or isinstance(event, Text | Done)
                        if isinstance(event, Done):
                            for note in course.notes():
                                yield note
                        yield event
                return
            except EngineError as error:
                if isinstance(error, Dead) or spoken or not course.references:
                    raise
            course.references = course.references[: len(course.references) // 2]

    @property
    def _spare(self) -> int:
        """In places."""
        return int(self._options.spare * self._whole.requests) if self._whole else 0

    def _begin(self, request: Request) -> _Course:
        until, now = None, time.monotonic()
        if request.deadline is not None:
            until = now + (request.deadline - now) * (1 - self._options.reserve_time)
        return _Course(request, Random(request.sampling.seed), until)  # noqa: S311 - no secrets, only variety

    def _until(self, course: _Course, number: int) -> float | None:
        """When a round must have ended: those to come get as much time as this one."""
        if course.until is None:
            return None
        now = time.monotonic()
        return now + (course.until - now) / (len(self._options.levels) - number)

    def _requests(self, course: _Course, number: int) -> list[Request]:
        """One prompt, so many times; only the seeds tell the samples apart."""
        prompt = self._rollout(course.prompt)
        prompt = replace(prompt, group=f"{prompt.id}/{number + 1}")
        seeds = course.random.sample(range(2**31), self._options.levels[number])
        return [
            replace(prompt, id=f"{prompt.group}.{index}", sampling=replace(prompt.sampling, seed=seed))
            for index, seed in enumerate(seeds, start=1)
        ]

    @property
    def _share(self) -> int:
        """Tokens of one sample."""
        return self._options.tokens // (sum(self._options.levels) + 1)

    def _rollout(self, prompt: Request) -> Request:
        """Drawn as in the paper, within its share of the tokens."""
        sampling, share = prompt.sampling, self._share
        conclusion = min(sampling.max_answer_tokens, max(self._options.reserve_tokens, share // 4), max(1, share))
        thinking = min(sampling.max_reasoning_tokens, max(0, share - conclusion))
        sampling = replace(
            sampling,
            temperature=1.0,
            top_p=1.0,
            top_k=0,
            max_reasoning_tokens=thinking,
            max_answer_tokens=conclusion,
        )
        return replace(prompt, sampling=sampling)

    def _last(self, course: _Course) -> Request:
        """The answer may use up what the rounds left."""
        prompt, left = course.prompt, max(0, self._options.tokens - course.spent)
        thinking = min(prompt.sampling.max_reasoning_tokens, left)
        return replace(
            prompt, id=f"{prompt.id}/answer", sampling=replace(prompt.sampling, max_reasoning_tokens=thinking)
        )

    def _room(self, request: Request) -> int:
        """Tokens for references: a quarter of the context is left for what is to be written."""
        # Without its thread the request is counted as if nothing of it were in a cache; an engine never counts more
        # output than it has room for.
        endless = replace(request.sampling, max_answer_tokens=ENDLESS)
        alone = self._engine.cost(replace(request, mode="think", thread="", sampling=endless))
        context = min(self._options.context_tokens, alone.prompt_tokens + alone.output_tokens)
        return context - max(self._options.reserve_tokens, context // 4) - alone.prompt_tokens


def _of_the_whole(done: Done, rounds: Usage, elapsed: float) -> Done:
    """The answer's end with what the rounds took, in tokens and seconds."""
    first, total = done.timings.first_token_s, done.timings.total_s
    timings = replace(done.timings, first_token_s=None if first is None else elapsed + first, total_s=elapsed + total)
    return replace(done, usage=done.usage.including(rounds), timings=timings)
