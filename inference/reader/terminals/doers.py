"""Who did something, or whom a screen speaks of: people and accounts in its lines. Pure."""

import re
from collections.abc import Iterator

from inference.reader.lexicon import table
from inference.reader.stop import stop
from inference.reader.terminals.asking import PEOPLE
from inference.reader.terminals.console import Unit
from inference.reader.terminals.forms import Piece, pieces
from inference.reader.terminals.senses import spans
from inference.reader.words import fold

_PERSON = r"[A-ZÀ-Þ][\w'’.-]*(?: (?:de|del|van|von|la|le|di|da) | )(?:[A-ZÀ-Þ][\w'’.-]*)(?: [A-ZÀ-Þ][\w'’.-]*)?"
_ACCOUNT = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*|[A-Za-z][\w]*(?:[._-][\w]+)+|[A-Z]+\\[\w.-]+|[a-z]+\d+"
_SHORT = r"[A-Za-z][\w-]{2,}"
_HAN = r"[\u4e00-\u9fff]{2,4}?"
_BEHIND = re.compile(
    rf"(?:(?<!\w)(?:by|von|durch|par|por|to|an|a|für|via)\s+(?:the )?(?:[a-zß-ÿ]+ ){{0,2}}?[\"'“«„(]?|[由被给向]\s?)"
    rf"(?P<sure>{_ACCOUNT}|{_PERSON}|(?<=[由被给向]){_HAN}(?=[\s（(,，。]|$|于|在|锁|编|打|占|触|发|执|提|创|删|修|批|审))"
)
"""Whom the word before it names as the one who does it, or to whom it is done."""

_BRACKETED = re.compile(rf"[(（]\s?(?P<sure>{_ACCOUNT}|{_PERSON}|[\u4e00-\u9fff]{{2,4}})\s?[)）]")
_OPENS = re.compile(
    rf"(?P<sure>{_ACCOUNT}|{_PERSON}|(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{{2,3}}(?=\s?(?:正在|已|于|在)))"
)
_TITLED = re.compile(rf"(?P<noun>\w[\w-]*)\s?[:：=]?\s?[\"'“«„]?(?P<sure>{_ACCOUNT}|{_PERSON}|{_SHORT})", re.IGNORECASE)


def people(unit: Unit) -> Iterator[Piece]:
    """Whoever is named in the line, with how surely somebody is."""
    text = unit.text
    if unit.typed:
        return
    taken: set[int] = set()
    for form, surely in ((_BRACKETED, 0.95), (_BEHIND, 0.95)):
        for match in form.finditer(text):
            if match.start("sure") not in taken and may_be_somebody(match["sure"]):
                taken.add(match.start("sure"))
                yield Piece("person", match["sure"], match.start("sure"), match.end("sure"), surely)
    for span in spans(text):
        named = _TITLED.match(text, span.start) if span.senses & PEOPLE else None
        if named and named.start("sure") >= span.end and named.start("sure") not in taken:
            said = named["sure"]
            if may_be_somebody(said) and not spans(said) and fold(said) not in stop().words:
                taken.add(named.start("sure"))
                yield Piece("person", said, named.start("sure"), named.end("sure"), 0.95)
    yield from (one for one in _formed(text) if one.start not in taken)


def _formed(text: str) -> Iterator[Piece]:
    """An address anywhere, and somebody with whom the line begins."""
    for one in pieces(text, "email"):
        yield Piece("person", one.text, one.start, one.end, 0.9)
    for match in _OPENS.finditer(text):
        before = text[: match.start()].rstrip()
        begins = not before or before[-1:] in ".:。：]·-"
        if begins and may_be_somebody(match["sure"]) and not spans(match["sure"]):
            yield Piece("person", match["sure"], match.start("sure"), match.end("sure"), 0.85)


_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Herr|Frau|M|Mme|Sr|Sra)\.? )?"
_ALONE = re.compile(rf"{_TITLE}(?:{_ACCOUNT}|{_PERSON}|{_SHORT}|[\u4e00-\u9fff]{{2,4}})(?:\s?[(（,].*)?")


def is_somebody(text: str) -> bool:
    """Whether the text is the name of a person or an account, and nothing else."""
    return bool(_ALONE.fullmatch(text.strip())) and may_be_somebody(text.strip())


_NOBODY = re.compile(r"\.(?:\w{2,4})$|^v?\d|_|\d{3,}|\.(?:service|local|internal|example)$")
"""Files, versions and machines are nobody."""


def may_be_somebody(said: str) -> bool:
    """Whether a text can be the name of a person, or of an account."""
    if "@" in said:
        return True
    first = fold(said).split()[0]
    return not _NOBODY.search(said) and first not in stop().words and first not in _machines()


def _machines() -> frozenset[str]:
    return frozenset(table("console")["nobody"].split())


def is_account(unit: Unit) -> bool:
    """Whether the line says who the user is, and nothing else."""
    first = next(iter(spans(unit.text)), None)
    return (
        first is not None
        and bool(first.senses & PEOPLE)
        and not unit.text[: first.start].strip()
        and bool(re.match(r"(?:name|kennung)?\s?[:：=]", unit.text[first.end :]))
    )
