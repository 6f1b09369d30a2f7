"""The kill test, cut short; ``make chaos`` is the long one."""

from pathlib import Path

from tests.chaos.__main__ import trial

KILLS = 3


async def test_killed_anywhere_nothing_is_lost_and_nothing_shown_twice(store_url: str, tmp_path: Path) -> None:
    """Each platform with one database; ``make chaos`` tries all four."""
    platform = "slack" if store_url.startswith("sqlite") else "discord"
    report = await trial(platform, store_url, tmp_path, kills=KILLS, seed=1)
    print(report)
    assert report.faults == []
