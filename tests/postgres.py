"""A PostgreSQL server of the tests' own, in a folder of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

USER = "threadsight"


def _programs() -> Path | None:
    """Where the server's programs are: on Debian in a folder that is in nobody's PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _account() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"


async def fresh(server: str) -> str:
    """A new, empty database on the server; its address."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


class Server:
    """``url`` is its address, ``postgresql+asyncpg://…/postgres``."""

    def __init__(self, programs: Path, folder: Path, *, fsync: bool = False) -> None:
        self._programs, self._folder, self._account = programs, folder, _account()
        if self._account:
            shutil.chown(folder, self._account)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync={'on' if fsync else 'off'}"
        self.url = f"postgresql+asyncpg://{USER}@127.0.0.1:{port}/postgres"
        self._call("initdb", "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        """Returns when it takes connections."""
        self._call("pg_ctl", "-o", self._options, "-l", str(self._folder / "log"), "-w", "start")

    def stop(self) -> None:
        """At once, whoever is connected."""
        self._call("pg_ctl", "-m", "immediate", "-w", "stop")

    def _call(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, "-D", str(self._folder / "data"), *arguments]
        subprocess.run(command, user=self._account, cwd=self._folder, check=True, capture_output=True, timeout=60)


@contextmanager
def serving(*, fsync: bool = False) -> Iterator[Server]:
    """A fresh server, started. Without one installed the test is skipped; with CI=true that is a failure."""
    programs = _programs()
    if programs is None:
        message = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with tempfile.TemporaryDirectory(prefix="threadsight-postgres-") as name:
        server = Server(programs, Path(name), fsync=fsync)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def running(*, fsync: bool = False) -> Iterator[str]:
    """Only the address of one."""
    with serving(fsync=fsync) as server:
        yield server.url
