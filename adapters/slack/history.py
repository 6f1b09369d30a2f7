"""Reading back what was said in a channel or a thread."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.base import Channel, Incoming, Thread
from adapters.slack.api import Api
from adapters.slack.events import message
from adapters.slack.loose import mapping, mappings, string
from adapters.slack.people import People

_PAGE = 200
"""Slack advises no more at a time (docs.slack.dev/apis/web-api/pagination)."""


async def pages(api: Api, method: str, **arguments: Any) -> AsyncGenerator[Sequence[Mapping[str, Any]], None]:
    """The ``messages`` of each page. Close it when you have enough."""
    async with aclosing(_answers(api, method, **arguments)) as answers:
        async for answer in answers:
            yield mappings(answer.get("messages"))


async def is_in(api: Api, channel: str, person: str) -> bool:
    """Whether somebody is a member of a channel."""
    async with aclosing(_answers(api, "conversations.members", channel=channel)) as answers:
        async for answer in answers:
            if isinstance(members := answer.get("members"), list) and person in members:
                return True
    return False


async def _answers(api: Api, method: str, **arguments: Any) -> AsyncGenerator[Mapping[str, Any], None]:
    """A list in parts, following the cursor."""
    cursor: str | None = None
    while cursor != "":
        answer = await api.read(method, limit=_PAGE, cursor=cursor, **arguments)
        yield answer
        cursor = string(mapping(answer.get("response_metadata")).get("next_cursor"))


async def thread_messages(api: Api, thread: Thread, **arguments: Any) -> list[Mapping[str, Any]]:
    """A thread as Slack keeps it, oldest first; or the channel itself, newest first."""
    found: list[Mapping[str, Any]] = []
    place = {"channel": thread.channel.id} | ({"ts": thread.root} if thread.root else {})
    method = "conversations.replies" if thread.root else "conversations.history"
    async with aclosing(pages(api, method, **place, **arguments)) as batches:
        async for batch in batches:
            found += batch
    return found


async def history(
    api: Api, people: People, place: Channel | Thread, since: datetime | None
) -> AsyncGenerator[Incoming, None]:
    """What was said, newest first."""
    me = await api.me()
    channel = place.channel if isinstance(place, Thread) else place
    async with aclosing(_newest_first(api, place, since)) as batches:
        async for batch in batches:
            names = await people.meet([string(one.get("user")) for one in batch])
            for source in batch:
                incoming = message(source, channel, me, names)
                if incoming is None or (since is not None and incoming.sent_at < since):
                    continue
                if incoming.own:
                    yield incoming
                elif isinstance(place, Thread) or not incoming.reply:
                    # As a question that may have been missed; what is read back whole only surrounds one.
                    follows = isinstance(place, Thread) and since is not None and not incoming.to_others
                    matters = incoming.mentioned or incoming.direct or follows
                    yield replace(incoming, author=await people.recall(incoming.author, matters=matters))


async def _newest_first(
    api: Api, place: Channel | Thread, since: datetime | None
) -> AsyncGenerator[Sequence[Mapping[str, Any]], None]:
    """``conversations.replies`` begins with the oldest, so a thread is read whole."""
    oldest = {} if since is None else {"oldest": f"{since.timestamp():.6f}", "inclusive": True}
    if isinstance(place, Thread):
        yield list(reversed(await thread_messages(api, place, **oldest)))
        return
    async with aclosing(pages(api, "conversations.history", channel=place.id, **oldest)) as batches:
        async for batch in batches:
            yield batch
