"""The sentences of watches."""

from collections.abc import Sequence
from datetime import datetime

from adapters.base import Reaction
from bot.checks.posts import plain
from bot.checks.replies import words
from bot.checks.verdicts import Word
from bot.checks.walk import Found
from bot.store.watches import MOST, Watch

PAUSE_ACTION = "pause_watch"
PAUSE = "Pause this watch"

REACTIONS: dict[Word, Reaction] = {"yes": "✅", "no": "❌", "unclear": "❔", "unread": "⚠️"}
"""Under the message, in this order; none for another kind of document."""

NO_QUESTION = "Tell me what to look for, such as: watch this channel: has this invoice been paid?"
NOT_HERE = "I can watch channels only, not direct messages. Ask me in the channel."
TOO_MANY = f"There are {MOST} watches here already. `watches` lists them; remove one first."
NONE = "Nothing is watched here. Write, for example: `watch this channel: has this invoice been paid?`"
NOTHING_TO_CHANGE = "Say what is to change, such as: `change watch 1: has this invoice been signed?`"
NOT_YOURS = "Only the person who set the watch up, or an admin, can change it."
USED_UP = "It was not looked at, since the day's allowance was used up when it was posted."
GAVE_UP = "I tried several times to look at it and failed. An admin finds the reason in the log."

_MOST_HANDS = 10


def begun(watch: Watch, schedule: object, *, payment: bool) -> str:
    """What a new watch is going to do, and how it ends."""
    names = words(payment=payment)
    marks = ", ".join(f"{mark} {names[word]}" for word, mark in REACTIONS.items())
    return (
        f"I watch this channel from now on: watch {watch.number}, “{plain(watch.question, 300)}”\n\n"
        f"Each new picture or PDF is judged and its message marked: {marks}. I write in its thread only where "
        "something is unusual: the same document again, or a known number with another account to pay to. "
        f"A digest comes {schedule}.\n\n"
        f"{_how(watch.number)}"
    )


def _how(number: int) -> str:
    return (
        f"`pause watch {number}`, `resume watch {number}`, `change watch {number}: …` and `remove watch {number}` "
        "change that; `watches` lists what is watched here."
    )


def listed(lines: Sequence[tuple[Watch, object]]) -> str:
    """Watches with their schedules."""
    if not lines:
        return NONE
    return "\n".join(f"- {_line(watch, schedule)}" for watch, schedule in lines)


def _line(watch: Watch, schedule: object) -> str:
    resting = " (paused)" if watch.state == "paused" else ""
    by = plain(watch.creator.name, 60)
    return f"**Watch {watch.number}**{resting}: {plain(watch.question, 300)} Digest {schedule}, by {by}."


def no_such(number: int) -> str:
    return f"There is no watch {number} here. `watches` lists what is watched."


def put(number: int, state: str) -> str:
    """A watch is paused, resumed or removed."""
    if state == "paused":
        return f"Watch {number} is paused. `resume watch {number}` goes on with what is posted from then on."
    if state == "removed":
        return f"Watch {number} is removed."
    return f"Watch {number} is running."


def changed(watch: Watch, schedule: object) -> str:
    return f"Watch {watch.number} now asks “{plain(watch.question, 300)}”, and its digest comes {schedule}."


def again(file: str, earlier: Found) -> str:
    """The very same file."""
    return f"{plain(file)} is the same document as {_where(earlier)}."


def alike(file: str, earlier: Found) -> str:
    """Another file that shows the same."""
    return f"{plain(file)} looks like {_where(earlier)}, with the same number, date and amount."


def other_account(file: str, number: str, earlier: Found) -> str:
    """A warning."""
    return (
        f"{plain(file)} has the number {plain(number)} as {_where(earlier)} has, and another account to pay to. "
        "Ask the vendor before anybody pays."
    )


def _where(earlier: Found) -> str:
    name = plain(earlier.attachment.name, 60)
    linked = f"[{name}]({earlier.link})" if earlier.link else name
    return f"{linked}, posted {plain(earlier.posted)} UTC"


def hands(sentences: Sequence[str]) -> str:
    """What somebody should look at, a line each."""
    more = len(sentences) - _MOST_HANDS
    hidden = [f"… and {more} more of the sort."] if more > 0 else []
    return "\n".join([*(f"⚠ {one}" for one in sentences[:_MOST_HANDS]), *hidden])


def more(count: int) -> str:
    """Beyond what a digest lists."""
    return f"… and {count} more. `check this channel: …` lists all of them."


def digest_title(watch: Watch, since: datetime, until: datetime) -> str:
    return f"Watch {watch.number}, {since:%d %b} to {until:%d %b}: {plain(watch.question, 300)}"
