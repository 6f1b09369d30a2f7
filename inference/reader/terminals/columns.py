"""Tables that consoles set with spaces: df, ps, docker ps, Get-PSDrive and their like. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inference.reader.lexicon import table
from inference.reader.prompts import is_prompt, row_text
from inference.reader.sheet import Cell, Sheet
from inference.reader.stamps import stamp
from inference.reader.terminals.asking import Asked, Needle
from inference.reader.terminals.forms import formed_as, pieces
from inference.reader.terminals.matches import spelled
from inference.reader.terminals.senses import spans
from inference.reader.terminals.telling import FORMED, Told
from inference.reader.words import fold

MOST = 60
"""Rows under one head, at most."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A word or a few of them, and where they stand."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The names of columns, and under them the rows: by column, what stands there."""

    head: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[str, ...], ...]


def in_columns(sheets: Sequence[Sheet], asked: Asked) -> list[Told]:
    """What tables tell of it, the best first."""
    found = [one for sheet in sheets for grid in grids(sheet) for one in _of_grid(grid, asked)]
    return sorted(found, key=lambda one: -one.score)


def _of_grid(grid: Grid, asked: Asked) -> Iterator[Told]:
    for row, cells in zip(grid.rows, grid.cells, strict=True):
        for column, value in enumerate(row):
            if value and (fit := _fit(grid, row, column, asked)):
                yield Told(_fitting(value, asked) or value, cells, fit)


def _fit(grid: Grid, row: Sequence[str], column: int, asked: Asked) -> float:
    """How well the column's name and the other cells of the row stand for the needles."""
    head, others = grid.head[column], [cell for number, cell in enumerate(row) if number != column]
    in_head = {needle: _names(needle, head) for needle in asked.needles}
    in_row = {needle: max((_stands(needle, cell) for cell in others), default=0.0) for needle in asked.needles}
    if max(in_head.values(), default=0.0) < 0.7:
        return 0.0
    several = len(grid.rows) > 1
    if several and max(in_row.values(), default=0.0) < 0.75:
        return 0.0
    formed = FORMED & set(asked.kinds)
    fits = len(formed) < len(asked.kinds) or any(pieces(row[column], kind) for kind in formed)
    fits = fits or ("percent" in formed and "%" in head)
    elsewhere = {needle: 0.5 if any(_names(needle, name) for name in grid.head) else 0.0 for needle in asked.needles}
    shares = [(n, max(in_head[n], in_row[n], elsewhere[n], 0.8 if n.noun and fits else 0.0)) for n in asked.needles]
    total = sum(needle.weight if share else needle.missed for needle, share in shares)
    # Which group does it belong to: the group, not the owner.
    fits_best = 1.05 if any(in_head[n] for n in asked.needles if n.noun) else 1.0
    return (
        fits_best * (1.02 if fits else 0.7) * sum(needle.weight * share for needle, share in shares) / total
        if total
        else 0.0
    )


def _names(needle: Needle, head: str) -> float:
    if needle.senses:
        found = {sense for span in spans(head) for sense in span.senses}
        return 1.0 if found & needle.senses else 0.0
    return spelled(needle.literal, head)[0]


def _stands(needle: Needle, cell: str) -> float:
    if needle.senses:
        return 0.9 if any(any(formed_as(cell, sense)) for sense in needle.senses & {"root"}) else 0.0
    exact = fold(cell).strip() == needle.literal
    return 1.0 if exact else 0.9 * spelled(needle.literal, cell)[0]


def _fitting(value: str, asked: Asked) -> str:
    """The value without what a cell holds beside it."""
    return "" if len(value) < 40 else next((p[0].text for kind in asked.kinds if (p := pieces(value, kind))), "")


@lru_cache(maxsize=64)
def grids(sheet: Sheet) -> tuple[Grid, ...]:
    """Every table of the page."""
    return tuple(_grids(sheet))


_LISTED = re.compile(r"[-dlbcps](?:[r-][w-][xsStT-]){3}[+@.]?\s+\d+\s")


def _listing(sheet: Sheet) -> Iterator[Grid]:
    """What ls -l tells of each file; its columns have no names."""
    rows = [row for row in sheet.rows if _LISTED.match(row_text(row))]
    told = [row_text(row).split(None, 8) for row in rows]
    fitting = [(row, parts) for row, parts in zip(rows, told, strict=True) if len(parts) == 9]
    if fitting:
        placed = tuple((*parts[:5], " ".join(parts[5:8]), parts[8]) for _, parts in fitting)
        yield Grid(("mode", "links", "owner", "group", "size", "date", "file"), tuple(r for r, _ in fitting), placed)


def _grids(sheet: Sheet) -> Iterator[Grid]:
    yield from _listing(sheet)
    for number, row in enumerate(sheet.rows):
        head = _head(row)
        if len(head) < 2:
            continue
        rows, cells = [], []
        for below in sheet.rows[number + 1 : number + 1 + MOST]:
            text = row_text(below)
            if is_prompt(text) or stamp(text):
                break
            if re.fullmatch(r"[-=+|\s]+", text):
                continue
            placed = _placed(below, head)
            if placed is None:
                break
            rows.append(placed)
            cells.append((*row, *below))
        if rows:
            yield Grid(tuple(piece.text for piece in head), tuple(cells), tuple(rows))


_CAPITALS = re.compile(r"[A-Z%][A-Z0-9%/()_#.+-]*$")


def _head(row: Sequence[Cell]) -> tuple[Spot, ...]:
    """The names of columns in the row, if it holds nothing else."""
    text = row_text(row)
    if (
        is_prompt(text)
        or stamp(text)
        or text.endswith((":", "：", ".", "。", "…"))
        or re.search(r"\d{2}|[=;\"'：]", text)
    ):
        return ()
    parts = tuple(part for cell in row for part in _parts(cell))
    known = [part for part in parts if spans(part.text)]
    capitals = sum(bool(_CAPITALS.match(part.text.replace(" ", ""))) for part in parts)
    listed = len(row) >= 3 and len(known) >= 2
    return (
        parts
        if len(parts) >= 2 and (len(known) >= max(2, 0.6 * len(parts)) or capitals >= max(3, len(parts) - 1) or listed)
        else ()
    )


def _parts(cell: Cell) -> Iterator[Spot]:
    """The names in a cell of a head: a phrase that heads know is one, such as Mounted on."""
    text, at = cell.text, 0
    for match in re.finditer(r"\S+(?:\s\([^)]*\))?", text):
        if match.start() < at:
            continue
        end = match.end()
        phrase = next((p for p in _phrases() if fold(text[match.start() :]).startswith(p)), "")
        end = max(end, match.start() + len(phrase))
        at = end
        yield _piece(cell, match.start(), end)


@lru_cache(maxsize=1)
def _phrases() -> tuple[str, ...]:
    return tuple(sorted((fold(phrase) for phrase in table("console")["heads"]), key=len, reverse=True))


def _piece(cell: Cell, start: int, end: int) -> Spot:
    pitch = cell.box.width / max(1, _width(cell.text))
    left = cell.box.left + pitch * _width(cell.text[:start])
    return Spot(cell.text[start:end], left, left + pitch * _width(cell.text[start:end]))


def _width(text: str) -> int:
    return sum(2 if "\u2e80" < char < "\uff60" else 1 for char in text)


def _placed(row: Sequence[Cell], head: Sequence[Spot]) -> tuple[str, ...] | None:
    """What stands under each name: in order where there are as many words, else by their places."""
    pieces = [_piece(cell, m.start(), m.end()) for cell in row for m in re.finditer(r"\S+", cell.text)]
    if len(row) == len(head):
        return tuple(cell.text for cell in row)
    if len(pieces) == len(head):
        return tuple(piece.text for piece in pieces)
    if len(pieces) < 2:
        return None
    columns: list[list[str]] = [[] for _ in head]
    for piece in pieces:
        nearest = min(range(len(head)), key=lambda number: _apart(piece, head[number]))
        columns[nearest].append(piece.text)
    return tuple(" ".join(column) for column in columns)


def _apart(piece: Spot, head: Spot) -> float:
    """Less than nothing where one stands under the other."""
    gap = max(piece.left, head.left) - min(piece.right, head.right)
    return gap if gap > 0 else min(abs(piece.left - head.left), abs(piece.right - head.right)) / 1e4 - 1
