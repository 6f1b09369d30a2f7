"""An answer found by the words around it, and what all ways of finding one share. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inference.reader import lexicon
from inference.reader.lexicon import concept
from inference.reader.matching import coverage, likeness
from inference.reader.quantities import MEASURES
from inference.reader.questions import Question, Term
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value, is_measure
from inference.reader.words import Word, fold, is_han, words

ENOUGH = 0.6
"""The share of the question's words that must stand with the answer."""


KINDS = {
    "place": (),
    "name": (),
    "number": ("number", "money"),
    "money": ("money", "number"),
    "date": ("date", "time", "term"),
    "time": ("time",),
    "percent": ("percent",),
    "mark": ("code", "phone", "number", "account"),
    "duration": ("duration",),
}
"""The kinds of values that answer a question word; any text answers Who and Where."""


VALUED = (
    "money",
    "percent",
    "date",
    "time",
    "phone",
    "email",
    "iban",
    "url",
    "duration",
    *MEASURES,
    "colour",
    "version",
    "postal",
    "number",
    "code",
)


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An answer found by the words around it. ``text`` is empty where the line itself is the answer."""

    text: str
    score: float
    cell: Cell
    cells: tuple[Cell, ...]
    """What to quote."""
    line: str = ""
    """What to quote, if it is not the cells' whole text."""


def wanted_kinds(question: Question) -> tuple[str, ...]:
    """The kinds of values that would answer, by the question's word and by what it asks for; none is any text."""
    kinds = KINDS.get(question.kind, ())
    if question.kind == "duration":
        return ("duration", "term")
    if question.wants and (not question.kind or not concept(question.wants[0].concept).soft):
        first = [want for want in question.wants if want.score > 0.95 * question.wants[0].score]
        either = dict.fromkeys(kind for want in first for kind in concept(want.concept).kinds)
        kinds = tuple(kind for kind in either if kind in VALUED)
        kinds += ("time",) if kinds == ("date",) and not question.wants[0].named else ()
    if question.kind == "number" and MEASURES.keys() & set(kinds):
        kinds += ("number",)
    if question.kind == "date" and asks_for_day(question):
        kinds = tuple(kind for kind in kinds if kind != "time")
    # Tables leave the currency to the head of a column.
    return (*kinds, "number") if "money" in kinds and "number" not in kinds else kinds


def asks_for_day(question: Question) -> bool:
    """Whether it asks for a day, of the week perhaps, and not just when."""
    return bool(_DAY.search(fold(question.text)))


_DAY = lexicon.expression("affairs", "weekday")


def fitting(found: Sequence[Value], kind: str, kinds: Sequence[str]) -> list[Value]:
    """The values of the kind; no quantity with a unit is a sum of money, and no part of an hour or a day a number."""
    chosen = [value for value in found if value.kind == kind]
    if kind == "number":
        whole = [value for value in found if value.kind in ("time", "date")]
        chosen = [v for v in chosen if not any(one.start <= v.start and v.end <= one.end for one in whole)]
    return [v for v in chosen if not is_measure(v, found)] if "money" in kinds else chosen


def column_fit(sheet: Sheet, question: Question, cell: Cell) -> float:
    """More where the head of the column names what is asked for, less where it names something else."""
    heads = sheet.heads(cell)
    named = {label.concept for head in heads for label in head.labels}
    wanted = [want.concept for want in question.wants[:3]]
    counts = cell.text.strip(" .").isdigit() and len(cell.text) < 4
    if counts and any(fold(head.text).strip(" .") in POSITIONS for head in heads):
        return 0.5
    if question.wants and question.wants[0].named and named and not any(_same_kind(name, wanted) for name in named):
        # The column is of something else than what is asked for.
        return 0.6
    if wanted_kinds(question)[:1] == ("money",) and named & COUNTED:
        return 0.5
    if wanted and (named & AMOUNTS if wanted[0] in AMOUNTS else wanted[0] in named):
        return 1.15
    return 1.05 if named & set(wanted) else 0.8 if named & RIVALS else 1.0


AMOUNTS = frozenset({"line_amount", "total", "subtotal"})
"""What the column of sums is called: with two of them the first is the price of one."""


COUNTED = frozenset({"quantity", *MEASURES})
"""Columns whose bare numbers are no sums of money."""


RIVALS = frozenset({"quantity", "unit_price", "article_number", "tax_rate", "date"})


POSITIONS = frozenset(
    {"pos", "no", "nr", "#", "position", "item no", "lfd nr", "lfd. nr", "n°", "序号", "item", "lin", "line"}
)


def _same_kind(name: str, wanted: Sequence[str]) -> bool:
    """Whether values of the concept could be one of those wanted."""
    kinds = {kind for want in wanted for kind in concept(want).kinds}
    return name in wanted or name in AMOUNTS or bool(kinds & set(concept(name).kinds))


def elsewhere(sheet: Sheet, terms: Sequence[Term]) -> float:
    """The share of the terms that stand anywhere on the page."""
    return coverage(terms, [cell.text for cell in sheet.cells])


_EACH = re.compile(r"(?:\b(?:at|a|zu|je|por)|[@x×*])\s*(?:[a-z]{3}|[€$£¥])?\s?\d[\d.,]*\s?\D{0,8}$")


def tells_each(text: str) -> bool:
    """Whether the words of a line end in the price of one: 5 days at £95.00."""
    return bool(_EACH.search(fold(text)))


def stretch_of(terms: Sequence[Term], text: str) -> tuple[int, int]:
    """From the first to the last word of the text that the terms name."""
    spots = [word for word in words(text) for term in terms if likeness(term.text, word.text) >= 0.8]
    spots += [Word(t.text, at, at + len(t.text)) for t in terms if is_han(t.text) and (at := text.find(t.text)) >= 0]
    if not spots:
        return 0, len(text)
    return min(word.start for word in spots), max(word.end for word in spots)


def is_in_body(sheet: Sheet, cell: Cell) -> bool:
    """Whether it is data of a table, of which the row below tells something else."""
    table = sheet.table_of(cell.row)
    row = sheet.rows[cell.row]
    return table is not None and cell.row >= table.body and len(row) > 1 and any(other.is_figure for other in row)
