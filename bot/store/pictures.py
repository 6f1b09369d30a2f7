"""The bytes of page images, each stored once under its SHA-256."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path


class Pictures:
    """A folder of files named by digest. A file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.steady = asyncio.Lock()
        """Held from putting a picture until a row refers to it, and while those that none refers to are removed."""

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    async def put(self, sha256: str, content: bytes) -> None:
        await asyncio.to_thread(self._write, self.path(sha256), content)

    async def get(self, sha256: str) -> bytes:
        """FileNotFoundError if it was never put or has been removed."""
        return await asyncio.to_thread(self.path(sha256).read_bytes)

    async def remove(self, names: Iterable[str]) -> None:
        """Delete pictures by their SHA-256; what is not there is no matter."""
        await asyncio.to_thread(self._remove, list(names))

    async def names(self, *, older_than: float) -> list[str]:
        """All that have lain there since before then, in Unix seconds."""
        return await asyncio.to_thread(self._names, older_than)

    def _remove(self, names: list[str]) -> None:
        for name in names:
            self.path(name).unlink(missing_ok=True)

    def _names(self, older_than: float) -> list[str]:
        return [path.name for path in self._folder.glob("??/*") if path.stat().st_mtime < older_than]

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
