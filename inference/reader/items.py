"""What a line, a row or a table says about something that the question names in its own words. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.reader.lexicon import concept, labels
from inference.reader.links import Link, links
from inference.reader.matching import coverage, likeness
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question, Term
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value, values
from inference.reader.words import fold, words

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
    "mark": ("code", "number", "account"),
    "duration": ("duration",),
}
"""The kinds of values that answer a question word; any text answers Who and Where."""

AMOUNTS = frozenset({"line_amount", "total", "subtotal"})
"""What the column of sums is called: with two of them the first is the price of one."""

RIVALS = frozenset({"quantity", "unit_price", "article_number", "tax_rate", "date"})
POSITIONS = frozenset(
    {"pos", "no", "nr", "#", "position", "item no", "lfd nr", "lfd. nr", "n°", "序号", "item", "lin", "line"}
)
VALUED = ("money", "percent", "date", "time", "phone", "email", "iban", "url", "duration", "number", "code")


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


def items(sheets: Sequence[Sheet], question: Question, terms: Sequence[Term]) -> list[Item]:
    """The answers that enough of the terms stand beside, the best first."""
    if not any(term.weight >= 0.9 for term in terms):
        return []
    kinds = wanted_kinds(question)
    found: list[Item] = []
    for sheet in sheets:
        found.extend(_in_rows(sheet, question, terms, kinds))
        found.extend(_labelled(sheet, question, terms, kinds))
        found.extend(_in_sentences(sheet, question, terms, kinds))
    return sorted((item for item in found if item.score >= ENOUGH), key=lambda item: -item.score)


def wanted_kinds(question: Question) -> tuple[str, ...]:
    """The kinds of values that would answer, by the question's word and by what it asks for; none is any text."""
    kinds = KINDS.get(question.kind, ())
    if question.wants and (not question.kind or not concept(question.wants[0].concept).soft):
        first = [want for want in question.wants if want.score > 0.95 * question.wants[0].score]
        either = dict.fromkeys(kind for want in first for kind in concept(want.concept).kinds)
        kinds = tuple(kind for kind in either if kind in VALUED)
        kinds += ("time",) if kinds == ("date",) and not question.wants[0].named else ()
    # Tables leave the currency to the head of a column.
    return (*kinds, "number") if "money" in kinds and "number" not in kinds else kinds


def _in_rows(sheet: Sheet, question: Question, terms: Sequence[Term], kinds: Sequence[str]) -> Iterator[Item]:
    """Cells of a row in which words of the question stand; the heads of its columns may hold the others."""
    for row in sheet.rows:
        if len(_candidates(sheet, row)) < 2 or sheet.is_prose(row[0].row):
            continue
        anchor = max(row, key=lambda cell: coverage(terms, [cell.text]))
        if not _is_about(row, question, terms):
            continue
        heads = [head.text for cell in row for head in sheet.heads(cell)]
        for cell in _candidates(sheet, row):
            share, named = _share(sheet, terms, row, cell, anchor, heads)
            if share < ENOUGH:
                continue
            named = named or _is_column_of(sheet, question, cell)
            text, fit = _value_text(cell, anchor, kinds, named=named)
            if question.kind == "name" and not kinds and cell is not anchor:
                text, fit = _name_text(cell)
            if text:
                score = share * fit * _column_fit(sheet, question, cell) * _order(question, row, cell)
                yield Item(text, score + 0.1 * named + 0.1 * _headed(sheet, terms[0], cell), cell, _quoted(row, cell))


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


def _is_column_of(sheet: Sheet, question: Question, cell: Cell) -> bool:
    """Whether the head of the column names what is asked for."""
    return bool(question.wants) and any(head.names(question.wants[0].concept) for head in sheet.heads(cell))


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
    if alone and number < len(sheet.rows) and sheet.gap_above(number) < 0.8 and _only_figures(sheet.rows[number]):
        return [*row, *sheet.rows[number]]
    return row


def _only_figures(row: Sequence[Cell]) -> bool:
    letters = sum(char.isalpha() for cell in row for char in cell.text)
    return letters <= 6 and any(cell.values for cell in row)


def _value_text(cell: Cell, anchor: Cell, kinds: Sequence[str], *, named: bool) -> tuple[str, float]:
    """The value of a wanted kind in the cell and how well it fits, from 0 to 1; or all of its text, if any will do."""
    for rank, kind in enumerate(kinds):
        fitting = [
            value
            for value in cell.values
            if value.kind == kind
            and not (kind == "number" and _priced(cell, value))
            and not (kind == "code" and kinds[0] == "code" and len(value.text) < 3)
        ]
        if fitting:
            value = fitting[-1] if cell is anchor else fitting[0]
            whole = kind == "code" and cell is not anchor and len(cell.text) < len(value.text) + 4
            return cell.text if whole else value.text, 0.93**rank
    if not kinds and cell is not anchor and (named or cell.is_figure):
        return cell.text, 1.0
    return "", 0.0


def _name_text(cell: Cell) -> tuple[str, float]:
    """A cell of letters may name somebody; in most tables the first one does."""
    return ("", 0.0) if any(char.isdigit() for char in cell.text) else (cell.text, 1.0 if cell.column == 0 else 0.85)


def _priced(cell: Cell, number: Value) -> bool:
    """Whether a number is a sum of money, or only part of a name such as Milk 3.5."""
    money = any(value.kind == "money" and value.start <= number.start < value.end for value in cell.values)
    return money or not (cell.is_figure or number.start == 0)


def _column_fit(sheet: Sheet, question: Question, cell: Cell) -> float:
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
    if wanted and (named & AMOUNTS if wanted[0] in AMOUNTS else wanted[0] in named):
        return 1.15
    return 1.05 if named & set(wanted) else 0.8 if named & RIVALS else 1.0


def _same_kind(name: str, wanted: Sequence[str]) -> bool:
    """Whether values of the concept could be one of those wanted."""
    kinds = {kind for want in wanted for kind in concept(want).kinds}
    return name in wanted or name in AMOUNTS or bool(kinds & set(concept(name).kinds))


def _order(question: Question, row: Sequence[Cell], cell: Cell) -> float:
    """Among sums of one row the last is what it comes to; a unit price stands before it, a quantity first."""
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


def _labelled(sheet: Sheet, question: Question, terms: Sequence[Term], kinds: Sequence[str]) -> Iterator[Item]:
    """The value beside a label that consists of the words of the question."""
    elsewhere = _elsewhere(sheet, terms)
    for cell in sheet.cells:
        share = coverage(terms, [cell.text])
        lift = max(share, elsewhere) - share
        if share + 0.7 * lift < ENOUGH or not share:
            continue
        start, end = _stretch(terms, cell.text)
        tidy = 1.0 if len(cell.text[:start].strip()) < 4 else 0.85
        for link in links(sheet, cell, start, end):
            if not kinds and (link.relation in ("left", "above", "before") or _side_by_side(sheet, link)):
                continue
            if link.relation in ("below", "after") and _in_body(sheet, cell):
                continue
            value = _first_value(link.cell.values, link.start, link.end, kinds)
            text = value.text if value else ""
            if not kinds and _stands_for_label(cell, end, link.relation):
                text = link.text.strip()
            if question.kind == "name" and any(char.isdigit() for char in text):
                continue
            if text:
                # What a chart is about stands in its title.
                told = share + lift * (0.85 if link.relation == "axis" else 0.3)
                told *= min(1.0, _column_fit(sheet, question, link.cell)) if link.relation == "right" else 1.0
                yield Item(text, told * tidy * link.strength * 0.97, link.cell, _pair(sheet, cell, link.cell))
                break


def _in_body(sheet: Sheet, cell: Cell) -> bool:
    """Whether it is data of a table, of which the row below tells something else."""
    table = sheet.table_of(cell.row)
    return table is not None and cell.row >= table.body and len(sheet.rows[cell.row]) > 1


def _side_by_side(sheet: Sheet, link: Link) -> bool:
    """Whether both name columns of a table, so that neither is the other's value."""
    table = sheet.table_of(link.cell.row)
    return table is not None and table.head <= link.cell.row < table.body and link.relation == "right"


def _pair(sheet: Sheet, label: Cell, cell: Cell) -> tuple[Cell, ...]:
    if label.row != cell.row:
        return (label, cell)
    low, high = sorted((label.column, cell.column))
    return sheet.rows[label.row][low : high + 1]


def _stands_for_label(cell: Cell, end: int, relation: str) -> bool:
    """Whether the cell is a label: its words and a colon, or its words alone."""
    rest = cell.text[end:].strip()
    if relation == "after":
        return rest[:1] in (":", "：", "=")
    return rest in ("", ":", "：") and len(cell.text) < 40


def _stretch(terms: Sequence[Term], text: str) -> tuple[int, int]:
    """From the first to the last word of the text that the terms name."""
    spots = [word for word in words(text) for term in terms if likeness(term.text, word.text) >= 0.8]
    if not spots:
        return 0, len(text)
    return min(word.start for word in spots), max(word.end for word in spots)


def _first_value(found: Sequence[Value], start: int, end: int, kinds: Sequence[str]) -> Value | None:
    for kind in kinds:
        for value in found:
            if value.kind == kind and value.start >= start and value.end <= end:
                return value
    return None


def _in_sentences(sheet: Sheet, question: Question, terms: Sequence[Term], kinds: Sequence[str]) -> Iterator[Item]:
    """A sentence that holds the words, with the value nearest to them, or the first of the sentence after it."""
    elsewhere = _elsewhere(sheet, terms)
    found = sentences(sheet)
    for index, sentence in enumerate(found):
        if _in_body(sheet, sentence.cells[0]):
            continue
        share = coverage(terms, [sentence.text])
        share += 0.3 * (max(share, elsewhere) - share)
        if share < ENOUGH:
            continue
        value = _nearest_value(sentence, terms, kinds)
        text = value.text if value else _nearest_name(sentence, terms) if question.kind == "name" else ""
        if text or not kinds:
            yield Item(text, share * (0.95 if text else 0.75), sentence.cells[0], sentence.cells, sentence.text)
        elif index + 1 < len(found) and _refers_back(sentence, found[index + 1]):
            following = found[index + 1]
            value = next((v for kind in kinds for v in values(following.text) if v.kind == kind), None)
            if value is not None:
                yield Item(value.text, share * 0.75, following.cells[0], following.cells, following.text)


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
    start, end = _stretch(terms, sentence.text)
    names = [match for match in _PERSON.finditer(sentence.text) if not coverage(terms, [match[0]])]
    best = min(names, key=lambda match: max(0, match.start() - end, start - match.end()), default=None)
    return best[0] if best else ""


def _elsewhere(sheet: Sheet, terms: Sequence[Term]) -> float:
    """The share of the terms that stand anywhere on the page."""
    return coverage(terms, [cell.text for cell in sheet.cells])


def _is_called_otherwise(text: str, value: Value) -> bool:
    """Whether the word right before it says that it is something else: a tax number is no telephone's."""
    before = [label for label in labels(text) if 0 <= value.start - label.end < 4 and label.weight > 0.9]
    return bool(before) and not any(value.kind in concept(label.concept).kinds for label in before)


def _nearest_value(sentence: Sentence, terms: Sequence[Term], kinds: Sequence[str]) -> Value | None:
    start, end = _stretch(terms, sentence.text)
    for kind in kinds:
        fitting = [v for v in values(sentence.text) if v.kind == kind and not _is_called_otherwise(sentence.text, v)]
        if fitting:
            return min(fitting, key=lambda value: max(0, value.start - end, start - value.end))
    return None
