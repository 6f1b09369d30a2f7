"""One table for everything that can go wrong."""

import re
from pathlib import Path

import aiohttp
import discord
import pytest

import adapters.discord
from adapters.discord.errors import translated
from adapters.errors import AdapterError, Forbidden, Gone, RateLimited, Revoked, Unreachable


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (discord.LoginFailure("Improper token has been passed."), Revoked),
        (discord.PrivilegedIntentsRequired(None), Forbidden),
        (discord.RateLimited(90.0), RateLimited),
        (discord.GatewayNotFound(), Unreachable),
        (aiohttp.ClientPayloadError("cut off"), Unreachable),
        (TimeoutError(), Unreachable),
        (ConnectionResetError(), Unreachable),
        (RuntimeError("Session is closed"), Unreachable),
    ],
)
def test_foreign_errors_become_ours(foreign: Exception, ours: type[AdapterError]) -> None:
    with pytest.raises(ours) as caught, translated("do it"):
        raise foreign
    assert type(caught.value) is ours
    assert caught.value.__cause__ is foreign


def test_ours_pass_as_they_are() -> None:
    with pytest.raises(Gone, match="as it is"), translated("do it"):
        raise Gone("as it is")


def test_an_address_is_not_repeated() -> None:
    with pytest.raises(Unreachable) as caught, translated("do it"):
        raise aiohttp.InvalidURL("https://discord.example/interactions/1/secret/callback")
    assert "secret" not in str(caught.value)


def test_only_the_connection_and_the_table_know_the_library() -> None:
    folder = Path(adapters.discord.__path__[0])
    imports = re.compile(r"^(?:import|from) discord\b", re.MULTILINE)
    assert {path.name for path in folder.glob("*.py") if imports.search(path.read_text())} == {
        "connection.py",
        "errors.py",
    }
