"""Values that a line of text holds: money, dates, numbers, accounts, addresses of every sort. Pure."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from inference.reader import lexicon
from inference.reader.accounts import find_bics, find_ibans, find_vat_ids
from inference.reader.dates import dates
from inference.reader.quantities import COLOUR, MEASURES, POSTAL, VERSION
from inference.reader.words import fold

CURRENCIES = {name: code for code, names in lexicon.table("patterns")["currencies"].items() for name in names}
"""The code of each currency by its signs and names."""

_LETTERS = sorted((name for name in CURRENCIES if name[0].isalpha() and name.isascii()), key=len, reverse=True)
_SIGNS = sorted((name for name in CURRENCIES if name not in _LETTERS), key=len, reverse=True)
_CURRENCY = rf"(?:(?<![a-z])(?:{'|'.join(map(re.escape, _LETTERS))})(?![a-z])\.?|{'|'.join(map(re.escape, _SIGNS))})"
_PERCENT = r"[%‰]|(?:prozent|per\ ?cent|pour\ cent|por\ ciento)(?![a-z])"
_LETTER_CODES = "eur|usd|gbp|chf|cny|rmb"
"""A model may lose the space between a code and the sum; of one length, as a look behind wants it."""

_NUMBER = r"""
    (?: \d{1,3}(?:[.,]\d{3})+[.,]\d{1,4}(?!\d) | \d{1,3}(?:[.,]\d{3})+(?![\d])
      | \d{1,3}(?:['\ ]\d{3})+(?:[.,]\d{1,4})?(?![\d]) | \d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d)
      | \d+[.,]\d{1,4}(?!\d) | \d+(?:[.,]-{1,2})? )
"""
_AMOUNT = re.compile(
    rf"(?P<before>{_CURRENCY}\s*)?(?P<open>\()?(?P<sign>(?<!\w)[-+]\s?)?(?P<inner>{_CURRENCY}\s*)?"
    rf"(?:(?<![a-z\d_.,'/])|(?<=^[.,])|(?<=\.\.)|(?<=\bx)|(?<={_LETTER_CODES}))(?<![\w/]-)(?P<number>{_NUMBER})"
    rf"(?P<after>\s*(?:{_CURRENCY}|{_PERCENT}))?(?![a-z\d_]|[/-]\d)(?P<close>\))?(?P<minus>-(?!\w))?",
    re.VERBOSE,
)

_EMAIL = re.compile(r"[a-zA-Z\d_.+-]+\s?@\s?[a-zA-Z\d_-]+(?:\.[a-zA-Z\d_-]+)+")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s,;，；]+|(?<![@\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|de|fr|es|uk|ch|at|cn|eu|io|example|info|dev|app|shop)(?:/[^\s,;]*)?(?![\w@])",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d:.,])(?:[01]?\d|2[0-3])(?:\s?:\s?[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?|\s?[ap]\.?m\b\.?"
    r"|\s?h\s?(?:[0-5]\d)?(?![a-z\d])|\.[0-5]\d\s?[ap]\.?m\b\.?|[.:][0-5]\d\s?uhr|\s?uhr\b|\s?[点點时時](?:\s?[0-5]?\d\s?分|半)?)(?!\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![a-zA-Z\d_.,/+-])(?:\+|00|\(\+?)?\(?\d[\d\s()./\-]{5,20}\d(?!-?[a-zA-Z\d_])")
_ACCOUNT = re.compile(r"(?<![a-zA-Z\d_.,/+-])\d(?:[ -]?\d){7,27}(?![\w.,/-]*\d)")
_METHOD = re.compile(
    rf"{lexicon.alternatives('method')}(?: {lexicon.alternatives('method')})?"
    rf"(?:\s*(?:[*x•.]*|{lexicon.alternatives('ending_in')})\s?\d{{4}}\b)?(?!-?\d)"
)
_DURATION = re.compile(
    rf"{lexicon.alternatives('duration')}(?:\s?(?:(?:and|und|et|y)\s)?\d{{1,2}}\s?(?:min(?:ute)?[sn]?|minutos?|分钟?)(?![a-z])"
    r"|(?<=h)\s?[0-5]\d(?!\d)|(?<=h\.)\s?[0-5]\d(?!\d))?"
)
_TERM = lexicon.expression("patterns", "term")
_CODE = re.compile(
    r"(?<![a-zA-Z\d_])(?![xX]\d+\b|\d+[xX]\b)(?=[\w./\-]*\d)[A-Za-z0-9][\w./\-]*[A-Za-z0-9](?![\w])|(?<![\w.,/-])\d(?![\w.,/-])"
)
_CURRENCY_NAME = re.compile(_CURRENCY)


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a text, from ``start`` to ``end``. ``text`` is what stands there, mended where a checksum says how."""

    kind: str
    text: str
    start: int
    end: int
    number: Decimal | None = None
    currency: str = ""
    day: datetime.date | None = None
    sure: bool = True
    """Its form alone tells what it is: a sum with a currency, a date with its year, an IBAN whose checksum is right."""


@lru_cache(maxsize=8192)
def values(text: str) -> tuple[Value, ...]:
    """All values in the text from left to right. Values of different kinds may overlap, such as a number in a date."""
    flat = fold(text)
    found = [
        *_plain("email", _EMAIL, text),
        *_plain("url", _URL, text),
        *find_values_of_accounts(text),
        *(Value("date", text[d.start : d.end], d.start, d.end, day=d.day, sure=d.full) for d in dates(text)),
        *_plain("time", _TIME, text),
        *_phones(text),
        *_amounts(text),
        *_hundredths(text),
        *_plain("method", _METHOD, text, flat),
        *_plain("term", _TERM, text, flat),
        *_plain("duration", _DURATION, text, flat),
        *_plain("code", _CODE, text),
        *_plain("account", _ACCOUNT, text),
        *_plain("currency", _CURRENCY_NAME, text, flat),
        *_plain("colour", COLOUR, text, flat),
        *_plain("version", VERSION, text),
        *_plain("postal", POSTAL, text),
        *(value for kind, form in MEASURES.items() for value in _plain(kind, form, text)),
    ]
    return tuple(sorted(_settled(found), key=lambda value: (value.start, -value.end)))


def find_values_of_accounts(text: str) -> Iterator[Value]:
    """IBANs, BICs and VAT numbers."""
    for kind, marks in (("iban", find_ibans(text)), ("bic", find_bics(text)), ("vat_id", find_vat_ids(text))):
        for mark in marks:
            yield Value(kind, mark.text, mark.start, mark.end, sure=mark.sure)


def is_measure(number: Value, found: Iterable[Value]) -> bool:
    """Whether a unit follows the number, so that it is no sum of money: 236 kg."""
    return number.kind == "number" and any(
        value.kind in MEASURES and value.start <= number.start and number.end <= value.end for value in found
    )


_RANK = {
    "email": 0,
    "iban": 0,
    "date": 1,
    "time": 1,
    "vat_id": 2,
    "phone": 3,
    "url": 3,
    "account": 4,
    "percent": 4,
    "money": 5,
    "number": 6,
    "code": 6,
}
"""What is settled first. A value gives way to one that is settled before, sure of itself and shares its text."""

_EITHER = {
    ("code", "vat_id"),
    ("number", "money"),
    ("number", "code"),
    ("code", "number"),
    ("code", "phone"),
    ("phone", "vat_id"),
    ("code", "account"),
}
"""Kinds, the later one first, that one text may be: which of them it is depends on what stands beside it."""


def _settled(found: list[Value]) -> list[Value]:
    kept: list[Value] = []
    for value in sorted(found, key=lambda value: (_RANK.get(value.kind, 9), not value.sure, value.start)):
        if not any(_yields(value, rival) for rival in kept):
            kept.append(value)
    days = [value for value in kept if value.kind == "date"]
    kept = [v for v in kept if v.kind not in ("term", "duration") or not any(_within(v, day) for day in days)]
    figures = [value for value in kept if value.kind in ("number", "code")]
    return [value for value in kept if value not in figures or not any(_within(value, other) for other in figures)]


def _yields(value: Value, rival: Value) -> bool:
    if value.end <= rival.start or value.start >= rival.end or value.kind not in _RANK or rival.kind not in _RANK:
        return False
    if (value.kind, rival.kind) in _EITHER:
        return (value.kind == "code" or (value.kind == "phone" and rival.sure)) and _within(value, rival)
    return rival.sure or rival.kind in ("date", "percent") or value.kind in ("code", "number")


def _within(value: Value, other: Value) -> bool:
    """A figure within a code is none of its own, nor is a piece of a number a code."""
    return value.start >= other.start and value.end <= other.end and value.end - value.start < other.end - other.start


def _plain(kind: str, form: re.Pattern[str], text: str, flat: str = "") -> Iterator[Value]:
    """What takes the form, in the text as it is or folded."""
    for match in form.finditer(flat or text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        stripped = text[start : match.end()].rstrip().rstrip(".,;")
        if stripped:
            said = _with_letters(stripped) if kind == "email" else stripped
            yield Value(kind, said, start, start + len(stripped))


_ENDING = re.compile(r"\.[^.@]*$")
_DIGITS = str.maketrans("105", "los")


def _with_letters(address: str) -> str:
    """The address with its last part set right: the names of top level domains hold no digits."""
    return _ENDING.sub(lambda match: match[0].translate(_DIGITS), address)


SHORTEST_ABROAD = 10
"""Figures of a number that is dialled from abroad, with what is dialled first."""


_SHORT_PHONE = re.compile(
    rf"{lexicon.alternatives('dial')}\s*(?P<number>\d{{3,6}})(?![\d.,/-]?\d|[\d.,]* ?(?:times|mal|fois|veces|%))"
)
"""A number of few figures, known by the word before it: in a power cut ring 105."""


def _phones(text: str) -> Iterator[Value]:
    for match in _SHORT_PHONE.finditer(fold(text)):
        yield Value("phone", match["number"], *match.span("number"), sure=False)
    for match in _PHONE.finditer(text):
        number = match[0].strip(" ./-")
        digits = sum(char.isdigit() for char in number)
        abroad = number.startswith(("+", "(+")) or (number.startswith("00") and digits >= SHORTEST_ABROAD)
        # More figures are those of a register or an account.
        if 7 <= digits <= (15 if abroad else 12) and number.count("(") == number.count(")"):
            start = match.start() + match[0].index(number)
            yield Value("phone", number, start, start + len(number), sure=abroad)


_LINE_OF_FILE = re.compile(r"\w\.[a-z]\w{0,4}:$")
"""What stands before a number that is a line of a file: app.py:87."""


def _amounts(text: str) -> Iterator[Value]:
    flat = _without_days(fold(text))
    for match in _AMOUNT.finditer(flat):
        number = _decimal(match["number"])
        if number is None or _LINE_OF_FILE.search(flat, 0, match.start("number")):
            continue
        signs = [part.strip() for part in (match["before"], match["inner"], match["after"]) if part]
        start, end = match.start(), match.end()
        if _negative(match):
            number = -number
        if not (match["open"] and match["close"]):
            start, end = _without_brackets(match, start, end)
        start += len(flat[start:end]) - len(flat[start:end].lstrip())
        written = text[start:end].rstrip()
        currency = next((CURRENCIES[sign.rstrip(".")] for sign in signs if sign.rstrip(".") in CURRENCIES), "")
        percent = any(re.fullmatch(_PERCENT, sign, re.VERBOSE) for sign in signs)
        if percent:
            yield Value("percent", written, start, start + len(written), number)
        elif currency or _looks_like_money(match["number"]):
            yield Value("money", written, start, start + len(written), number, currency, sure=bool(currency))
        if not currency and not percent:
            at = match.start("number")
            yield Value("number", match["number"], at, at + len(match["number"]), number)


_HUNDREDTHS = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,3}[.,]\d{1,4}(?=\s?(?:p|cts?)(?!\w))|\d{1,3}(?:[.,]\d{1,4})?(?=\s?(?:pence|cents?|centim[eo]s?)(?!\w)))"
    r"\s?(?:pence|p|cents?|cts?|centim[eo]s?)"
)


def _hundredths(text: str) -> Iterator[Value]:
    """Prices in pence or cents: 13.40p, 9,10 ct."""
    for match in _HUNDREDTHS.finditer(fold(text)):
        number = _decimal(match["number"])
        if number is not None:
            yield Value("money", text[slice(*match.span())], *match.span(), number / 100)


def _without_days(flat: str) -> str:
    """The text with blanks for its full dates, whose years are no sums though a currency may follow."""
    for date in dates(flat):
        if date.full:
            flat = flat[: date.start] + " " * (date.end - date.start) + flat[date.end :]
    return flat


def _without_brackets(match: re.Match[str], start: int, end: int) -> tuple[int, int]:
    """A bracket on one side alone belongs to the sentence around."""
    if match["open"] and not match["close"]:
        start = (
            match.start("sign") if match["sign"] else match.start("inner") if match["inner"] else match.start("number")
        )
    if match["close"] and not match["open"]:
        end = match.start("close")
    return start, end


def _negative(match: re.Match[str]) -> bool:
    bracketed = bool(match["open"] and match["close"])
    return bracketed or (match["sign"] or "").strip() == "-" or bool(match["minus"])


def _looks_like_money(number: str) -> bool:
    """Two decimals, or a dash for none."""
    return bool(re.search(r"[.,](\d{2}|-{1,2})$", number))


def _decimal(written: str) -> Decimal | None:
    """The number, whichever way thousands and decimals are set apart; three digits behind one sign are thousands."""
    text = re.sub(r"[' ]", "", written).rstrip("-").rstrip(".,")
    separators = re.findall(r"[.,]", text)
    if separators:
        last = max(text.rfind("."), text.rfind(","))
        tail = text[last + 1 :]
        thousands = len(tail) == 3 and len(set(separators)) == 1 and not text.startswith("0")
        whole = re.sub(r"[.,]", "", text if thousands else text[:last])
        text = whole if thousands else f"{whole}.{tail}"
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
