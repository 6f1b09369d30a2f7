"""Strangers' bytes in, checked and upright page images out: the one decoder, used by every entrance. All parsing is
done in a worker process (``inference.decoding``) that is killed when it takes too long or too much."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from inference.decoding.limits import Limits
from inference.decoding.remarks import (
    REMARKS,
    Refusal,
    Remark,
    first_pages_sentence,
    missing_pages_sentence,
    refusal_sentence,
)
from inference.types import Image
from inference.worker import Died, Message, Raised, TimedOut, Worker, WorkerError

__all__ = ["Decoded", "Decoder", "Fate", "Limits"]

ENTRY = "inference.decoding.page:handle"

Fate = Literal["used", "converted", "partial", "skipped"]
"""Used as a person sees it; used after something was drawn, chosen or changed; used in part; not used at all."""

MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
MAX_TOTAL = 1_000_000
"""Pages that a file is believed to have."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What became of a file."""

    pages: tuple[Image, ...]
    """Without labels."""
    fate: Fate
    reason: str
    """Sentences for the user, without the file's name; empty if the file is used as it is."""
    total_pages: int
    """As far as could be told."""


class Decoder:
    """Reads files page by page, so that what was read before something goes wrong is kept, and files that come at once
    take turns. One process, kept warm and replaced when it dies."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self._limits = limits
        self._worker = Worker(ENTRY, memory=limits.memory)

    async def warm(self) -> None:
        """Start the process now. WorkerError if that fails."""
        await self._worker.warm()

    async def decode(self, path: Path, *, name: str) -> Decoded:
        """The file's pages and its fate. Never raises over what is in the file; ``name`` is for debugging."""
        reading = _Reading(self._limits)
        while reading.goes_on:
            try:
                answer = await self._worker.call(reading.question(path), timeout=reading.seconds_left)
                await reading.take(answer)
            except WorkerError as error:
                logger.warning("a file could not be decoded: %s", type(error).__name__)
                logger.debug("it was %r: %s", name, error)
                reading.stopped_by = _refusal(error)
        return reading.result()

    async def close(self) -> None:
        """End the process. Safe to call twice."""
        await self._worker.close()


def _refusal(error: WorkerError) -> Refusal:
    match error:
        case TimedOut():
            return Refusal.TOO_SLOW
        case Raised():
            return Refusal.DAMAGED
        case _:
            return Refusal.TOO_HEAVY


@dataclass(slots=True)
class _Reading:
    """One file on its way: what is known of it so far."""

    limits: Limits
    pages: list[Image] = field(default_factory=list)
    remarks: set[Remark] = field(default_factory=set)
    refused: dict[int, Refusal] = field(default_factory=dict)
    """By page, from 0."""
    next: int = 0
    total: int = 1
    spent: float = 0.0
    """Seconds that the worker took; waiting for other files' pages does not count."""
    stopped_by: Refusal | None = None

    @property
    def goes_on(self) -> bool:
        return self.stopped_by is None and self.next < min(self.total, self.limits.max_pages)

    @property
    def seconds_left(self) -> float:
        earned = self.limits.seconds_per_page * len(self.pages)
        return min(self.limits.seconds, self.limits.seconds + earned - self.spent)

    def question(self, path: Path) -> Message:
        return Message({"path": str(path), "page": self.next, "limits": asdict(self.limits)})

    async def take(self, answer: Message) -> None:
        """Died if the answer is none: the child may have been taken over."""
        try:
            await self._take(answer.fields, answer.blobs)
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise Died("the decoder's answer makes no sense") from error

    async def _take(self, fields: Mapping[str, Any], blobs: tuple[bytes, ...]) -> None:
        self.total = max(self.total, min(int(fields["total"]), MAX_TOTAL))
        self.spent += max(0.0, float(fields["seconds"]))
        if "refused" in fields:
            self.refused[self.next] = Refusal(fields["refused"])
        else:
            self.remarks |= {Remark(remark) for remark in fields["remarks"]}
            # In a thread: the digest of a large page takes longer than the event loop may be held up.
            self.pages.append(await asyncio.to_thread(_image, fields, blobs[0]))
        self.next += 1
        if self.goes_on and self.seconds_left <= 0:
            self.stopped_by = Refusal.TOO_SLOW

    def result(self) -> Decoded:
        if not self.pages:
            refusal = next(iter(self.refused.values()), self.stopped_by) or Refusal.NO_PAGES
            reason = refusal_sentence(refusal, self.limits)
            return Decoded(pages=(), fate="skipped", reason=reason, total_pages=self.total)
        losses, changes = self._losses(), [REMARKS[remark] for remark in Remark if remark in self.remarks]
        partial = bool(losses) or Remark.CUT_OFF in self.remarks
        return Decoded(
            pages=tuple(self.pages),
            fate="partial" if partial else "converted" if changes else "used",
            reason=" ".join(losses + changes),
            total_pages=self.total,
        )

    def _losses(self) -> list[str]:
        """Sentences about the pages that are missing."""
        losses = []
        if self.next < self.total:
            losses.append(first_pages_sentence(self.next, self.total, stopped_by=self.stopped_by))
        if self.refused:
            losses.append(missing_pages_sentence([page + 1 for page in self.refused], self.total))
        return losses


def _image(fields: Mapping[str, Any], content: bytes) -> Image:
    """ValueError unless it is one of the two formats that the decoder writes."""
    if not content.startswith(MAGIC):
        raise ValueError("neither PNG nor JPEG")
    # The text layer is a stranger's: half a character would fail wherever it is encoded next.
    text = str(fields["text"]).encode("utf-8", "replace").decode().replace("\0", "")
    return Image(
        sha256=sha256(content).hexdigest(),
        content=content,
        width=int(fields["width"]),
        height=int(fields["height"]),
        text=text,
    )
