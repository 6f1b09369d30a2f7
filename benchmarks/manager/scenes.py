"""What is measured: each scene plays one pair of the other side and ours, in this order."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from benchmarks.manager.stage import Heard, Stage, page, words
from inference.deep import DeepEngine, DeepOptions
from inference.types import Done, Image, Lane, Progress, Request, Sampling

PHOTO, LARGE, MEDIUM, LITTLE = (4032, 3024), (1080, 2400), (1280, 720), (640, 480)
"""A telephone's photo is 2,665 tokens; the others are 1,005, 670 and 171."""
QUESTION = "Why?"
"""With what the chat template adds, where every letter is a token, and the answer before it, some 35 new tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Numbers of tokens and requests."""

    pairs: int = 5
    prompt: int = 1_000
    out: int = 128
    crowd: int = 8
    sample: int = 1
    """Of the crowd the other side answers so many, one after another; its time is scaled up."""
    documents: int = 100
    document_out: int = 96
    long: int = 6_000
    short: int = 60
    steps: int = 48
    rollout: int = 64
    beside: int = 32
    served_long: int = 2_000
    """Tokens of a reasoning that is served by the other server."""
    written: int = 40
    """Tokens of the reasoning that are there before the question beside it comes."""


QUICK = Sizes(
    pairs=2,
    prompt=200,
    out=16,
    documents=6,
    document_out=8,
    long=400,
    steps=8,
    rollout=8,
    beside=8,
    served_long=40,
    written=8,
)

Ratios = dict[str, float]


class Scenes:
    """Each returns ratios of ours to the other side's, and whatever explains them, in seconds (``…_s``)."""

    def __init__(self, stage: Stage, sizes: Sizes) -> None:
        self._stage = stage
        self._sizes = sizes

    async def follow_up(self, number: int) -> Ratios:
        """One more question about a picture that was asked about before, to its first word."""
        stage, image = self._stage, page(0, PHOTO)
        first = stage.request(f"{number}: what do you see?", image, tokens=4, thread=f"follow-up {number}")
        await stage.show(image)
        await stage.ask(first)
        following = stage.following(first, QUESTION, 2)
        embeds = await stage.embeds(following)
        whole = await stage.theirs(lambda: self._whole(following, embeds))
        heard, _ = await stage.ours(lambda: stage.ask(following))
        new = heard.done.usage.prompt_tokens - heard.done.usage.cached_tokens
        bare = await stage.theirs(lambda: stage.plain.pass_over(embeds[:, -new:], stage.plain.read(embeds[:, :-new])))
        return {
            "speedup": whole / heard.first_s,
            "over_bare": heard.first_s / bare,
            "new_tokens": new,
            "ours_s": heard.first_s,
            "plain_s": whole,
            "bare_s": bare,
        }

    def _whole(self, request: Request, embeds: object) -> float:
        """Preparing the prompt and reading all of it, as whoever keeps nothing must."""
        began = self._stage.clock()
        self._stage.prompt(request)
        self._stage.plain.generate(embeds, 1)  # type: ignore[arg-type]
        return self._stage.clock() - began

    async def follow_ups(self, number: int) -> Ratios:
        """Several follow-ups at once, each about its own picture."""
        stage, sizes = self._stage, self._sizes
        images = [page(1 + number * sizes.crowd + index, LARGE) for index in range(sizes.crowd)]
        firsts = [stage.request("What do you see?", image, tokens=4, thread=image.sha256) for image in images]
        await stage.show(*images)
        await stage.ask_all(firsts)
        return await self._crowd([stage.following(first, QUESTION, sizes.out) for first in firsts])

    async def cold(self, number: int) -> Ratios:
        """Several prompts at once that have nothing in common."""
        sizes = self._sizes
        texts = [words(number * sizes.crowd + index, sizes.prompt - 40) for index in range(sizes.crowd)]
        return await self._crowd([self._stage.request(text, tokens=sizes.out) for text in texts])

    async def _crowd(self, requests: list[Request]) -> Ratios:
        """Total time against the other side's, and the time of a step in which all write."""
        stage, crowd = self._stage, len(requests)
        plain, decode = await self._one_after_another(requests, requests[0].sampling.max_answer_tokens)
        began = self._stage.clock()
        heard, seconds = await stage.ours(lambda: stage.ask_all(requests))
        step = stage.decoding(began, crowd)
        return {
            "ratio": seconds / plain,
            "decode": step / (decode * crowd),
            "ours_s": seconds,
            "plain_s": plain,
            "step_s": step,
            "plain_step_s": decode,
            "first_word_s": max(one.first_s for one in heard),
        }

    async def _one_after_another(self, requests: list[Request], tokens: int) -> tuple[float, float]:
        """Seconds for all, as far as the sample tells, and for one token once the prompt is read."""
        sample = requests[: self._sizes.sample]
        embeds = [await self._stage.embeds(request) for request in sample]
        answers = [await self._stage.theirs(partial(self._stage.plain.generate, one, tokens)) for one in embeds]
        total = sum(one.prefill_s + one.decode_s for one in answers)
        return total / len(sample) * len(requests), sum(one.decode_s for one in answers) / len(sample) / (tokens - 1)

    async def loop(self, number: int) -> Ratios:
        """Our step against a bare one over the same rows."""
        sizes = self._sizes
        length = sizes.prompt // 4
        requests = [
            self._stage.request(words(number * 50 + index, length), tokens=sizes.steps + 8)
            for index in range(sizes.crowd)
        ]
        lengths = [len(self._stage.prompt(request).ids) for request in requests]
        bare = await self._stage.theirs(lambda: self._stage.plain.decode(lengths, sizes.steps))
        step = await self._step(requests)
        return {"ratio": step / bare, "ours_s": step, "bare_s": bare}

    async def ragged(self, number: int) -> Ratios:
        """A step of many short rows beside a long one against a step of short ones."""
        sizes, rows = self._sizes, 16
        even = await self._step(self._short(number * 100, rows))
        long = self._stage.request(words(999_999, sizes.long), tokens=sizes.steps + 40, thread="long")
        uneven = await self._step([long, *self._short(number * 100 + 50, rows - 1)])
        return {"ratio": uneven / even, "uneven_s": uneven, "even_s": even}

    def _short(self, number: int, rows: int) -> list[Request]:
        return [
            self._stage.request(words(number + row, 10), tokens=self._sizes.steps + self._sizes.short)
            for row in range(rows)
        ]

    async def _step(self, requests: list[Request]) -> float:
        began = self._stage.clock()
        await self._stage.ours(lambda: self._stage.ask_all(requests))
        return self._stage.decoding(began, len(requests))

    async def beside(self, number: int) -> Ratios:
        """A question alone, and while somebody else's long reasoning runs."""
        stage, sizes = self._stage, self._sizes
        alone = await stage.ask(self._question(number * 2))
        thinking = Sampling(temperature=1.0, top_k=50, seed=number, max_reasoning_tokens=2_000)
        reasoning = replace(stage.request(words(number, 60), tokens=1), mode="think", sampling=thinking)
        async with stage.watching(), aclosing(stage.line.generate(reasoning)) as events:
            pieces = Heard(self._stage.clock())
            while len(pieces.times) < sizes.written:
                stage.note(pieces, await anext(events))
            reading = asyncio.create_task(self._read_on(pieces, events))
            question = await stage.ask(self._question(number * 2 + 1))
            reading.cancel()
            await asyncio.wait([reading])
        return {
            "ratio": question.total_s / alone.total_s,
            "first_word_ratio": question.first_s / alone.first_s,
            "longest_pause_s": max(pieces.gaps[sizes.written :], default=0.0),
            "alone_s": alone.total_s,
            "beside_s": question.total_s,
        }

    async def _read_on(self, pieces: Heard, events: object) -> None:
        async for event in events:  # type: ignore[attr-defined]
            self._stage.note(pieces, event)

    def _question(self, number: int) -> Request:
        """Of some 32 tokens."""
        return self._stage.request(f"{number}"[::-1], tokens=self._sizes.beside)

    async def deep(self, number: int) -> Ratios:
        """Sixteen rollouts on one prompt against one of the same length."""
        single = await self._round(1, page(400 + number * 2, LITTLE))
        sixteen = await self._round(16, page(401 + number * 2, LITTLE))
        return {"ratio": sixteen / single, "one_s": single, "sixteen_s": sixteen}

    async def _round(self, rollouts: int, image: Image) -> float:
        stage, length = self._stage, self._sizes.rollout
        await stage.show(image)
        sampling = Sampling(top_k=50, seed=1, max_reasoning_tokens=length * 3 // 4, max_answer_tokens=length // 4)
        asked = replace(stage.request("Which is larger?", image, tokens=1), mode="deep", sampling=sampling)
        deep = DeepEngine(stage.model, DeepOptions(levels=(rollouts,), tokens=length * 64))

        async def until_the_round_is_over() -> None:
            async with aclosing(deep.generate(asked)) as events:
                async for event in events:
                    if event == Progress(done=rollouts, total=rollouts):
                        return

        _, seconds = await stage.ours(until_the_round_is_over)
        return seconds

    async def documents(self, number: int) -> Ratios:
        """Pages of a channel check one after another, and in the batch lane with somebody's question among them."""
        stage, sizes = self._stage, self._sizes
        images = [page(1_000 + number * sizes.documents + index, MEDIUM) for index in range(sizes.documents)]
        await stage.show(*images)
        text = words(0, sizes.prompt - 40 - 670 if sizes.prompt > 800 else 100)
        requests = [stage.request(text, image, tokens=sizes.document_out, lane=Lane.BATCH) for image in images]
        plain, _ = await self._one_after_another(requests, sizes.document_out)
        alone = await stage.ask(self._question(5_000 + number * 2))
        (question, heard), seconds = await stage.ours(lambda: self._with_a_question(requests, number))
        assert all(isinstance(one.events[-1], Done) for one in heard)
        return {
            "ratio": seconds / plain,
            "question": question.total_s / alone.total_s,
            "question_s": question.total_s,
            "alone_s": alone.total_s,
            "ours_s": seconds,
            "plain_s": plain,
        }

    async def _with_a_question(self, requests: list[Request], number: int) -> tuple[Heard, list[Heard]]:
        """Asked once the first document is done, when the places are all taken again."""
        answers = [asyncio.create_task(self._stage.ask(request)) for request in requests]
        await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
        question = await self._stage.ask(self._question(5_001 + number * 2))
        return question, [await answer for answer in answers]
