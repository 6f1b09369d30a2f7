"""What is known by its figures: numbers of documents and telephones. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader.fields import Field
from inference.reader.lexicon import alternatives, labels
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question
from inference.reader.resolving.labelled import (
    by_form,
    by_label,
    from_cell,
    from_sentence,
    good,
    is_otherwise,
    preference,
)
from inference.reader.sheet import Sheet
from inference.reader.values import values


def phone(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    found = good(sheets, name)
    found = [field for field in found if not is_otherwise(field.cell, name)] or found
    if found:
        return max(found, key=lambda field: preference(sheets, field, question))
    sure = by_form(sheets, name)
    return sure or next(_unlabelled_phones(sheets), None)


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
