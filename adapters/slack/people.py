"""People's names, standing and user groups, which messages leave out."""

import asyncio
import math
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from adapters.base import Author
from adapters.errors import AdapterError, Forbidden, Gone
from adapters.recent import Recent
from adapters.slack.api import Api
from adapters.slack.events import Me
from adapters.slack.groups import UserGroups
from adapters.slack.loose import first, mapping

Standing = Literal["member", "guest", "stranger"]

_REMEMBERED = 10_000
_FRESH_S = 3_600.0
"""After so long somebody's standing is asked for again: guests become members, and members guests."""
_AT_ONCE = 20
"""Strangers looked up for a page of history; names are a nicety that must not use up the rate limit."""


class People:
    """Looks names up once, and standing once an hour. ``known`` is what there is without asking; ``clock`` is
    monotonic."""

    def __init__(self, api: Api, groups: UserGroups, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._groups = groups
        self._clock = clock
        self._names: Recent[str, str] = Recent(_REMEMBERED)
        self._standing: Recent[str, tuple[float, Standing]] = Recent(_REMEMBERED)
        self._asking: dict[str, asyncio.Task[None]] = {}

    @property
    def known(self) -> Mapping[str, str]:
        return self._names

    async def meet(self, users: Collection[str]) -> Mapping[str, str]:
        """Look up those of ``users`` that are not known yet, the first few; the others stay without a name. And who is
        in the groups, where that is not known."""
        strangers = [user for user in dict.fromkeys(users) if user and user not in self._names]
        with suppress(AdapterError):
            await self._groups.learn()
        async with asyncio.TaskGroup() as group:
            for user in strangers[:_AT_ONCE]:
                group.create_task(self._look_up(user), name="look up a name")
        return self._names

    async def introduce(self, author: Author, *, patient: bool = False) -> Author:
        """The author with name, standing and groups. Where Slack does not let us know they count as a guest.
        AdapterError where it cannot be known now, or soon if we are ``patient``."""
        if author.bot:
            return author
        learned, _ = self._standing.get(author.id, (-math.inf, None))
        if self._clock() - learned > _FRESH_S:
            try:
                await self._ask_once(author.id, patient=patient)
            except AdapterError:
                if author.id not in self._standing:
                    raise
        name = self._names.get(author.id) or author.name
        groups = await self._groups.look(author.id)
        return replace(author, name=name, standing=self._standing_of(author.id), groups=groups)

    def _standing_of(self, user: str) -> Standing:
        """As far as is known; whoever is not counts as a guest."""
        return self._standing[user][1] if user in self._standing else "guest"

    async def _ask_once(self, user: str, *, patient: bool) -> None:
        """However many events of theirs come at once."""
        if user not in self._asking:
            learning = self._learn(user, patient=patient)
            task = self._asking[user] = asyncio.create_task(learning, name="look up a standing")
            task.add_done_callback(lambda _: self._asking.pop(user))
        await asyncio.shield(self._asking[user])

    async def _learn(self, user: str, *, patient: bool = False) -> None:
        try:
            answer = await self._api.read("users.info", patient=patient, user=user)
        except Gone:
            self._standing[user] = (self._clock(), "stranger")
            return
        except Forbidden:
            return
        found = mapping(answer.get("user"))
        self._standing[user] = (self._clock(), _standing(found, await self._api.me()))
        if name := _name(found):
            self._names[user] = name

    async def recall(self, author: Author, *, matters: bool) -> Author:
        """The author as far as is known; who is not counts as a guest. Where it ``matters`` we ask, and wait:
        AdapterError where it cannot be known now."""
        if matters:
            return await self.introduce(author, patient=True)
        if author.bot:
            return author
        return replace(author, standing=self._standing_of(author.id), groups=self._groups.of(author.id))

    async def _look_up(self, user: str) -> None:
        with suppress(AdapterError):
            await self._learn(user)


def _standing(user: Mapping[str, Any], me: Me) -> Standing:
    """docs.slack.dev/reference/objects/user-object. In an organization of several workspaces the team is another one's
    for members, too, who are in the same enterprise. Strangers may be in one of their own."""
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return "guest"
    enterprise = first(mapping(user.get("enterprise_user")), "enterprise_id")
    elsewhere = first(user, "team_id") not in ("", me.workspace) and (not enterprise or enterprise != me.enterprise)
    return "stranger" if user.get("is_stranger") or elsewhere else "member"


def _name(user: Mapping[str, Any]) -> str:
    profile = mapping(user.get("profile"))
    return first(profile, "display_name", "real_name") or first(user, "real_name", "name")
