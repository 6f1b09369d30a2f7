"""Fixtures that several packages' tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from selenium.webdriver import Chrome

from bot import log
from bot.settings import LogSettings
from tests import postgres
from tests.browser import browser

# Deadlines measure the machine, not the code. CI tries the same examples each time, so that a failure there is the
# change's; other runs look for new ones.
settings.register_profile("threadsight", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("threadsight")


@pytest.fixture(scope="session", autouse=True)
def logging_as_in_production() -> None:
    log.configure(LogSettings())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.running() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/test.db"
    return await postgres.fresh(request.getfixturevalue("postgres_server"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    """One browser for everybody, since it takes seconds to start."""
    with browser() as driver:
        yield driver
