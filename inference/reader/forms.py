"""Rows that are no head of a table: labels with their values, side by side. Pure."""

import re
from collections.abc import Sequence
from typing import Protocol

from inference.reader.dates import WEEKDAYS, month_number
from inference.reader.lexicon import Label
from inference.reader.words import fold

YEAR_OR_QUARTER = re.compile(
    r"(?<!\S)(?:(?:19|20)\d{2}(?:[/-](?:19|20)?\d{2})?|[A-Za-z]{1,2}\d{1,2}"
    r"|[1-4](?:[TQSH]|\.?\s?(?:er|º|°|e)?\.?\s?(?:[Tt]rim|[Ss]em|[Qq]uart|[Hh]alb)\w*\.?))(?!\S)"
)


class Labelled(Protocol):
    """A cell, as far as this needs it."""

    @property
    def text(self) -> str: ...

    @property
    def labels(self) -> tuple[Label, ...]: ...


_ANSWERED = re.compile(r"\w\s?[:：]\s*\w|\b[Nn](?:[o°º]|r|ro)\.?\s?\S*\d")
"""A label with its value behind a colon or a word for number, which names no column."""


def is_form(row: Sequence[Labelled], below: Sequence[Labelled]) -> bool:
    """Whether labels stand there with their values: Row 8, Seat 15; From, Leeds, To, Carlisle, with such below."""
    answered = sum(bool(_ANSWERED.search(cell.text)) for cell in row)
    if 2 * answered >= len(row) or _tell_apart(row):
        # Customer: 4471, beside Invoice no. 12.
        return True
    firsts = [_first_label(cell) for cell in row]
    if len(row) == 2 and all(firsts):
        told = all(_NUMBERED.match(cell.text, first.end) for cell, first in zip(row, firsts, strict=True) if first)
        return told and len({first.concept for first in firsts if first}) == 2
    return len(row) == 4 and _alternates(row) and _alternates(below)


_NAMED_FIGURE = re.compile(
    r"(?P<name>[^\W\d][^\d:]{0,28}?)[\s:#]+(?P<figure>[£$€¥]?(?:[A-Z]{0,3}-?\d[\w.,:/-]*(?:\s?€)?|[A-Z]))"
)


def _tell_apart(row: Sequence[Labelled]) -> bool:
    """Whether each cell is a name of its own with a figure of its own behind it: Adult 1, Child 0; Dep 9:30, Arr 11:24.
    Days, years and quarters name columns, and so do Week 1, Week 2."""
    told = [match for cell in row if (match := _NAMED_FIGURE.fullmatch(cell.text.strip()))]
    apart = len({match["name"].casefold() for match in told}) == len({match["figure"] for match in told}) == len(row)
    days = any(_is_time(match["name"]) or _PERIOD.fullmatch(match["figure"]) for match in told)
    return apart and len(row) < 4 and not days


def _is_time(name: str) -> bool:
    """Whether it is a weekday or a month, short or in full."""
    spelled = fold(name).strip(" .,")
    days = (day for names in WEEKDAYS for day in names.split())
    return month_number(spelled) is not None or (len(spelled) > 1 and any(day.startswith(spelled) for day in days))


_PERIOD = re.compile(r"(?:19|20)\d\d|[QTHS][1-4]")

_NUMBERED = re.compile(r"[\s:：.#°]*\d[\w-]*$")


def _first_label(cell: Labelled) -> Label | None:
    """The longest label that opens the cell."""
    return max((label for label in cell.labels if label.start == 0), key=lambda label: label.end, default=None)


def _alternates(row: Sequence[Labelled]) -> bool:
    """Whether every other cell is a label and nothing else, from the first one on."""
    labels = [(first := _first_label(cell)) is not None and not cell.text[first.end :].strip(" :：.") for cell in row]
    return len(row) % 2 == 0 and all(labels[::2]) and not any(labels[1::2])
