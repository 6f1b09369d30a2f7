"""Bank accounts and tax numbers, with the checks that tell them from chance. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from inference.reader import lexicon

IBAN_LENGTHS: dict[str, int] = lexicon.table("patterns")["iban"]

_IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2})\s?([0-9OIl]{2})((?:[\s.-]?[A-Z0-9]){11,30})(?![a-z])")
_BIC = re.compile(r"(?<![A-Z0-9])[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")
_BIC_COUNTRIES = frozenset(IBAN_LENGTHS) | {
    "US",
    "CN",
    "JP",
    "HK",
    "SG",
    "AU",
    "CA",
    "IN",
    "MX",
    "AR",
    "CL",
    "CO",
    "KR",
    "TW",
    "NZ",
    "ZA",
    "RU",
    "TH",
}
_VAT_ID = re.compile(
    r"(?<![A-Za-z0-9])(?:DE\s?\d{3}\s?\d{3}\s?\d{3}|GB\s?\d{3}\s?\d{4}\s?\d{2}(?:\s?\d{3})?|FR\s?[A-Z0-9]{2}\s?\d{3}\s?\d{3}\s?\d{3}|ATU\s?\d{8}|ES\s?-?[A-Z]\s?-?\d{7,8}[A-Z]?|"
    r"CHE[-\s]?\d{3}\.?\d{3}\.?\d{3}(?:\s?(?:MWST|TVA|IVA))?|IT\s?\d{11}|NL\s?\d{3}\s?\d{3}\s?\d{3}\s?B\d{2}|BE\s?0\d{3}\.?\d{3}\.?\d{3}|PL\s?\d{10}|IE\s?\d[A-Z0-9]\d{5}[A-Z]{1,2}|LU\s?\d{4}\s?\d{4}|"
    r"[A-Z]-?\d{8}|\d{8}-?[A-Z]|9[1-3]\d{6}[A-Z0-9]{10})(?![A-Za-z0-9])"
)
_MISREAD = {"O": "0", "I": "1", "S": "5", "B": "8", "Z": "2", "G": "6", "Q": "0", "D": "0"}
_REPAIRS = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A number that was found, as it should be written."""

    text: str
    start: int
    end: int
    sure: bool


def find_ibans(text: str) -> Iterator[Mark]:
    """IBANs; one whose checksum is wrong is mended if letters taken for digits explain it, else it is not sure."""
    at = 0
    while match := _IBAN.search(text, at):
        mark = _iban(match)
        at = mark.end if mark else match.start() + 1
        if mark:
            yield mark


def _iban(match: re.Match[str]) -> Mark | None:
    country = match[1]
    length = IBAN_LENGTHS.get(country)
    if length is None:
        return None
    end, compact = match.start(), ""
    while len(compact) < length and end < match.end():
        if match.string[end].isalnum():
            compact += match.string[end].upper()
        end += 1
    if len(compact) < length:
        return None
    written = match.string[match.start() : end]
    mended = compact if checks(compact) else _mended(compact)
    if mended is None or mended == compact:
        return Mark(written, match.start(), end, sure=mended is not None)
    grouped = " ".join(mended[i : i + 4] for i in range(0, len(mended), 4))
    return Mark(grouped if " " in written else mended, match.start(), end, sure=True)


def checks(compact: str) -> bool:
    """Whether the two check digits fit the rest (ISO 13616)."""
    if not compact.isascii() or not compact.isalnum():
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _mended(compact: str) -> str | None:
    """The IBAN with letters that digits are mistaken for set right, if that makes the checksum right."""
    places = [index for index, char in enumerate(compact) if index > 1 and char in _MISREAD]
    for choice in product((True, False), repeat=min(len(places), _REPAIRS)):
        chars = list(compact)
        for place, change in zip(places, choice, strict=False):
            if change:
                chars[place] = _MISREAD[chars[place]]
        if checks("".join(chars)):
            return "".join(chars)
    return None


def find_bics(text: str) -> Iterator[Mark]:
    """BICs. Any word in capitals may look like one, so only one with a digit or a branch of XXX is sure."""
    for match in _BIC.finditer(text):
        if match[1] in _BIC_COUNTRIES:
            sure = any(char.isdigit() for char in match[0]) or match[0].endswith("XXX")
            yield Mark(match[0], match.start(), match.end(), sure)


def find_vat_ids(text: str) -> Iterator[Mark]:
    """VAT numbers by the form that each country gives them; a Spanish or Chinese one has no prefix."""
    for match in _VAT_ID.finditer(text):
        yield Mark(match[0], match.start(), match.end(), sure=match[0][:2].isalpha())
