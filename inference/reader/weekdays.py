"""Days of the week that a question names and a page does not, though it names others. Pure."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from inference.reader.axes import marks
from inference.reader.lexicon import alternatives, table
from inference.reader.questions import Question
from inference.reader.sheet import Sheet
from inference.reader.words import fold

WEEK = 7


def tells_other_days(sheets: Sequence[Sheet], question: Question) -> bool:
    """Whether the pages tell of certain days of the week and the one that is asked about is none of them."""
    asked = _days(question.text)
    if not asked:
        return False
    texts = [cell.text for sheet in sheets for cell in sheet.cells]
    told = {day for text in texts for day in (*_days(text), *_between(text))}
    return (
        bool(told)
        and not asked & told
        and not any(_DAILY.search(fold(text)) or _short().search(text) for text in texts)
    )


_DAILY = re.compile(alternatives("daily"))


def _days(text: str) -> set[int]:
    return {int(mark.text.split()[1]) for mark in marks(text) if mark.sort == "day"}


def _between(text: str) -> set[int]:
    """The days of a stretch: from Monday to Friday."""
    named = [mark for mark in marks(text) if mark.sort == "day"]
    told: set[int] = set()
    for first, last in pairwise(named):
        if _TO.fullmatch(fold(text[first.end : last.start])):
            start, end = int(first.text.split()[1]), int(last.text.split()[1])
            told |= {(start + step) % WEEK for step in range((end - start) % WEEK + 1)}
    return told


_TO = re.compile(rf"\s*(?:[-–—~]|{alternatives('stretch')})\s*")


@cache
def _short() -> re.Pattern[str]:
    """Days as they are cut short, which may be any."""
    listed = table("axes")["short"].values()
    names = {name for days in listed for line in days for name in line.split() if name.isascii() and 1 < len(name) < 5}
    return re.compile(rf"\b(?:{'|'.join(sorted(name.capitalize() for name in names))})\b\.?")
