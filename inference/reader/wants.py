"""Which concepts a question may mean. Pure."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from inference.reader import glossary, lexicon
from inference.reader.quantities import MEASURES
from inference.reader.stop import stop
from inference.reader.words import Word, fold, is_han

KINDS = {
    "place": ("address", "text", "name", "url"),
    "name": ("name",),
    "number": ("number", "money"),
    "money": ("money", "percent"),
    "date": ("date", "term"),
    "duration": ("duration", "term"),
}
"""The kinds of values that a question word agrees with, where they are not named alike."""

IDENTIFIERS = frozenset({"code", "number", "phone", "account", "iban", "bic", "vat_id", "error", "text"})
"""The kinds of values that may be called a number."""

PARTIES = frozenset({"vendor", "customer", "sender", "recipient", "director"})
"""Who owns what is asked for, more often than what is asked for: the seller's phone number."""

RIVAL = 0.5
"""The share of the best score from which on a concept is worth a try."""

LEAST = 0.7

_OF = re.compile(rf"\W+{lexicon.alternatives('of')}\W+", re.IGNORECASE)

_TOLD_OF_TOTAL = {
    "tax": re.compile(lexicon.alternatives("tax_included")),
    "discount": re.compile(lexicon.alternatives("discount_taken")),
}
"""What says of a total that a tax is part of it or a discount taken off, which is then not asked for."""

OWNER = 0.4
"""What a concept counts that owns what is asked for: the contact phone, the buyer's."""

OF_TOTAL = 0.15
"""The same of what has a total: the total of the delivery note."""


@dataclass(frozen=True, slots=True)
class Want:
    """A concept that the question may mean, with a score to compare it by."""

    concept: str
    score: float
    words: frozenset[int] = frozenset()
    named: bool = True
    """The question names it, rather than asking for it in other words."""


def wants(text: str, parts: Sequence[Word], kind: str, standing: frozenset[str]) -> tuple[Want, ...]:
    """The concepts that the question may mean, likely ones first: named by a label, or asked for in other words."""
    scores: dict[str, Want] = {}
    for want in (*_named(text, parts, kind, standing), *_numbers_of(parts), *_asked(text, parts, kind)):
        _keep(scores, want, kind)
    if "subtotal" in scores and not scores["subtotal"].named and "total" in scores:
        # The total without tax is another.
        scores["total"] = replace(scores["total"], score=0.3 * scores["total"].score)
    for name, form in _TOLD_OF_TOTAL.items():
        said = form.search(fold(text))
        if said and "total" in scores:
            used = {index for index, part in enumerate(parts) if said.start() <= part.start < said.end()}
            scores["total"] = replace(scores["total"], words=scores["total"].words | used)
            scores.pop(name, None)
    for want in [*scores.values()]:
        if want.named and lexicon.concept(want.concept).soft and _is_part(want, scores.values(), parts):
            # The price per litre is no mere price.
            scores[want.concept] = replace(want, score=0.5 * want.score)
    for want in [*scores.values()]:
        other = _measured_in(want, scores.values())
        if other is not None:
            # À quel kilométrage la prochaine vidange: the next service tells its distance.
            scores[want.concept] = replace(want, score=0.4 * want.score)
            scores[other.concept] = replace(other, words=other.words | want.words)
    # How much is no day.
    possible = {name: want for name, want in scores.items() if kind != "money" or not _is_moment(name)}
    best = sorted((_modest(want, possible) for want in possible.values()), key=lambda want: -want.score)
    return tuple(want for want in best if want.score >= RIVAL * best[0].score and want.score > LEAST)


def _measured_in(want: Want, others: Iterable[Want]) -> Want | None:
    """What the question names besides, where the want only says in what that is measured."""
    kind = lexicon.concept(want.concept).kinds[0]
    rest = (other for other in others if other.named and not (other.words & want.words))
    told = (other for other in rest if kind in lexicon.concept(other.concept).kinds)
    return next(told, None) if want.named and want.concept == "mileage" else None


def _is_moment(name: str) -> bool:
    return set(lexicon.concept(name).kinds) <= {"date", "time"}


def _is_part(want: Want, others: Iterable[Want], parts: Sequence[Word]) -> bool:
    """Whether another takes some of its words and more, and no soft one."""
    firm = (other for other in others if not lexicon.concept(other.concept).soft)
    telling = {index for index in want.words if parts[index].text not in stop().opening}
    return any(telling & other.words and other.words - want.words for other in firm)


def _numbers_of(parts: Sequence[Word]) -> Iterator[Want]:
    """Whose number is asked for, where that stands behind: numéro de patient is the patient's number."""
    for index, part in enumerate(parts[:-2]):
        if part.text == "no" and parts[index + 1].text in stop().linking | _OWNING:
            at = next((i for i in range(index + 2, len(parts)) if parts[i].text not in stop().linking | _OWNING), None)
            if at is None or at > index + 4:
                continue
            spelled = f"{parts[at].text} no"
            for label in lexicon.labels(spelled, loose=True):
                if label.end == len(spelled) and label.start == 0 and label.weight > 0.9:
                    yield Want(label.concept, 1.5 * _say(parts[at].text) + 1, frozenset(range(index, at + 1)))


_OWNING = frozenset(("de", "du", "d", "des", "der", "del", "of", "vom", "von"))


def _named(text: str, parts: Sequence[Word], kind: str, standing: frozenset[str]) -> Iterator[Want]:
    found, things = lexicon.labels(text, loose=True), _things(parts)
    summed = {(label.start, label.end) for label in found if lexicon.concept(label.concept).soft}
    totalled = any(label.concept == "total" and (label.start, label.end) not in summed for label in found)
    for label in found:
        used = frozenset(i for i, part in enumerate(parts) if part.start >= label.start and part.end <= label.end)
        spelled = [parts[index].text for index in used]
        slip = label.weight not in (1.0, lexicon.WEAK)
        guessed = slip and (label.weight < lexicon.WEAK or any(word in standing for word in spelled))
        guessed = guessed or (slip and all(word in stop().words | stop().documents for word in spelled))
        # Shopping is no shipping.
        guessed = guessed or (slip and len(spelled) == 1 and glossary.knows(spelled[0]))
        # The invoice comes to: no code of an invoice.
        guessed = guessed or (slip and any(word in stop().words and len(word) > 3 for word in spelled))
        # Del parking: no departing; montant du pourboire: no montant dû.
        guessed = guessed or (slip and len(spelled) > 1 and spelled[0] in stop().words)
        guessed = guessed or (spelled[-1] == "du" and text[label.end - 1] == "u" and max(used) + 1 < len(parts))
        # De vin: no number of a vehicle, which is written VIN.
        plain = len(spelled) == 1 and len(spelled[0]) < 4 and text[label.start : label.end].islower()
        guessed = guessed or (plain and glossary.knows(spelled[0]) and _is_mark(label.concept))
        if guessed or all(word in stop().particles for word in spelled) or _fit(kind, label.concept) < 1:
            continue
        if spelled == ["no"] and any(_is_telling(part) for part in parts):
            continue
        if _is_within_thing(used, things) or _is_unit_of_price(label.concept, used, parts) or _is_code(label, text):
            continue
        said = max(sum(map(_say, spelled)) + 0.3 * len(used), 0.3 * (label.end - label.start))
        owns = _owns(text, label, found) or (len(spelled) > 1 and text[label.start : label.end].endswith(("'s", "’s")))
        place = (OF_TOTAL if totalled else OWNER) if owns else _place(parts, used)
        yield Want(label.concept, said * label.weight * 1.1 * place, used)


def _things(parts: Sequence[Word]) -> list[frozenset[int]]:
    """Where several words together name one thing: meter rental, supplément carburant."""
    spelled = [part.text for part in parts]
    sizes = ((at, glossary.phrase(spelled[at : at + glossary.LONGEST])) for at in range(len(parts)))
    return [frozenset(range(at, at + size)) for at, size in sizes if size]


def _is_within_thing(used: frozenset[int], things: Sequence[frozenset[int]]) -> bool:
    return any(used < thing for thing in things)


def _is_unit_of_price(name: str, used: frozenset[int], parts: Sequence[Word]) -> bool:
    """Whether it only says of what one costs: the price per seat."""
    first = min(used, default=0)
    before = parts[first - 1].text if first else ""
    return before in _PER and name != "unit_price"


_PER = frozenset(("per", "pro", "je", "每"))
_HEIGHT = re.compile(r"\b(?:wie hoch|a cuanto asciende|a combien s.eleve|how high)\b")


def _is_code(label: lexicon.Label, text: str) -> bool:
    """Whether it is a mark, of which nobody asks how high it is."""
    return _is_mark(label.concept) and bool(_HEIGHT.search(fold(text)))


def _is_mark(name: str) -> bool:
    return set(lexicon.concept(name).kinds) == {"code"}


def _is_telling(part: Word) -> bool:
    """Whether it says whose or what number is meant, so that it is not the document's."""
    spare = stop().words | stop().documents | stop().generic | stop().particles
    return part.text not in spare and len(part.text) >= 4 and not part.han


def _owns(text: str, label: lexicon.Label, found: Sequence[lexicon.Label]) -> bool:
    """Whether what is asked for is the label's: the amount OF THE ORDER, 订单的金额."""
    kinds = set(lexicon.concept(label.concept).kinds)
    others = [other for other in found if not kinds & set(lexicon.concept(other.concept).kinds)]
    before = (text[other.end : label.start] for other in others if other.end < label.start)
    behind = (text[label.end : other.start] for other in others if other.start >= label.end)
    return any(map(_OF.fullmatch, before)) or (is_han(text[label.end - 1]) and any(gap in ("", "的") for gap in behind))


def _asked(text: str, parts: Sequence[Word], kind: str) -> Iterator[Want]:
    # Quién nos atendió: no number.
    numbered = any(part.text == "no" and text[part.start : part.end].lower() != "nos" for part in parts)
    things = _things(parts)
    for name, used in lexicon.asked(text):
        telling = frozenset(index for index in used if parts[index].text not in stop().opening)
        if any(telling and telling < thing for thing in things):
            # What is the meter rental: no meter is asked for.
            continue
        if kind == "money" and MEASURES.keys() & set(lexicon.concept(name).kinds):
            # How much was the storage: no volume of data.
            continue
        if numbered and not IDENTIFIERS & set(lexicon.concept(name).kinds):
            # Which card number: no way of payment.
            continue
        said = sum(_say(parts[index].text) for index in used)
        # Small words that together ask for one thing alone: Who is it from?
        yield Want(name, max(said, 0.3 * len(used)), used, named=False)


def agrees(kind: str, name: str) -> bool:
    """Whether a question word can ask for the concept: How much, for no name."""
    return not kind or bool(set(KINDS.get(kind, (kind,))) & set(lexicon.concept(name).kinds))


def _fit(kind: str, name: str) -> float:
    """How well the question word goes with the concept. When may ask for an hour too."""
    if not kind or (kind == "date" and "time" in lexicon.concept(name).kinds and not agrees(kind, name)):
        return 1.0
    return 1.25 if agrees(kind, name) else 0.45


def _keep(scores: dict[str, Want], want: Want, kind: str) -> None:
    fits = _fit(kind, want.concept)
    before = scores.get(want.concept, replace(want, score=0.0))
    best = max(before, replace(want, score=want.score * fits), key=lambda one: one.score)
    scores[want.concept] = replace(best, words=before.words | want.words, named=before.named or want.named)


def _place(parts: Sequence[Word], used: frozenset[int]) -> float:
    """More where the words follow what is, which and their like: Which room is the meeting in? Less where they own
    what follows, the buyer's, or where a number of theirs is meant, the store number."""
    first, following = min(used, default=0), parts[max(used, default=-1) + 1 :][:1]
    if following and following[0].text in ("s", "no"):
        return OWNER
    at = first - 1
    while at >= 0 and parts[at].text in stop().linking:
        at -= 1
    return 2.0 if at >= 0 and parts[at].text in stop().which else 1.0


def _modest(want: Want, scores: Mapping[str, Want]) -> Want:
    """An owner or a mere price counts less beside something that is not part of the same words."""
    humble = want.concept in PARTIES or lexicon.concept(want.concept).soft
    others = [other for other in scores.values() if other.concept not in PARTIES and not (other.words & want.words)]
    beside = [other for other in others if not lexicon.concept(other.concept).soft and other.score > 0.3 * want.score]
    return replace(want, score=want.score * 0.3) if humble and beside else want


@lru_cache(maxsize=4096)
def _say(word: str) -> float:
    """How much a word tells one concept from another: its length, less the more concepts use it."""
    spread = _spread().get(word, 1)
    if word in stop().documents:
        return 0.25 * math.sqrt(len(word))
    if word in stop().generic:
        return 0.45 * math.sqrt(len(word))
    if word in stop().words and not is_han(word) and spread > 6:
        return 0.5
    return (2.5 if is_han(word) else min(len(word), 8)) / math.sqrt(spread)


@cache
def _spread() -> dict[str, int]:
    """By how many concepts each word is used."""
    users: dict[str, set[str]] = defaultdict(set)
    for name, word in lexicon.vocabulary():
        users[word].add(name)
    return {word: len(names) for word, names in users.items()}
