"""Words as they are compared: without case, accents and widths, and forgiving what people and models misspell. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

_SPECIAL = (
    {"ß": "s", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "’": "'", "‘": "'", "`": "'", "´": "'"}
    | {
        "–": "-",
        "—": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "·": " ",
        "•": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
    }
    | {"。": ".", "、": ",", "“": '"', "”": '"', "„": '"', "《": '"', "》": '"', "【": "[", "】": "]", "￥": "¥"}
)

_WORD = re.compile(
    r"""
    (?P<number_sign> № | \# | \b[nN]\.?\s?[°º˚]\.?o? | \b[nN]r\b\.? | \b[nN]os?\b\.(?=\s|\W|\d|$) )
    | (?P<han> [\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff] )
    | (?P<digits> \d+ )
    | (?P<letters> [A-ZÀ-ÖØ-Þ]{2,}(?![a-zß-ÿ]) | [^\W\d_\u3040-\u9fff] [a-zß-ÿ]*
        | [^\W\d_\u3040-\u9fff]+? (?=[\W\d_A-Z]|$) )
    | (?P<percent> % )
    """,
    re.VERBOSE,
)

_NUMBER_WORDS = frozenset({"no", "nr", "num", "nro", "number", "numero", "nummer", "nbr", "nos", "numer"})
_NUMBER_ENDINGS = ("nummern", "nummer", "nr")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its folded form and where it stands in the text."""

    text: str
    start: int
    end: int

    @property
    def han(self) -> bool:
        return is_han(self.text)


@lru_cache(maxsize=65536)
def is_han(text: str) -> bool:
    """Whether it is written in Chinese characters or kana, where words have no spaces between them."""
    return any("\u3040" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" for char in text)


def fold(text: str) -> str:
    """Lower case, no accents, plain punctuation, half width; as long as the text, so that places stay the same."""
    return "".join(_folded(char) for char in text)


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    plain = unicodedata.normalize("NFKD", char).casefold()
    base = "".join(part for part in plain if not unicodedata.combining(part))
    return _SPECIAL.get(base, base) if len(base) == 1 else (base[:1] or " ")


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text. Chinese characters stand alone; every way to write "number" is ``no``."""
    return tuple(
        Word("no" if match["number_sign"] else _canonical(fold(match[0])), match.start(), match.end())
        for match in _WORD.finditer(text)
    )


def _canonical(word: str) -> str:
    if word in _NUMBER_WORDS:
        return "no"
    for ending in _NUMBER_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + "no"
    return word


def key(text: str) -> str:
    """The words without what stands between them: what two spellings of a label have in common."""
    return "".join(word.text for word in words(text))


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two folded words are the same but for an ending or a slip."""
    if one == other:
        return True
    if is_han(one) or is_han(other):
        return False
    short, long = sorted((one, other), key=len)
    if one.isdigit() or other.isdigit():
        return False
    if len(short) == 3 and long in (f"{short}s", f"{short}es"):
        return True
    if len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3:
        return True
    if len(short) >= 5 and len(long) - len(short) <= 2 and _stem(one) == _stem(other):
        return True
    # A slip in the first letter makes another word: brand, grand.
    slips = _slips(long)
    return len(short) >= 5 and one[0] == other[0] and OSA.distance(one, other, score_cutoff=slips) <= slips


def _slips(word: str) -> int:
    """How many letters may be wrong."""
    return 0 if len(word) < 5 else 1 if len(word) < 9 else 2


def _stem(word: str) -> str:
    return re.sub(r"(en|er|es|em|ed|et|ing|e|s|n|a|o|as|os|t)$", "", word)


def within(word: str, long: str) -> bool:
    """Whether a compound holds the word: Öl in Olivenöl only where the word is long enough not to be chance."""
    return len(word) >= 4 and len(long) > len(word) and word in long


def squeezed(parts: Sequence[Word]) -> str:
    return "".join(part.text for part in parts)
