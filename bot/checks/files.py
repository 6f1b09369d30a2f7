"""The documents of a check over files."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.checks.judging import Judge, Judged
from bot.checks.question import Asked
from bot.checks.report import Report, report, row

_SUFFIXES = "png jpg jpeg jpe jfif webp gif bmp dib tif tiff avif heic heif pdf svg"
SUFFIXES = frozenset(f".{name}" for name in _SUFFIXES.split())
"""Files of a folder that are looked at; one that is named is looked at whatever it is called."""

AT_ONCE = 4
"""Documents that are under way together: one is opened while another is read."""

Watch = Callable[[str, Judged | None], None]
"""Called with a file before it is judged, and with its verdict."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be looked at, with the names under which it is reported."""

    files: tuple[tuple[str, Path], ...]
    left_out: int
    """Files in folders that are neither pictures nor PDFs."""


def plan(paths: Sequence[Path]) -> Plan:
    """Files as named, and those in folders and their folders, in the order of their names; each once. A folder that may
    not be looked into is there itself, so that it becomes a row."""
    chosen: dict[Path, tuple[str, str]] = {}
    left_out = 0
    for path in paths:
        if path.is_dir():
            for found in _below(path):
                if found.suffix.lower() in SUFFIXES or found.is_dir():
                    chosen.setdefault(found, (found.relative_to(path).as_posix(), str(found)))
                else:
                    left_out += 1
        else:
            chosen.setdefault(path, (path.name, str(path)))
    short = [name for name, _ in chosen.values()]
    named = tuple((_readable(whole if short.count(name) > 1 else name), path) for path, (name, whole) in chosen.items())
    return Plan(named, left_out)


def _readable(name: str) -> str:
    """Not every file's name is text."""
    return os.fsencode(name).decode(errors="replace")


def _below(folder: Path) -> Iterator[Path]:
    """Files in the folder, but none of hidden folders, and links to folders are not followed. Folders only where they
    are closed to us."""
    closed: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(here) / name for name in sorted(names) if not name.startswith("."))
    yield from closed


async def check(files: Plan, asked: Asked, judge: Judge, watch: Watch = lambda file, judged: None) -> Report:
    """Every file becomes exactly one row. Dead if the engine is gone; what was read is kept."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(name: str, path: Path) -> Judged:
        async with places:
            watch(name, None)
            judged = await judge.judge(path, path.name, asked)
            watch(name, judged)
            return judged

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(name, path), name=f"judge {name}") for name, path in files.files]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    judged = [task.result() for task in tasks]
    rows = [row(name, verdict) for (name, _), verdict in zip(files.files, judged, strict=True)]
    return report(asked, rows, judged)
