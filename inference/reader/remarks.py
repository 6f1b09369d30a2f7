"""Words that say paid or unpaid: stamps, statuses and sentences. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rapidfuzz.distance import OSA

from inference.reader import lexicon
from inference.reader.passages import sentences
from inference.reader.phrases import Pattern, patterns, says, size
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.values import values
from inference.reader.words import Word, fold, is_han, key, words

Status = Literal["yes", "no", "none"]

HERE = 0.7
"""How surely a page is unpaid that asks for money on the spot: less than a line of a till that tells how it was met."""

LONGEST_MARK = 6
"""Words that a mark may have besides dates, sums and numbers; of Chinese characters twice as many."""

STATUS_WORDS = ("status", "statut", "etat", "estado", "zustand", "状态", "狀態")
_STATUSES: tuple[Status, Status] = ("no", "yes")
VALUED = frozenset({"date", "money", "time", "number", "code", "account", "percent", "method", "currency", "phone"})


@dataclass(frozen=True, slots=True, eq=False)
class Payment:
    """What a page says about its payment; ``cell`` is where, None where nothing does. ``weight`` is from 0 to 1."""

    status: Status
    weight: float = 0.0
    cell: Cell | None = None
    quote: str = ""


@cache
def _words_of(status: Status) -> tuple[Pattern, ...]:
    return patterns("payment", "paid" if status == "yes" else "unpaid")


def mark(sheet: Sheet, cell: Cell) -> Payment | None:
    """A short cell, or a short sentence in it, that says paid or unpaid and little else."""
    if _counts(sheet, cell) or _is_nought(sheet, cell) or _OF_CARRIAGE.search(fold(cell.text)):
        return None
    rest = without_values(cell)
    spans = [(0, len(cell.text)), *((match.start(), match.end()) for match in _CLAUSE.finditer(cell.text))]
    for start, end in spans:
        found = _marked(sheet, cell, [word for word in rest if start <= word.start and word.end <= end])
        if found:
            return found
    return _blurred(cell) if _is_stamp(sheet, cell) else None


_OF_CARRIAGE = re.compile(lexicon.alternatives("carriage"))
"""What was paid for was to bring it here: postage paid."""

_FOR_TAX = lexicon.expression("payment", "for_tax")
"""A paper that is none for the tax office may be paid all the same."""

_CLAUSE = re.compile(r"[^.!?;。！？；]+")


def _marked(sheet: Sheet, cell: Cell, rest: Sequence[Word]) -> Payment | None:
    """Unpaid is looked for first: it holds the word paid."""
    if not 0 < len(rest) <= LONGEST_MARK * (2 if rest[0].han else 1):
        return None
    for status in _STATUSES:
        for pattern in _words_of(status):
            used = size(pattern, rest)
            if used is not None and _means_it(sheet, cell, pattern):
                spare = max(0, len(rest) - used - sum(word.text in neutral() for word in rest))
                if not spare or (spare <= 2 and not doubtful(_beside(pattern, rest)) and not _has_sum(sheet, cell)):
                    return Payment(status, 1.0 - 0.1 * spare, cell)
    return None


def _beside(pattern: Pattern, rest: Sequence[Word]) -> list[Word]:
    # Chinese words are single characters.
    taken = "".join(pattern) if is_han(pattern[0]) else pattern
    return [word for word in rest if word.text not in taken]


def _counts(sheet: Sheet, cell: Cell) -> bool:
    """Whether it says how much was paid, or stands over a column that does."""
    table = sheet.table_of(cell.row)
    in_head = table is not None and table.head <= cell.row < table.body and len(sheet.rows[cell.row]) > 2
    return (in_head and not _is_status(sheet, cell)) or (cell.names("deposit") and _has_sum(sheet, cell))


def _is_nought(sheet: Sheet, cell: Cell) -> bool:
    """Whether it is of nought that the row says so: nothing paid, or nothing left to pay."""
    sums = [value for other in sheet.rows[cell.row] for value in other.values if value.kind == "money"]
    return bool(sums) and not any(value.number for value in sums)


def _means_it(sheet: Sheet, cell: Cell, pattern: Pattern) -> bool:
    """Whether a word that may mean other things too is a stamp here, or the status of something or of a card."""
    if pattern not in patterns("payment", "ambiguous") or _is_stamp(sheet, cell) or _is_status(sheet, cell):
        return True
    return any(value.kind == "method" for other in sheet.rows[cell.row] for value in other.values)


def _has_sum(sheet: Sheet, cell: Cell) -> bool:
    """Whether a sum stands in the row: then other words beside the mark name something that is sold."""
    return any(value.kind == "money" for other in sheet.rows[cell.row] for value in other.values)


def _is_stamp(sheet: Sheet, cell: Cell) -> bool:
    """One word in capitals, or a few Chinese characters, larger than the rest or alone in its row."""
    large = cell.box.height > 1.3 * sheet.page.text_height
    alone = len(sheet.rows[cell.row]) == 1
    if is_han(cell.text):
        return len(cell.text.strip()) <= 4 and (alone or large)
    return len(words(cell.text)) == 1 and cell.text.isupper() and (large or alone)


def _is_status(sheet: Sheet, cell: Cell) -> bool:
    """Whether the cell, or the one left of it or above it, says that this is a status."""
    near = [cell, *sheet.rows[cell.row][max(0, cell.column - 1) : cell.column], *sheet.heads(cell)]
    if cell.row:
        near += [above for above in sheet.rows[cell.row - 1] if above.box.over(cell.box) > 0.5]
    return any(word in fold(other.text) for other in near for word in STATUS_WORDS)


def _blurred(cell: Cell) -> Payment | None:
    """A stamp with one letter misread."""
    spelled = key(cell.text)
    for status in _STATUSES:
        for pattern in _words_of(status):
            word = "".join(pattern)
            if len(word) >= 4 and not is_han(word) and OSA.distance(spelled, word) == 1:
                return Payment(status, 0.7, cell)
    return None


@cache
def neutral() -> frozenset[str]:
    """Words that a mark may have beside it and mean the same."""
    return frozenset(lexicon.table("payment")["neutral"])


def without_values(cell: Cell) -> list[Word]:
    """The words that belong to no date, sum, number or way of payment."""
    spans = [(value.start, value.end) for value in cell.values if value.kind in VALUED]
    plain = (word for word in words(cell.text) if not word.text.isdigit())
    return [word for word in plain if not any(start <= word.start and word.end <= end for start, end in spans)]


def said(sheet: Sheet) -> Iterator[Payment]:
    """Sentences that tell what has happened."""
    for sentence in sentences(sheet):
        if len(sentence.text) < 12 and not is_han(sentence.text):
            continue
        if _CONDITION.match(fold(sentence.text)):
            continue
        parts = _told(_without_asides(sentence.text))
        if says(patterns("payment", "unpaid_here"), _main(parts)) and not _FOR_TAX.search(fold(sentence.text)):
            yield Payment("no", HERE, sentence.cells[0], sentence.text)
        if _nothing_is_open(sentence.text) and says(patterns("payment", "paid"), parts):
            yield Payment("yes", 0.9, sentence.cells[0], sentence.text)
        elif any(_says_unpaid(clause) for clause in (sentence.text, *_COMMA.split(sentence.text))):
            yield Payment("no", 0.85, sentence.cells[0], sentence.text)
        elif says(patterns("payment", "paid_said"), parts) and not doubtful(parts):
            # Said of the document itself it goes before a sum that is called open.
            itself = any(part.text in stop().documents for part in parts)
            yield Payment("yes", 0.86 if itself else 0.8, sentence.cells[0], sentence.text)


def _main(parts: Sequence[Word]) -> list[Word]:
    """The words but for articles, which patterns leave out."""
    return [part for part in parts if part.text not in lexicon.table("payment")["small"]]


def _told(text: str) -> list[Word]:
    """The words but for days and sums, which may stand between those of a pattern: wurde am 4. Mai bezahlt."""
    spans = [(value.start, value.end) for value in values(text) if value.kind in ("date", "money")]
    return [word for word in words(text) if not any(start <= word.start < end for start, end in spans)]


_CONDITION = re.compile(
    r"\W*(?:§ ?)?[\d.)]*\s*(?:wird|werden|bleibt|sollten?|should|unless|if|falls|wenn|si|en cas|toute)\b"
)
"""What happens if: no word of what has happened."""

_ASIDE = lexicon.expression("payment", "aside")
_NOTHING = lexicon.expression("payment", "nothing")


_COMMA = re.compile(r"[,;，；]")


def _says_unpaid(text: str) -> bool:
    """A clause alone may do: it is overdue, please pay."""
    parts = words(_without_asides(text))
    return says(patterns("payment", "unpaid_said"), parts) and not doubtful(parts, negated=False)


def _without_asides(text: str) -> str:
    return _ASIDE.sub(lambda match: " " * len(match[0]), fold(text))


def _nothing_is_open(text: str) -> bool:
    return bool(_NOTHING.search(fold(text)))


def doubtful(parts: Sequence[Word], *, negated: bool = True) -> bool:
    """Whether the words say how or when to pay, or what happens if, or deny what they name."""
    return says(patterns("payment", "doubt"), parts) or (negated and says(patterns("payment", "negations"), parts))
