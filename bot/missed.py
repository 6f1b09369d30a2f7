"""What was asked so long ago that nobody may want an answer any more: told in one post of a channel, whose button has
it answered.

The post is that of a job of nobody's: its incoming is our own and hangs in no thread, and its question is the time from
which on it tells.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.base import Author, Button, Incoming, Post, Thread
from adapters.errors import AdapterError
from bot import replies
from bot.answering import Standing
from bot.store.records import Job, Outcome
from inference.types import Finish

NOBODY = Author(id="", name="")
_SUFFIX = "-missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """As the store claims it. ``question`` is the time from which on it tells, ``answer`` what it says."""

    incoming: Incoming
    question: str
    answer: str


def notice(questions: Sequence[Incoming], until: datetime) -> Notice:
    """Of a channel's questions, oldest first, none of which was sent after ``until``. The same newest one gives the
    same message id, so that one notice alone is made of them."""
    newest = questions[-1]
    incoming = Incoming(
        thread=Thread(channel=newest.thread.channel, root=""),
        message=f"{newest.message}{_SUFFIX}",
        author=NOBODY,
        text="",
        sent_at=until,
        own=True,
    )
    return Notice(incoming=incoming, question=questions[0].sent_at.isoformat(), answer=replies.missed(questions))


def answers(incoming: Incoming) -> str:
    """The id of the message that a job's post answers; for a notice it is the newest that it tells of."""
    return incoming.message.removesuffix(_SUFFIX) if incoming.own else incoming.message


def finished(post: Post, job: Job) -> Post:
    """The post of a notice with its button, until that was pressed with success; that of anything else as it is."""
    if not job.incoming.own or (job.outcome is not None and job.outcome.finish is Finish.COMPLETE):
        return post
    now = Button(action=replies.ANSWER_NOW_ACTION, label=replies.ANSWER_NOW, value=str(job.id))
    return replace(post, buttons=(now,))


class Answered:
    """The work of a notice whose button was pressed: its questions are handed over to be answered. ``ask`` does that
    for those of a channel between two times, and says how many they were."""

    explainable = False

    def __init__(self, job: Job, ask: Callable[[Job, datetime], Awaitable[int]]) -> None:
        self._job = job
        self._ask = ask
        self.outcome = Outcome(text=replies.NOT_READ, finish=Finish.FAILED)

    async def run(self, _: Standing) -> None:
        try:
            count = await self._ask(self._job, datetime.fromisoformat(self._job.question))
        except AdapterError:
            return
        self.outcome = Outcome(text=replies.answering_now(count), finish=Finish.COMPLETE)
