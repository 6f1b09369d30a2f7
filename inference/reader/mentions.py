"""What a question takes from a table word for word: the name of a row, however much its words might ask. Pure."""

from collections.abc import Iterator, Sequence

from inference.reader import glossary
from inference.reader.items.item import wanted_kinds
from inference.reader.lexicon import WEAK, Label, concept, labels
from inference.reader.questions import parse
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.words import Word, fold, words

HALF = 0.5
"""The share of a question that is all that it says: Net à payer ?"""

SHORTEST = 4
"""Letters of a word that names something, at least."""


def quoting(text: str, sheets: Sequence[Sheet], standing: frozenset[str]) -> str:
    """The text with marks around the longest line of a table that it repeats, or around the word that such a line
    begins with, if it would pass for a word that asks: the price of DELIVERY, where a row is Delivery by van."""
    if any(mark in text for mark in '"“„«「'):
        return text
    for name in sorted({name for sheet in sheets for name in sheet.names}, key=len, reverse=True):
        at = fold(text).find(fold(name))
        if at >= 0 and not (len(name) < HALF * len(text) and _is_sum(name, sheets)):
            return _marked(text, at, at + len(name))
    for word in words(text):
        rest = f"{text[: word.start]} … {text[word.end :]}"
        if _may_ask(text, word, sheets) and _is_of_row(rest, word, sheets, standing):
            return _marked(text, word.start, word.end)
    return text


def _is_sum(name: str, sheets: Sequence[Sheet]) -> bool:
    """Whether the line is one of the sums at the foot of a bill and no more: Amount payable."""
    rows = [sheet.rows[cell.row] for sheet in sheets for cell in sheet.cells if cell.text.strip() == name]
    return all(len(row) == 2 for row in rows) and any(
        label.weight > WEAK and label.end - label.start >= len(name.strip(" :：")) and _is_money(label)
        for label in labels(name)
    )


def _is_money(label: Label) -> bool:
    named = concept(label.concept)
    return "money" in named.kinds and not named.soft


def _marked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}“{text[start:end]}”{text[end:]}"


def _may_ask(text: str, word: Word, sheets: Sequence[Sheet]) -> bool:
    """Whether it names a thing, but is a small word too, or a label of one word that names no field of these pages."""
    if len(word.text) < SHORTEST or word.han or not glossary.knows(word.text):
        return False
    said = [label for label in labels(text, loose=True) if label.start <= word.start and word.end <= label.end]
    alone = all((label.start, label.end) == (word.start, word.end) for label in said)
    small = bool(said) or word.text in stop().words
    return small and alone and not any(_is_field(sheets, label) for label in said)


def _is_field(sheets: Sequence[Sheet], label: Label) -> bool:
    """Whether the label is sure and names a sum, or whatever has a place on the pages besides the names of rows."""
    if label.weight <= WEAK:
        return False
    cells = (cell for sheet in sheets for cell in sheet.cells if cell.text.strip() not in sheet.names)
    return _is_money(label) or any(cell.names(label.concept) for cell in cells)


def _is_of_row(rest: str, word: Word, sheets: Sequence[Sheet], standing: frozenset[str]) -> bool:
    """Whether a row begins with the word and tells what the rest of the question asks, which names nothing
    else: in Quel numéro porte le reçu, the receipt is what it is about."""
    question = parse(rest, standing)
    about = any(part.text in stop().documents for part in words(rest)) or any(t.weight >= 1 for t in question.terms)
    if about or not question.wants:
        return False
    kinds = wanted_kinds(question)
    return any(_tells(sheet, cell, kinds) for sheet in sheets for cell in _beginning(sheet, word))


def _beginning(sheet: Sheet, word: Word) -> Iterator[Cell]:
    """The names of rows that begin with the word."""
    for table in sheet.tables:
        for cell in (cell for row in sheet.rows[table.body : table.last + 1] for cell in row):
            if cell.text.strip() in sheet.names and [part.text for part in words(cell.text)[:1]] == [word.text]:
                yield cell


def _tells(sheet: Sheet, name: Cell, kinds: Sequence[str]) -> bool:
    """Whether a cell beside the name is a value of one of the kinds."""
    beside = (cell for cell in sheet.rows[name.row] if cell is not name)
    return any(value.kind in kinds for cell in beside for value in cell.values)
