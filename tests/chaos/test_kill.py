"""The kill test, cut short: each platform with one database; ``make chaos`` is the long one and tries all."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import trial

KILLS = 3


@pytest.mark.parametrize(
    ("name", "store_url"),
    [
        ("slack", "sqlite"),
        ("slack-streams", "sqlite"),
        pytest.param("discord", "postgresql", marks=pytest.mark.postgres),
    ],
    indirect=["store_url"],
)
async def test_killed_anywhere_nothing_is_lost_and_nothing_shown_twice(
    name: str, store_url: str, tmp_path: Path
) -> None:
    report = await trial(name, store_url, tmp_path, kills=KILLS, seed=1)
    print(report)
    assert report.faults == []
