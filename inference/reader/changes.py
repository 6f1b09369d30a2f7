"""What something was and what it becomes: the new rent, the old price, the day to which a meeting is moved. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from inference.reader import lexicon
from inference.reader.findings import Finding, of_item
from inference.reader.items.item import Item, is_in_body, wanted_kinds
from inference.reader.matching import coverage
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question
from inference.reader.sheet import Sheet
from inference.reader.values import Value, values
from inference.reader.words import fold

Side = Literal["old", "new"]

_ASKS: dict[Side, re.Pattern[str]] = {
    "new": re.compile(lexicon.alternatives("asks_new")),
    "old": re.compile(lexicon.alternatives("asks_old")),
}
_BEFORE: dict[Side, re.Pattern[str]] = {
    "new": re.compile(rf"{lexicon.alternatives('up_to')}\W*$"),
    "old": re.compile(rf"{lexicon.alternatives('up_from')}\W*$"),
}
_INSTEAD = re.compile(rf"\W*(?:[\w.]+ ){{0,3}}?{lexicon.alternatives('instead_of')}")
_CHANGES = re.compile(lexicon.alternatives("changes"))

KINDS = ("money", "date", "time", "percent", "duration")
"""Of what a sentence tells that it changes."""

TOLD = 0.4
"""The share of what a question names that must stand with the change."""


def changed(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The value on the side of a change that the question asks for."""
    side = _side(question)
    if side is None:
        return None
    wanted = tuple(kind for kind in wanted_kinds(question) if kind in KINDS)
    terms = [term for term in question.all_terms if not any(ask.search(term.text) for ask in _ASKS.values())]
    terms = [term for term in terms if not _CHANGES.fullmatch(term.text)]
    found: list[tuple[float, Item]] = []
    for kinds in (wanted, () if question.kind else KINDS):
        found = found or [
            (coverage(terms, [topic]) if terms else 1.0, item)
            for sheet in sheets
            for topic, item in _told(sheet, side, kinds)
        ]
    share, item = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return of_item(sheets, item) if item is not None and share >= TOLD else None


def _side(question: Question) -> Side | None:
    flat = fold(question.text)
    if question.kind in ("name", "place", "duration"):
        return None
    return next((side for side, asks in _ASKS.items() if asks.search(flat)), None)


def _told(sheet: Sheet, side: Side, kinds: Sequence[str]) -> Iterator[tuple[str, Item]]:
    """Values on that side of a change, each with the words that tell what changes."""
    told = [sentence for sentence in sentences(sheet) if not is_in_body(sheet, sentence.cells[0])]
    for before, sentence in pairwise([None, *told]):
        if sentence is None or not _CHANGES.search(fold(sentence.text)):
            continue
        topic = f"{before.text} {sentence.text}" if before else sentence.text
        for value in _on_side(sentence, before, side, kinds):
            whole = sentence if value.text in sentence.text else before or sentence
            cell = next((one for one in whole.cells if value.text in one.text), whole.cells[0])
            yield topic, Item(value.text, 0.9, cell, whole.cells, whole.text)


def _on_side(sentence: Sentence, before: Sentence | None, side: Side, kinds: Sequence[str]) -> Iterator[Value]:
    """Where a sentence tells only what a thing becomes, the one before it may tell what it was."""
    found = [value for value in values(sentence.text) if value.kind in kinds]
    sides = {id(value): _side_of(sentence.text, value, found) for value in found}
    chosen = [value for value in found if sides[id(value)] == side]
    if not chosen and side == "old" and before and "new" in sides.values():
        kind = next(value.kind for value in found if sides[id(value)] == "new")
        chosen = [value for value in values(before.text) if value.kind == kind][:1]
    yield from chosen


def _side_of(text: str, value: Value, others: Sequence[Value]) -> Side | None:
    """By the words right before the value and behind it; of two days the first may stand without any."""
    before, behind = fold(text[: value.start]), fold(text[value.end :])
    if _INSTEAD.match(behind) or _BEFORE["new"].search(before):
        return "new"
    following = next((o for o in others if o.kind == value.kind and o.start >= value.end), None)
    leads = following is not None and _BEFORE["new"].search(fold(text[value.end : following.start])) is not None
    return "old" if leads or _BEFORE["old"].search(before) else None
