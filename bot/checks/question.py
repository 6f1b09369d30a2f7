"""What a check's question asks of each document. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt

from bot.checks import values
from bot.checks.rules import Rule
from inference.extraction import DocumentKind

_KINDS: tuple[tuple[DocumentKind, str], ...] = (
    ("delivery note", r"delivery notes?|packing slips?|lieferscheine?n?|bons? de livraison|albar[aá]n(?:es)?|送货单"),
    ("statement", r"(?:account|bank) statements?|kontoausz[uü]ge?n?|relev[eé]s? de compte|extractos?|对账单"),
    ("reminder", r"reminders?|mahnung(?:en)?|relances?|recordatorios?|催款"),
    ("invoice", r"invoices?|bills?|rechnung(?:en)?|factures?|facturas?|发票|發票|账单"),
    ("receipt", r"receipts?|quittung(?:en)?|kassenbons?|belege?|re[cç]us?|recibos?|tickets? de caisse|收据|小票"),
    ("quote", r"quotes?|quotations?|angebote?|devis|presupuestos?|报价单"),
    ("order", r"purchase orders?|bestellung(?:en)?|bons? de commande|pedidos?|订单"),
    ("contract", r"contracts?|agreements?|vertr[aä]ge?n?|contrats?|contratos?|合同"),
    ("letter", r"letters?|briefe?|lettres?|cartas?|信件"),
)
_PAYMENT = re.compile(
    r"\b(?:un|pre|re)?paid\b|\bpayments?\b(?! (?:terms?|methods?|details?|dates?))|\bsettled\b|\boutstanding\b"
    r"|\boverdue\b|\b(?:still|are|is) (?:open|owed)\b|\bopen invoices?\b|\bbezahlt|\bunbezahlt|\bbeglichen"
    r"|\boffene?n?\b|\büberfällig|\bzahlungs(?:status|eingang)"
    r"|\bpay[eé]e?s?\b|\bimpay[eé]|\br[eé]gl[eé]e?s?\b|\bpagad[oa]s?\b|\bimpagad|\bpendientes?\b|\babonad"
    r"|付款|已付|未付|支付|付清|结清",
    re.IGNORECASE,
)

_COMPARISONS: tuple[tuple[str, Callable[[Decimal, Decimal], bool], str], ...] = (
    ("at least", ge, r"at least|from|mindestens|au moins|al menos|至少|>="),
    ("at most", le, r"at most|up to|no more than|höchstens|bis zu|au plus|como mucho|最多|<="),
    ("over", gt, r"over|above|more than|greater than|exceed(?:s|ing)?|über|mehr als|plus de|más de|超过|大于|>"),
    ("under", lt, r"under|below|less than|unter|weniger als|moins de|menos de|低于|少于|<"),
)
_SUM = (
    r"\s*(?P<before>[€$£¥]|eur|usd|gbp|chf)?\s*(?P<number>\d[\d.,']*\d|\d)"
    r"\s*(?P<after>[€$£¥元]|euros?\b|eur\b|dollars?\b|usd\b|pounds?\b|gbp\b|chf\b|yuan\b)?"
)
_DATED = re.compile(
    r"\b(?P<field>due|dated|issued|made out|fällig|datiert)\s+"
    r"(?P<relation>before|by|until|after|since|on or after|vor|bis|nach|seit)"
    r"\s+(?P<day>[^?,;]+?)(?=\s*(?:[?,;]|$|\band\b|\bund\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SumIs:
    """The total compares to a sum; of any currency where none is named."""

    words: str
    compare: Callable[[Decimal, Decimal], bool]
    limit: Decimal
    currency: str | None


@dataclass(frozen=True, slots=True)
class DayIs:
    """A day of the document lies before or after another."""

    words: str
    field: str
    """``date`` or ``due``."""
    before: date | None = None
    after: date | None = None
    """Both included."""


Condition = SumIs | DayIs


@dataclass(frozen=True, slots=True)
class Asked:
    """``kind`` is None where the question is for any document."""

    text: str
    kind: DocumentKind | None
    payment: bool
    conditions: tuple[Condition, ...]
    rule: Rule | None = None
    """Decides instead of the words, where a saved check has one."""
    shown: frozenset[str] = frozenset()
    """Fields to show; all if empty."""

    @property
    def about_payment(self) -> bool:
        """Whether yes means paid and no means open."""
        return self.payment and self.rule is None

    @property
    def wants_status(self) -> bool:
        return self.payment or (self.rule is not None and "status" in self.rule.text.lower())


def parse(text: str) -> Asked:
    """The question, understood as far as plain code has to."""
    return Asked(
        text=" ".join(text.split()),
        kind=next((kind for kind, words in _KINDS if _names(words, text)), None),
        payment=_PAYMENT.search(text) is not None,
        conditions=(*_sums(text), *_days(text)),
    )


def _names(words: str, text: str) -> bool:
    return re.search(rf"(?<![a-zäöü])(?:{words})(?![a-zäöü])", text, re.IGNORECASE) is not None


def _sums(text: str) -> Iterator[SumIs]:
    taken: list[tuple[int, int]] = []
    for name, compare, words in _COMPARISONS:
        for match in re.finditer(rf"(?<!\w)(?:{words}){_SUM}(?![\w.,/-]*\d)", text, re.IGNORECASE):
            limit = values.amount(match["number"])
            sign = match["before"] or match["after"]
            if limit is None or (name == "at least" and sign is None and match[0].lower().startswith("from")):
                continue
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                taken.append(match.span())
                yield SumIs(match[0].strip(), compare, limit, values.currency(sign) if sign else None)


def _days(text: str) -> Iterator[DayIs]:
    for match in _DATED.finditer(text):
        found = values.day(match["day"])
        if found is None:
            continue
        field = "due" if match["field"].lower() in ("due", "fällig") else "date"
        relation = match["relation"].lower()
        words = match[0].strip()
        if relation in ("by", "until", "bis"):
            yield DayIs(words, field, before=found)
        elif relation in ("since", "on or after", "seit"):
            yield DayIs(words, field, after=found)
        elif relation in ("before", "vor"):
            yield DayIs(words, field, before=date.fromordinal(found.toordinal() - 1))
        else:
            yield DayIs(words, field, after=date.fromordinal(found.toordinal() + 1))
