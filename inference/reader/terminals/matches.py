"""Where what a question names stands in the lines of a console, and how surely. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from inference.reader.matching import likeness
from inference.reader.stamps import is_level
from inference.reader.terminals.asking import Asked, Needle
from inference.reader.terminals.console import Unit
from inference.reader.terminals.forms import formed_as, pieces
from inference.reader.terminals.senses import acts, akin, implied, kinds, spans
from inference.reader.words import fold, is_han, words

IN_COMMAND = 0.75
IN_HEADING = 0.6
ELSEWHERE = 0.35
"""What a word counts that stands in the command above the line, below that, or anywhere on the page."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a needle stands in a line, and how surely."""

    needle: Needle
    credit: float
    places: tuple[tuple[int, int], ...] = ()

    @property
    def inline(self) -> bool:
        return self.credit > IN_COMMAND


def match_of(needle: Needle, unit: Unit, asked: Asked, everything: str) -> Match:
    credit, places = in_text(needle, unit.text)
    if places and "count" not in asked.kinds and (places := _not_nil(needle, unit.text, places)) == ():
        return Match(needle, 0.0)
    if places or credit:
        agreed = tuple(place for place in places if _is_denied(unit, [place]) == asked.negated)
        lost = (
            not (needle.noun or needle.senses & _SELF_DENYING)
            and bool(needle.senses & acts())
            and _is_denied(unit, places) != asked.negated
        )
        lost = lost and not agreed
        after = needle.senses & {"fail", "error"} and 0 < unit.fault < 0.4
        return Match(needle, 0.7 if after else 0.8 * credit if lost and credit > 0.8 else credit, agreed or places)
    if needle.senses & {"fail", "error"} and unit.fault > 0.4:
        return Match(needle, 0.95)
    if asked.denied and needle.senses & acts() and unit.fault > 0.4:
        # What does not load, start or open has failed.
        return Match(needle, 0.8)
    if any(
        pieces(unit.text, kind) for sense in needle.senses for kind in kinds(sense) if kind in ("port", "ip", "host")
    ):
        return Match(needle, 0.76)
    if needle.senses & {"warning"} and is_level(unit.text) and not unit.fault:
        return Match(needle, 0.8)
    if unit.command and in_text(needle, unit.command)[0]:
        return Match(needle, IN_COMMAND)
    if unit.heading and (credit := in_text(needle, unit.heading)[0]):
        return Match(needle, IN_HEADING * credit)
    return Match(needle, ELSEWHERE if in_text(needle, everything)[0] else 0.0)


def _not_nil(needle: Needle, text: str, places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Without those of which the line says that there are none: failed=0, 0 errors. GPU 0 is no such thing."""
    counted = bool(needle.senses & (acts() | _SELF_DENYING | {"warning"}))

    def is_nil(start: int, end: int) -> bool:
        behind = re.match(r"\s?[=:]\s?(\d[\d.,]*)(?!\w)", text[end:])
        return behind[1] == "0" if behind else counted and bool(re.search(r"(?<![\d.,=])0\s$", text[:start]))

    return tuple(place for place in places if not is_nil(*place))


def in_text(needle: Needle, text: str) -> tuple[float, tuple[tuple[int, int], ...]]:
    """How surely the text names it, and where."""
    if needle.senses:
        exact = tuple((span.start, span.end) for span in spans(text) if span.senses & needle.senses)
        if exact:
            return 1.0, exact
        formed = tuple(place for sense in sorted(needle.senses) for place in formed_as(text, sense))
        if formed:
            return 0.95, formed
        near = needle.senses.union(*(akin(sense) | implied(sense) for sense in needle.senses))
        like = tuple((span.start, span.end) for span in spans(text) if span.senses & near)
        return (0.8, like) if like else (0.0, ())
    return spelled(needle.literal, text)


@lru_cache(maxsize=65536)
def spelled(literal: str, text: str) -> tuple[float, tuple[tuple[int, int], ...]]:
    flat = fold(text)
    exact = literal.isalnum() and not is_han(literal)
    form = rf"(?<![^\W_]){re.escape(literal)}(?![^\W_])" if exact else re.escape(literal)
    places = tuple(match.span() for match in re.finditer(form, flat))
    if places:
        return 1.0, places
    if any(char.isdigit() for char in literal) and _misread(literal) in _misread(flat):
        # What OCR takes for each other: l and 1, o and 0.
        places = tuple(match.span() for match in re.finditer(re.escape(_misread(literal)), _misread(flat)))
        return 0.95, places
    credit = likeness(literal, text)
    if credit < 0.75:
        return 0.0, ()
    near = tuple((word.start, word.end) for word in words(text) if likeness(literal, word.text))
    return credit, near


def _misread(flat: str) -> str:
    return flat.translate(_ALIKE)


_ALIKE = str.maketrans("lio", "110")
_SELF_DENYING = frozenset(
    {"fail", "error", "missing", "unused", "undeclared", "refuse", "loss", "conflict", "unreachable"}
)
_DENIAL = re.compile(
    r"\b(?:not|\w+n't|cannot|never|nicht|keine?|pas|non|no|sin|unable)\W+(?:\w+\W+){0,3}$|(?:未|没有?|无法|不)[^，。,;]{0,6}$"
)


def _is_denied(unit: Unit, places: Sequence[tuple[int, int]]) -> bool:
    """Whether the line says that it was not done: not upgraded, nicht aktualisiert, 未执行."""
    if unit.fault > 0.4:
        return True
    clause = re.compile(r"[,;，；、。]")
    return any(_DENIAL.search(clause.split(fold(unit.text[:start]))[-1]) for start, _ in places)
