"""The time that opens a line of a log, and how grave the line says that it is. Pure."""

import re

from inference.reader.words import fold

_STAMP = re.compile(
    # docker compose logs puts the service before the time.
    r"^\s*(?:[\w.-]{1,40}\s*\|?\s+(?=\d{4}-\d\d-\d\d[T ]))?"
    r"(?:\[?\s*(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.]\d\d[-/.]\d{2,4}|[A-Z][a-zé]{2,3}\.?\s+\d{1,2}(?:\s\d{4})?)?"
    r"[T ,]*\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?\s?\]?)\s*[|:]?\s*"
    r"(?:[\w.-]+\s+[\w./-]+(?:\[\d+\])?:\s)?"
)
_LEVEL = re.compile(
    r"\W*(?:trace|debug|inf[o0]|notice|warn(?:ing)?|err(?:or|0r)?|fatal|critical|hinweis|warnung|fehler|erreur"
    r"|avertissement|attention|avis[o0]|advertencia|信息|警告|错误|提示|调试)\b(?=\W|$)|\W*(?:信息|警告|错误|提示|调试)"
)


def stamp(text: str) -> str:
    """The time at which a log says the line was written, with what else opens it; empty if none."""
    match = _STAMP.match(text)
    return match[0] if match else ""


def is_level(text: str) -> bool:
    """Whether a log says there how grave its line is."""
    return bool(_LEVEL.match(fold(text[len(stamp(text)) :])))
