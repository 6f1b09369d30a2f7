"""Everyday things in five languages, so that a question in one finds a line in another. Pure."""

from collections import defaultdict
from collections.abc import Set
from functools import cache, lru_cache

from inference.reader import lexicon
from inference.reader.words import alike, fold, is_han, words


@cache
def _groups() -> tuple[dict[str, frozenset[int]], tuple[tuple[str, ...], ...]]:
    """Each word to the things that it names, and each thing to its words in all languages."""
    table = lexicon.table("things")
    things = tuple(tuple(fold(word) for word in line.split()) for line in table["things"])
    named: dict[str, set[int]] = defaultdict(set)
    for index, spelled in enumerate(things):
        for word in spelled:
            named[word].add(index)
    return {word: frozenset(group) for word, group in named.items()}, things


@lru_cache(maxsize=4096)
def _others(term: str) -> frozenset[str]:
    """What else the thing is called."""
    named, things = _groups()
    groups = named.get(term)
    if groups is None and not is_han(term):
        groups = next((found for word, found in named.items() if alike(word, term)), None)
    return frozenset(word for group in groups or () for word in things[group]) - {term}


def knows(word: str) -> bool:
    """Whether the folded word names a thing."""
    return word in _groups()[0]


def likeness(term: str, text: str) -> float:
    """0.85 if the text names in any language what the term names, 0.8 if it is put together of two such, else 0."""
    if _others(term):
        return 0.85 if _named(_others(term), text) else 0.0
    parts = ((term[:at], term[at:]) for at in range(1 if is_han(term) else 3, len(term) - (0 if is_han(term) else 2)))
    pairs = ((one, other) for one, other in parts if knows(one) and knows(other))
    return max((0.8 for pair in pairs if all(_named({part, *_others(part)}, text) for part in pair)), default=0.0)


def _named(names: Set[str], text: str) -> bool:
    flat = fold(text)
    if any((is_han(name) or not name.isalpha()) and name in flat for name in names):
        return True
    spelled = [word.text for word in words(text)]
    latin = [name for name in names if not is_han(name)]
    return any(alike(name, word) or (len(name) >= 4 and name in word) for name in latin for word in spelled)
