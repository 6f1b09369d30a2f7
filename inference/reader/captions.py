"""Captions of Chinese notices and forms, asked for in any of five languages: 会议地点：二楼会议室. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from inference.reader import lexicon
from inference.reader.findings import Finding, page_of
from inference.reader.matching import coverage, likeness
from inference.reader.passages import sentences
from inference.reader.phrases import Pattern, pattern, says
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.values import values
from inference.reader.words import fold, is_han, words

_WIDE = ("place", "time")
"""What many a thing has: a caption must say of what it is."""

MOSTLY = 0.4
"""The share of a page's lines that are Chinese where it is a Chinese page."""

_CAPTION = re.compile(
    r"^[\s*•·●◆■▪]*(?:第?[一二三四五六七八九十\d]{1,3}\s?[、.．)）：:]|[(（][一二三四五六七八九十\d]{1,3}[)）])?\s*"
    r"(?P<caption>[\u4e00-\u9fff]{2,8})\s*(?:[:：]\s*|\s(?=\S))(?P<value>.+)$"
)
_ALONE = re.compile(r"^[\s*•·]*(?P<caption>[\u4e00-\u9fff]{2,8})\s*[:：]?\s*$")


@dataclass(frozen=True, slots=True, eq=False)
class Caption:
    """What a caption says, and where."""

    name: str
    value: str
    cells: tuple[Cell, ...]


def captioned(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The value of the caption that tells what the question asks for, if only one does, or only one is of its words."""
    if not any(map(_is_chinese, sheets)):
        return None
    for sort, asks in _sorts():
        if says(asks, words(question.text)):
            found = [one for sheet in sheets for one in _captions(sheet) if _tells(one, sort, question)]
            if sort in _WIDE:
                found = [one for one in found if _is_named(one, question)]
            chosen = _chosen(found, question) or (_clause(sheets, question) if sort == "reason" else None)
            if chosen is None and sort == "time" and _asks_for_day(question):
                chosen = _appointed(sheets, question)
            if chosen is not None:
                line = " · ".join(cell.text for cell in chosen.cells)
                page = page_of(sheets, chosen.cells[0])
                return Finding(chosen.value, line, page, 0.9, tuple(cell.line for cell in chosen.cells))
    return None


@cache
def _sorts() -> tuple[tuple[str, tuple[Pattern, ...]], ...]:
    """What captions tell, the narrower first, with the ways to ask for it."""
    table = lexicon.table("captions")
    ordered = [*(name for name in table if name not in _WIDE), *_WIDE]
    return tuple((name, tuple(map(pattern, table[name]["asks"]))) for name in ordered)


def _is_chinese(sheet: Sheet) -> bool:
    return sum(is_han(cell.text) for cell in sheet.cells) > MOSTLY * len(sheet.cells)


def _captions(sheet: Sheet) -> Iterator[Caption]:
    for row in sheet.rows:
        for cell in row:
            match = _CAPTION.match(cell.text)
            if match:
                yield Caption(match["caption"], _first(match["value"]), (cell,))
                continue
            alone = _ALONE.match(cell.text)
            behind = row[cell.column + 1 : cell.column + 2]
            if alone and behind and (len(row) == 2 or sheet.table_of(cell.row) is None):
                yield Caption(alone["caption"], behind[0].text.strip(), (cell, *behind))


_NEXT = re.compile(r"\s+[\u4e00-\u9fff]{2,6}[:：]|[;；。]")


def _first(value: str) -> str:
    """Up to the next caption or the end of the sentence."""
    return _NEXT.split(value)[0].strip()


def _tells(one: Caption, sort: str, question: Question) -> bool:
    if not one.name.endswith(tuple(lexicon.table("captions")[sort]["ends"])):
        return False
    kinds = {value.kind for value in values(one.value)}
    if sort == "deadline":
        return "date" in kinds
    return sort != "time" or (question.kind in ("date", "time") and (not _asks_for_day(question) or "date" in kinds))


def _asks_for_day(question: Question) -> bool:
    return question.kind == "date" and bool(re.search(_DAY, fold(question.text)))


_DAY = r"\b(?:day|tag|jour|dia)\b|哪天|哪一天|几号|哪日"
"""Asks for a day, which no hours answer."""


def _chosen(found: Sequence[Caption], question: Question) -> Caption | None:
    if len(found) > 1:
        named = [one for one in found if _is_named(one, question)]
        return named[0] if len(named) == 1 else None
    return found[0] if found else None


def _is_named(one: Caption, question: Question) -> bool:
    """Whether the question says what the caption tells it of, 会议 of 会议地点, or asks where it is held."""
    subject = one.name[:2]
    return (
        subject in question.text
        or any(likeness(term.text, one.name) for term in question.all_terms)
        or any(likeness(subject, word.text) or likeness(_HELD, word.text) for word in words(question.text))
        or bool(likeness(_HELD, question.text))
    )


_HELD = "举行"
_BECAUSE = re.compile(
    r"(?P<said>(?:因为?|由于|鉴于)(?![此而为])[^，,。；因]{2,40})[，,]|(?P<aim>(?:为了|为)(?!您)[^，,。；]{4,40})[，,]"
)
_APPOINTED = re.compile(r"(?<![请须应])于\s?(?=\d)")


def _clause(sheets: Sequence[Sheet], question: Question) -> Caption | None:
    """Why something is so, as the one sentence tells that says because."""
    found = [
        Caption("", match["said"] or match["aim"], sentence.cells)
        for sheet in sheets
        for sentence in sentences(sheet)
        for match in _BECAUSE.finditer(sentence.text)
        if match["said"] or not coverage(question.terms, [sentence.text]) < 0.5
    ]
    return found[0] if len(found) == 1 else None


def _appointed(sheets: Sequence[Sheet], question: Question) -> Caption | None:
    """The day of what a notice announces, where all that the question names stands on it: 定于7月11日."""
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    found = []
    for sentence in (sentence for sheet in sheets for sentence in sentences(sheet)):
        days = [value for value in values(sentence.text) if value.kind == "date"]
        spots = {match.end() for match in _APPOINTED.finditer(sentence.text)}
        days = [day for day in days if not sentence.text[day.end :].startswith(("前", "之前"))]
        found += [Caption("", sentence.text[d.start : d.end], sentence.cells) for d in days if d.start in spots]
    return found[0] if len(found) == 1 and coverage(question.terms, texts) > 0.75 else None
