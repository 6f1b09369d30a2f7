"""What running text, as of letters and notices, tells of a question. Pure."""

from collections.abc import Sequence

from inference.reader.findings import Finding, of_item
from inference.reader.questions import Question
from inference.reader.running.asked import NUMBERS, sorts
from inference.reader.running.listed import listed
from inference.reader.running.otherwise import tells_otherwise
from inference.reader.running.passages import runs
from inference.reader.running.telling import LEAST, SURE, told
from inference.reader.sheet import Sheet
from inference.reader.told import is_labelled
from inference.reader.wants import PARTIES

__all__ = ["perhaps", "surely", "tells_otherwise"]


def surely(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The answer that a sentence gives in so many words, on pages of running text."""
    found = listed(sheets, question)
    if question.wanted("date") or (question.wants_by_name and question.wanted(*PARTIES)):
        # When the page itself was written, and by whom and for whom.
        return found
    if found is not None or not all(map(runs, sheets)) or is_labelled(sheets, question) or sorts(question) in MARKS:
        return found
    return _above(sheets, question, SURE)


MARKS = (NUMBERS, NUMBERS[2:])
"""Numbers that are asked for as such stand beside labels rather."""


def perhaps(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The answer of the sentence that tells most of what is asked for, where nothing else answers."""
    return _above(sheets, question, LEAST)


def _above(sheets: Sequence[Sheet], question: Question, least: float) -> Finding | None:
    best = told(sheets, question)
    return of_item(sheets, best) if best is not None and best.score >= least else None
