"""What is too old goes, and its ids some days later."""

import time
from pathlib import Path

import pytest

from bot.settings import StoreSettings
from tests.bot.test_forgetting import content, pictures
from tests.bot.test_service import Stage, picture, stage

DAY = 86_400.0


async def ask(on: Stage) -> None:
    await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.service.jobs.idle()


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
async def test_what_is_older_than_it_may_be_is_forgotten(days: int, left: int, tmp_path: Path) -> None:
    async with stage(tmp_path, store=StoreSettings(keep_days=30)) as on:
        await ask(on)
        await on.service.upkeep.sweep(time.time() + days * DAY)
        await on.service.jobs.idle()
        assert pictures(tmp_path) == left
        assert (b"What is it?" in content(tmp_path)) is bool(left)
        assert not on.adapter.last().status
        assert "What is it?" in on.adapter.last().text, "what stands in the chat stays"


async def test_without_a_limit_all_is_kept(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await ask(on)
        await on.service.upkeep.sweep(time.time() + 9_999 * DAY)
        assert pictures(tmp_path) == 1


async def test_ids_stay_as_long_as_the_question_may_be_found_again(tmp_path: Path) -> None:
    async with stage(tmp_path, store=StoreSettings(keep_days=1)) as on:
        await ask(on)
        now = time.time()
        await on.service.upkeep.sweep(now + 2 * DAY)
        await on.service.upkeep.sweep(now + 7 * DAY)
        assert await on.store.job(1) is not None
        await on.service.upkeep.sweep(now + 9 * DAY)
        assert await on.store.job(1) is None


async def test_what_still_waits_is_not_too_old(tmp_path: Path) -> None:
    async with stage(tmp_path, store=StoreSettings(keep_days=1)) as on:
        on.engine.hold()
        await on.say("What is it?", mentioned=True)
        await on.engine.begun()
        await on.service.upkeep.sweep(time.time() + 2 * DAY)
        on.engine.release()
        assert "What is it?" in (await on.adapter.answered()).text
