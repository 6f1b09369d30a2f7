"""One document of a check: read once, judged by plain code."""

import asyncio
import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.checks import prompt, replies, thumbnails, verdicts
from bot.checks.extracting import Extracting, TooLate, Wanted
from bot.checks.question import Asked
from bot.checks.verdicts import Verdict
from bot.store.checks import Checks, Reading
from inference.engine import Engine
from inference.errors import BadInput, Failed
from inference.extraction import Extraction
from inference.images import Decoded, Decoder
from inference.types import Image, Mode


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
    read: int = 0
    """Pages that the engine looked at for it now."""
    seconds: float = 0.0
    """That the engine took for them."""


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
        unread = verdicts.unread()
        try:
            digest = await asyncio.to_thread(_digest, path)
        except OSError:
            return Judged(digest="", pages=0, fate="skipped", reason=replies.NOT_OPENED, verdict=unread)
        async with self._reading[digest]:
            known = None if self._options.fresh else await self._known(digest, asked)
            if known is not None:
                return _judged(known, asked, known=True)
            decoded = await self._decoder.decode(path, name=name)
            if not decoded.pages:
                return Judged(digest=digest, pages=0, fate=decoded.fate, reason=decoded.reason, verdict=unread)
            return await self._read(digest, name, decoded, asked, owner)

    async def _known(self, digest: str, asked: Asked) -> Reading | None:
        return await self._checks.reading(digest, self._key(asked), self._engine.name)

    def _key(self, asked: Asked) -> str:
        return prompt.key(asked.text, self._options.mode, self._options.max_pages)

    async def _read(self, digest: str, name: str, decoded: Decoded, asked: Asked, owner: str) -> Judged:
        thumbnail, look = await asyncio.to_thread(thumbnails.thumbnail, decoded.pages[0])
        wanted = Wanted(question=asked.text, mode=self._options.mode, seconds=self._options.seconds, owner=owner)
        extracting = Extracting(self._engine, wanted)
        try:
            extraction = await extracting.run(_labelled(decoded.pages, name))
        except (BadInput, Failed, TooLate) as error:
            judged = Judged(
                digest=digest,
                pages=len(decoded.pages),
                fate=decoded.fate,
                reason=decoded.reason,
                verdict=verdicts.unread(str(error)),
                thumbnail=thumbnail,
                look=look,
            )
        else:
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
            judged = _judged(reading, asked)
        return replace(judged, read=len(decoded.pages), seconds=extracting.seconds)


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
    if not path.is_file():
        raise FileNotFoundError(path)  # a pipe would keep us waiting for ever
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
