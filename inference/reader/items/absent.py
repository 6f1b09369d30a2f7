"""What a table surely does not tell: a row or a column that a question names is not among its own. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from inference.reader import glossary, lexicon
from inference.reader.axes import CLASSES, Mark, likeness, marks
from inference.reader.grids import Grid, Name
from inference.reader.items.naming import PART, TELLING, Said, without_phrases
from inference.reader.lexicon import concept
from inference.reader.matching import likeness as likeness_in
from inference.reader.quantities import MEASURES, unit_of
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.terms import GENERIC_WEIGHT
from inference.reader.words import fold, is_han, words

_PRICE = re.compile(lexicon.alternatives("price"))


def lacks(grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]) -> bool:
    """Whether a row is named, and of the columns one that is not among them: Thursday where there are others."""
    for names, others in ((grid.columns, rows), (grid.rows, columns)):
        if not any(sum(said.spans.values()) >= TELLING for said in others):
            continue
        for sort in (*CLASSES, "number of year"):
            held = {mark.text for name in names for mark in name.marks if _is_of(mark, sort)}
            held -= {sort}
            asked = {mark.text for mark in marks(question.text) if _is_of(mark, sort)} - {sort}
            if len(held) > 1 and asked and not asked & held:
                return True
        if _numbers_another(names, question):
            return True
    lacking = (_lacks_prices, _lacks_row, _lacks_column)
    return any(one(grid, question, rows, columns) for one in lacking)


def _lacks_column(grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]) -> bool:
    """Whether a row is named, and nothing on the page is called what is counted or told of it: the employees of a shop
    of which a table tells the sales."""
    if question.kind not in ("", "number", "mark") or any(said.weight >= PART for said in columns):
        return False
    best = max(rows, key=lambda said: said.weight, default=Said({}, 0.0))
    if best.weight < TELLING or sum(_holds_figures(grid, column) for column in range(len(columns))) < 2:
        return False
    taken = [question.text[start:end] for start, end in best.spans]
    counts = question.kind == "number"
    told = [t for t in question.all_terms if t.missed > GENERIC_WEIGHT or (counts and t.text == question.noun)]
    rest = [term.text for term in told if term.weight >= 1.0]
    if not counts and question.noun not in rest and not _HEIGHT.search(fold(question.text)):
        return False
    rest = [word for word in rest if word not in stop().sorts and not any(likeness_in(word, text) for text in taken)]
    if not rest or (question.kind == "number" and question.noun not in rest) or any(map(_is_unit, rest)):
        return False
    named = [want.concept for want in question.wants if want.named and not concept(want.concept).soft]
    cells = grid.sheet.cells
    if any(cell.names(name) for name in named for cell in cells) or any(_is_of_sort(grid, name) for name in named):
        return False
    absent = [word for word in rest if not any(likeness_in(word, cell.text) for cell in cells)]
    return len(absent) == len(rest) or any(map(glossary.knows, absent))


def _is_of_sort(grid: Grid, name: str) -> bool:
    """Whether a column is of codes, as what is asked for by another name is: the reference of an article."""
    codes = (value.kind == "code" for told in grid.cells.values() for value in told[0].values)
    return "code" in concept(name).kinds and any(codes)


_HEIGHT = lexicon.expression("tables", "how_high")


def _is_unit(word: str) -> bool:
    return any(unit_of(word, kind) for kind in MEASURES) or bool(_TIME.fullmatch(word))


_TIME = lexicon.expression("affairs", "counts_time")


def _holds_figures(grid: Grid, column: int) -> bool:
    cells = [cell for (_, at), told in grid.cells.items() if at == column for cell in told]
    return sum(cell.is_figure for cell in cells) > 0.5 * len(cells)


def _lacks_row(grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]) -> bool:
    """Whether a column of figures is named, and nothing on the page is what the rest calls the row."""
    if question.kind not in ("money", "number", "percent") or any(said.weight >= PART for said in rows):
        return False
    texts = [cell.text for cell in grid.sheet.cells]
    if not any(said.weight >= TELLING for said in columns) or sum(map(is_han, texts)) > 0.2 * len(texts):
        return False
    spans = [question.text[start:end] for said in columns for start, end in said.spans]
    rest = [term for term in question.terms if term.weight >= 1.0 and term.missed > GENERIC_WEIGHT]
    rest = [term for term in rest if not any(likeness_in(term.text, span) for span in spans)]
    return bool(rest) and not any(likeness_in(term.text, text) for term in rest for text in texts)


def _lacks_prices(grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]) -> bool:
    """Whether it asks what a row costs, in a table without a word of prices and without a sum: a list of stock."""
    if not _PRICE.search(fold(question.text)) or any(said.weight >= TELLING for said in columns):
        return False
    body = {id(cell) for cells in grid.cells.values() for cell in cells}
    around = [cell for cell in grid.sheet.cells if id(cell) not in body]
    priced = any(_PRICE.search(fold(cell.text)) for cell in around) or any(map(_holds_sum, grid.sheet.cells))
    heads = (label for name in grid.columns for cell in name.cells for label in cell.labels)
    headed = any("money" in concept(label.concept).kinds for label in heads)
    return any(said.weight >= TELLING for said in rows) and not priced and not headed


def _holds_sum(cell: Cell) -> bool:
    return any(value.kind in ("money", "currency") for value in cell.values)


def _numbers_another(names: Sequence[Name], question: Question) -> bool:
    """Whether it asks for a number or letter that none of several names alike has: round 4 of three, hall C."""
    asked = marks(question.text)
    for word, number in pairwise(asked):
        alike = [n for n in names if any(not mark.sort and likeness(word.text, mark.text) for mark in n.marks)]
        held = {mark.text for name in alike for mark in name.marks if mark.text.isdigit() or len(mark.text) == 1}
        counts = number.text.isdigit() or (len(number.text) == 1 and question.text[number.start].isupper())
        if len(held) > 1 and len(word.text) > 2 and counts and number.text not in held:
            return True
    return False


def lacks_supply(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether it asks what was used of one supply, and the page tells only of another: no gas on a bill for power."""
    if not question.wanted(*METERED):
        return False
    supplies = lexicon.table("axes")["supplies"]
    asked = [number for number, names in enumerate(supplies) if any(_says(name, question.text) for name in names)]
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    told = [any(_says(name, text) for name in names for text in texts) for names in supplies]
    return bool(asked) and any(told) and not any(told[number] for number in asked)


METERED = ("consumption", "meter_reading", "previous_reading", "energy", "volume")


def _says(name: str, text: str) -> bool:
    """Whether the text has the word, alone or in another one: Gasverbrauch."""
    return name in fold(text) if is_han(name) or len(name) > SHORT else any(w.text == name for w in words(text))


SHORT = 3
"""Letters of a word that is looked for alone: gas is no part of gasto."""

_YEAR = re.compile(r"(?:19|20)\d\d")


def _is_of(mark: Mark, sort: str) -> bool:
    return mark.sort == sort or (sort == "number of year" and bool(_YEAR.fullmatch(mark.text)))


def names_something_else(grid: Grid, question: Question, said: Sequence[Said], *, alone: bool) -> bool:
    """Whether it gives the name of something that stands nowhere on the page, or another year than those that do."""
    taken = [span for one in said for span in one.spans]
    texts = [cell.text for cell in grid.sheet.cells]
    if sum(map(is_han, texts)) > 0.2 * len(texts):
        rest = "".join(
            " " if any(start <= at < end for start, end in taken) else char for at, char in enumerate(question.text)
        )
        if not alone:
            # Sales, of a table whose title does not say so.
            return False
        runs = (mark.text for mark in marks(without_phrases(rest)) if is_han(mark.text))
        return any(glossary.knows(run) and not any(likeness_in(run, text) for text in texts) for run in runs)
    proper = {
        term.text for term in question.all_terms if term.weight > 1.0 and term.text.isalpha() and len(term.text) > 3
    }
    for mark in marks(question.text):
        told = any(start < mark.end and mark.start < end for start, end in taken)
        word = fold(question.text[mark.start : mark.end])
        named = word in proper or _YEAR.fullmatch(word)
        if named and not told and not any(likeness_in(word, text) for text in texts):
            return True
    return False
