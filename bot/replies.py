"""Every sentence that a user can read, apart from those of engines and the decoder, which know their own reasons."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from adapters.base import Button, Incoming, Post
from bot.admission import Exhausted, Refusal, Spent
from bot.answers import Draft
from bot.settings import Allowance, QuotaSettings
from bot.store.records import Document, Outcome
from inference.loading import Loading
from inference.types import Finish

STOP_ACTION = "stop"
RETRY_ACTION = "retry"
EXPLAIN_ACTION = "explain"
ANSWER_NOW_ACTION = "answer_now"

HELP = (
    "Mention me with a picture or a document and a question, and I answer in the thread. In that thread just keep "
    "asking: I still see the pictures, and you can point at one as #1, #2 …\n\n"
    "Write `check this channel: has every invoice since 1 October been paid?` and I look at every document in it, or "
    "`watch this channel: has this invoice been paid?` and I look at each new one.\n\n"
    "Begin with `quick:`, `think:` or `deep:` to choose how long I may think. Write `stop` to stop me, `usage` to see "
    "what you used today, and `forget #2`, `forget this thread` or `forget everything of mine` to have me keep it no "
    "longer. In a direct message `export` gives you all that I keep of yours."
)
FRESH = "Done: we begin anew. Earlier messages and pictures no longer count."
NOTHING_TO_STOP = "Nothing of yours is running in this thread."
NOT_YOURS = "Only the person who asked can stop this."
STOPPED = "Stopped."
NOT_AN_ADMIN = "Only an admin can set quotas back."
QUOTA_RESET = "Done: the day's quota begins anew."
REFUSED = {
    Refusal.DIRECT: "I do not answer direct messages here. Mention me in a channel.",
    Refusal.GUEST: "I do not answer guests here. Ask a member, or an admin to let guests in.",
    Refusal.STRANGER: "I only answer people of this organization here.",
    Refusal.PLACE: "I am not to answer in this place. Ask in another channel, or ask an admin.",
    Refusal.PERSON: "You are not among those whom I may answer here. Ask an admin.",
}
TRUNCATED = "The answer ran into its length limit. Ask me to go on for the rest."
TOO_LATE = "I ran out of time before I had an answer. Try again, or ask something narrower."
CUT_SHORT = "I ran out of time; this is as far as I came."
GAVE_UP = "I tried this several times and failed each time. Please ask again; an admin finds the reason in the log."
FAILED = "Something went wrong on my side. Please ask again; an admin finds the reason in the log."
TAKEN_BACK = "The question was deleted, and my answer with it."
FORGOT_THREAD = (
    "Done: I keep nothing more of what was said and shown in this thread. What stands here stays until you delete it."
)
FORGOT_MINE = (
    "Done: I keep nothing more of what you asked and showed me, wherever that was. What stands in the chat stays until "
    "you delete it."
)
EXPORTED = "Here is all that I keep of what you asked and showed me."
EXPORT_IN_DIRECT = "Write `export` to me in a direct message: others need not see what you asked elsewhere."
NOTHING_TO_FORGET = "I keep nothing of this thread. Write this in the thread that you mean."
NOT_YOURS_TO_FORGET = "Only somebody who asked in this thread, or an admin, can have it forgotten."
UNSEEN = (
    "I have an answer, but it could not be shown here. Try again; if that fails too, an admin finds why in the log."
)
RECEIVED = "Got it …"
EXPLAINING = "Putting into words how I came to this …"
ANSWER_NOW = "Answer now"
NOT_TAKEN = "I cannot write your question down just now. If I have not answered in a few minutes, please ask again."
HELD_UP = "I have to wait: I cannot write down how far I am just now. I go on as soon as I can …"
NOT_READ = "I could not read the questions again just now. Please try again in a minute."
NOT_EXPLAINED = "I ran out of time before I could say how I came to this. Please try again."

_MOST_MISSED = 10
"""Questions that one message lists."""


def status(draft: Draft) -> str:
    """What is going on, in a few words."""
    if draft.queued is not None:
        return _waiting(draft.queued.position, draft.queued.eta_s)
    if draft.progress is not None and draft.thinking:
        return f"Thinking: {draft.progress.done} of {draft.progress.total} lines of thought ended …"
    if draft.progress is not None:
        return f"Reading page {min(draft.progress.done + 1, draft.progress.total)} of {draft.progress.total} …"
    if draft.thinking:
        return "Thinking …"
    return "Writing …" if draft.text else "Looking …"


def loading(progress: Loading) -> str:
    """How far the engine is with its start."""
    if progress.stage == "downloading":
        done, total = (size / 1e9 for size in (progress.done, progress.total))
        return f"Downloading the model: {done:.1f} of {total:.1f} GB …"
    return f"Loading the model: {100 * progress.done // max(1, progress.total)} % …"


def _waiting(position: int, eta_s: float | None) -> str:
    place = "You are next" if position == 1 else f"Waiting: number {position} in line"
    return f"{place}, about {duration(eta_s)} …" if eta_s is not None else f"{place} …"


def duration(seconds: float) -> str:
    """A rough time for people: ``12 s``, ``3 min``."""
    return f"{max(1, math.ceil(seconds))} s" if seconds < 90 else f"{math.ceil(seconds / 60)} min"


def placeholder(job_id: int) -> Post:
    """What stands in the thread at once."""
    return Post(text="", status=RECEIVED, buttons=(_stop(job_id),))


def held_up(job_id: int) -> Post:
    """While the database is away."""
    return Post(text="", status=HELD_UP, buttons=(_stop(job_id),))


def underway(draft: Draft, job_id: int) -> Post:
    """The answer so far."""
    return Post(text=draft.text, status=status(draft), reasoning=draft.reasoning, buttons=(_stop(job_id),))


def final(outcome: Outcome, job_id: int, *, explainable: bool = False) -> Post:
    """The answer as it stays; what failed can be tried again with a click, and what was thought about be explained."""
    buttons: tuple[Button, ...] = ()
    if outcome.finish in (Finish.FAILED, Finish.REFUSED, Finish.DEADLINE):
        buttons = (Button(action=RETRY_ACTION, label="Try again", value=str(job_id)),)
    elif explainable and not outcome.reasoning:
        buttons = (Button(action=EXPLAIN_ACTION, label="Show reasoning summary", value=str(job_id)),)
    text = answer_text(outcome.text, outcome.finish)
    return Post(text=text, reasoning=outcome.reasoning, notes=outcome.notes, buttons=buttons)


def explaining(outcome: Outcome, draft: Draft) -> Post:
    """The answer while the summary of its reasoning is on its way. That stands in the small print: an answer with a
    status counts as a draft, of which a platform may show less."""
    post = final(outcome, 0)
    return replace(post, notes=(*post.notes, EXPLAINING if draft.queued is None else status(draft)))


def unseen(job_id: int) -> Post:
    """In place of an answer that the platform did not take."""
    return Post(text=UNSEEN, buttons=(Button(action=RETRY_ACTION, label="Try again", value=str(job_id)),))


def missed(questions: Sequence[Incoming]) -> str:
    """What is said of questions that came too long ago, oldest first; their words stay where they are."""
    count = len(questions)
    asked = "a question was asked that is" if count == 1 else f"{count} questions were asked that are"
    hidden = [f"… and {count - _MOST_MISSED} before these"] if count > _MOST_MISSED else []
    lines = [f"- {_missed(one)}" for one in questions[-_MOST_MISSED:]]
    return "\n".join([f"While I was away {asked} too old to be answered unasked:", "", *hidden, *lines])


def _missed(question: Incoming) -> str:
    when = f"{question.sent_at.astimezone(UTC):%d %b, %H:%M} UTC"
    return f"{name(question.author.name)}, {when}" + (f": {question.link}" if question.link else "")


def answering_now(count: int) -> str:
    """What stands in place of the list once its button was pressed."""
    if not count:
        return "None of the questions that I missed is open any more."
    return (
        "I answer the question that I missed now." if count == 1 else f"I answer {count} questions that I missed now."
    )


def forgot_document(number: int) -> str:
    return f"Done: I keep nothing more of #{number}, nor of what I answered with it in view."


def no_such_document(number: int) -> str:
    return f"There is no #{number} in this thread that I could forget."


def exhausted(quota: Exhausted) -> str:
    """Why no further question is taken today."""
    whose = "You have" if quota.whose == "person" else "This channel has"
    unit = "seconds of the engine" if quota.unit == "seconds" else quota.unit
    return f"{whose} used today's {quota.limit} {unit}. Ask again after midnight UTC, or ask an admin."


def usage(person: Spent, channel: Spent, quota: QuotaSettings) -> str:
    """What was used today, and of how much."""
    return f"Today (UTC) you used {_spent(person, quota.person)}. This channel used {_spent(channel, quota.channel)}."


def _spent(spent: Spent, allowance: Allowance) -> str:
    def part(used: float, limit: int | None, unit: str) -> str:
        return f"{math.ceil(used)}{f' of {limit}' if limit is not None else ''} {unit}"

    questions = part(spent.questions, allowance.questions, "questions")
    pages = part(spent.pages, allowance.pages, "pages")
    return f"{questions}, {pages} and {part(spent.seconds, allowance.seconds, 'seconds of the engine')}"


def answer_text(text: str, finish: Finish | None) -> str:
    """An answer with the sentence that its end asks for."""
    endings = {
        Finish.STOPPED: STOPPED,
        Finish.LENGTH: TRUNCATED,
        Finish.DEADLINE: CUT_SHORT if text.strip() else TOO_LATE,
    }
    ending = endings.get(finish, "" if text.strip() else FAILED) if finish else ""
    return "\n\n".join(part for part in (text.strip(), f"_{ending}_" if ending and text.strip() else ending) if part)


def fates(documents: tuple[Document, ...], left_out: tuple[str, ...] = ()) -> tuple[str, ...]:
    """One line for each file, so that nobody believes that I saw what I did not."""
    lines = [_fate(document) for document in documents]
    if left_out:
        shown = ", ".join(name(label) for label in left_out[:3]) + (
            f" and {len(left_out) - 3} more" if len(left_out) > 3 else ""
        )
        lines.append(f"Not looked at for want of room: {shown}. Name one by its number to bring it back.")
    return tuple(lines)


def _fate(document: Document) -> str:
    pages = len(document.pages)
    number = f"#{document.number} " if document.number else ""
    extent = f" ({pages} pages)" if pages > 1 else ""
    return f"{number}{name(document.name)}{extent}: {document.fate}" + (
        f". {document.reason}" if document.reason else ""
    )


def skipped_all(documents: tuple[Document, ...]) -> str:
    """When files came and none of them can be looked at."""
    if len(documents) == 1:
        return f"I could not look at {name(documents[0].name)}. {documents[0].reason}"
    return "I could not look at any of these files:\n" + "\n".join(
        f"- {name(one.name)}: {one.reason}" for one in documents
    )


def too_many_files(limit: int) -> str:
    return f"I take {limit} files at a time. Post this one again with your next question."


def too_large(megabytes: int) -> str:
    return f"It is larger than {megabytes} MB. Send a smaller version."


def gone() -> str:
    return "It is no longer there. Post it again."


def forbidden(missing: str) -> str:
    named = f" (missing: {missing})" if missing else ""
    return f"I am not allowed to open it{named}. Ask an admin to run `threadsight doctor`."


def unreachable() -> str:
    return "The platform did not hand it over. Post it again in a minute."


def name(stranger: str) -> str:
    """A file's name as code, so that nothing in it is read as markup."""
    visible = "".join(character if character.isprintable() else " " for character in stranger).replace("`", "'")
    return f"`{visible[:77] + '…' if len(visible) > 78 else visible or 'file'}`"


def _stop(job_id: int) -> Button:
    return Button(action=STOP_ACTION, label="Stop", value=str(job_id), danger=True)
