"""Hours by days of the week, however a page sets them: Mo–Fr 9–18, Saturdays closed. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from inference.reader import lexicon
from inference.reader.axes import marks
from inference.reader.deeds import of_doors
from inference.reader.items.item import Item
from inference.reader.matching import coverage
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import fold

WEEK = 7

_TABLE = lexicon.table("tables")["week"]
_HOURS = re.compile("|".join(_TABLE["hours"]))
_TO = re.compile(rf"\s*(?:[-–—~]|{'|'.join(_TABLE['through'])})\s*")
_WITH = re.compile(rf"\.?\s*(?:[,&+/、]|{'|'.join(_TABLE['with'])})?\s*")
_STRETCH = re.compile(r"\d\s?(?:h|uhr|am|pm|时|点)?\s?\d{0,2}\s?(?:[-–—~]|to|bis|a|au|至|到)\s?\d")
"""From when to when."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """``days`` are those from 0 for Monday of which ``text`` tells the hours."""

    days: frozenset[int]
    name: str
    text: str
    cells: tuple[Cell, ...]
    over: str
    """The heading of the list."""


def of_day(sheets: Sequence[Sheet], question: Question) -> Item | None:
    """The hours of the day that the question names; or the day on which it is closed."""
    asked = _asked(question.text)
    if question.kind not in ("", "time", "date", "duration") or not asked:
        return None
    if question.kind == "" and not _HOURS.search(fold(question.text)):
        return None
    listed = [entry for sheet in sheets for entry in entries(sheet)]
    fitting = [entry for entry in listed if asked <= entry.days] or [entry for entry in listed if asked & entry.days]
    best = max(fitting, key=lambda entry: (round(_about(question, entry), 1), -len(entry.days)), default=None)
    return Item(best.text, 0.9, best.cells[-1], best.cells) if best else None


def without_days(question: Question) -> Question:
    """The question without the days that it names, which are no names of anybody."""
    return replace(question, terms=tuple(term for term in question.terms if not _asked(term.text)))


def _about(question: Question, entry: Entry) -> float:
    """How much of the question stands with the entry."""
    return (
        coverage(question.all_terms, [entry.over, *(cell.text for cell in entry.cells)]) if question.all_terms else 0.0
    )


def _asked(text: str) -> frozenset[int]:
    days = {int(mark.text.split()[1]) for mark in marks(text) if mark.sort == "day"}
    return frozenset(days or {day for start, end, days in _spans(text, "") for day in days})


def entries(sheet: Sheet) -> list[Entry]:
    """The hours by days that the page lists, in the language of whose days it has the most."""
    found = ([*_in(sheet, language)] for language in _short())
    return max(found, key=lambda listed: len({day for one in listed if len(one.days) < WEEK for day in one.days}))


def _in(sheet: Sheet, language: str) -> Iterator[Entry]:
    over = ""
    for row in sheet.rows:
        text = " · ".join(cell.text for cell in row)
        spans = _grouped(text, language)
        if not spans:
            over = text
        for number, (start, end, days) in enumerate(spans):
            stop = spans[number + 1][0] if number + 1 < len(spans) else len(text)
            told = text[end:stop].strip(" ·:：,;|.–-()（）")
            if told and (_STRETCH.search(fold(told)) or of_doors(told)):
                yield Entry(days, text[start:end], _hours(told), tuple(row), over)


def _hours(told: str) -> str:
    """The hours without what another column says beside them."""
    parts = [part.strip() for part in told.split(" · ")]
    kept = [part for part in parts if any(char.isdigit() for char in part) or of_doors(part)]
    return " · ".join(kept[: next((at for at, part in enumerate(kept) if len(part) > LONGEST), len(kept))] or parts[:1])


LONGEST = 40
"""Characters of hours; what is longer is a text that stands level with them."""

SHORT = 4
"""Letters of a day that is cut short, at most."""

Span = tuple[int, int, frozenset[int]]


def _grouped(text: str, language: str) -> list[Span]:
    """The days in the text, with those that stand together as one: Monday to Friday, Sat and Sun."""
    grouped: list[Span] = []
    for start, end, days in _spans(text, language):
        before = grouped[-1] if grouped else None
        between = fold(text[before[1] : start]).removeprefix(".") if before else ""
        if before and len(days) == 1 and _TO.fullmatch(between):
            first, last = max(before[2]), next(iter(days))
            first = _last_of(text, before, language)
            stretch = frozenset((first + step) % WEEK for step in range((last - first) % WEEK + 1))
            grouped[-1] = (before[0], end, before[2] | stretch)
        elif before and _WITH.fullmatch(between):
            grouped[-1] = (before[0], end, before[2] | days)
        else:
            grouped.append((start, end, days))
    return grouped


def _last_of(text: str, span: Span, language: str) -> int:
    """The day that the stretch of text names last."""
    return max(next(iter(days)) for start, _, days in _spans(text[: span[1]], language)[-1:] if start >= span[0])


def _spans(text: str, language: str) -> list[Span]:
    """Every day, short or in full, and words for several days."""
    flat = fold(text)
    found = [(m.start, m.end, frozenset({int(m.text.split()[1])})) for m in marks(text) if m.sort == "day"]
    for form, days in _several():
        found += [(match.start(), match.end(), days) for match in form.finditer(flat)]
    if language:
        form, short = _short()[language]
        found += [(match.start(), match.end(), frozenset({short[match[0]]})) for match in form.finditer(flat)]
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: (one[0], -one[1])):
        if (not kept or span[0] >= kept[-1][1]) and _is_day(text, span, kept):
            kept.append(span)
    return kept


def _is_day(text: str, span: Span, before: Sequence[Span]) -> bool:
    """Whether it is a word in full, or cut short with a capital, or joined to such a one before: Ven. et sam."""
    start, end, _ = span
    between = fold(text[before[-1][1] : start]).removeprefix(".").strip() if before else ""
    joined = between and (_TO.fullmatch(between) or _WITH.fullmatch(between))
    return end - start > SHORT or not text[start:end].isascii() or text[start].isupper() or bool(joined)


@cache
def _several() -> tuple[tuple[re.Pattern[str], frozenset[int]], ...]:
    weeks = (("weekend", (5, 6)), ("workdays", range(5)), ("daily", range(WEEK)))
    return tuple(
        (re.compile(rf"(?<![a-z])(?:{'|'.join(_TABLE[name])})(?![a-z])"), frozenset(days)) for name, days in weeks
    )


@cache
def _short() -> dict[str, tuple[re.Pattern[str], dict[str, int]]]:
    """For each language how its days are cut short, and which they are."""
    found = {}
    for language, lines in lexicon.table("axes")["short"].items():
        names = {
            name: day for day, line in enumerate(lines) for name in line.split() if name.isascii() and len(name) > 1
        }
        form = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(names, key=len, reverse=True)) or '(?!)'})(?![a-z])")
        found[language] = (form, names)
    return found
