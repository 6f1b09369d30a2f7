"""The soak, cut short; ``make soak`` is the long one, and alone tells of memory and of what a question takes."""

from functools import partial
from pathlib import Path

import pytest

from tests import postgres
from tests.soak.__main__ import Options, locked, soak, stopped

SHORT = {"minutes": 0.06, "threads": 10, "settle_s": 0.0, "silence_s": 1.0, "away_s": 1.0, "looks_min": 0.05}
POOLED = 24
"""Connections that may be open for a while longer."""


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def test_all_are_answered_once_while_platforms_fail_and_the_database_is_away(store: str, tmp_path: Path) -> None:
    options = Options(store=store, seed=1, **SHORT)
    if store == "sqlite":
        database = tmp_path / "test.db"
        report = await soak(options, f"sqlite+aiosqlite:///{database}?timeout=0.2", tmp_path, partial(locked, database))
    else:
        with postgres.serving() as server:
            report = await soak(options, await postgres.fresh(server.url), tmp_path, partial(stopped, server))
    print(report)
    assert report.wrong == []
    assert report.warm is not None
    assert report.end is not None
    assert len(report.end.tasks) <= len(report.warm.tasks), report.end.tasks
    assert report.end.files <= report.warm.files + POOLED
    assert report.in_all > report.questions > options.threads / 2
    assert sum(number for kind, number in report.mishaps.items() if kind != "calls") > 0
