"""The names of packages, containers, services, variables and the like in a console's lines. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from inference.reader.lexicon import table
from inference.reader.sheet import Sheet
from inference.reader.stamps import is_level, stamp
from inference.reader.stop import stop
from inference.reader.terminals.console import Unit, units
from inference.reader.terminals.forms import Piece
from inference.reader.terminals.senses import spans
from inference.reader.words import fold, is_han

_BEHIND = re.compile(
    r"(?:\s?\(s\))?\s*(?:named|called|namens|nomme|llamado|名为)?\s*[:：=/]?\s*(?:[\"'`‘’“«»„「]\s?(?P<quoted>[^\"'`‘’”»“」\s][^\"'`‘’”»“」]{0,60}?)\s?[\"'`’‘”“»」]"
    r"|(?P<plain>[\w@][\w@./+-]*(?:::\w+)*))"
)
_BEFORE = re.compile(r"(?:[\"'`‘“«](?P<quoted>[^\"'`’”»\s]{1,60})[\"'`’”»]|(?P<plain>[\w@][\w@./+-]*\w))\s+$")
_QUOTED = re.compile(r"[\"'`‘“«„「]\s?([^\s\"'`’‘”»“」][^\"'`’‘”»“」]{0,50}?)\s?[\"'`’‘”“»」]|`(\w[\w.:-]*)")
_MARKED = re.compile(
    r"(?<![\w@./:=\\-])([A-Za-z@][\w@+]*(?:[-_./][\w@+]+)+|[A-Za-z]+\d[\w]*|[\w-]+==[\w.]+|[a-z]+[A-Z]\w*|(?:[A-Z][a-z]+){2,})(?:\.service|\.deb)?(?![\w/@:\\])"
)
_NODE = re.compile(r"(?<![\w./-])([\w./-]+(?:::[\w\[\].-]+)+)")
"""A test as pytest and cargo name it."""

_SPEAKER = re.compile(r"\s*([A-Za-z][\w.-]*)(?:\[\d+\])?:\s")
_FIGURE = re.compile(r"v?\d[\d.,:/-]*\w{0,2}$")


def spoken(sheet: Sheet, nouns: frozenset[str]) -> frozenset[str]:
    """Every name on the page that stands right behind one of the nouns."""
    return frozenset(
        piece.text for unit in units(sheet) for piece in _beside_noun(unit.text, nouns) if piece.surely > 0.75
    )


def named(unit: Unit, nouns: frozenset[str], known: frozenset[str], places: Sequence[tuple[int, int]]) -> list[Piece]:
    """What may be the name of one of them in the line: the surest reading of each place."""
    text = unit.text
    beside = list(_beside_noun(text, nouns))
    others = [] if unit.typed else list(_by_form(text, len(stamp(text))))
    others += [*_typed(unit, places), *_behind_places(text, places)]
    if not nouns & _IN_FOLDERS:
        others = [replace(p, surely=0.6 * p.surely) if p.text.startswith(("/", "\\")) else p for p in others]
    if any(piece.surely > 0.9 for piece in beside):
        # In function 'parse': unknown type 'rate_t'.
        others = [replace(piece, surely=0.6 * piece.surely) for piece in others]
    elif known:
        others = [replace(piece, surely=0.85 * piece.surely) for piece in others]
    found = [*beside, *_known(text, known), *others]
    best: dict[int, Piece] = {}
    for piece in found:
        if unit.text[piece.end :].startswith((".deb", ".rpm", ".whl", ".service")):
            piece = replace(piece, surely=0.95)
        if piece.start not in best or piece.surely > best[piece.start].surely:
            best[piece.start] = piece
    return list(best.values())


_IN_FOLDERS = frozenset({"program", "binary", "device", "volume", "file", "script"})
"""Things that a path may name."""


def _beside_noun(text: str, nouns: frozenset[str]) -> Iterator[Piece]:
    for span in spans(text):
        if not span.senses & nouns:
            continue
        if not re.match(r"\w", text[span.end :]) or is_han(text[span.end - 1]):
            yield from _read(_BEHIND.match(text, span.end), 1.0, 0.95)
        before = _BEFORE.search(text, 0, span.start)
        yield from _read(before, 0.9, 0.8)


def _read(match: re.Match[str] | None, quoted: float, plain: float) -> Iterator[Piece]:
    if match is None:
        return
    group = "quoted" if match["quoted"] else "plain"
    said = match[group].rstrip(".,:;/")
    if not said or _FIGURE.match(said) or (group == "plain" and _is_common(said)):
        return
    labelled = re.search(r"[:：=]\s*$", match.string[match.start() : match.start(group)])
    surely = quoted if group == "quoted" else plain if _is_mark(said) else 0.8 if labelled else 0.7
    yield Piece("name", said, match.start(group), match.start(group) + len(said), surely)


def _is_mark(said: str) -> bool:
    """Whether it is no word of a language: shop-db-1, tipo_iva, E0308, libcurl4."""
    return bool(re.search(r"[-_./@\d]|[a-z][A-Z]", said))


def _is_common(said: str) -> bool:
    """Whether it is a word that a line may hold of itself."""
    flat = fold(said)
    known = stop().words | stop().helping | stop().generic | set(table("console")["nobody"].split())
    return (
        len(flat) < 3
        or flat in known
        or (not _is_mark(said) and any(span.end - span.start == len(said) for span in spans(said)))
    )


def _known(text: str, known: frozenset[str]) -> Iterator[Piece]:
    for name in known:
        at = text.find(name)
        if at >= 0:
            yield Piece("name", name, at, at + len(name), 0.95)


def _by_form(text: str, skipped: int) -> Iterator[Piece]:
    for form, surely in ((_QUOTED, 0.9), (_NODE, 0.85), (_MARKED, 0.7)):
        for match in form.finditer(text, skipped):
            said = match[match.lastindex or 1]
            start = match.start(match.lastindex or 1)
            short = form is _MARKED and len(said) < 3
            quoted = form is _QUOTED and " " not in said
            figure = form is not _QUOTED and _FIGURE.match(said)
            if not (short or figure or " -" in said or is_level(said) or (not quoted and _is_common(said))):
                yield Piece("name", said, start, start + len(said), surely)
    speaker = _SPEAKER.match(text, skipped)
    if speaker and not is_level(speaker[1]) and not _is_common(speaker[1]):
        yield Piece("name", speaker[1], speaker.start(1), speaker.end(1), 0.6)


_ARGUMENT = re.compile(r"\s(?!-)([\w@][\w@./+-]*)")


def _typed(unit: Unit, places: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """What a command is given, behind what it is told to do: apt install nginx-extras."""
    told = max((end for _, end in places), default=0)
    if unit.typed:
        yield from (
            Piece("name", m[1], m.start(1), m.end(1), 0.9 if told or _is_mark(m[1]) else 0.7)
            for m in _ARGUMENT.finditer(unit.text, told)
            if not _is_common(m[1])
        )


def _behind_places(text: str, places: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The word right behind one that the question names: expected f64."""
    for _, end in places:
        match = re.match(r"\s*[:：=]?\s*(?:type |struct |enum |class )?[\"'`‘“«]?(&?[A-Za-z_][\w:<>&./-]*)", text[end:])
        said = match[1].rstrip(":./-") if match else ""
        if match and said and not _is_common(said):
            surely = 0.75 if _is_mark(said) else 0.65
            yield Piece("name", said, end + match.start(1), end + match.start(1) + len(said), surely)
