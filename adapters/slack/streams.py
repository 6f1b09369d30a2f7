"""Answers that grow word by word, by Slack's own streams. One is append-only, lasts five minutes at most, and only the
person whom it is for sees it grow (github.com/agentconnect-md/agentconnect/issues/1494); others see it once it ends.

It has no metadata before it ends. What tells whose it is meanwhile is the id of the task that shows the status.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.base import Channel, Post, Thread
from adapters.errors import Forbidden, Gone, RateLimited, Unreachable
from adapters.mathematics import opened
from adapters.recent import Recent
from adapters.slack.api import Api
from adapters.slack.errors import StreamOver, Unfit
from adapters.slack.loose import mappings, string
from adapters.slack.mrkdwn import defused, escaped
from adapters.slack.render import Block, Message, Rendering

log = structlog.get_logger()

_LIFE_S = 240.0
"""Slack closes a stream after five minutes, and shows an error (github.com/slackapi/node-slack-sdk/issues/2702)."""
_RESTS_S = 600.0
"""How long no stream is begun in a channel that refused one."""
_REMEMBERED = 5_000
_TITLE = 256
_WITHOUT_UNFURLING = {"unfurl_links": False, "unfurl_media": False}

Chunk = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom an answer is for, and their own team, which in Slack Connect is another than ours."""

    team: str
    user: str


class Streams:
    """Begins streams where that is wanted and possible. ``clock`` is monotonic."""

    def __init__(self, api: Api, *, wanted: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._wanted = wanted
        self._clock = clock
        self._recipients: Recent[tuple[str, str], Recipient] = Recent(_REMEMBERED)
        self._rests_until: Recent[str, float] = Recent(_REMEMBERED)

    def heard(self, channel: Channel, message: str, recipient: Recipient) -> None:
        """Somebody's message came, which may get an answer."""
        if self._wanted:
            self._recipients[channel.id, message] = recipient

    async def begin(self, thread: Thread, key: str, answers: str, post: Post, rendering: Rendering) -> "Stream | None":
        """Begin to answer a message; None where Slack does not let us now, and the post is to be a plain one. After
        Unreachable it may have begun or not, and no other is begun in the channel for a while."""
        channel = thread.channel.id
        arguments = self._arguments(thread, answers)
        if arguments is None or self._rests_until.get(channel, 0.0) > self._clock():
            return None
        buttons = [block for block in rendering.messages[-1].blocks if block["type"] == "actions"]
        try:
            answer = await self._start(arguments, _task(key, post.status), buttons)
        except RateLimited:
            return None
        except (Forbidden, Gone) as error:
            log.info("slack_stream_refused", reason=str(error))
            self._rests_until[channel] = self._clock() + _RESTS_S
            return None
        except Unreachable:
            self._rests_until[channel] = self._clock() + _RESTS_S
            raise
        return Stream(self._api, {"channel": channel, "ts": string(answer.get("ts"))}, (key, post.status), self._clock)

    async def _start(self, arguments: Mapping[str, Any], task: Chunk, buttons: Sequence[Block]) -> Mapping[str, Any]:
        """With the buttons, or without if Slack does not take them in a stream."""
        arguments = {**arguments, **_WITHOUT_UNFURLING}
        if buttons:
            with suppress(Unfit):
                chunks = [task, {"type": "blocks", "blocks": buttons}]
                return await self._api.write("chat.startStream", **arguments, chunks=chunks)
        return await self._api.write("chat.startStream", **arguments, chunks=[task])

    def _arguments(self, thread: Thread, answers: str) -> dict[str, str] | None:
        """Outside of direct messages Slack wants to know who is to see it grow."""
        place = {"channel": thread.channel.id, "thread_ts": thread.root}
        recipient = self._recipients.get((thread.channel.id, answers))
        if not self._wanted or not thread.root or recipient is None:
            return None
        return place | {"recipient_team_id": recipient.team, "recipient_user_id": recipient.user}


class Stream:
    """A message that grows."""

    def __init__(self, api: Api, place: dict[str, str], task: tuple[str, str], clock: Callable[[], float]) -> None:
        self._api = api
        self._place = place
        self._key, self._status = task
        self._clock = clock
        self._until = clock() + _LIFE_S
        self._sent = ""
        self._sure = True
        """Whether ``_sent`` is all that stands there."""

    @property
    def timestamp(self) -> str:
        return self._place["ts"]

    @property
    def old(self) -> bool:
        """Whether Slack will soon end it."""
        return self._clock() > self._until

    async def show(self, post: Post, rendering: Rendering) -> bool:
        """Append what is new in a draft. False if it says something else than what stands there, or Slack takes no
        more: end it then. After Unreachable that is so as well."""
        text = _text(rendering)
        if text is None or not self._goes_on_with(text) or self.old:
            return False
        more = _steady(text)[len(self._sent) :]
        if not _harmless(more):
            return False
        chunks = [_task(self._key, post.status)] if post.status != self._status else []
        if more:
            chunks.append(_words(more))
        if not chunks:
            return True
        self._sure = False
        try:
            await self._api.write("chat.appendStream", **self._place, chunks=chunks)
        except RateLimited:
            self._sure = True
            raise
        except Forbidden as error:
            log.info("slack_stream_ended", reason=str(error))
            return False
        self._sure = True
        self._sent, self._status = self._sent + more, post.status
        return True

    async def end(self, rendering: Rendering, metadata: Mapping[str, Any]) -> None:
        """Append what is still to come, as far as it goes on from what stands there, since Slack notifies people with
        what a stream ends with; from now on the message can be edited."""
        text = _text(rendering)
        more = text[len(self._sent) :] if text is not None and self._goes_on_with(text) else ""
        chunks = {"chunks": [_words(more)]} if more and _harmless(more) else {}
        try:
            await self._api.write("chat.stopStream", **self._place, **chunks, metadata=metadata)
        except StreamOver:
            """Then there is nothing to end."""
        except Unfit:
            await stop(self._api, **self._place)

    def _goes_on_with(self, text: str) -> bool:
        """Only what stands in the whole, rendered text is ever sent, so that no part makes something of another."""
        return self._sure and text.startswith(self._sent)


def named(message: Mapping[str, Any]) -> str:
    """The key of the post that a stream is, as it is read back; empty if it does not say."""
    tasks = [block for block in mappings(message.get("blocks")) if block.get("type") == "task_card"]
    return string(tasks[0].get("task_id")) if tasks and "streaming_state" in message else ""


async def stop(api: Api, channel: str, ts: str) -> None:
    """End a stream that an earlier process began."""
    with suppress(StreamOver):
        await api.write("chat.stopStream", channel=channel, ts=ts)


def _task(key: str, status: str) -> Chunk:
    return {"type": "task_update", "id": key, "title": escaped(status)[:_TITLE] or "…", "status": "in_progress"}


def _words(text: str) -> Chunk:
    return {"type": "markdown_text", "text": text}


def _text(rendering: Rendering) -> str | None:
    """What there is to read; None if it takes more than one message."""
    messages: Sequence[Message] = rendering.messages
    if len(messages) > 1:
        return None
    return next((block["text"] for block in messages[0].blocks if block["type"] == "markdown"), "")


def _harmless(part: str) -> bool:
    """Whether it would be so on its own as well, should Slack read it before it is put together."""
    return defused(part) == part


def _steady(text: str) -> str:
    """The beginning that what follows will hardly change: whole words, and no formula that may not have ended."""
    words = text[: max(text.rfind(" "), text.rfind("\n")) + 1]
    return words[: opened(words)]
