"""What a question asks for. Pure."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from inference.reader.described import plainly
from inference.reader.lexicon import alternatives, labels
from inference.reader.spoken import in_full
from inference.reader.stop import stop
from inference.reader.tasks import Task, task
from inference.reader.terms import GENERIC_WEIGHT, PROPER_WEIGHT, Term, asked_nouns, terms
from inference.reader.wants import Want, agrees, wants
from inference.reader.words import Word, fold, is_han, words

__all__ = ["BRACKETED", "Question", "Term", "Want", "parse"]

_CONTINUES = re.compile(
    r"\W*(?:and|und|et|y|e|what about|how about|or|also|was ist mit|wie ist es mit|wie steht es um|qu.en est.il"
    r"|que hay de)\b|\W*(?:那|还有)|.{2,40}呢\W*$"
)
"""How a question begins that takes up the one before."""


@dataclass(frozen=True, slots=True)
class Question:
    """``kind`` is the sort of value that its question word calls for, or empty. ``terms`` are what remains once the
    concept is taken out; ``all_terms`` hold the concept's own words too."""

    text: str
    task: Task = "find"
    wants: tuple[Want, ...] = ()
    kind: str = ""
    terms: tuple[Term, ...] = ()
    all_terms: tuple[Term, ...] = ()
    head: str = ""
    """The noun behind which, unless it names a concept or a sort of thing: what the answer must be one of."""

    noun: str = ""
    """The noun behind which, or what is the."""

    @property
    def empty(self) -> bool:
        return self.task == "find" and not self.wants and not self.all_terms

    @property
    def continues(self) -> bool:
        """Whether it takes up the question before: And the olive oil?"""
        return bool(_CONTINUES.match(fold(self.text)))

    @property
    def wants_by_name(self) -> bool:
        """Whether it names what it most likely asks for, rather than asking for it in other words."""
        return bool(self.wants) and self.wants[0].named

    def wanted(self, *concepts: str) -> bool:
        """Whether one of these is what it most likely asks for."""
        return bool(self.wants) and self.wants[0].concept in concepts


@lru_cache(maxsize=256)
def parse(text: str, standing: frozenset[str] = frozenset()) -> Question:
    """The question without the pages that it refers to: see ``scope``. ``standing`` are the words that stand on them:
    those are no slips of the pen for something else."""
    text = _QUARTER.sub(_quarter, _TAKES_PLACE.sub("happen", _WHOSE_NAME.sub(" ", text)))
    mention = _QUOTED.search(text) or _in_brackets(text, standing)
    if mention:
        return _about(text, mention.span(), standing, aside=mention[0][0] in "(（")
    text = in_full(text)
    aside = _aside(text)
    if aside:
        return _without(text, aside, standing)
    plain = plainly(text)
    if plain != text and (asking := parse(plain, standing)).wants_by_name and asking.wanted(*OF_BILL):
        # Of what a bill has but one of: whatever else is said of the bill names no line of it.
        return asking
    parts = words(text)
    kind = _kind(parts, text)
    if kind == "often":
        # After how long or how far the next one is due, a day or a distance may tell.
        kind = ""
    if kind in ("", "money", "number"):
        # Combien beside numéro counts nothing.
        kind = _mark(parts) or ("" if any(part.text == "no" for part in parts) else kind)
    wanted = wants(text, parts, "" if kind == "mark" else kind, standing)
    everything = terms(text, parts, frozenset(), standing)
    # In combien de temps the time is no noun.
    noun = _noun(text, parts) if kind != "duration" else ""
    person = next((part.text for part in parts if part.text in stop().persons), "")
    named = bool(_CALLED.search(fold(text)))
    if not kind and named and (person or not wanted or agrees("name", wanted[0].concept)):
        kind, noun = "name", noun or person
    if not kind and person and (noun == person or _NAME_OF.search(fold(text))):
        kind, noun = "name", person
    return Question(
        text=text,
        task=task(text, parts, wanted, kind, everything),
        wants=wanted,
        kind=kind,
        terms=_besides(text, parts, wanted, standing) if wanted else everything,
        all_terms=everything,
        head=_head(parts, wanted),
        noun=noun,
    )


def _besides(text: str, parts: Sequence[Word], wanted: Sequence[Want], standing: frozenset[str]) -> tuple[Term, ...]:
    """What it names besides what is asked for. Of what a bill has but one of it may call whoever made that out: what
    we owe the plumber."""
    found = terms(text, parts, wanted[0].words, standing)
    return tuple(term for term in found if term.text not in stop().trades) if wanted[0].concept in OF_BILL else found


OF_BILL = frozenset({"total", "amount_due", "subtotal", "due_date", "debit_date", "iban", "account", "payment_date"})
"""Concepts of which a bill has one."""


def _aside(text: str) -> re.Match[str] | None:
    """What of a sum is left out or taken off: the fare WITHOUT THE TIP, the total AFTER THE DISCOUNT."""
    found = _LEFT_OUT.search(fold(text))
    if found is None or not text[: found.start()].strip(" ¿"):
        return None
    named = {label.concept for label in labels(text[found.start() : found.end()], loose=True)}
    return found if named & _PARTS else None


def _without(text: str, aside: re.Match[str], standing: frozenset[str]) -> Question:
    """The question without what it leaves out; the total without something is what stands before it."""
    asking = parse(f"{text[: aside.start()]} {text[aside.end() :]}", standing)
    if aside["off"] or not asking.wanted("total"):
        return asking
    return replace(asking, wants=(replace(asking.wants[0], concept="subtotal"), *asking.wants[1:]))


_PARTS = frozenset({"tip", "fee", "discount", "deposit", "shipping", "late_fee", "refund"})
"""Parts of a sum that a question may leave out; tax has names of its own for that."""

_LEFT_OUT = re.compile(
    rf"(?:{alternatives('left_out')}|(?P<off>{alternatives('taken_off')}))\s?[^,;?？，的是]+?(?=\W*$|[,;，的是])"
)


def _about(text: str, span: tuple[int, int], standing: frozenset[str], *, aside: bool) -> Question:
    """A question about what it quotes: that is none of the words that ask, and says more than they do. Where it is told
    ``aside``, the others may say the same."""
    start, end = span
    asking = parse(f"{text[:start]} … {text[end:]}", standing)
    said = words(text[start:end])
    # Small words alone are the name then: « porte ».
    telling = [term.text for term in terms(text[start:end], said, frozenset())] or [word.text for word in said]
    named = tuple(Term(word, PROPER_WEIGHT) for word in telling)
    spare = tuple(
        replace(term, missing=0.0) if aside else Term(term.text, min(term.weight, GENERIC_WEIGHT))
        for term in asking.terms
    )
    return replace(
        asking,
        text=text,
        task=task(text, words(text), asking.wants, asking.kind, named) if asking.task == "beyond" else asking.task,
        terms=named + spare,
        all_terms=named + asking.all_terms,
    )


def _in_brackets(text: str, standing: frozenset[str]) -> re.Match[str] | None:
    """What the page calls it, where the question calls it something else: the treasurer (Kassenwart)."""
    found = BRACKETED.search(text)
    said = [word.text for word in words(found["said"])] if found else []
    return found if said and all(word in standing for word in said) else None


BRACKETED = re.compile(r"[(（](?P<said>[^()（）\d]{2,40})[)）]")
"""What the question says in brackets."""

_QUOTED = re.compile(r"[\"“„«‹「『‘](?P<said>[^\"”“»›」』’]{2,80})[\"”“»›」』’]")
_TAKES_PLACE = re.compile(r"\b(?:tak(?:e|es|ing)|took|taken) place\b", re.IGNORECASE)
_WHOSE_NAME = re.compile(r"(?<=\w)['’]s (?=(?:full |first |last |sur)?name\b)")
"""The customer's name is labelled customer name."""

_QUARTER = re.compile(
    r"\b(first|1st|1\.|erste[nrms]?|premier|primer|second|2nd|2\.|zweite[nrms]?|deuxi[eè]me|segundo|third|3rd|3\."
    r"|dritte[nrms]?|troisi[eè]me|tercer|fourth|4th|4\.|last|vierte[nrms]?|quatri[eè]me|cuarto)\s+"
    r"(?:quarter|quartal|trimestre)s?\b|第?([一二三四])季度",
    re.IGNORECASE,
)
_QUARTER_STARTS = (("1", "fi", "er", "pr", "一"), ("2", "se", "zw", "de", "二"), ("3", "th", "dr", "tr", "te", "三"))


def _quarter(match: re.Match[str]) -> str:
    """As tables write it: the second quarter is Q2."""
    word = (match[1] or match[2]).lower()
    number = next((n for n, starts in enumerate(_QUARTER_STARTS, 1) if word.startswith(starts)), 4)
    return f" Q{number} "


def _kind(parts: Sequence[Word], text: str) -> str:
    flat = fold(re.sub(r"\s", "", text))
    spelled = [part.text for part in parts]
    for kind, pattern in stop().kinds:
        if pattern[0] in flat if is_han(pattern[0]) else _holds(spelled, pattern):
            return kind
    return "money" if _asks_for_cost(spelled) else ""


def _asks_for_cost(spelled: Sequence[str]) -> bool:
    """What does it cost, was hat es gekostet: the verb stands further behind."""
    opens = spelled[:1] == ["was"] or (
        spelled[:1] == ["what"] and spelled[1:2] in (["do"], ["does"], ["did"], ["will"])
    )
    return opens and (bool(_COMES_TO.search(" ".join(spelled))) or not stop().costing.isdisjoint(spelled[1:]))


_COMES_TO = re.compile(
    r"\b(?:come|amount|add up|work out) (?:to|at)(?: (?:in|altogether|all|overall|with|after|before)\b|$)"
)
"""Asks for a sum: what does the repair come to?"""


def _holds(spelled: Sequence[str], pattern: Sequence[str]) -> bool:
    return any(tuple(spelled[at : at + len(pattern)]) == tuple(pattern) for at in range(len(spelled)))


_CALLED = re.compile(
    r"\bwie heis+(?:t|en)\b|\bcomment (?:s'appell\w+|se nomm\w+)|\bcomo se llam\w+|叫什么|名字|\bis .*\bcalled\b"
)
"""Asks for a name."""

_NAME_OF = re.compile(r"\bname (?:of|des|der|vom|von)\b|\bnom (?:de|du)\b|\bnombre (?:de|del)\b|\bnamens?\b")


def _head(parts: Sequence[Word], wanted: Sequence[Want]) -> str:
    """Which insurer, welche Krankenkasse: the noun right behind the word that asks."""
    taken = {index for want in wanted if want.score > 0.5 * wanted[0].score for index in want.words}
    for index, (before, part) in enumerate(itertools.pairwise(parts), 1):
        if before.text in stop().which - {"wie"}:
            return part.text if index not in taken and _is_noun(part.text) else ""
    return ""


def _noun(text: str, parts: Sequence[Word]) -> str:
    spots = set(asked_nouns(text, parts))
    return next((part.text for part in parts if part.start in spots and _is_noun(part.text)), "")


def _is_noun(word: str) -> bool:
    known = stop().words | stop().helping | stop().sorts | stop().documents | stop().generic | stop().linking
    return len(word) >= 4 and word not in known and not is_han(word)


def _mark(parts: Sequence[Word]) -> str:
    """A number of something that the lexicon has no name for: the store number."""
    for before, part in itertools.pairwise(parts):
        if part.text == "no" and before.text not in stop().words and before.text not in stop().documents:
            return "mark"
    return ""
