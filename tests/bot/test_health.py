"""What a supervisor sees."""

import socket

import aiohttp
import pytest

from bot.health import serving
from bot.settings import HealthSettings, SettingsError


async def measure() -> bytes:
    raise OSError("the database is gone")


async def test_ready_tells_what_is_in_the_way() -> None:
    obstacles = ["The database does not answer.", ""]

    async def obstacle() -> str:
        return obstacles.pop(0)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with (
        serving(HealthSettings(port=port), obstacle, measure),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        for path, status, text in (
            ("/healthz", 200, "ok\n"),
            ("/readyz", 503, "The database does not answer.\n"),
            ("/readyz", 200, "ready\n"),
            ("/metrics", 503, "The database does not answer.\n"),
        ):
            async with session.get(path) as response:
                assert (response.status, await response.text()) == (status, text)


async def test_a_port_that_is_taken_is_told() -> None:
    async def obstacle() -> str:
        return ""

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match=r"health\.port"):
        async with serving(HealthSettings(port=taken.getsockname()[1]), obstacle, measure):
            pass


async def test_without_a_port_nothing_is_served() -> None:
    async def obstacle() -> str:
        raise AssertionError("nobody asks")

    async with serving(HealthSettings(), obstacle, measure):
        pass
