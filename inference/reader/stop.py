"""Words of a question that say nothing about what is sought, and those that tell what sort of answer it wants. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from inference.reader import lexicon
from inference.reader.words import fold, is_han

LANGUAGES = ("en", "de", "fr", "es", "zh")


@dataclass(frozen=True, slots=True)
class Stop:
    """Lists of folded words; see stop.toml for what each is for."""

    words: frozenset[str]
    documents: frozenset[str]
    generic: frozenset[str]
    particles: frozenset[str]
    which: frozenset[str]
    linking: frozenset[str]
    helping: frozenset[str]
    sorts: frozenset[str]
    persons: frozenset[str]
    opening: frozenset[str]
    german: frozenset[str]
    german_verbs: frozenset[str]
    costing: frozenset[str]
    sums: frozenset[str]
    han_verbs: frozenset[str]
    trades: frozenset[str]
    han: tuple[str, ...]
    """Chinese phrases, long ones first."""
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    """A kind of value and the words that ask for it, long ones first."""


@cache
def stop() -> Stop:
    table = lexicon.table("stop")
    listed = {name: [fold(word) for word in words] for name, words in table["words"].items()}
    plain = [word for language in LANGUAGES for word in listed[language]]
    han = {word for word in (*plain, *listed["documents"]) if is_han(word)}
    sets = (
        "documents",
        "generic",
        "particles",
        "which",
        "linking",
        "helping",
        "sorts",
        "persons",
        "opening",
        "german",
        "german_verbs",
        "costing",
        "sums",
        "han_verbs",
        "trades",
    )
    return Stop(
        words=frozenset(plain),
        **{name: frozenset(listed[name]) for name in sets},
        han=tuple(sorted(han, key=len, reverse=True)),
        kinds=tuple(sorted(_kinds(table["kinds"]), key=lambda pair: -sum(map(len, pair[1])))),
    )


def _kinds(table: dict[str, Sequence[str]]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (kind, (fold(phrase),) if is_han(phrase) else tuple(fold(phrase).split()))
        for kind, phrases in table.items()
        for phrase in phrases
    ]


def telling(term: str) -> tuple[str, ...]:
    """The parts of a term of several words that may not be missing: a receipt prints ACEITE OLIVA for
    aceite-de-oliva."""
    parts = tuple(term.split("-"))
    return tuple(part for part in parts if len(part) > 1 and part not in stop().words) or parts
