"""Whether the line that a search found says what is asked for, or a label elsewhere does. Pure."""

from collections.abc import Sequence

from inference.reader.findings import Finding, of_field, page_of
from inference.reader.items import Item
from inference.reader.lexicon import concept
from inference.reader.matching import coverage, likeness
from inference.reader.questions import Question, Want
from inference.reader.resolving import resolve
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import words


def labelled_elsewhere(sheets: Sequence[Sheet], question: Question, item: Item) -> Finding | None:
    """The value of a label for what is asked for, where the line that the other words name says nothing of it."""
    want = question.wants[0] if question.wants else None
    if want is None or not concept(want.concept).loose:
        return None
    numbered = any(term.weight > 1 and not term.text.isalpha() for term in question.terms)
    if _says_what_it_is(sheets, item, want) or (numbered and _is_headed(sheets, item, want)):
        # Of the document that the question gives by its number its row tells, not the page's head.
        return None
    field = resolve(sheets, want.concept, question)
    direct = field is not None and field.label.names(want.concept) and field.relation in ("after", "right")
    mere = concept(want.concept).kinds == ("name",) or not item.text
    least = 0.75 if want.named else 0.8 if mere else 0.95
    return of_field(sheets, field) if field and direct and field.score > least else None


def _says_what_it_is(sheets: Sequence[Sheet], item: Item, want: Want) -> bool:
    """Whether the line, or a head over it, names the concept."""
    heads = sheets[page_of(sheets, item.cell)].heads(item.cell)
    least = 0.9 * max((_names_it(cell, want.concept) for sheet in sheets for cell in sheet.cells), default=0.0)
    return any(_names_it(cell, want.concept) >= max(least, 0.1) for cell in (*item.cells, *heads))


def _is_headed(sheets: Sequence[Sheet], item: Item, want: Want) -> bool:
    """Whether the head over it names the concept, however loosely."""
    return any(_names_it(head, want.concept) for head in sheets[page_of(sheets, item.cell)].heads(item.cell))


def _names_it(cell: Cell, concept: str) -> float:
    """How surely the cell names the concept: Closing balance does so rather than Balance."""
    return max((label.weight for label in cell.labels if label.concept == concept), default=0.0)


CODES = frozenset({"article_number", "reference"})
"""Concepts that are told by any code in the row of a thing, whatever its column is called."""

PRICES = frozenset({"line_amount", "unit_price", "quantity", "total", "subtotal", "amount_due", "people"})
"""Concepts that a line may tell without a word for them."""


def is_of_another(sheets: Sequence[Sheet], question: Question, item: Item) -> bool:
    """Whether a certain sum is asked for by its name, a fee or a deposit, and the line says nothing of one."""
    want = question.wants[0] if question.wants_by_name else None
    if (
        want is None
        or want.concept in PRICES
        or concept(want.concept).loose
        or "money" not in concept(want.concept).kinds
    ):
        return False
    line = " ".join(cell.text for cell in item.cells)
    if want.concept == "fee" and coverage(question.terms, [line]) > 0.75:
        # The garbage fee is what the line for garbage costs.
        return False
    return not _says_what_it_is(sheets, item, want) and not any(
        likeness(word, line) for word in named_by(question, want)
    )


def may_be(sheets: Sequence[Sheet], item: Item, want: Want) -> bool:
    """Whether a head over it names the concept, or one whose values look alike."""
    heads = sheets[page_of(sheets, item.cell)].heads(item.cell)
    kinds = {kind for head in heads for label in head.labels for kind in concept(label.concept).kinds}
    if want.concept not in CODES:
        # One number of a thing is not the other.
        kinds -= {"code"}
    coded = want.concept in CODES and heads and not kinds and any(value.kind == "code" for value in item.cell.values)
    return bool(coded or kinds & set(concept(want.concept).kinds)) or _says_what_it_is(sheets, item, want)


def named_by(question: Question, want: Want) -> list[str]:
    """The words of the question that name what is wanted."""
    return [word.text for index, word in enumerate(words(question.text)) if index in want.words]
