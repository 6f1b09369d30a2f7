"""What a message asks for. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from adapters.base import Incoming, Mode
from bot.checks.watching import orders
from bot.checks.watching.orders import Order

WITHOUT_WORDS = "What does this say?"
"""The question of someone who mentions us with a picture and nothing else."""

_STOP = frozenset({"stop", "cancel", "halt"})
_HELP = frozenset({"help", "?", "hi", "hello"})
_USAGE = frozenset({"usage"})
_RESET = re.compile(r"!?reset usage(?: (?P<person>[\w-]{1,40}))?", re.IGNORECASE)
_FORGET_THREAD = frozenset({"forget this thread", "forget this conversation"})
_FORGET_MINE = frozenset({"forget everything of mine", "forget me"})
_FORGET_DOCUMENT = re.compile(r"!?forget (?:(?:picture|document|file) )?#?(?P<number>\d{1,4})")
_EXPORT = frozenset({"export", "export everything of mine"})
_FRESH = frozenset({"new", "new topic", "start over"})


@dataclass(frozen=True, slots=True)
class Ask:
    """A question; ``mode`` is None where the asker leaves it to us."""

    question: str
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """End what the author has running in this thread."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say what we can do."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Forget the talk so far; in a direct message without threads there is no other way to begin anew."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Say what was used of the day's allowances."""


@dataclass(frozen=True, slots=True)
class ResetUsage:
    """Begin the day anew for a person, or for the channel if there is none."""

    person: str | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """Keep no longer what was said in this thread, the document that has this number in it, or what is the author's
    anywhere."""

    what: Literal["thread", "document", "mine"]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """Hand over all that is kept of what the author asked."""


Intent = Ask | Stop | Help | Fresh | Usage | ResetUsage | Forget | Export | Order


def is_for_us(incoming: Incoming, *, following: bool) -> bool:
    """Whether a message is meant for us. ``following``: we already answer in its thread."""
    if incoming.own or incoming.author.bot:
        return False
    if incoming.mentioned or incoming.direct:
        return True
    return following and not incoming.to_others


def read(incoming: Incoming) -> Intent:
    """What a message that is for us asks for. Commands are exact, so that no question is mistaken for one."""
    text = incoming.text.strip()
    has_files = bool(incoming.attachments or any(quote.attachments for quote in incoming.quotes))
    command = None if has_files else _command(text, direct=incoming.direct)
    if command is not None:
        return command
    mode, question = _mode(text)
    return Ask(question or WITHOUT_WORDS, incoming.mode or mode)


def _command(text: str, *, direct: bool) -> Intent | None:
    bare = text.lower().rstrip(".! ") or text.lower()
    plain: tuple[tuple[frozenset[str], Intent], ...] = (
        (_STOP, Stop()),
        (_HELP, Help()),
        (_USAGE, Usage()),
        (_FORGET_THREAD, Forget("thread")),
        (_FORGET_MINE, Forget("mine")),
        (_EXPORT, Export()),
        (_FRESH if direct else frozenset(), Fresh()),
    )
    for words, intent in plain:
        if bare.removeprefix("!") in words:
            return intent
    if document := _FORGET_DOCUMENT.fullmatch(bare):
        return Forget("document", int(document["number"]))
    reset = _RESET.fullmatch(text)
    return ResetUsage(reset["person"]) if reset else orders.read(text)


def _mode(text: str) -> tuple[Mode | None, str]:
    """``deep: why?`` and ``!deep why?`` name a mode; plain ``deep water`` does not."""
    modes: tuple[Mode, ...] = ("quick", "think", "deep")
    for mode in modes:
        match = re.match(rf"(?:{mode}:|!{mode}\b)\s*", text, re.IGNORECASE)
        if match:
            return mode, text[match.end() :].strip()
    return None, text
