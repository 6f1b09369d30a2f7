"""Patterns of words, and whether a text says them. Pure."""

import re
from collections.abc import Iterable, Sequence, Set
from functools import cache

from inference.reader import lexicon
from inference.reader.words import Word, fold, is_han, key

REACH = 5
"""Words from one of a pattern to the next, at most, itself included."""

HAN_REACH = 16
"""Chinese has no words to count: a date may stand between the parts of a pattern."""

Pattern = tuple[str, ...]
"""Words in their order; a trailing * is an ending of up to two letters."""


@cache
def patterns(table: str, name: str) -> tuple[Pattern, ...]:
    """The patterns that a file of the lexicon lists under a name."""
    return tuple(pattern(phrase) for phrase in lexicon.table(table)[name])


def pattern(phrase: str) -> Pattern:
    """The words of a phrase as they are compared."""
    if is_han(phrase):
        return tuple(fold(phrase).split())
    return tuple(word if word.endswith("*") else key(word) for word in fold(phrase).split())


def size(pattern: Pattern, parts: Sequence[Word]) -> int | None:
    """How many of the words the pattern takes up; None if they do not say it."""
    if is_han(pattern[0]):
        text = "".join(part.text for part in parts)
        if not all(part in text for part in pattern):
            return None
        found = re.search(f".{{0,{HAN_REACH}}}?".join(map(re.escape, pattern)), text)
        return sum(map(len, pattern)) if found else None
    return len(pattern) if any(_begins(pattern, parts, first) for first in range(len(parts))) else None


def _begins(pattern: Pattern, parts: Sequence[Word], first: int) -> bool:
    at = first
    for wanted in pattern:
        reach = 1 if at == first else REACH
        at = next((i for i in range(at, min(at + reach, len(parts))) if _is(wanted, parts[i].text)), -1) + 1
        if not at:
            return False
    return True


def _is(wanted: str, word: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1]) and len(word) - len(wanted) < 2
    return wanted == word


def says(several: Iterable[Pattern], parts: Sequence[Word]) -> bool:
    """Whether the words say any of the patterns."""
    spelled = {part.text for part in parts}
    return any(size(pattern, parts) is not None for pattern in several if _may(pattern, spelled))


def _may(pattern: Pattern, spelled: Set[str]) -> bool:
    """A quick look before the slow one: whether the plain words of the pattern are there at all."""
    return is_han(pattern[0]) or all(word.endswith("*") or word in spelled for word in pattern)
