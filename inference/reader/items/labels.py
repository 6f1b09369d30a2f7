"""Values beside a label that consists of the words of the question. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader.items.item import (
    ENOUGH,
    Item,
    column_fit,
    elsewhere,
    fitting,
    is_in_body,
    stretch_of,
    tells_each,
)
from inference.reader.links import Link, links
from inference.reader.matching import coverage
from inference.reader.passages import is_prose
from inference.reader.questions import Question, Term
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value


def beside_labels(sheet: Sheet, question: Question, terms: Sequence[Term], kinds: Sequence[str]) -> Iterator[Item]:
    """The value beside a label that consists of the words of the question."""
    anywhere = elsewhere(sheet, terms)
    for cell in sheet.cells:
        share = coverage(terms, [cell.text])
        lift = max(share, anywhere) - share
        if share + 0.7 * lift < ENOUGH or not share:
            continue
        start, end = stretch_of(terms, cell.text)
        if question.kind != "name":
            start, end = _to_colon(cell.text, start, end)
        tidy = 1.0 if len(cell.text[:start].strip()) < 4 else 0.85
        for link in links(sheet, cell, start, end):
            if not kinds and (link.relation in ("left", "above", "before") or _side_by_side(sheet, link)):
                continue
            if link.relation in ("below", "after") and is_in_body(sheet, cell):
                continue
            value = _first_value(link, kinds)
            text = value.text if value else ""
            tells = not _INTRODUCES.search(link.text) and not (link.relation == "below" and is_prose(link.text))
            if not kinds and tells and _stands_for_label(cell, end, link.relation):
                text = link.text.strip()
            if question.kind == "name" and any(char.isdigit() for char in text):
                continue
            if text and question.wanted("unit_price") and tells_each(cell.text) and link.cell is not cell:
                continue
            if text:
                # What a chart is about stands in its title.
                told = share + lift * (0.85 if link.relation == "axis" else 0.3)
                told *= min(1.0, column_fit(sheet, question, link.cell)) if link.relation == "right" else 1.0
                yield Item(text, told * tidy * link.strength * 0.97, link.cell, _pair(sheet, cell, link.cell))
                break


def _to_colon(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch up to the colon that ends the label, where words of the question stand behind it too."""
    colon = next((at for at in range(start, end) if text[at] in ":：" and not text[at - 1 : at].isdigit()), end)
    return start, colon if colon > start else end


def _side_by_side(sheet: Sheet, link: Link) -> bool:
    """Whether both name columns of a table, so that neither is the other's value; several rows of two cells do not."""
    table = sheet.table_of(link.cell.row)
    if table is not None and table.body - table.head > 1 and len(sheet.rows[link.cell.row]) == 2:
        return False
    return table is not None and table.head <= link.cell.row < table.body and link.relation == "right"


def _pair(sheet: Sheet, label: Cell, cell: Cell) -> tuple[Cell, ...]:
    if label.row != cell.row:
        return (label, cell)
    low, high = sorted((label.column, cell.column))
    return sheet.rows[label.row][low : high + 1]


def _stands_for_label(cell: Cell, end: int, relation: str) -> bool:
    """Whether the cell is a label: its words and a colon, or its words alone."""
    rest = cell.text[end:].strip()
    if is_prose(cell.text):
        return False
    if relation == "after":
        return rest[:1] in (":", "：", "=")
    return rest in ("", ":", "：") and len(cell.text) < 40


REGISTERED = 9
"""Figures from which on a bare number is that of a register or an account and no sum."""

_INTRODUCES = re.compile(r"[,:，：]\s*$")
"""How a salutation ends, or what goes on below: no value of a heading over it."""

_YEAR = re.compile(r"(?:19|20)\d\d")

_NUMBERED = re.compile(r"(?:\bn\s?[°º]|\bn[ro]\.?|#|№|号[码：:]*)\s*$", re.IGNORECASE)
"""What stands before the number of a document or of a thing, which is no sum."""


def _first_value(link: Link, kinds: Sequence[str]) -> Value | None:
    """A bare number is a sum of money only where little else stands with it: no 27, Orchard Row."""
    for kind in kinds:
        for value in fitting(link.cell.values, kind, kinds):
            behind = link.relation == "after" and value.start - link.start < 4
            alone = (link.cell.is_figure or behind) and not _NUMBERED.search(link.cell.text, 0, value.start)
            alone = alone and sum(char.isdigit() for char in value.text) < REGISTERED
            bare = kind == "number" and "money" in kinds and (not alone or _YEAR.fullmatch(value.text) is not None)
            if value.start >= link.start and value.end <= link.end and not bare:
                return value
    return None
