"""The engine that asks another machine."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeVar

import aiohttp

from inference.engine import Capacity, Cost
from inference.errors import Dead, Failed
from inference.remote import chat, errors
from inference.remote.answer import BROKE_OFF, NONSENSE, Answer
from inference.remote.chat import Dialect
from inference.remote.client import Client, Refusal
from inference.remote.sse import EventStream, TooLong
from inference.types import Done, Event, Finish, Lane, Request, Started

ROOM = 2**40
"""Tokens and bytes that we believe free: memory is the server's own business."""

T = TypeVar("T")

logger = logging.getLogger(__name__)


class RemoteEngine:
    """Streams chat completions, ``places`` of them at a time. What a server does not understand beyond the protocol is
    found out by the first request that it refuses, and left out from then on."""

    def __init__(self, url: str, model: str, api_key: str | None = None, *, places: int = 8) -> None:
        """``url`` is the server's, with or without ``/v1``."""
        self._client = Client(url, api_key)
        self._model = model
        self._places = places
        self._running = 0
        self._dialect = Dialect()
        self._context: int | None = None
        """Tokens of prompt and output together, where the server tells."""

    @property
    def name(self) -> str:
        return self._model

    async def start(self) -> None:
        """See that the server is there and serves the model. Dead if not, with what to change."""
        models = await self._models()
        mine = next((model for model in models if model.get("id") == self._model), None)
        if mine is None:
            served = ", ".join(repr(model.get("id")) for model in models[:5]) or "nothing"
            raise Dead(
                f"The model server at {self._client.place} serves {served}, not {self._model!r}: set engine.model."
            )
        context = mine.get("max_model_len")
        self._context = context if isinstance(context, int) else None

    async def close(self) -> None:
        await self._client.close()

    def cost(self, request: Request) -> Cost:
        return Cost(prompt_tokens=chat.estimated_prompt_tokens(request), output_tokens=chat.output_limit(request))

    def capacity(self) -> Capacity:
        return Capacity(requests=self._places - self._running, tokens=ROOM, bytes=ROOM)

    def pause(self, lanes: frozenset[Lane]) -> int:
        return 0

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        """Nothing is kept on this side; what a server keeps in its caches, no request can tell it to drop."""

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        self._running += 1
        try:
            async with aclosing(self._stream(request)) as events:
                async for event in events:
                    yield event
        finally:
            self._running -= 1

    async def _stream(self, request: Request) -> AsyncGenerator[Event, None]:
        opened = await _by(request.deadline, self._open(request))
        if opened is None:
            yield Done(finish=Finish.DEADLINE)
            return
        response, dialect = opened
        try:
            yield Started()
            stream, answer = EventStream(), Answer(skipped=dialect.skips(request))
            while not answer.ended:
                chunk = await _by(request.deadline, _read(response))
                if chunk is None:
                    yield answer.done(Finish.DEADLINE)
                    return
                for event in _events(stream, answer, chunk):
                    if answer.thought_anyway:
                        self._learn(replace(dialect, prefill=False))
                    yield event
        finally:
            response.release()

    async def _open(self, request: Request) -> tuple[aiohttp.ClientResponse, Dialect]:
        """The beginning of an answer, and how the request was put in the end."""
        dialect = replace(self._dialect, limit=self._fits(request))
        while True:
            # Pictures become text in there, which would hold up the event loop.
            body = await asyncio.to_thread(chat.body, self._model, request, dialect)
            try:
                response = await self._client.open("POST", "chat/completions", body)
            except Refusal as refusal:
                dialect = self._simpler(dialect, request, refusal)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise Failed(errors.UNREACHABLE) from error
            else:
                self._learn(dialect)
                return response, dialect

    def _simpler(self, dialect: Dialect, request: Request, refusal: Refusal) -> Dialect:
        """How to put a refused request another way. An EngineError if there is none, or if that is not the point."""
        logger.info("the model server answered %d", refusal.status)
        simpler = None
        if errors.exceeds_context(refusal):
            simpler = replace(dialect, limit=False) if dialect.limit else None
        elif refusal.status in (400, 422):
            simpler = dialect.simpler(request)
        if simpler is None:
            raise errors.as_engine_error(refusal) from refusal
        return simpler

    def _learn(self, dialect: Dialect) -> None:
        """Remember what the server did not understand. The limit is each request's own matter."""
        known = self._dialect
        self._dialect = Dialect(
            prefill=known.prefill and dialect.prefill,
            extras=known.extras and dialect.extras,
            forms=known.forms and dialect.forms,
        )

    def _fits(self, request: Request) -> bool:
        """Whether the prompt leaves the context room for as much as we would allow the model to say."""
        needed = chat.estimated_prompt_tokens(request) * 3 // 2 + chat.output_limit(request)
        return self._context is None or needed <= self._context

    async def _models(self) -> list[Any]:
        place = self._client.place
        try:
            response = await self._client.open("GET", "models")
            async with response:
                models = json.loads(await response.read())["data"]
        except Refusal as refusal:
            raise Dead(errors.advice(refusal.status, place)) from refusal
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Dead(f"No model server answers at {place}: start it, or correct engine.url.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Dead(f"What answers at {place} is no model server: correct engine.url.") from error
        return [model for model in models if isinstance(model, dict)] if isinstance(models, list) else []


def _events(stream: EventStream, answer: Answer, chunk: bytes) -> Iterator[Event]:
    """What a piece of the response brings; an empty one is its end."""
    if not chunk:
        yield from answer.end()
    try:
        received = stream.feed(chunk)
    except TooLong as error:
        raise Failed(NONSENSE) from error
    for data in received:
        yield from answer.take(data)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.content.readany()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Failed(BROKE_OFF) from error


async def _by(deadline: float | None, work: Awaitable[T]) -> T | None:
    """What the work gives; None if the deadline comes first."""
    limit = asyncio.timeout(None if deadline is None else deadline - time.monotonic())
    try:
        async with limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
    return None
