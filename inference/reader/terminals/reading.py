"""The values in a console's line that may answer a question, each by the kind that is asked for. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader.sheet import Cell
from inference.reader.stamps import stamp
from inference.reader.terminals.asking import QUANTITIES, Asked
from inference.reader.terminals.console import Unit
from inference.reader.terminals.doers import is_somebody, people
from inference.reader.terminals.forms import Piece, pieces
from inference.reader.terminals.matches import Match
from inference.reader.terminals.naming import named
from inference.reader.terminals.senses import acts
from inference.reader.values import values


def read(
    unit: Unit, kind: str, asked: Asked, found: Sequence[Match], known: frozenset[str]
) -> Iterator[tuple[Piece, float, tuple[Cell, ...]]]:
    """The line's values of the kind; where it has none, those of the places in code below it."""
    if kind in ("name", "mark", "text", "exception") and _CALL.match(unit.text) and not asked.nouns & _OF_CALLS:
        return
    if kind == "text":
        yield from ((piece, 1.0, unit.cells) for piece in _labelled(unit.text, found))
    elif kind == "date":
        yield from ((piece, 1.0, unit.cells) for piece in moments(unit.text))
    elif kind == "name":
        yield from ((piece, 1.0, unit.cells) for piece in named(unit, asked.nouns, known, _places(found)))
    elif kind == "mark":
        own = [place for match in found if match.needle.noun for place in match.places]
        yield from ((piece, 1.0, unit.cells) for piece in _marks(unit.text, own or _places(found)))
    elif kind == "person":
        yield from ((piece, 1.0, unit.cells) for piece in _people(unit, found))
    elif kind == "user":
        yield from ((piece, 0.95, unit.cells) for piece in people(unit))
        yield from ((piece, 1.0, unit.cells) for piece in _labelled(unit.text, found) if is_somebody(piece.text))
        if unit.typed:
            yield from ((_user(match), 1.0, unit.cells) for match in _AT_HOST.finditer(unit.text))
        said = (piece for piece in named(unit, asked.nouns, known, ()) if piece.surely > 0.9)
        yield from ((piece, 0.95, unit.cells) for piece in said)
    else:
        yield from ((piece, 1.0, unit.cells) for piece in _parallel(unit.text, kind, found))
        inside = pieces(unit.text, kind)
        yield from ((piece, 1.0, unit.cells) for piece in inside)
        if not inside and kind in ("file", "path"):
            frames = ((row, " ".join(cell.text for cell in row)) for row in unit.frames)
            yield from ((piece, 0.92, row) for row, text in frames for piece in pieces(text, "file")[:1])
        if not inside and kind in _BARE:
            said = (piece for piece in _labelled(unit.text, found) if piece.surely > 0.9 and _ONE.fullmatch(piece.text))
            yield from ((piece, 1.0, unit.cells) for piece in said)


_CALL = re.compile(r"^\W*(?:at|bei|à)\s[\w.<>$/`\[\]]+\s?\(")
"""A line of a stack: it names functions, and nothing that went wrong."""

_AT_HOST = re.compile(r"(?<![\w.@/:])([\w.-]+)@[\w.-]*\w")
"""As whom somebody goes to another machine: ssh deploy@web-2."""


def _user(match: re.Match[str]) -> Piece:
    return Piece("user", match[1], match.start(1), match.end(1), 0.95)


_OF_CALLS = frozenset({"function", "class", "module", "package"})


def _people(unit: Unit, found: Sequence[Match]) -> Iterator[Piece]:
    """Whoever a line names, or stands behind the word for what was done: Notified: lea."""
    done = [match for match in found if match.needle.senses & acts() and match.credit >= 0.8]
    yield from (piece for piece in _labelled(unit.text, done) if is_somebody(piece.text))
    yield from people(unit)


_MARK = re.compile(r"[^\d#:：]{0,24}?[\s:：#№=]\s?#?((?:[\w]+-)*\w*\d[\w./-]*)")


def _marks(text: str, places: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The number or mark that follows what is asked about: build #812, part 7."""
    for _, end in places:
        match = _MARK.match(text, end)
        if match:
            yield Piece("mark", match[1], match.start(1), match.end(1))


_BARE = frozenset({"host", "branch", "interface", "serial", "version", "code"})
"""Kinds whose values may look like any word, so that the label alone tells them."""

_ONE = re.compile(r"[A-Za-z\d][\w@./-]*")


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
    """Where what is told of the thing stands; behind error: comes no name."""
    telling = (match for match in found if not (match.needle.noun or match.needle.senses & _GRAVE))
    return [place for match in telling for place in match.places]


_GRAVE = frozenset({"error", "warning", "fail"})
_ASSIGNED = re.compile(r"[^:：=|]{0,24}?\s*(?:[：=]|:(?!//|\d))\s*")
_LABEL_BEHIND = re.compile(
    r"\s+[^\s:：]{1,16}\s?[:：](?=\s|[^\d/\\])|[;；，。]\s*|\s{2,}|\s(?:since|seit|depuis|desde)\s"
)


def _labelled(text: str, found: Sequence[Match]) -> Iterator[Piece]:
    """What a label in the line says, up to the next label: least surely one that says of what, and not what."""
    nouns = any(match.needle.noun for match in found)
    own = [match for match in found if not nouns or (match.needle.noun and match.credit == 1.0)]
    ends = {end: match in own for match in found for _, end in match.places}
    for end, is_own in sorted(ends.items()):
        mark = _ASSIGNED.match(text, end)
        if mark and mark.end() < len(text):
            behind = _LABEL_BEHIND.search(text, mark.end())
            said = text[mark.end() : behind.start() if behind else len(text)].strip()
            if said:
                yield Piece("text", said, mark.end(), mark.end() + len(said), 0.95 if is_own else 0.6)


_TIME = re.compile(
    r"(?:(?:today|yesterday|tomorrow|heute|gestern|morgen|aujourd.hui|hier|demain|hoy|ayer|mañana|今天|昨天|明天|[上下]午)"
    r"(?:,| at| um| à| a las|\s)*)?\b\d{1,2}[:h]\d\d(?::\d\d)?(?!\d|[:.]\d)(?: ?[AaPp]\.?[Mm]\b)?"
)


def moments(text: str) -> Iterator[Piece]:
    """Dates with the time behind them, and the time that opens the line."""
    opening = stamp(text)
    found = [value for value in values(text) if value.kind == "date" and value.start >= len(opening)]
    for value in found:
        behind = re.match(r"[ T,]*\d{1,2}:\d\d(?::\d\d)?", text[value.end :])
        end = value.end + (behind.end() if behind else 0)
        yield Piece("date", text[value.start : end], value.start, end)
    taken = [(value.start, value.end + 12) for value in found]
    for match in _TIME.finditer(text, len(opening)):
        if not any(start <= match.start() < end for start, end in taken):
            yield Piece("date", match[0].strip(), match.start(), match.end(), 0.9)
    opened = re.search(r"[\d/.-]*\d[ T,]*\d{1,2}:\d\d(?::\d\d)?|\d{1,2}:\d\d(?::\d\d)?", opening)
    if opened:
        yield Piece("date", opened[0], opened.start(), opened.end(), 0.7)
