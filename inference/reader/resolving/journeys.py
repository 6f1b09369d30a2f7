"""Where a journey goes and when, on a ticket that has no words for that: two stations with their hours. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inference.reader.fields import Field
from inference.reader.questions import Question
from inference.reader.resolving.labelled import by_label, from_cell
from inference.reader.sheet import Cell, Sheet

_PLACE = r"[A-ZÀ-Þ\u4e00-\u9fff][\w .'’()\-/]{1,30}"
_ROUTE = re.compile(rf"(?P<origin>{_PLACE}?)\s*(?:>+|→|➔|->|–>|—>|⇒|=>)\s*(?P<destination>{_PLACE})")
_TWO_HOURS = re.compile(r"\s*(?:>+|→|➔|->|[-–—])\s*")
LONGEST = 34
"""Characters of the name of a station."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stop:
    """A station, the hour beside it and where both stand."""

    name: str
    hour: str
    cell: Cell
    timed: Cell


def hour(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or the hour beside the first or the last of two stations, or the first or last of two hours."""
    labelled = by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    last = name == "arrival"
    for sheet in sheets:
        stops = _stops(sheet)
        if stops:
            stop = stops[-1 if last else 0]
            return from_cell(stop.timed, stop.hour, name, 0.7, line=sheet.row_text(stop.cell.row))
        for cell in sheet.cells:
            hours = [value for value in cell.values if value.kind == "time"]
            if len(hours) == 2 and _TWO_HOURS.fullmatch(cell.text[hours[0].end : hours[1].start]) and _is_ticket(sheet):
                return from_cell(cell, hours[-1 if last else 0].text, name, 0.65)
    return None


def place(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """Labelled, or before or behind an arrow, or the first or the last of two stations."""
    labelled = by_label(sheets, name, question)
    if labelled is not None:
        return labelled
    for sheet in sheets:
        for cell in sheet.cells:
            route = _ROUTE.search(cell.text)
            if route:
                return from_cell(cell, route[name].strip(), name, 0.7)
        stops = _stops(sheet)
        if stops:
            stop = stops[-1 if name == "destination" else 0]
            return from_cell(stop.cell, stop.name, name, 0.7, line=sheet.row_text(stop.cell.row))
    return None


def _stops(sheet: Sheet) -> list[_Stop]:
    """Two rows, one below the other, of a name and an hour; more are a timetable."""
    found = [stop for row in sheet.rows if (stop := _stop(row))]
    near = len(found) == 2 and found[1].cell.row - found[0].cell.row < 4
    return found if near and _is_ticket(sheet) else []


def _stop(row: Sequence[Cell]) -> _Stop | None:
    """A row of a name alone and an hour alone, in whatever order, with a day beside it perhaps."""
    timed = [cell for cell in row if cell.is_figure and any(value.kind == "time" for value in cell.values)]
    named = [cell for cell in row if not cell.values and not cell.labels and any(map(str.isalpha, cell.text))]
    if len(timed) != 1 or len(named) != 1 or len(row) > 3 or len(named[0].text) > LONGEST or ":" in named[0].text:
        return None
    value = next(value for value in timed[0].values if value.kind == "time")
    return _Stop(named[0].text, value.text, named[0], timed[0])


def _is_ticket(sheet: Sheet) -> bool:
    return any(label.concept in TICKET for cell in sheet.cells for label in cell.labels)


TICKET = frozenset({"seat", "coach", "platform", "booking_number", "fare", "destination", "origin", "gate"})
"""What tickets for a journey tell besides."""
