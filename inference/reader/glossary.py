"""Everyday things in five languages, so that a question in one finds a line in another. Pure."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from inference.reader import lexicon
from inference.reader.stop import telling
from inference.reader.words import alike, fold, is_han, words

SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe", "æ": "ae"})
"""How a keyboard without them writes such letters."""

LONGEST = 4
"""Words of the longest thing, such as pomme de terre."""

RUN_TOGETHER = 8
"""Letters of several words that are told from chance though a model lost the spaces between them."""


@cache
def _groups() -> tuple[dict[str, frozenset[int]], tuple[frozenset[str], ...]]:
    """Each word to the things that it names, and each thing to its words in all languages."""
    lines = (*lexicon.table("things")["things"], *lexicon.table("affairs")["things"])
    things = tuple(
        frozenset(key for word in line.split() for spelled in _spellings(word) if (key := _key(spelled)))
        for line in lines
    )
    named: dict[str, set[int]] = defaultdict(set)
    for index, spelled in enumerate(things):
        for word in spelled:
            named[word].add(index)
    return {word: frozenset(group) for word, group in named.items()}, things


def _spellings(word: str) -> set[str]:
    return {word, word.translate(SPELLED_OUT)}


def _key(word: str) -> str:
    """Folded; where it is several words these are joined by a hyphen, whatever stands between them."""
    if is_han(word) or not re.search(r"[-']", word):
        return fold(word)
    return "-".join(part.text for part in words(word))


@cache
def _by_letter() -> dict[str, tuple[str, ...]]:
    """The words by the letter that they begin with."""
    sorted_by: dict[str, list[str]] = defaultdict(list)
    for word in _groups()[0]:
        sorted_by[word[0]].append(word)
    return {letter: tuple(found) for letter, found in sorted_by.items()}


@lru_cache(maxsize=4096)
def others(term: str) -> frozenset[str]:
    """What else the thing is called."""
    named, things = _groups()
    groups = named.get(term)
    if groups is None and not is_han(term):
        # Words that are alike begin alike.
        groups = next((named[word] for word in _by_letter().get(term[:1], ()) if alike(word, term)), None)
    called = frozenset(word for group in groups or () for word in things[group])
    return called.union(*(_sorts().get(word, frozenset()) for word in called | {term})) - {term}


@cache
def _sorts() -> dict[str, frozenset[str]]:
    """The common name of a thing to sorts of it: cheese may be Cheddar, but Gouda is not."""
    pairs = (line.split(":") for line in lexicon.table("things")["sorts"])
    return {_key(name.strip()): frozenset(map(_key, sorts.split())) for name, sorts in pairs}


def knows(word: str) -> bool:
    """Whether the folded word names a thing."""
    return word in _groups()[0]


def phrase(spelled: Sequence[str]) -> int:
    """How many of the folded words, from the first on, together name one thing; 0 if no two or more do."""
    for size in range(min(LONGEST, len(spelled)), 1, -1):
        if knows("-".join(spelled[:size])):
            return size
    return 0


def likeness(term: str, text: str) -> float:
    """0.85 if the text names in any language what the term names, 0.8 if it is put together of several such, else 0."""
    if others(term):
        return 0.85 if _named(others(term), text) else 0.0
    if is_han(term):
        parts = _han_parts(term)
        return 0.8 if parts and all(part in text or _named(others(part), text) for part in parts) else 0.0
    pairs = ((term[:at], term[at:]) for at in range(3, len(term) - 2))
    known = ((one, other) for one, other in pairs if knows(one) and knows(other))
    return max((0.8 for pair in known if all(_named(others(part) | {part}, text) for part in pair)), default=0.0)


@lru_cache(maxsize=4096)
def _han_parts(term: str) -> tuple[str, ...]:
    """The things that a Chinese term is put together of, the longest first taken; none if something is left over."""
    for size in range(len(term) - 1, 0, -1):
        if knows(term[:size]):
            rest = term[size:].lstrip("的")
            parts = (rest,) if knows(rest) else _han_parts(rest)
            if parts:
                return (term[:size], *parts)
    return ()


@lru_cache(maxsize=65536)
def _named(names: frozenset[str], text: str) -> bool:
    """Whether the text holds any of the names."""
    sought, read = _sorted(names), _read(text)
    return (
        any(name in read.flat for name in sought.signs)
        or any(name in read.spaced for name in sought.phrases)
        or any(_stands(name, word) for name in sought.words for word in read.words)
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """Names by how they are looked for."""

    signs: tuple[str, ...]
    """As they stand: Chinese ones, those with figures, and several words run together."""
    phrases: tuple[str, ...]
    """Several words with spaces before and between them."""
    words: tuple[str, ...]


@lru_cache(maxsize=4096)
def _sorted(names: frozenset[str]) -> _Names:
    signs = {name for name in names if is_han(name) or not (name.isalpha() or "-" in name)}
    phrases = {name for name in names - signs if "-" in name}
    together = {letters for name in phrases if len(letters := name.replace("-", "")) >= RUN_TOGETHER}
    short = {parts for name in phrases if len(parts := telling(name)) > 1}
    spaced = {f" {' '.join(parts)}" for parts in short | {tuple(name.split("-")) for name in phrases}}
    return _Names(tuple(signs | together), tuple(spaced), tuple(names - signs - phrases))


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as names are looked for in it."""

    flat: str
    spaced: str
    words: tuple[str, ...]
    """Those with letters: no other can be like a word of a language that has them."""


@lru_cache(maxsize=16384)
def _read(text: str) -> _Read:
    spelled = [word.text for word in words(text)]
    letters = (word for word in spelled if not is_han(word) and not word.isdigit())
    return _Read(fold(text), f" {' '.join(spelled)}", tuple(dict.fromkeys(letters)))


def _stands(name: str, word: str) -> bool:
    """Whether the word is the name or like it, or a compound that begins or ends with it: Tischlampe, Lampenschirm."""
    # Words that are alike begin alike.
    begins = word[0] == name[0]
    if begins and alike(name, word):
        return True
    longer = len(name) >= 4 and len(word) - len(name) >= 3
    return longer and (word.endswith(name) or (begins and word.startswith(name)))
