"""What a statement tells of a deed or event that the question names, whatever the language of either. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from inference.reader import glossary, lexicon
from inference.reader.dates import WEEKDAYS
from inference.reader.deeds import Place, deeds
from inference.reader.items.item import Item, elsewhere, is_in_body, wanted_kinds
from inference.reader.items.roles import name_near
from inference.reader.lexicon import concept, labels
from inference.reader.matching import coverage
from inference.reader.names import has_legal_form
from inference.reader.passages import sentences
from inference.reader.questions import Question, Term
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.tongues import foreign, tongue
from inference.reader.values import Value, values
from inference.reader.wants import PARTIES
from inference.reader.words import fold, is_han, words

ELSEWHERE = 0.6
"""What a word counts that stands on the page, but not in the statement."""

ENOUGH = 0.5
"""The share of the question's other words that must stand with the deed."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A sentence, or a label with what stands right of it."""

    text: str
    cells: tuple[Cell, ...]
    prose: bool


def statements(sheet: Sheet) -> Iterator[Statement]:
    for sentence in sentences(sheet):
        if not is_in_body(sheet, sentence.cells[0]):
            yield Statement(sentence.text, sentence.cells, len(sentence.text) > PROSE or len(sentence.cells) > 1)
    for row in sheet.rows:
        for label, cell in pairwise(row):
            if not label.is_figure:
                yield Statement(f"{label.text} {cell.text}", (label, cell), False)


PROSE = 40
"""Characters of a sentence, at least, that is no label, heading or row."""


def done(sheet: Sheet, question: Question) -> Iterator[Item]:
    """Values in statements of the deed that the question asks about."""
    asked, kinds = deeds(question.text), wanted_kinds(question)
    firm = asks_for_firm(question)
    if not (asked or firm) or not (kinds or question.kind == "name") or _WHY.match(fold(question.text)):
        return
    terms = _others(question, asked)
    if foreign(tongue(question.text), tongue(" ".join(cell.text for cell in sheet.cells))):
        terms = [term for term in terms if term.weight > 1 or glossary.knows(term.text)]
    anywhere = elsewhere(sheet, terms)
    told = list(statements(sheet))
    for index, statement in enumerate(told):
        common = {number: place for number, place in deeds(statement.text).items() if number in asked}
        share = coverage(terms, [statement.text]) if terms else 1.0
        share += ELSEWHERE * max(0.0, anywhere - share)
        if share < ENOUGH or not (common or (firm and terms)):
            continue
        score = 0.55 + 0.25 * share + 0.15 * len(common) / max(1, len(asked))
        spots = list(common.values()) or [(0, len(statement.text))]
        found = _answer(question, statement, kinds, spots, firm=firm)
        if found:
            yield _item(statement, found, score)
        elif statement.prose and index + 1 < len(told) and set(statement.cells) & set(told[index + 1].cells):
            following = _answer(question, told[index + 1], kinds, [(0, 0)], firm=firm)
            if following:
                yield _item(told[index + 1], following, score - 0.2)


def dated(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The day behind the word for a thing that has one: down payment of 3 May."""
    unsure = not question.wants or (not question.wants[0].named and question.wants[0].score < UNSURE)
    if question.kind != "date" or not unsure:
        return
    named = (label.concept for label in labels(question.text, loose=True))
    asked = {name for name in named if "date" not in concept(name).kinds}
    for statement in statements(sheet):
        ends = [label.end for label in labels(statement.text) if label.concept in asked]
        days = [value for value in values(statement.text) if value.kind == "date"]
        near = [day for day in days for end in ends if 0 < day.start - end < BEHIND]
        if near:
            yield _item(statement, near[0].text, 0.8)


def on_weekday(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The day of the week that a statement tells without a date: closed on Mondays."""
    if not _ASKS_FOR_DAY.search(fold(question.text)):
        return
    terms = [term for term in question.all_terms if term.weight >= 0.9 and term.text not in stop().sorts]
    for statement in statements(sheet):
        day = _WEEKDAY.search(fold(statement.text))
        dated = any(value.kind == "date" for value in values(statement.text))
        share = coverage(terms, [statement.text]) if terms and day and not dated else 0.0
        if day and share >= TOLD:
            yield _item(statement, statement.text[day.start() : day.end()], 0.6 + 0.4 * share)


_ASKS_FOR_DAY = re.compile("|".join(lexicon.table("affairs")["weekday"]))
_WEEKDAY = re.compile(
    "|".join(
        rf"\b{day}s?\b" if day.isascii() else day
        for days in WEEKDAYS
        for day in days.split()
        if len(day) > 4 or not day.isascii()
    )
)

TOLD = 0.7
"""The share of what a question names that must stand beside the day of the week."""

UNSURE = 3.0
"""A concept with a lower score is hardly asked for in so many words."""

BEHIND = 25
"""Characters between a thing and its day, at most."""

_WHY = re.compile(rf"\W*(?:{'|'.join(lexicon.table('affairs')['why'])})")


def _item(statement: Statement, text: str, score: float) -> Item:
    cell = next((cell for cell in statement.cells if text in cell.text), statement.cells[0])
    return Item(text, score, cell, statement.cells, statement.text)


def _others(question: Question, asked: Mapping[int, Place]) -> list[Term]:
    """What the question names besides the deed."""
    said = {part.text for part in words(question.text) for start, end in asked.values() if start <= part.start < end}
    said |= stop().helping | stop().sorts
    return [term for term in question.all_terms if term.weight >= 0.9 and not _tells_deed(term.text, said)]


def _tells_deed(term: str, said: Set[str]) -> bool:
    return term in said or (is_han(term) and bool(deeds(term)))


def _answer(
    question: Question, statement: Statement, kinds: Sequence[str], spots: Sequence[Place], *, firm: bool
) -> str:
    if question.kind == "name":
        return _nearest_firm(statement.text, spots) if firm else _nearest_person(question, statement.text, spots)
    for kind in kinds:
        if kind == "number" and "money" in kinds:
            continue
        if kind in ("money", "number") and not statement.prose:
            # What a row costs is told by its words alone.
            continue
        found = [value for value in values(statement.text) if value.kind == kind]
        if found:
            return min(found, key=lambda value: min(_apart(value, spot) for spot in spots)).text
    return ""


def _apart(value: Value, spot: Place) -> float:
    """Characters between the two; what is said of a deed follows it rather."""
    start, end = spot
    return value.start - end if value.start >= end else 10 + 1.5 * max(0, start - value.end)


_CALLED = re.compile(
    r"[A-ZÀ-Þ][\w'’.-]*(?:(?: (?:de|del|la|du|des|et|y|und|and|of|&) | & | )[A-ZÀ-Þ][\w'’-]*\.?){0,4}(?: e\. ?[KV]\.)?"
    r"|[\u4e00-\u9fff]{2,}?公司"
)
_FIRM = re.compile(rf"\b(?:{'|'.join(lexicon.table('affairs')['firm'])})\W+")
_ASKS_FOR_FIRM = re.compile(
    rf"\b(?:{'|'.join(lexicon.table('affairs')['firm'])})\b|{'|'.join(lexicon.table('affairs')['firm_han'])}"
)


def asks_for_firm(question: Question) -> bool:
    return question.kind == "name" and bool(_ASKS_FOR_FIRM.search(fold(question.text)))


def _nearest_firm(text: str, spots: Sequence[Place]) -> str:
    """A name behind a word such as company, or one that ends as those of companies do."""
    behind = (_CALLED.match(text, word.end()) for word in _FIRM.finditer(fold(text)))
    names = [match for match in behind if match] + [m for m in _CALLED.finditer(text) if has_legal_form(m[0])]
    near = min(names, key=lambda match: min(_gap(match, spot) for spot in spots), default=None)
    return near[0].strip() if near else ""


def _nearest_person(question: Question, text: str, spots: Sequence[Place]) -> str:
    """Approved by: the name beside what was done, unless the question has another word for who that is."""
    near = [] if question.wanted(*PARTIES, "contact") else [name_near(text, spot) for spot in spots]
    return min(near, key=lambda pair: pair[1], default=("", 0))[0]


def _gap(match: re.Match[str], spot: Place) -> int:
    return max(0, match.start() - spot[1], spot[0] - match.end())
