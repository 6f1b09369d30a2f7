"""What statements tell besides values beside deeds: the days of things, and what no sort of value says. Pure."""

import re
from collections.abc import Iterator

from inference.reader import lexicon
from inference.reader.dates import WEEKDAYS
from inference.reader.deeds import deeds
from inference.reader.items.item import Item, asks_for_day, elsewhere
from inference.reader.items.statements import ELSEWHERE, ENOUGH, LABEL, besides, kinds_of, statements, told_in
from inference.reader.lexicon import concept, labels
from inference.reader.matching import coverage
from inference.reader.questions import Question
from inference.reader.sheet import DATA, Sheet
from inference.reader.stop import stop
from inference.reader.values import values
from inference.reader.words import fold


def opened(sheet: Sheet, question: Question) -> Iterator[Item]:
    """Statements of the deed that the question asks about, where no sort of value would be the answer: what is missing,
    what was found, where it is held."""
    asked = deeds(question.text)
    if not asked or question.kind not in ("", "place") or question.wants_by_name or kinds_of(question):
        return
    terms = besides(sheet, question, asked)
    anywhere = elsewhere(sheet, terms)
    for statement in statements(sheet):
        label = LABEL.match(statement.text)
        if label and (statement.prose and not asked.keys() & deeds(label[0]).keys()):
            label = None
        common = [number for number in deeds(label[0] if label else statement.text) if number in asked]
        valued = label and any(value.kind in DATA for value in values(statement.text[label.end() :]))
        if not common or valued or not (statement.prose or label):
            continue
        share = coverage(terms, [statement.text]) if terms else 1.0
        share += ELSEWHERE * max(0.0, anywhere - share)
        if share >= ENOUGH:
            value = statement.text[label.end() :].strip() if label else ""
            yield told_in(statement, value, 0.5 + 0.25 * share + 0.15 * len(common) / len(asked))


def dated(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The day behind the word for a thing that has one: down payment of 3 May."""
    unsure = not question.wants or (not question.wants[0].named and question.wants[0].score < UNSURE)
    if question.kind != "date" or not unsure:
        return
    named = (label.concept for label in labels(question.text, loose=True))
    asked = {name for name in named if "date" not in concept(name).kinds}
    for statement in statements(sheet):
        ends = [label.end for label in labels(statement.text) if label.concept in asked]
        days = [value for value in values(statement.text) if value.kind == "date"]
        near = [day for day in days for end in ends if 0 < day.start - end < BEHIND]
        if near:
            yield told_in(statement, near[0].text, 0.8)


def fixed(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The day on which a notice says that it will be, of what its heading or any other line names."""
    if question.kind != "date" or question.wants_by_name or not question.all_terms:
        return
    if elsewhere(sheet, question.all_terms) < TOLD:
        return
    for statement in statements(sheet):
        day = next((value for value in values(statement.text) if value.kind == "date"), None)
        if day and statement.prose and _FIXES.search(fold(statement.text)):
            yield told_in(statement, day.text, 0.6)


_FIXES = lexicon.expression("affairs", "fixes")


def on_weekday(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The day of the week that a statement tells without a date: closed on Mondays."""
    if not asks_for_day(question):
        return
    terms = [term for term in question.all_terms if term.weight >= 0.9 and term.text not in stop().sorts]
    for statement in statements(sheet):
        day = _WEEKDAY.search(fold(statement.text))
        dated = any(value.kind == "date" for value in values(statement.text))
        share = coverage(terms, [statement.text]) if terms and day and not dated else 0.0
        if day and share >= TOLD:
            yield told_in(statement, statement.text[day.start() : day.end()], 0.6 + 0.4 * share)


_WEEKDAY = re.compile(
    "|".join(
        rf"\b{day}s?\b" if day.isascii() else day
        for days in WEEKDAYS
        for day in days.split()
        if len(day) > 4 or not day.isascii()
    )
)

TOLD = 0.7
"""The share of what a question names that must stand beside the day of the week."""

UNSURE = 3.0
"""A concept with a lower score is hardly asked for in so many words."""

BEHIND = 25
"""Characters between a thing and its day, at most."""
