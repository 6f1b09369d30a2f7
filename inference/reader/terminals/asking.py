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

    located: bool = False
    """Whether it asks which of the things that something is on, in or from."""

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
    asks = [match.span() for form in (_SURELY, _PERHAPS, _OFTEN, _FAR) for match in form.finditer(fold(text))]
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
    if noun and noun.senses & _SORTS and any(span.senses & _FAULTS for span in meant):
        # The type of the error is what it is called.
        kinds = ("exception", *kinds)
    head = _head_word(text, parts, meant) or _head_han(text, parts, meant, standing)
    if head and kinds[0] not in (*QUANTITIES, "speed", "date", "person"):
        noun, kinds = None, ("mark", "name")
    needles = [Needle(GIVEN, GIVEN, literal=fold(text[g.start : g.end])) for g in given]
    own = {span.senses: span for span in reversed(meant)} | ({noun.senses: noun} if noun else {})
    needles += [_of_sense(text, span, noun, kinds) for span in own.values() if not _only_asks(text, span)]
    places = [(span.start, span.end) for span in meant] + [(word.start, word.end) for word in given]
    taken = frozenset(
        index
        for index, part in enumerate(parts)
        if any(start < part.end and part.start < end for start, end in (*places, *asks))
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
        bool(_WHICH.search(flat)) and kinds[0] in _THINGS and not _LOCATED.search(flat),
        bool(_LOCATED.search(flat)),
    )


def _head_word(text: str, parts: Sequence[Word], meant: Sequence[Span]) -> str:
    """The word right behind which, if consoles have no name for it: which part has a wrong checksum."""
    spots = {start for start, _ in _askings(text)}
    asks = max((match.end() for match in _WHICH.finditer(fold(text)) if match.start() in spots), default=-1)
    behind = next((part for part in parts if part.start >= asks > 0 and not part.han), None)
    if behind is None or len(behind.text) < 4 or any(s.start < behind.end and behind.start < s.end for s in meant):
        return ""
    close = text[asks : behind.start].isspace()
    joined = any(0 < span.start - behind.end < 2 and _kinds_of(span) for span in meant)
    if joined and not _HEAD_FIRST.search(fold(text)):
        # Which Python version: its version.
        return ""
    known = stop().words | stop().helping | stop().generic | _spare()
    return behind.text if close and behind.text not in known else ""


_SORTS, _FAULTS = frozenset({"type"}), frozenset({"error", "exception"})


def _head_han(text: str, parts: Sequence[Word], meant: Sequence[Span], standing: frozenset[str]) -> str:
    """The same in Chinese: 哪个订单."""
    match = _WHICH_HAN.search(text)
    if match is None or any(span.start == match.end() for span in meant):
        return ""
    taken = frozenset(
        n for n, part in enumerate(parts) if any(s.start < part.end and part.start < s.end for s in meant)
    )
    return next((t.text for t in terms(text, parts, taken, standing) if text.startswith(t.text, match.end())), "")


_WHICH_HAN = re.compile(r"哪一?[个些条台位张份家笔只种项款]")

PEOPLE = frozenset({"user", "owner", "author", "sender", "recipient", "account"})
"""Senses whose words stand for somebody."""


def _form(name: str) -> re.Pattern[str]:
    return re.compile(lexicon.alternatives(name, "asking"))


_WHO, _WHICH, _SURELY, _PERHAPS = map(_form, ("who", "which", "surely", "perhaps"))
_HEAD_FIRST, _COUNTED, _OFTEN = map(_form, ("head_first", "counted", "often"))
_FAST, _FAR, _LOCATED = map(_form, ("fast", "far", "located"))
_NOT, _WHY = _form("denied"), _form("why")
_UNITS = {kind: _form(kind) for kind in ("percent", "data", "duration")}


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


def _askings(text: str) -> list[tuple[int, int]]:
    """Where the words that ask stand: those that do nothing else, or the first that may."""
    flat = fold(text)
    sure = [match.span() for match in _SURELY.finditer(flat)][:1]
    return sure or [match.span() for match in _PERHAPS.finditer(flat)][:1]


def _only_asks(text: str, span: Span) -> bool:
    """How long: what the kind of the value says already."""
    return bool(span.senses & {"error"} and _WHY.search(fold(text)))


def _noun(text: str, meant: Sequence[Span]) -> Span | None:
    """The word that says what kind of value is asked for: the nearest to the one that asks, or the first."""
    likely = [span for span in meant if _kinds_of(span)]
    asked = _askings(text)
    if not likely:
        return None
    if not asked:
        return likely[0]

    def apart(span: Span) -> float:
        return min(span.start - end if span.start >= end else 1 + 1.5 * (start - span.end) for start, end in asked)

    nearest = min(likely, key=apart)
    return nearest if _HEAD_FIRST.search(fold(text)) else _head(text, nearest, likely)


def _kinds_of(span: Span) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for sense in sorted(span.senses) for kind in senses.kinds(sense)))


def _head(text: str, first: Span, likely: Sequence[Span]) -> Span:
    """The last of the nouns that stand together: database host, 目标地址."""
    for span in likely:
        if first.end <= span.start and not text[first.end : span.start].strip(" -'’s的"):
            first = span
    return first


def _kinds(question: Question, text: str, noun: Span | None) -> tuple[str, ...]:
    flat = fold(text)
    counted = _COUNTED.search(flat) is not None
    if _FAST.search(flat):
        return ("speed",)
    if _FAR.search(flat):
        return ("percent",)
    unit = next((kind for kind, form in _UNITS.items() if form.search(flat)), "")
    if unit and (counted or unit == "percent"):
        return (unit, "count") if unit != "percent" else (unit,)
    told = _kinds_of(noun) if noun else ()
    if question.kind == "duration":
        return ("duration",)
    if question.kind in ("date", "time"):
        # When it tries again: in 30 minutes. Since when: for 3 days.
        return ("date", "duration") if any(span.senses & {"attempt", "since"} for span in spans(text)) else ("date",)
    if _OFTEN.search(flat):
        return ("count",)
    if counted:
        measured = tuple(kind for kind in told if kind in (*QUANTITIES, "speed", "figure", "measure"))
        if told and not measured and re.search(r"多少\W*$", flat):
            # IP是多少: it asks what it is.
            return told
        return measured or (("count",) if question.kind == "number" else QUANTITIES)
    if question.kind == "place":
        return tuple(kind for kind in ("path", "host", "file") if kind in told) or ("path",)
    if question.kind == "percent":
        return ("percent",)
    if _asks_who(question):
        return ("person",)
    if question.kind == "name" and not told:
        return ("text",)
    if question.kind == "mark" and not set(told) & {"code", "serial", "version", "port"}:
        return ("mark", *told)
    return told or ("text",)


_ALWAYS = frozenset({"install", "host", "program"})
"""What every version is of, or done to."""


def _of_sense(text: str, span: Span, noun: Span | None, kinds: tuple[str, ...]) -> Needle:
    light = set(lexicon.table("console")["light"].split()) | (_ALWAYS if kinds == ("version",) else set())
    given = text[: span.start].rstrip().endswith(("(", "（"))
    acted = kinds[0] == "person" and not span.senses & acts() - {"fail"} and span != noun
    weight = GIVEN if given else LIGHT / 2 if acted else LIGHT if span.senses <= light else 1.0
    return Needle(weight, weight, span.senses, fold(text[span.start : span.end]), noun=span == noun)
