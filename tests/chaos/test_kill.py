"""The kill test, cut short; ``make chaos`` is the long one."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import trial

KILLS = 3


@pytest.mark.parametrize("streaming", [False, True])
async def test_killed_anywhere_nothing_is_lost_and_nothing_shown_twice(
    store_url: str, tmp_path: Path, streaming: bool
) -> None:
    """Each platform with one database; ``make chaos`` tries all."""
    sqlite = store_url.startswith("sqlite")
    if streaming and not sqlite:
        pytest.skip("Slack has its turn on SQLite here")
    name = "discord" if not sqlite else "slack-streams" if streaming else "slack"
    report = await trial(name, store_url, tmp_path, kills=KILLS, seed=1)
    print(report)
    assert report.faults == []
