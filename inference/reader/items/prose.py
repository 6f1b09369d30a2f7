"""Values in sentences that hold the words of the question. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader import lexicon
from inference.reader.items.item import ENOUGH, Item, elsewhere, is_in_body, stretch_of
from inference.reader.lexicon import concept, labels
from inference.reader.matching import coverage
from inference.reader.names import is_address
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question, Term
from inference.reader.sheet import Sheet
from inference.reader.values import Value, values
from inference.reader.words import fold, words


def in_sentences(sheet: Sheet, question: Question, terms: Sequence[Term], kinds: Sequence[str]) -> Iterator[Item]:
    """A sentence that holds the words, with the value nearest to them, or the first of the sentence after it."""
    anywhere = elsewhere(sheet, terms)
    found = sentences(sheet)
    numbered = any(part.text == "no" for part in words(question.text))
    for index, sentence in enumerate(found):
        if is_in_body(sheet, sentence.cells[0]):
            continue
        share = coverage(terms, [sentence.text])
        share += 0.3 * (max(share, anywhere) - share)
        if share < ENOUGH:
            continue
        value = _nearest_value(sentence, terms, kinds)
        text = value.text if value else _nearest_name(sentence, terms) if question.kind == "name" else ""
        if question.kind == "place" and not (text or _PLACE.search(fold(sentence.text)) or is_address(sentence.text)):
            continue
        if numbered and not text and not any(value.kind in _MARKS for value in values(sentence.text)):
            continue
        if text or not kinds:
            yield Item(text, share * (0.95 if text else 0.75), sentence.cells[0], sentence.cells, sentence.text)
        elif index + 1 < len(found) and _refers_back(sentence, found[index + 1]):
            following = found[index + 1]
            value = next((v for kind in kinds for v in values(following.text) if v.kind == kind), None)
            if value is not None:
                yield Item(value.text, share * 0.75, following.cells[0], following.cells, following.text)


_PLACE = re.compile(lexicon.alternatives("place") + r"|[a-z]:\\|/\w+[./]|\w\.\w+/")
"""What tells of a place: a small word, or a path."""

_MARKS = frozenset({"code", "account", "phone", "iban"})
"""What a number may be that is asked for."""

_BACK = re.compile(
    r"\W*(?:it|this|that|they|these|he|she|es|er|sie|dies\w*|das|il|elle|ils|elles|ce|cela|este|esta|ello)\b|它|其|这"
)


def _refers_back(sentence: Sentence, following: Sentence) -> bool:
    """Whether the next sentence goes on about the same: It cost, Es kostete."""
    return bool(set(sentence.cells) & set(following.cells)) and bool(_BACK.match(fold(following.text)))


_PERSON = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Herrn?|Frau|Mme|M|Sr|Sra|Prof)\.? )?[A-ZÀ-Þ][\w'’-]+"
    r"(?: (?:de|del|la|van|von|di|du|le) | )[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?"
)


def _nearest_name(sentence: Sentence, terms: Sequence[Term]) -> str:
    """Two or three words with capitals, as names are written, next to the words of the question."""
    start, end = stretch_of(terms, sentence.text)
    names = [match for match in _PERSON.finditer(sentence.text) if not coverage(terms, [match[0]])]
    best = min(names, key=lambda match: max(0, match.start() - end, start - match.end()), default=None)
    return best[0] if best else ""


def _is_called_otherwise(text: str, value: Value) -> bool:
    """Whether the word right before it says that it is something else: a tax number is no telephone's."""
    before = [label for label in labels(text) if 0 <= value.start - label.end < 4 and label.weight > 0.9]
    return bool(before) and not any(value.kind in concept(label.concept).kinds for label in before)


def _nearest_value(sentence: Sentence, terms: Sequence[Term], kinds: Sequence[str]) -> Value | None:
    start, end = stretch_of(terms, sentence.text)
    for kind in kinds:
        if kind == "number" and "money" in kinds:
            # In running text a bare number counts something else.
            continue
        found = [v for v in values(sentence.text) if v.kind == kind and not _is_called_otherwise(sentence.text, v)]
        if found:
            return min(found, key=lambda value: _apart(sentence.text, value, start, end))
    return None


def _apart(text: str, value: Value, start: int, end: int) -> tuple[bool, int]:
    """How far the value is from the words, those in the same piece of a list first: Adults £5, families £13."""
    between = text[end : value.start] if value.start >= end else text[value.end : start]
    return bool(_PIECES.search(between)), max(0, value.start - end, start - value.end)


_PIECES = re.compile(r"[,;，；、|·/](?!\d)|\s[-–—]\s|[.。]\s")
"""What sets apart the pieces of a list in a line."""
