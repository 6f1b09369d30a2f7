"""The kill test, cut short; ``make chaos`` is the long one."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import trial

KILLS = 3


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_killed_anywhere_nothing_is_lost_and_nothing_shown_twice(
    platform: str, store_url: str, tmp_path: Path
) -> None:
    if (platform == "slack") != store_url.startswith("sqlite"):
        pytest.skip("each platform with one database; make chaos tries all four")
    report = await trial(platform, store_url, tmp_path, kills=KILLS, seed=1)
    print(report)
    assert report.faults == []
