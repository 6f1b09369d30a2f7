"""What a statement tells of a deed or event that the question names, whatever the language of either. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from inference.reader import glossary, lexicon
from inference.reader.dates import MONTHS
from inference.reader.deeds import Place, deeds
from inference.reader.items.item import Item, elsewhere, is_in_body, wanted_kinds
from inference.reader.items.roles import name_near
from inference.reader.matching import coverage
from inference.reader.names import has_legal_form
from inference.reader.passages import is_prose, sentences
from inference.reader.questions import Question, Term
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.tongues import foreign, tongue
from inference.reader.values import Value, values
from inference.reader.wants import PARTIES as OTHERS
from inference.reader.words import alike, fold, is_han, words

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
            long = len(sentence.text) * (2 if is_han(sentence.text) else 1) > PROSE
            yield Statement(sentence.text, sentence.cells, long or len(sentence.cells) > 1 or is_prose(sentence.text))
    for row in sheet.rows:
        for label, cell in pairwise(row):
            if not label.is_figure:
                yield Statement(f"{label.text} {cell.text}", (label, cell), False)


PROSE = 40
"""Characters of a sentence, at least, that is no label, heading or row."""


def done(sheet: Sheet, question: Question) -> Iterator[Item]:
    """Values in statements of the deed that the question asks about."""
    asked, kinds = deeds(question.text), kinds_of(question)
    if question.kind == "name" and not asked and _DOES.search(fold(question.text)):
        asked = deeds("perform")
    firm = asks_for_firm(question)
    if not (asked or firm) or not (kinds or question.kind == "name") or _WHY.match(fold(question.text)):
        return
    terms = besides(sheet, question, asked)
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
        score = 0.55 + 0.25 * share + 0.15 * _same(common, asked) + _timely(question, statement)
        score += 0.1 * _in_its_words(question, asked, statement)
        spots = list(common.values()) or [(0, len(statement.text))]
        found = _answer(question, statement, kinds, spots, firm=firm)
        if found:
            yield told_in(statement, found, score)
        elif statement.prose and index + 1 < len(told) and set(statement.cells) & set(told[index + 1].cells):
            following = _answer(question, told[index + 1], kinds, [(0, 0)], firm=firm)
            if following:
                yield told_in(told[index + 1], following, score - 0.2)


LABEL = re.compile(r"[^:：,，.。]{2,40}[:：]\s*(?=\S)")
"""A few words and a colon, which say what follows."""


def _same(common: Mapping[int, Place], asked: Mapping[int, Place]) -> float:
    """The share of the deeds that are asked about; that which is named first says more than what it goes with: how long
    not to drive after the visit."""
    weights = {number: 1.0 if at == 0 else 0.5 for at, number in enumerate(sorted(asked, key=asked.__getitem__))}
    return sum(weights[number] for number in common) / max(1.0, sum(weights.values()))


def _in_its_words(question: Question, asked: Mapping[int, Place], statement: Statement) -> bool:
    """Whether it tells of the deed in the question's own words, or a dictionary's, and not only in such words as take
    place."""
    said = [question.text[start:end] for start, end in asked.values()]
    terms = [part.text for text in said for part in words(text) if not part.han and part.text not in stop().words]
    spelled = words(statement.text)
    return any(alike(term, word.text) or glossary.likeness(term, word.text) for term in terms for word in spelled)


def _timely(question: Question, statement: Statement) -> float:
    """More where both tell of the next time, less where the statement tells of one that is over."""
    if not _NEXT.search(fold(question.text)):
        return 0.0
    flat = fold(statement.text)
    return 0.2 * bool(_NEXT.search(flat)) - 0.2 * bool(_OVER.search(flat))


_NEXT = lexicon.expression("affairs", "next")
_OVER = lexicon.expression("affairs", "over")


def kinds_of(question: Question) -> tuple[str, ...]:
    """How many days, hours or years is how long; a number to call is a telephone's."""
    counts_time = question.kind == "number" and _UNITS_OF_TIME.search(fold(question.text))
    numbered = question.kind in ("", "mark") and any(part.text == "no" for part in words(question.text))
    if numbered and _CALLS & deeds(question.text).keys():
        return ("phone",)
    return ("duration", "term") if counts_time else wanted_kinds(question)


_DOES = lexicon.expression("affairs", "does")
_UNITS_OF_TIME = lexicon.expression("affairs", "counts_time")


_WHY = re.compile(rf"\W*(?:{'|'.join(lexicon.table('affairs')['why'])})")


def told_in(statement: Statement, text: str, score: float) -> Item:
    cell = next((cell for cell in statement.cells if text in cell.text), statement.cells[0])
    return Item(text, score, cell, statement.cells, statement.text)


def besides(sheet: Sheet, question: Question, asked: Mapping[int, Place]) -> list[Term]:
    """What the question names besides the deed."""
    said = {part.text for part in words(question.text) for start, end in asked.values() if start <= part.start < end}
    said |= stop().helping | stop().sorts
    # A letter calls whom it is from and for by we and you.
    said |= PARTIES - {part.text for cell in sheet.cells for part in words(cell.text)}
    said |= {part.text for part in words(question.text) if _COMPARES.fullmatch(part.text) or _NEXT.search(part.text)}
    return [term for term in question.all_terms if term.weight >= 0.9 and not _tells_deed(term.text, said)]


_COMPARES = re.compile(rf"{lexicon.alternatives('asks_new')}|{lexicon.alternatives('asks_old')}")
"""Words such as new, which the statement of a change need not repeat."""


PARTIES = frozenset(fold(word) for word in lexicon.table("affairs")["parties"])


def _tells_deed(term: str, said: Set[str]) -> bool:
    return term in said or (is_han(term) and bool(deeds(term)))


def _answer(
    question: Question, statement: Statement, kinds: Sequence[str], spots: Sequence[Place], *, firm: bool
) -> str:
    if question.kind == "name":
        near = nearest_firm(statement.text, spots) if firm else _nearest_person(question, statement.text, spots)
        return near or _called(question, statement.text)
    for kind in kinds:
        if kind == "number" and "money" in kinds:
            continue
        if kind in ("money", "number") and not statement.prose:
            # What a row costs is told by its words alone.
            continue
        found = [value for value in values(statement.text) if value.kind == kind]
        if kind == "date" and not found and (month := _IN_MONTH.search(fold(statement.text))):
            return statement.text[month.start(1) : month.end(1)]
        if found and kind == "date" and _UNTIL.search(fold(question.text)):
            return found[-1].text
        if found:
            return min(found, key=lambda value: min(_apart(value, spot) for spot in spots)).text
    return ""


def _apart(value: Value, spot: Place) -> float:
    """Characters between the two; what is said of a deed follows it rather."""
    start, end = spot
    return value.start - end if value.start >= end else 10 + 1.5 * max(0, start - value.end)


_UNTIL = lexicon.expression("affairs", "until")
"""Asks for the last of two days."""

_MONTHS = "|".join(name for names in MONTHS for name in names.split() if len(name) > 2)
_IN_MONTH = re.compile(rf"\b(?:in|im|en|au mois de|courant)\s({_MONTHS})\b")


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


def nearest_firm(text: str, spots: Sequence[Place]) -> str:
    """A name behind a word such as company, or one that ends as those of companies do."""
    behind = (_CALLED.match(text, word.end()) for word in _FIRM.finditer(fold(text)))
    names = [match for match in behind if match] + [m for m in _CALLED.finditer(text) if has_legal_form(m[0])]
    near = min(names, key=lambda match: min(_gap(match, spot) for spot in spots), default=None)
    return near[0].strip() if near else ""


def _nearest_person(question: Question, text: str, spots: Sequence[Place]) -> str:
    """Approved by: the name beside what was done, unless the question has another word for who that is."""
    near = [] if question.wanted(*OTHERS, "contact") else [name_near(text, spot) for spot in spots]
    return min(near, key=lambda pair: pair[1], default=("", 0))[0]


def _called(question: Question, text: str) -> str:
    """Whom a label of what is done names in Chinese, with where they are from; or the number to ring."""
    label = LABEL.match(text)
    named = text[label.end() :].strip(" ,.，。；;") if label and label.end() < len(text) else ""
    if 2 <= len(named) <= LONGEST_HAN and is_han(named) and not any(char.isdigit() for char in named):
        return named
    rings = _CALLS & deeds(question.text).keys()
    return next((value.text for value in values(text) if value.kind == "phone"), "") if rings else ""


LONGEST_HAN = 12
"""Characters of a Chinese name with the office that it belongs to."""

_CALLS = frozenset((*deeds("call"), *deeds("report")))


def _gap(match: re.Match[str], spot: Place) -> int:
    return max(0, match.start() - spot[1], spot[0] - match.end())
