"""Windows, status pages and settings of devices: screens that are no terminal, and speak as terminals do. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from inference.reader.faults import faults
from inference.reader.letters import is_letter
from inference.reader.lexicon import table
from inference.reader.passages import sentences
from inference.reader.phrases import patterns, says
from inference.reader.prompts import row_text
from inference.reader.sheet import Cell, Sheet
from inference.reader.terminals.asking import LIGHT, Asked
from inference.reader.terminals.columns import grids
from inference.reader.terminals.console import units
from inference.reader.terminals.forms import pieces
from inference.reader.terminals.senses import spans
from inference.reader.terminals.states import is_fine
from inference.reader.terminals.telling import Told
from inference.reader.words import fold, is_han, words

SURE = 0.65
"""A message that scores more is one on whatever page it stands."""

LIKELY = 0.42
"""A message that scores more is one on a screen."""

MOST = 30
"""Rows of a window, at most."""

FEW = 14
"""Rows of a window with a single button, at most."""

PRICED = 2
"""Sums on a screen, at most."""

_PRICE = re.compile(r"[€£¥]\s?\d|\d\s?[€£¥元]|\$\s?\d|\b(?:EUR|USD|GBP|CHF|CNY|RMB)\b")

_CLOSE = re.compile(r"(?:[-–_□▢口]\s*)*[xX×✕✖]$")
_TECHNICAL = ("ip", "mac", "hash", "path", "interface", "exception")
_HEX = re.compile(r"\b0x[\dA-Fa-f]{4,}\b|\bERR_[A-Z_]{4,}|\b(?:NS|SSL|DNS|PR|SEC)_[A-Z]+(?:_[A-Z]+)+\b")
"""Codes of errors, as no letter has them."""


def screens(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Those of the pages that show a window, or speak of what only computers and devices have."""
    return [sheet for sheet in sheets if _is_screen(sheet)]


@lru_cache(maxsize=64)
def _is_screen(sheet: Sheet) -> bool:
    if is_window(sheet):
        return True
    # What a letter says was refused is no error of a machine.
    return not is_letter(sheet) and (_is_technical(sheet) or any(fault.score > SURE for fault in faults([sheet])))


@lru_cache(maxsize=64)
def is_window(sheet: Sheet) -> bool:
    """Whether it has a cross to close it, or buttons."""
    if len(sheet.rows) > MOST:
        return False
    closed = any(len(row) > 1 and _CLOSE.fullmatch(row[-1].text.strip()) for row in sheet.rows[:2])
    return closed or any(_are_buttons(row) for row in sheet.rows[1:]) or _ends_with_button(sheet)


def _are_buttons(row: Sequence[Cell]) -> bool:
    named = [fold(cell.text).strip(" .[]()<>|") in _buttons() for cell in row]
    return len(named) > 1 and all(named)


def _ends_with_button(sheet: Sheet) -> bool:
    """Whether a few lines end with a single word to press."""
    last = sheet.rows[-1] if sheet.rows else ()
    return 2 < len(sheet.rows) <= FEW and len(last) == 1 and fold(last[0].text).strip(" .[]()<>|") in _buttons()


@lru_cache(maxsize=1)
def _buttons() -> frozenset[str]:
    return frozenset(fold(button) for button in table("console")["buttons"])


def _is_technical(sheet: Sheet) -> bool:
    """Whether several lines begin with the name of something that only computers have, or hold such a value."""
    if sum(bool(_PRICE.search(cell.text)) for cell in sheet.cells) > PRICED:
        # What a shop sells are devices too.
        return False
    own = frozenset(table("console")["technical"].split())
    texts = [row_text(row) for row in sheet.rows]
    named = {sense for text in texts for span in spans(text)[:1] if span.start < 3 for sense in span.senses & own}
    heads = [span for grid in grids(sheet) if len(grid.rows) > 1 for name in grid.head for span in spans(name)]
    named |= {sense for span in heads for sense in span.senses & own}
    formed = {kind for kind in _TECHNICAL if any(pieces(text, kind) for text in texts)}
    faulty = any(fault.score > LIKELY for fault in faults([sheet]))
    return len(named) + len(formed) + any(map(_HEX.search, texts)) > (0 if faulty else 2)


def of_window(sheets: Sequence[Sheet], asked: Asked) -> Told | None:
    """What a window is called or advises, where the question asks for that."""
    advised = advice(sheets, asked.text)
    if advised is not None:
        return advised
    windows = [sheet for sheet in sheets if is_window(sheet)]
    shows = all(needle.weight < LIGHT or needle.senses & _SHOWN for needle in asked.telling)
    if "program" in asked.nouns and shows and windows and not asked.negated:
        title = windows[0].rows[0][0]
        return Told(title.text.strip(), (title,), 0.8)
    return None


_SHOWN = frozenset({"error", "warning", "exception", "problem", "install", "notice"})
"""What the program does whose name a window bears."""


def advice(sheets: Sequence[Sheet], question: str) -> Told | None:
    """What whoever sees the screen is told to do, if the question asks what to do."""
    if not says(patterns("console", "advice"), words(question)):
        return None
    return next((Told("", _whole(sheet, cells), 0.8) for sheet in sheets for cells in _advice(sheet)), None)


def _whole(sheet: Sheet, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """With the first lines of a list that it announces: Try the following:"""
    if not cells[-1].text.rstrip().endswith((":", "：")):
        return cells
    below = sheet.rows[cells[-1].row + 1 : cells[-1].row + 1 + LISTED]
    return (*cells, *(cell for row in below for cell in row))


LISTED = 3


def said(sheets: Sequence[Sheet]) -> Told | None:
    """The message of a window, whatever it says: what stands between its title and its buttons."""
    for sheet in filter(is_window, sheets):
        told = [row for row in sheet.rows[1:] if len(row) == 1 and _is_told(row[0].text)]
        if told:
            more = [row for row in told[1:2] if row[0].row == told[0][0].row + 1]
            return Told("", tuple(cell for row in (told[0], *more) for cell in row), 0.7)
    return None


def trouble(sheets: Sequence[Sheet]) -> Told | None:
    """What a screen without an error says is the matter: Status: Tray 2 empty, or a window's message."""
    alerts = tuple(fold(word) for word in table("console")["alerts"])
    found = [
        (place, unit)
        for sheet in sheets
        for unit in units(sheet)
        if unit.row and (match := _LABELLED.match(unit.text)) and not is_fine(match["value"])
        for place, word in enumerate(alerts)
        if word in fold(match["label"])
    ]
    if found:
        _, unit = min(found, key=lambda one: one[0])
        return Told("", unit.cells, 0.8)
    return said(sheets)


_LABELLED = re.compile(r"(?P<label>[^:：]{2,30})[:：]\s*(?P<value>\S.*)")


def _is_told(text: str) -> bool:
    return ":" not in text and "：" not in text and (len(text.split()) > 2 or (is_han(text) and len(text) > 4))


def _advice(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    """Sentences that tell whoever reads them to do something."""
    opening = frozenset(fold(word) for word in table("console")["imperatives"])
    offering = tuple(fold(phrase) for phrase in table("console")["suggestions"])
    for sentence in sentences(sheet):
        parts = words(sentence.text)
        begins = " ".join(part.text for part in parts[:2])
        han = fold(sentence.text).lstrip()
        polite = bool(parts) and parts[0].text.endswith("ez") and len(parts[0].text) > 4
        formal = len(parts) > 2 and parts[1].text == "sie" and parts[0].text.endswith(("en", "rn", "ln"))
        plain = any(begins == word or begins.startswith(f"{word} ") for word in opening)
        offers = any(phrase in fold(sentence.text).replace("-", " ") for phrase in offering)
        told = any(is_han(word) and han.startswith(word) for word in opening)
        if len(parts) > 2 and (plain or formal or polite or offers or told):
            yield sentence.cells
