"""Whether a question is about one line of the page, or about the page as a whole. Pure."""

from collections.abc import Sequence

from inference.reader.claims import CODES, named_by
from inference.reader.items.roles import is_event
from inference.reader.lexicon import concept
from inference.reader.matching import coverage
from inference.reader.quantities import MEASURES
from inference.reader.questions import Question, Term, Want
from inference.reader.sheet import Sheet
from inference.reader.stop import stop
from inference.reader.terms import GENERIC_WEIGHT

VAGUE = 1.5
"""A concept that scores less was named by a word such as number alone."""


def strong(question: Question) -> bool:
    return any(term.weight >= 1.0 for term in question.terms)


def is_thing(term: Term) -> bool:
    """Whether it says something and is nothing that is merely done."""
    return term.weight >= 1.0 and (term.missing is None or term.missing > GENERIC_WEIGHT)


def _many_names(question: Question) -> bool:
    """Whether it tells where to look by several marks or names: bus 405 at Coldstone Hospital."""
    return sum(term.weight > 1.0 for term in question.terms) >= 2


def names_a_line(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether the words of the question name a line of a table or a list rather than a field of the document."""
    if not question.wants or (not question.wants[0].named and _many_names(question)):
        return True
    likely = [concept(want.concept) for want in question.wants if want.score > 0.95 * question.wants[0].score]
    return strong(question) and any(
        first.soft
        or any(kind in ("money", "number", "percent") or kind in MEASURES for kind in first.kinds)
        or first.loose
        or _heads_column(sheets, first.name)
        for first in likely
    )


def is_vague(sheets: Sequence[Sheet], question: Question, want: Want) -> bool:
    """Whether hardly a word names the concept, and those that tell more stand nowhere: Which card number?"""
    if not want.named or not strong(question):
        return False
    said, small = named_by(question, want), stop().sorts | stop().generic | stop().words
    telling = question.terms
    if want.score >= VAGUE:
        # Insurance company: no company.
        telling = tuple(term for term in question.terms if term.weight >= 1 and term.missing is None)
        telling = tuple(term for term in telling if not is_event(term.text))
        if not telling or not all(word in small for word in said):
            return False
    return coverage(telling, [cell.text for sheet in sheets for cell in sheet.cells]) < 0.5


def _heads_column(sheets: Sequence[Sheet], name: str) -> bool:
    """Whether the concept names a column of several rows, each of which has a value of its own."""
    tables = ((sheet, table) for sheet in sheets for table in sheet.tables if table.last > table.body)
    return any(
        cell.names(name) for sheet, table in tables for row in sheet.rows[table.head : table.body] for cell in row
    )


def needs_a_line(sheets: Sequence[Sheet], question: Question, want: Want) -> bool:
    """A price alone is of something; and what is asked for in other words than its own is not of just anything."""
    if concept(want.concept).loose and not want.named and any(map(is_thing, question.terms)):
        # Of each of many things: not of one that stands nowhere.
        texts = [cell.text for sheet in sheets for cell in sheet.cells]
        return coverage(question.terms, texts) < 0.5
    if want.concept in CODES and strong(question) and _heads_column(sheets, want.concept):
        # The number of one of many things: not of just the first.
        return coverage(question.terms, [cell.text for sheet in sheets for cell in sheet.cells]) < 0.5
    if concept(want.concept).soft:
        return strong(question) or want.concept != "quantity"
    owed = want.concept == "amount_due" and not _stands_labelled(sheets, want.concept)
    whole_bill = (owed or want.concept == "total") and not want.named
    return whole_bill and strong(question) and not _names_a_party(sheets, question)


def _stands_labelled(sheets: Sequence[Sheet], name: str) -> bool:
    return any(cell.names(name) for sheet in sheets for cell in sheet.cells)


def _names_a_party(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether the words stand together in a line, but in no row with a sum: whom the bill is for, rather than what."""
    rows = [row for sheet in sheets for row in sheet.rows]
    summed = [cell.text for row in rows for cell in row if any(v.kind == "money" for c in row for v in c.values)]
    telling = [term for term in question.terms if is_thing(term)]
    together = any(coverage(telling, [cell.text]) > TOGETHER for row in rows for cell in row)
    return bool(telling) and together and not coverage(telling, summed)


TOGETHER = 0.85
"""The share of the words that must stand in one line."""
