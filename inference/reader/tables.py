"""Where tables stand on a page: the rows that name columns, and how far down these go. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from inference.reader.axes import as_days
from inference.reader.cells import Cell, Table, column_of
from inference.reader.forms import is_form
from inference.reader.lexicon import alternatives
from inference.reader.quantities import MEASURES
from inference.reader.words import fold

APART = 1.25
"""How much further than the rows of a table are from one another what stands below it begins."""

MAX_STRAY = 2
"""Rows of one cell, such as the second line of a description, that may interrupt a table."""


def tables(rows: Sequence[Sequence[Cell]]) -> list[Table]:
    """The tables among the rows, from top to bottom."""
    found: list[Table] = []
    at = 0
    while at < len(rows):
        if _names_columns(rows, at):
            table = _grown(rows, at)
            found.append(table)
            at = table.last
        at += 1
    return found


def _names_columns(rows: Sequence[Sequence[Cell]], head: int) -> bool:
    """Whether the row is a head: no data in it, and below it, in its columns, data or a row of as many cells."""
    below = _next_wide(rows, head)
    if len(rows[head]) < 2 or below is None or not _shares(rows[below], rows[head]):
        return False
    if is_form(rows[head], rows[below]) and not _counts(rows[head]):
        return False
    if _names_breaks(rows[below]) or _lists_days(rows[head : head + 4]):
        # The head is the next row, below a title, or there is none.
        return False
    if below > head + 1 and not any(cell.is_figure for cell in rows[below]) and _names_columns(rows, below):
        # A heading stands between, and the head below that.
        return False
    if any(cell.is_figure for cell in rows[head]):
        further = _next_wide(rows, below)
        return len(rows[head]) > 2 and (
            _names_breaks(rows[head]) or _differs(rows[head], [rows[at] for at in (below, further) if at is not None])
        )
    if any(cell.is_figure for cell in rows[below]):
        return True
    further = _next_wide(rows, below)
    if further is not None and _shares(rows[further], rows[head]) and any(cell.is_figure for cell in rows[further]):
        return True
    named = len(rows[below]) == len(rows[head]) + 1 and rows[below][0].box.right < rows[head][0].box.left
    return len(rows[head]) > 2 and (named or len(rows[below]) == len(rows[head]))


_BREAK = re.compile(
    rf"(?:{alternatives('from_number')}\s?)?(\d{{1,6}})(?:\s?[-–—]\s?(\d{{1,6}})|\s?\+)?(?:\s?[^\W\d]{{1,10}}\.?)?"
)


def _names_breaks(row: Sequence[Cell]) -> bool:
    """Whether several cells are stretches of numbers that follow one another: 1-9, 10-49, from 50."""
    told = [match for cell in row if (match := _BREAK.fullmatch(fold(cell.text.strip())))]
    bounds = [(int(match[1]), int(match[2] or match[1])) for match in told]
    follows = all(last < first <= last + 2 for (_, last), (first, _) in pairwise(bounds))
    return len(told) > 1 and sum(match[2] is not None for match in told) > 0 and follows


def _counts(row: Sequence[Cell]) -> bool:
    """Whether several cells count something through: No. 1, No. 2, No. 3."""
    said = [_COUNTED.fullmatch(fold(cell.text).strip(" *")) for cell in row]
    told = [(match[1], int(match[2])) for match in said if match]
    return len(told) > 1 and all(one[0] == other[0] and one[1] < other[1] for one, other in pairwise(told))


_COUNTED = re.compile(r"(\D{1,12}?)\s?(\d{1,4})")


def _lists_days(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether each row is one of a day of the week, as in a list of hours, and the first names no columns."""
    days = as_days([row[0].text for row in rows])
    return None not in days[:2]


def _differs(row: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Whether the figures of the row are several of one sort and those in the rows below are of others: the times of
    buses under their numbers, prices under lengths of stay. Whole numbers name columns if they go up step by step."""
    figures = [cell for cell in row if cell.is_figure]
    sorts = frozenset.intersection(*map(_sorts, figures)) if len(figures) > 1 else frozenset[str]()
    if not sorts:
        return False
    under = [cell for other in below for cell in other if cell.is_figure and other[0] is not cell]
    if sorts & NAMING and not any(sorts & NAMING & _sorts(cell) for cell in under):
        return True
    return _is_series(figures) and not any(_is_series([cell for cell in other if cell in under]) for other in below)


NAMING = frozenset(("date", "time", "duration", *MEASURES))
"""Sorts of values by which columns may be named."""


def _sorts(cell: Cell) -> frozenset[str]:
    """The kinds of the values that fill most of the cell."""
    return frozenset(value.kind for value in cell.values if 2 * (value.end - value.start) > len(cell.text))


def _is_series(cells: Sequence[Cell]) -> bool:
    """Whether they are whole numbers that go up by the same step: 101, 103, 105."""
    told = [int(cell.text) for cell in cells if _WHOLE.fullmatch(cell.text)]
    steps = {after - before for before, after in pairwise(told)}
    return len(told) == len(cells) > 2 and len(steps) == 1 and min(steps) > 0


_WHOLE = re.compile(r"\d{1,4}")


def _next_wide(rows: Sequence[Sequence[Cell]], above: int) -> int | None:
    """The next row of two cells or more, with little between."""
    for number in range(above + 1, min(len(rows), above + 1 + MAX_STRAY)):
        if _far(rows[number - 1], rows[number]):
            return None
        if len(rows[number]) >= 2:
            return number
    return None


def _grown(rows: Sequence[Sequence[Cell]], head: int) -> Table:
    """The table under a head, down to where its columns end or another head begins."""
    last, body, stray = head, 0, 0
    for number in range(head + 1, len(rows)):
        row = rows[number]
        if _far(rows[number - 1], row) or _is_note(rows, head, number):
            break
        if stray and body and len(row) < min(len(above) for above in rows[body : last + 1] if len(above) > 1):
            # A heading of its own, and below it a list with fewer columns.
            break
        figures = any(cell.is_figure for cell in row)
        if len(row) >= 2 and _shares(row, rows[head]):
            if body and not figures and _names_columns(rows, number) and _begins_anew(rows, head, number):
                break
            last, stray = number, 0
            body = body or (number if figures else 0)
        else:
            stray += 1
            if stray > MAX_STRAY:
                break
    words = rows[head + 1 : body]
    if len(words) > 1 and all(len(row) in (len(rows[head]), len(rows[head]) + 1) for row in words):
        # A table of words, such as a roster: what first has figures is a note below it.
        body = head + 1
    return Table(head, body or head + 1, last)


def _is_note(rows: Sequence[Sequence[Cell]], head: int, number: int) -> bool:
    """Whether a list begins below the table: half as many cells at most, and set apart from the rows above."""
    if number - head < 2 or 2 * len(rows[number]) > len(rows[head]) + 1:
        return False
    pitches = [rows[at][0].box.middle - rows[at - 1][0].box.middle for at in range(head + 1, number + 1)]
    return pitches[-1] > APART * max(pitches[:-1])


def _begins_anew(rows: Sequence[Sequence[Cell]], head: int, number: int) -> bool:
    """Whether a row of words below figures is the head of another table, and not what is told of one thing more: yes,
    no. It stands apart, or has the same names as the head before, or a heading or the sum of the rows above it."""
    above, row = rows[number - 1], rows[number]
    texts = [cell.text for cell in row]
    if len(set(texts)) < len(texts) or not any(cell.is_figure for other in rows[head + 1 : number] for cell in other):
        return False
    apart = rows[number][0].box.top - above[0].box.bottom > APART * (above[0].box.top - rows[number - 2][0].box.bottom)
    repeated = {cell.text for cell in rows[head]} & set(texts)
    return apart or bool(repeated) or len(above) == 1 or any(label.concept == "total" for label in above[0].labels)


def _far(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    height = max(cell.box.height for cell in below)
    return min(cell.box.top for cell in below) - max(cell.box.bottom for cell in above) > 4 * height


def _shares(row: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether at least two of the columns are common."""
    columns = [column_of(cell.box, other) for cell in row]
    return len({id(column) for column in columns if column is not None}) >= 2
