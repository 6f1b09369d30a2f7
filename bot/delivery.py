"""Getting posts onto a platform that limits, fails and forgets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import stamina
import structlog

from adapters.base import Adapter, Post, Thread
from adapters.errors import AdapterError, RateLimited, Revoked, Unreachable
from adapters.standing import asked
from bot.answers import Shown

log = structlog.get_logger()


def _worth_retrying(error: Exception) -> bool | timedelta:
    if isinstance(error, RateLimited):
        return timedelta(seconds=error.retry_after)
    return isinstance(error, Unreachable | Revoked)


def patiently(*, attempts: int | None = None, seconds: float | None = None) -> Any:
    """Tries a call on a platform again, so often or so long, waiting as long as the platform says or ever longer."""
    return stamina.retry_context(
        on=_worth_retrying, attempts=attempts, timeout=seconds, wait_initial=0.5, wait_max=60.0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """How a post is known, as ``Adapter.post`` says."""

    key: str
    answers: str
    again: bool


class Standing(Protocol):
    """Whether others are sure not to say the same in our place."""

    @property
    def sure(self) -> bool: ...

    async def until_sure(self) -> None:
        """Return once they are."""


class Delivery:
    """Posts and edits on one platform, patient where it matters and quick to let go where it does not."""

    def __init__(self, adapter: Adapter, standing: Standing) -> None:
        self.adapter = adapter
        self._standing = standing
        self._drafts = 0

    async def post(self, thread: Thread, post: Post, tag: Tag, *, patience: float) -> str:
        """Post, waiting out limits and outages for ``patience`` seconds. AdapterError."""
        key, answers, again = tag.key, tag.answers, tag.again
        async for attempt in patiently(seconds=patience):
            with attempt:
                async with self._ours():
                    return await self.adapter.post(thread, post, key=key, answers=answers, again=again)
        raise AssertionError("retries ended without an error")

    async def edit(self, thread: Thread, message: str, post: Post, *, patience: float | None) -> None:
        """Edit, waiting out limits and outages for ``patience`` seconds, or however long they last. AdapterError."""
        async for attempt in patiently(seconds=patience):
            with attempt:
                async with self._ours():
                    await self.adapter.edit(thread, message, post)

    async def draft(self, thread: Thread, message: str, post: Post) -> Shown:
        """Edit once, since a draft that does not come through is replaced by a later one. All drafts that are under way
        share the platform's rate limit."""
        pause = self.adapter.edit_interval * max(1, self._drafts)
        if not self._standing.sure:
            return Shown(pause, again=True)
        try:
            async with self._ours():
                await self.adapter.edit(thread, message, post)
        except RateLimited as error:
            return Shown(max(pause, error.retry_after), again=True)
        except AdapterError as error:
            log.info("draft_not_shown", reason=str(error))
            return Shown(pause, again=bool(_worth_retrying(error)))
        return Shown(pause)

    async def reaches(self, thread: Thread, message: str, post: Post) -> bool:
        """Whether the platform takes this edit, or at least has an answer to it."""
        try:
            async with self._ours():
                await self.adapter.edit(thread, message, post)
        except (Revoked, Unreachable):
            return False
        except AdapterError as error:
            log.info("draft_not_shown", reason=str(error))
        return True

    @asynccontextmanager
    async def _ours(self) -> AsyncIterator[None]:
        """What is said within is ours to say, to the last call."""
        await self._standing.until_sure()
        with asked(self._standing.until_sure):
            yield

    def __enter__(self) -> None:
        self._drafts += 1

    def __exit__(self, *_: object) -> None:
        self._drafts -= 1
