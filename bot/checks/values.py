"""Amounts and days as people and models write them, read by plain code. Pure."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

_CURRENCIES = {
    "EUR": ("€", "eur", "euro", "euros"),
    "USD": ("$", "us$", "usd", "dollar", "dollars"),
    "GBP": ("£", "gbp", "pound", "pounds"),
    "CHF": ("chf", "fr.", "franken", "francs"),
    "CNY": ("¥", "￥", "cny", "rmb", "yuan", "元"),
    "JPY": ("jpy", "yen", "円"),
}
_CODES = {name: code for code, names in _CURRENCIES.items() for name in names}
_NUMBER = re.compile(r"\d[\d.,'’ \u00a0\u202f]*")
FIRST_YEAR, LAST_YEAR = 1971, 2200

LARGEST = Decimal(10) ** 15
"""Beyond this, digits are no sum."""


def amount(text: str) -> Decimal | None:
    """The first number, whichever way thousands and decimals are set apart; three digits behind one sign are thousands
    unless they follow a nought."""
    match = _NUMBER.search(text)
    if match is None:
        return None
    digits = re.sub(r"[^\d.,]", "", match[0]).rstrip(".,")
    signs = re.findall(r"[.,]", digits)
    if signs:
        whole, _, tail = digits.rpartition(signs[-1])
        thousands = len(tail) == 3 and len(set(signs)) == 1 and not whole.startswith("0")
        digits = re.sub(r"[.,]", "", digits if thousands else whole) + ("" if thousands else f".{tail}")
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return None
    negative = text[: match.start()].rstrip().endswith(("-", "−"))
    return (-number if negative else number) if number < LARGEST else None


def written(number: Decimal) -> str:
    """As JSON and tables have it: ``1234.50``."""
    return f"{number:.2f}"


def currency(text: str) -> str | None:
    """The code of a sign, a name or a code; None for anything else."""
    plain = text.strip()
    if plain.lower() in _CODES:
        return _CODES[plain.lower()]
    return plain.upper() if re.fullmatch(r"[A-Za-z]{3}", plain) else None


def day(text: str) -> date | None:
    """A day with its year; 03/04/2026 is in April."""
    plain = text.strip()[:60]
    try:
        return _sane(date.fromisoformat(plain[:10]))
    except ValueError:
        return _parsed(plain, {"REQUIRE_PARTS": ["day", "month", "year"]})


def past_day(text: str, today: date) -> date | None:
    """A day that a person names, who leaves out the year of one that has been: 1 October, yesterday, last Monday."""
    now = datetime.combine(today, datetime.min.time())
    return _parsed(text.strip()[:60], {"PREFER_DATES_FROM": "past", "RELATIVE_BASE": now})


def _parsed(text: str, settings: dict[str, object]) -> date | None:
    import dateparser  # takes half a second

    languages = ["en", "de", "fr", "es", "zh"]
    try:
        found: datetime | None = dateparser.parse(text, languages=languages, settings={"DATE_ORDER": "DMY", **settings})
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # what it makes of odd texts
        return None
    return _sane(found.date()) if found else None


def _sane(found: date) -> date | None:
    """Days of which no reckoning leaves the calendar, nor any that platforms take."""
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
