"""Who signed a letter, where a question asks that. Pure."""

import re
from collections.abc import Sequence

from inference.reader import lexicon
from inference.reader.findings import Finding, of_field
from inference.reader.items.roles import name_near
from inference.reader.letters import SHORT, signature
from inference.reader.matching import coverage
from inference.reader.passages import sentences
from inference.reader.questions import Question
from inference.reader.resolving.labelled import from_cell
from inference.reader.sheet import Sheet
from inference.reader.stop import stop
from inference.reader.words import fold

_SIGNED = re.compile(lexicon.alternatives("has_signed"))
_TO_SIGN = re.compile(lexicon.alternatives("must"))
"""Somebody who is yet to sign."""


def who_signed(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The signature, unless a sentence tells who signed the very thing that is asked about."""
    flat = fold(question.text)
    if question.kind != "name" or not _SIGNED.search(flat) or _TO_SIGN.search(flat) or _is_told(sheets, question):
        return None
    party = next((party for sheet in reversed(sheets) if (party := signature(sheet))), None)
    return of_field(sheets, from_cell(party.cell, party.text, "sender", party.score)) if party else None


def holder(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """Who signed, if the office that stands over or under the name is the one that is asked for."""
    named = [term for term in question.all_terms if term.weight >= 1]
    terms = [term for term in named if term.text not in stop().persons] or named
    if question.kind != "name" or not terms:
        return None
    for sheet in sheets:
        party = signature(sheet)
        rows = sheet.rows[max(0, party.cell.row - 1) : party.cell.row + 3] if party else ()
        near = [cell.text for row in rows for cell in row if len(cell.text) < SHORT and ":" not in fold(cell.text)]
        if party and any(coverage(terms, [text]) >= OFFICE for text in near):
            return of_field(sheets, from_cell(party.cell, party.text, "sender", party.score))
    return None


OFFICE = 0.75
"""The share of what is asked for that a line must say which names an office."""


def _is_told(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether a sentence names somebody beside the word for signing and what was signed."""
    named = [term for term in question.terms if term.weight >= 1 and not _SIGNED.fullmatch(term.text)]
    told = (sentence.text for sheet in sheets for sentence in sentences(sheet)) if named else ()
    return any(
        (sign := _SIGNED.search(fold(text))) is not None
        and coverage(named, [text]) > 0.5
        and bool(name_near(text, sign.span())[0])
        for text in told
    )
