"""What else than a value a question may ask for: a status, the whole text, what lies beyond reading. Pure."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from inference.reader import lexicon
from inference.reader.phrases import Pattern
from inference.reader.stop import stop
from inference.reader.terms import Term
from inference.reader.wants import Want
from inference.reader.words import Word, alike, fold, is_han, key

Task = Literal["find", "paid", "read", "beyond", "look", "greeting", "help", "thanks"]

_DID = re.compile(
    r"\W*(?:did|has|have|hat|haben|wurden?|ist|sind|a|ont|est|sont|ha|han|esta|estan)\b.{0,60}"
    r"\b(?:pay|paid|settled?|bezahlt|gezahlt|beglichen|payee?s?|reglee?s?|pagad[oa]s?|abonad[oa]s?)\b"
)
"""Has somebody paid something, whoever and whatever that is?"""

CHAT: tuple[Literal["greeting", "help", "thanks"], ...] = ("greeting", "help", "thanks")
POLITE = frozenset({"please", "you", "there", "bitte", "so", "much"})
VALUED = frozenset({"mark", "date", "time", "money", "number", "name", "percent", "duration"})
STATUS = frozenset({"status", "statut", "etat", "estado", "zahlungsstatus"})
HOW = frozenset({"payment_method", "payment_terms"})

SURE = 3.0
"""A concept with a higher score is asked for beyond doubt."""

NAMED = 1.4
"""The same where a word that labels it stands in the question."""


def task(text: str, parts: Sequence[Word], wants: Sequence[Want], kind: str, terms: Sequence[Term]) -> Task:
    """``terms`` are all words that say something, those of the concepts among them."""
    for chat in CHAT:
        if _alone(chat, parts, text):
            return chat
    if kind not in VALUED and _asks_if_paid(text, parts, wants):
        return "paid"
    if kind not in VALUED - {"mark"} and _leads("beyond", parts, text):
        return "beyond"
    if kind not in ("money", "number") and _leads("looks", parts, text):
        return "look"
    named = any(want.score > (NAMED if want.named else SURE) for want in wants)
    if not named and kind not in VALUED and _vague(text, parts, terms):
        return "beyond"
    reads = not named and not _asks_which(parts, terms) and _any("transcribe", parts, text)
    return "read" if reads else "find"


def _asks_which(parts: Sequence[Word], terms: Sequence[Term]) -> bool:
    """Whether it opens with which of something, or with where and the like, so that only that is wanted:
    Welche Frist steht da? Where does it read its settings from?"""
    telling = {word for term in terms if term.weight >= 1 for word in term.text.split("-")}
    if parts and parts[0].text in _WHERE:
        return True
    return len(parts) > 1 and parts[0].text in stop().which and parts[1].text in telling


@cache
def _patterns(name: str) -> tuple[Pattern, ...]:
    return tuple(_pattern(phrase) for phrase in lexicon.table("tasks")[name])


def _pattern(phrase: str) -> Pattern:
    if is_han(phrase):
        return tuple(fold(phrase).split())
    return tuple(word if word.endswith("*") else key(word) for word in fold(phrase).split())


def _alone(chat: str, parts: Sequence[Word], text: str) -> bool:
    """Whether the message is that and nothing else."""
    sizes = [sum(map(len, pattern)) for pattern in _patterns(chat) if found(pattern, parts, text) is not None]
    rest = sum(len(part.text) for part in parts if part.text not in POLITE)
    return max(sizes, default=-1) >= rest - 2 and bool(sizes)


def _vague(text: str, parts: Sequence[Word], terms: Sequence[Term]) -> bool:
    """Asks what is to be seen, and names nothing that may stand on a page."""
    telling = [term.text for term in terms if term.weight >= 1]
    for pattern in _patterns("vague"):
        if found(pattern, parts, text) is not None:
            rest = [term for term in telling if not any(_is_of(word, term) for word in pattern)]
            if not rest:
                return True
    return False


def _is_of(word: str, term: str) -> bool:
    return _same(word, term) or (is_han(word) and word in term)


def _any(name: str, parts: Sequence[Word], text: str) -> bool:
    return any(found(pattern, parts, text) is not None for pattern in _patterns(name))


def _leads(name: str, parts: Sequence[Word], text: str) -> bool:
    """Whether it is the first thing that the text says: Translate this, but not the price of the translation."""
    places = (found(pattern, parts, text) for pattern in _patterns(name))
    return any(at is not None and not any(_says(part) for part in parts[:at]) for at in places)


def _says(part: Word) -> bool:
    return part.text not in stop().words and part.text not in stop().documents and not part.han


def found(pattern: Pattern, parts: Sequence[Word], text: str) -> int | None:
    """Where the pattern begins; articles and the like may stand between its words."""
    if is_han(pattern[0]):
        said = re.search(".{0,4}?".join(map(re.escape, pattern)), fold(re.sub(r"\s", "", text)))
        return 0 if said else None
    return next((first for first in range(len(parts)) if _begins(pattern, parts[first:])), None)


def _begins(pattern: Pattern, parts: Sequence[Word]) -> bool:
    at, small = 0, stop().words | stop().documents
    for wanted in pattern:
        while 0 < at < len(parts) and not _same(wanted, parts[at].text) and parts[at].text in small:
            at += 1
        if at >= len(parts) or not _same(wanted, parts[at].text):
            return False
        at += 1
    return True


def _same(wanted: str, word: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    slip = len(wanted) >= 7 and wanted[0] == word[0] and wanted[-1] == word[-1] and abs(len(wanted) - len(word)) < 2
    return wanted == word or (slip and alike(wanted, word))


def _asks_if_paid(text: str, parts: Sequence[Word], wants: Sequence[Want]) -> bool:
    """A yes-or-no question about payment, or one about its status; not how it was paid."""
    if wants and wants[0].concept in HOW and wants[0].score > SURE + 1:
        return False
    if wants and wants[0].named and wants[0].concept in SUMS and _is_all_label(parts, wants[0]):
        # Net à payer ?
        return False
    asks_what = _asks_what(parts, text)
    if _DID.match(fold(text)) or (not asks_what and _asks_if_money_came(parts, text)):
        return True
    fitting = [p for p in _patterns("paid") if not asks_what or STATUS & set(p) or _STATUS_HAN in p[0]]
    return any(found(pattern, parts, text) is not None for pattern in fitting)


SUMS = frozenset(("total", "amount_due"))


def _asks_if_money_came(parts: Sequence[Word], text: str) -> bool:
    """Has the plumber got his money, or ¿Pagó Ana? whose accent alone sets it apart from a payment."""
    if _PAID_ONCE.search(text.lower()):
        return True
    flat = fold(re.sub(r"\s", "", text))
    if _MONEY_MOVES_HAN.search(flat) and not _NO_MONEY_MOVES_HAN.search(flat):
        return True
    return _has_word("money", parts) and _has_word("moves", parts) and not _has_word("comes_back", parts)


_PAID_ONCE = re.compile(r"\b(?:pagó|abonó)\b")
_MONEY_MOVES_HAN = lexicon.expression("tasks", "money_moves_han")
_NO_MONEY_MOVES_HAN = lexicon.expression("tasks", "no_money_moves_han")


def _has_word(name: str, parts: Sequence[Word]) -> bool:
    return any(_same(pattern[0], part.text) for pattern in _patterns(name) for part in parts)


def _is_all_label(parts: Sequence[Word], want: Want) -> bool:
    """Whether the question is the label of a sum and opens with a word for one."""
    return len(want.words) == len(parts) > 1 and parts[0].text in stop().generic | stop().sums


def _asks_what(parts: Sequence[Word], text: str) -> bool:
    """Whether it has a question word, so that yes or no would be no answer; was is German only before a German verb."""
    opening = parts[0].text if parts else ""
    german = opening == "was" and len(parts) > 1 and parts[1].text in stop().german_verbs
    which = any(part.text in _WHICH for part in parts[:3])
    return opening in stop().opening or german or which or any(word in fold(text) for word in _ASKS_HAN)


_WHERE = frozenset({"where", "wo", "woher", "ou", "donde", "which"})
_STATUS_HAN = "状态"
_WHICH = stop().which - {"wie", "que"}
"""Behind a preposition too: auf welches Konto."""

_ASKS_HAN = tuple(fold(word) for word in lexicon.table("tasks")["asks_what_han"])
