"""What a question asks about a terminal or a log: a command, an error, a figure or a name in its messages. Pure."""

import itertools
from collections.abc import Sequence
from functools import lru_cache

from inference.reader.faults import faults
from inference.reader.findings import Finding
from inference.reader.lexicon import table
from inference.reader.prompts import row_text
from inference.reader.questions import Question
from inference.reader.sheet import Sheet
from inference.reader.terminals import resolvers
from inference.reader.terminals.asking import Asked, asking
from inference.reader.terminals.causes import SERIOUS, cause, message
from inference.reader.terminals.columns import grids, in_columns
from inference.reader.terminals.console import shown
from inference.reader.terminals.matches import in_text
from inference.reader.terminals.places import in_code
from inference.reader.terminals.resolvers import asked
from inference.reader.terminals.screens import SURE, advice, of_window, said, screens, trouble
from inference.reader.terminals.senses import acts
from inference.reader.terminals.states import in_state
from inference.reader.terminals.telling import FORMED, GOOD, SOLE, Told, at_prompt, output, quoted, told
from inference.reader.words import fold

__all__ = ["advised", "alone", "find", "placed"]


ONLY_FORMED = SOLE | {"version", "user", "host", "ip", "mac", "port", "hash", "person", "exception"}
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
        found = _on_screen(sheets, question)
        if found is not None:
            return _finding(sheets, found)
    likely = _likely(sheets, question)
    if likely is None and asked(question) == "error" and "error_code" in _asking(sheets, question).nouns:
        # The message is no code.
        return None
    return likely or resolvers.find(sheets, question) or _quoted(sheets, question)


def placed(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """Where in code something is, if the question asks for that: a linter's list is no table to cross."""
    seen = [*shown(sheets), *screens(sheets)]
    found = in_code(seen, _asking(seen, question)) if seen else None
    return _finding(sheets, found) if found else None


def _likely(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """What fits less well, if nothing else of its kind does so nearly as well."""
    seen = [*shown(sheets), *screens(sheets)]
    if not seen:
        return None
    ask = _asking(seen, question)
    if ask.cause or not _asks_for_value(question, ask) or not _all_stand(seen, ask):
        return None
    found = _values(tuple(seen), ask)
    best = found[0] if found else None
    least = LIKELY if ask.kinds[0] in FORMED else GOOD - 0.05
    if best is None or best.score < least:
        return None
    rivals = [one for one in found if one.text not in best.text and best.text not in one.text]
    return _finding(sheets, best) if not rivals or rivals[0].score < 0.9 * best.score else None


def _all_stand(sheets: Sequence[Sheet], ask: Asked) -> bool:
    """Whether the pages speak of all that the question names, and of what it asks for if any word may be that."""
    everything = "\n".join(row_text(row) for sheet in sheets for row in sheet.rows)
    named = [needle for needle in ask.telling if needle.missed >= 1.0]
    if ask.kinds[0] not in FORMED:
        named += [needle for needle in ask.needles if needle.noun]
    return all(in_text(needle, everything)[0] for needle in named)


def _speaks_of_it(sheets: Sequence[Sheet], ask: Asked) -> bool:
    """Whether the pages speak of each of the things that it names: of the memory, the node, the password."""
    everything = "\n".join(row_text(row) for sheet in sheets for row in sheet.rows)
    listed = table("console")
    vague = acts() | frozenset(listed["light"].split()) | frozenset(listed["vague"].split())
    things = [needle for needle in ask.needles if needle.senses and not needle.senses & vague]
    return all(in_text(needle, everything)[0] for needle in things)


LIKELY = 0.45
"""How well a value must fit that looks like nothing else, where no other does."""


def _on_screen(sheets: Sequence[Sheet], question: Question) -> Told | None:
    """What a window or the status page of a device says."""
    seen = screens(sheets)
    if not seen:
        return None
    ask = _asking(seen, question)
    if _asks_what_is_said(question, ask) and not ask.cause:
        serious = any(fault.score > SERIOUS for fault in faults(seen))
        if not serious:
            return trouble(seen)
        told_first = message(seen, ask)
        return told_first if told_first or asked(question) == "error" else said(seen)
    certain = of_window(seen, ask) or in_code(seen, ask) or in_state(seen, ask)
    if certain is not None:
        return certain
    if ask.cause:
        return cause(seen, ask, SURE)
    found = _values(tuple(seen), ask) if _asks_for_value(question, ask) else ()
    return found[0] if found and found[0].score >= GOOD else None


@lru_cache(maxsize=16)
def _values(sheets: tuple[Sheet, ...], ask: Asked) -> tuple[Told, ...]:
    """What tables and lines tell of it, the best first."""
    return tuple(sorted((*in_columns(sheets, ask), *told(sheets, ask)), key=lambda one: -one.score))


def advised(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """What a screen says is to be done, if that is asked."""
    seen = [*shown(sheets), *screens(sheets)]
    found = advice(seen, question.text)
    return _finding(sheets, found) if found else None


def _quoted(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The line that speaks of it, or of a window that asks for nothing else its message."""
    seen = [*shown(sheets), *screens(sheets)]
    if not seen:
        return None
    ask = _asking(seen, question)
    told_of = quoted(seen, ask) or (said(seen) if ask.cause or _asks_for_message(question, ask) else None)
    return _finding(sheets, told_of) if told_of else None


def _asks_for_value(question: Question, ask: Asked) -> bool:
    """Whether a value answers, and not a message or a command as a whole."""
    whole = ask.kinds[0] in ("message", "command")
    return not whole and not (asked(question) in ("command", "error") and ask.kinds == ("text",))


def _asks_what_is_said(question: Question, ask: Asked) -> bool:
    """Whether it asks what an error says: What did the error log say?"""
    if ask.nouns & {"problem", "notice"}:
        return True
    if ask.kinds[0] == "message" or ask.kinds == ("text",):
        return asked(question) == "error" or (bool(ask.telling) and all(n.senses & _FAULTS for n in ask.telling))
    return asked(question) == "error" and not question.kind and ask.nouns <= {"log"}


_FAULTS = frozenset({"error", "exception", "fail", "warning"})


def _asks_for_message(question: Question, ask: Asked) -> bool:
    return asked(question) == "error" and ask.kinds[0] in ("message", "exception", "text")


def _is_elsewhere(ask: Asked) -> bool:
    """Whether it asks for another machine than that at which somebody types."""
    others = frozenset(table("console")["elsewhere"].split())
    return any(needle.senses & others for needle in ask.needles)


def alone(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether only a terminal could answer, or none can: where it tells no such version, user or address, nothing else
    does, and what it does not speak of at all is no matter of any other words."""
    seen = shown(sheets) or screens(sheets)
    if resolvers.alone(question) or not seen:
        return resolvers.alone(question)
    ask = _asking(seen, question)
    return ask.kinds[0] in ONLY_FORMED or not _speaks_of_it(seen, ask)


def _told(sheets: Sequence[Sheet], question: Question) -> Told | None:
    ask = _asking(sheets, question)
    if ask.cause:
        return cause(sheets, ask)
    if _asks_what_is_said(question, ask):
        return message(sheets, ask)
    certain = of_window(sheets, ask) or in_code(sheets, ask) or in_state(sheets, ask)
    if certain is not None:
        return certain
    if ask.located and ask.kinds[0] == "name" and not _names_the_noun(sheets, ask):
        return at_prompt(sheets, ask)
    printed = output(sheets, ask)
    if printed is not None or not _is_special(question, ask):
        return printed
    found = _values(tuple(sheets), ask)
    if found and found[0].score >= GOOD:
        return found[0]
    return at_prompt(sheets, ask)


def _names_the_noun(sheets: Sequence[Sheet], ask: Asked) -> bool:
    """Whether the page speaks of what it asks for at all: on which node it runs, but there are only pods."""
    nouns = [needle for needle in ask.needles if needle.noun]
    said = [row_text(row) for sheet in sheets for row in sheet.rows]
    said += [name for sheet in sheets for grid in grids(sheet) for name in grid.head]
    return not nouns or any(in_text(noun, text)[0] for noun in nouns for text in said)


def _asking(sheets: Sequence[Sheet], question: Question) -> Asked:
    standing = frozenset[str]().union(*(sheet.words for sheet in sheets))
    page = "\n".join(fold(row_text(row)) for sheet in sheets for row in sheet.rows)
    return asking(question, standing, page)


def _is_special(question: Question, ask: Asked) -> bool:
    """Whether it names more than one of the things that any console may tell: a port, but which?"""
    name = asked(question)
    if not _asks_for_value(question, ask):
        return False
    if ask.kinds[0] == "date":
        return True
    return bool(ask.telling) or bool(ask.nouns & {"error_code", "exception"}) or (bool(ask.nouns) and not name)


def _finding(sheets: Sequence[Sheet], found: Told) -> Finding:
    rows = [tuple(row) for _, row in itertools.groupby(found.cells, key=lambda cell: cell.row)]
    cells = next((row for row in rows if found.text and found.text in row_text(row)), found.cells)
    index = next(number for number, sheet in enumerate(sheets) if sheet.page.sha256 == cells[0].page)
    return Finding(found.text, row_text(cells), index, min(1.0, found.score), tuple(cell.line for cell in cells))
