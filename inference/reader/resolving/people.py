"""Who and where: names, parties, addresses. Pure."""

import re
from collections.abc import Sequence

from inference.reader import letters, parties
from inference.reader.fields import Field, fields
from inference.reader.items.roles import beside_role
from inference.reader.lexicon import table
from inference.reader.matching import coverage
from inference.reader.names import is_address, is_company
from inference.reader.parties import Party
from inference.reader.passages import sentences
from inference.reader.questions import Question
from inference.reader.resolving.labelled import from_cell, good, sheet_of
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import key


def _party(party: Party | None, name: str) -> Field | None:
    return from_cell(party.cell, party.text, name, party.score) if party else None


def title(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    return _party(parties.title(sheets[0]), name) if sheets else None


def vendor(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the letterhead."""
    labelled = parties.labelled(sheets, name)
    heads = [party for sheet in sheets for party in parties.letterhead(sheet)[:1]]
    head = max(heads, key=lambda party: party.score, default=None)
    if labelled and head and head.score >= _SURE and key(labelled[0].label.text) in _OF_GUESTS:
        return _party(head, name)
    if labelled and (labelled[0].score > 0.7 or head is None):
        return labelled[0]
    return _party(head, name) if head and head.score >= 0.4 else None


_SURE = 0.8
_OF_GUESTS = frozenset({"company", "companyname", "firma", "societe", "entreprise", "empresa", "公司名称"})
"""Labels that name the customer where a letterhead names who made the document."""


def customer(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the address in the window, or whom the letter greets."""
    labelled = parties.labelled(sheets, name)
    if labelled:
        return labelled[0]
    blocks = [party for sheet in sheets for party in parties.address_block(sheet)]
    greeted = next((party for sheet in sheets if (party := letters.salutation(sheet))), None)
    named = next((party for party in blocks if greeted and key(party.text) in key(greeted.text)), None)
    people = (party for sheet in sheets for party in parties.titled(sheet) if name == "customer")
    return _party(named or next(iter(blocks), None) or greeted or next(people, None), name)


def contact(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the person in the address of a company, if it is the customer's that is asked for."""
    labelled = named(sheets, name, question)
    if labelled or not question.terms:
        return labelled
    return _party(next((party for sheet in sheets for party in parties.titled(sheet)), None), name)


def sender(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Who signed, or a label."""
    signed = (party for sheet in reversed(sheets) if (party := letters.signature(sheet)))
    return _party(next(signed, None), name) or next(iter(parties.labelled(sheets, name)), None)


def subject(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    labelled = [field for field in _names(sheets, name) if field.cell is field.label or field.relation == "right"]
    lines = (party for sheet in sheets if (party := letters.subject_line(sheet)))
    return next(iter(labelled), None) or _party(next(lines, None), name)


def named(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    found = _names(sheets, name)
    return max(found, key=lambda field: coverage(question.all_terms, [field.label.text]) + field.score, default=None)


def role(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or a name that stands by the word for the role: Lutz Grabowski, Kassenwart."""
    found = named(sheets, name, question)
    if found is not None and not is_company(found.text) and not _is_of_rows(sheets, found):
        return found
    best = max(
        (item for sheet in sheets for item in beside_role(sheet, name)), key=lambda item: item.score, default=None
    )
    return from_cell(best.cell, best.text, name, best.score, line=best.line) if best else None


def _is_of_rows(sheets: Sequence[Sheet], field: Field) -> bool:
    """Whether the label heads a column: Work carried out."""
    table = sheet_of(sheets, field.label).table_of(field.label.row)
    return field.relation == "below" and table is not None and field.label.row < table.body


def doctor(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """In that role, or the first who is called Dr."""
    found = role(sheets, name, question)
    if found is not None:
        return found
    told = (sentence for sheet in sheets for sentence in sentences(sheet))
    titled = ((sentence, match) for sentence in told if (match := _DOCTOR.search(sentence.text)))
    sentence, match = next(titled, (None, None))
    return from_cell(sentence.cells[0], match[0], name, 0.6, line=sentence.text) if sentence and match else None


_DOCTOR = re.compile(
    rf"\b(?:{'|'.join(table('patterns')['honorific_doctor_cased'])})\.?\s?(?:[A-ZÀ-Þ][\w'’-]*\.?[ -]?){{1,3}}(?<=[\w])"
    r"|[\u4e00-\u9fff]{2,3}(?=医生|大夫|主任医师|医师)"
)


def _names(sheets: Sequence[Sheet], name: str) -> list[Field]:
    """Fields whose value is a name: letters for the most part, no date, no street."""
    return [field for field in fields(sheets, name) if field.score >= 0.6 and _is_name(field.text)]


def _is_name(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters >= 2 and letters > 0.6 * len(text.replace(" ", "")) and len(text) <= 80


def bank(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or a name that banks have."""
    return named(sheets, name, question) or _party(next((p for s in sheets for p in parties.banks(s)), None), name)


def address(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Street and town: behind a label, or the first lines that look like them."""
    found = good(sheets, name)
    labelled = [field for field in found if is_address(field.text)]
    # A label that says so needs no word for a street: Service address: 914 W Maple, Omaha.
    labelled = labelled or [field for field in found if field.score > SURE and any(map(str.isdigit, field.text))]
    if labelled:
        return _block(sheets, labelled[0].cell, labelled[0].text, name)
    cells = [cell for sheet in sheets for cell in sheet.cells if is_address(cell.text) and len(cell.text) < 90]
    owned = [cell for cell in cells if _belongs(sheets, cell, question)]
    if any(term.weight >= 1 for term in question.terms):
        return _block(sheets, owned[0], owned[0].text, name) if owned else None
    return _block(sheets, cells[0], cells[0].text, name) if cells else None


SURE = 0.85
"""How good a label must be whose value is an address, whatever it looks like."""


def _belongs(sheets: Sequence[Sheet], cell: Cell, question: Question) -> bool:
    """Whether the words of the question stand with the address: in its line, or in those right above."""
    rows = sheet_of(sheets, cell).rows[max(0, cell.row - 3) : cell.row + 1]
    near = [other.text for row in rows for other in row if abs(other.box.left - cell.box.left) < 2 * cell.box.height]
    return coverage(question.terms, [cell.text, *near]) >= 0.6


def _block(sheets: Sequence[Sheet], cell: Cell, text: str, name: str, *, whole: bool = False) -> Field:
    """The lines of an address from this one on."""
    below = parties.block_below(sheet_of(sheets, cell), cell, 3)[1:]
    lines = [other.text for other in below if whole or is_address(other.text)]
    value = ", ".join([text, *lines])
    return from_cell(cell, value, name, 0.75, line=value)


def delivery_address(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Name, street and town under a label."""
    labelled = good(sheets, name)
    return _block(sheets, labelled[0].cell, labelled[0].text, name, whole=True) if labelled else None
