"""Documents where they were posted: how they are written down, fetched and judged."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from adapters.base import Adapter, Attachment
from adapters.errors import AdapterError
from bot import documents
from bot.answering import Means
from bot.checks import verdicts
from bot.checks.judging import Judge, Judged, Options
from bot.checks.question import Asked
from bot.checks.report import row
from bot.checks.walk import Found
from bot.delivery import patiently
from bot.store.checks import Effort, Planned

_ATTEMPTS = 5
"""Tries to fetch a file."""

_FOUND = TypeAdapter(Found)
_JUDGED = TypeAdapter(Judged)


def planned(documents: Iterable[Found]) -> tuple[Planned, ...]:
    """As the store keeps them, numbered from 1."""
    return tuple(
        Planned(
            number=number,
            found=_FOUND.dump_json(found).decode(),
            attachment=found.attachment.id,
            message=found.message,
            author=found.author_id,
            channel=found.channel,
            root=found.root,
        )
        for number, found in enumerate(documents, start=1)
    )


def found(document: Planned) -> Found:
    """Where it is."""
    return _FOUND.validate_json(document.found)


def judged(document: Planned) -> Judged | None:
    """What came of it; None until it has been looked at."""
    return _JUDGED.validate_json(document.judged) if document.judged else None


def kept(one: Judged) -> str:
    """As the store keeps it: its thumbnail is with what was read."""
    return _JUDGED.dump_json(replace(one, thumbnail=b"")).decode()


def effort(one: Judged) -> Effort:
    """What it took, for the store."""
    return Effort(digest=one.digest, pages=one.read, seconds=one.seconds)


def posted_row(where: Found, one: Judged) -> verdicts.Row:
    """The row of a document with its message."""
    return replace(row(where.attachment.name, one), link=where.link, author=where.author, posted=where.posted)


class PostedJudge:
    """Fetches documents from their platform and has them judged. ``owner``: who asks for it, for the engine's line."""

    def __init__(self, means: Means, adapter: Adapter, owner: str) -> None:
        settings = means.settings
        options = Options(
            mode=settings.checks.mode, seconds=settings.engine.seconds, max_pages=settings.documents.max_pages
        )
        self._judge = Judge(means.engine, means.documents.decoder, means.store.checks, options)
        self._passing = means.documents.passing
        self._adapter = adapter
        self._owner = owner
        self._megabytes = settings.documents.max_megabytes

    async def judge(self, document: Found, asked: Asked) -> Judged:
        """Dead if the engine is; what else goes wrong makes the document unread."""
        with self._passing.place() as path:
            try:
                await self._fetch(document.attachment, path)
            except AdapterError as error:
                return unread(documents.refusal(error, self._megabytes))
            return await self._judge.judge(path, document.attachment.name, asked, owner=self._owner)

    async def _fetch(self, attachment: Attachment, path: Path) -> None:
        async for attempt in patiently(attempts=_ATTEMPTS):
            with attempt:
                await self._adapter.fetch(attachment, path, limit=self._megabytes * 1024 * 1024)


def unread(reason: str) -> Judged:
    """Of a document that was not opened, and why."""
    return Judged(digest="", pages=0, fate="skipped", reason=reason, verdict=verdicts.unread())
