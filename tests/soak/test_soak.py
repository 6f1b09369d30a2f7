"""The soak, cut short; ``make soak`` is the long one, and alone tells of memory and of what a question takes."""

from pathlib import Path

from tests.soak.__main__ import Options, soak

MINUTES = 0.1
THREADS = 16
POOLED = 24
"""Connections that may be open for a while longer."""


async def test_all_are_answered_once_while_platforms_fail_and_nothing_is_left_over(
    store_url: str, tmp_path: Path
) -> None:
    options = Options(MINUTES, THREADS, store_url.partition("+")[0], seed=1, settle_s=0.0, silence_s=1.0)
    report = await soak(options, store_url, tmp_path)
    print(report)
    assert report.wrong == []
    assert report.warm is not None
    assert report.end is not None
    assert report.end.tasks <= report.warm.tasks
    assert report.end.files <= report.warm.files + POOLED
    assert len(report.taken) > THREADS
    assert sum(number for kind, number in report.mishaps.items() if kind != "calls") > 0
