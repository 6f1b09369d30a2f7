"""What stands under a number of a list: item 4 of the agenda. Pure."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from inference.reader import lexicon
from inference.reader.findings import Finding, of_item
from inference.reader.items.item import Item
from inference.reader.questions import Question
from inference.reader.sheet import Sheet
from inference.reader.words import fold, is_han, words

_ENTRY = re.compile(
    r"\s*(?:top|§|\(|（)?\s?(?P<number>\d{1,2}|[一二三四五六七八九十]{1,2})(?:[.)）、:．]|\s(?=\S))\s*(?P<said>.{3,})"
)
_HAN = "一二三四五六七八九十"


def listed(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The entry of the list whose number the question tells, with a word for what is numbered."""
    number = _number(question.text)
    if not number:
        return None
    for sheet in sheets:
        for cell in sheet.cells:
            entry = _ENTRY.match(fold(cell.text))
            if entry and _figure(entry["number"]) == number:
                said = cell.text[entry.start("said") : entry.end("said")].strip()
                return of_item(sheets, Item(said, 0.9, cell, (cell,)))
    return None


def _figure(written: str) -> int:
    return int(written) if written.isdigit() else _HAN.find(written[-1]) + 1


def _number(question: str) -> int:
    """The number of the entry, or 0 if the question asks for none."""
    parts = [part.text for part in words(question)]
    flat = fold(question)
    kinds = lexicon.table("running")["listed"].split()
    if not any(kind in (flat if is_han(kind) else parts) for kind in kinds):
        return 0
    told = next(
        (
            number
            for number, names in enumerate(_ordinals(), 1)
            if any(n in (flat if is_han(n) else parts) for n in names)
        ),
        0,
    )
    beside = [int(b) for a, b in pairwise(parts) if b.isdigit() and len(b) < 3 and (a in kinds or a == "no")]
    return told or next(iter(beside), 0)


@cache
def _ordinals() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in lexicon.table("running")["ordinals"])
