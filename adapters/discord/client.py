"""The Discord adapter: the door's methods, each a few words with what is behind it."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path

import stamina

from adapters.base import Attachment, Author, Channel, Finding, Handler, Incoming, Post, Reaction, Thread, Turn, anytime
from adapters.discord import doctor, events
from adapters.discord.connection import Connection
from adapters.discord.own import Tag
from adapters.discord.reactions import react
from adapters.discord.session import Session
from adapters.discord.settings import DiscordSettings
from adapters.errors import AdapterError, Forbidden, RateLimited, Unreachable

_LOGIN_PATIENCE_S = 30.0
_LONGEST_PAUSE_S = 60.0
_MOST_SILENCE = 2.5
"""Intervals between two heartbeats."""


def _passes(error: Exception) -> bool | timedelta:
    """Whether it is worth connecting again, and when."""
    if isinstance(error, RateLimited):
        return timedelta(seconds=error.retry_after)
    return isinstance(error, AdapterError) and not isinstance(error, Forbidden)


class DiscordAdapter:
    """Fulfils ``adapters.base.Adapter``. What needs Discord waits until ``run`` has logged in."""

    platform = events.PLATFORM
    edit_interval = 1.2
    """Discord lets about five edits through in five seconds, in a channel."""

    def __init__(self, settings: DiscordSettings, roles: Iterable[str] = ()) -> None:
        """``roles``: ids of those that matter, with other platforms' groups among them."""
        self._settings = settings
        self._roles_matter = any(role.isdecimal() for role in roles)
        self._session: Session | None = None
        self._logged_in = asyncio.Event()
        self._late: set[asyncio.Task[bool]] = set()

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        """Each of Discord's shards has its turn. Who waits for one has logged in, and can post."""
        try:
            async for attempt in stamina.retry_context(
                on=_passes, attempts=None, timeout=None, wait_initial=1.0, wait_max=_LONGEST_PAUSE_S
            ):
                with attempt:
                    await self._run_once(handler, turn)
        except asyncio.CancelledError:
            for task in self._late:
                task.cancel()
            await asyncio.gather(*self._late, return_exceptions=True)
            raise

    async def post(self, thread: Thread, post: Post, *, key: str = "", answers: str = "", again: bool = False) -> str:
        session = await self._live()
        if post.only_for is None:
            return await session.posts.create(thread, post, Tag(key=key, answers=answers, again=again))
        shown = await session.presses.whisper(post.only_for, post)
        return shown if shown is not None else await session.posts.whisper(post.only_for, post)

    async def edit(self, thread: Thread, message: str, post: Post) -> None:
        await (await self._live()).posts.replace(thread, message, post)

    async def react(self, thread: Thread, message: str, reaction: Reaction) -> None:
        await react((await self._live()).connection, thread, message, reaction)

    async def history(
        self, place: Channel | Thread, *, since: datetime | None = None
    ) -> AsyncGenerator[Incoming, None]:
        session = await self._live()
        async with aclosing(session.history.walk(place, since)) as messages:
            async for incoming in messages:
                session.homes.heard(incoming)
                may_ask = incoming.mentioned or incoming.direct or isinstance(place, Thread)
                yield await session.members.introduce(incoming) if may_ask else incoming

    async def sees(self, person: Author, channel: Channel) -> bool:
        return await (await self._live()).connection.sees(channel.workspace, channel.id, person.id)

    async def fetch(self, attachment: Attachment, path: Path, *, limit: int) -> None:
        await (await self._live()).files.fetch(attachment, path, limit)

    @property
    def obstacle(self) -> str:
        if self._session is None or not self._logged_in.is_set():
            return "Not connected to Discord."
        if self._session.connection.silence > _MOST_SILENCE:
            return "Discord does not acknowledge heartbeats."
        return ""

    async def check(self) -> list[Finding]:
        try:
            async with Connection(self._settings) as connection:
                await connection.log_in()
                return await doctor.examine(connection)
        except Forbidden as error:
            return [Finding(subject="discord token", level="error", message="Not connected.", advice=str(error))]
        except AdapterError as error:
            advice = "Check the network, then run this again."
            return [Finding(subject="discord", level="error", message=str(error), advice=advice)]

    async def _run_once(self, handler: Handler, turn: Turn) -> None:
        """Ends by raising. A task group would wrap what is raised within it, so the error waits until it is left."""
        ended: AdapterError = Unreachable("Discord ended the connection.")
        async with asyncio.TaskGroup() as tasks, self._session_of(handler, tasks) as session:
            try:
                await session.connection.log_in()
                self._session = session
                self._logged_in.set()
                await session.connection.serve(turn)
            except AdapterError as error:
                ended = error
            finally:
                self._logged_in.clear()
        raise ended

    def _session_of(self, handler: Handler, tasks: asyncio.TaskGroup) -> Session:
        return Session(self._settings, handler, tasks, self._late, roles_matter=self._roles_matter)

    async def _live(self) -> Session:
        try:
            async with asyncio.timeout(_LOGIN_PATIENCE_S):
                await self._logged_in.wait()
        except TimeoutError as error:
            raise Unreachable("Not connected to Discord.") from error
        assert self._session is not None
        return self._session
