"""Why something is as it is: the clause behind because, due to and their like. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader import lexicon
from inference.reader.dates import month_number
from inference.reader.findings import Finding, of_item
from inference.reader.items.item import Item, is_in_body
from inference.reader.matching import coverage
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question, Term
from inference.reader.sheet import Sheet
from inference.reader.words import fold, is_han, words

_ASKS = re.compile(lexicon.alternatives("asks_why"))
_BECAUSE = re.compile(lexicon.alternatives("because"))
_PERHAPS = re.compile(lexicon.alternatives("because_perhaps"))
_SO = re.compile(lexicon.alternatives("therefore"))
_REASON_IS = re.compile(rf"\W*{lexicon.alternatives('reason_is')}\W*")
_CLAUSE = re.compile(r"[;；。]|, (?:so|und|and|et|y) |[.!?]\s*$")

TOLD = 0.5
"""The share of what a question names that must stand with a reason."""

ALONE = 0.3
"""The same where the page gives no other reason."""


def asks_why(question: Question) -> bool:
    return bool(_ASKS.search(fold(question.text)))


def reason(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The reason that a sentence gives for what the question names."""
    if question.kind or not asks_why(question):
        return None
    terms = [term for term in question.all_terms if not _ASKS.search(term.text)]
    found = [(_share(terms, topic, sheet), item) for sheet in sheets for topic, item in _reasons(sheet)]
    best = max(found, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < (ALONE if len(found) == 1 else TOLD):
        return None
    return of_item(sheets, best[1])


def _share(terms: Sequence[Term], topic: str, sheet: Sheet) -> float:
    """How much of what is asked about stands with the reason; a little less for what the page says elsewhere."""
    if not terms:
        return 1.0
    here = coverage(terms, [topic])
    return here + 0.3 * max(0.0, coverage(terms, [cell.text for cell in sheet.cells]) - here)


def _reasons(sheet: Sheet) -> Iterator[tuple[str, Item]]:
    """Each reason with the words around it that tell what it is for."""
    told = [sentence for sentence in sentences(sheet) if not is_in_body(sheet, sentence.cells[0])]
    for at, sentence in enumerate(told):
        clause, score = _clause(sentence.text)
        if clause:
            before = told[max(0, at - BACK) : at] if _refers_back(sentence) else []
            topic = " ".join(one.text for one in (*before, sentence))
            cell = next((one for one in sentence.cells if clause in one.text), sentence.cells[0])
            yield topic, Item(clause, score, cell, sentence.cells, sentence.text)


BACK = 2
"""Sentences before one that gives the reason for what they say."""


def _refers_back(sentence: Sentence) -> bool:
    """Whether it gives the reason for what was said before: The reason is, This is because."""
    flat = fold(sentence.text)
    because = _BECAUSE.search(flat, 0, 40)
    return bool(_REASON_IS.match(flat)) or (because is not None and because.start() < 20)


def _clause(text: str) -> tuple[str, float]:
    """What stands behind the words for a reason, or before those for what follows from it."""
    flat = fold(text)
    stated = _REASON_IS.match(flat)
    said = (*_BECAUSE.finditer(flat), *_PERHAPS.finditer(flat))
    because = stated or next((one for one in said if _goes_on(flat, one.end())), None)
    if because is not None:
        start = because.end()
        opens = not flat[: because.start()].strip(" \"'(") and stated is None
        stop = re.search(r"[,，]", flat[start:]) if opens or is_han(text) else None
        end = start + stop.start() if stop else len(text)
        cut = _CLAUSE.search(text, start, end)
        clause = text[start : cut.start() if cut else end].strip(" ,:：，.")
        return (clause, 0.9) if len(clause) > (2 if is_han(clause) else 3) else ("", 0.0)
    follows = _SO.search(flat)
    clause = text[: follows.start()].strip(" ,，;；") if follows else ""
    return (clause, 0.8) if clause else ("", 0.0)


def _goes_on(flat: str, at: int) -> bool:
    """Whether no day or number follows, since when something is: since 3 May."""
    following = next(iter(words(flat[at:])), None)
    return following is None or not (following.text.isdigit() or month_number(following.text))
