"""Rules of saved checks: plain operators over what was taken out of a document.

    status is paid or paid_on present
    kind is invoice and (amount over 1000 or due before today - 14 days) and not vendor contains "Ltd"

What a document does not tell is neither true nor false, so a rule may come out unclear. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from operator import ge, gt, le, lt
from typing import Any, get_args

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

from bot.checks import values
from inference.extraction import DOCUMENT_KINDS, PaymentStatus

NAMES = ("status", "kind", "answer", "vendor", "number", "date", "due", "paid_on", "amount", "currency", "account")
"""What a rule may speak of."""

_DAYS = ("date", "due", "paid_on")
_CHOICES: dict[str, tuple[str, ...]] = {
    "status": get_args(PaymentStatus),
    "kind": DOCUMENT_KINDS,
    "answer": ("yes", "no", "unclear"),
}
_ADVICE = (
    f"It joins conditions on {', '.join(NAMES)} with and, or, not, such as: status is unpaid and amount over 1000.50 "
    "and due before today - 14 days. Put values of several words in quotes."
)
_SOME_DAY = date(2026, 1, 1)
_LONGEST = 1_000
_DEEPEST = 30

_GRAMMAR = r"""
?start: either
?either: both (OR both)*
?both: unary (AND unary)*
?unary: NOT unary -> negation
      | "(" either ")"
      | NAME PRESENT -> present
      | NAME MISSING -> missing
      | NAME IS NOT value -> differs
      | NAME IS value -> equals
      | NAME CONTAINS value -> contains
      | NAME COMPARISON value -> compares
?value: DAY -> day
      | TODAY [SHIFT] -> today
      | NUMBER -> number
      | STRING -> string
      | WORD -> word
OR.4: /or\b/i
AND.4: /and\b/i
NOT.4: /not\b/i
IS.4: /is\b/i
PRESENT.4: /present\b/i
MISSING.4: /missing\b/i
CONTAINS.4: /contains\b/i
TODAY.4: /today\b/i
SHIFT.4: /[+-]\s*\d{1,4}\s+days?\b/i
COMPARISON.3: /(?:>=|<=|>|<|at\s+least\b|at\s+most\b|over\b|under\b|before\b|after\b)/i
NAME.2: /(?:NAMES)\b/i
DAY.3: /\d{4}-\d{2}-\d{2}/
NUMBER.1: /-?\d{1,15}(?:\.\d{1,4})?(?![\w.-])/
STRING: /"[^"\n]*"/
WORD: /[^\W\d][\w-]*/
%ignore /\s+/
""".replace("NAMES", "|".join(NAMES))

_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    ">": gt, "over": gt, "after": gt, "<": lt, "under": lt, "before": lt,
    ">=": ge, "at least": ge, "<=": le, "at most": le,
}  # fmt: skip

Told = Mapping[str, str | None]
"""What a document tells, by name."""

_Test = Callable[[Told, date], bool | None]
_Written = Callable[[date], date | Decimal | str]
"""A value of a rule; some depend on the day."""


class RuleError(ValueError):
    """A rule that cannot be understood; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was understood."""

    text: str

    def holds(self, told: Told, today: date) -> bool | None:
        """None where the document does not tell enough."""
        return _test(self.text)(told, today)


def parse(text: str) -> Rule:
    """RuleError if it is none."""
    if len(text) > _LONGEST or text.count("(") + text.lower().count("not") > _DEEPEST:
        raise RuleError("The rule is too long.")
    _test(text)
    return Rule(text)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


@lru_cache(maxsize=256)
def _test(text: str) -> _Test:
    try:
        return _Compiler().transform(_parser().parse(text))
    except UnexpectedInput as error:
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        rest = "" if ended else text[max(error.pos_in_stream or 0, 0) :][:20]
        where = f"at “{rest}”" if rest else "at its end"
        raise RuleError(f"The rule is not understood {where}. {_ADVICE}") from error
    except VisitError as error:
        raise RuleError(str(error.orig_exc)) from error


class _Compiler(Transformer[Token, _Test]):
    """A tree of the grammar to a test. Words that join are tokens; what they join are tests."""

    def either(self, children: list[Any]) -> _Test:
        return _joined(children, True)

    def both(self, children: list[Any]) -> _Test:
        return _joined(children, False)

    def negation(self, children: list[Any]) -> _Test:
        return _negated(children[1])

    def present(self, children: list[Any]) -> _Test:
        name = children[0].lower()
        return lambda told, today: _told(told, name) is not None

    def missing(self, children: list[Any]) -> _Test:
        return _negated(self.present(children))

    def equals(self, children: list[Any]) -> _Test:
        return _equality(children[0].lower(), children[2])

    def differs(self, children: list[Any]) -> _Test:
        return _negated(_equality(children[0].lower(), children[3]))

    def contains(self, children: list[Any]) -> _Test:
        name, written = children[0].lower(), children[2]
        return _when_told(name, lambda value, today: _key(str(written(today))) in _key(str(value)))

    def compares(self, children: list[Any]) -> _Test:
        name, written = children[0].lower(), children[2]
        compare = _COMPARES[" ".join(children[1].lower().split())]
        wanted = date if name in _DAYS else Decimal if name == "amount" else None
        if wanted is None or not isinstance(written(_SOME_DAY), wanted):
            raise RuleError(_unlike(name))
        return _when_told(name, lambda value, today: compare(value, written(today)))

    def day(self, children: list[Any]) -> _Written:
        try:
            day = date.fromisoformat(children[0])
        except ValueError as error:
            raise RuleError(f"There is no day {children[0]}.") from error
        return lambda today: day

    def today(self, children: list[Any]) -> _Written:
        shift = children[1].replace(" ", "").lower().rstrip("days") if len(children) > 1 else "0"
        return lambda today: today + timedelta(days=int(shift))

    def number(self, children: list[Any]) -> _Written:
        number = Decimal(children[0])
        return lambda today: number

    def string(self, children: list[Any]) -> _Written:
        text = str(children[0])[1:-1]
        return lambda today: text

    def word(self, children: list[Any]) -> _Written:
        text = str(children[0])
        return lambda today: text


def _joined(children: list[Any], decisive: bool) -> _Test:
    """True decides an or, False an and; what is not told does so only where nothing else decides."""
    tests = [child for child in children if not isinstance(child, Token)]

    def test(told: Told, today: date) -> bool | None:
        held = [one(told, today) for one in tests]
        return decisive if decisive in held else None if None in held else not decisive

    return test


def _negated(test: _Test) -> _Test:
    return lambda told, today: None if (held := test(told, today)) is None else not held


def _unlike(name: str) -> str:
    """What a name can be compared to, in a sentence."""
    if name in _DAYS:
        return f"{name} is a day: compare it to one like 2026-11-30, to today, or to today - 14 days."
    if name == "amount":
        return "amount is a sum: compare it to a number without a currency, such as 1000.50."
    return f"{name} has no order: say what it is, or what it contains."


def _equality(name: str, written: _Written) -> _Test:
    value = written(_SOME_DAY)
    choices = _CHOICES.get(name)
    if choices and _key(str(value)) not in map(_key, choices):
        raise RuleError(f"{name} is never “{value}”: it is one of {', '.join(choices)}.")
    if (name in _DAYS and not isinstance(value, date)) or (name == "amount" and not isinstance(value, Decimal)):
        raise RuleError(_unlike(name))
    if name == "status":
        return lambda told, today: _status_is(told, _key(str(written(today))))
    if name == "amount" or name in _DAYS:
        return _when_told(name, lambda value, today: value == written(today))
    return _when_told(name, lambda value, today: _key(str(value)) == _key(str(written(today))))


def _status_is(told: Told, wanted: str) -> bool | None:
    """A document without a status tells neither that it is paid nor that it is not."""
    status = told.get("status") or "none"
    return status == wanted if wanted == "none" or status != "none" else None


def _when_told(name: str, test: Callable[[Any, date], bool]) -> _Test:
    return lambda told, today: None if (value := _told(told, name)) is None else test(value, today)


def _told(told: Told, name: str) -> date | Decimal | str | None:
    text = told.get(name)
    if not text or (name == "status" and text == "none"):
        return None
    if name in _DAYS:
        return values.day(text)
    return values.amount(text) if name == "amount" else text


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
