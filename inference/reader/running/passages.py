"""The statements of a page with what stands around them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from inference.reader import lexicon
from inference.reader.items.statements import LABEL, Statement, statements
from inference.reader.letters import greets
from inference.reader.names import is_address
from inference.reader.passages import is_prose
from inference.reader.sheet import DATA, Sheet
from inference.reader.tongues import tongue
from inference.reader.values import values
from inference.reader.words import fold, is_han, words


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A statement with what stands around it."""

    told: Statement
    around: tuple[str, ...]
    """The heading over it and the statement before."""
    label: str = ""
    value: str = ""
    """What a label says, and what stands behind it or right of it."""


@lru_cache(maxsize=32)
def passages(sheet: Sheet) -> tuple[Passage, ...]:
    """Every statement of the page with its heading and the statement before it."""
    found, heading, before = [], "", ""
    for statement in statements(sheet):
        found.append(Passage(statement, (heading, before), *_parted(statement)))
        if statement.prose:
            before = statement.text
        elif len(statement.cells) == 1 and not _SALUTES.search(statement.text):
            heading, before = statement.text, ""
    return tuple(found)


def _parted(statement: Statement) -> tuple[str, str]:
    """A label and its value, behind a colon or right of it."""
    label = LABEL.match(statement.text)
    if label and label.end() < len(statement.text):
        return label[0].strip(" :：*•-"), statement.text[label.end() :]
    if len(statement.cells) == 2 and not statement.prose and statement.cells[0].row == statement.cells[1].row:
        return statement.cells[0].text.strip(" :：*•-"), statement.cells[1].text
    return "", ""


_SALUTES = re.compile(r"[,，!！:：]\s*$")


@lru_cache(maxsize=32)
def topic(sheet: Sheet) -> str:
    """What the page is about, as the headings over its first sentence tell."""
    return "\n".join(_headings(sheet))


def _headings(sheet: Sheet) -> Iterator[str]:
    for statement in statements(sheet):
        if statement.prose:
            return
        dated = any(value.kind in DATA for value in values(statement.text))
        if len(statement.cells) == 1 and not dated and not is_address(statement.text):
            yield statement.text


@lru_cache(maxsize=32)
def language(sheet: Sheet) -> str:
    return tongue(" ".join(cell.text for cell in sheet.cells))


@lru_cache(maxsize=32)
def runs(sheet: Sheet) -> bool:
    """Whether most of the page is running text, as of a letter or a notice."""
    told = (cell for passage in passages(sheet) if passage.told.prose for cell in passage.told.cells)
    prose = {cell: len(cell.text) for cell in told if len(sheet.rows[cell.row]) == 1}
    sentences = sum(is_prose(passage.told.text) for passage in passages(sheet))
    if sentences < SEVERAL or any(table.last > table.body for table in sheet.tables):
        return False
    least = GREETING if greets(sheet) else MOSTLY
    return sum(prose.values()) > least * sum(len(cell.text) for cell in sheet.cells)


SEVERAL = 2
"""Sentences that a page of running text has, at least."""

MOSTLY = 0.45
"""The share of a page's letters that stand in sentences where it is running text."""

GREETING = 0.3
"""The same where it greets somebody."""


def is_captioned(passage: Passage, sort: str) -> bool:
    """Whether a caption says of what sort the value is that is asked for: Datum: 3. Mai."""
    return sort in _captioned_kinds(passage.label)


@lru_cache(maxsize=1024)
def _captioned_kinds(label: str) -> frozenset[str]:
    """Of what sorts the value of the label is, by its first word or its last: Date of visit."""
    said = [part.text for part in words(label) if not part.han]
    flat = fold(label)
    kinds = lexicon.table("running")["captions"]
    return frozenset(
        kind
        for kind in kinds
        if {*said[:1], *said[-1:]} & _captions(kind) or flat.endswith(tuple(filter(is_han, _captions(kind))))
    )


@cache
def _captions(kind: str) -> frozenset[str]:
    return frozenset(lexicon.table("running")["captions"].get(kind, "").split())


@lru_cache(maxsize=32)
def is_form(sheet: Sheet) -> bool:
    """Whether captions tell what is announced, so that Date is not just the letter's."""
    said = frozenset[str]().union(*(_captioned_kinds(one.label) for one in passages(sheet) if one.label))
    return len(said & {"date", "time", "place"}) > 1
