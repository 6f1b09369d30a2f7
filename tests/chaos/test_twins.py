"""Repeated events, cut short; ``make chaos`` takes 10,000."""

from pathlib import Path

from tests.chaos.twins import answers

EVENTS = 160


async def test_of_twins_retries_and_replays_each_question_is_answered_once(store_url: str, tmp_path: Path) -> None:
    counted = await answers(EVENTS, store_url, tmp_path, seed=1)
    assert len(counted) == EVENTS // 2
    assert set(counted.values()) == {1}
