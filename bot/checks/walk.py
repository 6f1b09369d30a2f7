"""Which documents a channel holds: its history and its threads, read back without opening a file."""

from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from adapters.base import Adapter, Attachment, Author, Channel, Incoming, Thread
from bot.checks import replies
from bot.checks.files import SUFFIXES
from bot.checks.scope import Scope
from bot.delivery import patiently
from bot.settings import CheckSettings

_ATTEMPTS = 12
"""Times that a channel or a thread is read from its start, where the platform breaks off."""

THREADS_LIVE = timedelta(days=30)
"""A thread that began before the first day asked for may have newer replies; one older by more is not opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document where it was posted."""

    attachment: Attachment
    author: str
    """A stranger's text."""
    author_id: str = ""
    message: str = ""
    """The id of the message that it hangs on."""
    channel: str = ""
    """The id of another channel than that of the check."""
    root: str = ""
    """Of the message's thread."""
    posted: str
    """ISO, in UTC."""
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """All documents to look at, oldest first, each once."""

    found: tuple[Found, ...]
    messages: int
    left_out: Mapping[str, int]
    """How many files, by the reason."""


async def walk(
    adapter: Adapter, asked: Incoming, scope: Scope, limits: CheckSettings, channels: Sequence[Channel]
) -> Walked:
    """What was posted in these channels before the question was ``asked``. AdapterError if the platform does not let us
    read."""
    if scope.files:
        return _chosen([asked], scope, limits)
    heard: dict[tuple[str, str], Incoming] = {}
    for channel in channels:
        roots = await _messages(adapter, channel, scope, limits.max_messages - len(heard))
        heard |= _by_place(roots)
        for root in roots:
            if root.replies and len(heard) < limits.max_messages:
                heard |= _by_place(await _messages(adapter, root.thread, scope, limits.max_messages - len(heard)))
    meant = [one for one in heard.values() if _is_meant(one, asked, scope)]
    ordered = sorted(meant, key=lambda one: (one.sent_at, one.message))
    return _chosen(ordered, scope, limits, here=asked.thread.channel.id)


def _by_place(messages: Sequence[Incoming]) -> dict[tuple[str, str], Incoming]:
    """Ids of messages are unique in their channels."""
    return {(one.thread.channel.id, one.message): one for one in messages}


def of_message(message: Incoming, limits: CheckSettings) -> tuple[Found, ...]:
    """The documents that hang on one message."""
    return _chosen([message], Scope(question=""), limits).found


async def _messages(adapter: Adapter, place: Channel | Thread, scope: Scope, most: int) -> list[Incoming]:
    """The newest ``most`` of a place. Begun anew where the platform breaks off: its cursors do not last."""
    since = scope.since - THREADS_LIVE if scope.since and isinstance(place, Channel) else scope.since
    async for attempt in patiently(attempts=_ATTEMPTS):
        with attempt:
            return [one async for one in _newest(adapter.history(place, since=since), most)]
    raise AssertionError("retries ended without an error")


async def _newest(history: AsyncGenerator[Incoming, None], most: int) -> AsyncGenerator[Incoming, None]:
    async with aclosing(history) as messages:
        async for message in messages:
            if not most:
                return
            most -= 1
            yield message


def _is_meant(message: Incoming, asked: Incoming, scope: Scope) -> bool:
    if message.own or message.sent_at > asked.sent_at:
        return False
    if message.message == asked.message and not message.attachments:
        return False
    if scope.posted_by and not _is_by(message.author, scope.posted_by):
        return False
    early = scope.since is not None and message.sent_at < scope.since
    late = scope.until is not None and message.sent_at >= scope.until
    return not early and not late


def _is_by(author: Author, name: str) -> bool:
    known = author.name.lower()
    return name in (" ".join(known.split()), author.id.lower(), *known.split()[:1])


def _chosen(messages: list[Incoming], scope: Scope, limits: CheckSettings, here: str | None = None) -> Walked:
    found: dict[str, Found] = {}
    left_out: Counter[str] = Counter()
    for message in messages:
        for attachment in _attachments(message):
            reason = _unwanted(attachment, scope)
            if reason:
                left_out[reason] += 1
            else:
                posted = message.sent_at.strftime("%Y-%m-%d %H:%M")
                one = Found(
                    attachment=attachment,
                    author=message.author.name,
                    author_id=message.author.id,
                    message=message.message,
                    channel="" if here in (None, message.thread.channel.id) else message.thread.channel.id,
                    root=message.thread.root,
                    posted=posted,
                    link=message.link,
                )
                found.setdefault(attachment.id, one)
    beyond = len(found) - limits.max_documents
    if beyond > 0:
        left_out[replies.beyond(limits.max_documents)] = beyond
    newest = tuple(found.values())[-limits.max_documents :]
    return Walked(found=newest, messages=len(messages), left_out=dict(left_out))


def _attachments(message: Incoming) -> Iterator[Attachment]:
    yield from message.attachments
    for quote in message.quotes:
        yield from quote.attachments


def _unwanted(attachment: Attachment, scope: Scope) -> str:
    """Why a file is left out; empty if it is not."""
    suffix = PurePath(attachment.name).suffix.lower()
    pdf = attachment.media_type == "application/pdf" or suffix == ".pdf"
    picture = not pdf and (attachment.media_type.startswith("image/") or suffix in SUFFIXES)
    if not pdf and not picture:
        return replies.NO_DOCUMENT
    wanted = {"pdf": pdf, "picture": picture, None: True}[scope.only]
    return "" if wanted else replies.OTHER_SORT
