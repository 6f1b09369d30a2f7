"""What a question asks of a console: the kind of value, and the words that must stand beside it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inference.reader import lexicon
from inference.reader.questions import Question
from inference.reader.stop import stop
from inference.reader.terminals import senses
from inference.reader.terminals.senses import Span, acts, spans
from inference.reader.terms import terms
from inference.reader.words import Word, fold, words

QUANTITIES = ("data", "percent", "duration", "count")
GIVEN = 1.6
"""What a name, a path or a word in brackets counts that the question takes from the page."""

LIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Needle:
    """Something that the question names: by what it means, or by its letters."""

    weight: float
    missed: float
    senses: frozenset[str] = frozenset()
    literal: str = ""
    noun: bool = False
    """It says of what kind the answer is, so that a value of that kind needs it no more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``kinds`` are the likely ones first; ``nouns`` what the answer is one of."""

    kinds: tuple[str, ...]
    needles: tuple[Needle, ...]
    nouns: frozenset[str]
    negated: bool
    cause: bool
    text: str
    denied: bool = False
    """Whether it asks for what does not happen: which service does not run."""

    names_one: bool = False
    """Whether it asks which of several things."""

    @property
    def doings(self) -> bool:
        """Whether it asks who did what the user of a program does, and nothing else."""
        done = [needle.senses & senses.acts() for needle in self.telling if needle.senses & senses.acts()]
        own = frozenset(lexicon.table("console")["doings"].split())
        return bool(done) and all(one & own for one in done)

    @property
    def telling(self) -> tuple[Needle, ...]:
        return tuple(needle for needle in self.needles if not needle.noun)


@lru_cache(maxsize=256)
def asking(question: Question, standing: frozenset[str], page: str) -> Asked:
    """``standing`` are the folded words of the pages, and ``page`` is all that stands on them, folded."""
    text = question.text
    parts = words(text)
    given = tuple(_given(text, page))
    asks = [match.span() for match in _ASKING.finditer(fold(text))]
    meant = [
        span
        for span in spans(text)
        if not any(g.start < span.end and span.start < g.end for g in given)
        and not any(start <= span.start and span.end <= end for start, end in asks)
    ]
    noun = _noun(text, meant)
    if _asks_who(question) and noun and not noun.senses & PEOPLE:
        noun = None
    kinds = _kinds(question, text, noun)
    head = _head_word(text, parts, meant)
    if head and kinds[0] not in (*QUANTITIES, "speed", "date", "person"):
        noun, kinds = None, ("mark", "name")
    needles = [Needle(GIVEN, GIVEN, literal=fold(text[g.start : g.end])) for g in given]
    own = {span.senses: span for span in reversed(meant)} | ({noun.senses: noun} if noun else {})
    needles += [_of_sense(text, span, noun, kinds) for span in own.values() if not _only_asks(text, span)]
    places = [(span.start, span.end) for span in meant] + [(word.start, word.end) for word in given]
    taken = frozenset(
        index
        for index, part in enumerate(parts)
        if any(start < part.end and part.start < end for start, end in places) or _asks(text, part)
    )
    needles += [
        Needle(min(term.weight, 1.2), min(term.missed, 1.2), literal=term.text, noun=term.text == head)
        for term in terms(text, parts, taken, standing)
        if term.text not in _spare()
    ]
    flat = fold(text)
    return Asked(
        kinds,
        tuple(needles),
        noun.senses if noun else frozenset(),
        bool(_NOT.search(flat)) or any("fail" in span.senses for span in meant),
        bool(_WHY.search(flat)),
        text,
        bool(_NOT.search(flat)),
        bool(_WHICH.search(flat)) and kinds[0] in _THINGS,
    )


def _head_word(text: str, parts: Sequence[Word], meant: Sequence[Span]) -> str:
    """The word right behind which, if consoles have no name for it: which part has a wrong checksum."""
    asks = max((match.end() for match in _WHICH.finditer(fold(text))), default=-1)
    behind = next((part for part in parts if part.start >= asks > 0 and not part.han), None)
    if behind is None or len(behind.text) < 4 or any(s.start < behind.end and behind.start < s.end for s in meant):
        return ""
    close = text[asks : behind.start].isspace()
    known = stop().words | stop().helping | stop().generic | stop().documents | _spare()
    return behind.text if close and behind.text not in known else ""


PEOPLE = frozenset({"user", "owner", "author", "sender", "recipient", "account"})
"""Senses whose words stand for somebody."""

_WHO = re.compile(r"\b(?:who|whom|wer|wem|wen|qui|quien(?:es)?)\b|谁")
_WHICH = re.compile(r"\b(?:what|which|welche[nmrs]?|was|quel(?:le)?s?|que|cual(?:es)?)\b|哪|什么")


_THINGS = frozenset({"name", "text", "host", "file", "path", "device", "hash", "interface", "url"})
"""Kinds of what may be in a state."""


def _asks_who(question: Question) -> bool:
    return question.kind == "name" and bool(_WHO.search(fold(question.text)))


def _spare() -> frozenset[str]:
    """Words that say nothing here."""
    return frozenset(lexicon.table("console")["spare"].split())


_GIVEN = re.compile(
    r"(?:[A-Za-z]:)?[\w.~@+-]*[/\\][\w./\\~@:+-]*\w|/[\w./-]*|[\w-]+(?:\.[\w-]+)+|\w+(?:_\w+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|(?<!\w)[A-Za-z]+\d+\w*(?!\w)|[a-z\d]+(?:-[a-z\d]+)+"
    r"|(?<![\w.])\d{2,}(?![\w.]\w)|[(（][^()（）]{2,30}[)）]|[\"“„«「‘][^\"“”»」’]{2,60}[\"“”»」’]",
)
"""Paths, names of files, marks with hyphens, numbers, and what stands in brackets or quotation marks."""


def _given(text: str, page: str) -> Iterator[Word]:
    """What the question takes from the page, letter for letter."""
    for match in _GIVEN.finditer(text):
        said = match[0].strip(' .()（）"“”„«»「」‘’:?')
        start = match.start() + match[0].find(said)
        exact = any(char in "/\\._" or char.isdigit() for char in said)
        if said and (fold(said) in page or (exact and "-" not in said)):
            yield Word(fold(said), start, start + len(said))


_ASKING = re.compile(
    r"\b(?:what|which|who|wer|wem|qui|quien|welche[nmrs]?|was|wie|quel(?:le)?s?|que|qu|cual|cuant[oa]s?|combien|how|where|wo|donde|ou)\b"
    r"|什么|谁|哪|几|多少|怎么|多大|多长"
)


def _asks(text: str, part: Word) -> bool:
    return any(match.start() <= part.start < match.end() for match in _ASKING.finditer(fold(text)))


def _only_asks(text: str, span: Span) -> bool:
    """How long: what the kind of the value says already."""
    return bool(span.senses & {"error"} and _WHY.search(fold(text)))


def _noun(text: str, meant: Sequence[Span]) -> Span | None:
    """The word that says what kind of value is asked for: the nearest to the one that asks, or the first."""
    likely = [span for span in meant if any(senses.kinds(sense) for sense in span.senses)]
    asked = [match.span() for match in _ASKING.finditer(fold(text))]
    if not likely:
        return None
    if not asked:
        return likely[0]

    def apart(span: Span) -> float:
        return min(span.start - end if span.start >= end else 1 + 1.5 * (start - span.end) for start, end in asked)

    nearest = min(likely, key=apart)
    return nearest if _HEAD_FIRST.search(fold(text)) else _head(text, nearest, likely)


_HEAD_FIRST = re.compile(r"\b(?:quel(?:le)?s?|que|cual(?:es)?|donde|ou|qui|quien|comment|como)\b")
"""French and Spanish name what is asked for before what it belongs to: serveur cible."""


def _head(text: str, first: Span, likely: Sequence[Span]) -> Span:
    """The last of the nouns that stand together: database host, 目标地址."""
    for span in likely:
        if first.end <= span.start and not text[first.end : span.start].strip(" -'’s的"):
            first = span
    return first


_UNITS = {
    "percent": re.compile(r"%|\b(?:percent|prozent|pourcent|pour cent|por ciento|porcentaje)\b|百分"),
    "data": re.compile(r"\b(?:[kmgt]i?[bo]|(?:kilo|mega|giga|tera)?(?:bytes?|octets?)|gigas?|megas?)\b|字节|兆"),
    "duration": re.compile(
        r"\b(?:millise\w+|seconds?|sekunden?|secondes?|segundos?|minut(?:es?|en?|os?)|ms|hours|stunden|heures|horas)\b|几秒|多少秒|几分钟|多少分钟|毫秒"
    ),
}


def _kinds(question: Question, text: str, noun: Span | None) -> tuple[str, ...]:
    flat = fold(text)
    counted = _COUNTED.search(flat) is not None
    if _FAST.search(flat):
        return ("speed",)
    unit = next((kind for kind, form in _UNITS.items() if form.search(flat)), "")
    if unit and (counted or unit == "percent"):
        return (unit, "count") if unit != "percent" else (unit,)
    told = tuple(dict.fromkeys(kind for sense in sorted(noun.senses) for kind in senses.kinds(sense))) if noun else ()
    if question.kind == "duration":
        return ("duration",)
    if question.kind in ("date", "time"):
        # When it tries again: in 30 minutes. Since when: for 3 days.
        return ("date", "duration") if any(span.senses & {"attempt", "since"} for span in spans(text)) else ("date",)
    if counted:
        measured = tuple(kind for kind in told if kind in (*QUANTITIES, "speed", "figure", "measure"))
        if told and not measured and re.search(r"多少\W*$", flat):
            # IP是多少: it asks what it is.
            return told
        return measured or (("count",) if question.kind == "number" or _OFTEN.search(flat) else QUANTITIES)
    if question.kind == "place":
        return tuple(kind for kind in told if kind in ("path", "host", "file")) or ("path",)
    if question.kind == "percent":
        return ("percent",)
    if _asks_who(question):
        return ("person",)
    if question.kind == "name" and not told:
        return ("text",)
    if question.kind == "mark" and not set(told) & {"code", "serial", "version", "port"}:
        return ("mark",)
    return told or ("text",)


_ALWAYS = frozenset({"install", "host", "program"})
"""What every version is of, or done to."""

_COUNTED = re.compile(
    r"\b(?:how (?:much|many|big|large|often)|wie ?viele?n?|wie (?:gros|hoch|oft)|combien|cuant[oa]s?)\b"
    r"|多少|几[^秒分]|多大|几个"
)
_OFTEN = re.compile(r"\b(?:how (?:often|many)|wie oft|combien de fois|cuantas veces)\b|几次|多少次")
_FAST = re.compile(r"\b(?:how fast|wie schnell|quelle vitesse|velocidad|que tan rapido|rapidez)\b|多快|速度|速率")
_NOT = re.compile(
    r"\b(?:not|\w+n't|cannot|never|nicht|nie|kein\w*|pas|jamais|aucun\w*|no|nunca|ningun\w*|sin|un(?:able|reachable))\b|未|没|不|无"
)
_WHY = re.compile(
    r"\b(?:why|warum|wieso|weshalb|pourquoi|por que|reason|cause[ds]?|ursache|grund|motivo|causa|raison"
    r"|woran)\b"
    r"|为什么|为何|原因|怎么会"
)


def _of_sense(text: str, span: Span, noun: Span | None, kinds: tuple[str, ...]) -> Needle:
    light = set(lexicon.table("console")["light"].split()) | (_ALWAYS if kinds == ("version",) else set())
    given = text[: span.start].rstrip().endswith(("(", "（"))
    acted = kinds[0] == "person" and not span.senses & acts() - {"fail"} and span != noun
    weight = GIVEN if given else LIGHT / 2 if acted else LIGHT if span.senses <= light else 1.0
    return Needle(weight, weight, span.senses, fold(text[span.start : span.end]), noun=span == noun)
