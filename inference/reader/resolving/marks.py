"""What is known by its figures: numbers of documents and telephones. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader.fields import Field
from inference.reader.lexicon import alternatives, concept, labels, table
from inference.reader.matching import coverage
from inference.reader.passages import Sentence, sentences
from inference.reader.quantities import unit_of
from inference.reader.questions import Question
from inference.reader.resolving.labelled import (
    by_form,
    by_label,
    from_cell,
    from_sentence,
    good,
    is_otherwise,
    preference,
    sheet_of,
)
from inference.reader.sheet import Sheet
from inference.reader.values import values
from inference.reader.words import fold, words


def phone(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    found = good(sheets, name)
    found = [field for field in found if not is_otherwise(field.cell, name)] or found
    if found:
        return max(found, key=lambda field: (_of_clause(field, question), preference(sheets, field, question)))
    if name != "phone":
        return None
    sure = by_form(sheets, name)
    return sure or next(_unlabelled_phones(sheets), None)


def _of_clause(field: Field, question: Question) -> float:
    """How much of the question stands right before the number, of several in one line: leaks: 105, bills: 0800."""
    phones = [value for value in field.cell.values if value.kind == "phone"]
    if field.value is None or len(phones) < 2:
        return 0.0
    start = max((value.end for value in phones if value.end <= field.value.start), default=0)
    return coverage(question.all_terms, [field.cell.text[start : field.value.start]])


def _unlabelled_phones(sheets: Sequence[Sheet]) -> Iterator[Field]:
    """Figures grouped as in a phone number, alone or in a sentence, that no label claims."""
    for sheet in sheets:
        for sentence in sentences(sheet):
            named = labels(sentence.text)
            for value in values(sentence.text):
                groups = len(re.findall(r"\d+", value.text))
                claimed = any(label.end <= value.start and label.weight > 0.9 for label in named)
                other = any(is_otherwise(cell, "phone") for cell in sentence.cells)
                if value.kind == "phone" and groups >= 3 and not claimed and not other:
                    yield from_sentence(sentence, value, "phone", 0.6)


_MARK = re.compile(rf"(?:\W|{alternatives('copula')}){{0,5}}((?=(?:[^\d\s]*\d){{3}})[A-Za-z\d](?:[\w./-]*\w)?)")
"""At least three digits, as the numbers of documents have."""


def account(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled; where the number is broken at the end of a line, with what follows in the next."""
    found = by_label(sheets, name, question)
    told = (sentence for sheet in sheets for sentence in sentences(sheet) if found and found.cell in sentence.cells)
    for sentence in told:
        for value in values(sentence.text):
            longer = found and value.kind in ("iban", "account") and len(value.text) > len(found.text)
            if found and longer and value.text.startswith(found.text):
                return from_sentence(sentence, value, name, found.score)
    return found


def plate(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or what looks like the plate of a vehicle, as a workshop writes it beside the car."""
    labelled = by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    found = ((cell, match) for sheet in sheets for cell in sheet.cells if (match := _PLATE.search(cell.text)))
    return next((from_cell(cell, match[0], name, 0.7) for cell, match in found), None)


_PLATE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}-\d{3}-[A-Z]{2}|[A-Z]{2}\d{2} [A-Z]{3}|\d{4} [BCDFGHJKLMNPRSTVWXYZ]{3}"
    r"|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} \d{1,4}E?)(?![\w-])"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z\d]{5,6}"
)
"""French, British, Spanish, German and Chinese ones."""


def document_number(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the mark right behind the word for the document: our invoice 10444-26 of 2 September."""
    labelled = by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    told = (sentence for sheet in sheets for sentence in sentences(sheet))
    return next((field for sentence in told for field in _behind_word(sentence, name)), None)


def _behind_word(sentence: Sentence, name: str) -> Iterator[Field]:
    for label in labels(sentence.text):
        mark = _MARK.match(sentence.text, label.end)
        if label.concept == name and mark and not any(v.kind == "date" and v.text == mark[1] for v in values(mark[1])):
            cell = next((cell for cell in sentence.cells if mark[1] in cell.text), sentence.cells[0])
            yield from_cell(cell, mark[1], name, 0.6, line=sentence.text)


def room(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or as Chinese has it with the word behind the number: 305室."""
    labelled = by_label(sheets, name, question)
    if labelled is not None and labelled.relation in ("after", "right"):
        return labelled
    told = (sentence for sheet in sheets for sentence in sentences(sheet))
    found = next(((sentence, match) for sentence in told if (match := _ROOM_HAN.search(sentence.text))), None)
    if found is None:
        return labelled
    cell = next((cell for cell in found[0].cells if found[1][0] in cell.text), found[0].cells[0])
    return from_cell(cell, found[1][0], name, 0.6, line=found[0].text)


_ROOM_HAN = re.compile(
    r"(?<![\dA-Za-z-])[A-Za-z]?(?:\d{2,4}(?:-\d{1,3})?\s?号?(?:房间|教室|会议室|办公室|诊室|室)|\d{1,4}\s?号?(?:影?厅|包间|包厢|展厅))"
)


def consumption(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled; of several, in the unit that the question names: a gas bill tells cubic metres and kilowatt-hours."""
    asked = [form for form in _UNITS if form.search(fold(question.text))]
    in_unit = [field for field in good(sheets, name) if any(form.search(_unit_near(sheets, field)) for form in asked)]
    if in_unit:
        return max(in_unit, key=lambda field: preference(sheets, field, question))
    return by_label(sheets, name, question)


_UNITS = [re.compile("|".join(forms)) for forms in table("patterns")["used_in"].values()]


def _unit_near(sheets: Sequence[Sheet], field: Field) -> str:
    """The value, its label and the heads of its column, in which its unit may stand."""
    heads = sheet_of(sheets, field.cell).heads(field.cell)
    return fold(" ".join((field.text, field.label.text, *(head.text for head in heads))))


def measure(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the only quantity in the unit that the question names: how many gallons?"""
    labelled = by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    kind = concept(name).kinds[0]
    initials = {word.text[0] for word in words(question.text) if unit_of(word.text, kind)}
    found = [
        (cell, value)
        for sheet in sheets
        for cell in sheet.cells
        for value in cell.values
        if value.kind == kind and fold(value.text).lstrip("+-0123456789., ")[:1] in initials
    ]
    if len({value.text for _, value in found}) > 1:
        # What was sold by the litre opens its line: 34.82 L @ 1.449; in Screenwash 5 L it is part of a name.
        found = [(cell, value) for cell, value in found if not cell.text[: value.start].strip()]
    if len({value.text for _, value in found}) != 1:
        return None
    return from_cell(found[0][0], found[0][1].text, name, 0.6, found[0][1])
