"""A terminal's or a log's lines, each with the command whose output it is and the places in code below it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inference.reader.faults import faults
from inference.reader.prompts import commands, is_prompt, row_text
from inference.reader.sheet import Cell, Sheet
from inference.reader.stamps import is_level, stamp
from inference.reader.words import fold


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One thing that a console says. ``frames`` are the places in code that belong to it."""

    cells: tuple[Cell, ...]
    text: str
    command: str = ""
    typed: bool = False
    fault: float = 0.0
    """How surely it tells that something went wrong."""

    frames: tuple[tuple[Cell, ...], ...] = ()
    heading: str = ""
    """The first lines that the command gave: what it tells about."""

    @property
    def row(self) -> int:
        return self.cells[0].row


def is_console(sheet: Sheet) -> bool:
    """Whether the page shows a terminal or a log: a prompt, or lines that begin as those of logs do."""
    texts = [row_text(row) for row in sheet.rows]
    logged = sum(bool(_TO_THE_SECOND.search(stamp(text))) or is_level(text) for text in texts)
    return any(map(is_prompt, texts)) or logged > max(1, 0.25 * len(texts)) or any(map(_MARK.search, texts))


_TO_THE_SECOND = re.compile(r":\d\d:\d\d|\d{4}-\d\d-\d\d.*:\d\d")
"""As no timetable tells the time."""

_MARK = re.compile(
    r"^Traceback \(most recent|^npm ERR!|^error\[E\d+\]|\.\w{1,4}:\d+:\d+: (?:\w+ )?error"
    r"|^\d+ packets transmitted|^\s*at [\w.$/]+\(\w+\.\w+:\d+\)|^Exception in thread|^Caused by:"
    r"|\.\w{1,4}[:(]\d+[:,]\d+\)?:? - error|\berror TS\d+:|^\S+\s*: ok=\d+"
)

HEADING = 2
"""Lines below a command that tell what all that follows is about."""

_FRAME = re.compile(r"^\W*(?:file\W|at\s|in\s|from\s|datei\W|-+>|文件)|\.\w{1,5}[:(]\d")


@lru_cache(maxsize=64)
def units(sheet: Sheet) -> tuple[Unit, ...]:
    """What the page says, from top to bottom."""
    return tuple(_units(sheet))


def _units(sheet: Sheet) -> Iterator[Unit]:
    wrong = {fault.cells[0].row: fault for fault in faults([sheet])}
    typed = {command.row: command for command in commands(sheet)}
    number, command, heading = 0, "", list[str]()
    while number < len(sheet.rows):
        row = sheet.rows[number]
        if number in typed:
            command, heading = typed[number].text, []
            cells, yet = typed[number].cells, 0.0
        elif number in wrong:
            cells, yet = wrong[number].cells, wrong[number].score
        else:
            cells = tuple(_announcing(sheet, number))
            # What announces an error is part of its message: in main.c, in function parse:
            yet = wrong[cells[-1].row].score if cells[-1].row in wrong else 0.0
        text = typed[number].text if number in typed else _said(cells)
        last = cells[-1].row
        frames = tuple(_frames(sheet, last + 1)) if number not in typed else ()
        yield Unit(
            cells,
            text,
            "" if number in typed else command,
            number in typed or is_prompt(text),
            yet,
            frames,
            "\n".join(heading[: HEADING if command else 1]),
        )
        heading.append("" if number in typed else text)
        number = last + 1 if number in wrong or number in typed else number + 1
        command = "" if is_prompt(row_text(row)) and number - 1 not in typed and not typed.get(row[0].row) else command


def _said(cells: Sequence[Cell]) -> str:
    """The cells as one line; between a label and its value a colon, as where there is one."""
    if len(cells) == 2 and cells[0].row == cells[1].row and _LABEL.fullmatch(cells[0].text.strip()):
        return f"{cells[0].text.strip()}: {cells[1].text.strip()}"
    return " ".join(cell.text.strip() for cell in cells)


_LABEL = re.compile(r"[^\W\d_][^:：.!?。()\[\]{}/\\=]{1,40}[^\W_]")


def _announcing(sheet: Sheet, number: int) -> Iterator[Cell]:
    """The row, and what a colon at its end announces."""
    row = sheet.rows[number]
    yield from row
    below = sheet.rows[number + 1 : number + 2]
    if (
        row_text(row).endswith((":", "："))
        and below
        and not is_prompt(row_text(below[0]))
        and not stamp(row_text(below[0]))
    ):
        yield from below[0]


def _frames(sheet: Sheet, number: int) -> Iterator[tuple[Cell, ...]]:
    for row in sheet.rows[number : number + 3]:
        text = row_text(row)
        if is_prompt(text) or not _FRAME.search(fold(text)) or _OPENS.match(fold(text)):
            return
        yield row


_OPENS = re.compile(r"\S+\s?(?:warning|error|fatal)|\S+:\d+:\d+:\s")
"""A message of its own, though a place in code opens it."""


def shown(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Those of the pages that show consoles."""
    return [sheet for sheet in sheets if is_console(sheet)]
