"""What is unusual about a document, seen together with those before it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.checks import verdicts
from bot.checks.judging import Judged
from bot.checks.report import same
from bot.checks.walk import Found
from bot.checks.watching import replies


@dataclass(frozen=True, slots=True)
class Known:
    """A document that was judged."""

    found: Found
    judged: Judged


def first_same(document: Known, earlier: Sequence[Known]) -> Known | None:
    """The first of those before that is the same document."""
    return next((one for one in earlier if same(one.judged, document.judged)), None)


def hands(document: Known, earlier: Sequence[Known]) -> Iterator[str]:
    """Sentences. Nobody asked about documents of other kinds."""
    if document.judged.verdict.word == "other":
        return
    name = document.found.attachment.name
    first = first_same(document, earlier)
    if first is not None:
        copied = first.judged.digest == document.judged.digest
        yield replies.again(name, first.found) if copied else replies.alike(name, first.found)
        return
    fields = document.judged.verdict.fields
    for one in earlier:
        theirs = one.judged.verdict.fields
        if verdicts.same_number(fields, theirs) and verdicts.other_account(fields, theirs):
            yield replies.other_account(name, fields.number or "", one.found)
            return
