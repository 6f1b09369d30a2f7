"""Every commit and every platform call on an answer's way has a name on both its sides; one without fails here."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from adapters import failpoints
from inference.scripted import ScriptedEngine
from tests.chaos.__main__ import SPEED
from tests.chaos.life import Plan, adapter, script
from tests.chaos.platforms import Discord, Platform, Slack, StreamingSlack
from tests.end_to_end.bot import running
from tests.fakes.server import serving

UPKEEP = ("auth.test", "apps.connections.open", "users.info", "/gateway/bot", "/users/@me", "/applications/@me")
"""Calls that keep the connection, or names, and are no part of an answer's way."""


@pytest.fixture
def reached() -> Iterator[list[str]]:
    names: list[str] = []
    failpoints.listeners.append(names.append)
    yield names
    failpoints.listeners.clear()


@pytest.fixture
def commits() -> Iterator[list[object]]:
    seen: list[object] = []

    def committed(connection: object) -> None:
        seen.append(connection)

    event.listen(Engine, "commit", committed)
    yield seen
    event.remove(Engine, "commit", committed)


@pytest.fixture(params=[Slack, StreamingSlack, Discord])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    async with serving(f"tests.fakes.{request.param.name}", speed=SPEED) as server:
        yield await request.param.open(server)


async def test_each_commit_and_each_call_has_a_name(
    platform: Platform, reached: list[str], commits: list[object], tmp_path: Path
) -> None:
    plan = Plan(platform.name, platform.settings, "", str(tmp_path))
    async with running([adapter(plan)], ScriptedEngine(script), tmp_path):
        await platform.connected()
        reached.clear()
        commits.clear()
        asked = await platform.ask("question 1", picture=True)
        await platform.answered(asked)
        follow_up = await platform.ask("question 2", thread=asked.thread)
        await platform.answered(follow_up)
    before = [name.removeprefix("before ") for name in reached if name.startswith("before ")]
    after = [name.removeprefix("after ") for name in reached if name.startswith("after ")]
    assert Counter(before) - Counter(after) == Counter({"acknowledgement": before.count("acknowledgement")})
    assert len(commits) == len([name for name in before if name.startswith("commit ") and name != "commit picture"])
    calls = await platform.calls()
    elsewhere = ("download", "fetch a file", *UPKEEP)
    named = [name for name in before if name.startswith("call ") and not name.endswith(elsewhere)]
    assert len([one for one in calls if not one.endswith(UPKEEP)]) == len(named)
