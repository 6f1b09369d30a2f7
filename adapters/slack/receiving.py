"""Taking events in. One is acknowledged once the handler has returned, and not at all if it raised, so that Slack
sends it again."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.response import BoltResponse

from adapters import tracing
from adapters.base import Action, Handler, Incoming, Listening
from adapters.errors import AdapterError
from adapters.failpoints import reach
from adapters.recent import Recent
from adapters.slack.api import Api
from adapters.slack.events import PLATFORM, Me, message, read
from adapters.slack.loose import first, mapping, mappings, string
from adapters.slack.people import People
from adapters.slack.streams import Recipient, Streams

_TWIN_S = 1.0
"""How long an ``app_mention`` waits for its ``message``, of the 3 s that Slack waits for us."""
_REMEMBERED = 2_000


class Receiver:
    """Hands events to ``handler``. Two events tell of a mention, and the one named after it may lack the files
    (github.com/slackapi/bolt-python/issues/925), so the ``message`` counts, and ``app_mention`` only without it."""

    def __init__(self, api: Api, people: People, me: Me, handler: Handler, streams: Streams) -> None:
        self._api = api
        self._people = people
        self._me = me
        self._handler = handler
        self._streams = streams
        self._accepted: Recent[tuple[str, str], asyncio.Event] = Recent(_REMEMBERED)
        self._at_work: set[asyncio.Task[Any]] = set()

    async def accept(self, body: dict[str, Any], next: Any) -> BoltResponse | None:  # noqa: A002
        """Bolt's middleware, run before it acknowledges, looks up who we are or calls any listener."""
        if body.get("type") == "url_verification" or "ssl_check" in body:
            await next()
            return None
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        await self._take(body)
        reach("before acknowledgement")
        return BoltResponse(status=200, body="")

    async def listening(self) -> None:
        """Events reach us from now on."""
        await self._handler(Listening(platform=PLATFORM))

    async def settle(self) -> None:
        """Wait until what is being accepted is acknowledged."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=_TWIN_S + 2)

    async def _take(self, body: Mapping[str, Any]) -> None:
        event = read(body, self._me, self._people.known)
        if event is not None:
            tracing.begin(tracing.name_of(event))
        if isinstance(event, Incoming):
            source = mapping(body.get("event"))
            # The event names the author's team, but not where files are shared; the envelope always names ours.
            team = first(source, "user_team", "team") or event.thread.channel.workspace
            self._streams.heard(event.thread.channel, event.message, Recipient(team, event.author.id))
            if source.get("type") == "app_mention":
                if await self._came(event):
                    return
                event = await self._with_files(event)
            if event.mentioned or event.direct or event.reply:
                event = replace(event, author=await self._people.introduce(event.author))
            await self._handler(event)
            if event.mentioned:
                self._arrival(event).set()
        elif isinstance(event, Action):
            await self._handler(replace(event, author=await self._people.introduce(event.author)))
        elif event is not None:
            await self._handler(event)

    def _arrival(self, event: Incoming) -> asyncio.Event:
        """Set once a message was handed over."""
        place = (event.thread.channel.id, event.message)
        if place not in self._accepted:
            self._accepted[place] = asyncio.Event()
        return self._accepted[place]

    async def _came(self, mention: Incoming) -> bool:
        """Whether the mention's ``message`` is handed over, before or soon."""
        try:
            async with asyncio.timeout(_TWIN_S):
                return await self._arrival(mention).wait()
        except TimeoutError:
            return False

    async def _with_files(self, mention: Incoming) -> Incoming:
        """The mention as Slack has it stored, or as it came if Slack does not say soon."""
        if mention.attachments:
            return mention
        try:
            async with asyncio.timeout(_TWIN_S):
                answer = await self._api.read(
                    "conversations.replies",
                    patient=False,
                    channel=mention.thread.channel.id,
                    ts=mention.thread.root,
                    oldest=mention.message,
                    latest=mention.message,
                    inclusive=True,
                )
        except (AdapterError, TimeoutError):
            return mention
        for stored in mappings(answer.get("messages")):
            if string(stored.get("ts")) == mention.message:
                source = {**stored, "type": "app_mention"}
                return message(source, mention.thread.channel, self._me, self._people.known) or mention
        return mention
