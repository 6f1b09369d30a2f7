"""Sums of money: the total, its parts, its tax and its currency. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate

from inference.reader.fields import Field, fields
from inference.reader.lexicon import alternatives
from inference.reader.lexicon import table as listed
from inference.reader.matching import coverage, likeness
from inference.reader.passages import sentences
from inference.reader.questions import Question
from inference.reader.remarks import mark
from inference.reader.resolving.labelled import (
    by_label,
    by_sentence,
    from_cell,
    from_sentence,
    good,
    preference,
    sheet_of,
    texts_near,
)
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value, values
from inference.reader.words import fold, words


def total(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The sum of all: where several lines claim to be it, the largest."""
    found = [field for field in good(sheets, name) if field.number is not None]
    if not found:
        ways = (_by_arithmetic, _by_adding, _by_change, _as_paid, by_sentence, _only_sum)
        return next((field for way in ways if (field := way(sheets, name))), None)
    best = found[0].score
    rivals = [field for field in found if field.score > best - 0.12]
    left = _after_discount(sheets, rivals)
    return left or max(
        rivals, key=lambda field: (_near_terms(sheets, field, question), _size(field.value), field.score)
    )


def _after_discount(sheets: Sequence[Sheet], rivals: Sequence[Field]) -> Field | None:
    """Of two totals the one that the other comes to once a discount is taken off."""
    paid = [value for sheet in sheets for cell in sheet.cells for value in cell.values if value.kind == "money"]
    off = {_size(value) for value in paid if (value.number or 0) < 0}
    off |= {_size(field.value) for field in good(sheets, "discount")}
    for less in rivals:
        for more in rivals:
            apart = _size(more.value) - _size(less.value)
            if less.cell.row > more.cell.row and any(abs(apart - one) < _CENT for one in off if one):
                return less
    return None


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
                    return from_cell(chosen[0], chosen[1].text, name, 0.7, chosen[1], line)
    return None


def _by_adding(sheets: Sequence[Sheet], name: str) -> Field | None:
    """The sum at the end of a row to which those of the rows above it add up, two of them at least."""
    for sheet in reversed(sheets):
        ends = [(row[-1], row[-1].values[0]) for row in sheet.rows if len(row) > 1 and _is_sum(row[-1])]
        for last in range(len(ends) - 1, 1, -1):
            cell, value = ends[last]
            added = list(accumulate(above.number or Decimal(0) for _, above in reversed(ends[:last])))
            if value.number and any(abs(one - value.number) < _CENT for one in added[1:]):
                return from_cell(cell, value.text, name, 0.6, value, sheet.row_text(cell.row))
    return None


def _by_change(sheets: Sequence[Sheet], name: str) -> Field | None:
    """The sum that is what was given less what came back."""
    given, back = (next(iter(good(sheets, concept)), None) for concept in ("cash", "change"))
    if not (given and back and given.number and back.number):
        return None
    wanted = given.number - back.number
    for sheet in sheets:
        for cell in sheet.cells:
            for value in cell.values:
                if value.kind in ("money", "number") and value.number == wanted:
                    return from_cell(cell, value.text, name, 0.6, value, sheet.row_text(cell.row))
    return None


def _as_paid(sheets: Sequence[Sheet], name: str) -> Field | None:
    """The only sum beside a word that says paid: Bezahlt 2,80 €, on the ticket of a machine."""
    paid = [(sheet.rows[cell.row][-1], sheet) for sheet in sheets for cell in sheet.cells if _says_paid(sheet, cell)]
    sums = [(cell, value, sheet) for cell, sheet in paid for value in cell.values if value.kind == "money"]
    if len(sums) != 1:
        return None
    cell, value, sheet = sums[0]
    return from_cell(cell, value.text, name, 0.6, value, sheet.row_text(cell.row))


def _says_paid(sheet: Sheet, cell: Cell) -> bool:
    found = mark(sheet, cell)
    return found is not None and found.status == "yes"


_CENT = Decimal("0.02")


def _is_sum(cell: Cell) -> bool:
    return bool(cell.values) and cell.values[0].kind == "money" and cell.is_figure


def _only_sum(sheets: Sequence[Sheet], name: str) -> Field | None:
    """The sum that a text without any label names, of several the largest: a letter is about that."""
    told = [
        from_sentence(sentence, value, name, 0.6)
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
    return bool(question.terms) and coverage(question.terms, texts_near(sheets, field)) > 0.5


def _size(value: Value | None) -> Decimal:
    return abs(value.number) if value and value.number is not None else Decimal(0)


def tax(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The tax in money; beside its base in the same row, it is the smaller one."""
    at_rate = _of_rate(sheets, name, question)
    if at_rate is not None:
        return at_rate
    found = [field for field in good(sheets, name) if field.number is not None]
    if not found:
        return _by_arithmetic(sheets, name)
    best = max(found, key=lambda field: (preference(sheets, field, question), field.label.row))
    row = sheet_of(sheets, best.cell).rows[best.cell.row]
    sums = [(cell, value) for cell in row for value in cell.values if value.kind == "money" and value.number]
    if len(sums) > 1 and best.relation in ("right", "after"):
        cell, value = min(sums, key=lambda pair: _size(pair[1]))
        return replace(best, text=value.text, cell=cell, value=value)
    return best


def _of_rate(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The sum in a row with the very percentage that the question says: VAT at 20 %."""
    rates = {value.number for value in values(question.text) if value.kind == "percent"}
    for field in fields(sheets, name) if rates else ():
        row = sheet_of(sheets, field.cell).rows[field.cell.row]
        told = {value.number for cell in row for value in cell.values if value.kind == "percent"}
        if field.number is not None and rates & told and field.kind == "money" and field.relation != "left":
            return field
    return None


def by_method(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """How something was paid; how much in that way, if a sum is asked for."""
    said = [word.text for value in values(question.text) if value.kind == "method" for word in words(value.text)]
    if question.kind != "money" or not said:
        return by_label(sheets, name, question)
    for sheet in sheets:
        for row in sheet.rows:
            paid = any(value.kind == "method" for value in row[0].values)
            paid = paid and any(likeness(word, row[0].text) >= TOLD for word in said)
            sums = [value for value in row[-1].values if value.kind == "money"]
            if paid and len(row) > 1 and sums:
                return from_cell(row[-1], sums[-1].text, name, 0.8, sums[-1], sheet.row_text(row[0].row))
    return None


def unit_price(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled; by the hour in the row that counts hours, whatever the other rows count."""
    hourly = _BY_HOUR.search(fold(question.text))
    for sheet in sheets if hourly else ():
        for table in sheet.tables:
            rows = sheet.rows[table.body : table.last + 1]
            for cell in (cell for row in rows if any(map(_counts_hours, row)) for cell in row):
                sums = [value for value in cell.values if value.kind in ("money", "number")]
                if sums and any(head.names(name) for head in sheet.heads(cell)):
                    return from_cell(cell, sums[0].text, name, 0.9, sums[0], sheet.row_text(cell.row))
    return by_label(sheets, name, question) or _per_unit(sheets, name, question)


def _per_unit(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The price behind a quantity and a sign for at, or before a stroke and a unit: 34.82 L @ 1.449, 1,789 €/l. Of
    several that of the unit and the thing that the question names."""
    found = [(cell, match) for sheet in sheets for cell in sheet.cells for match in _PER_UNIT.finditer(cell.text)]
    asked = {word.text for word in words(question.text)}
    units = next((units for units in _UNITS if asked & units), frozenset[str]())
    if units:
        found = [(cell, match) for cell, match in found if fold(match["of"] or match["per"] or "") in units]
    best = max(found, key=lambda one: _about(sheets, one[0], question), default=None)
    if best is None or (question.terms and not _about(sheets, best[0], question)):
        return None
    cell, match = best
    price = match["price"] or match["price2"]
    return from_cell(cell, price, name, 0.75, line=sheet_of(sheets, cell).row_text(cell.row))


def _about(sheets: Sequence[Sheet], cell: Cell, question: Question) -> float:
    """How much of the question stands in the row of the cell or in the one above, which may hold the name."""
    rows = sheet_of(sheets, cell).rows[max(0, cell.row - 1) : cell.row + 1]
    return coverage(question.terms, [other.text for row in rows for other in row])


_UNITS = [frozenset(fold(units).split()) for units in listed("money")["unit_price"]["units"]]
_UNIT = "|".join(sorted((unit for units in _UNITS for unit in units), key=len, reverse=True))
_PER_UNIT = re.compile(
    rf"(?:\d[\d.,]*\s?(?P<of>{_UNIT})?\s?[@x×*à]|@)\s?[€£$¥]?\s?(?P<price>\d+[.,]\d{{2,3}})"
    rf"|(?P<price2>\d+[.,]\d{{1,4}})\s?(?:€|£|\$|¥|eur|元|ct|cent|p|c)?\s?(?:/|per|je|pro|par|por)\s?(?P<per>{_UNIT})(?!\w)",
    re.IGNORECASE,
)


_BY_HOUR = re.compile(alternatives("by_hour"))
_HOURS = re.compile(alternatives("hours"))


def _counts_hours(cell: Cell) -> bool:
    return bool(_HOURS.search(fold(cell.text)))


TOLD = 0.8
"""How surely a line must name the way to pay."""


def change(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Beside a label that is all its cell says: Rückgabe, but not what somebody brings back: Rückgabe Gepäckträger."""
    found = [field for field in good(sheets, name) if _says_no_more(field)]
    return max(found, key=lambda field: preference(sheets, field, question), default=None)


def _says_no_more(field: Field) -> bool:
    spans = [(label.start, label.end) for label in field.label.labels if label.concept == field.concept]
    rest = (word for word in words(field.label.text) if not any(a <= word.start < b for a, b in spans))
    return field.label is field.cell or sum(word.text.isalpha() for word in rest) < 2


def subtotal(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    return by_label(sheets, name, question) or _by_arithmetic(sheets, name)


def tax_rate(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The percentage beside a label of its own, or in the line of the tax."""
    labelled = by_label(sheets, name, question)
    if labelled:
        return labelled
    for sheet in sheets:
        for row in sheet.rows:
            for cell in row:
                if cell.names("tax"):
                    percents = [value for other in row for value in other.values if value.kind == "percent"]
                    if percents:
                        line = " · ".join(other.text for other in row)
                        return from_cell(cell, percents[0].text, name, 0.8, percents[0], line)
    return None


def currency(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """A label's, or the total's, or that of any sum."""
    found = by_label(sheets, name, question)
    sums = [field for field in good(sheets, "total") if field.value and field.value.currency]
    if found is None and sums and sums[0].value:
        return replace(sums[0], concept=name, text=sums[0].value.currency)
    if found is None:
        priced = ((c, v) for s in sheets for c in s.cells for v in c.values if v.kind == "money" and v.currency)
        found = next((from_cell(cell, value.currency, name, 0.7, value, cell.text) for cell, value in priced), None)
    if found is None:
        told = (
            (c, v) for s in sheets for c in s.cells for v in c.values if v.kind == "currency" and not v.text.islower()
        )
        found = next((from_cell(cell, value.text, name, 0.6, value, cell.text) for cell, value in told), None)
    return found
