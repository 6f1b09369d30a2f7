"""The line of a console that tells what a question asks, and the value in it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader.lexicon import table
from inference.reader.prompts import prompted, row_text
from inference.reader.sheet import Cell, Sheet
from inference.reader.terminals.asking import LIGHT, Asked
from inference.reader.terminals.console import Unit, units
from inference.reader.terminals.doers import is_account
from inference.reader.terminals.forms import Piece, pieces
from inference.reader.terminals.matches import IN_COMMAND, Match, in_text, match_of
from inference.reader.terminals.naming import spoken
from inference.reader.terminals.reading import moments, read
from inference.reader.terminals.senses import acts
from inference.reader.words import fold, is_han

GOOD = 0.6
NEAR = 30
"""Characters within which a number has its noun."""

SOLE = frozenset(
    {"exit", "email", "branch", "signal", "interface", "architecture", "fstype", "drive", "method", "mode", "subnet"}
)
"""Kinds so rare that a console hardly shows one unless it is the one asked for."""

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
        "exception",
        "option",
        "subject_line",
        *SOLE,
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
    only = _standing_alone(sheet, asked)
    for unit in units(sheet):
        found = [match_of(needle, unit, asked, everything) for needle in asked.needles]
        cued = "duration" in asked.kinds and _CUE.search(unit.text)
        ruled = any(match.credit >= IN_COMMAND for match in found) and asked.kinds[0] in RARE
        spoken_of = any(match.inline for match in found) or cued or ruled or _tells(unit, asked)
        spoken_of = spoken_of or (asked.doings and is_account(unit))
        if "count" in asked.kinds and unit.text.strip(" |").isdigit():
            # All that a command printed: SELECT count(*) FROM orders.
            spoken_of = spoken_of or any(match.credit == IN_COMMAND for match in found)
        for rank, kind in enumerate(asked.kinds):
            if kind == "number" and rank and not any(match.needle.noun and match.inline for match in found):
                # Any figure is a number: one that is called so, or none.
                continue
            if spoken_of or (kind in SOLE and _is_sole(asked)) or kind in only:
                yield from _values(unit, kind, rank, asked, found, known, only=kind in only)


ONE_OF_A_KIND = frozenset({"file", "path", "ip", "mac", "exception", "email", "url", "date"})
"""Kinds of which a screen that shows a single one means that one."""

SLIGHT = 0.5
"""What words may weigh that stand nowhere beside it."""


def _standing_alone(sheet: Sheet, asked: Asked) -> frozenset[str]:
    """The kinds asked for of which the page holds one value and no more, where all else that is asked stands there."""
    everything = "\n".join(unit.text for unit in units(sheet))
    of_it = [
        needle
        for needle in asked.telling
        if not needle.senses & {"fail", "error"} and not (needle.senses & acts() and in_text(needle, everything)[0])
    ]
    if not (asked.nouns or asked.kinds == ("date",)) or sum(needle.missed for needle in of_it) > SLIGHT:
        return frozenset()
    shown = {
        kind: {piece.text for unit in units(sheet) if not unit.typed for piece in _of_kind(unit.text, kind)}
        for kind in asked.kinds
        if kind in ONE_OF_A_KIND
    }
    return frozenset(kind for kind, several in shown.items() if len(several) == 1)


def _of_kind(text: str, kind: str) -> Sequence[Piece]:
    return tuple(moments(text)) if kind == "date" else pieces(text, kind)


def _is_sole(asked: Asked) -> bool:
    """Whether it asks for the one value of a rare kind, and for nothing of it."""
    return asked.kinds[0] in SOLE and all(n.weight <= LIGHT or n.senses & acts() for n in asked.telling)


def quoted(sheets: Sequence[Sheet], asked: Asked) -> Told | None:
    """The line that says all that the question does, where it asks for nothing of a certain form: what is locked."""
    if asked.cause or asked.kinds != ("text",) or not any(needle.senses & acts() for needle in asked.telling):
        return None
    total = sum(needle.weight for needle in asked.needles)
    shares = list[tuple[float, Unit | None]]()
    for unit in (unit for sheet in sheets for unit in units(sheet) if not unit.typed):
        found = [(needle.weight, match_of(needle, unit, asked, unit.text).credit) for needle in asked.needles]
        shares.append((sum(weight * credit for weight, credit in found) / total, unit))
    share, best = max(shares, key=lambda one: one[0], default=(0.0, None))
    return Told("", best.cells, 0.7) if best and share > WHOLE else None


WHOLE = 0.75
"""The share of the question that a line must say to be quoted."""


def output(sheets: Sequence[Sheet], asked: Asked) -> Told | None:
    """What a command printed that prints nothing but what is asked for: hostname, whoami, uname -m."""
    if asked.telling:
        return None
    found = [unit for sheet in sheets for unit in units(sheet) if not unit.heading and " " not in unit.text]
    told_by = next((unit for unit in found if _tells(unit, asked)), None)
    return Told(told_by.text, told_by.cells, 0.95) if told_by else None


PROMPTED = ("branch", "directory", "database")
"""What prompts show."""


def at_prompt(sheets: Sequence[Sheet], asked: Asked) -> Told | None:
    """The branch, directory or database at which somebody works, as the last of the prompts shows."""
    what = next((noun for noun in PROMPTED if noun in asked.nouns), "")
    if not what or any(needle.weight > LIGHT for needle in asked.telling):
        return None
    rows = [row for sheet in sheets for row in sheet.rows if prompted(row_text(row), what)]
    return Told(prompted(row_text(rows[-1]), what), tuple(rows[-1]), 0.85) if rows else None


_CUE = re.compile(
    r"\b(?:in|after|nach|en|apres|tras|despues de) (?:\d[\d.,]*\s?(?:ms|s|m|min|h|sec)\b\s?)"
    r"|(?:耗时|用时|历时)\s?[:：]?\s?\d"
)
"""Tells how long what the command did has taken."""


_VERSION_ASKED = re.compile(r"(?:^|\s)(?:--?version|-v|version)$")


def _tells(unit: Unit, asked: Asked) -> bool:
    """Whether the line is the output of a command that tells nothing else."""
    wanted = {sense for needle in asked.needles for sense in needle.senses}
    listed = [one for sense in wanted for one in table("console")["tells"].get(sense, "").split("|") if one]
    command = fold(unit.command).strip()
    if asked.kinds == ("version",) and _VERSION_ASKED.search(command):
        return all(in_text(needle, command)[0] for needle in asked.telling if needle.weight >= 1.0)
    return any(command.startswith(fold(one[:-1])) if one.endswith("*") else command == fold(one) for one in listed)


def _values(
    unit: Unit, kind: str, rank: int, asked: Asked, found: Sequence[Match], known: frozenset[str], *, only: bool
) -> Iterator[Told]:
    for piece, credit, cells in read(unit, kind, asked, found, known):
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
        elif kind == "count" and piece.text == unit.text.strip(" |") and any(m.credit == IN_COMMAND for m in found):
            covered = 0.5 + 0.5 * covered
        elif only or (_is_sole(asked) and kind in SOLE) or (kind == "person" and asked.doings and is_account(unit)):
            covered = max(covered, 0.85)
        close = _closeness(unit.text, piece, matched, inside=cells is unit.cells)
        if kind == "count" and not _counts(unit.text, piece, matched):
            continue
        score = covered * (0.75 + 0.25 * close) * 0.96**rank * (0.6 + 0.4 * piece.surely) * credit
        yield Told(piece.text, cells, score)


def _outside(match: Match, piece: Piece) -> float:
    """Less for what stands in the value alone: a folder in a path."""
    inside = all(piece.start <= start and end <= piece.end for start, end in match.places)
    return 0.8 if match.places and inside and piece.kind in ("path", "file") else 1.0


def _is_labelled(text: str, piece: Piece, found: Sequence[Match]) -> bool:
    """Whether what is asked for stands right before the value, and no name that the question gives is missing."""
    done = acts()
    if any(not m.credit and (m.needle.missed > 1.0 or (m.needle.senses and not m.needle.senses & done)) for m in found):
        return False
    ends = [end for match in found if match.credit == 1.0 for _, end in match.places if end <= piece.start]
    return any(
        re.fullmatch(r"(?:[a-z]{0,3}|\s\w{2,12})\s?[.\s]*[:=：]\s*[<(\"']?", text[end : piece.start]) for end in ends
    )


def _counts(text: str, piece: Piece, matched: Sequence[Match]) -> bool:
    """Whether it counts what stands beside it: 12 files, Files: 12, but not line 12."""
    if piece.text == text.strip(" |"):
        return True
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
