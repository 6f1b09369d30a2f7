"""Pages for tests, written as they look: a line for a line, cells set apart by three spaces or more."""

import re

from inference.reader.answers import answer
from inference.reader.page import Box, Line, Page, Row
from inference.reader.scope import Shown
from inference.reader.sheet import Sheet

PITCH = 10
HEIGHT = 20
SPACING = 30


def page(text: str, *, sha256: str = "page") -> Page:
    """Characters are 10 pixels wide, Chinese ones 20, and lines 20 high, 30 apart."""
    rows = tuple(row for number, line in enumerate(text.strip("\n").splitlines()) if (row := _row(line, number)))
    width = max((row.box.right for row in rows), default=0) + 40
    return Page(sha256=sha256, width=int(width), height=SPACING * (len(rows) + 6), rows=rows, order=rows)


def _row(line: str, number: int) -> Row | None:
    cells = [_cell(match, line, SPACING * number) for match in re.finditer(r"\S+(?: {1,2}\S+)*", line)]
    return Row(tuple(cells)) if cells else None


def _cell(match: re.Match[str], line: str, top: int) -> Line:
    left = 20 + _pixels(line[: match.start()])
    return Line(match[0], Box(left, top, left + _pixels(match[0]), top + HEIGHT))


def _pixels(text: str) -> float:
    return sum(2 * PITCH if char > "\u2e80" else PITCH for char in text)


def sheet(text: str, *, sha256: str = "page") -> Sheet:
    return Sheet(page(text, sha256=sha256))


def shown(text: str, label: str = "#1 page.png", *, turn: int = 0, order: int = 1) -> Shown:
    return Shown(sheet(text, sha256=f"{label} {turn}"), label, turn, order)


def ask(question: str, page: str) -> str:
    """The answer to one question about one page."""
    return answer([question], [Shown(sheet(page), "#1 page.png", 0, 1)])
