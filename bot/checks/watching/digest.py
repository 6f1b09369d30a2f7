"""What a watch has seen in a day or a week, in one post of its channel."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.checks import posted, posts, question
from bot.checks.judging import Judged
from bot.checks.report import Report
from bot.checks.verdicts import Row
from bot.checks.watching import replies
from bot.checks.watching.hands import Known, first_same, hands
from bot.checks.watching.sighting import REMEMBERED
from bot.store.checks import Planned
from bot.store.records import Job, Outcome
from bot.store.watches import Watch, Watches
from inference.types import Finish

_MOST = 10_000
_MOST_ROWS = 30
_WANT_A_LOOK = frozenset({"no", "unclear", "unread"})


class Digest:
    """The work of a job that tells of the documents of its period. ``outcome`` has no text where there are none."""

    def __init__(self, job: Job, watch: Watch, watches: Watches) -> None:
        since, until = job.question.split("/")
        self._since, self._until = datetime.fromisoformat(since), datetime.fromisoformat(until)
        self._watch = watch
        self._watches = watches
        self.outcome = Outcome(text="", finish=Finish.COMPLETE)

    async def run(self) -> None:
        since = self._since.timestamp()
        taken = await self.taken_up()
        earlier = await self._watches.between(self._watch.id, 0.0, since, most=REMEMBERED)
        if taken:
            text = await asyncio.to_thread(self._text, taken, earlier)
            self.outcome = replace(self.outcome, text=text)

    async def taken_up(self) -> list[Planned]:
        """The documents of the period, in order."""
        since, until = self._since.timestamp(), self._until.timestamp()
        return await self._watches.between(self._watch.id, since, until, most=_MOST)

    def _text(self, taken: Sequence[Planned], earlier: Sequence[Planned]) -> str:
        title = replies.digest_title(self._watch, self._since, self._until)
        return digest(title, self._watch.question, [_known(one) for one in taken], [_known(one) for one in earlier])


def digest(title: str, asked: str, taken: Sequence[Known], earlier: Sequence[Known]) -> str:
    """Counts, what raises a hand, sums, and the documents that want a look, with links. Pure."""
    known = list(earlier)
    rows: list[Row] = []
    unusual: list[str] = []
    for one in taken:
        first = first_same(one, known)
        row = posted.posted_row(one.found, one.judged)
        rows.append(replace(row, same_as=first.found.attachment.name) if first else row)
        unusual += hands(one, known)
        known.append(one)
    whole = Report(question.parse(asked), tuple(rows))
    wanting = [row for row in whole.urgent_first if row.verdict.word in _WANT_A_LOOK]
    parts = [f"**{title}**", whole.headline, replies.hands(unusual), *posts.totals(whole)]
    parts.append("\n".join(posts.listed(wanting[:_MOST_ROWS], payment=whole.asked.about_payment)))
    if len(wanting) > _MOST_ROWS:
        parts.append(replies.more(len(wanting) - _MOST_ROWS))
    return "\n\n".join(filter(None, parts))


def _known(document: Planned) -> Known:
    judged: Judged = posted.judged(document) or posted.unread(replies.GAVE_UP)
    return Known(posted.found(document), judged)
