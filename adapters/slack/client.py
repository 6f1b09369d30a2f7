"""The Slack adapter."""

from collections.abc import AsyncGenerator, Iterable
from datetime import datetime
from pathlib import Path

import stamina

from adapters.base import Attachment, Author, Channel, Finding, Handler, Incoming, Post, Reaction, Thread, Turn, anytime
from adapters.errors import RateLimited, Unreachable
from adapters.slack.api import Api
from adapters.slack.doctor import check
from adapters.slack.downloads import Downloads
from adapters.slack.events import PLATFORM
from adapters.slack.groups import UserGroups
from adapters.slack.history import history, is_in
from adapters.slack.listening import listen
from adapters.slack.people import People
from adapters.slack.posting import Poster
from adapters.slack.pulse import Pulse
from adapters.slack.reactions import react
from adapters.slack.receiving import Receiver
from adapters.slack.settings import SlackSettings
from adapters.slack.streams import Streams


class SlackAdapter:
    """Slack behind the Adapter door. A thread hangs from its first message; so does one in a direct message."""

    platform = PLATFORM
    edit_interval = 1.2
    """``chat.update`` is Tier 3, 50 a minute and workspace (docs.slack.dev/apis/web-api/rate-limits)."""

    def __init__(self, settings: SlackSettings, groups: Iterable[str] = ()) -> None:
        """``groups``: ids of the user groups whose members matter."""
        self._settings = settings
        self._api = Api(settings)
        self._groups = UserGroups(self._api, groups)
        self._people = People(self._api, self._groups)
        self._streams = Streams(self._api, wanted=settings.streaming)
        self._poster = Poster(self._api, self._streams)
        self._downloads = Downloads(self._api, settings)
        self._pulse = Pulse(self._api)

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        """Hand over events until cancelled; waits out whatever keeps Slack from answering. Slack tells each event to
        one of our connections, so nobody need wait for a turn."""
        async with self._api.pool(), self._poster.tending():
            async for attempt in stamina.retry_context(
                on=(Unreachable, RateLimited), attempts=None, timeout=None, wait_initial=1.0, wait_max=60.0
            ):
                with attempt:
                    try:
                        me = await self._api.me()
                        receiver = Receiver(self._api, self._people, me, handler, self._streams)
                        await listen(self._api, self._settings, receiver, self._pulse)
                    finally:
                        self._pulse.stop()

    async def post(self, thread: Thread, post: Post, *, key: str = "", answers: str = "", again: bool = False) -> str:
        """With a key, a second call goes on where the first one stopped; with ``again`` also in another process."""
        if post.only_for:
            return await self._poster.whisper(thread, post, post.only_for)
        return await self._poster.post(thread, post, key, answers=answers, again=again)

    async def edit(self, thread: Thread, message: str, post: Post) -> None:
        await self._poster.edit(thread, message, post)

    async def react(self, thread: Thread, message: str, reaction: Reaction) -> None:
        await react(self._api, thread.channel, message, reaction)

    def history(self, place: Channel | Thread, *, since: datetime | None = None) -> AsyncGenerator[Incoming, None]:
        return history(self._api, self._people, place, since)

    async def sees(self, person: Author, channel: Channel) -> bool:
        return await is_in(self._api, channel.id, person.id)

    async def fetch(self, attachment: Attachment, path: Path, *, limit: int) -> None:
        await self._downloads.fetch(attachment, path, limit)

    @property
    def obstacle(self) -> str:
        return self._pulse.obstacle

    async def check(self) -> list[Finding]:
        return await check(self._api, self._settings, self._groups)
