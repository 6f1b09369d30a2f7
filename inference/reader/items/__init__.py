"""What a line, a row or a table says about something that the question names in its own words. Pure."""

from collections.abc import Sequence

from inference.reader.items.counts import counted
from inference.reader.items.item import ENOUGH, Item, wanted_kinds
from inference.reader.items.labels import beside_labels
from inference.reader.items.prose import in_sentences
from inference.reader.items.roles import in_roles
from inference.reader.items.rows import in_rows
from inference.reader.questions import Question, Term
from inference.reader.sheet import Sheet

__all__ = ["Item", "items"]


def items(sheets: Sequence[Sheet], question: Question, terms: Sequence[Term]) -> list[Item]:
    """The answers that enough of the terms stand beside, the best first."""
    if not any(term.weight >= 0.9 for term in terms):
        return []
    kinds = wanted_kinds(question)
    found: list[Item] = []
    for sheet in sheets:
        found.extend(in_rows(sheet, question, terms, kinds))
        found.extend(beside_labels(sheet, question, terms, kinds))
        found.extend(in_sentences(sheet, question, terms, kinds))
        found.extend(counted(sheet, question, terms))
        found.extend(in_roles(sheet, question, terms))
    return sorted((item for item in found if item.score >= ENOUGH), key=lambda item: -item.score)
