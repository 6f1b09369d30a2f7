"""What was said in the console's conversations. The console is its own platform: like any other it keeps its messages,
in one JSON file for each conversation, so that a restart finds them where a person left them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from adapters.base import Attachment, Incoming, Post
from adapters.errors import Gone

_LONGEST_TITLE = 60
_FRESH = ".new"
"""Ends the name of a file that is not whole yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What we said: ``post`` in its present state, its files kept as ``attachments`` instead."""

    message: str
    key: str
    sent_at: datetime
    post: Post
    attachments: tuple[Attachment, ...] = ()


Entry = Incoming | Posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One thread, oldest entry first. It has at least one entry."""

    id: str
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """How it began: the first words, else the first file's name."""
        for entry in self.entries:
            if isinstance(entry, Incoming):
                names = ", ".join(one.name for one in entry.attachments)
                words = " ".join((entry.text.strip() or names).split())
                return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1] + "…"
        return "Conversation"

    @property
    def working(self) -> bool:
        """Whether an answer is on its way."""
        return any(isinstance(entry, Posted) and entry.post.status for entry in self.entries)

    @property
    def latest(self) -> datetime:
        """When something was last said."""
        return self.entries[-1].sent_at

    @property
    def references(self) -> set[str]:
        """The files that it refers to."""
        return {attachment.reference for entry in self.entries for attachment in entry.attachments}

    def find(self, message: str) -> Entry | None:
        """The entry with that id."""
        return next((entry for entry in self.entries if entry.message == message), None)

    def with_entry(self, entry: Entry) -> "Conversation":
        """With the entry in the place of the one with its id, else at the end."""
        if self.find(entry.message) is None:
            return replace(self, entries=(*self.entries, entry))
        return replace(self, entries=tuple(entry if old.message == entry.message else old for old in self.entries))

    def without(self, message: str) -> "Conversation":
        return replace(self, entries=tuple(entry for entry in self.entries if entry.message != message))

    def since(self, moment: float) -> "Conversation":
        """What was said from then on, in Unix seconds."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.sent_at.timestamp() >= moment))


_CONVERSATION = TypeAdapter(Conversation)


class Transcripts:
    """All conversations, in memory for reading and in ``folder`` for the next start. Drafts under way are not written
    to disk: their last state follows soon."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._conversations: dict[str, Conversation] = {}
        self._watching: set[asyncio.Event] = set()
        self._disk = asyncio.Lock()
        self._loaded = False

    async def load(self) -> None:
        """Read what earlier runs kept, once, before anything else. A file that cannot be read is left alone, one that
        was being written when its process was killed is not."""
        async with self._disk:
            if not self._loaded:
                await asyncio.to_thread(_tidy, self._folder)
                stored = await asyncio.to_thread(lambda: list(_stored(self._folder)))
                self._conversations.update({conversation.id: conversation for conversation in stored})
                self._loaded = True

    def all(self) -> list[Conversation]:
        """Newest first."""
        return sorted(self._conversations.values(), key=lambda one: one.latest, reverse=True)

    def get(self, conversation_id: str) -> Conversation | None:
        return self._conversations.get(conversation_id)

    async def put(self, conversation_id: str, entry: Entry) -> None:
        """Add the entry, or replace the one with its id. A person's first message makes the conversation; Gone if one
        of our posts finds none."""
        conversation = self._conversations.get(conversation_id)
        if conversation is None:
            if isinstance(entry, Posted):
                raise Gone("the conversation was deleted")
            conversation = Conversation(id=conversation_id, entries=())
        self._conversations[conversation_id] = conversation.with_entry(entry)
        self._tell()
        if isinstance(entry, Incoming) or not entry.post.status or conversation.find(entry.message) is None:
            await self._write(conversation_id)

    async def withdraw(self, conversation_id: str, message: str) -> None:
        """Take an entry back, and the conversation if nothing else is in it."""
        await self._reduce(self._conversations[conversation_id].without(message))

    async def remove(self, conversation_id: str) -> set[str]:
        """Forget a conversation; the references of files that no other conversation needs."""
        conversation = self._conversations.pop(conversation_id, None)
        if conversation is None:
            return set()
        self._tell()
        await self._write(conversation_id)
        return self.unused(conversation.references)

    async def age(self, before: float) -> set[str]:
        """Forget what was said before then, in Unix seconds, but where an answer is on its way; the references of files
        that no conversation needs any more."""
        gone: set[str] = set()
        for name in list(self._conversations):
            conversation = self._conversations.get(name)  # as it is by now: people go on talking
            if conversation is None or conversation.working:
                continue
            left = conversation.since(before)
            if left != conversation:
                gone |= conversation.references
                await self._reduce(left)
        return self.unused(gone)

    def unused(self, references: set[str]) -> set[str]:
        """Those that no conversation has. For none, as drafts have, nothing is looked through."""
        if not references:
            return set()
        return references.difference(*(conversation.references for conversation in self._conversations.values()))

    @contextmanager
    def watching(self, changed: asyncio.Event) -> Iterator[None]:
        """While the block runs, ``changed`` is set whenever anything changes."""
        self._watching.add(changed)
        try:
            yield
        finally:
            self._watching.discard(changed)

    def _tell(self) -> None:
        for changed in self._watching:
            changed.set()

    async def _reduce(self, conversation: Conversation) -> None:
        """Put it in the place of what it was, or nothing if nothing of it is left."""
        if conversation.entries:
            self._conversations[conversation.id] = conversation
        else:
            del self._conversations[conversation.id]
        self._tell()
        await self._write(conversation.id)

    async def _write(self, conversation_id: str) -> None:
        """Bring the file up to date with what is in memory once it is our turn."""
        async with self._disk:
            conversation = self._conversations.get(conversation_id)
            path = self._folder / f"{conversation_id}.json"
            if conversation is None:
                await asyncio.to_thread(path.unlink, missing_ok=True)
            else:
                await asyncio.to_thread(_replace, path, _CONVERSATION.dump_json(conversation))


def _tidy(folder: Path) -> None:
    for path in folder.glob(f"*{_FRESH}"):
        path.unlink(missing_ok=True)


def _stored(folder: Path) -> Iterator[Conversation]:
    for path in folder.glob("*.json"):
        with suppress(OSError, ValidationError):
            conversation = _CONVERSATION.validate_json(path.read_bytes())
            if conversation.entries:
                yield conversation


def _replace(path: Path, content: bytes) -> None:
    """Written beside and moved into place, so that a crash leaves the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(_FRESH)
    fresh.write_bytes(content)
    fresh.replace(path)
