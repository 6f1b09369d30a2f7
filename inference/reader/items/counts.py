"""Numbers right beside the word for what is counted: 48 feuillets, Points earned: 24. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader.items.item import ENOUGH, Item, elsewhere
from inference.reader.matching import coverage, likeness
from inference.reader.passages import sentences
from inference.reader.questions import Question, Term
from inference.reader.sheet import Sheet
from inference.reader.values import Value, is_measure, values
from inference.reader.words import Word, words

_BEFORE = re.compile(r"\s*(?:[^\W\d_]+\s+)?$")
"""Nothing but a word or none between the number and what it counts: 85 silver firs."""

_BEHIND = re.compile(r"\s*(?:[^\W\d_]{2,}\s*){0,2}(?:\([^()]*\))?\s*[:=x×]\s*$|\s*$")


_YEAR = re.compile(r"(?:19|20)\d\d")

_TIMES = re.compile(r"(?<![\w.,])(\d{1,4})\s?[x×*]\s*(?:[^\W\d_]+\s+)?$", re.IGNORECASE)
"""How a till writes a number before what it counts: 3x Cola."""

_TIMES_BEHIND = re.compile(r"\s*[x×*]\s?(\d{1,4})(?![\w.,])", re.IGNORECASE)
"""The same behind it: Soup x2."""

BESIDE = 0.3
"""How much surer a number is that stands right before what it counts than one in another column."""


def counted(sheet: Sheet, question: Question, terms: Sequence[Term]) -> Iterator[Item]:
    """Answers to how many, where the first word of the question that says something is what is counted."""
    if question.kind != "number" or not terms:
        return
    anywhere = elsewhere(sheet, terms)
    for sentence in sentences(sheet):
        share = coverage(terms, [sentence.text])
        share += 0.5 * (max(share, anywhere) - share)
        if share < ENOUGH:
            continue
        for word in words(sentence.text):
            if likeness(terms[0].text, word.text) < 0.8:
                continue
            if times := _times(sentence.text, word):
                yield Item(times, share * 0.97 + BESIDE, sentence.cells[0], sentence.cells, sentence.text)
                break
            if number := _beside(sentence.text, word):
                score = share * 0.97 + (BESIDE if number.end <= word.start else 0.0)
                yield Item(number.text, score, sentence.cells[0], sentence.cells, sentence.text)
                break


def _times(text: str, word: Word) -> str:
    """How often a till lists the thing."""
    told = _TIMES.search(text, 0, word.start) or _TIMES_BEHIND.match(text, word.end)
    return told[1] if told else ""


def _beside(text: str, word: Word) -> Value | None:
    """The number before the word, or else the one behind it."""
    found = values(text)
    numbers = [value for value in found if value.kind == "number" and not is_measure(value, found)]
    before = [one for one in numbers if one.end <= word.start and _BEFORE.fullmatch(text[one.end : word.start])]
    behind = [one for one in numbers if one.start >= word.end and _BEHIND.fullmatch(text[word.end : one.start])]
    # Water bill 2025: no year counts.
    behind = [one for one in behind if not _YEAR.fullmatch(one.text) or text[word.end : one.start].strip()]
    return next(iter([*before[-1:], *behind[:1]]), None)
