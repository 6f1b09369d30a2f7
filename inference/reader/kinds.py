"""What kind of document a page belongs to, by its heading, else by what stands on it. Pure."""

from collections.abc import Iterator, Sequence
from functools import cache

from inference.extraction import DOCUMENT_KINDS, DocumentKind
from inference.reader import lexicon, parties, prompts
from inference.reader.sheet import Cell, Sheet
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
    headed = max(_headings(sheet), key=lambda found: found[0], default=None)
    return headed[1] if headed else _by_contents(sheet)


def _headings(sheet: Sheet) -> Iterator[tuple[float, DocumentKind]]:
    """Kinds that lines of the page name, with how much each looks like a heading: large, high up, alone."""
    for cell in sheet.cells:
        named = _named(cell)
        high = 1 - cell.box.middle / max(1, sheet.page.height)
        tall = cell.box.height / max(1.0, sheet.page.text_height)
        if named and (high > 0.6 or tall > TALL):
            share, kind = named
            yield min(tall, 3.0) + high + share, kind


def _named(cell: Cell) -> tuple[float, DocumentKind] | None:
    """The kind that the line names, and which share of its letters does so; the rest may be a number or a year."""
    text = key("".join(char for char in cell.text if not char.isdigit()))
    if not text or len(cell.text) > LONGEST_TITLE:
        return None
    fitting = [(len(title) / len(text), kind) for title, kind in _titles().items() if text.startswith(title)]
    share, kind = max(fitting, default=(0.0, "other"), key=lambda found: found[0])
    return (share, kind) if share > 0.6 else None


def _by_contents(sheet: Sheet) -> DocumentKind | None:
    if any(prompts.is_prompt(cell.text) for cell in sheet.cells):
        return "other"
    if _labels(sheet, "invoice_number"):
        return "invoice"
    if parties.salutation(sheet) or parties.signature(sheet):
        return "letter"
    if _labels(sheet, "receipt_number") or any(_labels(sheet, concept) for concept in ("cash", "change")):
        return "receipt"
    return None


def _labels(sheet: Sheet, concept: str) -> bool:
    return any(label.concept == concept and label.weight > 0.9 for cell in sheet.cells for label in cell.labels)


BILLS: frozenset[DocumentKind | None] = frozenset(("invoice", "receipt", "reminder"))


def leading(sheets: Sequence[Sheet]) -> tuple[DocumentKind, list[int]]:
    """The document's kind, and the indices of the pages that belong to it: a bill goes before what came with it."""
    kinds = [kind_of(sheet) for sheet in sheets]
    told = [kind for kind in kinds if kind is not None]
    chosen = next((kind for kind in told if kind in BILLS), told[0] if told else None)
    if chosen is None:
        return "other", list(range(len(sheets)))
    first = kinds.index(chosen)
    belonging = [index for index in range(len(sheets)) if kinds[index] == chosen or _goes_on(kinds, first, index)]
    return chosen, belonging


def _goes_on(kinds: Sequence[DocumentKind | None], first: int, index: int) -> bool:
    """Whether a page without a heading follows those of the document without another in between."""
    return index > first and all(kind in (None, kinds[first]) for kind in kinds[first : index + 1])
