"""What a question asks of running text: the matters it names, and what sort of value would answer. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from inference.reader import glossary, lexicon
from inference.reader.deeds import Place, deeds, matters
from inference.reader.items.statements import PARTIES, asks_for_firm, kinds_of
from inference.reader.matching import likeness
from inference.reader.questions import Question
from inference.reader.stop import stop
from inference.reader.terms import Term
from inference.reader.words import fold, is_han, words

VERB = 0.5
"""What a word for what is done counts; a text may have other words for it."""

PLAIN = 0.6
"""What a word counts that no dictionary here holds."""

ALIKE = 0.75
"""How alike words are that belong to the same matter."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of the question that should stand in the answer's sentence, in some words or other. ``known`` tells that
    the lexicon has it in other languages."""

    text: str
    weight: float
    deeds: frozenset[int] = frozenset()
    matters: frozenset[int] = frozenset()
    known: bool = False

    def stands(self, text: str) -> float:
        """From 0 to 1: how surely the text tells of it."""
        spelled = likeness(self.text, text) if self.text else 0.0
        if self.deeds and not self.deeds.isdisjoint(deeds(text)):
            return max(0.9, spelled)
        if spelled < ALIKE and self.matters and not self.matters.isdisjoint(matters(text)):
            return ALIKE
        return spelled


@lru_cache(maxsize=256)
def units(question: Question) -> tuple[Unit, ...]:
    """What the question names: its telling words, each with what else it may be called."""
    places = _places(question.text)
    found: list[Unit] = []
    held: set[Place] = set()
    for term in (*(term for term in question.all_terms if not is_han(term.text)), *_han_terms(question.text)):
        if term.text in _SPARE or (question.kind == "name" and term.text in stop().sorts):
            continue
        if question.kind in _OF_THINGS and term.text in PARTIES:
            # Whom a letter is for it calls you.
            continue
        at = _where(question.text, term.text)
        meets = _covers if is_han(term.text) else _meet
        inside = [(place, number, of) for place, number, of in places if at and meets(place, at)]
        held.update(place for place, _, _ in inside)
        done = frozenset(number for _, number, of in inside if of == "deed")
        about = frozenset(number for _, number, of in inside if of == "matter")
        known = bool(done or about) or glossary.knows(term.text)
        verb = term.missing is not None and term.missing < term.weight
        weight = term.weight * (VERB if verb and not glossary.knows(term.text) else 1.0 if known else PLAIN)
        weight = term.weight if term.weight > 1 else VERB if term.text in SORTS else weight
        found.append(Unit(term.text, weight, done, about, known))
    found += _unsaid(places, held)
    return tuple(unit for unit in found if not _is_told_by_value(unit, question))


def _is_told_by_value(unit: Unit, question: Question) -> bool:
    """Whether the value that answers tells it: what costs, how long it lasts."""
    told = _TOLD_BY.get(question.kind, frozenset())
    lasts = question.kind == "duration" and unit.matters <= _LASTS and not unit.deeds - told
    return (bool(told & unit.deeds) or (lasts and bool(unit.matters))) and not glossary.knows(unit.text)


_TOLD_BY = {"money": frozenset(deeds("cost")), "duration": frozenset(deeds("lasts"))}
_LASTS = frozenset(matters("lasts"))


def _han_terms(text: str) -> Iterator[Term]:
    """What a Chinese question names: words that the lexicon has, the longest first, and what is left between them."""
    for run in re.findall(r"[\u3400-\u9fff]+", _ASKING_HAN.sub(" ", text)):
        at, left = 0, ""
        while at < len(run):
            sizes = range(min(6, len(run) - at), 0, -1)
            known = next((run[at : at + size] for size in sizes if _is_known(run[at : at + size])), "")
            if known:
                yield from _left_over(left)
                yield Term(known)
            left = "" if known else left + run[at]
            at += len(known) or 1
        yield from _left_over(left)


def _left_over(text: str) -> Iterator[Term]:
    yield from (Term(part, missing=PLAIN) for part in _SPARE_HAN.sub(" ", text).split() if len(part) > 1)


@lru_cache(maxsize=4096)
def _is_known(word: str) -> bool:
    if len(word) == 1:
        return word in lexicon.table("running")["single_han"]
    whole = (0, len(word))
    return glossary.knows(word) or whole in deeds(word).values() or whole in matters(word).values()


SORTS = frozenset(lexicon.table("running")["sorts"].split())
"""Words for a sort of thing, which a text has by its own names."""

_OF_THINGS = ("place", "date", "time", "duration")

_SPARE = frozenset((*lexicon.table("running")["times"]["words"].split(), *lexicon.table("running")["spare"].split()))
"""Words that ask for a time, or name nothing."""

_HAN = sorted({*stop().han, *lexicon.table("running")["spare_han"]}, key=len, reverse=True)
_ASKING_HAN = re.compile("|".join(word for word in _HAN if len(word) > 1))
_SPARE_HAN = re.compile("|".join(_HAN))


def papers(question: Question, page: str) -> Iterator[Unit]:
    """Words for papers in the question, which elsewhere mean what lies before us, where the page has them too."""
    for part in words(question.text):
        if part.text in stop().documents:
            unit = Unit(part.text, 1.0, frozenset(), frozenset(matters(part.text)), known=True)
            if unit.stands(page):
                yield unit


def _unsaid(places: list[tuple[Place, int, str]], held: set[Place]) -> Iterator[Unit]:
    """Deeds and matters that are told in small words, which are no terms: come, start, take place."""
    free = {place for place, _, _ in places if not any(_meet(place, other) for other in held)}
    free = {place for place in free if not any(_within(place, other) for other in free)}
    for place in sorted(free):
        done = frozenset(number for at, number, of in places if at == place and of == "deed")
        about = frozenset(number for at, number, of in places if at == place and of == "matter")
        yield Unit("", VERB, done, about, known=True)


def _places(text: str) -> list[tuple[Place, int, str]]:
    return [
        *((place, number, "deed") for number, place in deeds(text).items()),
        *((place, number, "matter") for number, place in matters(text).items()),
    ]


def _where(text: str, term: str) -> Place | None:
    first, last = term.split("-")[0], term.split("-")[-1]
    start = next((word.start for word in words(text) if word.text == first), -1)
    end = next((word.end for word in words(text) if word.text == last and word.start >= start), -1)
    if start < 0 and (at := fold(text).find(term)) >= 0:
        start, end = at, at + len(term)
    return (start, end) if 0 <= start < end else None


def _meet(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _covers(place: Place, term: Place) -> bool:
    """Whether all of a Chinese word is meant: parking is no stop."""
    return place[0] <= term[0] and term[1] <= place[1]


def _within(one: Place, other: Place) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


@lru_cache(maxsize=256)
def sorts(question: Question) -> tuple[str, ...]:
    """The kinds of values that would answer, the likeliest first; none where words do."""
    flat = fold(question.text)
    if question.kind in ("", "mark") and _MANNER.search(flat):
        return ("method",) if _COSTS.search(flat) else ()
    kinds = tuple(kind for kind in kinds_of(question) if kind != "code")
    if question.kind == "mark" and kinds != ("phone",):
        return NUMBERS
    if asks_for_firm(question):
        return ("firm", "name")
    if question.kind == "name" or (not kinds and _NAME.search(flat)):
        return ("name",)
    if question.kind == "" and kinds[:1] == ("duration",) and role(question) == "deadline":
        return (*kinds, "date", "span")
    if question.kind == "date":
        return tuple(dict.fromkeys((*(kind for kind in kinds if kind != "term"), "weekday", "monthly", "span")))
    if question.kind == "money" and "money" in kinds:
        return ("money",) if _COSTS.search(flat) else ("money", "duration", "count")
    if question.kind == "number" and _COSTS.search(flat) and is_han(flat):
        return ("money",)
    if question.kind == "number" and kinds[:1] not in (("duration",), ("percent",)):
        return ("percent",) if _PERCENT.search(flat) else ("count",)
    if not kinds and _EARNS.search(flat):
        return ("money", "percent")
    if kinds[:2] == ("money", "number"):
        return ("money",)
    if not kinds and any(part.text == "no" for part in words(question.text)):
        return NUMBERS
    if not kinds and _CODE.search(flat):
        return NUMBERS[2:]
    return kinds


_COSTS = lexicon.expression("running", "costs")
_EARNS = lexicon.expression("running", "earns")
_MANNER = lexicon.expression("running", "manner")
NUMBERS = ("phone", "account", "code", "number")
"""What a number may be that is asked for as such."""

_CODE = re.compile(r"\b\w*code\b|\bcodigo\b|\bpin\b|\bkennwort|\bpasswor[td]|密码|代码|码|编号|号码|号是|账[户号]")
_NAME = re.compile(r"\bnames?\b|\bnamens?\b|\bnom\b|\bnombre\b|叫什么|名字|姓名|名称")
_PERCENT = re.compile(r"%|\bper ?cent|\bprozent|\bpour ?cent|\bpor ?ciento|百分")


def asks_for_name(question: Question) -> bool:
    """Whether it asks in so many words what somebody or something is called."""
    return bool(_NAME.search(fold(question.text)))


@lru_cache(maxsize=256)
def role(question: Question) -> str:
    """Which of several times is asked for: a deadline, the first or the last; empty where the question does not say."""
    flat = fold(question.text)
    return next((name for name in ROLES if _asks(name).search(flat)), "")


ROLES = ("deadline", "from", "until")


@lru_cache(maxsize=8)
def _asks(name: str) -> re.Pattern[str]:
    said = lexicon.table("running")["times"][name]
    return re.compile(rf"\b(?:{'|'.join(said['asks'])})(?!\w)|{'|'.join(said['asks_han'])}")
