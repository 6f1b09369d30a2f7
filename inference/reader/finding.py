"""From a question to the value that answers it, with the line in which it stands. Pure."""

from collections.abc import Sequence

from inference.reader.captions import captioned
from inference.reader.claims import is_of_another, labelled_elsewhere, may_be, named_by
from inference.reader.deeds import of_doors
from inference.reader.fields import Field
from inference.reader.findings import Finding, of_field, of_item
from inference.reader.instalments import payment_meant
from inference.reader.items import Item, items
from inference.reader.items.absent import lacks_supply
from inference.reader.items.called import called
from inference.reader.items.extremes import asks_for_extreme, extreme
from inference.reader.items.extremes import told as told_extreme
from inference.reader.items.hours import of_day, without_days
from inference.reader.items.item import ENOUGH
from inference.reader.items.roles import in_roles
from inference.reader.items.statements import asks_for_firm
from inference.reader.lexicon import concept
from inference.reader.lines import is_vague, names_a_line, needs_a_line, strong
from inference.reader.matching import coverage, likeness
from inference.reader.moments import in_full
from inference.reader.parties import labelled
from inference.reader.questions import Question, Term, Want
from inference.reader.resolving import resolve
from inference.reader.resolving.labelled import from_cell
from inference.reader.running import perhaps, surely, tells_otherwise
from inference.reader.settled import Settled, settled
from inference.reader.sheet import Sheet
from inference.reader.stop import stop
from inference.reader.strangers import names_somebody_else, only_seen
from inference.reader.told import by_deed, by_letter, tells_hours, to_ring
from inference.reader.values import values
from inference.reader.wants import IDENTIFIERS, PARTIES
from inference.reader.weekdays import tells_other_days
from inference.reader.wholes import whole
from inference.reader.words import words

SHORT = 25
"""Characters of a line that may be a label and nothing else."""


def find(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The best answer that the pages give, or None if they give none."""
    found = captioned(sheets, question) or _find(sheets, question)
    if found and _asks_plainly(question) and not _may_answer(question.wants[0], found):
        return None
    found = in_full(sheets, question, found) if found else None
    hours = question.kind == "time" and of_doors(question.text)
    if found and question.kind == "place" and {value.kind for value in values(found.value)} == {"money"}:
        # Of a sum nobody asks where.
        return None
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
    plainly = _asks_plainly(question)
    found = _searched(sheets, question, named) if plainly else None
    if found is not None:
        return found
    in_text = surely(sheets, question) or to_ring(sheets, question)
    if in_text is not None and in_text.value:
        return in_text
    found = (None if plainly else _searched(sheets, question, named)) or perhaps(sheets, question)
    # What is found in the very sentence says more than the sentence.
    return in_text if in_text and not (found and found.value and found.value in in_text.line) else found


def _asks_plainly(question: Question) -> bool:
    """Whether it names nothing besides what it wants, by which to tell one line from another."""
    return bool(question.wants) and not question.terms


def _may_answer(want: Want, found: Finding) -> bool:
    """Whether a number that is wanted may be meant: no sentence without one is a customer number."""
    kinds = set(concept(want.concept).kinds)
    sentence = not found.value or found.value == found.line
    return not (kinds <= _NUMBERS and sentence) or any(char.isdigit() for char in found.line)


_NUMBERS = IDENTIFIERS - {"text", "error"}


def _searched(sheets: Sequence[Sheet], question: Question, named: Finding | None) -> Finding | None:
    """What labels, rows and words beside one another say. ``named`` is somebody whose role the page names."""
    if named is not None or (question.head and not _stands(sheets, question.head)):
        # Which insurer: of what stands nowhere there is none.
        return named
    counted = payment_meant(sheets, question)
    if counted is not None:
        return counted
    certain = settled(sheets, question) or _under_its_head(sheets, question)
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
    told = searched and strong(question) and searched[0].score > 0.9 and not question.wants_by_name
    if searched and (told or names_a_line(sheets, question)) and not is_of_another(sheets, question, searched[0]):
        direct = labelled_elsewhere(sheets, question, searched[0])
        return direct or of_item(sheets, searched[0])
    for want in question.wants:
        said = (want.named or not question.wants[0].named) and not is_vague(sheets, question, want)
        if said and want.score >= 0.7 * question.wants[0].score and not needs_a_line(sheets, question, want):
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
    if not searched or not searched[0].text or not strong(question):
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


def _under_its_head(sheets: Sequence[Sheet], question: Question) -> Settled | None:
    """The value of a label that is the very noun behind which, where no concept takes that: which railcard was used."""
    if not question.head or question.kind or any(question.head in named_by(question, w) for w in question.wants):
        return None
    for cell in (cell for sheet in sheets for cell in sheet.cells):
        label, colon, value = cell.text.partition(":")
        if colon and value.strip() and len(words(label)) == 1 and likeness(question.head, label) >= HEAD:
            return Settled(of_field(sheets, from_cell(cell, value.strip(), "", 0.9)))
    return None


HEAD = 0.9
"""How surely the label must be the noun that is asked for."""


def _stands(sheets: Sequence[Sheet], word: str) -> bool:
    return any(likeness(word, cell.text) for sheet in sheets for cell in sheet.cells)


def _by_role(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """Somebody whose role the page names in the question's own words, if no label of the concept does."""
    if question.kind != "name":
        return None
    role = question.wants[0] if question.wants and not question.wanted(*PARTIES, *_OTHER_NAMES) else None
    role = role if role and (role.named or role.concept in DONE) else None
    if role and concept(role.concept).kinds == ("name",) and not (concept(role.concept).loose and strong(question)):
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
