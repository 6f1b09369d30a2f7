"""Who is behind a document and whom it is for, where no label says so: letterheads, addresses, labels. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from inference.reader import lexicon
from inference.reader.fields import Field, fields
from inference.reader.names import (
    bare,
    has_legal_form,
    is_company,
    is_name,
    is_plain,
    is_postal,
    is_somebody,
    is_title,
    is_whole_name,
    name_in,
)
from inference.reader.sheet import Cell, Sheet
from inference.reader.standing import BANK, SMALL, in_table, standing
from inference.reader.words import fold, is_han, key, words


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """A name and where it stands. ``score`` is from 0 to 1."""

    text: str
    score: float
    cell: Cell


def letterhead(sheet: Sheet) -> list[Party]:
    """Names of who made the document, likely ones first: large, high up, like a company's, beside ways to reach it."""
    found = [
        Party(name, max(0.0, min(1.0, standing(sheet, cell, name, block_below(sheet, cell, 4)))), cell)
        for cell in sheet.cells
        if (name := name_in(cell.text) or _masthead(sheet, cell)) and not in_table(sheet, cell)
    ]
    found = [_whole(sheet, party) for party in found]
    headings = [party for party in found if _is_heading(party, found)]
    makers = [party for party in found if party not in headings]
    found = [replace(party, score=party.score - _TAG) for party in headings] + [
        replace(party, score=party.score - _TAG * _is_tag_line(party, makers)) for party in makers
    ]
    return sorted(found, key=lambda party: -party.score)


def _whole(sheet: Sheet, party: Party) -> Party:
    """With the next line of the same size, where only that ends as names of companies do."""
    box = party.cell.box
    below = block_below(sheet, party.cell, 1)[1:]
    same = [cell for cell in below if abs(cell.box.height - box.height) < 0.25 * box.height]
    if not same or has_legal_form(party.text) or len(same[0].text.split()) > 3:
        return party
    whole = party.text + ("" if is_han(party.text) else " ") + same[0].text
    closer = same[0].box.top - box.bottom < 0.8 * box.height
    return replace(party, text=whole, score=party.score + 0.4) if closer and has_legal_form(whole) else party


_TAG = 0.4
"""How much less likely tag lines and headings are than names."""


def _is_heading(party: Party, found: Sequence[Party]) -> bool:
    """Whether it is in plain words and a name stands right over or under it: Almacén central, Fontanería Ruiz Aledo."""
    if not is_plain(party.text) or is_company(party.text):
        return False
    return any(
        abs(other.cell.row - party.cell.row) == 1
        and _flush(other.cell, party.cell)
        and _gap(other.cell, party.cell) < 1.5 * max(other.cell.box.height, party.cell.box.height)
        and not is_plain(other.text)
        for other in found
    )


def _gap(one: Cell, other: Cell) -> float:
    return max(one.box.top, other.box.top) - min(one.box.bottom, other.box.bottom)


def _is_tag_line(party: Party, found: Sequence[Party]) -> bool:
    """Whether it tells the trade or the branch of the name over it, which is as large: Food Hall, (North Road)."""
    if has_legal_form(party.text) and party.text[:1] not in "(（":
        return False
    box = party.cell.box
    over = [
        other.cell
        for other in found
        if other.cell.row == party.cell.row - 1 and _flush(other.cell, party.cell) and other.score > _TAG
    ]
    return any(
        cell.box.height > 0.9 * box.height and box.top - cell.box.bottom < 1.5 * box.height and cell.row < 3
        for cell in over
    )


def _masthead(sheet: Sheet, cell: Cell) -> str:
    """The large first line of a page, whatever its words mean elsewhere: Vivalia Mobile."""
    first = cell.row == 0 and next((other for other in sheet.rows[0] if len(other.text) > 2), None) is cell
    letters = sum(char.isalpha() for char in cell.text)
    plain = letters > 0.7 * len(cell.text.replace(" ", "")) and not any(
        char.isdigit() or char in ":：" for char in cell.text
    )
    large = cell.box.height > 1.2 * sheet.page.text_height and len(cell.text) <= 40
    return bare(cell.text) if first and plain and large and not is_title(cell.text) and not _is_labelled(cell) else ""


def address_block(sheet: Sheet) -> list[Party]:
    """Whom a letter or invoice is for: the first name of a block that ends in a town, and is not the letterhead."""
    head = letterhead(sheet)
    maker = key(head[0].text) if head else ""
    found = []
    for cell in sheet.cells:
        if not is_postal(cell.text) or cell.box.middle > 0.6 * sheet.page.height:
            continue
        named = next(
            ((bare(line.text), line) for line in _block_above(sheet, cell)[:-1] if is_name(bare(line.text))), None
        )
        if named and key(named[0]) != maker:
            found.append(Party(named[0], 0.7 if is_whole_name(named[0]) else 0.6, named[1]))
    return found


def titled(sheet: Sheet) -> Iterator[Party]:
    """People who are called Mr, Frau or the like in a line of their own, or before a dot or bar in one."""
    for cell in sheet.cells:
        match = _TITLED.match(cell.text)
        if match and is_name(bare(match[0])):
            yield Party(match[0].strip(), 0.6, cell)


_TITLED = re.compile(
    rf"(?:{'|'.join(lexicon.table('patterns')['honorific_cased'])})\.?\s(?:[A-ZÀ-Þ][\w'’.-]*\s?){{1,4}}(?=$|\s*[·|,(])"
)


def _block_above(sheet: Sheet, cell: Cell) -> list[Cell]:
    """The lines of an address from its first to this one."""
    block = [cell]
    for number in range(cell.row - 1, max(-1, cell.row - 6), -1):
        aligned = [other for other in sheet.rows[number] if _flush(other, block[0])]
        if not aligned or block[0].box.top - aligned[0].box.bottom > 1.1 * block[0].box.height:
            break
        if aligned[0].box.height > 1.5 * cell.box.height or is_postal(aligned[0].text) or _is_labelled(aligned[0]):
            break
        block.insert(0, aligned[0])
    return block


def _flush(one: Cell, other: Cell) -> bool:
    """Whether the two share an edge or the axis."""
    left, right = abs(one.box.left - other.box.left), abs(one.box.right - other.box.right)
    return min(left, right, abs(one.box.center - other.box.center)) < other.box.height


def _is_labelled(cell: Cell) -> bool:
    return any(label.weight > 0.9 and label.start == 0 for label in cell.labels)


def block_below(sheet: Sheet, cell: Cell, limit: int = 5) -> list[Cell]:
    """The lines that follow in the same place: an address under a name."""
    block = [cell]
    for number in range(cell.row + 1, min(len(sheet.rows), cell.row + 1 + limit)):
        aligned = [other for other in sheet.rows[number] if abs(other.box.left - cell.box.left) < cell.box.height]
        if not aligned or aligned[0].box.top - block[-1].box.bottom > 1.1 * block[-1].box.height:
            break
        block.append(aligned[0])
    return block


def labelled(sheets: Sequence[Sheet], name: str) -> list[Field]:
    """Names beside a label, the best first. A word in a sentence is no label, and the head of a column names many."""
    found = []
    for sheet in sheets:
        for concept in (name, *_ALIKE.get(name, ())):
            for field in fields([sheet], concept):
                over_column = field.relation == "below" and _is_column(sheet, field)
                text = bare(field.text)
                if field.score >= 0.6 and _is_label(field) and not over_column and is_name(text) and is_somebody(text):
                    found.append(replace(field, text=text))
    if name == "vendor":
        found += [field for sheet in sheets for field in _named_for(sheet)]
    if name in _ALIKE:
        found += [field for sheet in sheets for field in _below_for(sheet, name)]
    return sorted(found, key=lambda field: -field.score)


def _named_for(sheet: Sheet) -> Iterator[Field]:
    """The name in the part of a form that a word for the seller stands beside: 销售方, and by it 名称：."""
    sides = [cell for cell in sheet.cells if _is_side(cell)]
    for cell in sheet.cells:
        opening = _NAMED.match(fold(cell.text))
        near = [side for side in sides if abs(side.row - cell.row) < 3 and side.box.left <= cell.box.left]
        side = max(near, key=lambda one: one.box.left, default=None)
        name = bare(cell.text[opening.end() :]) if opening else ""
        if side and name and side.names("vendor") and is_name(name):
            yield Field("vendor", "name", name, 0.95, cell, side, "right")


_NAMED = re.compile(rf"\W*{lexicon.alternatives('name_label')}\s*[:：]\s*")


def _is_side(cell: Cell) -> bool:
    """Whether it says whose part of the form this is, and nothing else."""
    return any(
        label.concept in ("vendor", "customer") and label.weight > 0.9 and label.end - label.start >= len(cell.text) - 3
        for label in cell.labels
    )


def _below_for(sheet: Sheet, name: str) -> Iterator[Field]:
    """What stands under or behind a line that says For and nothing else."""
    for cell in sheet.cells:
        if fold(cell.text).strip(" :") in _FOR:
            below = block_below(sheet, cell, 1)[1:]
            for other in (*below, *sheet.rows[cell.row][cell.column + 1 : cell.column + 2]):
                if is_name(bare(other.text)):
                    yield Field(name, "name", bare(other.text), 0.85, other, cell, "below")
                    break


_FOR = frozenset(lexicon.table("patterns")["for"])


def _is_column(sheet: Sheet, field: Field) -> bool:
    """Whether the label heads a column of a table, rather than an address."""
    if not in_table(sheet, field.cell) or len(sheet.rows[field.label.row]) <= 2:
        return False
    return not any(is_postal(cell.text) for cell in block_below(sheet, field.cell))


_ALIKE = {"customer": ("recipient",), "recipient": ("customer",)}
"""Whose labels tell the same."""


def _is_label(field: Field) -> bool:
    """Whether the label opens its cell or a colon follows, and nothing but the value stands with it."""
    text = field.label.text
    for label in field.label.labels:
        if label.concept != field.concept:
            continue
        before, rest = text[: label.start].strip(" (*-•·"), text[label.end :]
        colon = rest.lstrip()[:1] in (":", "：")
        opens = not before or before[-1:] in ":;|)：；"
        if field.cell is not field.label:
            if (opens or len(before) < 12) and not rest.strip(" :：.)"):
                return True
        elif colon or (opens and _is_set_apart(text, label.end)):
            return True
    return False


def _is_set_apart(text: str, end: int) -> bool:
    """Whether a name follows a label that has no colon: a space between, and no sentence going on."""
    return text[end : end + 1].isspace() and not any(word.text in SMALL for word in words(text[end:]))


def title(sheet: Sheet) -> Party | None:
    """What the document calls itself, or else its largest line."""
    named = [cell for cell in sheet.cells if is_title(cell.text) and len(cell.text) < 40]
    high = [cell for cell in sheet.cells if cell.box.middle < 0.4 * sheet.page.height and len(cell.text) > 5]
    best = max(named or high or sheet.cells, key=lambda cell: cell.box.height, default=None)
    return Party(best.text, 0.8 if named else 0.6, best) if best else None


def banks(sheet: Sheet) -> Iterator[Party]:
    """Names that banks have, wherever they stand."""
    for cell in sheet.cells:
        match = BANK.search(fold(cell.text))
        if match and cell.text[match.start() : match.end()].strip().casefold() not in ("bank", "banco", "banque"):
            yield Party(cell.text[match.start() : match.end()].strip(" .,;:"), 0.65, cell)
