"""Fetching what hangs on messages."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.base import Attachment
from adapters.discord.client import DiscordAdapter
from adapters.errors import Forbidden, Gone, RateLimited, TooLarge, Unreachable
from tests.adapters.discord.conftest import Bot

pytestmark = pytest.mark.asyncio(loop_scope="package")


def fetched(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


async def picture(bot: Bot, content: bytes = b"a picture") -> Attachment:
    await bot.say("@us look", files=[await bot.file("a.png", content)])
    [attachment] = (await bot.heard()).attachments
    return attachment


async def test_an_expired_link_is_renewed(bot: Bot, path: Path) -> None:
    attachment = await picture(bot)
    await bot.control("expire_links")
    await bot.adapter.fetch(attachment, path, limit=100)
    assert fetched(path) == b"a picture"


async def test_a_link_that_expires_right_away_is_renewed(bot: Bot, path: Path) -> None:
    attachment = await picture(bot)
    await bot.control("fail_next", method="GET", path="^/attachments/", status=404)
    await bot.adapter.fetch(attachment, path, limit=100)
    assert fetched(path) == b"a picture"


async def test_a_reference_holds_no_link(bot: Bot) -> None:
    attachment = await picture(bot)
    assert attachment.reference.replace("/", "").isdecimal()


async def test_a_reference_outlives_a_restart(idle: Bot, path: Path) -> None:
    async with idle.running():
        attachment = await picture(idle)
    again = Bot(idle.server, idle.world)
    async with again.running():
        await again.adapter.fetch(attachment, path, limit=100)
    assert fetched(path) == b"a picture"


@pytest.mark.parametrize("told", [True, False])
async def test_what_is_over_the_limit_is_too_large(bot: Bot, path: Path, told: bool) -> None:
    attachment = await picture(bot, b"x" * 200_000)
    if not told:
        attachment = replace(attachment, size=None)
    with pytest.raises(TooLarge):
        await bot.adapter.fetch(attachment, path, limit=199_999)
    await bot.adapter.fetch(attachment, path, limit=200_000)
    assert fetched(path) == b"x" * 200_000


async def test_a_file_on_a_deleted_message_is_gone(bot: Bot, path: Path) -> None:
    attachment = await picture(bot)
    channel, message, _ = attachment.reference.split("/")
    with pytest.raises(Gone):
        await bot.adapter.fetch(replace(attachment, reference=f"{channel}/{message}/1"), path, limit=100)
    await bot.control("delete", channel=channel, message=message)
    with pytest.raises(Gone):
        await bot.adapter.fetch(attachment, path, limit=100)


@pytest.mark.parametrize(
    ("status", "error"), [(302, Unreachable), (404, Gone), (429, RateLimited), (403, Gone), (500, Unreachable)]
)
async def test_refusals_of_the_files_host(bot: Bot, path: Path, status: int, error: type[Exception]) -> None:
    """A redirect is one: it could lead anywhere."""
    attachment = await picture(bot)
    headers = {"Location": "http://169.254.169.254/"} if status == 302 else {}
    times = 2 if error is Gone else 1  # the first of these may be an expired link's
    await bot.control("fail_next", method="GET", path="^/attachments/", status=status, headers=headers, times=times)
    with pytest.raises(error):
        await bot.adapter.fetch(attachment, path, limit=100)
    assert fetched(path) is None


async def test_a_host_that_is_not_listed_is_not_asked(idle: Bot, path: Path) -> None:
    idle.adapter = DiscordAdapter(idle.settings.model_copy(update={"file_hosts": ("other.example",)}))
    async with idle.running():
        attachment = await picture(idle)
        with pytest.raises(Forbidden) as caught:
            await idle.adapter.fetch(attachment, path, limit=100)
    assert caught.value.missing == "file_hosts"


async def test_without_permission_to_read_the_channel_it_is_forbidden(bot: Bot, path: Path) -> None:
    attachment = await picture(bot)
    await bot.control("deny", channel=bot.channel, permissions=["VIEW_CHANNEL"])
    with pytest.raises(Forbidden) as caught:
        await bot.adapter.fetch(attachment, path, limit=100)
    assert caught.value.missing == "View Channel"
