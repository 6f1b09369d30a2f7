"""Putting posts into threads, and keeping their parts together over edits, failures and restarts."""

import asyncio
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from adapters.base import Post, Thread
from adapters.errors import AdapterError, Forbidden, Gone, RateLimited
from adapters.recent import Recent
from adapters.rendering import rendered
from adapters.slack.api import Api
from adapters.slack.errors import StillStreaming, Unfit
from adapters.slack.history import thread_messages
from adapters.slack.loose import mapping, mappings, string
from adapters.slack.render import Message, Rendering, render, render_plain
from adapters.slack.streams import Stream, Streams, named, stop

_EVENT = "threadsight_post"
_REMEMBERED = 1_000
_TEND_S = 15.0
_NOTHING_LINKED = {"parse": "none", "link_names": False}
_NOTHING_UNFURLED = {"unfurl_links": False, "unfurl_media": False}


@dataclass(slots=True)
class _Placed:
    """A post as it stands in its thread."""

    key: str
    parts: list["_Part"] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    """Names of the files that were posted with it."""
    answers: str = ""
    """Id of the message that it answers, than which no part is older."""
    refused: Rendering | None = None
    """What Slack last found unfit, so that a second attempt does not begin with it again."""
    sure: bool = True
    """False once something may have been posted that we did not hear of."""
    stream: Stream | None = None
    """As long as the first part grows."""
    latest: tuple[Thread, Post] | None = None
    """What the stream shows or is to show, and where."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """For whoever brings something about."""

    @contextmanager
    def adding(self) -> Iterator[None]:
        """Around whatever posts something: if that is cut off, we cannot know; if Slack refuses, we do."""
        self.sure = False
        try:
            yield
        except (RateLimited, Forbidden, Gone):
            self.sure = True
            raise
        self.sure = True


@dataclass(frozen=True, slots=True)
class _Part:
    timestamp: str
    digest: str = ""
    """Of what it shows; empty where that is not known."""


class Poster:
    """Posts and edits. Each message carries its post's key and its place among the parts in its metadata, where they
    are found again when an attempt was cut off or made by an earlier process."""

    def __init__(self, api: Api, streams: Streams) -> None:
        self._api = api
        self._streams = streams
        self._by_key: Recent[str, _Placed] = Recent(_REMEMBERED)
        self._by_message: Recent[tuple[str, str], _Placed] = Recent(_REMEMBERED)

    async def post(self, thread: Thread, post: Post, key: str, *, answers: str = "", again: bool = False) -> str:
        """Make the post stand in the thread; a second call with the same key goes on where the first one stopped.
        That may have been in an earlier process if it is ``again``: after the message that it ``answers``."""
        placed = self._by_key.get(key) or _Placed(key or uuid.uuid4().hex, answers=answers, sure=not again)
        self._by_key[placed.key] = placed
        await self._bring_about(thread, placed, post)
        first = placed.parts[0].timestamp
        self._by_message[thread.channel.id, first] = placed
        return first

    async def edit(self, thread: Thread, message: str, post: Post) -> None:
        """Make the post that begins with ``message`` say something else."""
        place = (thread.channel.id, message)
        placed = self._by_message.get(place) or _Placed(uuid.uuid4().hex, [_Part(message)], sure=False)
        self._by_message[place] = placed
        await self._bring_about(thread, placed, post)

    @asynccontextmanager
    async def tending(self) -> AsyncIterator[None]:
        """While the block runs, streams are ended before Slack does it, which shows people an error."""
        task = asyncio.create_task(self._tend(), name="tend streams")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(_TEND_S)
            await self.retire()

    async def retire(self) -> None:
        """What has grown for as long as it may goes on by edits, even where nothing new is to be shown."""
        for placed in [one for one in self._by_key.values() if one.stream is not None and one.stream.old]:
            async with placed.turn:
                if placed.stream is not None and placed.latest is not None:
                    with suppress(AdapterError):
                        await self._show(placed, *placed.latest)

    async def whisper(self, thread: Thread, post: Post, person: str) -> str:
        """Show the post to one person alone; it cannot be edited and is gone when they reload."""
        try:
            return await self._whisper(thread, render(post), person)
        except Unfit:
            return await self._whisper(thread, render_plain(post), person)

    async def _whisper(self, thread: Thread, rendering: Rendering, person: str) -> str:
        place = {"channel": thread.channel.id, **_in(thread), "user": person, **_NOTHING_LINKED}
        first = ""
        for message in rendering.messages:
            answer = await self._api.write("chat.postEphemeral", text=message.text, blocks=message.blocks, **place)
            first = first or string(answer.get("message_ts"))
        return first

    async def _bring_about(self, thread: Thread, placed: _Placed, post: Post) -> None:
        async with placed.turn:
            await self._show(placed, thread, post)

    async def _show(self, placed: _Placed, thread: Thread, post: Post) -> None:
        try:
            await self._place(placed, thread, post)
        finally:
            placed.latest = (thread, post) if placed.stream is not None else None

    async def _place(self, placed: _Placed, thread: Thread, post: Post) -> None:
        if not placed.sure:
            await self._recall(thread, placed)
        rendering = await rendered(render, post)
        if await self._stream(thread, placed, post, rendering):
            return
        if rendering != placed.refused:
            try:
                await self._lay_out(thread, placed, rendering)
            except Unfit:
                placed.refused = rendering
        if rendering == placed.refused:
            await self._lay_out(thread, placed, await rendered(render_plain, post))

    async def _stream(self, thread: Thread, placed: _Placed, post: Post, rendering: Rendering) -> bool:
        """Whether a stream shows the post, as long as that is a draft. One that does not any more is ended."""
        if post.status and not placed.parts:
            with placed.adding():
                placed.stream = await self._streams.begin(thread, placed.key, placed.answers, post, rendering)
                if placed.stream is not None:
                    placed.parts.append(_Part(placed.stream.timestamp))
        if placed.stream is None:
            return False
        if post.status and await placed.stream.show(post, rendering):
            return True
        await placed.stream.end(rendering, _metadata(placed, 0))
        placed.stream = None
        return False

    async def _lay_out(self, thread: Thread, placed: _Placed, rendering: Rendering) -> None:
        """Change, add and delete messages until they are as rendered, then add the files."""
        for number, message in enumerate(rendering.messages):
            if number < len(placed.parts):
                await self._change(thread, placed, number, message)
            else:
                await self._add(thread, placed, number, message)
        while len(placed.parts) > len(rendering.messages):
            with suppress(Gone):
                await self._api.write("chat.delete", channel=thread.channel.id, ts=placed.parts[-1].timestamp)
            placed.parts.pop()
        for file in rendering.files:
            if file.name not in placed.files:
                with placed.adding():
                    await self._api.upload(thread.channel.id, thread.root, file)
                    placed.files.add(file.name)

    async def _change(self, thread: Thread, placed: _Placed, number: int, message: Message) -> None:
        part = placed.parts[number]
        if part.digest != _digest(message):
            place = {"channel": thread.channel.id, "ts": part.timestamp}
            try:
                await self._api.write("chat.update", **place, **_content(placed, number, message))
            except StillStreaming:
                await stop(self._api, **place)
                await self._api.write("chat.update", **place, **_content(placed, number, message))
            placed.parts[number] = _Part(part.timestamp, _digest(message))

    async def _add(self, thread: Thread, placed: _Placed, number: int, message: Message) -> None:
        place = {"channel": thread.channel.id, **_in(thread), **_NOTHING_UNFURLED}
        with placed.adding():
            answer = await self._api.write("chat.postMessage", **place, **_content(placed, number, message))
            placed.parts.append(_Part(string(answer.get("ts")), _digest(message)))

    async def _recall(self, thread: Thread, placed: _Placed) -> None:
        """Find the parts and files of a post in its thread."""
        first = placed.parts[0].timestamp if placed.parts else ""
        oldest = first or placed.answers
        since = {"oldest": oldest, "inclusive": True} if oldest else {}
        stored = await thread_messages(self._api, thread, include_all_metadata=True, **since)
        me = await self._api.me()
        own = [message for message in stored if me.wrote(message)]
        placed.key = next((_tag(one)[0] for one in own if first and one.get("ts") == first), "") or placed.key
        found = {_tag(one)[1]: string(one.get("ts")) for one in own if _tag(one)[0] == placed.key}
        if not found and not first:
            found = self._nameless(thread, own)
        if found:
            known = {part.timestamp: part for part in placed.parts}
            placed.parts = [known.get(found[number], _Part(found[number])) for number in sorted(found)]
            later = [one for one in own if string(one.get("ts")) > placed.parts[0].timestamp]
            placed.files |= {string(file.get("name")) for one in later for file in mappings(one.get("files"))}
        placed.sure = True

    def _nameless(self, thread: Thread, own: list[Mapping[str, Any]]) -> dict[int, str]:
        """The newest stream that does not say whose it is and that no post here is known to be, as a first part."""
        streams = [string(one.get("ts")) for one in own if "streaming_state" in one and not _tag(one)[0]]
        unknown = [one for one in streams if (thread.channel.id, one) not in self._by_message]
        return {0: unknown[-1]} if unknown else {}


def _in(thread: Thread) -> dict[str, str]:
    return {"thread_ts": thread.root} if thread.root else {}


def _content(placed: _Placed, number: int, message: Message) -> dict[str, Any]:
    metadata = _metadata(placed, number)
    return {"text": message.text, "blocks": message.blocks, "metadata": metadata, **_NOTHING_LINKED}


def _metadata(placed: _Placed, number: int) -> dict[str, Any]:
    return {"event_type": _EVENT, "event_payload": {"key": placed.key, "part": number}}


def _tag(message: Mapping[str, Any]) -> tuple[str, int]:
    """The key and the number of a part. Without metadata, what is no stream has no key."""
    metadata = mapping(message.get("metadata"))
    payload = mapping(metadata.get("event_payload"))
    number = payload.get("part")
    if metadata.get("event_type") != _EVENT or not isinstance(number, int):
        return named(message), 0
    return string(payload.get("key")), number


def _digest(message: Message) -> str:
    return hashlib.sha256(json.dumps([message.text, message.blocks]).encode()).hexdigest()
