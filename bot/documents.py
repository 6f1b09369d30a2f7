"""The files that a question is about: found, fetched, decoded, each with a visible fate."""

import tempfile
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from adapters.base import Adapter, Attachment, Channel, Incoming, Thread
from adapters.errors import AdapterError, Forbidden, Gone, TooLarge
from bot import replies
from bot.delivery import patiently
from bot.settings import DocumentSettings
from bot.store.records import Document, Job
from inference.images import Decoder

_LONGEST_HISTORY = 200
"""Messages that are read back when we are called into a conversation."""

_ATTEMPTS = 5
"""Tries to read or fetch something, before its fate is that the platform did not hand it over."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a question refers to beyond its own words."""

    attachments: tuple[Attachment, ...]
    context: str = ""
    """What was said in the thread before we were called, as Markdown; strangers' text."""


class Documents:
    """Turns the attachments around a question into documents. Never raises for a file: its fate says what happened."""

    def __init__(self, decoder: Decoder, limits: DocumentSettings) -> None:
        self.decoder = decoder
        self._limits = limits

    async def around(self, incoming: Incoming, adapter: Adapter, *, following: bool) -> Surroundings:
        """The message's own files and quotes; the whole thread's, where we are called into one; the asker's last
        files in the channel, where the question comes in a message after the picture."""
        own = _attachments(incoming)
        if incoming.reply and (incoming.mentioned or not following):
            earlier = await _before(incoming, adapter, incoming.thread, None)
            context = "" if following else _context(earlier)
            return Surroundings(attachments=_of(earlier) + own, context=context)
        if not own and not incoming.reply:
            return Surroundings(attachments=await self._just_posted(incoming, adapter))
        return Surroundings(attachments=own)

    async def open(self, job: Job, attachments: Sequence[Attachment], adapter: Adapter) -> list[Document]:
        """Fetch and decode; files beyond the limit are skipped with a sentence."""
        documents = [await self._open(job, attachment, adapter) for attachment in attachments[: self._limits.max_files]]
        reason = replies.too_many_files(self._limits.max_files)
        return documents + [_skipped(job, attachment, reason) for attachment in attachments[self._limits.max_files :]]

    async def _open(self, job: Job, attachment: Attachment, adapter: Adapter) -> Document:
        limit = self._limits.max_megabytes * 1024 * 1024
        with tempfile.TemporaryDirectory(prefix="threadsight-") as folder:
            path = Path(folder) / "file"
            try:
                async for attempt in patiently(attempts=_ATTEMPTS):
                    with attempt:
                        await adapter.fetch(attachment, path, limit=limit)
            except AdapterError as error:
                return _skipped(job, attachment, refusal(error, self._limits.max_megabytes))
            decoded = await self.decoder.decode(path, name=attachment.name)
        return Document(
            job_id=job.id,
            attachment=attachment.id,
            name=attachment.name,
            fate=decoded.fate,
            reason=decoded.reason,
            pages=decoded.pages,
        )

    async def _just_posted(self, incoming: Incoming, adapter: Adapter) -> tuple[Attachment, ...]:
        since = incoming.sent_at - timedelta(minutes=self._limits.look_back_minutes)
        earlier = await _before(incoming, adapter, incoming.thread.channel, since)
        return _of(one for one in earlier if one.author.id == incoming.author.id and not one.mentioned)


async def _before(
    incoming: Incoming, adapter: Adapter, place: Channel | Thread, since: datetime | None
) -> list[Incoming]:
    """Messages of a place before this one, oldest first; none where we may not read it, or cannot."""
    try:
        async for attempt in patiently(attempts=_ATTEMPTS):
            with attempt:
                return [one async for one in _earlier(incoming, adapter.history(place, since=since))][::-1]
    except AdapterError as error:
        log.warning("history_not_read", reason=str(error))
    return []


async def _earlier(incoming: Incoming, history: AsyncGenerator[Incoming, None]) -> AsyncGenerator[Incoming, None]:
    left = _LONGEST_HISTORY
    async with aclosing(history) as messages:
        async for message in messages:
            if message.message != incoming.message and message.sent_at <= incoming.sent_at:
                yield message
                left -= 1
            if not left:
                return


def _attachments(message: Incoming) -> tuple[Attachment, ...]:
    quoted = tuple(attachment for quote in message.quotes for attachment in quote.attachments)
    return quoted + message.attachments


def _of(messages: Iterable[Incoming]) -> tuple[Attachment, ...]:
    return tuple(attachment for message in messages if not message.own for attachment in _attachments(message))


def _context(messages: Iterable[Incoming]) -> str:
    said = [f"{message.author.name}: {message.text}" for message in messages if message.text.strip()]
    return "Said in this thread before:\n" + "\n".join(said) if said else ""


def _skipped(job: Job, attachment: Attachment, reason: str) -> Document:
    return Document(job_id=job.id, attachment=attachment.id, name=attachment.name, fate="skipped", reason=reason)


def refusal(error: AdapterError, megabytes: int) -> str:
    """Why a file could not be fetched, for people."""
    match error:
        case TooLarge():
            return replies.too_large(megabytes)
        case Gone():
            return replies.gone()
        case Forbidden(missing=missing):
            return replies.forbidden(missing)
        case _:
            return replies.unreachable()
