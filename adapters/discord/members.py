"""The roles of people, which what is read back from a server's history leaves out
(docs.discord.com/developers/resources/guild#get-guild-member)."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import structlog

from adapters.base import Action, Incoming
from adapters.discord.connection import Connection
from adapters.discord.errors import translated
from adapters.discord.events import DIRECT
from adapters.discord.payloads import Member
from adapters.errors import AdapterError, Gone, RateLimited, Unreachable
from adapters.recent import Recent

log = structlog.get_logger()

_REMEMBERED = 5_000
_FRESH_S = 600.0

Roles = tuple[str, ...] | None
Heard = TypeVar("Heard", Incoming, Action)


class Members:
    """Asks for each person once in ten minutes, and only where roles matter at all. ``clock`` is monotonic."""

    def __init__(self, connection: Connection, *, wanted: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._wanted = wanted
        self._clock = clock
        self._known: Recent[tuple[str, str], tuple[float, Roles]] = Recent(_REMEMBERED)

    def within_reach(self, event: Heard) -> Heard:
        """What was said or pressed in a direct message, where nobody has roles: where they matter at all they count as
        not known, or whoever is kept out by one would only have to write to us directly."""
        if not self._wanted or event.thread.channel.workspace != DIRECT:
            return event
        return replace(event, author=replace(event.author, groups=None))

    async def introduce(self, incoming: Incoming) -> Incoming:
        """The message with its author's roles, as far as Discord lets us know them and they do not come with it.
        RateLimited or Unreachable where that is to be tried again."""
        author, guild = incoming.author, incoming.thread.channel.workspace
        if guild == DIRECT:
            return self.within_reach(incoming)
        if not self._wanted or author.groups is not None or author.bot or incoming.own:
            return incoming
        return replace(incoming, author=replace(author, groups=await self._roles(guild, author.id)))

    async def _roles(self, guild: str, person: str) -> Roles:
        learned, roles = self._known.get((guild, person), (None, None))
        if learned is not None and self._clock() - learned < _FRESH_S:
            return roles
        try:
            roles = await self._ask(guild, person)
        except (RateLimited, Unreachable):
            raise
        except AdapterError as error:
            log.info("roles_not_known", reason=str(error))
            return None
        self._known[guild, person] = (self._clock(), roles)
        return roles

    async def _ask(self, guild: str, person: str) -> Roles:
        """None for somebody who is not there any more."""
        path = f"/guilds/{{guild_id}}/members/{person}"
        try:
            payload = await self._connection.call("look up a member", "GET", path, guild_id=guild)
        except Gone:
            return None
        with translated("look up a member"):
            return Member.model_validate(payload).roles
