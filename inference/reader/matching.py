"""How well words of a question stand in a text, whatever the language of either. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from inference.reader import deeds, glossary
from inference.reader.dates import month_number
from inference.reader.questions import Term
from inference.reader.stop import stop, telling
from inference.reader.words import alike, fold, is_han, within, words


@lru_cache(maxsize=65536)
def likeness(term: str, text: str) -> float:
    """From 0 to 1: how surely the text holds the term."""
    if is_han(term):
        return _han_likeness(term, text)
    return max(_spelled(term, text), glossary.likeness(term, text), deeds.likeness(term, text))


def _spelled(term: str, text: str) -> float:
    if any(char.isdigit() for char in term):
        return 1.0 if term in _marks(text) or ("-" in term and spells(term, text)) else 0.0
    if "-" in term:
        return 1.0 if _looks(term) in _looks(text) else 0.9 * min(likeness(part, text) for part in telling(term))
    best, looks = 0.0, term.translate(_LOOKS)
    for word in words(text):
        if word.text == term:
            return 1.0
        if word.text in stop().words:
            # No slip for a small word: wenden is not werden.
            continue
        if month_number(term) is not None and month_number(word.text) == month_number(term):
            return 1.0
        if alike(term, word.text) or word.text.translate(_LOOKS) == looks:
            best = max(best, 0.9)
        elif within(term, word.text) or (len(word.text) >= 5 and within(word.text, term)):
            best = max(best, 0.8 if not _names_more(term, word.text) else MERE)
        elif len(word.text) == 4 and term.startswith(word.text) and word.end - word.start == len(text.strip(" :")):
            # Spätschicht, beside a label Spät.
            best = max(best, 0.8)
    if best < 0.8 and len(term) >= 5 and term in squashed(text):
        return 0.8
    if best < 0.8 and "-" in text and term in re.findall(r"\w+", fold(text).replace("-", "")):
        # Wi-Fi.
        return 1.0
    return best


def _names_more(term: str, word: str) -> bool:
    """Whether the term is another thing that only begins with the word, as a compound whose end has a name:
    Stundenlohn, Stunden."""
    rest = term[len(word) :] if term.startswith(word) else ""
    return len(rest) >= 4 and glossary.knows(rest)


MERE = 0.5
"""How alike a compound and its first part are."""


def spells(term: str, text: str) -> bool:
    """Whether the words of the term follow one another in the text, whatever stands between: carnet-de-10."""
    spelled = " ".join(word.text for word in words(text))
    return f" {' '.join(word.text for word in words(term))} " in f" {spelled} "


@lru_cache(maxsize=16384)
def squashed(text: str) -> str:
    """Folded, without spaces and signs: words that a model ran together still hold their letters."""
    return re.sub(r"[\W_]+", "", fold(text))


@lru_cache(maxsize=16384)
def _looks(text: str) -> str:
    """Squashed, with signs as one that a model takes for each other: FI-Schalter, Fl-Schalter."""
    return squashed(text).translate(_LOOKS)


_LOOKS = str.maketrans("i10", "llo")


@lru_cache(maxsize=16384)
def _marks(text: str) -> frozenset[str]:
    """Figures and marks of the text, whole and in parts: Q3, 6603, INV-2026-0417 and 0417."""
    flat = fold(text)
    found = re.findall(r"[^\W_]+(?:[-./][^\W_]+)*", flat)
    parts = re.findall(r"[^\W_]+", flat) + re.findall(r"[a-z\d]+", flat)  # the latter beside Chinese: 螺栓M10
    return frozenset(found) | frozenset(parts) | {w.text for w in words(text) if w.text.isdigit()}


def _han_likeness(term: str, text: str) -> float:
    flat = re.sub(r"\s+", "", fold(text))
    if term in flat:
        return 1.0
    if term[-1] in "费款" and len(term) > 2 and (thing := _han_likeness(term[:-1], text)):
        # 停车费: what parking costs.
        return 0.9 * thing
    shared = LCSseq.similarity(term, flat)
    spelled = shared / len(term) if len(term) > 2 and shared / len(term) >= 0.75 else 0.0
    return max(spelled * 0.9, glossary.likeness(term, text), deeds.likeness(term, text))


def coverage(terms: Sequence[Term], texts: Sequence[str]) -> float:
    """The share of the terms, by weight, that stand in any of the texts."""
    likely = [max((likeness(term.text, text) for text in texts), default=0.0) for term in terms]
    total = sum(term.weight if like else term.missed for term, like in zip(terms, likely, strict=True))
    return sum(term.weight * like for term, like in zip(terms, likely, strict=True)) / total if total else 0.0
