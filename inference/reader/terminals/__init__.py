"""What a question asks about a terminal or a log: a command, an error, a figure or a name in its messages. Pure."""

import itertools
from collections.abc import Sequence

from inference.reader.faults import faults
from inference.reader.findings import Finding
from inference.reader.lexicon import table
from inference.reader.prompts import row_text
from inference.reader.questions import Question
from inference.reader.sheet import Sheet
from inference.reader.terminals import resolvers
from inference.reader.terminals.asking import Asked, asking
from inference.reader.terminals.causes import cause, message
from inference.reader.terminals.columns import in_columns
from inference.reader.terminals.console import shown
from inference.reader.terminals.resolvers import asked
from inference.reader.terminals.telling import GOOD, SOLE, Told, on_branch, output, told
from inference.reader.words import fold

__all__ = ["alone", "find"]


SURE = 0.65
"""A message that scores more is one on whatever page it stands."""


ONLY_FORMED = SOLE | {"version", "user", "host", "ip", "mac", "port", "hash"}
"""Kinds that look like nothing else, so that none of them stands where none was found."""


def find(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """What a terminal on the pages says to the question; None if it asks for no such thing, or none shows it."""
    consoles = shown(sheets)
    if consoles:
        found = _told(consoles, question)
        if found is not None:
            return _finding(sheets, found)
        if asked(question) == "host" and _is_elsewhere(_asking(consoles, question)):
            return None
    else:
        found = _in_window(sheets, question)
        if found is not None:
            return _finding(sheets, found)
    return resolvers.find(sheets, question)


def _in_window(sheets: Sequence[Sheet], question: Question) -> Told | None:
    """What a message in a window or on a web page says of its cause or its code."""
    wrong = [sheet for sheet in sheets if any(fault.score > SURE for fault in faults([sheet]))]
    if not wrong:
        return None
    ask = _asking(wrong, question)
    if ask.cause:
        return cause(wrong, ask, SURE)
    return next((one for one in told(wrong, ask) if one.score >= GOOD), None) if "error_code" in ask.nouns else None


def _is_elsewhere(ask: Asked) -> bool:
    """Whether it asks for another machine than that at which somebody types."""
    others = frozenset(table("console")["elsewhere"].split())
    return any(needle.senses & others for needle in ask.needles)


def alone(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether only a terminal could answer: where it tells no such version, user or address, nothing else does."""
    consoles = shown(sheets)
    return resolvers.alone(question) or (bool(consoles) and _asking(consoles, question).kinds[0] in ONLY_FORMED)


def _told(sheets: Sequence[Sheet], question: Question) -> Told | None:
    ask = _asking(sheets, question)
    if ask.cause:
        return cause(sheets, ask)
    if asked(question) == "error" and (ask.kinds[0] == "message" or ask.kinds == ("text",)):
        return message(sheets, ask)
    printed = output(sheets, ask)
    if printed is not None or not _is_special(question, ask):
        return printed
    found = sorted((*in_columns(sheets, ask), *told(sheets, ask)), key=lambda one: -one.score)
    if found and found[0].score >= GOOD:
        return found[0]
    return on_branch(sheets) if "branch" in ask.nouns and not ask.telling else None


def _asking(sheets: Sequence[Sheet], question: Question) -> Asked:
    standing = frozenset[str]().union(*(sheet.words for sheet in sheets))
    page = "\n".join(fold(row_text(row)) for sheet in sheets for row in sheet.rows)
    return asking(question, standing, page)


def _is_special(question: Question, ask: Asked) -> bool:
    """Whether it names more than one of the things that any console may tell: a port, but which?"""
    name = asked(question)
    if ask.kinds[0] in ("message", "command") or (name in ("command", "error") and ask.kinds == ("text",)):
        return False
    return bool(ask.telling) or "error_code" in ask.nouns or (bool(ask.nouns) and not name)


def _finding(sheets: Sequence[Sheet], found: Told) -> Finding:
    rows = [tuple(row) for _, row in itertools.groupby(found.cells, key=lambda cell: cell.row)]
    cells = next((row for row in rows if found.text and found.text in row_text(row)), found.cells)
    index = next(number for number, sheet in enumerate(sheets) if sheet.page.sha256 == cells[0].page)
    return Finding(found.text, row_text(cells), index, min(1.0, found.score), tuple(cell.line for cell in cells))
