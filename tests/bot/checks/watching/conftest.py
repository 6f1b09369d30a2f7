"""A stage for watches on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.checks.watching.scene import Scene
from tests.bot.test_service import Stage


@pytest.fixture
def scene(store_url: str, tmp_path: Path) -> Scene:
    return Scene(store_url, tmp_path)


@pytest.fixture
async def on(scene: Scene) -> AsyncIterator[Stage]:
    async with scene.open() as opened:
        yield opened
