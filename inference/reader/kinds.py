"""What kind of document a page belongs to, by its heading, else by what stands on it. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from inference.extraction import DOCUMENT_KINDS, DocumentKind
from inference.reader import billing, letters, lexicon, prompts
from inference.reader.sheet import Cell, Sheet
from inference.reader.standing import heads_column
from inference.reader.words import key

LONGEST_TITLE = 34
"""Characters of a line that may be a heading, its number included."""

TALL = 1.25
"""A heading is higher than the usual line by this."""


@cache
def _titles() -> dict[str, DocumentKind]:
    kinds: dict[str, DocumentKind] = {}
    for kind in DOCUMENT_KINDS:
        listed = lexicon.table("kinds").get(kind, {})
        kinds |= {key(title): kind for title in listed.get("titles", ())}
    return kinds


def kind_of(sheet: Sheet) -> DocumentKind | None:
    """None where the page does not tell."""
    headed = _headed(sheet)
    if headed in BILLS:
        return headed
    if headed is not None:
        return billing.kind([sheet], headed=True) or headed
    return _by_contents(sheet)


def _headed(sheet: Sheet) -> DocumentKind | None:
    found = max(_headings(sheet), key=lambda one: one[0], default=None)
    return found[1] if found else None


def _headings(sheet: Sheet) -> Iterator[tuple[float, DocumentKind]]:
    """Kinds that lines of the page name, with how much each looks like a heading: large, high up, alone."""
    for cell in sheet.cells:
        high = 1 - cell.box.middle / max(1, sheet.page.height)
        tall = cell.box.height / max(1.0, sheet.page.text_height)
        named = _named(cell) if (high > 0.6 or tall > TALL) and not heads_column(sheet, cell) else None
        if named:
            share, kind = named
            yield min(tall, 3.0) + high + share, kind


def _named(cell: Cell) -> tuple[float, DocumentKind] | None:
    """The kind that the line names, or what stands in it behind a dash, and which share of its letters does so; the
    rest may be a number or a year."""
    if _REFERS.search(cell.text):
        return None
    parts = [part for part in _APART.split(cell.text) if len(part) <= LONGEST_TITLE]
    return max((named for part in parts if (named := _named_by(part))), key=lambda one: one[0], default=None)


_APART = re.compile(r"\s+[-–—|·]\s+|\s*[—]\s*")
_REFERS = re.compile(r"[:：]\s*\S*\d")
"""What stands before a colon and a number is whose number that is: the quote's to which an invoice goes back."""


def _named_by(text: str) -> tuple[float, DocumentKind] | None:
    letters = key("".join(char for char in text if not char.isdigit()))
    fitting = [
        (len(title) / len(letters), kind) for title, kind in _titles().items() if letters and letters.startswith(title)
    ]
    share, kind = max(fitting, default=(0.0, "other"), key=lambda found: found[0])
    return (share, kind) if share > 0.6 else None


def _by_contents(sheet: Sheet) -> DocumentKind | None:
    if any(prompts.is_prompt(cell.text) for cell in sheet.cells):
        return "other"
    bill = billing.kind([sheet])
    if bill is not None:
        return bill
    if billing.tells_surely(sheet, "invoice_number"):
        return "invoice"
    if letters.greets(sheet) or letters.signature(sheet):
        return "letter"
    priced = any(value.kind == "money" for cell in sheet.cells for value in cell.values)
    return (
        "receipt"
        if priced and any(billing.tells_surely(sheet, name) for name in ("receipt_number", "cash", "change"))
        else None
    )


BILLS: frozenset[DocumentKind | None] = frozenset(("invoice", "receipt", "reminder"))


def leading(sheets: Sequence[Sheet]) -> tuple[DocumentKind, list[int]]:
    """The document's kind, and the indices of the pages that belong to it: a bill goes before what came with it."""
    # A later page without a heading goes on with what came before.
    kinds = [kind_of(sheet) if index == 0 else _headed(sheet) for index, sheet in enumerate(sheets)]
    told = [kind for kind in kinds if kind is not None]
    chosen = next((kind for kind in told if kind in BILLS), told[0] if told else None)
    if chosen not in BILLS and len(sheets) > 1:
        # Its number may stand on one page and the total on another.
        chosen = billing.kind(sheets, headed=chosen is not None) or chosen
    if chosen is None or chosen not in kinds:
        return chosen or "other", list(range(len(sheets)))
    first = kinds.index(chosen)
    belonging = [
        index for index in range(len(sheets)) if kinds[index] == chosen or _goes_on(sheets, first, index, chosen)
    ]
    return chosen, belonging


def _goes_on(sheets: Sequence[Sheet], first: int, index: int, kind: DocumentKind) -> bool:
    """Whether a page follows those of the document without another document in between: a heading of its own, or
    somebody greeted, begins one."""
    between = sheets[first + 1 : index + 1]
    return index > first and all(_headed(sheet) in (None, kind) and not letters.greets(sheet) for sheet in between)
