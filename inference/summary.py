"""A short abstract of the model's thinking, which itself is never shown."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal

from inference.engine import Capacity, Cost, Engine
from inference.errors import BadInput, EngineError, Failed
from inference.types import Done, Event, Finish, Lane, Request, Sampling, Started, Summary, Text, Thought, Turn, Usage

Policy = Literal["off", "on_demand", "always"]

ASK = (
    "These are the private notes that you made before that answer:\n\n{notes}\n\n"
    "Tell in two to four sentences how you came to the answer, for somebody who has not seen the notes and will not "
    "see them. Do not quote them, add nothing to them, and write plain sentences without a heading. Whatever language "
    "the notes are in, write in the language of this question: {question}"
)
NOT_KEPT = "How I came to this answer is no longer known. Please ask the question again."
NO_ABSTRACT = "I could not put into words how I came to this answer. Please try again."

LONGEST_NOTES = 24_000
"""Characters of thinking that the model reads again: its beginning and its end."""
LONGEST_QUESTION = 300
LONGEST = 900
"""Characters of an abstract."""
ECHO = 100
"""So many characters in a row that stand in the thinking as well are no abstract of it."""

_SENTENCE_END = re.compile(r"[.!?…](?=\s)|[。！？]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    policy: Policy = "always"
    max_tokens: int = 160
    seconds: float = 15.0
    """The abstract gets at most so long, and never more than is left until the deadline."""
    least_seconds: float = 3.0
    """With less than this left, there is none."""
    kept: int = 64
    """How many answers can be asked about on demand, the newest. Their thinking is in memory only, never in a store."""


@dataclass(slots=True)
class _Record:
    """What a request thought and answered."""

    thoughts: str = ""
    answer: str = ""

    def add(self, event: Event) -> None:
        if isinstance(event, Thought):
            self.thoughts += event.text
        elif isinstance(event, Text):
            self.answer += event.text


@dataclass(frozen=True, slots=True)
class _Kept:
    """What can be asked about an answer on demand. ``thread`` is that of the answer; the request has none."""

    request: Request
    notes: _Record
    thread: str


class SummaryEngine:
    """An Engine around an Engine: after an answer that was thought about, the model is asked in a second pass for an
    abstract of its thinking, which reads on from the same conversation and so from its cache.

    Its tokens are in the usage, those written as reasoning. Whatever becomes of an abstract, the answer stands.

    Under the policy ``on_demand`` the pass is a request of its own, one that ``explains`` the answer. It waits in the
    line like any other, and it reads the kept thinking anew, so it needs nothing of the cache. What is kept is in
    memory only: after a restart BadInput says that it is gone."""

    def __init__(self, engine: Engine, options: SummaryOptions | None = None) -> None:
        self._engine = engine
        self._options = options or SummaryOptions()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    @property
    def name(self) -> str:
        return self._engine.name

    async def start(self) -> None:
        await self._engine.start()

    async def close(self) -> None:
        self._kept.clear()
        await self._engine.close()

    def capacity(self) -> Capacity:
        return self._engine.capacity()

    def pause(self, lanes: frozenset[Lane]) -> int:
        return self._engine.pause(lanes)

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        for name in [name for name, kept in self._kept.items() if kept.thread in threads]:
            del self._kept[name]
        self._engine.forget(threads, pictures)

    def cost(self, request: Request) -> Cost:
        if request.explains:
            return self._cost_of_explaining(request)
        cost = self._engine.cost(request)
        if self._options.policy != "always" or request.mode == "quick":
            return cost
        return replace(cost, output_tokens=cost.output_tokens + self._options.max_tokens)

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        """Also BadInput, if what ``explains`` names is not known any more, and Failed, if no abstract came of it."""
        async with aclosing(self._explain(request) if request.explains else self._answer(request)) as events:
            async for event in events:
                yield event

    async def _answer(self, request: Request) -> AsyncGenerator[Event, None]:
        record = _Record()
        async with aclosing(self._engine.generate(request)) as events:
            async for event in events:
                if not isinstance(event, Done):
                    record.add(event)
                    yield event
                    continue
                async with aclosing(self._end(request, record, event)) as ending:
                    async for last in ending:
                        yield last

    async def _explain(self, request: Request) -> AsyncGenerator[Event, None]:
        if request.explains not in self._kept:
            raise BadInput(NOT_KEPT)
        kept = self._kept[request.explains]
        asking = self._asking(kept.request, kept.notes, self._seconds(request))
        asking = replace(asking, lane=request.lane, owner=request.owner)
        said, done = _Record(), Done(finish=Finish.FAILED)
        async with aclosing(self._engine.generate(asking)) as events:
            async for event in events:
                said.add(event)
                if isinstance(event, Done):
                    done = event
                elif isinstance(event, Started):
                    yield event
        text = _presentable(said.answer, kept.notes.thoughts)
        if not text or done.finish not in (Finish.COMPLETE, Finish.LENGTH):
            raise Failed(NO_ABSTRACT)
        yield Summary(text=text)
        yield replace(done, finish=Finish.COMPLETE, usage=Usage().including(done.usage))

    def _cost_of_explaining(self, request: Request) -> Cost:
        if request.explains not in self._kept:
            return Cost(prompt_tokens=1, output_tokens=0)
        kept = self._kept[request.explains]
        return self._engine.cost(self._asking(kept.request, kept.notes, self._options.seconds))

    async def _end(self, request: Request, record: _Record, done: Done) -> AsyncGenerator[Summary | Done, None]:
        """The abstract if there is to be one, and the answer's end."""
        said = record.thoughts.strip() and record.answer.strip()
        thought = request.mode != "quick" and request.form is None and said
        if thought and self._options.policy == "on_demand" and done.finish is not Finish.DEADLINE:
            self._keep(request, record)
            yield replace(done, explainable=True)
            return
        seconds = self._seconds(request)
        if not thought or self._options.policy != "always" or seconds <= 0 or done.finish is Finish.DEADLINE:
            yield done
            return
        began = time.monotonic()
        text, usage = await self._abstract(request, record, seconds)
        if text:
            yield Summary(text=text)
        timings = replace(done.timings, total_s=done.timings.total_s + time.monotonic() - began)
        yield replace(done, usage=done.usage.including(usage), timings=timings)

    def _keep(self, request: Request, record: _Record) -> None:
        """Of the conversation only the rules and the question, and no picture: much may be kept, and the cache is gone
        by then."""
        rules = [turn for turn in request.turns[:-1] if turn.role == "system"]
        question = replace(request.turns[-1], images=())
        notes = replace(record, thoughts=_excerpt(record.thoughts))
        self._kept[request.id] = _Kept(
            replace(request, turns=(*rules, question), thread="", deadline=None), notes, request.thread
        )
        self._kept.move_to_end(request.id)
        while len(self._kept) > self._options.kept:
            self._kept.popitem(last=False)

    def _seconds(self, request: Request) -> float:
        """What the abstract may take; 0 if that is too little."""
        if request.deadline is None:
            return self._options.seconds
        left = request.deadline - time.monotonic()
        return min(left, self._options.seconds) if left >= self._options.least_seconds else 0.0

    async def _abstract(self, request: Request, record: _Record, seconds: float) -> tuple[str, Usage]:
        """Empty if it failed, came too late, or would show the thinking itself."""
        said, usage = _Record(), Usage()
        try:
            asking = self._asking(request, record, seconds)
            async with asyncio.timeout(seconds), aclosing(self._engine.generate(asking)) as events:
                async for event in events:
                    said.add(event)
                    if isinstance(event, Done):
                        usage = event.usage
                        if event.finish not in (Finish.COMPLETE, Finish.LENGTH):
                            return "", usage
        except (TimeoutError, EngineError):
            return "", usage
        return _presentable(said.answer, record.thoughts), usage

    def _asking(self, request: Request, record: _Record, seconds: float) -> Request:
        question = " ".join(request.turns[-1].text.split())[:LONGEST_QUESTION]
        ask = ASK.format(notes=_excerpt(record.thoughts), question=question)
        sampling = Sampling(
            temperature=request.sampling.temperature,
            top_p=request.sampling.top_p,
            seed=request.sampling.seed,
            max_reasoning_tokens=0,
            max_answer_tokens=self._options.max_tokens,
        )
        return replace(
            request,
            id=f"{request.id}/summary",
            turns=(*request.turns, Turn(role="assistant", text=record.answer), Turn(role="user", text=ask)),
            mode="quick",
            sampling=sampling,
            deadline=time.monotonic() + seconds,
        )


def _excerpt(thoughts: str) -> str:
    if len(thoughts) <= LONGEST_NOTES:
        return thoughts
    half = LONGEST_NOTES // 2
    return f"{thoughts[:half]}\n…\n{thoughts[-half:]}"


def _presentable(text: str, thoughts: str) -> str:
    """On one line and of bounded length; nothing if it repeats the thinking word for word."""
    text = " ".join(text.rpartition("</think>")[2].split())
    if len(text) > LONGEST:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, LONGEST)]
        text = text[: ends[-1]] if ends else text[: LONGEST - 1] + "…"
    original = " ".join(thoughts.split())
    echoes = any(text[start : start + ECHO] in original for start in range(len(text) - ECHO + 1))
    return "" if echoes else text
