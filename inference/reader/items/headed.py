"""What stands under a heading: the lines of a list by what is written over several of them, and a value alone under the
head of its column. Pure."""

from collections.abc import Iterator, Sequence

from inference.reader.axes import likeness, marks
from inference.reader.grids import Name
from inference.reader.items.item import Item
from inference.reader.items.naming import PART, naming
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet

LONGEST = 40
"""Characters of a heading."""

SURE = 0.85
"""The share of a head that must be said where nothing else tells what its value is of."""


def headed(sheets: Sequence[Sheet], question: Question) -> Item | None:
    """The answer that a heading tells from others like it, or None."""
    if question.kind in ("name", "place", "date", "time"):
        return None
    found = [one for sheet in sheets for one in (*_in_lists(sheet, question), *_alone(sheet, question))]
    best = max((score for score, _ in found), default=0.0)
    likely = {item.text: item for score, item in found if score > best - 0.05}
    return next(iter(likely.values())) if len(likely) == 1 else None


def _in_lists(sheet: Sheet, question: Question) -> Iterator[tuple[float, Item]]:
    """Lines of a name and a sum, whose name and heading the question both says: a haircut, for children."""
    group: Cell | None = None
    for row in sheet.rows:
        if len(row) == 1 and not row[0].is_figure and len(row[0].text) < LONGEST:
            group = row[0]
        elif len(row) != 2:
            # What is headed ends here.
            group = None
        elif group and _is_amount(row[1]) and not row[0].is_figure:
            name = naming(Name((row[0],), marks(row[0].text)), question)
            own = [mark.text for mark in marks(row[0].text)]
            # A word that the line itself has tells it from no other.
            beyond = tuple(mark for mark in marks(group.text) if not any(likeness(mark.text, one) for one in own))
            over = naming(Name((group,), beyond), question)
            if name.weight >= 2 * PART:
                # Gas charges, under the name of a gas company, needs no heading.
                yield name.weight + 0.4 * name.share + over.weight, Item(row[1].text, 0.9, row[1], row)
            elif name.weight >= PART and over.weight >= PART:
                yield name.weight + over.weight + 0.4 * name.share, Item(row[1].text, 0.9, row[1], (group, *row))


def _is_amount(cell: Cell) -> bool:
    """Whether it is a figure, and no number of a register or a telephone."""
    return cell.is_figure and not any(value.kind in ("phone", "account", "iban") for value in cell.values)


def _alone(sheet: Sheet, question: Question) -> Iterator[tuple[float, Item]]:
    """The one value under a head of several words, all of which the question says: Old reading, New reading."""
    for table in sheet.tables:
        for head in sheet.rows[table.body - 1] if table.body == table.last else ():
            under = [cell for cell in sheet.rows[table.body] if head in sheet.heads(cell) and cell.is_figure]
            told = naming(Name((head,), marks(head.text)), question)
            if len(under) == 1 and told.share >= SURE and told.weight > 1.5:
                yield told.weight, Item(under[0].text, 0.9, under[0], (head, under[0]))
