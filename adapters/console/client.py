"""The console behind the adapter's door. gradio is imported when it runs, not before.

The console is a platform like the others, so it keeps its messages itself: conversations and their files lie in its
folder, and a restart, of the bot or of the page, finds them again.
"""

import asyncio
import errno
import importlib
import socket
import time
import uuid
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import structlog

from adapters.base import Attachment, Channel, Finding, Handler, Incoming, Mode, Post, Reaction, Thread, Turn, anytime
from adapters.console.desk import PLATFORM, US, Desk, thread_of
from adapters.console.examples import Example
from adapters.console.settings import ConsoleSettings
from adapters.console.transcripts import Conversation, Posted, Transcripts
from adapters.console.uploads import Uploads
from adapters.errors import AdapterError, Gone, Unreachable

__all__ = ["ConsoleAdapter", "Example"]

log = structlog.get_logger()

_DAY_S = 86_400.0
_UNSENT_S = 3_600.0
"""What was uploaded longer ago and never sent goes at the start; while we run somebody may still send it for a day."""


class ConsoleAdapter:
    """A page on this machine. Whoever can open it sees all its conversations, so it listens on the loopback address
    unless told otherwise. ``folder`` holds its transcripts and uploads, gradio's copies among them. What was said and
    sent is kept for ``keep_days``, for ever if that is None; what is too old is looked for every ``tidy_s``."""

    platform = PLATFORM
    edit_interval = 0.2

    def __init__(
        self,
        settings: ConsoleSettings,
        examples: tuple[Example, ...],
        folder: Path,
        *,
        mode: Mode = "think",
        keep_days: float | None = None,
        tidy_s: float = _DAY_S,
    ) -> None:
        self._settings = settings
        self._examples = examples
        self._mode = mode
        self._keep_days = keep_days
        self._tidy_s = tidy_s
        self._transcripts = Transcripts(folder / "conversations")
        self._uploads = Uploads(folder / "uploads")
        self._up = asyncio.Event()
        self.url = ""
        """Where the page is, once it is up."""

    async def ready(self) -> str:
        """Wait until the page can be opened; its address."""
        await self._up.wait()
        return self.url

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        """Serve the page until cancelled. Unreachable if the port is taken."""
        with _listener(self._settings) as listener:
            host, port = listener.getsockname()[:2]
            await self._tidy(_UNSENT_S)
            tidying = asyncio.create_task(self._tidy_daily(), name="tidy the console's folder")
            try:
                site, app = await asyncio.to_thread(asyncio.run, self._prepare(handler))
                self.url = _url(host, port)
                await site.serve(app, listener, self._up.set)
            finally:
                tidying.cancel()
                self._up.clear()

    async def _tidy(self, unsent_s: float) -> None:
        """Forget what was said longer ago than is kept, with its files, and what somebody uploaded more than
        ``unsent_s`` ago and never sent."""
        await self._transcripts.load()
        if self._keep_days is not None:
            await self._remove(await self._transcripts.age(time.time() - self._keep_days * _DAY_S))
        old = await asyncio.to_thread(self._uploads.older_than, unsent_s)
        await self._remove(self._transcripts.unused(old))

    async def _tidy_daily(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._tidy_s)
            try:
                await self._tidy(_DAY_S)
            except OSError as error:
                log.warning("not_tidied", kind=type(error).__name__)

    async def _prepare(self, handler: Handler) -> tuple[Any, Any]:
        """Import and build, for seconds, in a thread. It needs a running loop there: for each of its locks gradio would
        otherwise make one and leave it behind."""
        site = importlib.import_module("adapters.console.site")
        return site, site.site(self.desk(handler), self._examples, self._mode, self._settings.host)

    def desk(self, handler: Handler) -> Desk:
        """What a person can do here, on the page or without it."""
        return Desk(self._transcripts, self._uploads, handler)

    async def post(self, thread: Thread, post: Post, *, key: str = "", answers: str = "", again: bool = False) -> str:
        """Gone if the conversation was deleted. With a key that was used before, that post is replaced."""
        conversation = await self._conversation(thread)
        earlier = next((one for one in _posted(conversation) if key and one.key == key), None)
        fresh = Posted(message=uuid.uuid4().hex, key=key, sent_at=datetime.now(UTC), post=Post(text=""))
        return await self._say(conversation.id, earlier or fresh, post)

    async def edit(self, thread: Thread, message: str, post: Post) -> None:
        conversation = await self._conversation(thread)
        entry = conversation.find(message)
        if not isinstance(entry, Posted):
            raise Gone("the post is no longer there")
        await self._say(conversation.id, entry, post)

    async def react(self, thread: Thread, message: str, reaction: Reaction) -> None:
        """There are none here."""

    async def history(
        self, place: Channel | Thread, *, since: datetime | None = None
    ) -> AsyncGenerator[Incoming, None]:
        """A conversation is a thread and a channel of its own, so both yield the same."""
        await self._transcripts.load()
        conversation = self._transcripts.get(place.root if isinstance(place, Thread) else place.id)
        for entry in reversed(conversation.entries) if conversation else ():
            if since is not None and entry.sent_at < since:
                return
            yield entry if isinstance(entry, Incoming) else _as_incoming(entry, place)

    async def fetch(self, attachment: Attachment, path: Path, *, limit: int) -> None:
        await asyncio.to_thread(self._uploads.copy_out, attachment.reference, path, limit=limit)

    async def check(self) -> list[Finding]:
        return [self._port(), *self._exposure()]

    def _port(self) -> Finding:
        try:
            with _listener(self._settings) as listener:
                url = _url(*listener.getsockname()[:2])
        except AdapterError as error:
            return Finding(subject="console", level="warning", message=str(error), advice=_TAKEN)
        message = "ready for any free port" if self._settings.port == 0 else f"ready to open {url}"
        return Finding(subject="console", level="ok", message=message)

    def _exposure(self) -> list[Finding]:
        if _loopback(self._settings.host):
            return []
        message = "Whoever reaches this address can read every conversation of the console."
        advice = "Set console.host to 127.0.0.1, or put a page with a login in front."
        return [Finding(subject="console.host", level="warning", message=message, advice=advice)]

    async def _conversation(self, thread: Thread) -> Conversation:
        await self._transcripts.load()  # what was left undone may be taken up before the page is there
        conversation = self._transcripts.get(thread.root)
        if conversation is None:
            raise Gone("the conversation was deleted")
        return conversation

    async def _say(self, conversation_id: str, before: Posted, post: Post) -> str:
        """The entry comes to say ``post``, whose files are laid where the page can serve them; those that it had, and
        has not any more, go."""
        attachments = tuple([await asyncio.to_thread(self._uploads.add, file) for file in post.files])
        posted = replace(before, post=replace(post, files=()), attachments=attachments)
        try:
            await self._transcripts.put(conversation_id, posted)
        finally:  # the conversation may have been deleted meanwhile
            files = {one.reference for one in (*before.attachments, *attachments)}
            await self._remove(self._transcripts.unused(files))
        return posted.message

    async def _remove(self, references: set[str]) -> None:
        for reference in references:
            await asyncio.to_thread(self._uploads.remove, reference)


_TAKEN = (
    "If the console is running already, all is well. Otherwise set console.port to another number, or to 0 for any."
)


def _listener(settings: ConsoleSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        where = _url(settings.host, settings.port)
        if error.errno == errno.EADDRINUSE:
            raise Unreachable(f"The console cannot use {where}: something else is there. {_TAKEN}") from error
        raise Unreachable(f"The console cannot listen on {where}. Set console.host to 127.0.0.1.") from error


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _posted(conversation: Conversation) -> list[Posted]:
    return [entry for entry in conversation.entries if isinstance(entry, Posted)]


def _as_incoming(posted: Posted, place: Channel | Thread) -> Incoming:
    return Incoming(
        thread=place if isinstance(place, Thread) else thread_of(place.id),
        message=posted.message,
        author=US,
        text=posted.post.text,
        sent_at=posted.sent_at,
        attachments=posted.attachments,
        reply=True,
        own=True,
    )
