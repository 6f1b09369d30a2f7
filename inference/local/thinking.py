"""Telling thinking from answer, token by token, and seeing to it that both end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from inference.local.grammar import Hold
from inference.local.loops import Repetition
from inference.local.vocabulary import Detokenizer, Vocabulary
from inference.types import Finish, Text, Thought

NO_TIME = "There was not enough time for an answer. Please ask again with more time, or for a quick answer."
NO_ROOM = "There was no room left for an answer. Please ask again in a new thread, with fewer pages or a shorter text."
NOTHING = "I found nothing to say to this. Please put the question another way."
REPEATED = "I began to repeat myself, so I stopped here."

OPEN, CLOSE = "<think>", "</think>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """How thinking begins and ends, in tokens. A tokenizer that does not know a tag takes several for it."""

    open: tuple[int, ...]
    close: tuple[int, ...]
    closing: tuple[int, ...]
    """What is written for the model to end its thinking: the tag between line breaks."""

    @property
    def known(self) -> frozenset[int]:
        """Those that are one token."""
        return frozenset(tag[0] for tag in (self.open, self.close) if len(tag) == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """In tokens; ``thinking`` does not count the tag."""

    thinking: int
    answer: int


@dataclass(frozen=True, slots=True)
class Said:
    """What becomes of a token: the ``tokens`` to be added to the row, and the events for the reader."""

    tokens: tuple[int, ...]
    events: tuple[Thought | Text, ...]


class Speech:
    """What a model says in one answer. ``finish`` is set once nothing more is to be said."""

    def __init__(
        self, vocabulary: Vocabulary, tags: Tags, limits: Limits, *, thinking: bool, hold: Hold | None = None
    ) -> None:
        self._vocabulary = vocabulary
        self._tags = tags
        self._limits = limits
        self._hold = hold
        self.thinking = thinking
        self.finish: Finish | None = None
        self.reasoning_tokens = 0
        self.answer_tokens = 0
        self._answered = False
        """The answer has a first letter."""
        self._held = ""
        """What may yet turn out to be a tag: at the end of thinking, or in front of the answer."""
        self._begin()

    @property
    def banned(self) -> frozenset[int]:
        """An answer may not end before it has begun, nor begin with thinking."""
        return frozenset() if self.thinking or self._answered else self._vocabulary.eos | self._tags.known

    def allowed(self) -> torch.Tensor | None:
        """What may come next in an answer that is held to a form; None for anything."""
        return None if self.thinking or self._hold is None else self._hold.allowed()

    def open(self) -> tuple[int, ...]:
        """What must be added to the prompt: the end of thinking, if none is allowed."""
        return self.close() if self.thinking and self._limits.thinking <= 0 else ()

    def close(self) -> tuple[int, ...]:
        """End the thinking; the tokens to be added to the row."""
        self._answer()
        return self._tags.closing

    def take(self, token: int) -> Said:
        return self._think(token) if self.thinking else Said((token,), tuple(self._say(token)))

    def end(self, finish: Finish, reason: str) -> Iterator[Text]:
        """Nothing more is said. ``reason`` is given only if nothing was said yet."""
        self.finish = finish
        if not self.thinking:
            text = self._held + self._detokenizer.flush()
            self._answered = self._answered or bool(text)
            yield from _texts(text)
        if not self._answered:
            yield Text(text=reason)

    def _think(self, token: int) -> Said:
        if token in self._vocabulary.eos:
            return Said(self.close(), ())
        if (token,) == self._tags.close:
            self._answer()
            return Said((token,), ())
        self.reasoning_tokens += 1
        thought, tag, rest = (self._held + self._detokenizer.take(token)).partition(CLOSE)
        if tag:
            self.reasoning_tokens = max(0, self.reasoning_tokens - len(self._tags.close))
            self._answer()
            return Said((token,), (*_thoughts(thought), *self._visible(rest)))
        self._held = _beginning(thought, CLOSE)
        events = _thoughts(thought.removesuffix(self._held))
        if self._repetition.take(token) or self.reasoning_tokens >= self._limits.thinking:
            return Said((token, *self.close()), events)
        return Said((token,), events)

    def _say(self, token: int) -> Iterator[Text]:
        if token in self._vocabulary.eos:
            yield from self.end(Finish.COMPLETE, NOTHING)
            return
        self.answer_tokens += 1
        if self._hold is not None:
            self._hold.take(token)
        if token not in self._tags.known:
            yield from self._visible(self._detokenizer.take(token))
        if self._repetition.take(token):
            yield from self.end(Finish.LENGTH, "")
            yield Text(text=f"\n\n{REPEATED}")
        elif self.answer_tokens >= self._limits.answer:
            yield from self.end(Finish.LENGTH, NO_ROOM)

    def _visible(self, text: str) -> Iterator[Text]:
        """Without the space in front of the answer. If that begins with the tag, it is thinking after all."""
        if not self._answered:
            text = (self._held + text).lstrip()
            self._held = text if OPEN.startswith(text) else ""
            self.thinking = text == OPEN
            self._answered = bool(text) and not self._held
        if not self._held:
            yield from _texts(text)
        elif self.thinking:
            self._begin()

    def _answer(self) -> None:
        self.thinking = False
        self._begin()

    def _begin(self) -> None:
        self._held = ""
        self._detokenizer = Detokenizer(self._vocabulary)
        self._repetition = Repetition()


def _texts(text: str) -> tuple[Text, ...]:
    return (Text(text=text),) if text else ()


def _thoughts(text: str) -> tuple[Thought, ...]:
    return (Thought(text=text),) if text else ()


def _beginning(text: str, tag: str) -> str:
    """As much of the text's end as may be the beginning of the tag."""
    sizes: Sequence[int] = range(len(tag) - 1, 0, -1)
    return next((tag[:size] for size in sizes if text.endswith(tag[:size])), "")
