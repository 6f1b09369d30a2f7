"""Commands that somebody typed into a terminal, known by the prompt before them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader.sheet import Cell, Sheet

_SIGN = r"[$#%>❯➜→»λ]"
_OWN = (
    rf"(?:\([\w.-]+\)\s?)?[\[(]?[\w.-]+@[\w.-]+[\s:]?[^$#%>❯]{{0,80}}?{_SIGN}",  # ada@host:~/x$, [root@host etc]#
    r"PS\s?[A-Za-z]:[^>]{0,120}>",
    r"~[\w./-]*\s?>(?=\s)",
    r"[A-Za-z]:\\[^<>|\"]{0,120}>",
    r"[\w.-]+:[~/][\w./~-]*\s[\w.-]+[$#]",  # host:~ ada$
    r"(?:ba|z|da|k)?sh-[\d.]+[$#]",
    r"(?:[~/][\w./~ -]{0,60}|[\w.-]+)\s?[❯➜$](?=\s*$|\s+[^\s\d])",
    r"[➜→❯]\s+\S+\s+(?:git:\([^)]*\)\s*)?[✗xX]?(?=\s)",
    r"(?:mysql|sqlite|mongo|redis|ftp|sftp|psql|irb\([^)]*\)(?::\d+)*|[\w.-]+=)[>#]",
    r">>>|In\s?\[\d+\]:",
)
WEAK = 0.6
_FORMS = (
    (re.compile(rf"\s*(?:{'|'.join(_OWN)})\s*"), 1.0),
    (re.compile(r"\s*[$❯➜→λ](?![A-Z_])\s*(?=[\w./~])(?!\d)"), 0.9),
    (re.compile(r"\s*(?:[>»%]\s*|#\s)(?=[a-z./~])"), WEAK),
)
"""What a prompt looks like, and how surely it is one: alone, a # may open a remark and a > a quotation."""

_CARRIED = re.compile(r"(?:\\|&&|\|\|?|`|\^)\s*$")
_WORD_FIRST = re.compile(r"(?!\d+(?:[.,]\d+)*(?:\s|$))[\w./~\"'&(!-]")
EDGE = 0.93
"""A line that ends beyond this share of the picture's width was broken by the terminal and goes on below."""


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """What was typed, without its prompt, and the lines that it fills."""

    text: str
    cells: tuple[Cell, ...]
    score: float

    @property
    def row(self) -> int:
        return self.cells[0].row

    @property
    def line(self) -> str:
        return " ".join(cell.text.strip() for cell in self.cells)


def is_prompt(text: str) -> bool:
    """Whether the line is one that somebody typed, or waits to be typed; a mere # or > does not tell."""
    return any(form.match(text) for form, score in _FORMS if score > WEAK)


_BRANCH = re.compile(
    r"(?:git:\(|(?:[\w~/\\\]] |\bMINGW\d\d .*)\()([\w./-]*\w)[^()\w]{0,4}\)\s?[$#%>❯➜✗\]]?"
    r"|\son \W?\s?([\w./-]+)(?=.*❯)"
)


def branch(text: str) -> str:
    """The branch that a prompt shows; empty if none: ada@mill:~/shop (main)$."""
    match = _BRANCH.search(text) if is_prompt(text) or "MINGW" in text else None
    return (match[1] or match[2]) if match else ""


_DIRECTORY = re.compile(
    r"(?:\([\w.-]+\)\s?)?[\w.-]+@[\w.-]+[:\s]\s?(?P<unix>[~/][^$#%>❯\s]*)|(?:PS\s?)?(?P<windows>[A-Za-z]:\\[^>]*)>"
    r"|\[[\w.-]+@[\w.-]+\s(?P<red>[^\]]+)\]"
)
_DATABASE = re.compile(r"(?P<sql>[\w.-]+)[=-][#>]|(?:mysql|mariadb)\s?\[(?P<maria>\w+)\]>", re.IGNORECASE)


def prompted(text: str, what: str) -> str:
    """The branch, the directory or the database that a prompt shows; empty if none."""
    if what == "branch":
        return branch(text)
    match = {"directory": _DIRECTORY, "database": _DATABASE}[what].match(text.strip()) if is_prompt(text) else None
    return next(filter(None, match.groups()), "") if match else ""


def commands(sheet: Sheet) -> list[Command]:
    """The commands on the page from top to bottom, of the surest kind of prompt that stands there."""
    found = [command for number in range(len(sheet.rows)) for command in _typed(sheet, number)]
    best = max((command.score for command in found), default=0.0)
    return [command for command in found if command.score == best]


def _typed(sheet: Sheet, number: int) -> Iterator[Command]:
    first = row_text(sheet.rows[number])
    for form, score in _FORMS:
        match = form.match(first)
        if match is None:
            continue
        if _WORD_FIRST.match(first[match.end() :]):
            rows = list(_rows(sheet, number))
            text = " ".join([first[match.end() :].strip(), *(row_text(row) for row in rows[1:])])
            yield Command(text, tuple(cell for row in rows for cell in row), score)
        return


def _rows(sheet: Sheet, number: int) -> Iterator[Sequence[Cell]]:
    """The row and those into which a long command runs on."""
    yield sheet.rows[number]
    while number + 1 < len(sheet.rows) and _goes_on(sheet, number) and not _opens(sheet.rows[number + 1]):
        number += 1
        yield sheet.rows[number]


def _opens(row: Sequence[Cell]) -> bool:
    return any(form.match(row_text(row)) for form, _ in _FORMS)


def _goes_on(sheet: Sheet, number: int) -> bool:
    row = sheet.rows[number]
    return bool(_CARRIED.search(row[-1].text)) or row[-1].box.right > EDGE * sheet.page.width


def row_text(row: Sequence[Cell]) -> str:
    """The row as a terminal shows it, without bars between its cells."""
    return " ".join(cell.text.strip() for cell in row)
