"""The files that a question is about: found, fetched, decoded, each with a visible fate."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from adapters.base import Adapter, Attachment, Channel, Incoming, Thread
from adapters.errors import AdapterError, Forbidden, Gone, RateLimited, Revoked, TooLarge, Unreachable
from bot import replies
from bot.delivery import patiently
from bot.passing import Passing
from bot.settings import DocumentSettings
from bot.store.records import Document, Job, Source
from inference.images import Decoder

_LONGEST_HISTORY = 200
"""Messages that are read back when we are called into a conversation."""

_ATTEMPTS = 5
"""Tries to read or fetch something while the platform is there, before its fate is that it was not handed over."""

log = structlog.get_logger()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hanging:
    """A file, and the id of the message that it hangs on."""

    attachment: Attachment
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a question refers to beyond its own words."""

    files: tuple[Hanging, ...]
    context: str = ""
    """What was said in the thread before we were called, as Markdown; strangers' text."""
    sources: tuple[Source, ...] = ()
    """The other messages that all this is from."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Where files and history come from."""

    adapter: Adapter
    is_there: Callable[[], Awaitable[bool]]
    """Whether it takes anything from us at the moment."""

    async def insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What it hands over; waits as long as it is away altogether. AdapterError for what it does not hand over while
        it is there."""
        refusals = 0
        async for attempt in patiently():
            with attempt:
                try:
                    return await ask()
                except (RateLimited, Revoked, Unreachable) as error:
                    refusals += isinstance(error, RateLimited) or await self.is_there()
                    if refusals >= _ATTEMPTS:
                        raise AdapterError(str(error)) from error
                    raise
        raise AssertionError("retries ended without an error")


class Documents:
    """Turns the attachments around a question into documents. Never raises for a file: its fate says what happened."""

    def __init__(self, decoder: Decoder, passing: Passing, limits: DocumentSettings) -> None:
        self.decoder = decoder
        self.passing = passing
        self._limits = limits

    async def around(self, incoming: Incoming, platform: Platform, *, following: bool) -> Surroundings:
        """The message's own files and quotes; the whole thread's, where we are called into one; the asker's last
        files in the channel, where the question comes in a message after the picture."""
        own, quoted = _files(incoming), tuple(_quoted(incoming))
        if incoming.reply and (incoming.mentioned or not following):
            earlier = await _before(incoming, platform, incoming.thread, None)
            context = "" if following else _context(earlier)
            sources = quoted + tuple(_source(one) for one in earlier if not one.own)
            return Surroundings(files=_of(earlier) + own, context=context, sources=sources)
        if not own and not incoming.reply:
            posted = await self._just_posted(incoming, platform)
            return Surroundings(files=_of(posted), sources=quoted + tuple(map(_source, posted)))
        return Surroundings(files=own, sources=quoted)

    async def open(self, job: Job, files: Sequence[Hanging], platform: Platform) -> list[Document]:
        """Fetch and decode; files beyond the limit are skipped with a sentence."""
        documents = [await self._open(job, file, platform) for file in files[: self._limits.max_files]]
        reason = replies.too_many_files(self._limits.max_files)
        return documents + [_skipped(job, file, reason) for file in files[self._limits.max_files :]]

    async def _open(self, job: Job, file: Hanging, platform: Platform) -> Document:
        attachment, limit = file.attachment, self._limits.max_megabytes * 1024 * 1024
        with self.passing.place() as path:
            try:
                await platform.insist(lambda: platform.adapter.fetch(attachment, path, limit=limit))
            except AdapterError as error:
                return _skipped(job, file, refusal(error, self._limits.max_megabytes))
            decoded = await self.decoder.decode(path, name=attachment.name)
        return Document(
            job_id=job.id,
            attachment=attachment.id,
            name=attachment.name,
            fate=decoded.fate,
            reason=decoded.reason,
            pages=decoded.pages,
            message=file.message,
        )

    async def _just_posted(self, incoming: Incoming, platform: Platform) -> list[Incoming]:
        since = incoming.sent_at - timedelta(minutes=self._limits.look_back_minutes)
        earlier = await _before(incoming, platform, incoming.thread.channel, since)
        theirs = [one for one in earlier if one.author.id == incoming.author.id and not one.mentioned]
        return [one for one in theirs if not one.own and _files(one)]


async def _before(
    incoming: Incoming, platform: Platform, place: Channel | Thread, since: datetime | None
) -> list[Incoming]:
    """Messages of a place before this one, oldest first; none where we may not read it, or cannot."""

    async def read() -> list[Incoming]:
        return [one async for one in _earlier(incoming, platform.adapter.history(place, since=since))][::-1]

    try:
        return await platform.insist(read)
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


def _files(message: Incoming) -> tuple[Hanging, ...]:
    here = message.message
    quoted = [Hanging(one, quote.message or here) for quote in message.quotes for one in quote.attachments]
    return (*quoted, *(Hanging(one, here) for one in message.attachments))


def _of(messages: Iterable[Incoming]) -> tuple[Hanging, ...]:
    return tuple(file for message in messages if not message.own for file in _files(message))


def _source(message: Incoming) -> Source:
    return Source(message=message.message, author=message.author.id)


def _quoted(message: Incoming) -> Iterator[Source]:
    return (Source(message=quote.message, author=quote.author_id) for quote in message.quotes if quote.message)


def _context(messages: Iterable[Incoming]) -> str:
    said = [f"{message.author.name}: {message.text}" for message in messages if message.text.strip()]
    return "Said in this thread before:\n" + "\n".join(said) if said else ""


def _skipped(job: Job, file: Hanging, reason: str) -> Document:
    return Document(
        job_id=job.id,
        attachment=file.attachment.id,
        name=file.attachment.name,
        fate="skipped",
        reason=reason,
        message=file.message,
    )


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
