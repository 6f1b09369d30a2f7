"""What a message that asks for a check of its channel, or of its files, wants to have looked at. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from bot.checks import values

_CHANNEL = r"(?:this|the|diesen|den|ce|cette|este)\s+(?:whole\s+|entire\s+|ganzen\s+)?(?:channel|kanal|canal|chaîne)\b"
_CHECK = (
    r"^\W*(?:please\s+|bitte\s+)?(?:check|go through|look through|review|audit"
    r"|prüfe?|durchsuche|vérifie[rz]?|revisa|comprueba)"
)
_NAMED = r"#(?!\d{1,4}\b)[^\s,:;?!]+"  # a short number is a document's
_PLACE = rf"(?:{_CHANNEL}|{_NAMED})"
_PLACES = rf"(?:the\s+channels?\s+)?{_PLACE}(?:\s*(?:,|&|\band\b|\bund\b|\bet\b|\by\b)+\s*{_PLACE})*"
_ORDER = re.compile(
    rf"{_CHECK}\s+(?:(?:all|every|each|everything)\s+(?:\w+\s+){{0,3}}(?:in|of)\s+)?(?P<places>{_PLACES})",
    re.IGNORECASE,
)
_WITHIN_NAMED = re.compile(rf"\s*\b(?:in|of|across|from|en|dans)\s+(?P<places>{_PLACES})", re.IGNORECASE)
_HERE = re.compile(_CHANNEL, re.IGNORECASE)
_FILES = re.compile(
    rf"{_CHECK}\s+(?:all\s+|alle\s+)?(?:of\s+)?(?:these|those|the|my|diese|ces|estos|estas)?\s*"
    r"(?:attached\s+|uploaded\s+)?(?:(?:each|every)\s+(?:file|document|invoice)"
    r"|files|documents|invoices|bills|receipts|pdfs|pictures|images|contracts|letters"
    r"|dateien|dokumente|rechnungen|fichiers|factures|archivos|documentos|facturas)\s*:",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\s*\b(?:in|of|across|from)\s+(?:this|the)\s+(?:whole\s+|entire\s+)?channel\b|\s*\bin diesem kanal\b"
    r"|\s*\bdans ce canal\b|\s*\ben este canal\b",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:every|all|each|any|which|alle|jede[rs]?|welche|tous|toutes|chaque|tod[oa]s|cada)\b", re.IGNORECASE
)

_DAY = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?[^\W\d]{3,10}\.?(?:\s+(?:de\s+)?\d{4})?"
    r"|[^\W\d]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?"
    r"|yesterday|today|last\s+(?:week|month|year|[^\W\d]+day)|\d+\s+(?:days|weeks|months)\s+ago)(?![^\W_])"
)
_OF_THE_DOCUMENT = r"(?<!dated )(?<!issued )(?<!due )"
_SINCE = re.compile(rf"\s*\b{_OF_THE_DOCUMENT}(?:since|from|after|seit|ab|depuis|desde)\s+({_DAY})", re.IGNORECASE)
_UNTIL = re.compile(
    rf"\s*\b{_OF_THE_DOCUMENT}(?:until|till|up to|to|before|bis|jusqu'au|hasta)\s+({_DAY})", re.IGNORECASE
)
_LAST = re.compile(
    r"\s*\b(?:in|of|from|over)\s+the\s+(?:last|past)\s+(\d{1,3})?\s*(day|week|month|year)s?\b", re.IGNORECASE
)
_THIS = re.compile(r"\s*\b(?:from\s+)?this\s+(week|month|year)\b", re.IGNORECASE)
_ONLY = re.compile(
    r"[\s,]*\b(?:only|just|nur)\s+(?:the\s+)?(pdf|picture|image|photo|bild|foto)\w*(?:\s+files?)?", re.IGNORECASE
)
_BY = re.compile(
    # Further names of a person begin with a capital.
    r"\s*\b(?:posted|sent|uploaded|shared)\s+by\s+@?([^\s:,?]+(?:\s+(?-i:[A-ZÀ-ÖØ-Þ])[^\s:,?]*)*)",
    re.IGNORECASE,
)

_LONGEST = 2_000
"""Nobody writes an order that is longer."""

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """``question`` is what is asked of each document, without the rest; it may be empty. ``since`` and ``until`` are
    when a document was posted."""

    question: str
    since: datetime | None = None
    until: datetime | None = None
    only: Literal["pdf", "picture"] | None = None
    posted_by: str = ""
    """A name or the first of several, or an id; in lower case."""
    channels: tuple[str, ...] = ()
    """The names of those to look through; the one in which it is asked for has none. Empty for that one alone."""
    files: bool = False
    """Of the files that came with the message rather than of its channel."""


def read(text: str, now: datetime) -> Scope | None:
    """None where no check is asked for. ``now`` is when that was said. Long runs of spaces would keep patterns busy for
    minutes."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return None
    ordered = _ORDER.match(text)
    attached = _FILES.match(text)
    within = _WITHIN_NAMED.search(text) if ordered is None else None
    places = ""
    if ordered is not None:
        rest, places = text[ordered.end() :], ordered["places"]
    elif attached is not None:
        return Scope(question=_bare(text[attached.end() :], []), files=True)
    elif _WITHIN.search(text) and _EVERY.search(text):
        rest = _WITHIN.sub("", text)
    elif within and "#" in within["places"] and _EVERY.search(text):
        rest, places = text[: within.start()] + text[within.end() :], within["places"]
    else:
        return None
    since, until = _since(rest, now.date()), _until(rest, now.date())
    only, by = _ONLY.search(rest), _BY.search(rest)
    return Scope(
        question=_bare(rest, since[1] + until[1] + [one.span() for one in (only, by) if one]),
        since=_start(since[0]),
        until=_start(until[0] + timedelta(days=1)) if until[0] else None,
        only=None if only is None else "pdf" if only[1].lower() == "pdf" else "picture",
        posted_by=" ".join(by[1].lower().split()).strip(".") if by else "",
        channels=_channels(places),
    )


def _channels(places: str) -> tuple[str, ...]:
    named = [name[1:] for name in re.findall(_NAMED, places)]
    here = [""] if named and _HERE.search(places) else []
    return tuple(dict.fromkeys([*here, *named]))


_Found = tuple[date | None, list[tuple[int, int]]]
"""A day, and the places in the text that told it."""


def _since(text: str, today: date) -> _Found:
    for match in _SINCE.finditer(text):
        if found := values.past_day(match[1], today):
            return found, [match.span()]
    if last := _LAST.search(text):
        return today - timedelta(days=int(last[1] or 1) * _DAYS[last[2].lower()]), [last.span()]
    if this := _THIS.search(text):
        starts = {"week": today - timedelta(days=today.weekday()), "month": today.replace(day=1)}
        return starts.get(this[1].lower(), today.replace(month=1, day=1)), [this.span()]
    return None, []


def _until(text: str, today: date) -> _Found:
    for match in _UNTIL.finditer(text):
        if found := values.past_day(match[1], today):
            before = match[0].strip().lower().startswith("before")
            return found - timedelta(days=before), [match.span()]
    return None, []


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day and day.year >= values.FIRST_YEAR else None


def _bare(text: str, spans: list[tuple[int, int]]) -> str:
    kept = "".join(_kept(text, spans))
    return re.sub(r"\s+([?.!,:])", r"\1", " ".join(kept.split())).strip(" :,;-–—")


def _kept(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, end in sorted(spans):
        yield text[at:start]
        at = max(at, end)
    yield text[at:]
