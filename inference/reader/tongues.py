"""In which language a text is, by its small words. Pure."""

from collections.abc import Mapping
from functools import cache, lru_cache

from inference.reader import lexicon
from inference.reader.words import fold, is_han, words

LATIN = ("en", "de", "fr", "es")


@cache
def _small() -> Mapping[str, frozenset[str]]:
    """The small words that no other language has."""
    listed = {name: {fold(word) for word in lexicon.table("stop")["words"][name]} for name in LATIN}
    return {
        name: frozenset(own - set().union(*(listed[other] for other in LATIN if other != name)))
        for name, own in listed.items()
    }


@lru_cache(maxsize=1024)
def tongue(text: str) -> str:
    """The language, or nothing where no small word tells."""
    if sum(map(is_han, text)) > 0.2 * len(text):
        return "zh"
    spelled = [word.text for word in words(text)]
    counts = {name: sum(word in own for word in spelled) for name, own in _small().items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def foreign(one: str, other: str) -> bool:
    """Whether they are two languages, as far as is known."""
    return bool(one and other) and one != other
