"""What the words of a console mean, in five languages: the same sense in a question and in a line. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from inference.reader import lexicon
from inference.reader.words import Word, fold, is_han, words

Key = TypeVar("Key")

LONGEST_PHRASE = 5
_UNITS = frozenset({"min", "ms", "to", "go"})
"""Behind a number they are units: 5 min is no minimum."""

COMPOUND = 5
"""Letters of a word that a longer one may hold: Paketname."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text and all that its words may mean."""

    start: int
    end: int
    senses: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    phrases: Mapping[tuple[str, ...], frozenset[str]]
    stems: Mapping[str, frozenset[str]]
    han: Mapping[str, frozenset[str]]
    akin: Mapping[str, frozenset[str]]
    kinds: Mapping[str, tuple[str, ...]]


@cache
def _vocabulary() -> _Vocabulary:
    table = lexicon.table("console")
    phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)
    stems: dict[str, set[str]] = defaultdict(set)
    han: dict[str, set[str]] = defaultdict(set)
    for sense, listed in table["senses"].items():
        for entry in listed.split():
            if is_han(entry):
                han[fold(entry)].add(sense)
            elif "-" not in entry and entry.endswith("*"):
                stems[fold(entry[:-1])].add(sense)
            else:
                phrases[tuple(_with_star(entry))].add(sense)
    akin: dict[str, set[str]] = defaultdict(set)
    for group in table["akin"]:
        for sense in group.split():
            akin[sense] |= set(group.split()) - {sense}
    return _Vocabulary(
        _frozen(phrases),
        _frozen(stems),
        _frozen(han),
        _frozen(akin),
        {sense: tuple(kinds.split()) for sense, kinds in table["kinds"].items()},
    )


def _frozen(table: Mapping[Key, set[str]]) -> dict[Key, frozenset[str]]:
    return {key: frozenset(senses) for key, senses in table.items()}


def _with_star(entry: str) -> Iterator[str]:
    """The words of a phrase, the last with its star."""
    spelled = [word.text for word in words(entry)]
    yield from spelled[:-1]
    yield spelled[-1] + ("*" if entry.endswith("*") else "")


def akin(sense: str) -> frozenset[str]:
    """What a log may say in its place."""
    return _vocabulary().akin.get(sense, frozenset())


def implied(sense: str) -> frozenset[str]:
    """What a line may say of it that does not name it."""
    return frozenset(lexicon.table("console")["implied"].get(sense, "").split())


@cache
def acts() -> frozenset[str]:
    """What is done to things, and may be denied."""
    return frozenset(lexicon.table("console")["acts"].split())


def kinds(sense: str) -> tuple[str, ...]:
    """The kinds of values that answer which, where the sense is the noun behind it."""
    return _vocabulary().kinds.get(sense, ())


@lru_cache(maxsize=8192)
def spans(text: str) -> tuple[Span, ...]:
    """Every place that means something, the longest phrases first taken, in order."""
    parts = words(text)
    found, at = list(_han(fold(text))), 0
    while at < len(parts):
        size, senses = _phrase(text, parts, at)
        if senses:
            found.append(Span(parts[at].start, parts[at + size - 1].end, senses))
        at += size
    return tuple(sorted(found, key=lambda span: span.start))


def _phrase(text: str, parts: tuple[Word, ...], at: int) -> tuple[int, frozenset[str]]:
    """How many words from there on mean something together, and what."""
    known = _vocabulary()
    for size in range(min(LONGEST_PHRASE, len(parts) - at), 1, -1):
        spelled = tuple(part.text for part in parts[at : at + size])
        senses = known.phrases.get(spelled) or _starred(spelled)
        if senses:
            return size, senses
    word = parts[at]
    if word.han or (word.text in _UNITS and re.search(r"\d\s?$", text[: word.start])):
        return 1, frozenset()
    return 1, known.phrases.get((word.text,), frozenset()) | _stemmed(word.text)


@lru_cache(maxsize=8192)
def _starred(spelled: tuple[str, ...]) -> frozenset[str]:
    last = spelled[-1]
    tries = ((*spelled[:-1], last[:length] + "*") for length in range(len(last), 2, -1))
    return next((senses for one in tries if (senses := _vocabulary().phrases.get(one))), frozenset())


@lru_cache(maxsize=8192)
def _stemmed(word: str) -> frozenset[str]:
    """What the longest stem means, and what any word means of which this one is put together."""
    stems = _vocabulary().stems
    length = next((length for length in range(len(word), 1, -1) if word[:length] in stems), 0)
    longest = stems[word[:length]] if length else frozenset()
    if len(word) - length < 3 or len(word) < COMPOUND + 3:
        return longest
    simple = {phrase[0]: senses for phrase, senses in _vocabulary().phrases.items() if len(phrase) == 1}
    inside = [senses for part, senses in (*stems.items(), *simple.items()) if len(part) >= COMPOUND and part in word]
    return longest.union(*inside)


def _han(flat: str) -> Iterator[Span]:
    """The longest Chinese phrases, none within another."""
    table = _vocabulary().han
    at = 0
    while at < len(flat):
        size = next((size for size in range(6, 0, -1) if flat[at : at + size] in table), 0)
        if size:
            yield Span(at, at + size, table[flat[at : at + size]])
        at += max(size, 1)
