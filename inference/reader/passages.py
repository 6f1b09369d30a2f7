"""Sentences, though they run over several lines. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inference.reader.dates import month_number
from inference.reader.prompts import EDGE, is_prompt
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import is_han, words

PROSE = 24
"""Characters from which on a line may be one of a paragraph's; Chinese ones count double."""

_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|No|Nr|Mo|Di)\.)(?<!\b(?:Mrs|Inc|Ltd|Str|Tel|Abs|bzw|art)\.)\s+(?=[A-ZÀ-Þ¿¡\"“„(])|(?<=[。！？；])"
    # A model may lose the space behind a year.
    r"|(?<=\d{2}[.!?])(?=[A-ZÀ-Þ][a-zà-ÿ]+ )"
)


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence and the cells over which it runs."""

    text: str
    cells: tuple[Cell, ...]


def sentences(sheet: Sheet) -> list[Sentence]:
    """Every sentence of the page; a cell of a table or a line of its own is one too."""
    found: list[Sentence] = []
    taken: set[int] = set()
    for cell in sheet.cells:
        if id(cell) not in taken:
            chain = list(_paragraph(sheet, cell, taken))
            taken.update(id(one) for one in chain)
            found.extend(_split(chain))
    return found


def _paragraph(sheet: Sheet, cell: Cell, taken: set[int]) -> Iterator[Cell]:
    yield cell
    while (below := _next_line(sheet, cell)) is not None and id(below) not in taken:
        yield below
        cell = below


def _next_line(sheet: Sheet, cell: Cell) -> Cell | None:
    """The line that goes on under this one: as far left, as high, and close."""
    below = _under(sheet, cell)
    if below is None or not _is_prose(cell) or _is_entry(below):
        return None
    return below if _is_full(sheet, cell, below) else None


def _under(sheet: Sheet, cell: Cell) -> Cell | None:
    """The line of the same block directly under this one."""
    height = cell.box.height
    for other in sheet.rows[cell.row + 1] if cell.row + 1 < len(sheet.rows) else ():
        aligned = abs(other.box.left - cell.box.left) < 1.2 * height
        close = other.box.top - cell.box.bottom < 0.9 * height
        if aligned and close and 0.7 < other.box.height / max(1.0, height) < 1.4:
            return other
    return None


def _is_prose(cell: Cell) -> bool:
    return len(cell.text) * (2 if is_han(cell.text) else 1) >= PROSE and not cell.is_figure


def _is_entry(cell: Cell) -> bool:
    """Whether a label with a colon opens the line."""
    return ":" in cell.text[:40] and any(label.start == 0 and label.weight == 1.0 for label in cell.labels)


def _is_full(sheet: Sheet, cell: Cell, below: Cell) -> bool:
    """Whether the line ends where it does because the next word had no room in the block."""
    if any(is_prompt(row[0].text) for row in sheet.rows):
        return cell.box.right > EDGE * sheet.page.width
    column = [other.box.right for other in sheet.cells if abs(other.box.left - cell.box.left) < 1.2 * cell.box.height]
    right = max(column)
    word = len(below.text.split(" ", 1)[0]) if not is_han(below.text) else 2
    pitch = below.box.width / max(1, len(below.text))
    return cell.box.right + (word + 1) * pitch > right - 0.02 * cell.box.width


def _is_ordinal(before: str, after: str) -> bool:
    """Whether the full stop makes a number the day of a month: bis 3. November."""
    following = words(after[:20])
    return (
        bool(re.search(r"(?<!\d)\d{1,2}\.$", before))
        and bool(following)
        and month_number(following[0].text) is not None
    )


def is_prose(text: str) -> bool:
    """Whether it is a sentence rather than a label or a button."""
    return len(text) >= PROSE and text.rstrip()[-1:] in ".!?。！？"


def _split(chain: list[Cell]) -> Iterator[Sentence]:
    text, starts = "", []
    for cell in chain:
        joint = "" if not text or is_han(text[-1:]) else " "
        starts.append(len(text) + len(joint))
        text += joint + cell.text
    at = 0
    ends = (
        match.start() for match in _END.finditer(text) if not _is_ordinal(text[: match.start()], text[match.end() :])
    )
    for end in [*ends, len(text)]:
        if text[at:end].strip():
            inside = [c for c, s in zip(chain, starts, strict=True) if s < end and s + len(c.text) > at]
            yield Sentence(text[at:end].strip(), tuple(inside or chain[-1:]))
        at = end
