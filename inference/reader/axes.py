"""The words that name rows and columns, with days, months, quarters and totals as one in every language. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise

from inference.reader import glossary, lexicon
from inference.reader.dates import month_number
from inference.reader.words import Word, alike, fold, is_han, words

PERIODS = ("day", "month", "quarter", "half")
"""What a table over time names its columns or rows by."""

CLASSES = (*PERIODS, "subject")
"""Of which a table names each that it has: what is asked for and is not among them does not stand there."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of a name or of a question, ``cut`` if a full stop follows. ``sort`` is what sort of period it names, or
    empty; ``text`` is then the same in every language."""

    text: str
    start: int
    end: int
    sort: str = ""
    cut: bool = False


@lru_cache(maxsize=4096)
def marks(text: str) -> tuple[Mark, ...]:
    """Periods and totals in the text, and its other words; Chinese text between them as it stands."""
    if text.strip() in _MEAN:
        return (Mark("average", 0, len(text)),)
    flat = fold(text)
    found = [*_periods(flat), *_times(flat)]
    taken = {index for mark in found for index in range(mark.start, mark.end)}
    rest = [word for word in words(text) if taken.isdisjoint(range(word.start, word.end))]
    runs = [replace(mark, cut=text[mark.end : mark.end + 1] == ".") for mark in _runs(rest)]
    return tuple(sorted((*found, *runs), key=lambda mark: mark.start))


def _times(flat: str) -> Iterator[Mark]:
    """Times of the day, alike however they are written: 9 h, 09:00, 9 am."""
    for match in _TIME.finditer(flat):
        if match["half"] and not match["other"] and not _AT.search(flat, 0, match.start()):
            # Fahrt 2 am Bahnhof.
            continue
        hour = int(match["hour"]) % 24
        hour = hour % 12 + 12 * (match["half"] == "p") if match["half"] else hour
        yield Mark(f"time {hour}:{match['minute'] or match['other'] or '00'}", *match.span(), "time")


_TIME = re.compile(
    r"(?<![\d:.,])(?P<hour>[01]?\d|2[0-4])(?:\s?[:：]\s?(?P<minute>[0-5]\d)(?![\d:])(?:\s?(?:uhr|h)\b)?(?!\s?[ap]\.?m)"
    r"|(?:[:.](?P<other>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?|\s?(?:h|uhr)(?![a-z\d])|[点时](?![\d半]))"
)

_AT = re.compile(r"(?:^|\b(?:at|by|from|until|till|to|before|after|around)|[-–])\s?$")

_MEAN = ("Ø", "ø", "⌀", "∅")


def _runs(rest: Sequence[Word]) -> Iterator[Mark]:
    """The words, with neighbouring Chinese characters joined."""
    run: Mark | None = None
    for word in _joined(rest):
        if word.han and run is not None and run.end == word.start:
            run = Mark(run.text + word.text, run.start, word.end)
            continue
        if run is not None:
            yield run
        run = Mark(word.text, word.start, word.end) if word.han else None
        if not word.han and word.text != "%":
            yield _month(word) or Mark(word.text, word.start, word.end)
    if run is not None:
        yield run


def _joined(rest: Sequence[Word]) -> Iterator[Word]:
    """The words, with those that name one thing together as one: low season."""
    at = 0
    while at < len(rest):
        size = glossary.phrase([word.text for word in rest[at : at + glossary.LONGEST]]) or 1
        part = rest[at : at + size]
        yield Word("-".join(word.text for word in part), part[0].start, part[-1].end)
        at += size


def _month(word: Word) -> Mark | None:
    number = month_number(word.text)
    return Mark(f"month {number}", word.start, word.end, "month") if number else None


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    pieces = lexicon.table("axes")["patterns"]
    sorts = dict.fromkeys(name.removesuffix("_han") for name in pieces)
    return tuple((sort, _form(pieces.get(sort, []), pieces.get(f"{sort}_han", []))) for sort in sorts)


def _form(plain: Sequence[str], han: Sequence[str]) -> re.Pattern[str]:
    whole = [rf"(?<![^\W\u3040-\u9fff])(?:{piece})(?![^\W\u3040-\u9fff])" for piece in plain]
    return re.compile("|".join((*sorted(whole, key=len, reverse=True), *han)))


@cache
def _listed() -> tuple[re.Pattern[str], dict[str, Mark]]:
    """The names of days and subjects and of small numbers, and what each names."""
    table = lexicon.table("axes")
    named = {
        name: Mark(f"{sort} {number}", 0, 0, sort)
        for sort in ("day", "subject")
        for number, names in enumerate(table[f"{sort}s"])
        for name in names.split()
    }
    for number, names in enumerate(table["ordinals"], 1):
        named |= {name: Mark(str(number), 0, 0) for name in names.split()}
    longest = sorted(named, key=len, reverse=True)
    plain, han = ("|".join(name for name in longest if is_han(name) == is_it) for is_it in (False, True))
    return re.compile(rf"(?<!\w)(?:{plain})(?!\w)|{han}"), named


def _periods(flat: str) -> Iterator[Mark]:
    form, named = _listed()
    taken: set[int] = set()
    for match in form.finditer(flat):
        if _COUNTS_PERIODS.match(flat, match.end()):
            continue
        taken.update(range(*match.span()))
        yield replace(named[match[0]], start=match.start(), end=match.end())
    # A subtotal is settled before a total, a quarter before the year of which it is.
    for sort, form in sorted(_forms(), key=lambda pair: _ORDER.index(pair[0])):
        for match in form.finditer(flat):
            if taken.isdisjoint(range(*match.span())):
                taken.update(range(*match.span()))
                told = next((group for group in match.groups() if group), "")
                yield Mark(f"{sort} {_number(told)}".strip(), *match.span(), sort)


_COUNTS_PERIODS = re.compile(r"\s*(?:half|halbjahr|semestre|quarter|quartal|trimestre|季度)")
_ORDER = ("subtotal", "quarter", "half", "month", "year", "total")
_TENS = {char: number for number, char in enumerate("一二三四五六七八九", 1)}


def _number(told: str) -> str:
    if told.isdigit():
        return str(int(told))
    if told.startswith("十"):
        return str(10 + _TENS.get(told[1:], 0))
    listed = lexicon.table("axes")["numbers"]
    return next((number for number, names in listed.items() if told in names), str(_TENS.get(told, "")))


def as_days(names: Sequence[str]) -> tuple[int | None, ...]:
    """Which days the names of neighbouring columns or rows are, if several of them are days of one language in their
    order: Mo, Di, Mi or Lun 8, Mar 9."""
    best: tuple[int | None, ...] = (None,) * len(names)
    firsts = [next((word for word in words(name) if not word.text.isdigit()), None) for name in names]
    for days in lexicon.table("axes")["short"].values():
        found = tuple(
            next((number for number, short in enumerate(days) if first and _opens(first, name, short.split())), None)
            for first, name in zip(firsts, names, strict=True)
        )
        told = [number for number in found if number is not None]
        least = 2 if all(len(name) > 2 for name in names) else 3
        if len(told) >= least and _is_in_order(told) and len(told) > sum(number is not None for number in best):
            best = found
    return best


def as_results(names: Sequence[str]) -> tuple[str, ...]:
    """What the heads of a table of results count, where neighbours are won, drawn and lost: W, D, L; or empty ones."""
    columns = lexicon.table("tables")["league"]
    spelled = [fold(name).strip(" .") for name in names]
    for language, listed in columns.items():
        said = [line.split() for line in listed] if language != "names" else []
        for at in range(len(spelled) - 2) if said else ():
            if all(spelled[at + step] in said[1 + step] for step in range(3)):
                found = (next((n for n, short in enumerate(said) if name in short), None) for name in spelled)
                return tuple("" if number is None else columns["names"][number] for number in found)
    return ("",) * len(names)


def _opens(first: Word, name: str, short: Sequence[str]) -> bool:
    """Whether the name is one of a day and at most its date."""
    rest = name[first.end :].strip(" .,") if not first.han else ""
    spelled = fold(name).strip(" .") if first.han else first.text
    return spelled in short and not any(char.isalpha() for char in rest)


def _is_in_order(told: Sequence[int]) -> bool:
    steps = [(after - before) % 7 for before, after in pairwise(told)]
    return all(steps) and sum(steps) < 7


_CONSONANTS = re.compile(r"[b-df-hj-np-tv-z]{2,4}")


def _abbreviates(short: str, long: str) -> bool:
    """Whether the short word has no vowel and its letters stand in the long one in this order: Pkt for Punkte."""
    if not _CONSONANTS.fullmatch(short) or len(long) < 5 or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """From 0 to 1: how surely two marks name the same."""
    if one == other:
        return 1.0
    if {one, other} == {"year", "total"}:
        return 0.8
    if "quarter" in (one, other) and one.split()[0] == other.split()[0]:
        return 0.8
    if any(char.isdigit() for char in one + other):
        return 0.0
    if is_han(one) and is_han(other):
        return 0.9 if one in other and len(one) > 1 else max(0.0, glossary.likeness(other, one) - 0.05)
    if alike(one, other):
        return 0.9
    if glossary.likeness(one, other) or glossary.likeness(other, one):
        return 0.85
    short, long = sorted((one, other), key=len)
    if _abbreviates(short, long):
        return 0.85
    return 0.7 if len(short) >= 4 and not is_han(long) and (long.startswith(short) or long.endswith(short)) else 0.0
