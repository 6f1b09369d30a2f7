"""Answers that the very line in which they stand belies: of another sort, or of somebody else. Pure."""

from collections.abc import Sequence

from inference.reader import lexicon
from inference.reader.findings import Finding
from inference.reader.matching import likeness
from inference.reader.passages import is_prose
from inference.reader.questions import Question
from inference.reader.running.asked import asks_for_name, sorts
from inference.reader.running.passages import runs
from inference.reader.running.picking import is_beforehand
from inference.reader.sheet import Sheet
from inference.reader.values import values
from inference.reader.words import is_han, words

_ADDRESSEES = lexicon.table("running")["addressees"].split()
_SUMS = frozenset({"money", "number", "percent", "duration"})
_WAYS = frozenset({"phone", "email", "iban", "account"})


def tells_otherwise(sheets: Sequence[Sheet], question: Question, found: Finding) -> bool:
    """Whether the line is no answer on a page of running text, whatever words it shares with the question."""
    if not runs(sheets[found.page]):
        return False
    if question.kind == "duration":
        return is_beforehand(question.text, found.line, found.value)
    if sorts(question)[:1] == ("money",) and _SUMS.isdisjoint(value.kind for value in values(found.line)):
        return True
    sentence = not found.value or found.value == found.line
    return (asks_for_name(question) and sentence and is_prose(found.line)) or _is_senders(question, found)


def _is_senders(question: Question, found: Finding) -> bool:
    """Whether a way to reach somebody is asked for whom the letter is sent to, and the line tells the sender's."""
    if _WAYS.isdisjoint(value.kind for value in values(found.value)):
        return False
    said = [part.text for part in words(question.text)]
    asked = [one for one in _ADDRESSEES if (one in question.text if is_han(one) else one in said)]
    return bool(asked) and not any(likeness(one, found.line) for one in asked)
