"""From a concept to its value on the pages: every label that names it, what stands beside, the best fit first. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inference.reader.lexicon import Label, concept, table
from inference.reader.links import Link, links
from inference.reader.passages import is_prose
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value, is_measure
from inference.reader.words import is_han, words

TEXTUAL = frozenset({"name", "text", "address", "title"})
"""Kinds whose value is whatever stands in the place."""

SUMS = frozenset({"total", "subtotal", "tax", "amount_due"})
"""Of a whole document, not of a row."""

PLACES = frozenset(
    {"room", "seat", "seat_row", "gate", "platform", "coach", "table_number", "till", "pump", "queue_number"}
)
"""Told by a number however short, or a letter."""

GOOD = 0.5
"""A field that scores less is no better than a guess."""

_CODE_RUN = re.compile(r"[A-Z0-9][A-Z0-9./_-]*(?: [A-Z0-9][A-Z0-9./_-]*){0,4}")
_NUMBER_SIGN = re.compile(
    r"^(?:n\s?[°º˚]|nr|no|num|número|numéro|number|nummer|#|№)[.:\s]*\s*(?=[A-Z\d])", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[a-z\d)])[.;](?:\s|$)|\s{2,}|[·|•，。；]|, (?=[A-Z])")


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A value with the label that says what it is. ``score`` is from 0 to 1."""

    concept: str
    kind: str
    text: str
    score: float
    cell: Cell
    label: Cell
    relation: str
    value: Value | None = None
    line: str = ""
    """What to quote, if it is not the cells from the label to the value."""

    @property
    def number(self) -> Decimal | None:
        return self.value.number if self.value else None


def fields(sheets: Sequence[Sheet], name: str) -> list[Field]:
    """All values of the concept, the best first."""
    found = [field for sheet in sheets for field in _on_sheet(sheet, name)]
    return sorted(found, key=lambda field: -field.score)


def _on_sheet(sheet: Sheet, name: str) -> Iterator[Field]:
    for cell in sheet.cells:
        for label in cell.labels:
            if label.concept == name:
                yield from _of_label(sheet, cell, label)


def _of_label(sheet: Sheet, cell: Cell, label: Label) -> Iterator[Field]:
    """At most one field for each place that holds a fitting value."""
    standing = label.weight * _standing(cell, label)
    for link in links(sheet, cell, label.start, label.end):
        for rank, kind in enumerate(concept(label.concept).kinds):
            field = _fitting(sheet, link, label, kind)
            if field is not None:
                score = field.score * standing * link.strength * (0.9**rank) * (0.5 + 0.5 * link.cell.line.score)
                score *= 0.6 if label.concept in SUMS and _names_column(sheet, link) else 1.0
                yield replace(field, score=score)
                break


def _names_column(sheet: Sheet, link: Link) -> bool:
    """Whether the label heads a column of several rows, each with a value of its own."""
    table = sheet.table_of(link.label.row)
    below = link.relation == "below" and table is not None
    return below and table is not None and table.head <= link.label.row < table.body < table.last


def _standing(cell: Cell, label: Label) -> float:
    """A label that opens its cell is one; in the midst of a sentence it may be a mere word."""
    before = cell.text[: label.start].strip(" (*-•·")
    if re.fullmatch(r"\d+[a-z]?,?", before) and label.concept in ("room", "place", "address"):
        # The number of a house: 2, place de l'Église.
        return 0.5
    if all(word.text in _WHOSE for word in words(before)) and len(before) < 12:
        return 1.0
    if not before or before[-1:] in ":.;,|·)、，。：；":
        return 1.0
    if cell.text[label.end :].lstrip()[:1] in (":", "："):
        return 0.97
    if label.weight < 0.9 and before[-1:].isalpha() and len(cell.text) < 30:
        return 0.6
    return 0.9 if len(before) < 12 else 0.8


_WHOSE = frozenset(table("patterns")["whose"])
"""What may stand before a label and change nothing."""


def _fitting(sheet: Sheet, link: Link, label: Label, kind: str) -> Field | None:
    """The first value of the kind in the place, less sure if another label stands nearer to it."""
    if kind in TEXTUAL:
        return _textual(link, label, kind)
    if kind == "code":
        return _code(link, label)
    for value in _in_order(link, kind):
        quality = 0.0 if _is_phone(link.cell, value, kind) else _quality(value, kind)
        if quality:
            score = quality * _uncontested(sheet, link, label, value, kind)
            return Field(label.concept, kind, value.text, score, link.cell, link.label, link.relation, value)
    return None


def _is_phone(cell: Cell, value: Value, kind: str) -> bool:
    """Whether what looks like an account is the number that a word such as telephone stands before."""
    return kind == "account" and any(
        label.concept in ("phone", "fax") and label.end <= value.start for label in cell.labels
    )


def _in_order(link: Link, kind: str) -> list[Value]:
    wanted = ("money", "number") if kind == "money" else (kind,)
    inside = [v for v in link.cell.values if v.kind in wanted and v.start >= link.start and v.end <= link.end]
    inside = [v for v in inside if kind != "money" or not is_measure(v, link.cell.values)]
    inside.sort(key=lambda value: (value.kind != kind, value.start))
    return inside[::-1] if link.relation == "before" else inside


def _quality(value: Value, kind: str) -> float:
    if kind == "money" and value.kind == "number":
        return 0.6
    return 1.0 if value.sure else 0.9


def _uncontested(sheet: Sheet, link: Link, label: Label, value: Value, kind: str) -> float:
    """Less than 1 where a label of another concept that takes such values stands between."""
    own = (label.start, label.end)
    between: list[Label] = []
    if link.cell is link.label:
        low, high = sorted((label.end, value.start)) if link.relation == "after" else (value.end, label.start)
        between = [other for other in link.cell.labels if low <= other.start and other.end <= high]
    else:
        between = [other for other in link.cell.labels if other.end <= value.start]
        between += [other for other in link.label.labels if other.start >= label.end]
        if link.relation == "right":
            for cell in sheet.rows[link.cell.row][: link.cell.column]:
                between += cell.labels if cell is not link.label else ()
    rivals = [
        o
        for o in between
        if (o.start, o.end) != own and o.concept != label.concept and kind in concept(o.concept).kinds
    ]
    return 0.55 if any(rival.weight > 0.7 for rival in rivals) else 0.8 if rivals else 1.0


def _textual(link: Link, label: Label, kind: str) -> Field | None:
    text = link.text
    if link.relation in ("before", "left", "above") or _runs_on(link.label.text, label):
        return None
    following = [
        other.start - link.start for other in link.cell.labels if other.start > link.start and other.weight > 0.9
    ]
    if link.relation == "after" and not _separated(link, label):
        return None
    stop = min([at for at in following if _opens_part(text, at)], default=len(text))
    text = text[:stop].strip(" ,;|·:：-")
    if not text or _is_label(link) or link.text.rstrip().endswith((":", "：")):
        return None
    if kind == "name" and (_holds_no_name(link, text) or is_prose(text) or _goes_on(link, label)):
        return None
    return Field(label.concept, kind, text, 0.9, link.cell, link.label, link.relation)


def _runs_on(text: str, label: Label) -> bool:
    """Whether a Chinese sentence goes through the word, which is no label then: 停用期间请走楼梯."""
    return is_han(text[: label.start][-1:]) and is_han(text[label.end : label.end + 1])


def _goes_on(link: Link, label: Label) -> bool:
    """Whether a Chinese sentence goes on behind the word, with nothing between and no name of a person."""
    within = link.relation == "after" and label.start > 0 and link.start == label.end
    return within and is_han(link.text[:1]) and link.text[0] not in table("affairs")["surnames"]


def _holds_no_name(link: Link, text: str) -> bool:
    """Whether a day, a telephone number or a bare address stands in the text; a mailbox behind a name may."""
    inside = [v for v in link.cell.values if v.start >= link.start and v.end <= link.start + len(text) + 2]
    return any(v.kind in ("phone", "date") for v in inside) or any(
        v.kind == "email" and link.cell.text[v.start - 1 : v.start] != "<" for v in inside
    )


def _separated(link: Link, label: Label) -> bool:
    """Text behind a label belongs to it if a colon, a dash or nothing but a capital stands between."""
    between = link.cell.text[label.end : link.start]
    return (
        any(char in between for char in ":：=-–—")
        or link.text[:1].isupper()
        or link.text[:1].isdigit()
        or is_han(link.text[:1])
    )


def _opens_part(text: str, at: int) -> bool:
    return text[:at].rstrip()[-1:] in ",;|·.，；" or text[at - 2 : at] == "  " or text[at : at + 9].find("：") > 0


def _is_label(link: Link) -> bool:
    """Whether nothing but labels stands in the place."""
    covered = sum(
        len(range(max(label.start, link.start), min(label.end, link.end)))
        for label in _distinct(link.cell.labels)
        if label.weight > 0.9
    )
    return covered >= 0.8 * len(link.text.strip(" :："))


def _distinct(found: Sequence[Label]) -> list[Label]:
    spans: dict[tuple[int, int], Label] = {}
    for label in found:
        spans.setdefault((label.start, label.end), label)
    return list(spans.values())


def _code(link: Link, label: Label) -> Field | None:
    """A number or mark: what directly follows in the text, or a short cell as a whole."""
    if link.relation in ("before", "left", "above"):
        return None
    text = without_sign(link.text.strip())
    part = _SENTENCE_END.split(text, maxsplit=1)[0].strip(" :：.,;")
    run = _CODE_RUN.match(part)
    if run is None or not any(char.isdigit() for char in run[0]):
        return _letters(link, label, part)
    whole = run.end() == len(part)
    found = part if whole else _without_words(run[0])
    if not found:
        return None
    dated = any(v.kind in ("date", "money", "time") and v.sure and v.text in found for v in link.cell.values)
    # A sort code looks like a day: 20-11-44.
    dated = dated and label.concept != "sort_code"
    signed = link.relation == "after" and _signed(link.cell.text[label.start : link.start + len(link.text) - len(text)])
    short = len(found) < 3 and label.concept not in PLACES and not signed
    score = 0.3 if dated else 0.5 if short else 1.0 if whole else 0.9
    return Field(label.concept, "code", found, score, link.cell, link.label, link.relation)


def without_sign(text: str) -> str:
    """The number without a word or sign for number before it: No. 4471."""
    return _NUMBER_SIGN.sub("", text)


def _signed(between: str) -> bool:
    """Whether a colon or a sign for number says that the mark is the label's however short: Order #86."""
    return bool(re.search(r"[:：#№°]|\bno?r?\.\s*$", between, re.IGNORECASE))


def _without_words(run: str) -> str:
    """The run up to its last part with a digit: ``PO 7781 DATED`` is ``PO 7781``."""
    parts = run.split(" ")
    while parts and not any(char.isdigit() for char in parts[-1]) and len(parts[-1].strip(".")) > 1:
        parts.pop()
    return " ".join(parts).strip(".")


def _letters(link: Link, label: Label, part: str) -> Field | None:
    """A mark without a digit, such as a booking code; only right behind a colon or alone in its cell. A letter is that
    of a coach or a gate."""
    lone = re.match(r"[A-Z](?=$|,|\s+[A-Z\d(])", part)
    if lone and label.concept in PLACES:
        return Field(label.concept, "code", lone[0], 0.97, link.cell, link.label, link.relation)
    if re.fullmatch(r"[A-Z]{4,11}(?:-[A-Z]{2,6})*", part) and not _is_label(link):
        return Field(label.concept, "code", part, 0.7, link.cell, link.label, link.relation)
    return None
