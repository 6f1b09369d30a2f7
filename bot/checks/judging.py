"""One document of a check: read once, judged by plain code."""

import asyncio
import hashlib
from collections import defaultdict
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import stamina
import structlog

from bot.checks import prompt, replies, thumbnails, verdicts
from bot.checks.question import Asked
from bot.checks.verdicts import Verdict
from bot.store.checks import Checks, Reading
from inference.engine import Engine
from inference.errors import BadInput, Busy, Failed
from inference.extraction import Extraction
from inference.images import Decoded, Decoder
from inference.types import Done, Finish, Image, Mode, Request, Text

_PAGES_AT_ONCE = 8
"""Pages that one request holds; a longer document is read in parts."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How documents are judged. ``seconds`` are for one request, ``max_pages`` are what the decoder opens of a file."""

    mode: Mode
    seconds: float
    max_pages: int
    fresh: bool = False
    """Read again what was read before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A document with its verdict. ``known``: nothing had to be read for it."""

    digest: str
    pages: int
    fate: str
    reason: str
    verdict: Verdict
    thumbnail: bytes = b""
    look: str = ""
    known: bool = False


class Judge:
    """Judges documents for one question after the other or side by side; the engine's line decides what runs."""

    def __init__(self, engine: Engine, decoder: Decoder, checks: Checks, options: Options) -> None:
        self._engine = engine
        self._decoder = decoder
        self._checks = checks
        self._options = options
        self._reading: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def judge(self, path: Path, name: str, asked: Asked, *, owner: str = "") -> Judged:
        """The verdict on a file. Dead if the engine is; what else goes wrong makes the document unread."""
        try:
            digest = await asyncio.to_thread(_digest, path)
        except OSError:
            return Judged(digest="", pages=0, fate="skipped", reason=replies.NOT_OPENED, verdict=verdicts.unread())
        async with self._reading[digest]:
            known = None if self._options.fresh else await self._known(digest, asked)
            if known is not None:
                return _judged(known, asked, known=True)
            decoded = await self._decoder.decode(path, name=name)
            if not decoded.pages:
                unread = verdicts.unread()
                return Judged(digest=digest, pages=0, fate=decoded.fate, reason=decoded.reason, verdict=unread)
            return await self._read(digest, name, decoded, asked, owner)

    async def _known(self, digest: str, asked: Asked) -> Reading | None:
        return await self._checks.reading(digest, self._key(asked), self._engine.name)

    def _key(self, asked: Asked) -> str:
        return prompt.key(asked.text, self._options.mode, self._options.max_pages)

    async def _read(self, digest: str, name: str, decoded: Decoded, asked: Asked, owner: str) -> Judged:
        thumbnail, look = await asyncio.to_thread(thumbnails.thumbnail, decoded.pages[0])
        try:
            extraction = await self._extract(_labelled(decoded.pages, name), asked, owner)
        except (BadInput, Failed, _TooLateError) as error:
            return Judged(
                digest=digest,
                pages=len(decoded.pages),
                fate=decoded.fate,
                reason=decoded.reason,
                verdict=verdicts.unread(str(error)),
                thumbnail=thumbnail,
                look=look,
            )
        reading = Reading(
            digest=digest,
            prompt=self._key(asked),
            engine=self._engine.name,
            pages=len(decoded.pages),
            fate=decoded.fate,
            reason=decoded.reason,
            extraction=extraction.model_dump_json() if extraction else "",
            thumbnail=thumbnail,
            look=look,
        )
        await self._checks.keep(reading)
        return _judged(reading, asked)

    async def _extract(self, pages: tuple[Image, ...], asked: Asked, owner: str) -> Extraction | None:
        """None if the engine twice gave nothing that can be read."""
        parts = [pages[start : start + _PAGES_AT_ONCE] for start in range(0, len(pages), _PAGES_AT_ONCE)]
        found = [await self._extract_part(part, asked, owner) for part in parts]
        readable = [one for one in found if one is not None]
        return verdicts.merged(readable) if readable else None

    async def _extract_part(self, pages: tuple[Image, ...], asked: Asked, owner: str) -> Extraction | None:
        seconds = self._options.seconds
        request = prompt.request(asked.text, pages, mode=self._options.mode, owner=owner, seconds=seconds)
        answer = await self._answer(request)
        found = prompt.read(answer)
        if found is None:
            log.info("check_not_read", extraction=request.id)
            found = prompt.read(await self._answer(prompt.again(request, answer, seconds)))
        return found

    async def _answer(self, request: Request) -> str:
        """The text of an answer; waits for a place in the line as long as that takes."""
        async for attempt in stamina.retry_context(on=Busy, attempts=None, timeout=self._options.seconds):
            with attempt:
                return await self._once(request)
        raise AssertionError("retries ended without an error")

    async def _once(self, request: Request) -> str:
        text, finish = "", Finish.FAILED
        async with aclosing(self._engine.generate(request)) as events:
            async for event in events:
                match event:
                    case Text(text=more):
                        text += more
                    case Done(finish=finish):
                        pass
        if finish is Finish.DEADLINE:
            raise _TooLateError(replies.TOO_LATE)
        return text


class _TooLateError(Exception):
    """The request's time was up."""


def _labelled(pages: tuple[Image, ...], name: str) -> tuple[Image, ...]:
    return tuple(replace(image, label=f"#1 {name}, page {number}") for number, image in enumerate(pages, start=1))


def _judged(reading: Reading, asked: Asked, *, known: bool = False) -> Judged:
    if reading.extraction:
        found = Extraction.model_validate_json(reading.extraction)
        verdict = verdicts.judge(found, asked, reading.pages, today=datetime.now(UTC).date())
    else:
        verdict = Verdict(word="unclear", remark=replies.NO_FORM)
    return Judged(
        digest=reading.digest,
        pages=reading.pages,
        fate=reading.fate,
        reason=reading.reason,
        verdict=verdict,
        thumbnail=reading.thumbnail,
        look=reading.look,
        known=known,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
