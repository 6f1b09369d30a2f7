"""Answers that statements give about what is done, against those of labels. Pure."""

from collections.abc import Sequence

from inference.reader.changes import changed
from inference.reader.deeds import deeds, of_doors
from inference.reader.fields import fields
from inference.reader.findings import Finding, of_item
from inference.reader.items.item import wanted_kinds
from inference.reader.items.labels import beside_labels
from inference.reader.items.notices import dated, fixed, on_weekday, opened
from inference.reader.items.statements import PROSE, done
from inference.reader.lexicon import concept
from inference.reader.questions import BRACKETED, Question, Term
from inference.reader.reasons import reason
from inference.reader.sheet import Sheet
from inference.reader.signed import holder, who_signed
from inference.reader.values import values
from inference.reader.words import words

OPENS = 12
"""Characters that may stand before a label that opens its line."""


DIRECT = 0.8
"""How good the value of a label must be that answers rather than a sentence."""


def by_deed(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """What a statement tells of the deed that is asked about, if no label of its own says what is asked for."""
    found = [
        item
        for sheet in sheets
        for item in (*done(sheet, question), *dated(sheet, question), *on_weekday(sheet, question))
    ]
    found = found or [item for sheet in sheets for item in (*fixed(sheet, question), *opened(sheet, question))]
    best = max(found, key=lambda item: item.score, default=None)
    numbered = question.wants_by_name and concept(question.wants[0].concept).kinds == ("code",)
    # The number of a delivery note is not any in a sentence about a delivery.
    if best is None or numbered or is_labelled(sheets, question):
        return None
    return of_item(sheets, best)


def is_labelled(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether a label that says nothing else names what is asked for by its name."""
    want = question.wants[0] if question.wants_by_name else None
    field = next(iter(fields(sheets, want.concept)), None) if want else None
    if want is None or field is None or field.score <= DIRECT or field.relation not in ("right", "after", "below"):
        return False
    opens = any(label.concept == want.concept and label.start < OPENS for label in field.label.labels)
    return opens and (len(field.label.text) < PROSE or ":" in field.label.text[:PROSE])


def tells_hours(line: str) -> bool:
    """Whether it says when something opens or closes, or from when to when."""
    return of_doors(line) or sum(value.kind == "time" for value in values(line)) > 1


def by_its_word(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The value of the label that the question gives in brackets, in the page's language: reference (Aktenzeichen)."""
    said = BRACKETED.search(question.text)
    terms = tuple(Term(word.text) for word in words(said["said"])) if said else ()
    kinds = wanted_kinds(question)
    found = [item for sheet in sheets for item in beside_labels(sheet, question, terms, kinds)] if terms else []
    # A row of a table has more to tell than one value.
    best = max((item for item in found if len(item.cells) < 3), key=lambda item: item.score, default=None)
    return of_item(sheets, best) if best is not None and best.score > DIRECT else None


def to_ring(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The number that a sentence tells to ring, where it names nobody."""
    if question.kind != "name" or deeds("call").keys().isdisjoint(deeds(question.text)):
        return None
    found = by_deed(sheets, question)
    return found if found and any(value.kind == "phone" for value in values(found.value)) else None


def by_letter(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """What letters tell in their own ways: who signed, for what reason, what something was and becomes."""
    ways = (by_its_word, who_signed, holder, reason, changed)
    return next((found for way in ways if (found := way(sheets, question))), None)
