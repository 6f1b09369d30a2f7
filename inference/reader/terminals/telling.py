"""The line of a console that tells what a question asks, and the value in it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from inference.reader.lexicon import table
from inference.reader.matching import likeness
from inference.reader.sheet import Cell, Sheet
from inference.reader.stamps import is_level, stamp
from inference.reader.terminals.asking import QUANTITIES, Asked, Needle
from inference.reader.terminals.console import Unit, units
from inference.reader.terminals.forms import Piece, pieces
from inference.reader.terminals.naming import named, spoken
from inference.reader.terminals.senses import akin, kinds, spans
from inference.reader.values import values
from inference.reader.words import fold, is_han, words

IN_COMMAND = 0.75
IN_HEADING = 0.6
ELSEWHERE = 0.35
"""What a word counts that stands in the command above the line, below that, or anywhere on the page."""

GOOD = 0.6
NEAR = 30
"""Characters within which a number has its noun."""

FORMED = frozenset(
    {
        "version",
        "percent",
        "duration",
        "data",
        "speed",
        "file",
        "path",
        "host",
        "ip",
        "mac",
        "hash",
        "port",
        "code",
        "line",
        "resolution",
    }
)
"""Kinds that their form tells, so that the noun for them may be missing."""

RARE = frozenset({"speed", "resolution", "mac"})
"""Kinds of which a command shows hardly more than one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value, the cells in which it stands, and how well they fit the question, from 0 to 1."""

    text: str
    cells: tuple[Cell, ...]
    score: float


def told(sheets: Sequence[Sheet], asked: Asked) -> list[Told]:
    """What lines tell of it, the best first."""
    found = [one for sheet in sheets for one in _on_sheet(sheet, asked)]
    return sorted(found, key=lambda one: -one.score)


def _on_sheet(sheet: Sheet, asked: Asked) -> Iterator[Told]:
    everything = "\n".join(unit.text for unit in units(sheet))
    known = spoken(sheet, asked.nouns)
    for unit in units(sheet):
        found = [_found(needle, unit, asked, everything) for needle in asked.needles]
        cued = "duration" in asked.kinds and _CUE.search(unit.text)
        ruled = any(match.credit >= IN_COMMAND for match in found) and asked.kinds[0] in RARE
        if any(match.inline for match in found) or cued or ruled or _tells(unit, asked):
            for rank, kind in enumerate(asked.kinds):
                yield from _values(unit, kind, rank, asked, found, known)


_CUE = re.compile(r"\bin \d[\d.,]*\s?(?:ms|s|m|min|h|sec)\b")
"""Tells how long what the command did has taken."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a needle stands in a line, and how surely."""

    needle: Needle
    credit: float
    places: tuple[tuple[int, int], ...] = ()

    @property
    def inline(self) -> bool:
        return self.credit > IN_COMMAND


def _found(needle: Needle, unit: Unit, asked: Asked, everything: str) -> Match:
    credit, places = _in_text(needle, unit.text)
    if places and "count" not in asked.kinds and (places := _not_nil(unit.text, places)) == ():
        credit = 0.0
    if places or credit:
        agreed = tuple(place for place in places if _is_denied(unit, [place]) == asked.negated)
        lost = (
            not (needle.noun or needle.senses & _SELF_DENYING)
            and bool(needle.senses & _acts())
            and _is_denied(unit, places) != asked.negated
        )
        lost = lost and not agreed
        after = needle.senses & {"fail", "error"} and 0 < unit.fault < 0.4
        return Match(needle, 0.7 if after else 0.8 * credit if lost and credit > 0.8 else credit, agreed or places)
    if needle.senses & {"fail", "error"} and unit.fault > 0.4:
        return Match(needle, 0.95)
    if any(
        pieces(unit.text, kind) for sense in needle.senses for kind in kinds(sense) if kind in ("port", "ip", "host")
    ):
        return Match(needle, 0.76)
    if needle.senses & {"warning"} and is_level(unit.text) and not unit.fault:
        return Match(needle, 0.8)
    if unit.command and _in_text(needle, unit.command)[0]:
        return Match(needle, IN_COMMAND)
    if unit.heading and _in_text(needle, unit.heading)[0]:
        return Match(needle, IN_HEADING)
    return Match(needle, ELSEWHERE if _in_text(needle, everything)[0] else 0.0)


def _not_nil(text: str, places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Without those of which the line says that there are none: failed=0, 0 errors."""
    return tuple(
        (start, end)
        for start, end in places
        if not re.match(r"\s?[=:]\s?0(?![\d.,])", text[end:]) and not re.search(r"(?<![\d.,])0\s$", text[:start])
    )


def _in_text(needle: Needle, text: str) -> tuple[float, tuple[tuple[int, int], ...]]:
    """How surely the text names it, and where."""
    if needle.senses:
        exact = tuple((span.start, span.end) for span in spans(text) if span.senses & needle.senses)
        if exact:
            return 1.0, exact
        near = needle.senses.union(*(akin(sense) for sense in needle.senses))
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
    credit = likeness(literal, text)
    if credit < 0.75:
        return 0.0, ()
    near = tuple((word.start, word.end) for word in words(text) if likeness(literal, word.text))
    return credit, near


_SELF_DENYING = frozenset({"fail", "error", "missing", "unused", "undeclared", "refuse", "loss", "conflict"})
_DENIAL = re.compile(
    r"\b(?:not|\w+n't|cannot|never|nicht|keine?|pas|non|no|sin|unable)\W+(?:\w+\W+){0,3}$|(?:未|没有?|无法|不)[^，。,;]{0,6}$"
)


def _is_denied(unit: Unit, places: Sequence[tuple[int, int]]) -> bool:
    """Whether the line says that it was not done: not upgraded, nicht aktualisiert, 未执行."""
    if unit.fault > 0.4:
        return True
    clause = re.compile(r"[,;，；、。]")
    return any(_DENIAL.search(clause.split(fold(unit.text[:start]))[-1]) for start, _ in places)


_VERSION_ASKED = re.compile(r"(?:^|\s)(?:--?version|-v|version)$")


def _tells(unit: Unit, asked: Asked) -> bool:
    """Whether the line is the output of a command that tells nothing else."""
    wanted = {sense for needle in asked.needles for sense in needle.senses}
    listed = [one for sense in wanted for one in table("console")["tells"].get(sense, "").split("|") if one]
    command = fold(unit.command).strip()
    if asked.kinds == ("version",) and _VERSION_ASKED.search(command):
        return all(_in_text(needle, command)[0] for needle in asked.telling if needle.weight >= 1.0)
    return any(command.startswith(fold(one[:-1])) if one.endswith("*") else command == fold(one) for one in listed)


def _values(
    unit: Unit, kind: str, rank: int, asked: Asked, found: Sequence[Match], known: frozenset[str]
) -> Iterator[Told]:
    for piece, credit, cells in _pieces(unit, kind, asked, found, known):
        formed = 0.85 if kind in FORMED else piece.surely if kind == "name" else 0.0
        matched = [match for match in found if match.credit]
        weights = [
            (match.needle.weight, max(match.credit * _outside(match, piece), formed if match.needle.noun else 0.0))
            if match.credit or (match.needle.noun and formed)
            else (match.needle.missed, 0.0)
            for match in found
        ]
        total = sum(weight for weight, _ in weights)
        covered = sum(weight * share for weight, share in weights) / total if total else 0.0
        if _is_labelled(unit.text, piece, found):
            covered = 0.5 + 0.5 * covered
        if _tells(unit, asked):
            covered = max(covered, 0.95)
        close = _closeness(unit.text, piece, matched, inside=cells is unit.cells)
        if kind == "count" and not _counts(unit.text, piece, matched):
            continue
        score = covered * (0.75 + 0.25 * close) * 0.96**rank * (0.6 + 0.4 * piece.surely) * credit
        yield Told(piece.text, cells, score)


def _pieces(
    unit: Unit, kind: str, asked: Asked, found: Sequence[Match], known: frozenset[str]
) -> Iterator[tuple[Piece, float, tuple[Cell, ...]]]:
    """The line's values of the kind; where it has none, those of the places in code below it."""
    if kind == "text":
        yield from ((piece, 1.0, unit.cells) for piece in _labelled(unit.text, found))
    elif kind == "date":
        yield from ((piece, 1.0, unit.cells) for piece in _moments(unit.text))
    elif kind == "name":
        yield from ((piece, 1.0, unit.cells) for piece in named(unit, asked.nouns, known, _places(found)))
    elif kind == "user":
        yield from ((piece, 1.0, unit.cells) for piece in _labelled(unit.text, found))
        yield from ((piece, 0.95, unit.cells) for piece in named(unit, asked.nouns, known, ()))
    else:
        yield from ((piece, 1.0, unit.cells) for piece in _parallel(unit.text, kind, found))
        inside = pieces(unit.text, kind)
        yield from ((piece, 1.0, unit.cells) for piece in inside)
        if not inside and kind in ("file", "path"):
            frames = ((row, " ".join(cell.text for cell in row)) for row in unit.frames)
            yield from ((piece, 0.92, row) for row, text in frames for piece in pieces(text, "file")[:1])


_PARALLEL = re.compile(r"(\w+(?:/\w+)+)\s?[=:]\s?([\d.,]+(?:/[\d.,]+)+)")


def _parallel(text: str, kind: str, found: Sequence[Match]) -> Iterator[Piece]:
    """The value that stands as far back in its list as its name in that before: min/avg/max = 1.2/3.4/5.6."""
    match = _PARALLEL.search(text) if kind in QUANTITIES else None
    if match is None:
        return
    at = match.start(1)
    for name, value in zip(match[1].split("/"), match[2].split("/"), strict=False):
        if any(start <= at < end for one in found for start, end in one.places):
            yield Piece(kind, value, at, at + len(name))
        at += len(name) + 1


def _places(found: Sequence[Match]) -> list[tuple[int, int]]:
    return [place for match in found for place in match.places if not match.needle.noun]


_ASSIGNED = re.compile(r"[^:：=|]{0,24}?\s*[:：=](?!//)\s*")
_LABEL_BEHIND = re.compile(
    r"\s+[^\s:：]{1,16}\s?[:：](?=\s|[^\d/\\])|[;；，。]\s*|\s{2,}|\s(?:since|seit|depuis|desde)\s"
)


def _labelled(text: str, found: Sequence[Match]) -> Iterator[Piece]:
    """What a label in the line says, up to the next label."""
    ends = [end for match in found for _, end in match.places]
    for end in sorted(set(ends)):
        mark = _ASSIGNED.match(text, end)
        if mark and mark.end() < len(text):
            behind = _LABEL_BEHIND.search(text, mark.end())
            said = text[mark.end() : behind.start() if behind else len(text)].strip()
            if said:
                yield Piece("text", said, mark.end(), mark.end() + len(said), 0.95)


def _moments(text: str) -> Iterator[Piece]:
    """Dates with the time behind them, and the time that opens the line."""
    opening = stamp(text)
    found = [value for value in values(text) if value.kind == "date" and value.start >= len(opening)]
    for value in found:
        behind = re.match(r"[ T,]*\d{1,2}:\d\d(?::\d\d)?", text[value.end :])
        end = value.end + (behind.end() if behind else 0)
        yield Piece("date", text[value.start : end], value.start, end)
    opened = re.search(r"[\d/.-]*\d[ T,]*\d{1,2}:\d\d(?::\d\d)?|\d{1,2}:\d\d(?::\d\d)?", opening)
    if opened:
        yield Piece("date", opened[0], opened.start(), opened.end(), 0.7)


@cache
def _acts() -> frozenset[str]:
    """What is done to things, and may be denied."""
    return frozenset(table("console")["acts"].split())


def _outside(match: Match, piece: Piece) -> float:
    """Less for what stands in the value alone: a folder in a path."""
    inside = all(piece.start <= start and end <= piece.end for start, end in match.places)
    return 0.8 if match.places and inside and piece.kind in ("path", "file") else 1.0


def _is_labelled(text: str, piece: Piece, found: Sequence[Match]) -> bool:
    """Whether what is asked for stands right before the value, and no name that the question gives is missing."""
    acts = _acts()
    if any(not m.credit and (m.needle.missed > 1.0 or (m.needle.senses and not m.needle.senses & acts)) for m in found):
        return False
    ends = [end for match in found if match.credit == 1.0 for _, end in match.places if end <= piece.start]
    return any(re.fullmatch(r"[a-z]{0,3}\s?[.\s]*[:=：]\s*[<(\"']?", text[end : piece.start]) for end in ends)


def _counts(text: str, piece: Piece, matched: Sequence[Match]) -> bool:
    """Whether it counts what stands beside it: 12 files, Files: 12, but not line 12."""
    places = [place for match in matched for place in match.places]
    behind = any(0 <= start - piece.end < NEAR for start, _ in places)
    before = any(
        0 <= piece.start - end < NEAR
        and re.search(r"[:：=(（]|\w\s*(?:is|ist|est|es)\b|[\u4e00-\u9fff]\s*$", text[end : piece.start] or " ")
        for _, end in places
    )
    numbered = re.search(r"(?:lines?|zeile|ligne|linea|file|step|stage|schritt|etape)\s$", fold(text[: piece.start]))
    return (behind or before) and not numbered


_CLAUSE = re.compile(r"[,;，；、。|()（）→]")


def _closeness(text: str, piece: Piece, matched: Sequence[Match], *, inside: bool) -> float:
    """How near the value stands to the words of the question, from 0 to 1."""
    if not inside:
        return 0.5
    near = [
        (
            match.needle.weight * (0.5 if match.needle.noun else 1.0),
            min(_cost(text, piece, *place) for place in match.places),
        )
        for match in matched
        if match.places
    ]
    total = sum(weight for weight, _ in near)
    return sum(weight / (1 + cost / 25) for weight, cost in near) / total if total else 0.6


def _cost(text: str, piece: Piece, start: int, end: int) -> float:
    if start < piece.end and piece.start < end:
        return 0.0
    gap = text[end : piece.start] if end <= piece.start else text[piece.end : start]
    if piece.end <= start and re.match(r"\s?[=:：]\s?\S", text[end:]):
        # The label of another value.
        return 40.0 + len(gap)
    others = len(pieces(gap, piece.kind)) if piece.kind not in ("text", "date", "name") else 0
    return len(gap) * (2 if is_han(gap) else 1) + 14 * len(_CLAUSE.findall(gap)) + 12 * others
