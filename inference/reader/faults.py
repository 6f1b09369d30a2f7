"""What a screen says went wrong. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader import lexicon, prompts
from inference.reader.prompts import is_prompt, row_text
from inference.reader.sheet import Cell, Sheet
from inference.reader.stamps import is_level, stamp
from inference.reader.words import fold

MAX_LINES = 4

OWN = 0.45
"""A line that looks as much like a message is one of its own."""

LONG = 60
"""Characters of a line that may have been broken within its sentence."""

_STRONG = re.compile(lexicon.alternatives("fault"))
_HEADLINE = re.compile(
    r"^!\s*\[|^\W*(?:[\[(]?\d{2,4}[-/.:][-\d/.:tz, +]+[\])]?\s*)?"
    r"(?:\[?(?:error|fatal|err!?|panic|critical|exception|failure|fehler|erreur|错误|錯誤|严重)\]?\b\s*[:!\]-]?"
    r"|[\w.]*(?:error|exception)\b(?:\s*\[[^\]]*\])?\s*:"
    r"|npm err(?:!|or)|e:|\S{1,60}:\s*(?:fatal )?(?:error|fatal|fehler|erreur|错误)\b|traceback)"
)
_AFTERMATH = re.compile(
    r"^\W*(?:error|fehler|erreur|codigo|code)(?:[ -]?code|[ -]?n[or]\.?|[ -]?erreur)?\s*[:.]?\s*(?:0x)?[a-z]{0,3}"
    r"[-\d][\w-]*\W(?:\W*\w+){0,2}\W*$"
    r"|^\W*(?:error|fehler|stop)[ -]?code\W*(?:0x)?[\w.-]*\d[\w.-]*\s+\w+(?: \w+)?\s*:"
    r"|most recent ca[l1]{2} [l1]ast|exiting due to|previous errors?"
    r"|exit(?:ing|ed)? with|exit (?:code|status)"
    r"|returned non-?zero"
    r"|complete log|elifecycle|\*\*\*.*\b(?:error|fehler|erreur|错误) \d+"
    r"|(?:build|command|script|job|task|tests?) failed\W*$|errno \d+$|failed with result"
    r"|^\W*(?:active|aktiv|activ[oe]|actif|活动)\s?[:：].*(?:fail|fehl|echec|fallid|失败)"
    r"|npm err(?:!|or) (?:code|errno|syscall|path)\b"
    r"|main process exited"
    r"|exiting now|is not recoverable|non recuperable|nicht behebbar|no (?:es )?recuperable|arret immediat"
    r"|saliendo ahora|正在退出|立即退出"
    r"|see (?:the )?(?:first|above|previous|log|errors?)\b|siehe oben|voir ci-dessus|vease"
)
"""Announces an error that stands below, or follows from one that stands above."""

_ADVICE = re.compile(
    r"^\W*(?:hint|note|help|tip|hinweis|tipp|astuce|conseil|consejo|nota|sugerencia|提示|建议)\s*[:：]"
)
"""What to do about it, or why, in the words of a program that has said before what it is."""

_SPEAKER = re.compile(r"\s*(?:[\w./-]{1,40}[:：]\s?|npm ERR!|\*\*\*)")
"""The program that says the line: it opens a message of its own."""

_AS_PART = re.compile(
    r"\b(?:0|no|without|keine?|aucune?|sin|ningun) (?:errors?|fehler|erreurs?|errores|failed|failures?)\b"
    r"|没有错误|无错误|\b0 failed"
)
_FRAME = re.compile(r"\s*(?:at|from|-+>)\s*[\w./<:]+[.(:/]")
"""A line of a stack, which stands under its message."""

_PLACED = re.compile(
    r"\W*(?:at (?:line|[a-z]:\\.*:)|in zeile:|in [a-z]:\\.*:\d|au caractere|en linea:|in linea:|所在位置).*\d"
)
"""Where PowerShell says the message above arose."""

_POINTS = re.compile(r"\s*\+\s")
"""What PowerShell says of it besides."""

_CLOSED = re.compile(r"[.!?。！？…)\"'`\]}]\s*$")


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """The lines of one message, and how surely it is what went wrong."""

    cells: tuple[Cell, ...]
    score: float

    @property
    def text(self) -> str:
        return " ".join(cell.text.strip() for cell in self.cells)


def faults(sheets: Sequence[Sheet]) -> list[Fault]:
    """What the pages say went wrong, the likeliest cause first."""
    found = [fault for sheet in sheets for fault in _on_sheet(sheet)]
    return sorted(found, key=lambda fault: -fault.score)


_TRACED = re.compile(r"most recent ca[l1]{2} [l1]ast")
_RAISED = re.compile(r"\s*[A-Za-z_][\w.]*(?::\s|$)")
"""How Python closes a traceback: the exception's name and what it says."""


def _on_sheet(sheet: Sheet) -> Iterator[Fault]:
    typed = {cell.row for command in prompts.commands(sheet) for cell in command.cells}
    traced = False
    for number, row in enumerate(sheet.rows):
        text = row_text(row)
        score = 0.0 if number in typed else _score(text)
        traced = (traced or bool(_TRACED.search(text))) and number not in typed
        flush = abs(row[0].box.left - min(other[0].box.left for other in sheet.rows)) < row[0].box.height
        if traced and flush and _RAISED.match(text) and not _TRACED.search(text):
            score, traced = max(score, 0.95), False
        if _POINTS.match(fold(text)):
            continue
        below = [row_text(other) for other in sheet.rows[number + 1 : number + 3]]
        if number not in typed and any(_PLACED.match(fold(other)) for other in below) and not _PLACED.match(fold(text)):
            score = max(score, 0.9)
        if score:
            yield Fault(tuple(_message(sheet, number)), score + 0.01 * number / len(sheet.rows))


def _score(text: str) -> float:
    """How much a line looks like the message itself. What announces it or follows from it counts little."""
    flat = fold(text).replace("err0r", "error")
    if _AS_PART.search(flat) or is_prompt(text):
        return 0.0
    if _AFTERMATH.search(flat) or _ADVICE.match(flat):
        return 0.3
    headline, strong = bool(_HEADLINE.match(flat)), len(_STRONG.findall(flat))
    if not headline and not strong:
        return 0.0
    told = len(re.sub(r"[\W\d_]+", "", _STRONG.sub("", flat)))
    return (0.7 if headline else 0.45) * (0.3 + 0.7 * min(1.0, told / 20)) + 0.08 * min(strong, 3)


def _message(sheet: Sheet, first: int) -> Iterator[Cell]:
    """The line and those that carry its sentence on: as far as it has no end and the next is no line of its own."""
    yield from sheet.rows[first]
    number = first
    while number - first < MAX_LINES - 1 and number + 1 < len(sheet.rows):
        here, below = sheet.rows[number], sheet.rows[number + 1]
        if not _continues(sheet, here, below):
            return
        number += 1
        yield from sheet.rows[number]


def _continues(sheet: Sheet, here: Sequence[Cell], below: Sequence[Cell]) -> bool:
    text, next_text = here[-1].text.rstrip(), row_text(below)
    parted = sheet.gap_above(below[0].row) > 1.1 or is_prompt(next_text) or _FRAME.match(next_text)
    if _CLOSED.search(text) or parted or stamp(next_text) or is_level(next_text):
        return False
    if text.endswith((":", "：", ",", "-", "\\")) or here[-1].box.right > prompts.EDGE * sheet.page.width:
        return True
    if _SPEAKER.match(next_text):
        return False
    if next_text[:1].islower() and len(text) > LONG and not _HEADLINE.match(fold(next_text)):
        return True
    return (next_text[:1].islower() or _reaches_edge(sheet, here)) and _score(next_text) < OWN


def _reaches_edge(sheet: Sheet, row: Sequence[Cell]) -> bool:
    """Whether the line ends where the picture does, or where another one does too, so that it was broken there."""
    right = row[-1].box.right
    level = [other for other in sheet.rows if abs(other[-1].box.right - right) < 0.12 * right]
    widest = max(other[-1].box.right for other in sheet.rows)
    return right > prompts.EDGE * sheet.page.width or (len(level) > 1 and right > 0.88 * widest)
