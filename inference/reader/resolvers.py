"""How the value of each concept is found, where a label alone does not tell or may be missing. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from inference.reader import parties
from inference.reader.fields import GOOD, TEXTUAL, Field, fields
from inference.reader.lexicon import Label, concept, labels
from inference.reader.matching import coverage
from inference.reader.names import is_address
from inference.reader.parties import Party
from inference.reader.passages import Sentence, sentences
from inference.reader.payment import evidence
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value, values
from inference.reader.words import fold, key

Resolver = Callable[[Sequence[Sheet], str, Question], Field | None]


def resolve(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The value of the concept that fits the question best, or None."""
    return _RESOLVERS.get(name, _by_label)(sheets, name, question)


def _good(sheets: Sequence[Sheet], name: str) -> list[Field]:
    return [field for field in fields(sheets, name) if field.score >= GOOD]


def _by_label(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    found = _good(sheets, name)
    if not found:
        return _by_sentence(sheets, name) or _by_form(sheets, name)
    return max(found, key=lambda field: _preference(sheets, field, question))


def _by_sentence(sheets: Sequence[Sheet], name: str) -> Field | None:
    """A value of the right kind in a sentence that names the concept, or in the one before it."""
    kinds = [kind for kind in concept(name).kinds if kind not in TEXTUAL and kind not in ("code", "number")]
    found = [field for sheet in sheets for field in _in_sentences(sheet, name, kinds)]
    return max(found, key=lambda field: field.score, default=None)


def _in_sentences(sheet: Sheet, name: str, kinds: Sequence[str]) -> Iterator[Field]:
    before: Sentence | None = None
    for sentence in sentences(sheet):
        fitting = [value for value in values(sentence.text) if value.kind in kinds]
        least = 0.9 if len(fitting) > 1 else 0.5
        spots = [label for label in labels(sentence.text) if label.concept == name and label.weight > least]
        if spots and fitting:
            near = min(fitting, key=lambda value: min(_apart(value, spot) for spot in spots))
            yield _told(sentence, near, name, max(GOOD, 0.75 - 0.004 * min(_apart(near, spot) for spot in spots)))
        elif spots and before is not None and set(before.cells) & set(sentence.cells):
            yield from (_told(before, value, name, GOOD) for value in values(before.text) if value.kind in kinds)
        before = sentence


def _told(sentence: Sentence, value: Value, name: str, score: float) -> Field:
    cell = next((cell for cell in sentence.cells if value.text in cell.text), sentence.cells[0])
    return _plain(cell, value.text, name, score, value, sentence.text)


def _apart(value: Value, label: Label) -> int:
    """Characters between the two."""
    return max(0, value.start - label.end, label.start - value.end)


def _preference(sheets: Sequence[Sheet], field: Field, question: Question) -> float:
    """The score of the field, more where words of the question stand with its label or near it."""
    sheet = _sheet_of(sheets, field.label)
    near = [cell.text for row in sheet.rows[max(0, field.label.row - 3) : field.label.row + 2] for cell in row]
    named = 0.3 * coverage(question.all_terms, [field.label.text])
    return field.score + named + (0.4 * coverage(question.terms, near) if question.terms else 0.0)


def _sheet_of(sheets: Sequence[Sheet], cell: Cell) -> Sheet:
    return next(sheet for sheet in sheets if sheet.page.sha256 == cell.page)


_FORMS = {
    "iban": "iban", "email": "email", "website": "url", "vat_id": "vat_id", "bic": "bic", "phone": "phone",
    "time": "time",
    "payment_method": "method", "payment_terms": "term",
}  # fmt: skip
"""Concepts whose values are known by their form, without a label."""


def _by_form(sheets: Sequence[Sheet], name: str) -> Field | None:
    kind = _FORMS.get(name, "")
    found = [(cell, value) for sheet in sheets for cell in sheet.cells for value in cell.values if value.kind == kind]
    for cell, value in found:
        if (value.sure or kind == "iban") and not _is_otherwise(cell, name):
            return _plain(cell, value.text, name, 0.7, value)
    told = ((sentence, value) for sheet in sheets for sentence in sentences(sheet) for value in values(sentence.text))
    broken = ((sentence, value) for sentence, value in told if value.kind == kind and value.sure)
    return next((_told(sentence, value, name, 0.65) for sentence, value in broken if kind == "iban"), None)


def _plain(cell: Cell, text: str, name: str, score: float, value: Value | None = None, line: str = "") -> Field:
    """A field without a label."""
    return Field(name, value.kind if value else "text", text, score, cell, cell, "after", value, line)


def _is_otherwise(cell: Cell, name: str) -> bool:
    """Whether a number that looks like a phone's says that it is another."""
    return name == "phone" and (
        cell.names("fax") or cell.names("iban") or any(value.kind == "iban" for value in cell.values)
    )


def _phone(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    found = _good(sheets, name)
    found = [field for field in found if not _is_otherwise(field.cell, name)] or found
    if found:
        return max(found, key=lambda field: _preference(sheets, field, question))
    sure = _by_form(sheets, name)
    return sure or next(_unlabelled_phones(sheets), None)


def _unlabelled_phones(sheets: Sequence[Sheet]) -> Iterator[Field]:
    """Figures grouped as in a phone number, alone or in a sentence, that no label claims."""
    for sheet in sheets:
        for sentence in sentences(sheet):
            named = labels(sentence.text)
            for value in values(sentence.text):
                groups = len(re.findall(r"\d+", value.text))
                claimed = any(label.end <= value.start and label.weight > 0.9 for label in named)
                other = any(_is_otherwise(cell, "phone") for cell in sentence.cells)
                if value.kind == "phone" and groups >= 3 and not claimed and not other:
                    yield _told(sentence, value, "phone", 0.6)


def _total(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The sum of all: where several lines claim to be it, the largest."""
    found = [field for field in _good(sheets, name) if field.number is not None]
    if not found:
        return _by_arithmetic(sheets, name) or _only_sum(sheets, name)
    best = found[0].score
    rivals = [field for field in found if field.score > best - 0.12]
    return max(rivals, key=lambda field: (_near_terms(sheets, field, question), _size(field.value), field.score))


def _by_arithmetic(sheets: Sequence[Sheet], name: str) -> Field | None:
    """Three sums of rows one below the other of which the last is what the others come to: net, tax and total,
    whatever they are called."""
    for sheet in sheets:
        ends = [(row[-1], row[-1].values[0]) for row in sheet.rows if len(row) > 1 and _is_sum(row[-1])]
        for (net_cell, net), (tax_cell, tax), (cell, total) in zip(ends, ends[1:], ends[2:], strict=False):
            if net.number and tax.number and total.number and abs(net.number + tax.number - total.number) < _CENT:
                chosen = {"total": (cell, total), "tax": (tax_cell, tax), "subtotal": (net_cell, net)}[name]
                taxed = any(value.kind == "percent" for other in sheet.rows[tax_cell.row] for value in other.values)
                if 0 < tax.number < net.number and cell.row - net_cell.row < 5 and (taxed or name == "total"):
                    line = sheet.row_text(chosen[0].row)
                    return _plain(chosen[0], chosen[1].text, name, 0.7, chosen[1], line)
    return None


_CENT = Decimal("0.02")


def _is_sum(cell: Cell) -> bool:
    return bool(cell.values) and cell.values[0].kind == "money" and cell.is_figure


def _only_sum(sheets: Sequence[Sheet], name: str) -> Field | None:
    """The sum that a text without any label names, of several the largest: a letter is about that."""
    told = [
        _told(sentence, value, name, 0.6)
        for sheet in sheets
        for sentence in sentences(sheet)
        for value in values(sentence.text)
        if value.kind == "money" and value.sure
    ]
    if len({field.number for field in told}) == 1 or (told and not any(sheet.tables for sheet in sheets)):
        return max(told, key=lambda field: _size(field.value))
    return None


def _near_terms(sheets: Sequence[Sheet], field: Field, question: Question) -> bool:
    """Whether words of the question stand with the field."""
    if not question.terms:
        return False
    sheet = _sheet_of(sheets, field.label)
    near = [cell.text for row in sheet.rows[max(0, field.label.row - 3) : field.label.row + 2] for cell in row]
    return coverage(question.terms, near) > 0.5


def _size(value: Value | None) -> Decimal:
    return abs(value.number) if value and value.number is not None else Decimal(0)


def _tax(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The tax in money; beside its base in the same row, it is the smaller one."""
    found = [field for field in _good(sheets, name) if field.number is not None]
    if not found:
        return _by_arithmetic(sheets, name)
    best = max(found, key=lambda field: (_preference(sheets, field, question), field.label.row))
    row = _sheet_of(sheets, best.cell).rows[best.cell.row]
    sums = [(cell, value) for cell in row for value in cell.values if value.kind == "money" and value.number]
    if len(sums) > 1 and best.relation in ("right", "after"):
        cell, value = min(sums, key=lambda pair: _size(pair[1]))
        return replace(best, text=value.text, cell=cell, value=value)
    return best


def _subtotal(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    return _by_label(sheets, name, question) or _by_arithmetic(sheets, name)


def _tax_rate(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The percentage beside a label of its own, or in the line of the tax."""
    labelled = _by_label(sheets, name, question)
    if labelled:
        return labelled
    for sheet in sheets:
        for row in sheet.rows:
            for cell in row:
                if cell.names("tax"):
                    percents = [value for other in row for value in other.values if value.kind == "percent"]
                    if percents:
                        line = " · ".join(other.text for other in row)
                        return _plain(cell, percents[0].text, name, 0.8, percents[0], line)
    return None


_WRITTEN = re.compile(
    r"\b(?:writ\w*|wrote|letter|brief|geschrieben|schreiben|lettre|ecrit\w*|carta|escri\w*|memo)\b|信|写"
)
_OTHER_DATES = (
    "due_date", "delivery_date", "order_date", "valid_until", "period", "birth_date", "payment_date", "start_date",
    "end_date", "appointment",
)  # fmt: skip


def _date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The date of the document: labelled, or one that stands alone or behind a town. A letter's is that rather."""
    found = [(_preference(sheets, field, question), field) for field in _good(sheets, name)]
    fade = 1.1 if _WRITTEN.search(fold(question.text)) else 0.9
    for sheet in sheets:
        for cell in sheet.cells:
            for value in cell.values:
                if value.kind == "date":
                    score = _stands_alone(sheet, cell, value) * (1.0 if value.sure else 0.6) * fade
                    found.append((score, _plain(cell, value.text, name, min(1.0, score), value)))
    best = max(found, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] > 0.3 else None


def _stands_alone(sheet: Sheet, cell: Cell, value: Value) -> float:
    left = sheet.rows[cell.row][cell.column - 1 : cell.column] if cell.column else ()
    if any(other.names(name) for other in (cell, *left, *sheet.heads(cell)) for name in _OTHER_DATES):
        return 0.0
    spare = len(cell.text) - (value.end - value.start)
    height = cell.box.middle / max(1, sheet.page.height)
    return max(0.0, 0.95 - 0.012 * spare - 0.25 * height) if spare < 30 else 0.0


_DEADLINE = re.compile(
    r"(?:\bby|\buntil|\bbefore|\bno later than|\bbis(?: zum| spatestens| spatestens zum)?"
    r"|\bspatestens(?: am| bis| zum| bis zum)?|\bavant le|\bd'ici (?:le|au)|\bau plus tard le|\bjusqu'au|\bantes del?"
    r"|\bhasta el|\ba mas tardar el|截至|截止到?|在)\s*(?:the\s|dem\s|end of\s)?$"
)


_LIMIT_HAN = re.compile(r"\s*(?:之前|以前|前|为止|止)")


def _due_date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or a date that a sentence sets as a limit, unless it is a date of another sort."""
    found = _by_label(sheets, name, question)
    if found is not None:
        return found
    for sentence, day in _days_told(sheets):
        limits = _DEADLINE.search(fold(sentence.text[: day.start])) or _LIMIT_HAN.match(sentence.text, day.end)
        if limits and not _limits_other(sentence.cells):
            return _told(sentence, day, name, 0.6)
    return None


def _days_told(sheets: Sequence[Sheet]) -> Iterator[tuple[Sentence, Value]]:
    """Every date in a sentence."""
    told = (sentence for sheet in sheets for sentence in sentences(sheet))
    yield from ((sentence, value) for sentence in told for value in values(sentence.text) if value.kind == "date")


def _limits_other(cells: Sequence[Cell]) -> bool:
    return any(cell.names("valid_until") for cell in cells)


_FROM = re.compile(
    r"(?:\bfrom|\bas (?:of|from)|\bstarting|\bab(?: dem)?|\ba partir (?:du|de|del)|\ba compter du"
    r"|\bdes le|\bdesde el|自|从)\s*$"
)


def _start_date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the first date that a sentence lets something begin with."""
    found = _by_label(sheets, name, question)
    if found is not None:
        return found
    begins = (pair for pair in _days_told(sheets) if pair[1].sure and _FROM.search(fold(pair[0].text[: pair[1].start])))
    return next((_told(sentence, day, name, 0.6) for sentence, day in begins), None)


def _payment_date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the date in the words that say that it has been paid."""
    found = _by_label(sheets, name, question)
    if found is not None:
        return found
    for payment in evidence(sheets):
        for value in values(payment.quote):
            if payment.status == "yes" and payment.cell and value.kind == "date":
                return _plain(payment.cell, value.text, name, payment.weight, value, payment.quote)
    return None


_MARK = re.compile(r"(?:\W|为|是|is\b|ist\b|est\b|es\b|lautet\b){0,5}((?=(?:[^\d\s]*\d){3})[A-Za-z\d](?:[\w./-]*\w)?)")
"""At least three digits, as the numbers of documents have."""


def _document_number(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the mark right behind the word for the document: our invoice 10444-26 of 2 September."""
    labelled = _by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    told = (sentence for sheet in sheets for sentence in sentences(sheet))
    return next((field for sentence in told for field in _behind_word(sentence, name)), None)


def _behind_word(sentence: Sentence, name: str) -> Iterator[Field]:
    for label in labels(sentence.text):
        mark = _MARK.match(sentence.text, label.end)
        if label.concept == name and mark and not any(v.kind == "date" and v.text == mark[1] for v in values(mark[1])):
            cell = next((cell for cell in sentence.cells if mark[1] in cell.text), sentence.cells[0])
            yield _plain(cell, mark[1], name, 0.6, line=sentence.text)


def _time(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Of an appointment it stands behind its day; else labelled, or the first on the page."""
    if any(label.concept == "appointment" for label in labels(question.text, loose=True)):
        dated = _appointment(sheets, "appointment", question)
        for sentence in (sentence for sheet in sheets for sentence in sentences(sheet)):
            at = sentence.text.find(dated.text) if dated else -1
            hours = [value for value in values(sentence.text) if value.kind == "time" and value.start > at]
            if at >= 0 and hours:
                return _told(sentence, hours[0], name, 0.7)
    return _by_label(sheets, name, question)


def _appointment(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or a date in a sentence that goes on with an hour."""
    labelled = _by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    for sheet in sheets:
        for sentence in sentences(sheet):
            found = values(sentence.text)
            hours = [value.start for value in found if value.kind == "time"]
            for value in found:
                dated = value.kind == "date" and value.sure and len(sentence.text) > value.end - value.start + 20
                if dated and any(0 <= at - value.end < 16 for at in hours):
                    return _told(sentence, value, name, 0.6)
        for above, row in pairwise(sheet.rows):
            day = next((value for value in above[-1].values if value.kind == "date" and value.sure), None)
            if day and len(above) == len(row) == 2 and any(value.kind == "time" for value in row[-1].values):
                return _plain(above[-1], day.text, name, 0.6, day, sheet.row_text(above[0].row))
    return None


def _party(party: Party | None, name: str) -> Field | None:
    return _plain(party.cell, party.text, name, party.score) if party else None


def _title(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    return _party(parties.title(sheets[0]), name) if sheets else None


def _vendor(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the letterhead."""
    labelled = parties.labelled(sheets, name)
    heads = [party for sheet in sheets for party in parties.letterhead(sheet)[:1]]
    head = max(heads, key=lambda party: party.score, default=None)
    if labelled and (labelled[0].score > 0.7 or head is None):
        return labelled[0]
    return _party(head, name) if head and head.score >= 0.4 else None


def _customer(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the address in the window, or whom the letter greets."""
    labelled = parties.labelled(sheets, name)
    if labelled:
        return labelled[0]
    blocks = [party for sheet in sheets for party in parties.address_block(sheet)]
    greeted = next((party for sheet in sheets if (party := parties.salutation(sheet))), None)
    named = next((party for party in blocks if greeted and key(party.text) in key(greeted.text)), None)
    return _party(named or next(iter(blocks), None) or greeted, name)


def _sender(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Who signed, or a label."""
    signed = (party for sheet in reversed(sheets) if (party := parties.signature(sheet)))
    return _party(next(signed, None), name) or next(iter(parties.labelled(sheets, name)), None)


def _subject(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    labelled = [field for field in _names(sheets, name) if field.cell is field.label or field.relation == "right"]
    lines = (party for sheet in sheets if (party := parties.subject_line(sheet)))
    return next(iter(labelled), None) or _party(next(lines, None), name)


def _name(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    return next(iter(_names(sheets, name)), None)


def _names(sheets: Sequence[Sheet], name: str) -> list[Field]:
    """Fields whose value is a name: letters for the most part, no date, no street."""
    return [field for field in fields(sheets, name) if field.score >= 0.6 and _is_name(field.text)]


def _is_name(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters >= 2 and letters > 0.6 * len(text.replace(" ", "")) and len(text) <= 80


def _bank(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or a name that banks have."""
    return _name(sheets, name, question) or _party(next((p for s in sheets for p in parties.banks(s)), None), name)


def _address(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Street and town: behind a label, or the first lines that look like them."""
    labelled = [field for field in _good(sheets, name) if is_address(field.text)]
    if labelled:
        return _block(sheets, labelled[0].cell, labelled[0].text, name)
    cells = [cell for sheet in sheets for cell in sheet.cells if is_address(cell.text) and len(cell.text) < 90]
    return _block(sheets, cells[0], cells[0].text, name) if cells else None


def _block(sheets: Sequence[Sheet], cell: Cell, text: str, name: str, *, whole: bool = False) -> Field:
    """The lines of an address from this one on."""
    below = parties.block_below(_sheet_of(sheets, cell), cell, 3)[1:]
    lines = [other.text for other in below if whole or is_address(other.text)]
    value = ", ".join([text, *lines])
    return _plain(cell, value, name, 0.75, line=value)


def _delivery_address(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Name, street and town under a label."""
    labelled = _good(sheets, name)
    return _block(sheets, labelled[0].cell, labelled[0].text, name, whole=True) if labelled else None


def _currency(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """A label's, or the total's, or that of any sum."""
    found = _by_label(sheets, name, question)
    sums = [field for field in _good(sheets, "total") if field.value and field.value.currency]
    if found is None and sums and sums[0].value:
        return replace(sums[0], concept=name, text=sums[0].value.currency)
    if found is None:
        priced = ((c, v) for s in sheets for c in s.cells for v in c.values if v.kind == "money" and v.currency)
        found = next((_plain(cell, value.currency, name, 0.7, value, cell.text) for cell, value in priced), None)
    if found is None:
        told = ((c, v) for s in sheets for c in s.cells for v in c.values if v.kind == "currency" and v.text.isupper())
        found = next((_plain(cell, value.text, name, 0.6, value, cell.text) for cell, value in told), None)
    return found


_RESOLVERS: dict[str, Resolver] = {
    "account_holder": _name,
    "address": _address,
    "appointment": _appointment,
    "bank": _bank,
    "cashier": _by_label,
    "contact": _name,
    "currency": _currency,
    "customer": _customer,
    "date": _date,
    "delivery_address": _delivery_address,
    "director": _name,
    "due_date": _due_date,
    "invoice_number": _document_number,
    "booking_number": _document_number,
    "delivery_note": _document_number,
    "contract_number": _document_number,
    "order_number": _document_number,
    "payment_date": _payment_date,
    "phone": _phone,
    "receipt_number": _document_number,
    "recipient": _customer,
    "sender": _sender,
    "start_date": _start_date,
    "subject": _subject,
    "subtotal": _subtotal,
    "tax": _tax,
    "time": _time,
    "tax_rate": _tax_rate,
    "title": _title,
    "total": _total,
    "vendor": _vendor,
}
