"""Which work a job asks for: a check of its channel, an answer from the rows of one, or neither."""

from datetime import UTC, datetime

from bot.answering import Answering, Means, Standing
from bot.checks import channel, follow_up, scope
from bot.delivery import Delivery
from bot.store.records import Job, Outcome
from inference.types import Finish


class Told:
    """An answer that is there already."""

    explainable = False

    def __init__(self, text: str) -> None:
        self.outcome = Outcome(text=text, finish=Finish.COMPLETE)

    async def run(self, _: Standing) -> None:
        """Nothing to do."""


Work = Answering | channel.ChannelCheck | Told


async def work_of(job: Job, delivery: Delivery, means: Means) -> Work:
    """What makes the job's outcome, as its thread stands."""
    wanted = scope.read(job.question, job.incoming.sent_at)
    if wanted is not None and (job.incoming.attachments or not wanted.files):
        return channel.ChannelCheck(job, wanted, delivery, means)
    background = await means.store.background(job)
    told = await _from_rows(job, background.check, means)
    return Told(told) if told is not None else Answering(job, background, delivery, means)


async def _from_rows(job: Job, check: tuple[int, str] | None, means: Means) -> str | None:
    """What the thread's last check says to the question; a question that comes with files is about those."""
    if check is None or job.incoming.attachments:
        return None
    number, question = check
    wanted = scope.read(question, job.incoming.sent_at)
    whole = await channel.kept(number, wanted, means.store.checks) if wanted else None
    return follow_up.answer(job.question, whole, datetime.now(UTC).date()) if whole else None
