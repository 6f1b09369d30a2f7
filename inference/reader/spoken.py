"""Questions as people type them in a chat, written out in full. Pure."""

import re
from functools import cache

from inference.reader import lexicon
from inference.reader.words import fold


def in_full(text: str) -> str:
    """The text with what is written short, or as it is spoken, in the words that the other lists know."""
    for pattern, full in _forms():
        parts, at = [], 0
        for match in pattern.finditer(fold(text)):
            parts += [text[at : match.start()], full]
            at = match.end()
        text = "".join([*parts, text[at:]])
    return text


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    table = lexicon.table("spoken")
    spaced = ((re.compile(rf"(?<![\w'-])(?:{said})(?![\w'-])"), full) for said, full in table["words"])
    return (*spaced, *((re.compile(said), full) for said, full in table["han"]))
