"""The cells of a page and the tables that they form, as values. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from inference.reader.forms import YEAR_OR_QUARTER
from inference.reader.lexicon import Label, alternatives
from inference.reader.page import Box, Line
from inference.reader.quantities import MEASURES
from inference.reader.values import Value
from inference.reader.words import fold, is_han

DATA = frozenset({"money", "date", "percent", "iban", "phone", "email", "account", "time", "number", "code", "vat_id"})
"""Kinds of values that stand in the body of a table, not in its head."""

QUANTITIES = frozenset(("duration", *MEASURES))
"""The same, where nothing else stands in the cell."""

ALL = 0.95

_RANGE = re.compile(r"[<>≤≥±~]?\s?[\d.,]+\s?[-–—−]\s?[\d.,]+|[<>≤≥±~]\s?[\d.,]+")
_IN_BRACKETS = re.compile(r"\s*[(（][^()（）\d]{1,12}[)）]")
"""A unit, behind a year or a quarter that heads a column."""


_EACH = re.compile(rf"{alternatives('for_each')}\s?\d")
"""How the name of a column begins that tells of how much its figures are: per 100 g."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A line with its place on the page, and what was recognised in it."""

    line: Line
    page: str
    """The page's digest."""
    row: int
    column: int
    labels: tuple[Label, ...] = field(repr=False, default=())
    values: tuple[Value, ...] = field(repr=False, default=())

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def box(self) -> Box:
        return self.line.box

    def names(self, concept: str) -> bool:
        return any(label.concept == concept for label in self.labels)

    @property
    def is_figure(self) -> bool:
        """Whether the cell is data of a table: a value and little else, but no year or quarter, which name columns."""
        text = YEAR_OR_QUARTER.sub("", _IN_BRACKETS.sub("", self.text)).strip()
        if _RANGE.fullmatch(text):
            return True
        if not text or _EACH.match(fold(text)):
            return False
        shares = ((v.kind, _width(self.text[v.start : v.end])) for v in self.values)
        # A quantity may stand in a name: up to 18 years.
        return any(
            width > 0.5 * _width(text) if kind in DATA else width > ALL * _width(self.text.strip())
            for kind, width in shares
            if kind in DATA or kind in QUANTITIES
        )


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows whose cells share columns: the head is the rows from ``head`` up to ``body``, which name them."""

    head: int
    body: int
    last: int


def column_of(box: Box, head: Sequence[Cell]) -> Cell | None:
    """The cell of a head under which the box stands: the one that it overlaps most, or whose edge it shares."""
    overlapping = [cell for cell in head if cell.box.gap(box) < 0]
    if overlapping:
        return min(overlapping, key=lambda cell: (cell.box.gap(box), _apart(cell.box, box)))
    near = [cell for cell in head if _apart(cell.box, box) < 1.5 * box.height]
    return min(near, key=lambda cell: _apart(cell.box, box)) if near else None


def _apart(one: Box, other: Box) -> float:
    """How far the nearest of their left edges, right edges and centers are apart."""
    return min(abs(one.left - other.left), abs(one.right - other.right), abs(one.center - other.center))


def _width(text: str) -> int:
    """How much the text says: a Chinese character is a word."""
    return sum(2 if is_han(char) else 1 for char in text)
