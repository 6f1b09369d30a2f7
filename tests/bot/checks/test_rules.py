"""Rules of saved checks."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.rules import NAMES, RuleError, parse

TODAY = date(2026, 11, 22)
TOLD = {
    "status": "none", "kind": "invoice", "vendor": "Calder & Finch Ltd", "number": "17", "amount": "1200.00",
    "due": "2026-11-01", "currency": "EUR", "paid_on": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ("status is paid or paid_on present", None),
        ("status is none", True),
        ("status is not paid", None),
        ("kind is invoice", True),
        ("KIND IS NOT invoice", False),
        ("amount over 1000", True),
        ("amount > 1200", False),
        ("amount at least 1200.00", True),
        ("amount under 5 or number is 17", True),
        ("due before today - 14 days", True),
        ("due after today", False),
        ("due after 2026-10-31 and due <= 2026-11-01", True),
        ("date before 2026-01-01", None),
        ("date missing", True),
        ('vendor contains "calder and"', False),
        ('vendor contains "CALDER & F"', True),
        ("not (paid_on present)", True),
        ("paid_on before today and amount over 5000", False),
        ("paid_on before today or amount over 5000", None),
        ("kind is receipt or kind is invoice and amount over 1", True),
        ("(kind is receipt or kind is invoice) and not amount over 1", False),
    ],
)
def test_rules(rule: str, held: bool | None) -> None:
    assert parse(rule).holds(TOLD, TODAY) is held


@pytest.mark.parametrize(
    "text",
    [
        "", "status", "status is", "total over 3", "amount over x", "due before 2026-13-01", "vendor over 3",
        "(kind is invoice", "kind is invoice kind is invoice", "due before 3", "__import__", "((((" * 20,
        "not " * 40 + "kind is a", "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_said(text: str) -> None:
    with pytest.raises(RuleError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("status is bezahlt", "one of paid, unpaid, none"),
        ("kind is bill", "one of invoice, receipt"),
        ("amount over today", "such as 1000.50"),
        ("due is 5", "like 2026-11-30"),
        ("vendor over 3", "or what it contains"),
        ("amount over 1,000", "at “,000”. It joins conditions on status"),
        ("status is paid and", "at its end. It joins"),
    ],
)
def test_what_to_write_instead_is_said(text: str, advice: str) -> None:
    with pytest.raises(RuleError, match=re.escape(advice)):
        parse(text)


_TESTS = st.sampled_from(
    ["status is paid", "status is none", "paid_on present", "amount over 100", "due before today", "number is 17"]
)
_RULES = st.recursive(
    _TESTS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda three: f"({' '.join(three)})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=6,
)
_TOLD = st.fixed_dictionaries({name: st.none() | st.text(max_size=12) for name in NAMES})


@given(_RULES, _TOLD)
def test_a_rule_and_its_negation_are_opposites(rule: str, told: dict[str, str | None]) -> None:
    held, negated = parse(rule).holds(told, TODAY), parse(f"not ({rule})").holds(told, TODAY)
    assert negated is (None if held is None else not held)


@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*NAMES, "is", "not", "and", "(", ")", "over", "3"])).map(" ".join)
)
def test_any_text_is_a_rule_or_none(text: str) -> None:
    try:
        rule = parse(text)
    except RuleError:
        return
    rule.holds(TOLD, TODAY)
