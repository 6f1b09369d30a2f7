"""What quantities, colours, versions and postal codes look like. Pure."""

import re

from inference.reader import lexicon
from inference.reader.words import fold

_QUANTITY = r"(?<![^\W\u3040-\u9fff])(?<![.,/-])[-+±]?\d+(?:[ '.,]\d{3})*(?:[.,]\d+)?\s?"
"""A number that nothing but a space or a Chinese word stands before."""

MEASURES = {
    kind: re.compile(rf"{_QUANTITY}(?:{'|'.join(units)})(?![A-Za-z\d²³/])")
    for kind, units in lexicon.table("patterns")["units"].items()
}
"""By kind: a number with a unit of that kind behind it."""

COLOUR = re.compile(rf"{lexicon.alternatives('colour')}")
VERSION = re.compile(r"(?<![\w.,/-])v?\d+(?:\.\d+)+(?:[-+][\w.]+)?(?![\w,/-]|\.\d)")
POSTAL = re.compile(
    r"(?<![\w.,/-])(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|(?:[A-Z]{1,2}-)?\d{4,6}(?=\s+[A-ZÀ-Þ][a-zß-ÿ])"
    r"|(?<=[A-Z]{2} )\d{5}(?:-\d{4})?|(?<=邮编)[:：\s]*\d{6})(?![\w-])"
)


def unit_of(word: str, kind: str) -> bool:
    """Whether the folded word is a unit of the kind, written out."""
    return len(word) > 3 and any(re.fullmatch(fold(unit), word) for unit in lexicon.table("patterns")["units"][kind])
