"""Who is in the user groups that an admin names (docs.slack.dev/reference/methods/usergroups.users.list)."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from adapters.errors import Forbidden, Gone, RateLimited, Unreachable
from adapters.slack.api import Api

_FRESH_S = 300.0
_USABLE_S = 3_600.0
"""How old a list may be while Slack does not give a newer one."""


class UserGroups:
    """The members of a few groups, asked for when they are wanted and remembered for five minutes. Ids of anything
    else, such as Discord's roles, are left out. ``clock`` is monotonic."""

    def __init__(self, api: Api, named: Iterable[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self.names = tuple(sorted(one for one in set(named) if one.startswith("S")))
        self._members: dict[str, frozenset[str]] = {}
        self._learned = -_USABLE_S
        self._asking = asyncio.Lock()

    async def learn(self) -> None:
        """Have lists that are fresh enough. Forbidden where Slack does not let us, or else AdapterError where it does
        not say now and what is remembered is too old."""
        if not self.names:
            return
        async with self._asking:
            if self._age < _FRESH_S:
                return
            try:
                lists = await asyncio.gather(*(self._users(name) for name in self.names))
            except (RateLimited, Unreachable):
                if self._age > _USABLE_S:
                    raise
                return
            except Forbidden:
                self._members.clear()
                raise
            self._members = dict(zip(self.names, lists, strict=True))
            self._learned = self._clock()

    async def _users(self, name: str) -> frozenset[str]:
        """A group that is not there has nobody in it."""
        with suppress(Gone):
            answer = await self._api.read("usergroups.users.list", patient=False, usergroup=name)
            users = answer.get("users")
            return frozenset(one for one in users if isinstance(one, str)) if isinstance(users, list) else frozenset()
        return frozenset()

    def of(self, user: str) -> tuple[str, ...] | None:
        """Those of the groups that somebody is in, as far as is remembered; None where that is not known."""
        if not self.names:
            return ()
        if not self._members or self._age > _USABLE_S:
            return None
        return tuple(name for name in self.names if user in self._members[name])

    async def look(self, user: str) -> tuple[str, ...] | None:
        """Those of the groups that somebody is in; None where Slack does not let us know. AdapterError where it cannot
        be known now."""
        with suppress(Forbidden):
            await self.learn()
        return self.of(user)

    async def missing(self) -> list[str]:
        """Those that are not there. AdapterError."""
        gone = []
        for name in self.names:
            try:
                await self._api.read("usergroups.users.list", usergroup=name)
            except Gone:
                gone.append(name)
        return gone

    @property
    def _age(self) -> float:
        return self._clock() - self._learned
