"""Which sentence of running text tells most of what a question asks, and what in it answers. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from inference.reader import lexicon
from inference.reader.deeds import Place, deeds, matters
from inference.reader.items.item import Item
from inference.reader.matching import likeness
from inference.reader.names import is_address
from inference.reader.questions import Question
from inference.reader.reasons import asks_why
from inference.reader.running.asked import NUMBERS, SORTS, VERB, Unit, asks_for_name, papers, role, sorts, units
from inference.reader.running.passages import Passage, is_captioned, is_form, language, passages, runs, topic
from inference.reader.running.picking import firm, person, pick
from inference.reader.sheet import Sheet
from inference.reader.stop import stop
from inference.reader.tongues import foreign, tongue
from inference.reader.values import values
from inference.reader.words import fold, is_han, words

SURE = 0.65
"""How well a sentence must answer to be taken before anything else is looked for."""

LEAST = 0.5
"""The same where nothing else answers."""

BESIDE = 0.55
"""What a word counts that stands in the heading over the sentence, or in the sentence before it."""

TOPIC = 0.6
"""What a word counts that the headings over the whole text say."""

EVENT = 0.22
"""How much better a sentence answers that tells of something that happens, where the page is about what is asked."""

UNDONE = 0.6
"""How much less a word for a deed weighs that stands nowhere."""

SOMEWHERE = 0.35
"""What a word counts that stands elsewhere on the page."""

UNTOLD = 0.3
"""What a word of another language weighs that no dictionary here holds, so that no page could tell it."""


def told(sheets: Sequence[Sheet], question: Question) -> Item | None:
    """What the sentence says that tells most of what is asked for. Why something is so no mere sentence tells."""
    if asks_why(question):
        return None
    found = (item for sheet in sheets for item in _on(sheet, question))
    return max(found, key=lambda item: item.score, default=None)


def _on(sheet: Sheet, question: Question) -> Iterator[Item]:
    page = "\n".join(cell.text for cell in sheet.cells)
    asked = (*units(question), *papers(question, page))
    if not asked:
        yield from _only(sheet, question)
        return
    strange = foreign(tongue(question.text), language(sheet))
    anywhere = [unit.stands(page) for unit in asked]
    weights = [_weight(unit, on, strange=strange) for unit, on in zip(asked, anywhere, strict=True)]
    if not any(anywhere):
        return
    topical = [unit.stands(topic(sheet)) for unit in asked]
    for passage in passages(sheet):
        if not (passage.told.prose or runs(sheet)):
            # What a table or a form says is told by its rows and labels.
            continue
        text = passage.told.text
        here = [unit.stands(text) for unit in asked]
        captioned = is_form(sheet) and is_captioned(passage, question.kind)
        around = [max(map(unit.stands, passage.around)) for unit in asked]
        named = question.kind == "name" and any(around)
        if not (captioned or named or any(here) or any(topical)):
            continue
        far = CAPTIONED if captioned else SOMEWHERE
        marks = [
            max(at, BESIDE * near, TOPIC * about, far * on)
            for at, near, about, on in zip(here, around, topical, anywhere, strict=True)
        ]
        share = sum(weight * mark for weight, mark in zip(weights, marks, strict=True)) / sum(weights)
        share += EVENT if question.kind in ("date", "time", "place") and _is_event(passage) and any(topical) else 0.0
        if share >= LEAST / 1.2 and _has_noun(question, asked, marks, strange=strange):
            if sorts(question)[-1:] == NUMBERS[-1:] and share < MARKED:
                continue
            yield from _answers(passage, question, [u for u, at in zip(asked, here, strict=True) if at], share)


def _has_noun(question: Question, asked: Sequence[Unit], marks: Sequence[float], *, strange: bool) -> bool:
    """Whether the sentence, or what stands over it, tells of the thing that is asked for: the budget of a project."""
    told = [
        mark for unit, mark in zip(asked, marks, strict=True) if unit.text and question.noun in unit.text.split("-")
    ]
    mere = question.kind or strange or not question.noun or question.noun in SORTS
    return bool(mere or not told or max(told) > SOMEWHERE)


def _weight(unit: Unit, on: float, *, strange: bool) -> float:
    """Less for a word for a deed that the page does not have, and for one that it could have in no language here."""
    if strange and not unit.known and unit.weight <= 1:
        return unit.weight * UNTOLD
    return unit.weight * (UNDONE if not on and unit.weight <= VERB else 1.0)


def _is_event(passage: Passage) -> bool:
    """Whether the sentence tells that something happens."""
    return passage.told.prose and not _events().isdisjoint(deeds(passage.told.text))


@cache
def _events() -> frozenset[int]:
    return frozenset(deeds(" ".join(lexicon.table("running")["events"])))


def _only(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The one value on the page that is of the kind, where the question names nothing else: For how many years?"""
    for kind in sorts(question)[:1]:
        found = [
            (value, one) for one in passages(sheet) if (value := pick(one.told.text, kind, [], "", question.text)[0])
        ]
        lasting = [(value, one) for value, one in found if not _lasts().isdisjoint(deeds(one.told.text))]
        found = lasting if kind == "duration" and len({value for value, _ in lasting}) == 1 else found
        if len({value for value, _ in found}) == 1:
            yield _item(found[0][0], found[0][1], ALONE)


MARKED = 0.75
"""How well a sentence must tell what a number is of that is asked for."""


@cache
def _lasts() -> frozenset[int]:
    return frozenset(deeds("lasts"))


ALONE = 0.6
"""How sure the one value of its kind is."""

CAPTIONED = 0.85
"""What a word counts that stands elsewhere, where a caption says that just such a value follows."""


def _answers(passage: Passage, question: Question, standing: Sequence[Unit], share: float) -> Iterator[Item]:
    text, cells = passage.told.text, passage.told.cells
    spots = [spot for unit in standing for spot in _spots(unit, text)] or [(0, len(text))]
    for rank, kind in enumerate(sorts(question)):
        if kind in _CALLED:
            value, fit = _CALLED[kind](text, spots), 1.0
        else:
            value, fit = pick(text, kind, spots, role(question), question.text, beside=question.kind == "money")
        if value:
            share += OFFICE if kind == "name" and _tells_office(text) else 0.0
            yield _item(value, passage, share * fit * 0.97**rank)
            return
    phones = [value.text for value in values(text) if value.kind == "phone"]
    if question.kind == "name" and not asks_for_name(question) and (passage.told.prose or phones):
        yield _item(phones[0] if phones else "", passage, share * (0.8 if phones else 0.7))
    if sorts(question):
        return
    captioned = is_captioned(passage, question.kind)
    named = question.kind != "place" and passage.label and any(unit.stands(passage.label) for unit in standing)
    if captioned or named:
        yield _item(passage.value, passage, share)
    elif question.kind != "place" or _PLACE.search(fold(text)) or is_address(text):
        if question.kind == "place":
            share *= 1.0 if _PLACES.search(fold(text)) or is_address(text) else 0.75
        tells_more = len(words(text)) > 1 + sum(len(words(unit.text)) for unit in standing)
        if passage.told.prose or len(cells) > 1 or tells_more:
            yield _item("", passage, share * 0.9)


OFFICE = 0.12
"""How much better a name answers that stands with what somebody is: the engineer, Mr Hussain."""


def _tells_office(text: str) -> bool:
    return any(part.text in stop().persons for part in words(text))


_CALLED = {"name": person, "firm": firm}
_PLACES = re.compile(lexicon.alternatives("places", "running"))
_PLACE = re.compile(rf"{lexicon.alternatives('place')}|\b(?:{'|'.join(lexicon.table('running')['place'])})\b")


def _item(value: str, passage: Passage, score: float) -> Item:
    cells = passage.told.cells
    cell = next((one for one in cells if value and value in one.text), cells[0])
    return Item(value, score, cell, cells, passage.told.text)


def _spots(unit: Unit, text: str) -> list[Place]:
    """Where the text tells of it."""
    found = [place for number, place in deeds(text).items() if number in unit.deeds]
    found += [place for number, place in matters(text).items() if number in unit.matters]
    if unit.text and not is_han(unit.text):
        found += [(word.start, word.end) for word in words(text) if likeness(unit.text, word.text) >= 0.75]
    elif unit.text and (at := text.find(unit.text)) >= 0:
        found.append((at, at + len(unit.text)))
    return found
