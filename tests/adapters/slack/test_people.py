"""Who asks, as they are now: with the user groups that an admin named, and their standing."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from adapters.base import Author
from adapters.errors import RateLimited
from adapters.slack.api import Api
from adapters.slack.client import SlackAdapter
from adapters.slack.groups import UserGroups
from adapters.slack.people import People
from adapters.slack.settings import SlackSettings
from tests.adapters.slack.conftest import Inbox, Place, connected
from tests.fakes.server import Server
from tests.fakes.slack_world import SCOPES

pytestmark = pytest.mark.asyncio(loop_scope="module")

METHOD = "usergroups.users.list"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest_asyncio.fixture(loop_scope="module")
async def without_scope(slack: Server) -> AsyncIterator[None]:
    await slack.control("scopes", scopes=sorted(SCOPES - {"usergroups:read"}))
    yield
    await slack.control("scopes", scopes=sorted(SCOPES))


async def asked(slack: Server) -> int:
    return len(await slack.control("calls", method=METHOD))


async def test_who_asks_is_told_with_their_groups(slack: Server, place: Place, settings: SlackSettings) -> None:
    adapter = SlackAdapter(settings, groups=("S0ADA", "S0EMPTY", "S0GONE", "1234567890"))
    await slack.control("group", group="S0ADA", users=[place.user, "U9"])
    await slack.control("group", group="S0EMPTY", users=[])
    before, inbox = await asked(slack), Inbox()
    async with connected(slack, adapter, inbox):
        for _ in range(2):
            await place.say(f"<@{place.bot}> hello", only="message")
            assert (await inbox.message()).author.groups == ("S0ADA",)
    assert await asked(slack) == before + 3, "Discord's roles are not asked for, and nothing twice"
    async with aclosing(SlackAdapter(settings, groups=("S0ADA",)).history(place.channel)) as messages:
        assert {one.author.groups async for one in messages} == {("S0ADA",)}


async def test_without_the_scope_nothing_is_known(
    slack: Server, place: Place, settings: SlackSettings, without_scope: None
) -> None:
    inbox = Inbox()
    async with connected(slack, SlackAdapter(settings, groups=("S0ADA",)), inbox):
        await place.say(f"<@{place.bot}> hello", only="message")
        assert (await inbox.message()).author.groups is None


async def test_lists_grow_old(slack: Server, settings: SlackSettings) -> None:
    clock = Clock()
    groups = UserGroups(Api(settings), ["S0OLD"], clock)
    await slack.control("group", group="S0OLD", users=["U1"])
    assert (await groups.look("U1"), await groups.look("U2")) == (("S0OLD",), ())
    await slack.control("group", group="S0OLD", users=["U2"])
    clock.now += 200
    assert await groups.look("U1") == ("S0OLD",)
    clock.now += 200
    await slack.control("fail", method=METHOD, error="ratelimited", status=429, retry_after="1", times=2)
    assert await groups.look("U1") == ("S0OLD",), "better an old list than none"
    clock.now += 3_600
    with pytest.raises(RateLimited):
        await groups.look("U1")
    assert groups.of("U1") is None
    assert (await groups.look("U1"), await groups.look("U2")) == ((), ("S0OLD",))


async def test_standing_grows_old(slack: Server, settings: SlackSettings) -> None:
    clock, api = Clock(), Api(settings)
    people = People(api, UserGroups(api, ()), clock)
    eve = (await slack.control("add_user", name="Eve", is_restricted=True))["id"]
    author = Author(id=eve, name="")
    assert (await people.introduce(author)).standing == "guest"
    await slack.control("change_user", user=eve, is_restricted=False)
    clock.now += 3_000
    assert (await people.introduce(author)).standing == "guest"
    clock.now += 3_000
    await slack.control("fail", method="users.info", status=500)
    assert (await people.introduce(author)).standing == "guest", "better what is old than nothing"
    assert (await people.introduce(author)).standing == "member"


async def test_doctor_says_what_is_missing(slack: Server, settings: SlackSettings) -> None:
    await slack.control("group", group="S0HERE", users=[])
    for named, level in ((["S0HERE"], "ok"), (["S0HERE", "S0TYPO"], "error")):
        finding = next(one for one in await SlackAdapter(settings, named).check() if one.subject == "slack user groups")
        assert (finding.level, "S0TYPO" in finding.message) == (level, level == "error")
    await slack.control("fail", method=METHOD, error="plan_upgrade_required")
    finding = next(one for one in await SlackAdapter(settings, ["S0HERE"]).check() if "groups" in one.subject)
    assert (finding.level, "plan_upgrade_required" in finding.message) == ("error", True)


async def test_doctor_misses_the_scope_where_groups_are_named(settings: SlackSettings, without_scope: None) -> None:
    scopes = [
        next(one for one in await SlackAdapter(settings, named).check() if one.subject == "slack scopes")
        for named in ([], ["S0ADA"])
    ]
    assert [one.level for one in scopes] == ["ok", "error"]
    assert "usergroups:read" in scopes[1].message
    assert "install the app again" in scopes[1].advice
