"""Deeds and events that questions ask about and sentences tell of, in five languages. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from inference.reader import lexicon
from inference.reader.words import fold, is_han, words

REACH = 6
"""Words from the first of a way to the second at most: läuft am 3. Mai ab."""

APART = 30
"""The same where the second is what German sets apart from a verb and puts last: findet am Montag im Rathaus statt."""

_LAST = frozenset(("statt", "ab", "an", "auf", "aus", "bei", "durch", "ein", "mit", "um", "vor", "zu", "zuruck"))

LIKE = 0.8
"""How alike two words are that tell of the same deed."""

_STEM = 3

Place = tuple[int, int]


class _Ways:
    """Ways to tell of deeds, by how they begin. A trailing * is any ending, one in front any
    beginning, as of German compounds; a second word may follow a little later."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.whole: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.stems: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        self.ends: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.han: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            for way in line.split():
                first, _, second = fold(way).partition("+")
                if is_han(first):
                    self.han[first].append(number)
                elif first.startswith("*"):
                    self.ends[first[-_STEM:]].append((first[1:], number))
                elif first.endswith("*"):
                    self.stems[first[:_STEM]].append((first[:-1], number, second))
                else:
                    self.whole[first].append((number, second))
        self.characters = re.compile("|".join(sorted(self.han, key=len, reverse=True)))

    def begun(self, word: str) -> Iterator[tuple[int, str]]:
        """Each deed whose way the word begins, with the word that must follow, if any."""
        yield from self.whole.get(word, ())
        yield from ((n, second) for stem, n, second in self.stems.get(word[:_STEM], ()) if word.startswith(stem))
        yield from ((n, "") for end, n in self.ends.get(word[-_STEM:], ()) if word.endswith(end))


@cache
def _ways() -> _Ways:
    return _Ways(lexicon.table("affairs")["deeds"])


@cache
def _matters() -> _Ways:
    return _Ways(lexicon.table("running")["matters"])


@lru_cache(maxsize=8192)
def deeds(text: str) -> Mapping[int, Place]:
    """Each deed that the text tells of, by its number, and where its first words stand."""
    return _told(text, _ways())


@lru_cache(maxsize=8192)
def matters(text: str) -> Mapping[int, Place]:
    """Each matter that the text touches, by its number, and where its first words stand."""
    return _told(text, _matters())


def _told(text: str, ways: _Ways) -> Mapping[int, Place]:
    found: dict[int, Place] = {}
    parts = [part for part in words(text) if not part.han]
    for at, part in enumerate(parts):
        for number, second in ways.begun(part.text):
            reach = APART if second in _LAST else REACH
            last = next((one for one in parts[at + 1 : at + reach] if one.text == second), None) if second else part
            if last is not None:
                found.setdefault(number, (part.start, last.end))
    for match in ways.characters.finditer(fold(text)):
        for number in ways.han[match[0]]:
            found.setdefault(number, match.span())
    return found


def likeness(term: str, text: str) -> float:
    """How alike they are for telling of the same deed: LIKE or 0."""
    asked = deeds(term)
    return LIKE if asked and not asked.keys().isdisjoint(deeds(text)) else 0.0


def of_doors(text: str) -> bool:
    """Whether it tells when something opens or closes."""
    return not _doors().isdisjoint(deeds(text))


@cache
def _doors() -> frozenset[int]:
    return frozenset(deeds(" ".join(lexicon.table("affairs")["doors"])))


def knows(term: str) -> bool:
    return term.isalpha() and bool(deeds(term))


def parted(run: str) -> list[str]:
    """Chinese characters that run on, with deeds of two characters or more set apart."""
    return [part for part in re.split(f"({_several().pattern})", run) if part]


@cache
def _several() -> re.Pattern[str]:
    return re.compile("|".join(word for word in sorted(_ways().han, key=len, reverse=True) if len(word) > 1))
