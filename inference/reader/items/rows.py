"""Cells of a row, by the words in the row and over its columns. Pure."""

from collections.abc import Iterator, Sequence

from inference.reader.fields import without_sign
from inference.reader.items.item import ENOUGH, Item, column_fit, fitting, tells_each
from inference.reader.lexicon import concept
from inference.reader.matching import coverage, likeness
from inference.reader.quantities import MEASURES
from inference.reader.questions import Question, Term
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value


def in_rows(sheet: Sheet, question: Question, terms: Sequence[Term], kinds: Sequence[str]) -> Iterator[Item]:
    """Cells of a row in which words of the question stand; the heads of its columns may hold the others."""
    for row in sheet.rows:
        if len(_candidates(sheet, row)) < 2 or sheet.is_prose(row[0].row):
            continue
        anchor = max(row, key=lambda cell: coverage(terms, [cell.text]))
        if not _is_about(row, question, terms):
            continue
        yield from _in_its_unit(row, terms, kinds)
        heads = [head.text for cell in row for head in sheet.heads(cell)]
        for cell in _candidates(sheet, row):
            share, named = _share(sheet, terms, row, cell, anchor, heads)
            if share < ENOUGH:
                continue
            named = named or _is_column_of(sheet, question, cell) or (cell is not anchor and _says_it(question, cell))
            text, fit = _value_text(cell, anchor, kinds, named=named)
            if question.kind == "name" and not kinds and cell is not anchor and not _heads(sheet, cell):
                text, fit = _name_text(cell)
            if text and not _is_of_other_column(sheet, question, cell):
                fit *= 1.0 if cell is anchor and _in_words(question, cell) else column_fit(sheet, question, cell)
                score = share * fit * _order(question, _candidates(sheet, row), cell)
                yield Item(text, score + 0.1 * named + 0.1 * _headed(sheet, terms[0], cell), cell, _quoted(row, cell))


def _in_its_unit(row: Sequence[Cell], terms: Sequence[Term], kinds: Sequence[str]) -> Iterator[Item]:
    """The bare number in a row whose unit has a column of its own: Eggs, kg, 25."""
    measure = next((kind for kind in kinds if kind in MEASURES), "")
    units = [cell for cell in row if measure and MEASURES[measure].fullmatch(f"1 {cell.text.strip()}")]
    share = coverage(terms, [cell.text for cell in row]) if units else 0.0
    numbers = [cell for cell in row if cell.text.strip().replace(",", ".").replace(".", "", 1).isdigit()]
    if share >= ENOUGH and numbers:
        near = min(numbers, key=lambda cell: abs(cell.column - units[0].column))
        yield Item(near.text.strip(), share + 0.1, near, tuple(row))


def _is_about(row: Sequence[Cell], question: Question, terms: Sequence[Term]) -> bool:
    """Whether a telling word of the question stands in the row, or a label of what it asks for: Total, of a table."""
    told = any(term.weight >= 0.9 and likeness(term.text, cell.text) for term in terms for cell in row)
    return told or (bool(question.wants) and any(cell.names(question.wants[0].concept) for cell in row))


def _share(
    sheet: Sheet, terms: Sequence[Term], row: Sequence[Cell], cell: Cell, anchor: Cell, heads: Sequence[str]
) -> tuple[float, bool]:
    """How much of the question stands beside the cell, and whether the head of its own column holds some of it."""
    beside = [other.text for other in row if other is not cell or cell is anchor]
    own = [head.text for head in sheet.heads(cell)]
    around = [*heads, *_titles(sheet, row[0].row)]
    told = weight = 0.0
    named = False
    for term in terms:
        like = _best(term, beside) or _best(term, own) or 0.8 * _best(term, around)
        named = named or (not _best(term, beside) and _best(term, own) >= 0.8)
        told += term.weight * like
        weight += term.weight if like else term.missed
    return told / weight, named


def _best(term: Term, texts: Sequence[str]) -> float:
    return max((likeness(term.text, text) for text in texts), default=0.0)


def _is_of_other_column(sheet: Sheet, question: Question, cell: Cell) -> bool:
    """Whether a thing is asked for that only a word could tell, as an age, and the column is called otherwise."""
    heads = sheet.heads(cell)
    if question.kind == "number" and any(label.concept in PRICES for head in heads for label in head.labels):
        return not any(head.names("quantity") for head in heads)
    want = question.wants[0] if question.wants and heads else None
    if want is None or concept(want.concept).soft or want.concept in TOLD_BY_FORM:
        return False
    if not set(concept(want.concept).kinds) <= {"number", "duration"}:
        return False
    named = any(likeness(term.text, head.text) for term in question.all_terms for head in heads)
    return not named and not any(head.names(want.concept) for head in heads)


PRICES = frozenset({"unit_price", "line_amount"})
"""Columns of prices: how many is no question about these."""


TOLD_BY_FORM = frozenset({"quantity", "people"})
"""Concepts whose values need no word for them."""


def _is_column_of(sheet: Sheet, question: Question, cell: Cell) -> bool:
    """Whether the head of the column names what is asked for."""
    return bool(question.wants) and any(head.names(question.wants[0].concept) for head in sheet.heads(cell))


def _says_it(question: Question, cell: Cell) -> bool:
    """Whether the cell itself says what is asked for, as where each has its own label: Prior 4,410."""
    return question.wants_by_name and not cell.is_figure and cell.names(question.wants[0].concept)


def _headed(sheet: Sheet, term: Term, cell: Cell) -> bool:
    """Whether the first word of the question names the column: which platform, what status."""
    return any(likeness(term.text, head.text) >= 0.8 for head in sheet.heads(cell))


def _titles(sheet: Sheet, row: int) -> list[str]:
    """The lines over a table, which say what it is about."""
    table = sheet.table_of(row)
    if table is None:
        return []
    return [
        sheet.rows[number][0].text
        for number in range(max(0, table.head - 2), table.head)
        if len(sheet.rows[number]) == 1
    ]


def _candidates(sheet: Sheet, row: Sequence[Cell]) -> Sequence[Cell]:
    """The row's cells, and those of the next one where this holds but a name that the next continues."""
    number = row[0].row + 1
    alone = len(row) == 1 and not any(value.kind == "money" for value in row[0].values)
    if not alone or number >= len(sheet.rows) or sheet.gap_above(number) > 0.8:
        return row
    if _only_figures(sheet.rows[number]) or _goes_on(sheet.rows[number]):
        return [*row, *sheet.rows[number]]
    return row


def _goes_on(row: Sequence[Cell]) -> bool:
    """Whether the row holds the rest of a name, which begins small, and figures."""
    return (row[0].text[:1].islower() or row[0].text[:1] in "(（") and any(cell.is_figure for cell in row[1:])


def _only_figures(row: Sequence[Cell]) -> bool:
    letters = sum(char.isalpha() for cell in row for char in cell.text)
    return letters <= 6 and any(cell.values for cell in row)


def _value_text(cell: Cell, anchor: Cell, kinds: Sequence[str], *, named: bool) -> tuple[str, float]:
    """The value of a wanted kind in the cell and how well it fits, from 0 to 1; or all of its text, if any will do."""
    for rank, kind in enumerate(kinds):
        found = [
            value
            for value in fitting(cell.values, kind, kinds)
            if not (kind == "number" and _priced(cell, value))
            and not (kind == "code" and kinds[0] == "code" and len(value.text) < 3)
        ]
        if found:
            value = found[-1] if cell is anchor else found[0]
            if kind == "time" and len(found) > 1 and cell.is_figure and cell is not anchor:
                # From when to when.
                return cell.text, 0.93**rank
            whole = kind == "code" and cell is not anchor and len(cell.text) < len(value.text) + 4
            return without_sign(cell.text) if whole else value.text, 0.93**rank
    if not kinds and cell is not anchor and (named or cell.is_figure):
        return cell.text, 1.0
    return "", 0.0


def _in_words(question: Question, cell: Cell) -> bool:
    """Whether what is asked for stands among the words that name the thing: water heater 200 l, 5 days at £95.00."""
    asked = concept(question.wants[0].concept).kinds if question.wants else ()
    return bool(MEASURES.keys() & set(asked)) or (question.wanted("unit_price") and tells_each(cell.text))


def _heads(sheet: Sheet, cell: Cell) -> bool:
    """Whether it stands in the head of a table."""
    table = sheet.table_of(cell.row)
    return table is not None and cell.row < table.body


def _name_text(cell: Cell) -> tuple[str, float]:
    """A cell of letters may name somebody; in most tables the first one does."""
    if ":" in cell.text or "：" in cell.text:
        # A label with its value.
        return "", 0.0
    return ("", 0.0) if any(char.isdigit() for char in cell.text) else (cell.text, 1.0 if cell.column == 0 else 0.85)


def _priced(cell: Cell, number: Value) -> bool:
    """Whether a number is a sum of money, or only part of a name such as Milk 3.5."""
    money = any(value.kind == "money" and value.start <= number.start < value.end for value in cell.values)
    return money or not (cell.is_figure or number.start == 0)


def _order(question: Question, row: Sequence[Cell], cell: Cell) -> float:
    """Among sums of one row the last is what it comes to; a unit price stands before it, a quantity first."""
    if question.wanted("unit_price") and tells_each(cell.text):
        return 1.05
    figures = [other for other in row if any(value.kind in ("money", "number", "percent") for value in other.values)]
    if cell not in figures or len(figures) < 2:
        return 1.0
    place = figures.index(cell) / (len(figures) - 1)
    if question.wanted("quantity") or question.kind == "number":
        return 1.0 - 0.04 * place
    if question.wanted("unit_price"):
        return 0.99 - 0.03 * abs(place - 0.5)
    return 0.96 + 0.04 * place


def _quoted(row: Sequence[Cell], cell: Cell) -> tuple[Cell, ...]:
    return tuple(row) if cell in row else (*row, cell)
