"""The sentences of checks."""

from collections.abc import Mapping

from bot.replies import duration

NOT_OPENED = "It could not be opened. See whether it is there and may be read."
TOO_LATE = "There was no time left to read it. Ask again: what was read is kept."
NO_VENDOR = "without a vendor"
NO_FORM = "The answer could not be read, so a person should look."

_PLAIN = {"yes": "yes", "no": "no", "unclear": "unclear", "other": "of another kind", "unread": "could not be read"}
_PAYMENT = {**_PLAIN, "yes": "paid", "no": "open", "unclear": "without a status"}


def words(*, payment: bool) -> Mapping[str, str]:
    """What verdicts are called for people."""
    return _PAYMENT if payment else _PLAIN


def headline(counts: Mapping[str, int], *, payment: bool) -> str:
    """``17 paid, 5 open, 2 without a status.``"""
    shown = [f"{counts[word]} {name}" for word, name in words(payment=payment).items() if counts[word]]
    return ", ".join(shown) + "." if shown else "No documents."


def not_so(condition: str) -> str:
    """Why a document was not asked about."""
    return f"Not {condition}."


def same_as(file: str) -> str:
    return f"The same document as {file}."


def two_accounts(number: str, file: str, other: str) -> str:
    return f"{file} and {other} have the number {number} and different accounts to pay to."


def plan_of_files(count: int, seconds: float, left_out: int) -> str:
    """What a check of files is going to do."""
    sentence = f"I will look at {documents(count)}, {duration(seconds)} or so." if count else NOTHING_FOUND
    return "\n".join([sentence, *skipped({NO_DOCUMENT: left_out})])


def sample(file: str, verdict: str, expected: str) -> str:
    return f"{file}: {verdict}" + (f", expected {expected}" if verdict != expected else "")


# In a channel.

START_ACTION = "check"
NO_DOCUMENT = "neither picture nor PDF"
OTHER_SORT = "not the kind of file that you asked for"
NO_QUESTION = (
    "Tell me what to look for in this channel's documents, such as: check this channel: has every invoice since "
    "1 October been paid?"
)


def unknown_channel(name: str) -> str:
    return f"I do not know the channel #{name}. Choose it from the list that appears as you type #."


def closed_channel(name: str) -> str:
    return f"I am not to look at #{name} for you. Ask an admin."


def unseen_channel(name: str, missing: str) -> str:
    if missing:
        return f"I may not look at #{name}. What is missing: {missing}."
    return f"I am not in #{name}. Invite me there first."


def not_your_channel(name: str) -> str:
    return f"You do not see #{name} yourself, so I do not show you what is in it."


WALKING = "Reading back what was posted …"
NOTHING_FOUND = "I found no documents to look at."
_BAR = 20


def beyond(ceiling: int) -> str:
    return f"older than the newest {ceiling}, which is the most that I look at"


def plan(count: int, messages: int, pdfs: int, seconds: float | None, left_out: Mapping[str, int]) -> str:
    """What a check is going to do."""
    pages = f"at least {count} pages" if pdfs else f"{count} pages"
    about = f", {duration(seconds)} or so" if seconds is not None else ""
    sentence = f"I will look at {documents(count)} ({pages}) from {messages} messages{about}."
    return "\n".join([sentence, *skipped(left_out)])


def confirm(text: str) -> str:
    return f"{text}\n\nThat is a lot: press **Start** if you want me to."


def skipped(left_out: Mapping[str, int]) -> list[str]:
    """What is not looked at, and why."""
    return [f"Left out: {_files(count)}, {reason}." for reason, count in left_out.items() if count]


def documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def underway(done: int, total: int, seconds: float | None) -> str:
    """A bar, the count, and how long it will yet take."""
    filled = round(_BAR * done / max(1, total))
    left = f", about {duration(seconds)} to go" if seconds is not None else ""
    return f"{'█' * filled}{'░' * (_BAR - filled)} {done} of {total} documents{left}"


def more_rows(count: int) -> str:
    return f"… and {count} more in the files."


def not_looked_at(count: int) -> str:
    return f"{count} documents were not looked at any more."


def rows_found(count: int) -> str:
    return "One document:" if count == 1 else f"{count} documents:" if count else "None of the documents of this check."
