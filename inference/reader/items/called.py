"""What a thing is called of which the question names the sort: which castle, quelle crèche. Pure."""

import re
from collections.abc import Iterator

from inference.reader import glossary
from inference.reader.items.item import Item
from inference.reader.matching import coverage, likeness
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.words import Word, fold, words

_CAPITAL = r"[A-ZÀ-Þ][\w'’-]*"
_JOINT = r"(?:de|del|la|las|los|le|les|du|des|of|the|von|am|im|an|der|y|et|und|and)"
_OF = r"(?:d(?:e|u|es|el|e la|e los|e las) |d['’]|de l['’])?"
_BEHIND = re.compile(rf"\s[\"“„«‘']?\s?{_OF}(?P<name>{_CAPITAL}(?: (?:{_JOINT} ){{0,2}}{_CAPITAL}){{0,4}})")
_NUMBERED = re.compile(
    r"\s?(\d{1,2}\.\s?(?:OG|UG|Stock|Etage|Obergeschoss)(?:\s(?:links|rechts|mitte))?)"
    r"|\s?(?:n\s?[°º]|n[or]\.|no|nr|#|№)?\s?([A-Z]?\d{1,4}[a-zA-Z]?)(?![\w.,:/-]*\d|\s?%)"
)
"""The number of a room or a counter."""

_BEFORE = re.compile(rf"(?P<name>{_CAPITAL}(?: (?:{_JOINT} ){{0,2}}{_CAPITAL}){{0,3}}) $")

SURE = 0.85
"""How surely a word must be the noun that is asked for."""


def called(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The name or number behind the noun, or a name before it: the fabric Ocean Stripe, Goodrich Castle, window 4."""
    noun = question.head
    if not noun or question.kind or noun in stop().persons or _is_label(sheet, noun):
        return
    for sentence in sentences(sheet):
        share = coverage(question.all_terms, [sentence.text])
        for word in words(sentence.text):
            if likeness(noun, word.text) >= SURE:
                name = _named(sentence.text, word)
                if name:
                    yield Item(name, 0.6 + 0.3 * share, _cell(sentence, name), sentence.cells, sentence.text)


def _is_label(sheet: Sheet, noun: str) -> bool:
    """Whether the noun stands alone somewhere, as a label or a heading, whose value is another's to find."""
    return any(likeness(noun, cell.text) >= SURE and len(words(cell.text)) == 1 for cell in sheet.cells)


def _named(text: str, word: Word) -> str:
    """The name beside the word; in languages that write other nouns small, or else one of words that are no nouns."""
    numbered = _NUMBERED.match(text, word.end)
    if numbered:
        return numbered[1] or numbered[2]
    small = text[word.start].islower()
    behind = _BEHIND.match(text, word.end)
    if behind and (small or _is_proper(behind["name"])):
        return behind["name"]
    before = _BEFORE.search(text, 0, word.start)
    if before and not small and _is_proper(before["name"]):
        return f"{before['name']} {text[word.start : word.end]}"
    return ""


def _is_proper(name: str) -> bool:
    """Whether its first word is none that a dictionary of things holds: Goodrich, but not Visit or The."""
    first = fold(name.split()[0]).strip("'’-")
    known = stop().words | stop().documents | stop().generic | stop().sorts
    return len(first) > 1 and first not in known and not glossary.others(first)


def _cell(sentence: Sentence, text: str) -> Cell:
    return next((cell for cell in sentence.cells if text in cell.text), sentence.cells[0])
