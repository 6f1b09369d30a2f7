"""From a question to the value that answers it, with the line in which it stands. Pure."""

from collections.abc import Sequence

from inference.reader.captions import captioned
from inference.reader.claims import CODES, is_of_another, labelled_elsewhere, may_be, named_by
from inference.reader.deeds import of_doors
from inference.reader.fields import Field
from inference.reader.findings import Finding, of_field, of_item
from inference.reader.items import Item, items
from inference.reader.items.absent import lacks_supply
from inference.reader.items.called import called
from inference.reader.items.extremes import asks_for_extreme, extreme
from inference.reader.items.extremes import told as told_extreme
from inference.reader.items.hours import of_day, without_days
from inference.reader.items.item import ENOUGH
from inference.reader.items.roles import in_roles, is_event
from inference.reader.items.statements import asks_for_firm
from inference.reader.lexicon import concept
from inference.reader.matching import coverage, likeness
from inference.reader.moments import in_full
from inference.reader.parties import labelled
from inference.reader.quantities import MEASURES
from inference.reader.questions import Question, Term, Want
from inference.reader.resolving import resolve
from inference.reader.running import perhaps, surely, tells_otherwise
from inference.reader.settled import settled
from inference.reader.sheet import Sheet
from inference.reader.stop import stop
from inference.reader.strangers import names_somebody_else, only_seen
from inference.reader.terms import GENERIC_WEIGHT
from inference.reader.told import by_deed, by_letter, tells_hours, to_ring
from inference.reader.wants import PARTIES
from inference.reader.weekdays import tells_other_days
from inference.reader.wholes import whole

SHORT = 25
"""Characters of a line that may be a label and nothing else."""

VAGUE = 1.5
"""A concept that scores less was named by a word such as number alone."""


def find(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The best answer that the pages give, or None if they give none."""
    found = captioned(sheets, question) or _find(sheets, question)
    found = in_full(sheets, question, found) if found else None
    hours = question.kind == "time" and of_doors(question.text)
    if found and ((hours and not tells_hours(found.line)) or tells_otherwise(sheets, question, found)):
        return None
    return found


def _find(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    if asks_for_extreme(question):
        outright = told_extreme(sheets, question)
        extremes = [outright] if outright else [item for sheet in sheets for item in extreme(sheet, question)]
        return of_item(sheets, extremes[0]) if extremes else None
    hours = None if names_somebody_else(sheets, without_days(question)) else of_day(sheets, question)
    if hours is not None:
        return of_item(sheets, hours)
    strange = (names_somebody_else, only_seen, lacks_supply, tells_other_days)
    if any(one(sheets, question) for one in strange):
        return None
    told_by_letter = by_letter(sheets, question)
    if told_by_letter is not None:
        return told_by_letter
    named = _by_role(sheets, question)
    sure = question.wants_by_name or (question.noun and named and likeness(question.noun, named.line))
    if named is not None and sure and not asks_for_firm(question):
        return named
    in_text = surely(sheets, question) or to_ring(sheets, question)
    if in_text is not None and in_text.value:
        return in_text
    found = _searched(sheets, question, named) or perhaps(sheets, question)
    # What is found in the very sentence says more than the sentence.
    return in_text if in_text and not (found and found.value and found.value in in_text.line) else found


def _searched(sheets: Sequence[Sheet], question: Question, named: Finding | None) -> Finding | None:
    """What labels, rows and words beside one another say. ``named`` is somebody whose role the page names."""
    if named is not None or (question.head and not _stands(sheets, question.head)):
        # Which insurer: of what stands nowhere there is none.
        return named
    certain = settled(sheets, question)
    if certain is not None:
        return certain.finding
    proper = max((item for sheet in sheets for item in called(sheet, question)), key=_score, default=None)
    if proper is not None:
        return of_item(sheets, proper)
    told_of = by_deed(sheets, question)
    if told_of is not None:
        return told_of
    moved = question.wanted("delivery_address") and not question.wants_by_name
    # What was brought somewhere stands elsewhere than where it was brought.
    searched = items(sheets, question, question.terms) if question.terms and not moved else []
    told = searched and _strong(question) and searched[0].score > 0.9 and not question.wants_by_name
    if searched and (told or _names_a_line(sheets, question)) and not is_of_another(sheets, question, searched[0]):
        direct = labelled_elsewhere(sheets, question, searched[0])
        return direct or of_item(sheets, searched[0])
    for want in question.wants:
        said = (want.named or not question.wants[0].named) and not _is_vague(sheets, question, want)
        if said and want.score >= 0.7 * question.wants[0].score and not _needs_a_line(sheets, question, want):
            found = of_concept(sheets, want.concept, question)
            if found is not None and (want.named or not _is_elsewhere(question, found, searched)):
                return found
    if question.wanted("line_amount") and not question.terms:
        return of_concept(sheets, "total", question)
    if question.wants and question.wants[0].named and not concept(question.wants[0].concept).soft:
        # Words of the question stand in many a line; its answer says what is asked for too.
        searched = [item for item in searched if may_be(sheets, item, question.wants[0])]
    entire = whole(sheets, question) if not searched else None
    if entire is not None:
        return entire
    spelled = searched or (items(sheets, question, question.all_terms) if question.wants else [])
    if question.wants_by_name and concept(question.wants[0].concept).kinds == ("code",):
        # The number of a delivery note is not any that stands beside a delivery.
        spelled = [item for item in spelled if may_be(sheets, item, question.wants[0])]
    if spelled and (searched or spelled[0].score > 0.7):
        return of_item(sheets, spelled[0])
    return _by_noun(sheets, question) or _kind_alone(sheets, question)


def _is_elsewhere(question: Question, found: Finding, searched: Sequence[Item]) -> bool:
    """Whether the words of the question stand with another value of such a kind: requests to swap, by the 29th."""
    if not searched or not searched[0].text or not _strong(question):
        return False
    line = " ".join(cell.text for cell in searched[0].cells)
    return not coverage(question.terms, [found.line]) and coverage(question.terms, [searched[0].line or line]) > ENOUGH


def _score(item: Item) -> float:
    return item.score


def _by_noun(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The value of a label that is the very noun that is asked for, though other words stand nowhere."""
    if not question.noun or (question.wants_by_name and question.noun in named_by(question, question.wants[0])):
        return None
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    known = [term for term in question.all_terms if term.weight >= 1 and term.missing is None]
    everything = not known or coverage(known, texts) > 0.75
    found = items(sheets, question, (Term(question.noun),))
    labelled = [
        item
        for item in found
        if item.text and item.score > 0.7 and len(item.cells) > 1 and (everything or len(item.cells[0].text) < SHORT)
    ]
    return of_item(sheets, labelled[0]) if labelled else None


def _stands(sheets: Sequence[Sheet], word: str) -> bool:
    return any(likeness(word, cell.text) for sheet in sheets for cell in sheet.cells)


def _by_role(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """Somebody whose role the page names in the question's own words, if no label of the concept does."""
    if question.kind != "name":
        return None
    role = question.wants[0] if question.wants and not question.wanted(*PARTIES, *_OTHER_NAMES) else None
    role = role if role and (role.named or role.concept in DONE) else None
    if role and concept(role.concept).kinds == ("name",) and not (concept(role.concept).loose and _strong(question)):
        field = resolve(sheets, role.concept, question)
        if field is not None and field.score > LABELLED:
            return of_field(sheets, field)
    roles = [item for sheet in sheets for item in in_roles(sheet, question, question.all_terms)]
    best = max(roles, key=lambda item: item.score, default=None)
    asked = question.wants[0] if question.wants else None
    if asked and question.noun in stop().persons and question.noun not in named_by(question, asked):
        # The doctor is asked for, not the patient who is named beside.
        asked = None
    if best is None or (asked and labelled(sheets, asked.concept)):
        return None
    return of_item(sheets, best)


LABELLED = 0.7
"""How good the name beside the word for a role must be that is not sought in any other words."""

DONE = frozenset({"cashier", "carrier"})
"""Roles that are asked for by what is done: Who served the table?"""

_OTHER_NAMES = ("contact", "bank", "account_holder")
"""Concepts that names have and that are no roles of people."""


def _strong(question: Question) -> bool:
    return any(term.weight >= 1.0 for term in question.terms)


def _is_thing(term: Term) -> bool:
    """Whether it says something and is nothing that is merely done."""
    return term.weight >= 1.0 and (term.missing is None or term.missing > GENERIC_WEIGHT)


def _many_names(question: Question) -> bool:
    """Whether it tells where to look by several marks or names: bus 405 at Coldstone Hospital."""
    return sum(term.weight > 1.0 for term in question.terms) >= 2


def _names_a_line(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether the words of the question name a line of a table or a list rather than a field of the document."""
    if not question.wants or (not question.wants[0].named and _many_names(question)):
        return True
    likely = [concept(want.concept) for want in question.wants if want.score > 0.95 * question.wants[0].score]
    return _strong(question) and any(
        first.soft
        or any(kind in ("money", "number", "percent") or kind in MEASURES for kind in first.kinds)
        or first.loose
        or _heads_column(sheets, first.name)
        for first in likely
    )


def _is_vague(sheets: Sequence[Sheet], question: Question, want: Want) -> bool:
    """Whether hardly a word names the concept, and those that tell more stand nowhere: Which card number?"""
    if not want.named or not _strong(question):
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


def _needs_a_line(sheets: Sequence[Sheet], question: Question, want: Want) -> bool:
    """A price alone is of something; and what is asked for in other words than its own is not of just anything."""
    if concept(want.concept).loose and not want.named and any(map(_is_thing, question.terms)):
        # Of each of many things: not of one that stands nowhere.
        texts = [cell.text for sheet in sheets for cell in sheet.cells]
        return coverage(question.terms, texts) < 0.5
    if want.concept in CODES and _strong(question) and _heads_column(sheets, want.concept):
        # The number of one of many things: not of just the first.
        return coverage(question.terms, [cell.text for sheet in sheets for cell in sheet.cells]) < 0.5
    if concept(want.concept).soft:
        return _strong(question) or want.concept != "quantity"
    return _strong(question) and not want.named and want.concept == "total"


def of_concept(sheets: Sequence[Sheet], name: str, question: Question) -> Finding | None:
    """The value of a concept, or of one that serves as well."""
    for other in (name, *concept(name).instead):
        field = resolve(sheets, other, question)
        if field is not None and not (question.kind == "time" and _is_day_alone(field)):
            return of_field(sheets, field)
    return None


def _is_day_alone(field: Field) -> bool:
    """Whether a day stands there without an hour: of it nobody asks what time."""
    return field.kind == "date" and not any(value.kind == "time" for value in field.cell.values)


def _kind_alone(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """Nothing but a question word such as When: the date of the document, its total, its maker."""
    if question.all_terms or any(not concept(want.concept).soft for want in question.wants):
        return None
    name = {"date": "date", "money": "total", "name": "vendor", "time": "time", "place": "address"}.get(question.kind)
    return of_concept(sheets, name, question) if name else None
