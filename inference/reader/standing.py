"""How likely a name on a page is that of who made it, by where it stands and what stands with it. Pure."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from inference.reader import lexicon
from inference.reader.names import has_legal_form, is_address, is_company, is_contact
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import fold, key, words

BANK = re.compile(lexicon.alternatives("bank") + r"[^,;|·]*|[\u4e00-\u9fff]{2,8}银行[\u4e00-\u9fff]{0,8}")

SMALL = frozenset(
    fold(word) for language in ("en", "de", "fr", "es") for word in lexicon.table("stop")["words"][language]
) - frozenset(lexicon.table("patterns")["name_joint"])
"""Small words of sentences, which names seldom hold."""


def in_table(sheet: Sheet, cell: Cell) -> bool:
    """Whether it is data of a table, or names a column."""
    table = sheet.table_of(cell.row)
    return table is not None and (cell.row >= table.body or len(sheet.rows[cell.row]) > 2)


def heads_rows(sheet: Sheet, cell: Cell) -> bool:
    """The same of a table with several rows, each with a value of its own."""
    table = sheet.table_of(cell.row)
    return heads_column(sheet, cell) and table is not None and table.last > table.body


_CALLED = re.compile(r"(?:Herrn?|Frau|Mrs?|Ms|Miss|Mme|Mlle|M|MM|Monsieur|Madame|Sra?|Srta|Don|Doña)\b\.?\s")
"""How letters call those whom they are for, and nobody himself."""


def heads_column(sheet: Sheet, cell: Cell) -> bool:
    """Whether it names a column of several in a table."""
    table = sheet.table_of(cell.row)
    return table is not None and cell.row < table.body and len(sheet.rows[cell.row]) > 2


def standing(sheet: Sheet, cell: Cell, name: str, block: Sequence[Cell]) -> float:
    """How likely this is who made the document, from about -1 to 1. ``block`` is the lines that go on below."""
    tallest = max(other.box.height for other in sheet.cells)
    height = cell.box.middle / max(1, sheet.page.height)
    domains = " ".join(_domains(sheet.cells))
    score = 0.3 * cell.box.height / tallest + 0.3 * max(0.0, 1 - 2.2 * height) + 0.1 * (cell.row <= 1)
    score += 0.35 if has_legal_form(name) else 0.25 if is_company(name) else 0.0
    score += 0.3 if domains and _like_domain(name, domains) else 0.0
    score += _reachable(sheet, cell, block) + (0.1 if _repeated(sheet, cell, name) else 0.0)
    score -= 0.45 if _addressed(sheet, cell) else 0.0
    score -= 0.35 if BANK.search(fold(name)) and height > 0.5 else 0.0
    score -= 0.15 * min(2, _stray_words(name))
    score += 0.2 if height > 0.85 and _is_imprint(cell.text, name) else 0.0
    score -= 0.25 if _CALLED.match(name) else 0.0
    return score - (0.1 if any(char.isdigit() for char in name) else 0.0)


def _is_imprint(text: str, name: str) -> bool:
    """Whether the line goes on behind the name with ways to reach it, as at the foot of a page."""
    return text.strip() != name and (is_address(text) or is_contact(text))


def _stray_words(name: str) -> int:
    """Small words of sentences, which names seldom hold; none in the name of a company."""
    return 0 if is_company(name) else sum(word.text in SMALL for word in words(name))


def _reachable(sheet: Sheet, cell: Cell, block: Sequence[Cell]) -> float:
    """More where a telephone number, a website or an address stands with it."""
    near = [cell, *sheet.rows[cell.row], *block, *_centred_below(sheet, cell)]
    if any(is_contact(other.text) or any(value.kind == "phone" for value in other.values) for other in near):
        return 0.2
    return 0.1 if any(is_address(other.text) for other in near) else 0.0


def _centred_below(sheet: Sheet, cell: Cell) -> Iterator[Cell]:
    """The next lines on the same axis or at the same right edge."""
    for row in sheet.rows[cell.row + 1 : cell.row + 4]:
        for other in row:
            apart = min(abs(other.box.center - cell.box.center), abs(other.box.right - cell.box.right))
            if apart < cell.box.height and other.box.top - cell.box.bottom < 4 * cell.box.height:
                yield other


def _repeated(sheet: Sheet, cell: Cell, name: str) -> bool:
    """Whether the name stands in another place too: the footer, the account's holder."""
    spelled = key(name)
    return len(spelled) >= 4 and any(spelled in key(other.text) for other in sheet.cells if other is not cell)


def _domains(cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        for value in cell.values:
            if value.kind in ("email", "url"):
                host = (
                    fold(value.text)
                    .split("@")[-1]
                    .removeprefix("https://")
                    .removeprefix("http://")
                    .removeprefix("www.")
                )
                yield re.sub(r"[^a-z0-9]", "", host.rsplit(".", 1)[0])


def _like_domain(text: str, domains: str) -> bool:
    said = [word.text for word in words(text) if len(word.text) > 2]
    spelled = "".join(said)
    if len(spelled) >= 4 and fuzz.partial_ratio(spelled[:12], domains) >= 85:
        return True
    return any(len(word) >= 5 and word in domains and not is_company(word) for word in said)


def _addressed(sheet: Sheet, cell: Cell) -> bool:
    """Whether the cell stands under or behind words such as Bill to."""
    for row in sheet.rows[max(0, cell.row - 4) : cell.row + 1]:
        for other in row:
            near = abs(other.box.left - cell.box.left) < 3 * cell.box.height
            if near and any(
                label.concept in ("customer", "recipient", "delivery_address")
                and label.weight > 0.9
                and label.start < 3
                for label in other.labels
            ):
                return True
    return False
