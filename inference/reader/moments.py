"""A day and an hour that stand together are one moment, and a stretch of days has two ends. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from inference.reader.findings import Finding
from inference.reader.lexicon import alternatives
from inference.reader.page import Line
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import Value, values
from inference.reader.words import fold

_JOINT = re.compile(rf"[\s,·|/-]*(?:{alternatives('hour_joint')})?[\s,]*")
"""What may stand between a day and its hour."""

_TO = re.compile(rf"\s*(?:[-–—~]|{alternatives('stretch')})\s*(?:\w{{1,3}}\s)?\s*")
"""What stands between the first and the last day of a stretch."""

_UNTIL = re.compile(alternatives("asks_until"))
_BOTH = re.compile(alternatives("asks_from_until"))
_FROM = re.compile(alternatives("asks_from"))


def in_full(sheets: Sequence[Sheet], question: Question, found: Finding) -> Finding:
    """The finding with the hour beside its day if When is asked, and the last day of a stretch if Until when."""
    if question.kind not in ("date", "time", "") or not found.value:
        return found
    kinds = {value.kind for value in values(found.value) if value.text == found.value}
    if not kinds & {"date", "time"}:
        return found
    cell = _cell(sheets[found.page], found.lines, found.value)
    if cell is None:
        return found
    if _UNTIL.search(fold(question.text)) and not _BOTH.search(fold(question.text)):
        return _last(cell, found)
    if "time" in kinds and question.kind == "time" and not _FROM.search(fold(question.text)):
        return _whole(cell, found)
    return _with_hour(sheets[found.page], cell, found) if question.kind == "date" else found


def _cell(sheet: Sheet, lines: Sequence[Line], value: str) -> Cell | None:
    """The quoted cell that holds the value."""
    return next((cell for cell in sheet.cells if value in cell.text and any(cell.line is one for one in lines)), None)


def _stretches(cell: Cell) -> Iterator[tuple[Value, Value]]:
    """The first and the last day, or hour, of each stretch that the cell tells."""
    for kind in ("date", "time"):
        told = [value for value in cell.values if value.kind == kind]
        for first, last in pairwise(told):
            if _TO.fullmatch(fold(cell.text[first.end : last.start])):
                yield first, last


def _last(cell: Cell, found: Finding) -> Finding:
    ends = (last for first, last in _stretches(cell) if first.text == found.value)
    return next((replace(found, value=last.text) for last in ends), found)


def _whole(cell: Cell, found: Finding) -> Finding:
    """From when to when, as what time something is has no one hour."""
    told = (cell.text[first.start : last.end] for first, last in _stretches(cell) if first.text == found.value)
    return next((replace(found, value=text) for text in told), found)


def _with_hour(sheet: Sheet, cell: Cell, found: Finding) -> Finding:
    """The day and the hour that follows it in the same row, or the hour with the day before it."""
    row = sheet.rows[cell.row]
    near = row[max(0, cell.column - 1) : cell.column + 2]
    text, marks = "", list[Value]()
    for one in near:
        start = len(text)
        marks += [replace(v, start=v.start + start, end=v.end + start) for v in values(one.text)]
        text += one.text + "  "
    days = [value for value in marks if value.kind == "date"]
    hours = [value for value in marks if value.kind == "time"]
    for day in days:
        for hour in hours:
            beside = day.end <= hour.start and _JOINT.fullmatch(fold(text[day.end : hour.start]))
            if beside and found.value in (day.text, hour.text):
                whole = " ".join(text[day.start : hour.end].split())
                return replace(found, value=whole, line=found.line if whole in found.line else _quoted(near))
    return found


def _quoted(cells: Sequence[Cell]) -> str:
    return " · ".join(cell.text for cell in cells)
