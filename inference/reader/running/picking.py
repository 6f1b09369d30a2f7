"""Which value of a sentence answers: the nearest of its kind to what the question names. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from inference.reader import lexicon
from inference.reader.dates import WEEKDAYS
from inference.reader.deeds import Place
from inference.reader.items.roles import name_near
from inference.reader.items.statements import nearest_firm
from inference.reader.running.asked import NUMBERS, ROLES
from inference.reader.values import Value, values
from inference.reader.words import fold, is_han, words

_TABLE = lexicon.table("running")
_PIECES = re.compile(r"[;；。!?]|[,，、](?!\d)|\s[-–—]\s|\b(?:and|und|et|y|but|aber|mais|pero|sowie|while)\b")
"""What sets apart the parts of a sentence that tell of different things."""

APART = 30
"""Characters that count for each such part between a value and the words."""

BESIDE = 12
"""Characters between a number and what it counts, at most."""


def pick(
    text: str, kind: str, spots: Sequence[Place], role: str, said: str = "", *, beside: bool = False
) -> tuple[str, float]:
    """The value of the kind and how well it fits; empty if there is none. ``spots`` are where what is asked about
    stands, ``role`` which of several times is wanted, ``said`` what the question says itself, ``beside`` that a count
    must stand right beside what it counts."""
    found = [value for value in _of_kind(text, kind) if value.text not in said]
    unit = _unit(said) if kind == "duration" else None
    found = [value for value in found if unit is None or unit.search(fold(value.text))]
    if kind == "duration" and not _asks_beforehand(said):
        found = [value for value in found if not _BEFOREHAND.match(fold(text[value.end :]))]
    if not found:
        return "", 0.0
    told = {id(value): roles(text, value) for value in found}
    wanted = [value for value in found if role in told[id(value)]] if role else found
    if not role and kind in ("date", "time"):
        # When something is has nothing to do with until when something else is to be done.
        wanted = [value for value in found if "deadline" not in told[id(value)]] or found
    near = min(wanted or found, key=lambda value: _apart(text, value, spots))
    if kind in ("count", "duration") and beside and _apart(text, near, spots) > BESIDE:
        return "", 0.0
    if kind in NUMBERS[1:] and _apart(text, near, spots) > 2 * BESIDE:
        return "", 0.0
    fit = 1.1 if role and wanted else 0.85 if role and kind in ("date", "time") else 1.0
    if not role and kind == "date" and "deadline" in told[id(near)]:
        fit = 0.9
    whole = near if role in ("from", "until") else _stretch(text, near, found)
    return whole.text, fit


def _of_kind(text: str, kind: str) -> Iterator[Value]:
    if kind in _MADE:
        yield from _MADE[kind](text)
        return
    for value in values(text):
        often = kind == "duration" and _OFTEN.search(fold(text[: value.start]))
        if value.kind == kind and not often and (kind != "number" or not _is_part(value, text)):
            yield value


_OFTEN = re.compile(rf"{lexicon.alternatives('often', 'running')}\s*$")


def _is_part(number: Value, text: str) -> bool:
    """Whether the figure is part of a date, a time, a sum or a number to ring."""
    others = (one for one in values(text) if one.kind in ("date", "time", "money", "phone", "percent", "iban"))
    return any(one.start <= number.start and number.end <= one.end for one in others)


def _counts(text: str) -> Iterator[Value]:
    """Figures and number words that count something."""
    for value in values(text):
        if value.kind == "number" and not _is_part(value, text) and not _YEAR.fullmatch(value.text):
            yield replace(value, kind="count")
    for match in _number_words().finditer(fold(text)):
        yield Value("count", text[match.start() : match.end()], match.start(), match.end())


def _spans(text: str) -> Iterator[Value]:
    """Stretches of time at whose end something is to be: within five days."""
    flat = fold(text)
    for value in values(text):
        if value.kind == "duration" and (_WITHIN.search(flat[: value.start]) or _LATER.match(flat[value.end :])):
            yield value


_SPANS = _TABLE["spans"]
_WITHIN = re.compile(
    rf"(?:\b(?:{'|'.join(_SPANS['before'])})\s(?:(?:the|of|about|etwa|ca\.|environ|next|les|den|prochains)\s)*"
    rf"|(?:{'|'.join(_SPANS['before_han'])}))$"
)
_LATER = re.compile(rf"\s(?:{'|'.join(_SPANS['behind'])})\b|(?:{'|'.join(_SPANS['behind_han'])})")


def _monthly(text: str) -> Iterator[Value]:
    """Days of each month: the 28th."""
    for match in _EACH_MONTH.finditer(fold(text)):
        yield Value("monthly", text[match.start() : match.end()], match.start(), match.end())


_EACH_MONTH = re.compile(rf"\b(?:{'|'.join(_TABLE['monthly'])})(?!\w)|{'|'.join(_TABLE['monthly_han'])}")


@cache
def _units() -> tuple[re.Pattern[str], ...]:
    lines = _TABLE["units_of_time"]
    return tuple(
        re.compile("|".join(name if is_han(name) else rf"\b{name}\b" for name in line.split())) for line in lines
    )


def _unit(question: str) -> re.Pattern[str] | None:
    """The unit of time that the question counts: For how many years?"""
    flat = fold(question)
    return next((unit for unit in _units() if unit.search(flat)), None)


def _weekdays(text: str) -> Iterator[Value]:
    """Days of the week without a date, with the time of day behind them: Friday noon."""
    days = [value for value in values(text) if value.kind == "date"]
    for match in _WEEKDAY.finditer(fold(text)):
        if not any(day.start <= match.start() < day.end for day in days):
            yield Value("weekday", text[match.start() : match.end()], match.start(), match.end())


_NAMES = "|".join(
    rf"\b{day}s?\b" if day.isascii() else day
    for days in WEEKDAYS
    for day in days.split()
    if len(day) > 4 or not day.isascii()
)
_WEEKDAY = re.compile(rf"(?:{_NAMES})(?: (?:{'|'.join(_TABLE['part_of_day'])})\b)?")
_BEFOREHAND = lexicon.expression("running", "beforehand")


def is_beforehand(question: str, line: str, value: str) -> bool:
    """Whether a stretch of time is how long before or after another thing, which the question does not ask."""
    at = line.find(value)
    behind = fold(line[at + len(value) :]) if value and at >= 0 else ""
    return bool(_BEFOREHAND.match(behind)) and not _asks_beforehand(question)


def _asks_beforehand(question: str) -> bool:
    told = _TABLE["asks_beforehand"].split()
    return any(part.text in told for part in words(question)) or any(is_han(w) and w in question for w in told)


_MADE = {"count": _counts, "span": _spans, "monthly": _monthly, "weekday": _weekdays}
"""Kinds of values that only running text has."""


_YEAR = re.compile(r"(?:19|20)\d\d")


@cache
def _number_words() -> re.Pattern[str]:
    table = _TABLE["numbers"]
    return re.compile(rf"\b(?:{'|'.join(table['words'].split())})\b(?! (?:of|von|de)\b)|{table['han']}")


def _apart(text: str, value: Value, spots: Sequence[Place]) -> float:
    """How far the value is from the nearest words, more so where other parts of the sentence stand between."""
    return min((_between(text, value, spot) for spot in spots), default=value.start)


def _between(text: str, value: Value, spot: Place) -> float:
    start, end = spot
    if value.start >= end:
        return value.start - end + APART * len(_PIECES.findall(text[end : value.start]))
    return 5 + 1.2 * max(0, start - value.end) + APART * len(_PIECES.findall(text[value.end : start]))


@lru_cache(maxsize=4096)
def roles(text: str, value: Value) -> frozenset[str]:
    """What the text says of the time: that it is a deadline, the first or the last."""
    before, behind = fold(text[: value.start])[-40:], fold(text[value.end :])[:20]
    return frozenset(name for name in ROLES if _told_before(name).search(before) or _told_behind(name).match(behind))


@cache
def _told_before(name: str) -> re.Pattern[str]:
    said = _TABLE["times"][name]
    day = r"(?:(?:the|den|dem|le|el|dia|las?|on|am|um|at)\s)*"
    return re.compile(rf"(?:\b(?:{'|'.join(said['tells'])})\s*{day}|(?:{'|'.join(said['tells_han'])})\s*)$")


@cache
def _told_behind(name: str) -> re.Pattern[str]:
    said = _TABLE["times"][name]
    return re.compile("|".join((*said["behind"], *said["behind_han"])) or r"(?!)")


_TO = re.compile(
    rf"\s*(?:uhr|h|hrs)?\s*(?:[-–—~～至到]|(?:{'|'.join(_TABLE['to'])})(?: (?:{'|'.join(_TABLE['about'])}))*)\s*"
)
_FIRST_DAY = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?)(?: (?:de )?[a-zà-ÿ]{3,9})?\s*"
    rf"(?:[-–—]|{'|'.join(_TABLE['to'])})\s*(?:(?:the|zum|el) )?$"
)


def _stretch(text: str, value: Value, found: Sequence[Value]) -> Value:
    """From the first to the last of two days or hours, of which the value is one."""
    for other in found:
        first, last = sorted((value, other), key=lambda one: one.start)
        if first is not last and first.end <= last.start and _TO.fullmatch(fold(text[first.end : last.start])):
            return replace(value, text=text[first.start : last.end], start=first.start, end=last.end)
    if value.kind == "date" and (opening := _FIRST_DAY.search(fold(text[: value.start]))):
        return replace(value, text=text[opening.start() : value.end], start=opening.start())
    return value


def person(text: str, spots: Sequence[Place]) -> str:
    """The name nearest to the words; or else the one word before a number to ring, or whoever does it."""
    near = [name_near(text, spot) for spot in spots]
    name = min(near, key=lambda pair: pair[1], default=("", 0))[0]
    if name:
        return name
    found = [m for form in (_BEFORE_PHONE, _AGENT, *_PEOPLE_HAN) for m in form.finditer(text) if _who(m)]
    best = min(found, key=lambda match: min(_gap(match, spot) for spot in spots), default=None)
    return _who(best) if best else ""


def firm(text: str, spots: Sequence[Place]) -> str:
    """The name of a company nearest to the words."""
    found = [m for form in _FIRMS_HAN for m in form.finditer(text)] if is_han(text) else []
    best = min(found, key=lambda match: min(_gap(match, spot) for spot in spots), default=None)
    return _who(best) if best else nearest_firm(text, spots)


def _gap(match: re.Match[str], spot: Place) -> int:
    return max(0, match.start() - spot[1], spot[0] - match.end())


_PEOPLE_HAN = tuple(map(re.compile, _TABLE["person_han"]))
_FIRMS_HAN = tuple(map(re.compile, _TABLE["firm_han"]))

_BEFORE_PHONE = re.compile(
    r"([A-ZÀ-Þ][a-zà-ÿ]{2,})(?:,? (?:on|at|unter|au|al|en el)\b| \(|,)[ (]*(?:Tel\.? ?|Telefon )?\+?\d[\d ]{2}"
)
_AGENT = re.compile(
    rf"\b(?:{'|'.join(_TABLE['agent'])}) ((?:{'|'.join(_TABLE['articles'])}) ?"
    rf"(?:[\w'’-]+)(?: (?:of|de|du|des|del|de la|von|der)? ?[A-ZÀ-Þ][\w'’-]+)*)"
    rf"|(?:{'|'.join(_TABLE['agent_han'])})([\u4e00-\u9fff]{{2,10}}?)(?=[负主承组进提统安，。])"
)


def _who(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), "").strip(" ,.")
