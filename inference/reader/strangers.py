"""Whether a question is about somebody or something that the pages do not have. Pure."""

import re
from collections.abc import Sequence

from inference.reader import glossary
from inference.reader.lexicon import labels, table
from inference.reader.matching import coverage, likeness
from inference.reader.questions import Question
from inference.reader.sheet import Sheet
from inference.reader.words import fold, is_han


def names_somebody_else(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether it gives the name of something that stands nowhere on the pages: the flight to Rome."""
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    if sum(map(is_han, texts)) > 0.2 * len(texts):
        # A name may stand there in another script.
        toward = _TOWARD.search(question.text)
        return toward is not None and not any(likeness(toward[1], text) for text in texts)
    if any(
        not any(likeness(fold(part), text) for text in texts for part in name.split()) for name in _full_names(question)
    ):
        return True
    proper = [term for term in question.terms if term.weight > 1.0 and term.text.isalpha() and len(term.text) > 3]
    proper = [term for term in proper if not labels(term.text)]
    return any(all(not likeness(term.text, text) for text in texts) for term in proper)


_FULL_NAME = re.compile(r"(?<=[\w,] )[A-ZÀ-Þ][a-zß-ÿ]{2,} [A-ZÀ-Þ][a-zß-ÿ]{2,}")


def _full_names(question: Question) -> list[str]:
    """Two words with capitals, neither of which names a thing, as even German writes names alone."""
    found = (match[0] for match in _FULL_NAME.finditer(question.text))
    return [name for name in found if not any(glossary.knows(fold(part)) or labels(part) for part in name.split())]


_TOWARD = re.compile(rf"(?:{'|'.join(table('patterns')['toward_han'])})([\u4e00-\u9fff]{{2,8}}?)的")
"""Where something goes that is asked for."""


def only_seen(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether it asks what only the picture could tell, and the page has no word of that."""
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    return question.task == "look" and coverage(question.all_terms, texts) < 0.9
