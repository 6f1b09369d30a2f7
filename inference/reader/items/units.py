"""In which unit the figures of a page are. Pure."""

import re
from collections.abc import Sequence

from inference.reader import lexicon
from inference.reader.items.item import Item
from inference.reader.matching import coverage
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import fold

_ASKS = re.compile("|".join(lexicon.table("tables")["unit"]["asks"]))
_TOLD = re.compile("|".join(lexicon.table("tables")["unit"]["told"]))
_OF_HEAD = re.compile(
    r"[(（\[](?P<unit>[^()（）\[\]]{1,20})[)）\]]\s*$|\s(?:in|en|/)\s?(?P<other>\S{1,12})$|[\s/](?P<short>[^\W\d]{1,4}|°[CF]|%|€|£|\$|m[²³23])$"
)


def unit(sheets: Sequence[Sheet], question: Question) -> Item | None:
    """The unit in the head of the column that the question names, or the one that a line tells for all."""
    if question.kind in ("name", "place", "date", "time") or not _ASKS.search(fold(question.text)):
        return None
    heads = [cell for s in sheets for t in s.tables for row in s.rows[t.head : t.body] for cell in row]
    terms = [term for term in question.terms if term.weight >= 1 and not _ASKS.search(term.text)]
    named = [cell for cell in heads if terms and coverage(terms, [cell.text]) > 0.5 and _OF_HEAD.search(cell.text)]
    if named:
        match = _OF_HEAD.search(named[0].text)
        return _item(next(said for said in match.groups() if said), named[0]) if match else None
    if terms and any(coverage(terms, [cell.text]) > 0.5 and cell.is_figure for s in sheets for cell in s.cells):
        return None
    for cell in (cell for sheet in sheets for cell in sheet.cells):
        if match := _TOLD.search(fold(cell.text)):
            group = next(name for name, said in match.groupdict().items() if said)
            return _item(cell.text[match.start(group) : match.end(group)].strip(), cell)
    return None


def _item(text: str, cell: Cell) -> Item:
    return Item(text, 0.9, cell, (cell,))
