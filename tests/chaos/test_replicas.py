"""Two replicas of which one is killed every few seconds, cut short; ``make chaos`` goes on for two minutes."""

from pathlib import Path

import pytest

from tests import postgres
from tests.chaos.__main__ import contest

SECONDS = 9.0


@pytest.mark.postgres
@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_nothing_is_lost_and_nothing_doubled_by_those_who_share_the_work(
    platform: str, postgres_server: str, tmp_path: Path
) -> None:
    report = await contest(platform, await postgres.fresh(postgres_server), tmp_path, seconds=SECONDS, seed=1)
    print(report)
    assert report.times.total() > 0
    assert report.faults == []
