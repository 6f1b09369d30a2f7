"""What an engine takes out of one document: asked of some pages at a time, and once again where it gives no form."""

import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

import stamina
import structlog

from bot.checks import prompt, replies, verdicts
from inference.engine import Engine
from inference.errors import Busy
from inference.extraction import Extraction
from inference.types import Done, Finish, Image, Mode, Request, Started, Text

_PAGES_AT_ONCE = 8
"""Pages that one request holds; a longer document is read in parts."""

log = structlog.get_logger()


class TooLate(Exception):
    """A request's time was up; the text says so to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked, by whom (for the engine's line), and how many seconds one request has."""

    question: str
    mode: Mode
    seconds: float
    owner: str = ""


class Extracting:
    """The requests about one document. ``seconds`` is what they took of the engine so far, without waiting in line."""

    def __init__(self, engine: Engine, wanted: Wanted) -> None:
        self._engine = engine
        self._wanted = wanted
        self.seconds = 0.0

    async def run(self, pages: Sequence[Image]) -> Extraction | None:
        """None if the engine twice gave nothing that can be read. BadInput, Failed, Dead, TooLate."""
        parts = [pages[start : start + _PAGES_AT_ONCE] for start in range(0, len(pages), _PAGES_AT_ONCE)]
        found = [await self._part(part) for part in parts]
        readable = [one for one in found if one is not None]
        return verdicts.merged(readable) if readable else None

    async def _part(self, pages: Sequence[Image]) -> Extraction | None:
        wanted = self._wanted
        request = prompt.request(wanted.question, pages, mode=wanted.mode, owner=wanted.owner, seconds=wanted.seconds)
        answer = await self._answer(request)
        found = prompt.read(answer)
        if found is None:
            log.info("check_not_read", extraction=request.id)
            found = prompt.read(await self._answer(prompt.again(request, answer, wanted.seconds)))
        return found

    async def _answer(self, request: Request) -> str:
        """The text of an answer; waits for a place in the line as long as that takes."""
        async for attempt in stamina.retry_context(on=Busy, attempts=None, timeout=self._wanted.seconds):
            with attempt:
                return await self._once(request)
        raise AssertionError("retries ended without an error")

    async def _once(self, request: Request) -> str:
        text, finish, began = "", Finish.FAILED, None
        try:
            async with aclosing(self._engine.generate(request)) as events:
                async for event in events:
                    match event:
                        case Started():
                            began = time.monotonic()
                        case Text(text=more):
                            text += more
                        case Done(finish=finish):
                            pass
        finally:
            self.seconds += time.monotonic() - began if began is not None else 0.0
        if finish is Finish.DEADLINE:
            raise TooLate(replies.TOO_LATE)
        return text
