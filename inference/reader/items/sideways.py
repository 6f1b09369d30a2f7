"""Rows of a table that a question names by another cell than the first, or by their place: what is at shelf B4, who is
third. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from inference.reader import lexicon
from inference.reader.axes import likeness, marks
from inference.reader.grids import Grid, Name
from inference.reader.items.item import Item
from inference.reader.items.naming import PART, TELLING, Said, naming
from inference.reader.questions import Question
from inference.reader.sheet import Cell
from inference.reader.stop import stop
from inference.reader.words import fold, is_han, words

CODE = 0.6
"""What it must say of a cell if it says all of it: B4."""

LONGEST = 50
"""Characters of a cell that names something; what is longer is prose."""

_FIRST = re.compile("|".join(lexicon.table("tables")["places"]["first"]))
_LAST = re.compile("|".join(lexicon.table("tables")["places"]["last"]))


def by_cell(grid: Grid, question: Question, columns: Sequence[Said]) -> Iterator[tuple[float, Item]]:
    """What stands, in the row of a cell that the question says, in another column that it names, or as its name."""
    told = []
    for (row, column), cells in grid.cells.items():
        inside = naming(Name(cells, tuple(mark for cell in cells for mark in marks(cell.text))), question)
        whole = inside.share > 0.99 and inside.weight >= CODE
        if cells[0] in grid.rows[row].cells and not any(char.isdigit() for char in cells[0].text):
            # The name itself, and no number before it.
            continue
        if (whole or inside.weight >= TELLING) and _is_name(cells, whole=whole):
            told.append((inside.weight + inside.share, row, column, inside))
    best = max((score for score, *_ in told), default=0.0)
    for score, row, column, inside in told:
        if score < best:
            continue
        others = [at for at in range(len(columns)) if at != column]
        # The closing balance, under Balance: one word says both.
        named = [at for at in others if columns[at].tells(inside, PART)] or [
            at for at in others if columns[at].weight >= TELLING and _is_figure(grid, row, at)
        ]
        for at in named:
            if (row, at) in grid.cells and not is_said(grid.cells[row, at], question):
                yield score + columns[at].weight, _told(grid, row, grid.cells[row, at], column)
        if not named and _may_be_named(grid, row, column, question):
            yield score, _named(grid, row, column)


def is_said(cells: Sequence[Cell], question: Question) -> bool:
    """Whether the question itself says all that stands there, so that it asks for something else: shelf B4."""
    said = naming(Name(tuple(cells), tuple(mark for cell in cells for mark in marks(cell.text))), question)
    return said.share > 0.99 and said.weight >= CODE


def _is_name(cells: Sequence[Cell], *, whole: bool) -> bool:
    """Whether the cell may name a row: words, or a code or a day that is said in full; no mere number."""
    if not cells[0].is_figure:
        return all(len(cell.text) < LONGEST for cell in cells)
    text = " ".join(cell.text for cell in cells)
    return (
        whole
        and any(value.kind in ("code", "date", "account", "phone") for cell in cells for value in cell.values)
        and (len(text) > 2 or not text.isdigit())
    )


def _is_figure(grid: Grid, row: int, column: int) -> bool:
    return any(cell.is_figure for cell in grid.cells.get((row, column), ()))


def _may_be_named(grid: Grid, row: int, column: int, question: Question) -> bool:
    """Whether what the row is called answers the question, and is not said by it; nobody is called by a number."""
    name = grid.rows[row]
    if naming(Name((), marks(name.called)), question).weight >= PART or (
        question.kind == "name" and any(char.isdigit() for char in name.called)
    ):
        return False
    coded = any(char.isdigit() for cell in grid.cells[row, column] for char in cell.text)
    said = question.wants_by_name and any(cell.names(question.wants[0].concept) for cell in grid.columns[column].cells)
    asked = (said or not question.wants_by_name) and _asks_for_name(grid, question, coded=coded)
    return asked or _is_dated(grid, row, question)


def _is_dated(grid: Grid, row: int, question: Question) -> bool:
    """Whether it asks when, and the rows are called by their days, as in a statement of account."""
    days = [value for cell in grid.rows[row].cells for value in cell.values if value.kind == "date"]
    return question.kind == "date" and bool(days)


def _told(grid: Grid, row: int, cells: Sequence[Cell], column: int) -> Item:
    text = " ".join(cell.text for cell in cells).strip()
    return Item(text, 0.9, cells[0], tuple(dict.fromkeys((*grid.rows[row].cells, *grid.cells[row, column], *cells))))


def _named(grid: Grid, row: int, column: int) -> Item:
    cells = grid.rows[row].cells
    return Item(grid.rows[row].called, 0.9, cells[-1], tuple(dict.fromkeys((*cells, *grid.cells[row, column]))))


def _asks_for_name(grid: Grid, question: Question, *, coded: bool) -> bool:
    """Whether it asks for what the rows are, by the head over them or as the thing there is: which item is at B4."""
    if question.kind == "name":
        return True
    if question.kind not in ("", "mark"):
        return False
    parts = [part.text for part in words(question.text)]
    opens = parts[:1] and (parts[0] in stop().which or parts[0] in _THINGS)
    heads = {mark.text for name in grid.rows for mark in name.group}
    asked = any(mark.text in heads for mark in marks(question.text))
    nouns = [part for part in parts[1:3] if part in stop().sorts]
    return bool(asked or (nouns and coded) or (coded and opens and not question.noun)) or bool(
        _WHAT_HAN.search(question.text)
    )


_THINGS = frozenset(("was", "que", "quoi"))
_WHAT_HAN = re.compile("什么|哪")


def by_place(
    grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]
) -> Iterator[tuple[float, Item]]:
    """What the row is called that stands at the place in a ranking that the question asks for, or as the first, second
    or third of what the rows are; or what stands there in the column that it names."""
    ranks = next((column for column in range(len(grid.columns)) if _is_ranking(grid, column)), None)
    flat, count = fold(question.text), len(grid.rows)
    place = count if _LAST.search(flat) else 1 if _FIRST.search(flat) else _place(question, columns)
    if not place and _FINAL.search(flat) and not any(said.weight >= PART for said in rows):
        place = count
    if not 0 < place <= count or (ranks is None and not _says_what_rows_are(grid, question)):
        return
    named = [
        at for at, said in enumerate(columns) if at != ranks and said.weight >= PART and (place - 1, at) in grid.cells
    ]
    for at in named:
        yield 5.0 + columns[at].weight, _told(grid, place - 1, grid.cells[place - 1, at], at)
    if not named and ranks is not None and question.kind in ("", "name"):
        yield 5.0, _named(grid, place - 1, ranks)


def _says_what_rows_are(grid: Grid, question: Question) -> bool:
    """Whether the question has the word at the head of the rows' names: the first week, under Week."""
    heads = {mark.text for name in grid.rows for mark in name.group}
    han = any(is_han(head) and head.rstrip("次数号") in question.text for head in heads)
    return han or any(likeness(mark.text, head) for mark in marks(question.text) for head in heads)


def by_turn(
    grid: Grid, question: Question, rows: Sequence[Said], columns: Sequence[Said]
) -> Iterator[tuple[float, Item]]:
    """The first or the last of the times in the row or the column that the question names: the last ferry."""
    last = bool(_FINAL.search(fold(question.text)))
    if question.kind not in ("time", "date") or not (last or _OPENING.search(fold(question.text))):
        return
    across = ((said, grid.rows[row], [(row, at) for at in range(len(columns))]) for row, said in enumerate(rows))
    down = ((said, grid.columns[at], [(row, at) for row in range(len(rows))]) for at, said in enumerate(columns))
    for said, name, places in chain(across, down):
        timed = [grid.cells[place] for place in places if place in grid.cells and _is_time(grid.cells[place])]
        if said.weight >= TELLING and len(timed) > 2:
            cell = timed[-1 if last else 0][0]
            yield said.weight + said.share, Item(cell.text, 0.9, cell, (*name.cells, cell))


def _is_time(cells: Sequence[Cell]) -> bool:
    return len(cells) == 1 and cells[0].is_figure and any(value.kind == "time" for value in cells[0].values)


_FINAL = re.compile("|".join(lexicon.table("tables")["places"]["final"]))
_OPENING = re.compile("|".join(lexicon.table("tables")["places"]["opening"]))


def _is_ranking(grid: Grid, column: int) -> bool:
    """Whether the column counts the rows from 1 on."""
    texts = ["".join(cell.text for cell in grid.cells.get((row, column), ())) for row in range(len(grid.rows))]
    return len(texts) > 2 and [text.strip(" .") for text in texts] == [str(n) for n in range(1, len(texts) + 1)]


def _place(question: Question, columns: Sequence[Said]) -> int:
    """The ordinal in the question: the third team, 第三名."""
    han = _PLACE_HAN.search(question.text)
    if han:
        return "一二三四五六七八九十".index(han[1]) + 1 if not han[1].isdigit() else int(han[1])
    taken = {start for said in columns for start, _ in said.spans}
    numbers = [mark for mark in marks(question.text) if mark.text.isdigit() and mark.start not in taken]
    ordinal = [
        mark for mark in numbers if not question.text[mark.start : mark.end].isdigit() or _is_asked_as_place(question)
    ]
    return int(ordinal[0].text) if len(ordinal) == 1 else 0


_PLACE_HAN = re.compile(r"第([一二三四五六七八九十]|\d{1,2})(?:名|位)")


def _is_asked_as_place(question: Question) -> bool:
    return bool(_RANK.search(fold(question.text)))


_RANK = re.compile(r"\b(?:place|position|rank|platz|rang|puesto|posicion|lugar|tabellenplatz)\b|名次|排名")
