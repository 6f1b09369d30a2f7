"""The smallest whole adapter: a platform that lives in this process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from pathlib import Path

from adapters.base import Attachment, Author, Channel, Handler, Incoming, Post, Reaction, Thread, Turn, anytime
from adapters.errors import AdapterError, TooLarge


class MemoryAdapter:
    """Keeps every state that each post went through; ``failures`` are raised by the next calls that show something."""

    platform = "memory"
    edit_interval = 0.0

    def __init__(self) -> None:
        self.posts: dict[str, list[Post]] = {}
        self.threads: dict[Thread, list[str]] = defaultdict(list)
        self.keys: dict[str, str] = {}
        self.messages: list[Incoming] = []
        self.files: dict[str, bytes] = {}
        self.failures: list[AdapterError] = []
        self.unfit: str | None = None
        """What it does not take in any form."""
        self.hidden: set[tuple[str, str]] = set()
        """Who does not see which channel, by ids."""
        self.unreadable: AdapterError | None = None
        """Raised by the history."""
        self.missing: dict[str, AdapterError] = {}
        """Raised where the file with that reference is fetched."""
        self.reactions: dict[str, list[Reaction]] = defaultdict(list)
        """By message, as often as they were set."""
        self.unreactable: AdapterError | None = None
        """Raised where one is to be set."""
        self._changed = asyncio.Condition()

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        await asyncio.Event().wait()

    async def post(self, thread: Thread, post: Post, *, key: str = "", answers: str = "", again: bool = False) -> str:
        there = self.keys.get(key)
        message = await self._show(there, post)
        if there is None:
            self.threads[thread].append(message)
        if key:
            self.keys[key] = message
        return message

    async def edit(self, thread: Thread, message: str, post: Post) -> None:
        await self._show(message, post)

    async def react(self, thread: Thread, message: str, reaction: Reaction) -> None:
        async with self._changed:
            self._changed.notify_all()
            if self.unreactable:
                raise self.unreactable
            self.reactions[message].append(reaction)

    async def history(
        self, place: Channel | Thread, *, since: datetime | None = None
    ) -> AsyncGenerator[Incoming, None]:
        if self.unreadable:
            raise self.unreadable
        for one in reversed(self.messages):
            here = one.thread == place if isinstance(place, Thread) else one.thread.channel == place and not one.reply
            if here and (since is None or one.sent_at >= since):
                yield one

    async def sees(self, person: Author, channel: Channel) -> bool:
        return (person.id, channel.id) not in self.hidden

    async def fetch(self, attachment: Attachment, path: Path, *, limit: int) -> None:
        if attachment.reference in self.missing:
            raise self.missing[attachment.reference]
        content = self.files[attachment.reference]
        if len(content) > limit:
            raise TooLarge("too large")
        await asyncio.to_thread(path.write_bytes, content)

    async def _show(self, message: str | None, post: Post) -> str:
        async with self._changed:
            self._changed.notify_all()
            if self.failures:
                raise self.failures.pop(0)
            if self.unfit is not None and self.unfit in post.text:
                raise AdapterError("not in this form")
            message = message or f"post-{len(self.posts)}"
            self.posts.setdefault(message, []).append(post)
            return message

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something was shown, or failed to be, that makes the condition true."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(condition)

    def last(self, number: int = 0) -> Post:
        """The present state of the post with that number; an empty one if there is none."""
        states = self.posts.get(f"post-{number}")
        return states[-1] if states else Post(text="", status="nothing yet")

    async def answered(self, number: int = 0) -> Post:
        """The post with that number once it is final."""
        await self.until(lambda: not self.last(number).status)
        return self.last(number)
