"""Dates as people write them in English, German, French, Spanish and Chinese, found in a text. Pure."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from inference.reader.words import fold

MONTHS = (
    "january jan januar janner jaenner janvier janv enero ene 一月",
    "february feb februar fevrier fevr fev febrero 二月",
    "march mar marz maerz mars marzo mrz 三月",
    "april apr avril avr abril abr 四月",
    "may mai mayo 五月",
    "june jun juni juin junio 六月",
    "july jul juli juillet juil julio 七月",
    "august aug aout agosto ago 八月",
    "september sep sept septembre septiembre setiembre 九月",
    "october oct oktober okt octobre octubre 十月",
    "november nov novembre noviembre 十一月",
    "december dec dezember dez decembre diciembre dic 十二月",
)
"""The names of each month, folded."""

WEEKDAYS = (
    "monday mon montag lundi lunes 星期一 周一",
    "tuesday tue tues dienstag mardi martes 星期二 周二",
    "wednesday wed mittwoch mercredi miercoles 星期三 周三",
    "thursday thu thur thurs donnerstag jeudi jueves 星期四 周四",
    "friday fri freitag vendredi viernes 星期五 周五",
    "saturday sat samstag sonnabend samedi sabado 星期六 周六",
    "sunday sun sonntag dimanche domingo 星期日 星期天 周日",
)

_MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split() if name.isascii()}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTH_OF, key=len, reverse=True)) + r")(?![a-z])\.?"
_WEEKDAY_NAMES = sorted((name for names in WEEKDAYS for name in names.split() if name.isascii()), key=len, reverse=True)
_WEEKDAY = rf"(?:(?<![a-z])(?:{'|'.join(_WEEKDAY_NAMES)}|mo|di|mi|do|fr|sa|so)\b[.,]?\s*(?:den|the|le|el)?\s*)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_SHORT_YEAR = r"(?P<year>(?:19|20)\d{2}|'?\d{2})"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"

_FORMS = tuple(
    re.compile(form, re.VERBOSE)
    for form in (
        rf"(?<!\d){_YEAR}\s?年\s?(?P<month>1[0-2]|0?[1-9])\s?月\s?{_DAY}\s?[日号號]",
        rf"(?<![\d.,/-]){_YEAR}\s?([-/.])\s?(?P<month>1[0-2]|0?[1-9])\s?\2\s?{_DAY}(?![\d])",
        # 3rd of October 2026, 1er octobre 2026, 3 de octubre de 2026, 3-Oct-26; letters may have lost their spaces.
        rf"{_WEEKDAY}(?<![\d.,/]){_DAY}(?:st|nd|rd|th|er|\.|º|o)?[\s\-/.]*(?:of|de|del)?[\s\-/.]*{_MONTH}"
        rf"[\s,\-/.]*(?:de|del|of)?[\s\-/.]*{_SHORT_YEAR}(?![\d:])",
        rf"{_WEEKDAY}(?<![a-z]){_MONTH}[\s\-/.]*(?:the\s)?{_DAY}(?:st|nd|rd|th)?(?:\s?,\s?|[\s\-/.]+){_SHORT_YEAR}(?![\d:])",
        rf"{_WEEKDAY}(?<![\d.,/+-]){_DAY}\s?([./-])\s?(?P<month>1[0-2]|0?[1-9])\s?\2\s?{_SHORT_YEAR}(?![\d])(?!\s?[.,]\d)",
        rf"(?<![\d.,/+-])(?P<month>1[0-2]|0?[1-9])\s?([./-])\s?(?P<day>1[3-9]|2\d|3[01])\s?\2\s?{_SHORT_YEAR}(?![\d])",
        rf"(?<!\d){_YEAR}\s?年\s?(?P<month>1[0-2]|0?[1-9])\s?月",
        rf"(?<![\d年])(?P<month>1[0-2]|0?[1-9])\s?月\s?{_DAY}\s?[日号號]",
        rf"{_WEEKDAY}(?<![\d.,/]){_DAY}(?:st|nd|rd|th|er|\.)?\s*(?:of|de)?\s*{_MONTH}(?!\s*\d)",
        rf"{_WEEKDAY}(?<![a-z]){_MONTH}\s?{_DAY}(?:st|nd|rd|th)?(?![\d:.,]*\d)",
        rf"(?<![a-z]){_MONTH}\s*(?:de\s|of\s)?{_YEAR}",
        r"(?<![\d./-])(?P<month>1[0-2]|0[1-9])/(?P<year>20\d{2})(?![\d/.-])",
        rf"{_WEEKDAY}(?<![\d.,/]){_DAY}\.(?P<month>1[0-2]|0?[1-9])\.(?![\d])",
    )
)
"""Tried in this order: a form that tells more comes first. The last seven lack the year or the day."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text. ``day`` is None where only the month is told, or where no such day exists."""

    start: int
    end: int
    day: datetime.date | None
    full: bool
    """Day, month and year are told."""


def dates(text: str) -> list[Date]:
    """The dates in the text from left to right, none within another."""
    flat = fold(text)
    taken: list[Date] = []
    for index, form in enumerate(_FORMS):
        for date in _matches(form, flat, full=index < len(_FORMS) - 7):
            if all(date.end <= other.start or date.start >= other.end for other in taken):
                taken.append(date)
    return sorted(taken, key=lambda date: date.start)


def _matches(form: re.Pattern[str], flat: str, *, full: bool) -> Iterator[Date]:
    for match in form.finditer(flat):
        parts = match.groupdict()
        month = _MONTH_OF.get(parts["month"]) or int(parts["month"])
        year = _year(parts.get("year"))
        yield Date(match.start(), match.start() + len(match[0].rstrip()), _day(year, month, parts.get("day")), full)


def _year(written: str | None) -> int:
    """Two digits are of this century; no year at all is a leap year, so that any day may stand in it."""
    if written is None:
        return 2000
    number = int(written.lstrip("'"))
    return number if number > 99 else 2000 + number


def _day(year: int, month: int, day: str | None) -> datetime.date | None:
    try:
        return datetime.date(year, month, int(day)) if day else None
    except ValueError:
        return None


def month_number(word: str) -> int | None:
    """1 to 12 for a folded word that names a month."""
    return _MONTH_OF.get(word)


_LIKE_A_WORD = re.compile(r"(?<!\w)(?=[^\W_]*[01])[^\W_]{3,10}(?!\w)")


def months_spelled(text: str) -> str:
    """The text, as long as before, with months of which letters were taken for figures set right: 0ct, Apri1, Ju1i."""
    return _LIKE_A_WORD.sub(_spelled, text) if "0" in text or "1" in text else text


def _spelled(match: re.Match[str]) -> str:
    word = match[0]
    lettered = ("O" if word[0] == "0" else word[0]) + word[1:].replace("0", "o")
    readings = (lettered.replace("1", letter) for letter in "li")
    return next((one for one in readings if fold(one) in _MONTH_OF), word)
