"""Letters: whom they greet, what they are about, who signed them. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from inference.reader import lexicon
from inference.reader.names import bare, is_contact, is_name, is_person, is_postal, is_somebody, is_street
from inference.reader.parties import Party, block_below
from inference.reader.passages import sentences
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import fold, is_han

_CLOSING = re.compile(rf"^\W*(?:{'|'.join(lexicon.table('patterns')['closing'])})\W*$")
_GREETING = "|".join(lexicon.table("patterns")["greeting"])
_GREETING_HAN = "|".join(lexicon.table("patterns")["greeting_han"])
_SALUTATION = re.compile(
    rf"^\W*(?:{_GREETING})\b(?P<name>.*?)[,:!]?\s*$"
    rf"|^\W*(?:{_GREETING_HAN})\W*(?P<han>[^:,!。]+)(?::|[,!]?\s*$)"
    r"|^\W*(?P<called>[\u4e00-\u9fff]{1,6}(?:先生|女士|小姐|老师|经理|主任|太太))(?:您好|你好)?[:,!]"
    r"|^\W*(?P<hailed>[\u4e00-\u9fff]{2,4})\W*(?:您好|你好)\W*$"
)
_SIGNED_FOR = re.compile(rf"^\W*(?:{'|'.join(lexicon.table('patterns')['signed_for'])})\W*")


def signature(sheet: Sheet) -> Party | None:
    """Who signed: behind a word that says so, under the closing words of a letter, which may end a sentence of several
    lines, with an office in the last lines of a notice, or alone in the last of a letter."""
    lines = [(cell.text, (cell,)) for cell in sheet.cells]
    told = [(sentence.text, sentence.cells) for sentence in sentences(sheet) if len(sentence.cells) > 1]
    closings = [cells for text, cells in (*reversed(lines), *reversed(told)) if _CLOSING.match(fold(text))]
    below = (party for cells in closings if (party := _below_closing(sheet, cells)))
    return _marked(sheet) or next(below, None) or _with_office(sheet) or _last(sheet)


def _marked(sheet: Sheet) -> Party | None:
    """The name behind Signed or its like, in the same line or the next."""
    for cell in sheet.cells:
        before = _SIGNED_BY.match(fold(cell.text))
        if before is None:
            continue
        following = [(cell, cell.text[before.end() :])]
        following += [(other, other.text) for other in block_below(sheet, cell, 1)[1:]]
        for other, text in following:
            if is_person(bare(text)):
                return Party(bare(text), 0.95, other)
    return None


def _below_closing(sheet: Sheet, closing: Sequence[Cell]) -> Party | None:
    """The first person, or else the first name, alone in its row or where the closing words stand; a Chinese letter is
    signed on the right."""
    right, names = max(cell.box.right for cell in closing), []
    for row in sheet.rows[closing[-1].row + 1 : closing[-1].row + 6]:
        for cell in row:
            name = _signed(cell.text)
            aligned = is_han(name) or len(row) == 1 or cell.box.left < right + 4 * cell.box.height
            if aligned and is_name(name) and not _CLOSING.match(fold(cell.text)):
                names.append(Party(name, 0.9, cell))
    people = (party for party in names if is_person(party.text))
    return next(people, None) or next(iter(names), None)


def _with_office(sheet: Sheet) -> Party | None:
    """The person in the last lines of a page whose office stands over the name, with a comma, or under it."""
    for number in range(len(sheet.rows) - 1, len(sheet.rows) // 2, -1):
        row = sheet.rows[number]
        for cell in row:
            name = _signed(cell.text)
            if not is_person(name) or any(_goes_on(other) for other in row):
                continue
            above = _over(sheet, cell)
            office = above is not None and (above.text.rstrip().endswith(",") or bool(_OFFICE.match(fold(above.text))))
            below = block_below(sheet, cell, 1)[1:]
            holds = any(other.names("director") and len(other.text) < SHORT for other in below)
            if office or holds:
                return Party(name, 0.8, cell)
    return None


def _last(sheet: Sheet) -> Party | None:
    """The person alone in one of the last lines of a letter without closing words."""
    for row in reversed(sheet.rows[-2:] if greets(sheet) else ()):
        name = _signed(row[0].text.split(",")[0])
        if len(row) == 1 and is_person(name):
            return Party(name, 0.75, row[0])
    return None


def _goes_on(cell: Cell) -> bool:
    """Whether it is of a text or a table, rather than beside a signature."""
    return cell.is_figure or len(cell.text) > SHORT


def _over(sheet: Sheet, cell: Cell) -> Cell | None:
    """The short line right over the cell."""
    above = sheet.rows[cell.row - 1] if cell.row else ()
    near = [other for other in above if other.box.over(cell.box) > 0.2 and len(other.text) < SHORT]
    return near[0] if near and cell.box.top - near[0].box.bottom < 4 * cell.box.height else None


SHORT = 50
"""Characters of a line that names an office."""

_OFFICE = re.compile(rf"\W*(?:\w{{1,3}}[ '’])?{lexicon.alternatives('office')}")
_SIGNED_BY = re.compile(rf"\W*(?:{'|'.join(lexicon.table('patterns')['signed_by'])})\W*")


def _signed(text: str) -> str:
    """The name without what says on whose behalf it is signed."""
    before = _SIGNED_FOR.match(fold(text))
    return bare(text[before.end() :] if before else text)


def greets(sheet: Sheet) -> bool:
    """Whether a line of its own greets somebody, by name or not, and a letter goes on below."""
    lines = (fold(cell.text).strip() for cell in sheet.cells if len(cell.text) <= 70)
    return any(line.endswith((",", ":", "!")) and _SALUTATION.match(line) for line in lines)


@lru_cache(maxsize=64)
def is_letter(sheet: Sheet) -> bool:
    """Whether somebody is greeted, or has signed."""
    return greets(sheet) or signature(sheet) is not None


def salutation(sheet: Sheet) -> Party | None:
    """The name behind Dear and its like."""
    for cell in sheet.cells:
        match = _SALUTATION.match(fold(cell.text))
        if match is None or match.lastgroup is None or len(cell.text) > 70:
            continue
        start, end = match.span(match.lastgroup)
        name = cell.text[start:end].strip(" ,:!，：").removesuffix("您好").removesuffix("你好")
        if len(name) >= 2 and is_somebody(name):
            return Party(name, 0.75, cell)
    return None


def subject_line(sheet: Sheet) -> Party | None:
    """The line of its own before the salutation."""
    greeting = next((cell for cell in sheet.cells if _SALUTATION.match(fold(cell.text)) and len(cell.text) < 70), None)
    if greeting is None or greeting.row == 0:
        return None
    for number in range(greeting.row - 1, max(-1, greeting.row - 4), -1):
        row = sheet.rows[number]
        if (
            len(row) == 1
            and not row[0].is_figure
            and not is_postal(row[0].text)
            and len(row[0].text) * (2 if is_han(row[0].text) else 1) > 8
        ):
            has_date = any(
                value.kind == "date" and len(row[0].text) - (value.end - value.start) < 20 for value in row[0].values
            )
            if not has_date and not is_street(row[0].text) and not is_contact(row[0].text):
                return Party(row[0].text, 0.75, row[0])
    return None
