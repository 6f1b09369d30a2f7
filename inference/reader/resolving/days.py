"""Days and hours: of the document, of payment, of an appointment. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from inference.reader.fields import Field
from inference.reader.letters import salutation
from inference.reader.lexicon import alternatives, labels, table
from inference.reader.matching import coverage
from inference.reader.passages import Sentence, sentences
from inference.reader.payment import evidence
from inference.reader.questions import Question
from inference.reader.resolving.labelled import by_label, from_cell, from_sentence, good, preference, sheet_of
from inference.reader.sheet import Cell, Sheet
from inference.reader.standing import heads_rows, in_table
from inference.reader.values import Value, values
from inference.reader.words import fold, is_han

_WRITTEN = re.compile(alternatives("written"))
_OTHER_DATES = (
    "due_date", "delivery_date", "order_date", "valid_until", "period", "birth_date", "payment_date", "start_date",
    "end_date", "appointment",
)  # fmt: skip  # fmt: skip


def date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The date of the document: labelled, or one that stands alone or behind a town. A letter's is that rather."""
    found = [
        (preference(sheets, field, question) * (0.5 if _is_of_column(sheets, field) else 1.0), field)
        for field in good(sheets, name)
    ]
    fade = 1.1 if _WRITTEN.search(fold(question.text)) else 0.9
    for sheet in sheets:
        for cell in sheet.cells:
            for value in cell.values:
                if value.kind == "date":
                    score = _stands_alone(sheet, cell, value) * (1.0 if value.sure else 0.6) * fade
                    found.append((score, from_cell(cell, value.text, name, min(1.0, score), value)))
    best = max(found, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] > 0.3 else None


def _is_of_column(sheets: Sequence[Sheet], field: Field) -> bool:
    """Whether it is the date of a row: a column is headed Date and says no more."""
    sheet = sheet_of(sheets, field.label)
    mere = not any(label.concept == field.concept and label.weight > 0.9 for label in field.label.labels)
    return mere and field.relation == "below" and heads_rows(sheet, field.label)


def _has_rows(sheet: Sheet, cell: Cell) -> bool:
    """Whether the table in which the cell stands has several."""
    table = sheet.table_of(cell.row)
    return table is not None and table.last > table.body


def _stands_alone(sheet: Sheet, cell: Cell, value: Value) -> float:
    left = sheet.rows[cell.row][cell.column - 1 : cell.column] if cell.column else ()
    if any(other.names(name) for other in (cell, *left, *sheet.heads(cell)) for name in _OTHER_DATES):
        return 0.0
    spare = len(cell.text) - (value.end - value.start)
    height = cell.box.middle / max(1, sheet.page.height)
    # Rows of a table have their own days.
    beside = 0.3 if in_table(sheet, cell) and len(sheet.rows[cell.row]) > 2 and _has_rows(sheet, cell) else 0.0
    return max(0.0, 0.95 - 0.012 * spare - 0.25 * height - beside) if spare < 30 else 0.0


_LIMITED = re.compile(rf"{alternatives('limit')}\s*(?:the\s|dem\s|end of\s)?$")
_LIMITED_BEHIND = re.compile(rf"\s*(?:{'|'.join(table('patterns')['limit_behind_han'])})")


def due_date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or a date that a sentence sets as a limit, unless it is a date of another sort."""
    found = by_label(sheets, name, question)
    labelled = found is not None and not found.line and found.relation != "before"
    if found is not None and labelled and not _opens_late(found):
        return found
    told = [(sentence, day) for sentence, day in _days_told(sheets) if not _limits_other(sentence.cells)]
    behind = [one for one in told if _LIMITED_BEHIND.match(one[0].text, one[1].end)]
    before = [one for one in told if _LIMITED.search(fold(one[0].text[: one[1].start]))]
    sentence, day = next(iter((*behind, *before)), (None, None))
    first = found.value.day if labelled and found is not None and found.value else None
    if sentence is None or day is None or (first and not (day.day and day.day > first)):
        return found
    # A letter may tell which day was missed and which is the last now.
    return from_sentence(sentence, day, name, 0.6)


def _opens_late(field: Field) -> bool:
    """Whether the label stands within a sentence."""
    starts = [label.start for label in field.label.labels if label.concept == field.concept]
    return field.cell is field.label and min(starts, default=0) > (OPENS_HAN if is_han(field.label.text) else OPENS)


OPENS = 12
OPENS_HAN = 1
"""Characters that may stand before a label that opens its line."""


def _days_told(sheets: Sequence[Sheet]) -> Iterator[tuple[Sentence, Value]]:
    """Every date in a sentence."""
    told = (sentence for sheet in sheets for sentence in sentences(sheet))
    yield from ((sentence, value) for sentence in told for value in values(sentence.text) if value.kind == "date")


def _limits_other(cells: Sequence[Cell]) -> bool:
    return any(cell.names("valid_until") for cell in cells)


_NUMBERED = re.compile(rf"\W*[\w./-]*\d[\w./-]*\W+{alternatives('dated')}\s+(?:the\s)?$")
"""A number and a word such as of, between the word for a document and its day."""


def order_date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the day behind the number: our order 8831 of 4 March."""
    found = by_label(sheets, name, question)
    if found is not None:
        return found
    for sentence, day in _days_told(sheets):
        flat = fold(sentence.text)
        ordered = [label for label in labels(sentence.text) if label.concept == "order_number"]
        if any(_NUMBERED.fullmatch(flat[label.end : day.start]) for label in ordered if label.end <= day.start):
            return from_sentence(sentence, day, name, 0.7)
    return None


_BEGINS = re.compile(rf"{alternatives('begin')}\s*$")


def start_date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the first date that a sentence lets something begin with."""
    found = by_label(sheets, name, question)
    if found is not None:
        return found
    for sentence, day in _days_told(sheets):
        if day.sure and _BEGINS.search(fold(sentence.text[: day.start])):
            return from_sentence(sentence, day, name, 0.6)
    return None


_TO = re.compile(rf"\W*{alternatives('until')}?\W*")


def period(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or two days with nothing but a dash or a word such as to between."""
    found = by_label(sheets, name, question)
    if found is not None:
        return found
    for sheet in sheets:
        for cell in sheet.cells:
            stretches = pairwise(value for value in cell.values if value.kind == "date")
            for first, last in stretches:
                if _TO.fullmatch(fold(cell.text[first.end : last.start])):
                    return from_cell(cell, cell.text[first.start : last.end], name, 0.7, line=cell.text)
    return _month(sheets, name) if _MONTH.search(fold(question.text)) else None


_MONTH = re.compile(alternatives("month"))


def _month(sheets: Sequence[Sheet], name: str) -> Field | None:
    """The first month that stands with its year and no day: Bill for June 2026."""
    told = ((cell, value) for sheet in sheets for cell in sheet.cells for value in cell.values if value.kind == "date")
    found = next(((c, v) for c, v in told if v.day is None and _YEAR.search(v.text)), None)
    return from_cell(found[0], found[1].text, name, 0.6, found[1]) if found else None


_YEAR = re.compile(r"(?:19|20)\d\d")
_VALID = re.compile(alternatives("valid"))


def valid_until(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The last day of a stretch over which a sentence lets something hold, or labelled."""
    told = (sentence for sheet in sheets for sentence in sentences(sheet) if _VALID.search(fold(sentence.text)))
    for sentence in told:
        days = [value for value in values(sentence.text) if value.kind == "date"]
        if len(days) > 1:
            return from_sentence(sentence, days[-1], name, 0.8)
    return by_label(sheets, name, question)


def payment_date(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the date in the words that say that it has been paid."""
    found = by_label(sheets, name, question)
    if found is not None:
        return found
    for payment in evidence(sheets):
        for value in values(payment.quote):
            if payment.status == "yes" and payment.cell and value.kind == "date":
                return from_cell(payment.cell, value.text, name, payment.weight, value, payment.quote)
    return None


def time(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Of an appointment it stands behind its day; else labelled, or the first on the page."""
    if any(label.concept == "appointment" for label in labels(question.text, loose=True)):
        dated = appointment(sheets, "appointment", question)
        for sentence in (sentence for sheet in sheets for sentence in sentences(sheet)):
            at = sentence.text.find(dated.text) if dated else -1
            hours = [value for value in values(sentence.text) if value.kind == "time" and value.start > at]
            if at >= 0 and hours:
                return from_sentence(sentence, hours[0], name, 0.7)
    labelled = by_label(sheets, name, question)
    if labelled is None or not any(label.concept == name for label in labels(question.text, loose=True)):
        return labelled
    return (
        labelled
        if coverage(question.all_terms, [labelled.label.text]) > 0.5
        else _beside_date(sheets, name) or labelled
    )


def _beside_date(sheets: Sequence[Sheet], name: str) -> Field | None:
    """The hour that stands in a row with a day, as a till prints it."""
    for sheet in sheets:
        for row in sheet.rows:
            dated = any(value.kind == "date" and value.sure for cell in row for value in cell.values)
            hours = [(cell, value) for cell in row for value in cell.values if value.kind == "time"]
            if dated and hours:
                return from_cell(hours[0][0], hours[0][1].text, name, 0.7, hours[0][1])
    return None


def appointment(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or a date in a sentence that goes on with an hour."""
    labelled = by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    for sheet in sheets:
        told = list(_with_hours(sheet))
        if told:
            sentence, value = max(told, key=lambda one: coverage(question.all_terms, [one[0].text]))
            return from_sentence(sentence, value, name, 0.6)
        for above, row in pairwise(sheet.rows):
            day = next((value for value in above[-1].values if value.kind == "date" and value.sure), None)
            if day and len(above) == len(row) == 2 and any(value.kind == "time" for value in row[-1].values):
                return from_cell(above[-1], day.text, name, 0.6, day, sheet.row_text(above[0].row))
    return None


def _with_hours(sheet: Sheet) -> Iterator[tuple[Sentence, Value]]:
    """Dates in sentences that go on with an hour, or name one right before."""
    for sentence in sentences(sheet):
        found = values(sentence.text)
        hours = [value for value in found if value.kind == "time"]
        for value in found:
            dated = value.kind == "date" and (value.sure or len(sentence.cells) > 1 or len(sentence.text) > 40)
            near = any(0 <= one.start - value.end < 16 or 0 <= value.start - one.end < 6 for one in hours)
            if dated and near and not _is_stamp_of_till(sheet, sentence):
                yield sentence, value


def _is_stamp_of_till(sheet: Sheet, sentence: Sentence) -> bool:
    """Whether day and hour are those of a purchase: they stand alone in a page that is no letter."""
    return len(sentence.text) < 30 and not (salutation(sheet) or any(c.names("appointment") for c in sheet.cells))
