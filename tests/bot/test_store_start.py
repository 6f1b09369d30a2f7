"""What the store says of a database that it cannot use."""

import resource
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import database
from bot.store.store import Store
from tests import postgres


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"no database at all" * 100, "is damaged"), (b"SQLite format 3\0" + b"\xff" * 5_000, "is damaged")],
)
async def test_a_damaged_database_is_told_at_the_start(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "test.db").write_bytes(content)
    with pytest.raises(database.Unusable, match=sentence) as told:
        async with Store(f"sqlite+aiosqlite:///{tmp_path}/test.db", tmp_path):
            pass
    assert "backup" in told.value.advice


async def test_a_page_that_was_overwritten_is_found_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    async with Store(f"sqlite+aiosqlite:///{path}", tmp_path):
        pass
    with path.open("r+b") as file:
        file.seek(3 * 4_096)
        file.write(b"\xff" * 4_096)
    with pytest.raises(database.Unusable, match="is damaged"):
        async with Store(f"sqlite+aiosqlite:///{path}", tmp_path):
            pass


async def test_a_locked_database_is_told_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    async with Store(f"sqlite+aiosqlite:///{path}", tmp_path):
        pass
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(database.Unusable, match="is locked"):
        async with Store(f"sqlite+aiosqlite:///{path}?timeout=0.1", tmp_path):
            pass
    other.close()


async def test_a_full_disk_is_told_at_the_start(tmp_path: Path) -> None:
    """No file of this process can grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
    try:
        with pytest.raises(database.Unusable, match="free some space"):
            async with Store(f"sqlite+aiosqlite:///{tmp_path}/test.db", tmp_path):
                pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.postgres
@pytest.mark.parametrize("made_before", [False, True])
async def test_one_that_is_only_read_is_told_at_the_start(
    postgres_server: str, tmp_path: Path, made_before: bool
) -> None:
    url = await postgres.fresh(postgres_server)
    if made_before:
        async with Store(url, tmp_path):
            pass
    admin = create_async_engine(postgres_server, isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        name = make_url(url).database
        await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    await admin.dispose()
    with pytest.raises(database.Unusable, match="cannot be written") as told:
        async with Store(url, tmp_path):
            pass
    assert "standby" in told.value.advice


@pytest.mark.postgres
async def test_a_server_that_is_away_or_refuses_us_is_told_at_the_start(postgres_server: str, tmp_path: Path) -> None:
    wrong = make_url(postgres_server).set(database="nobody made it")
    for url in (wrong, wrong.set(port=1)):
        with pytest.raises(database.Unusable, match=r"Check store\.url"):
            async with Store(url.render_as_string(hide_password=False), tmp_path):
                pass
