"""The row or bar with the largest or smallest value: which month was the wettest, what is the cheapest? Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inference.reader import lexicon
from inference.reader.items.item import Item, wanted_kinds
from inference.reader.links import is_axis
from inference.reader.matching import likeness
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value
from inference.reader.words import fold

_MOST = re.compile(lexicon.alternatives("most"))
_LEAST = re.compile(lexicon.alternatives("least"))
_SOLD = re.compile(lexicon.alternatives("sold_best"))
SUMS = frozenset({"total", "subtotal", "tax", "amount_due", "cash", "change", "deposit", "discount", "payment_method"})
"""What names a row that is none of the things listed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    name: Cell
    cell: Cell
    value: Value

    @property
    def size(self) -> Decimal:
        return abs(self.value.number or Decimal(0))


def asks_for_extreme(question: Question) -> bool:
    """Whether it asks for what has the most or the least of something."""
    flat = fold(question.text)
    return bool(_MOST.search(flat) or _LEAST.search(flat) or _SOLD.search(flat))


def names_a_column(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether a head of a table has the very word: Minimum stock, 最低库存."""
    flat = fold(question.text)
    said = {match[0] for form in (_MOST, _LEAST) for match in form.finditer(flat)}
    heads = (cell for s in sheets for t in s.tables for row in s.rows[t.head : t.body] for cell in row)
    return any(word in fold(head.text) for head in heads for word in said)


def told(sheets: Sequence[Sheet], question: Question) -> Item | None:
    """What a line says outright: Best-selling product: Heron."""
    flat = fold(question.text)
    for form in (_SOLD, _MOST, _LEAST):
        if not form.search(flat):
            continue
        for cell in (cell for sheet in sheets for cell in sheet.cells):
            label, colon, value = cell.text.replace("：", ":").partition(":")
            right = () if colon else _right(sheets, cell)
            if form.search(fold(label)) and _is_about(label, question) and (value.strip() or right):
                other = right[0] if right else cell
                return Item((value or other.text).strip(), 0.9, other, tuple(dict.fromkeys((cell, other))))
    return None


def _right(sheets: Sequence[Sheet], cell: Cell) -> tuple[Cell, ...]:
    """The only other cell of the row."""
    row = next(row for sheet in sheets if sheet.page.sha256 == cell.page for row in sheet.rows if cell in row)
    return tuple(row[1:]) if len(row) == 2 and row[0] is cell else ()


def _is_about(label: str, question: Question) -> bool:
    """Whether the label has the noun that is asked about, or nothing says which that is."""
    nouns = [term for term in question.all_terms if term.weight >= 1.0 and not _SOLD.search(term.text)]
    nouns = [term for term in nouns if term.missing is None]
    return not nouns or any(likeness(term.text, label) for term in nouns)


def extreme(sheet: Sheet, question: Question) -> Iterator[Item]:
    """The name beside the largest or smallest of three values or more, and the value itself where that is asked for."""
    pairs = _without_sum([*_of_table(sheet, question)] or [*_of_axis(sheet)] or [*_of_list(sheet)])
    if len(pairs) < 3 or not asks_for_extreme(question):
        return
    least = bool(_LEAST.search(fold(question.text)))
    best = (min if least else max)(pairs, key=lambda pair: pair.size)
    named = question.kind not in ("money", "number", "percent", "date", "time")
    text = best.name.text.strip() if named else best.value.text
    yield Item(text, 0.9, best.name, tuple(dict.fromkeys((best.name, best.cell))))


def _without_sum(pairs: list[_Pair]) -> list[_Pair]:
    """The pairs but the one that the others add up to, whatever it is called: All sites."""
    whole = sum((pair.size for pair in pairs), Decimal(0))
    return [pair for pair in pairs if len(pairs) < 3 or abs(whole - 2 * pair.size) > ROUNDING * pair.size]


ROUNDING = Decimal("0.002")
"""By what share sums of rounded numbers are off."""


def _of_table(sheet: Sheet, question: Question) -> Iterator[_Pair]:
    """The rows of the table, by the column that the question names, or else its last column of numbers."""
    for table in sheet.tables:
        body = [row for row in sheet.rows[table.body : table.last + 1] if len(row) > 1 and not _is_sum(row)]
        column = _column(sheet, question, body)
        for row in body:
            cell = next((one for one in row if column is not None and column in sheet.heads(one)), None)
            value = _number(cell) if cell else None
            name = next((one for one in row if not one.is_figure and one is not cell), None)
            if cell and value and name:
                yield _Pair(name, cell, value)


def _column(sheet: Sheet, question: Question, body: Sequence[Sequence[Cell]]) -> Cell | None:
    heads = [head for row in body for cell in row if _number(cell) for head in sheet.heads(cell)]
    wanted = [want.concept for want in question.wants[:2]]
    named = [
        head
        for head in heads
        if any(head.names(concept) for concept in wanted)
        or any(likeness(term.text, head.text) >= 0.8 for term in question.all_terms)
    ]
    money = [head for head in heads if "money" in wanted_kinds(question) and head.names("line_amount")]
    return next(iter([*named, *money]), None) or (heads[-1] if heads and not wanted else None)


def _of_axis(sheet: Sheet) -> Iterator[_Pair]:
    """The bars of a chart: names in a row below, and the number over each."""
    for row in sheet.rows:
        if not is_axis(row):
            continue
        for name in row:
            above = [cell for other in sheet.rows[: name.row] for cell in other if _stands_over(cell, name, row)]
            value = _number(above[-1]) if above else None
            if above and value:
                yield _Pair(name, above[-1], value)
        return


def _stands_over(cell: Cell, name: Cell, row: Sequence[Cell]) -> bool:
    pitch = (row[-1].box.center - row[0].box.center) / max(1, len(row) - 1)
    return cell.is_figure and abs(cell.box.center - name.box.center) < 0.3 * pitch


def _of_list(sheet: Sheet) -> Iterator[_Pair]:
    """Lines that end in a sum, as on a till's receipt."""
    for row in sheet.rows:
        value = _number(row[-1])
        if len(row) > 1 and value and value.kind == "money" and row[-1].is_figure and not _is_sum(row):
            yield _Pair(row[0], row[-1], value)


def _is_sum(row: Sequence[Cell]) -> bool:
    return any(label.concept in SUMS and label.weight >= 0.6 and label.start == 0 for label in row[0].labels)


def _number(cell: Cell) -> Value | None:
    kinds = ("money", "number", "percent")
    return next((value for value in cell.values if value.kind in kinds and value.number is not None), None)
