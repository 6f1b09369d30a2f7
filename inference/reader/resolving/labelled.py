"""What a label alone tells, or a sentence, or the very form of a value; what the other ways share. Pure."""

from collections.abc import Iterator, Sequence

from inference.reader.fields import GOOD, TEXTUAL, Field, fields
from inference.reader.lexicon import Label, concept, labels
from inference.reader.matching import coverage
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value, values
from inference.reader.wants import PARTIES
from inference.reader.words import fold, words


def by_label(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    found = good(sheets, name)
    if not found:
        found_alone = by_sentence(sheets, name) or by_form(sheets, name) or by_compound(sheets, name, question)
        return found_alone if found_alone and _goes_with(sheets, found_alone, question) else None
    return max(found, key=lambda field: preference(sheets, field, question))


def _goes_with(sheets: Sequence[Sheet], field: Field, question: Question) -> bool:
    """Whether a value that is told by its form alone is of what the question names, if it names something there."""
    named = [term for term in question.terms if term.weight >= 1.0]
    if field.concept not in OF_THINGS or not named:
        return True
    sheet = sheet_of(sheets, field.cell)
    beside = [field.line, *(cell.text for cell in sheet.rows[field.cell.row])]
    return coverage(named, beside) > 0 or not coverage(named, [cell.text for cell in sheet.cells])


OF_THINGS = frozenset({"colour", "version", "postal_code"})
"""Concepts of which each of many things on a page may have its own."""


def good(sheets: Sequence[Sheet], name: str) -> list[Field]:
    return [field for field in fields(sheets, name) if field.score >= GOOD]


def by_sentence(sheets: Sequence[Sheet], name: str) -> Field | None:
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
            apart, value = min(
                ((_apart(value, spot), value) for value in fitting for spot in spots), key=lambda p: p[0]
            )
            yield from_sentence(sentence, value, name, max(GOOD, 0.75 - 0.004 * apart))
        elif spots and before is not None and set(before.cells) & set(sentence.cells):
            told = (value for value in values(before.text) if value.kind in kinds)
            yield from (from_sentence(before, value, name, GOOD) for value in told)
        before = sentence


def by_compound(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """A value in a sentence with a German word that ends with the one in the question: Gebühr, Verwaltungsgebühr."""
    kinds = [kind for kind in concept(name).kinds if kind not in TEXTUAL and kind not in ("code", "number")]
    named = [one for one in labels(question.text, loose=True) if one.concept == name]
    said = [fold(question.text[one.start : one.end]) for one in named]
    said = [word for word in said if len(word) >= SHORTEST and word.isalpha()]
    for sentence in (sentence for sheet in sheets for sentence in sentences(sheet)) if said else ():
        ends = [part.end for part in words(sentence.text) for word in said if part.text.endswith(word)]
        told = [value for value in values(sentence.text) if value.kind in kinds]
        if ends and told:
            return from_sentence(sentence, min(told, key=lambda value: abs(value.start - ends[0])), name, 0.65)
    return None


SHORTEST = 5
"""Letters of a word that ends longer ones."""


def from_sentence(sentence: Sentence, value: Value, name: str, score: float) -> Field:
    cell = next((cell for cell in sentence.cells if value.text in cell.text), sentence.cells[0])
    return from_cell(cell, value.text, name, score, value, sentence.text)


def _apart(value: Value, label: Label) -> int:
    """Characters between the two."""
    return max(0, value.start - label.end, label.start - value.end)


def preference(sheets: Sequence[Sheet], field: Field, question: Question) -> float:
    """The score of the field, more where words of the question stand with its label or near it."""
    named = 0.3 * coverage(question.all_terms, [field.label.text])
    beside = 0.4 * coverage(question.terms, texts_near(sheets, field)) if question.terms else 0.0
    owners = {label.concept for label in labels(question.text, loose=True)} & PARTIES
    owned = 0.4 if any(label.concept in owners for label in field.cell.labels) else 0.0
    share = 0.4 if field.kind == "percent" and question.kind == "money" else 0.0
    return field.score + named + beside + owned - share


def texts_near(sheets: Sequence[Sheet], field: Field) -> list[str]:
    """The texts of the rows around the field's label."""
    rows = sheet_of(sheets, field.label).rows[max(0, field.label.row - 3) : field.label.row + 2]
    return [cell.text for row in rows for cell in row]


def sheet_of(sheets: Sequence[Sheet], cell: Cell) -> Sheet:
    return next(sheet for sheet in sheets if sheet.page.sha256 == cell.page)


_FORMS = {
    "iban": "iban", "email": "email", "website": "url", "vat_id": "vat_id", "bic": "bic", "phone": "phone",
    "time": "time",
    "payment_method": "method", "payment_terms": "term", "postal_code": "postal", "version": "version",
    "colour": "colour",
}  # fmt: skip
"""Concepts whose values are known by their form, without a label."""


def by_form(sheets: Sequence[Sheet], name: str) -> Field | None:
    kind = _FORMS.get(name, "")
    found = [(cell, value) for sheet in sheets for cell in sheet.cells for value in cell.values if value.kind == kind]
    for cell, value in found:
        if (value.sure or kind == "iban") and not is_otherwise(cell, name) and not _by_chance(cell, value):
            return from_cell(cell, value.text, name, 0.7, value)
    told = ((sentence, value) for sheet in sheets for sentence in sentences(sheet) for value in values(sentence.text))
    broken = ((sentence, value) for sentence, value in told if value.kind == kind and value.sure)
    return next((from_sentence(sentence, value, name, 0.65) for sentence, value in broken if kind == "iban"), None)


def _by_chance(cell: Cell, value: Value) -> bool:
    """Whether a short word for a way to pay stands in a longer line without a sum: Shoe & Key Bar."""
    summed = any(other.kind == "money" for other in cell.values)
    return value.kind == "method" and len(value.text) < 5 and len(cell.text) > len(value.text) + 6 and not summed


def from_cell(cell: Cell, text: str, name: str, score: float, value: Value | None = None, line: str = "") -> Field:
    """A field without a label."""
    return Field(name, value.kind if value else "text", text, score, cell, cell, "after", value, line)


def is_otherwise(cell: Cell, name: str) -> bool:
    """Whether a number that looks like a phone's says that it is another."""
    return name == "phone" and (
        cell.names("fax") or cell.names("iban") or any(value.kind == "iban" for value in cell.values)
    )
