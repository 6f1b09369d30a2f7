"""A check's rows as a whole: headline, order, totals, duplicates. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bot.checks import replies, thumbnails, values, verdicts
from bot.checks.judging import Judged
from bot.checks.question import Asked
from bot.checks.verdicts import WORDS, Row, Word


@dataclass(frozen=True, slots=True)
class Report:
    """Rows in the order of the documents."""

    asked: Asked
    rows: tuple[Row, ...]

    @property
    def hands(self) -> list[str]:
        """What a person should look at."""
        return [row.hand for row in self.rows if row.hand]

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(row.verdict.word for row in self.rows)
        return {word: counted[word] for word in WORDS}

    @property
    def headline(self) -> str:
        return replies.headline(self.counts, payment=self.asked.about_payment)

    @property
    def urgent_first(self) -> list[Row]:
        """As a person wants to see them: the open ones first, then what is unclear."""
        return sorted(self.rows, key=lambda row: WORDS.index(row.verdict.word))

    def amounts(self) -> dict[str, dict[Word, Decimal]]:
        """Sums by currency and verdict. A document that was posted twice counts once, one of another kind not."""
        sums: dict[str, dict[Word, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self.rows:
            fields = row.verdict.fields
            amount = values.amount(fields.amount) if fields.amount else None
            if amount is not None and not row.same_as and row.verdict.word != "other":
                sums[fields.currency or "?"][row.verdict.word] += amount
        return {one: {word: sums[one][word] for word in WORDS if word in sums[one]} for one in sorted(sums)}

    def as_json(self) -> dict[str, Any]:
        """The object of the command line's contract."""
        amounts = {
            currency: {word: values.written(total) for word, total in by_word.items()}
            for currency, by_word in self.amounts().items()
        }
        same = sum(bool(row.same_as) for row in self.rows)
        return {
            "headline": self.headline,
            "rows": [row.as_json(payment=self.asked.wants_status) for row in self.rows],
            "totals": {"documents": len(self.rows), **self.counts, "duplicates": same, "amounts": amounts},
        }


def report(asked: Asked, rows: Sequence[Row], judged: Sequence[Judged]) -> Report:
    """The report on rows and, in the same order, what they were made from."""
    marked = [
        replace(row, same_as=rows[first].file) if (first := _first_same(judged, at)) is not None else row
        for at, row in enumerate(rows)
    ]
    return Report(asked, tuple(verdicts.with_hands(marked)))


def _first_same(judged: Sequence[Judged], at: int) -> int | None:
    """The first document before this one that is the same."""
    return next((earlier for earlier in range(at) if same(judged[earlier], judged[at])), None)


def same(one: Judged, other: Judged) -> bool:
    """Whether two documents are one: by their bytes, or by their look where their fields agree. One that differs in the
    account to pay to alone is no copy but wants a look."""
    if one.digest and one.digest == other.digest and one.pages:
        return True
    mine, yours = one.verdict.fields, other.verdict.fields
    agree = mine.number == yours.number and mine.amount == yours.amount and mine.date == yours.date
    agree &= not verdicts.other_account(mine, yours)
    told = bool(mine.number or mine.amount)
    return told and agree and one.pages == other.pages and thumbnails.alike(one.look, other.look)


def row(file: str, judged: Judged) -> Row:
    """The row of a document that lies in a file."""
    return Row(
        file=file,
        pages=judged.pages,
        verdict=judged.verdict,
        fate=judged.fate,
        reason=judged.reason,
        thumbnail=judged.thumbnail,
    )
