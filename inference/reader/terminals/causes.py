"""Why something on a console failed: the message that tells the cause, not those that follow from it. Pure."""

import re
from collections.abc import Sequence

from inference.reader.faults import Fault, faults
from inference.reader.matching import likeness
from inference.reader.sheet import Sheet
from inference.reader.stamps import stamp
from inference.reader.stop import stop
from inference.reader.terminals.asking import Asked, Needle
from inference.reader.terminals.console import Unit, units
from inference.reader.terminals.matches import in_text
from inference.reader.terminals.senses import spans
from inference.reader.terminals.telling import Told
from inference.reader.words import alike, fold, words

SERIOUS = 0.42
"""A message with a lower score announces another or follows from one."""

NAMED = 0.9
"""What a message says that speaks of the very thing."""

_CAUSED = re.compile(r"\W*(?:caused by|root cause|reason|ursache|grund|cause|causa|motivo|原因)\s?[:：]")


def cause(sheets: Sequence[Sheet], asked: Asked, least: float = SERIOUS) -> Told | None:
    """The first of the messages that speak of what the question names, or of anything if none does."""
    found = sorted(faults(sheets), key=lambda fault: (fault.cells[0].page, fault.cells[0].row))
    named = [fault for fault in found if _CAUSED.match(fold(fault.text))]
    if named:
        return Told("", named[-1].cells, 0.95)
    serious = [fault for fault in found if fault.score > least]
    if not serious:
        return None
    shares = [_speaks_of(fault, asked) for fault in serious]
    best = max(shares)
    chosen = next(number for number, share in enumerate(shares) if share > 0.75 * best or not best)
    only_says_so = best < NAMED or _restates(serious[chosen], asked)
    return Told("", serious[_first_of_run(serious, chosen) if only_says_so else chosen].cells, 0.9)


def message(sheets: Sequence[Sheet], asked: Asked) -> Told | None:
    """The message that speaks of what the question names, where the page holds others too."""
    named = [needle for needle in asked.telling if needle.weight >= 1.0]
    warns = any(needle.senses & {"warning"} for needle in asked.needles)
    said = [unit for sheet in sheets for unit in units(sheet) if unit.fault > SERIOUS or (warns and _warns(unit))]
    shares = [sum(_names(needle, unit) for needle in named) + (warns and _warns(unit)) for unit in said]
    best = max(shares, default=0.0)
    if best < ENOUGH or min(shares) == best:
        return None
    own = [unit for unit, share in zip(said, shares, strict=True) if share == best]
    return Told("", max(own, key=lambda unit: unit.fault).cells, 0.9)


ENOUGH = 0.9


def _names(needle: Needle, unit: Unit) -> float:
    """How surely the message, or the command that gave it, names it: a panic by that very word."""
    if "error" in needle.senses:
        # Any message may be called one.
        return 0.0
    if needle.senses & {"fail", "exception"}:
        return float(len(needle.literal) > 4 and needle.literal[:5] in fold(unit.text))
    return in_text(needle, f"{unit.command} {unit.text}")[0]


def _warns(unit: Unit) -> bool:
    return any("warning" in span.senses for span in spans(unit.text))


def _restates(fault: Fault, asked: Asked) -> bool:
    """Whether the message says little but what the question does: that it failed."""
    said = [word for word in words(fault.text[len(stamp(fault.text)) :]) if word.text.isalpha()]
    asks = [word.text for word in words(asked.text)]
    failing = [span for span in spans(fault.text) if span.senses & {"fail", "error", "stop"}]
    fresh = [
        word
        for word in said
        if word.text not in stop().words
        and not any(alike(word.text, one) or (len(one) > 5 and word.text.startswith(one[:5])) for one in asks)
        and not any(span.start <= len(stamp(fault.text)) + word.start < span.end for span in failing)
    ]
    return sum(len(w.text) for w in fresh) < 0.45 * sum(len(w.text) for w in said)


def _first_of_run(found: Sequence[Fault], number: int) -> int:
    """The first of the messages that stand together, from which the others follow."""
    while number and found[number].cells[0].row - found[number - 1].cells[-1].row <= 2:
        number -= 1
    return number


def _speaks_of(fault: Fault, asked: Asked) -> float:
    """The weight of what the question names and the message says too: what is done there says less than names."""
    senses = {sense for span in spans(fault.text) for sense in span.senses}
    done = sum(0.4 * needle.weight for needle in asked.needles if needle.senses & senses - {"fail", "error"})
    return done + sum(n.weight for n in asked.needles if not n.senses and likeness(n.literal, fault.text))
