"""Strangers' files on their way through: on the disk while they are read and no longer, not even after a kill."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Passing:
    """A folder of such files, which several processes may share. Whose file is in use holds a lock on its folder, which
    the system gives up for a process that dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def place(self) -> Iterator[Path]:
        """Where one file can be put; it is gone when the block ends."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with _locked(self._folder, fcntl.LOCK_SH):  # nobody sweeps meanwhile
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            lock = _lock(folder, fcntl.LOCK_EX)
        try:
            yield folder / "file"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    def sweep(self) -> None:
        """Remove what processes left that were killed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with _locked(self._folder, fcntl.LOCK_EX):
            for folder in self._folder.iterdir():
                try:
                    with _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
                        shutil.rmtree(folder)
                except FileNotFoundError:
                    """Its process has just removed it."""
                except BlockingIOError:
                    """In use."""


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    lock = _lock(folder, how)
    try:
        yield
    finally:
        os.close(lock)


def _lock(folder: Path, how: int) -> int:
    """The descriptor that holds the lock until it is closed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
