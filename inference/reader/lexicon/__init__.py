"""What people ask for, and the words that stand for it on a page and in a question, in five languages. Pure."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from inference.reader.words import Word, alike, fold, is_han, key, squeezed, words

LONGEST_LABEL = 7
"""Words of the longest phrase; Chinese characters count one each and may be twice as many."""

WEAK = 0.6

CONCEPTS = ("money", "dates", "journeys", "marks", "parties", "measures", "particulars", "terminals")
"""The files that hold concepts."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something to ask for. ``kinds`` are the values that answer it; a soft one needs no label where a table's row
    and the kind of the value say enough, and a loose one each of many things on a page may have. Where there is none,
    those of ``instead`` serve as well."""

    name: str
    kinds: tuple[str, ...]
    soft: bool = False
    loose: bool = False
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a text that names a concept. ``weight`` is from 0 to 1: how surely these words mean it."""

    concept: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class _Lexicon:
    concepts: Mapping[str, Concept]
    phrases: Mapping[str, tuple[tuple[str, float], ...]]
    """Squeezed phrase to the concepts that it may name, with weights."""
    asks: tuple[tuple[str, tuple[str, ...]], ...]
    """Concept and the words that ask for it, in order."""
    by_length: Mapping[int, tuple[str, ...]]
    alone: Mapping[str, tuple[str, ...]]
    """Squeezed phrase to the concepts that it labels where a line says no more."""
    named: tuple[tuple[str, str], ...]
    """Concept and word, for every word of its labels."""


@cache
def table(name: str) -> dict[str, Any]:
    """What the file of that name holds."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


def alternatives(name: str, file: str = "patterns") -> str:
    """A group of a regular expression that takes any piece of that name, whole words where words have spaces."""
    pieces = table(file)
    plain = "|".join(pieces[name])
    han = "|".join(pieces.get(f"{name}_han", []))
    return rf"(?:(?<![^\W\u3040-\u9fff])(?:{plain})(?![^\W\u3040-\u9fff])" + (rf"|{han})" if han else ")")


def expression(file: str, name: str) -> re.Pattern[str]:
    """What takes any of the regular expressions that a file of the lexicon lists under a name."""
    return re.compile("|".join(table(file)[name]))


@cache
def _lexicon() -> _Lexicon:
    tables: dict[str, Any] = {}
    for name in CONCEPTS:
        tables |= table(name)
    phrases: dict[str, dict[str, float]] = defaultdict(dict)
    for name, listed in tables.items():
        for weight, labelled in ((WEAK, listed.get("weak", [])), (1.0, listed["labels"])):
            for phrase in labelled:
                phrases[key(phrase)][name] = weight
    alone: dict[str, list[str]] = defaultdict(list)
    for name, listed in tables.items():
        for phrase in listed.get("alone", []):
            alone[key(phrase)].append(name)
    by_length: dict[int, list[str]] = defaultdict(list)
    for phrase in phrases:
        if len(phrase) >= 5 and not is_han(phrase):
            by_length[len(phrase)].append(phrase)
    return _Lexicon(
        concepts={name: _concept(name, listed) for name, listed in tables.items()},
        phrases={phrase: tuple(named.items()) for phrase, named in phrases.items()},
        asks=tuple((name, _pattern(ask)) for name, t in tables.items() for ask in t.get("asks", [])),
        by_length={length: tuple(listed) for length, listed in by_length.items()},
        alone={phrase: tuple(named) for phrase, named in alone.items()},
        named=tuple(
            (name, w.text)
            for name, t in tables.items()
            for phrase in (*t["labels"], *t.get("weak", []))
            for w in words(phrase)
        ),
    )


def _concept(name: str, listed: Mapping[str, Any]) -> Concept:
    soft, loose = listed.get("soft", False), listed.get("loose", False)
    return Concept(name, tuple(listed["kinds"]), soft, loose, tuple(listed.get("instead", ())))


def concept(name: str) -> Concept:
    """The concept of that name; KeyError if there is none."""
    return _lexicon().concepts[name]


@lru_cache(maxsize=4096)
def labels(text: str, *, loose: bool = False) -> tuple[Label, ...]:
    """Where the text names concepts: the longest phrases, none within another. One place may name several. ``loose``
    is for questions: there a short word that is only like a label is more likely another word."""
    parts = words(text)
    found: list[tuple[int, int, str, float]] = []
    for start in range(len(parts)):
        limit = LONGEST_LABEL * (2 if parts[start].han else 1)
        for end in range(start + 1, min(len(parts), start + limit) + 1):
            spelled = squeezed(parts[start:end])
            match = _phrase(spelled, 8 if loose else 5)
            if match is not None and (not loose or match[0][0] == spelled[0]):
                found.append((start, end, *match))
    exact = [(start, end) for start, end, _, likeness in found if likeness == 1.0]
    found = [one for one in found if one[3] == 1.0 or not _says_more(parts, one[:2], exact)]
    found.sort(key=lambda one: (-len(one[2]) * one[3] ** 3, one[0]))
    taken: set[int] = set()
    result: list[Label] = []
    for start, end, phrase, likeness in found:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            for name, weight in _lexicon().phrases[phrase]:
                result.append(Label(name, parts[start].start, parts[end - 1].end, weight * likeness))
    if not loose:
        result += _alone(text, parts)
    return tuple(sorted(result, key=lambda label: (label.start, -label.weight)))


def _says_more(parts: Sequence[Word], span: tuple[int, int], exact: Sequence[tuple[int, int]]) -> bool:
    """Whether what looks like a misspelt label is a shorter one between words that are spelled well: the total of the
    bill is no total on the bill."""
    within = (one for one in exact if span[0] <= one[0] and one[1] <= span[1])
    beside = ([*range(span[0], first), *range(last, span[1])] for first, last in within)
    return any(all(parts[index].text in _spelled_well() for index in indices) for indices in beside)


@cache
def _spelled_well() -> frozenset[str]:
    small = chain.from_iterable(table("stop")["words"].values())
    return frozenset(map(fold, small)) | {word for _, word in _lexicon().named}


def _alone(text: str, parts: Sequence[Word]) -> Iterator[Label]:
    """Labels that are sure only as all that a line says, or before its colon: When, Where, With."""
    colon = re.search(r"(?<!\d)[:：]|[:：](?!\d)", text)
    figure = re.search(r"\s[\d.,:]+(?:\s?[hH]\d{0,2})?$", text.rstrip())
    # Prior 4,410, Dep 09:30: nothing but a figure follows.
    end = colon.start() if colon else figure.start() if figure else len(text)
    opening = [part for part in parts if part.end <= end]
    if opening and len(opening) <= LONGEST_LABEL:
        for name in _lexicon().alone.get(squeezed(opening), ()):
            yield Label(name, opening[0].start, opening[-1].end, 1.0)


@lru_cache(maxsize=16384)
def _phrase(text: str, shortest: int) -> tuple[str, float] | None:
    """The phrase that this is, or that it was before somebody or a model misspelt it, and how alike they are."""
    lexicon = _lexicon()
    if text in lexicon.phrases:
        return text, 1.0
    if len(text) < shortest or is_han(text) or any(char.isdigit() for char in text):
        return None
    slips = 1 if len(text) < 10 else 2
    near = [
        phrase
        for length in range(len(text) - slips, len(text) + slips + 1)
        for phrase in lexicon.by_length.get(length, ())
    ]
    match = process.extractOne(text, near, scorer=OSA.distance, score_cutoff=slips)
    return (match[0], 1 - match[1] / len(text)) if match else None


def vocabulary() -> Iterator[tuple[str, str]]:
    """Each concept with each word that its labels and questions use."""
    lexicon = _lexicon()
    yield from lexicon.named
    for name, pattern in lexicon.asks:
        for part in pattern:
            yield from ((name, word) for word in (part if is_han(part) else [part.rstrip("*")]))


def _pattern(ask: str) -> tuple[str, ...]:
    if is_han(ask):
        return tuple(fold(ask).split())
    return tuple(part if part.endswith("*") else key(part) for part in fold(ask).split())


@lru_cache(maxsize=1024)
def asked(question: str) -> tuple[tuple[str, frozenset[int]], ...]:
    """Concepts that the question asks for in other words than a label's, and which of its words do so."""
    parts = words(question)
    flat = fold(re.sub(r"\s+", "", question))
    begun = {part.text[0] for part in parts}
    found = []
    for name, pattern in _lexicon().asks:
        # Words that are alike begin alike.
        if pattern[0][0] in (flat if is_han(pattern[0]) else begun):
            used = _used(pattern, parts, flat)
            if used is not None:
                found.append((name, used))
    return tuple(found)


def _used(pattern: tuple[str, ...], parts: Sequence[Word], flat: str) -> frozenset[int] | None:
    """Which of the words the pattern takes, in order; None if one is missing."""
    if is_han(pattern[0]):
        if not _in_order(pattern, flat):
            return None
        characters = set("".join(pattern))
        return frozenset(index for index, part in enumerate(parts) if part.text in characters)
    used, at = [], 0
    for wanted in pattern:
        found = next((index for index in range(at, len(parts)) if _asks(wanted, parts[index].text)), None)
        if found is None:
            return None
        used.append(found)
        at = found + 1
    return frozenset(used)


def _in_order(pattern: tuple[str, ...], flat: str) -> bool:
    at = 0
    for part in pattern:
        found = flat.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _asks(wanted: str, word: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    if wanted == word:
        return True
    # A plural, or a slip within a long word. One at the end may be an ending: zahlen is not Zähler.
    plural = len(wanted) >= 5 and word in (f"{wanted}s", f"{wanted}es", f"{wanted}n", f"{wanted}en", f"{wanted}e")
    if word.startswith(wanted):
        # What has been done is another word: facturée is no facture.
        return plural and word != f"{wanted[:-1]}ee"
    same_ends = wanted[0] == word[0] and wanted[-1] == word[-1]
    # A word that other questions use is no slip: shopping, shipping.
    return plural or (len(wanted) >= 7 and same_ends and word not in _used_words() and alike(wanted, word))


@cache
def _used_words() -> frozenset[str]:
    """Every whole word that asks for anything."""
    return frozenset(word for _, pattern in _lexicon().asks for word in pattern if not is_han(word))
