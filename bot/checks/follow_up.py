"""Questions about a check's rows, answered by plain code."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from bot.checks import posts, question, replies, values
from bot.checks.report import Report
from bot.checks.verdicts import Row, holds

_STATES: tuple[tuple[str, Callable[[Row], bool]], ...] = (
    (r"could not be read|unread\w*|unreadable|not read", lambda row: row.verdict.word == "unread"),
    (r"unclear|without a status|no status|unknown", lambda row: row.verdict.word == "unclear"),
    (r"twice|duplicates?|the same", lambda row: bool(row.same_as)),
    (
        r"unpaid|not (?:yet )?paid|(?:still )?open|outstanding|owed|offene?n?|unbezahlt",
        lambda row: row.verdict.word == "no",
    ),
    (r"paid|settled|bezahlt", lambda row: row.verdict.word == "yes"),
)
_OVERDUE = re.compile(r"\b(?:overdue|past due|late|überfällig)\b", re.IGNORECASE)
_COUNT = re.compile(r"\b(?:how many|count|wie viele)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:totals?|sum|add up|altogether|how much|summe|insgesamt)\b", re.IGNORECASE)
_LIST = re.compile(r"\b(?:which|who|list|show|what|welche|those|only)\b", re.IGNORECASE)
_PER_VENDOR = re.compile(
    r"\b(?:per|by|(?:of|for)\s+(?:each|every)|each|pro|je|par|por)\s+"
    r"(?:vendor|seller|supplier|company|sender|lieferant|firma|fournisseur|proveedor)",
    re.IGNORECASE,
)
_SHORTEST_NAME = 4
_MOST_VENDORS = 50


def answer(text: str, whole: Report, today: date) -> str | None:
    """None where the question is not one that rows answer."""
    tests = list(_tests(text, whole.rows, today))
    summed = any(pattern.search(text) for pattern in (_COUNT, _TOTAL, _PER_VENDOR))
    if not summed and not (tests and _LIST.search(text)):
        return None
    rows = tuple(row for row in whole.urgent_first if all(test(row) for test in tests) and row.verdict.word != "other")
    found = Report(whole.asked, rows)
    parts = [replies.rows_found(len(rows)), *posts.totals(found)]
    if _PER_VENDOR.search(text):
        parts.append("\n".join(_by_vendor(found)))
    elif not summed:
        parts.append("\n".join(posts.listed(rows, payment=whole.asked.about_payment)))
    return "\n\n".join(filter(None, parts))


def _by_vendor(found: Report) -> Iterator[str]:
    """A line for each, those with most documents first."""
    of: dict[str, list[Row]] = defaultdict(list)
    for row in found.rows:
        of[_key(row.verdict.fields.vendor or "")].append(row)
    for rows in sorted(of.values(), key=lambda rows: (-len(rows), rows[0].verdict.fields.vendor or ""))[:_MOST_VENDORS]:
        name = posts.plain(rows[0].verdict.fields.vendor or replies.NO_VENDOR, 60)
        sums = [
            f"{values.written(sum(by.values(), Decimal()))} {posts.plain(currency)}"
            for currency, by in Report(found.asked, tuple(rows)).amounts().items()
        ]
        yield f"- **{name}**: {', '.join([replies.documents(len(rows)), *sums])}"


def _tests(text: str, rows: Sequence[Row], today: date) -> list[Callable[[Row], bool]]:
    """What a row has to fulfil to be meant."""
    conditions = question.parse(text).conditions
    tests: list[Callable[[Row], bool]] = []
    if conditions:
        tests.append(lambda row: all(holds(one, row.verdict.fields) for one in conditions))
    state = next((test for words, test in _STATES if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)), None)
    if _OVERDUE.search(text):
        tests.append(lambda row: _is_overdue(row, today))
    elif state:
        tests.append(state)
    named = _named(text, rows)
    if named:
        tests.append(lambda row: _key(row.verdict.fields.vendor or "") in named)
    return tests


def _is_overdue(row: Row, today: date) -> bool:
    due = values.day(row.verdict.fields.due) if row.verdict.fields.due else None
    return due is not None and due < today and row.verdict.word in ("no", "unclear")


def _named(text: str, rows: Sequence[Row]) -> set[str]:
    """The vendors that the question names, by their whole name or its first word."""
    spelled = _key(text)
    vendors = {row.verdict.fields.vendor or "" for row in rows}
    first = {vendor: _key(vendor.split()[0]) if vendor.split() else "" for vendor in vendors}
    said = [vendor for vendor in vendors if len(first[vendor]) >= _SHORTEST_NAME and first[vendor] in spelled]
    return {_key(vendor) for vendor in said}


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
