"""What all of a receipt costs, asked for by what the receipt is for: the meal, the parking, the ride. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from inference.reader import lexicon
from inference.reader.findings import Finding, of_field
from inference.reader.matching import likeness
from inference.reader.questions import Question
from inference.reader.resolving import resolve
from inference.reader.sheet import Sheet
from inference.reader.words import fold

SURE = 0.8
"""How surely a word must be one of those listed."""

SUMS = ("fare", "total", "amount_due", "line_amount")
"""What such a price is labelled, likely ones first."""


@dataclass(frozen=True, slots=True)
class _Whole:
    """``said`` is what questions call it, ``on`` what pages say that are for it, ``not_on`` what others say."""

    said: frozenset[str]
    on: tuple[str, ...]
    not_on: tuple[str, ...]


@cache
def _wholes() -> tuple[_Whole, ...]:
    listed = lexicon.table("affairs")["wholes"]
    return tuple(
        _Whole(frozenset(fold(one["said"]).split()), *(tuple(fold(one[name]).split()) for name in ("on", "not_on")))
        for one in listed
    )


def whole(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The sum of it all, if the question names nothing but what the pages as a whole are for."""
    if question.kind not in ("money", "") or (question.wants and not question.wanted(*SUMS)):
        return None
    listed = frozenset().union(*(one.said for one in _wholes()))
    telling = (term for term in question.all_terms if term.weight >= 1.0)
    named = [term.text for term in telling if term.missing is None or term.text in listed]
    about = [one for one in _wholes() if named and any(name in one.said for name in named)]
    if not about or not any(_is_for(sheets, one, named) for one in about):
        return None
    fields = (resolve(sheets, name, question) for name in SUMS)
    sums = (field for field in fields if field and field.relation in ("right", "after", "below"))
    return next((of_field(sheets, field) for field in sums), None)


def _is_for(sheets: Sequence[Sheet], one: _Whole, named: Sequence[str]) -> bool:
    """Whether the pages are for such a thing, and everything else that is named stands on them."""
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    rest = [name for name in named if name not in one.said]
    return (
        (not one.on or _stands(one.on, texts))
        and not _stands(one.not_on, texts)
        and all(_stands((name,), texts) for name in rest)
    )


def _stands(names: Sequence[str], texts: Sequence[str]) -> bool:
    return any(likeness(name, text) >= SURE for name in names for text in texts)
