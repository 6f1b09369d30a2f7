"""What headings and labels tell beyond doubt, before anything is searched for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from inference.reader import billing
from inference.reader.findings import Finding, of_field, of_item
from inference.reader.items.crossings import crossing
from inference.reader.items.extremes import asks_for_extreme, names_a_column
from inference.reader.items.headed import headed
from inference.reader.items.legends import asks_meaning, explained
from inference.reader.items.units import unit
from inference.reader.lexicon import concept
from inference.reader.matching import coverage
from inference.reader.questions import Question
from inference.reader.resolving import resolve
from inference.reader.resolving.labelled import good, sheet_of
from inference.reader.sheet import Sheet
from inference.reader.wants import PARTIES
from inference.reader.words import is_han

LONGEST = 25
"""Characters of a line that may be a label and nothing else."""


@dataclass(frozen=True, slots=True)
class Settled:
    """``finding`` is None where the pages surely do not tell."""

    finding: Finding | None


def crossed(sheets: Sequence[Sheet], question: Question) -> Settled | None:
    """What stands where a row and a column meet that the question names, or that nothing does; None if it names no
    two such; or what a mark stands for."""
    mark = asks_meaning(question)
    told = explained(sheets, mark) if mark else None
    if told or (mark and not is_han(mark) and any(mark == cell.text for sheet in sheets for cell in sheet.cells)):
        return Settled(of_item(sheets, told) if told else None)
    measured = unit(sheets, question)
    if measured:
        return Settled(of_item(sheets, measured))
    extreme = asks_for_extreme(question) and not names_a_column(sheets, question)
    found = None if extreme else crossing(sheets, question)
    return Settled(of_item(sheets, found.item) if found.item else None) if found else None


def settled(sheets: Sequence[Sheet], question: Question) -> Settled | None:
    """The answer that needs no search, or that there is none; None where neither is sure."""
    under = headed(sheets, question)
    if under is not None:
        return Settled(of_item(sheets, under))
    exact = _labelled_exactly(sheets, question) or _labelled_in_row(sheets, question)
    return Settled(exact) if exact is not None or _is_owned_by_a_row(sheets, question) else None


def _labelled_exactly(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The value of a label that names what is asked for and holds all other words of the question: Price/litre."""
    want = question.wants[0] if question.wants and question.terms else None
    field = resolve(sheets, want.concept, question) if want and not concept(want.concept).soft else None
    if field is None or field.relation != "right" or len(field.label.text) > LONGEST:
        return None
    return of_field(sheets, field) if coverage(question.terms, [field.label.text]) > 0.75 else None


def _labelled_in_row(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The value of a label within a row that holds all other words of the question: Gas meter, Prior 4,410."""
    want = question.wants[0] if question.wants and question.terms else None
    if want is None or concept(want.concept).soft:
        return None
    found = [field for field in good(sheets, want.concept) if field.relation == "after"]
    rows = [sheet_of(sheets, field.cell).rows[field.cell.row] for field in found]
    telling = [
        (coverage(question.terms, [cell.text for cell in row]), field)
        for field, row in zip(found, rows, strict=True)
        if len(row) > 1 and any(term.weight >= 1 for term in question.terms)
    ]
    best = max(telling, key=lambda pair: pair[0], default=None)
    return of_field(sheets, best[1]) if best and best[0] > 0.75 and len(found) > 1 else None


def _is_owned_by_a_row(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether it asks whose a row of a table is, and no column says so: the supplier of the cups, in a stock list. On a
    bill it is whoever made it."""
    want = question.wants[0] if question.wants_by_name else None
    told = any(term.weight >= 1.0 for term in question.terms)
    if want is None or want.concept not in PARTIES or not told or billing.kind(sheets):
        return False
    body = [cell.text for s in sheets for t in s.tables for row in s.rows[t.body : t.last + 1] for cell in row]
    named = any(cell.names(want.concept) for sheet in sheets for cell in sheet.cells)
    return coverage(question.terms, body) > 0.75 and not named
