"""Answers that statements give about what is done, against those of labels. Pure."""

from collections.abc import Sequence

from inference.reader.changes import changed
from inference.reader.deeds import of_doors
from inference.reader.fields import fields
from inference.reader.findings import Finding, of_item
from inference.reader.items.notices import dated, fixed, on_weekday, opened
from inference.reader.items.statements import PROSE, done
from inference.reader.lexicon import concept
from inference.reader.questions import Question
from inference.reader.reasons import reason
from inference.reader.sheet import Sheet
from inference.reader.signed import holder, who_signed
from inference.reader.values import values

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
    if best is None or numbered or _is_labelled(sheets, question):
        return None
    return of_item(sheets, best)


def _is_labelled(sheets: Sequence[Sheet], question: Question) -> bool:
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


def by_letter(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """What letters tell in their own ways: who signed, for what reason, what something was and what it becomes."""
    ways = (who_signed, holder, reason, changed)
    return next((found for way in ways if (found := way(sheets, question))), None)
