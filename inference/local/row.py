"""One answer in the making, as the model thread sees it."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from inference.local.cache import Chain
from inference.local.gallery import identity
from inference.local.grammar import Hold
from inference.local.prompt import Picture, Prompt
from inference.local.sampling import Sampler
from inference.local.thinking import Speech
from inference.types import Done, Finish, Lane, Sampling, Timings, Usage

NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request as the model thread needs it. Times are on the runner's clock."""

    prompt: Prompt
    sampling: Sampling
    asked: float
    deadline: float | None = None
    lane: Lane = Lane.INTERACTIVE
    thread: str = ""
    group: str = ""
    notes: tuple[str, ...] = ()
    """What is not as usual, for whoever asked."""
    hold: Hold | None = None
    """Where the answer is held to a form."""


def identities(prompt: Prompt) -> np.ndarray:
    """What each token is: its id or, within a picture, which picture."""
    keys = np.array(prompt.ids, dtype=np.int64)
    for picture in prompt.pictures:
        keys[picture.start : picture.stop] = identity(picture)
    return keys


class Row:
    """``tokens`` is all that was read and written; ``chain`` holds the first ``chain.length`` of them."""

    def __init__(self, number: int, question: Question, speech: Speech, sampler: Sampler, chain: Chain) -> None:
        self.number = number
        self.question = question
        self.speech = speech
        self.sampler = sampler
        self.chain = chain
        self.keys = identities(question.prompt)
        self.tokens = [*question.prompt.ids, *speech.open()]
        self.features: dict[int, torch.Tensor] = {}
        """Of the pictures still to be read, by where they start."""
        self.shows = frozenset(picture.image.sha256 for picture in question.prompt.pictures)
        self.private = False
        """Its cache is of no use to others, nor to its own thread, once it has ended."""
        self.begun = False
        self.cached = 0
        """Tokens that were found in the cache."""
        self.first_token: float | None = None

    @property
    def deadline(self) -> float:
        return NEVER if self.question.deadline is None else self.question.deadline

    @property
    def pending(self) -> int:
        """Tokens that the model has yet to read before it can go on."""
        return len(self.tokens) - self.chain.length

    @property
    def writing(self) -> bool:
        """Not at the prompt any more, or at its last token."""
        return self.first_token is not None or self.pending == 1

    @property
    def unseen(self) -> list[Picture]:
        """Pictures that are not in the cache."""
        return [picture for picture in self.question.prompt.pictures if picture.stop > self.chain.length]

    def shown(self, start: int, stop: int, placeholder: int) -> Iterator[tuple[list[int], torch.Tensor]]:
        """The placeholders among these tokens, and [placeholders, hidden] of what the model sees there."""
        shown = [one for one in self.question.prompt.pictures if one.start < stop and start < one.stop]
        for picture in shown:
            places = [at for at in range(picture.start, picture.stop) if self.tokens[at] == placeholder]
            first, last = bisect_left(places, start), bisect_left(places, stop)
            if first < last:
                yield places[first:last], self.features[picture.start][first:last]

    def whole(self, length: int) -> int:
        """As much of the first ``length`` tokens as does not end inside a picture."""
        for picture in self.question.prompt.pictures:
            if picture.start < length < picture.stop:
                return picture.start
        return length

    def known(self) -> np.ndarray:
        """What the tokens in the chain are."""
        written = np.array(self.tokens[len(self.keys) :], dtype=np.int64)
        return np.concatenate([self.keys, written])[: self.chain.length]

    def thinks_until(self, reserve: float) -> float:
        """When thinking must end, so that ``reserve`` of the time is left for the answer."""
        if self.question.deadline is None:
            return NEVER
        return self.deadline - reserve * max(0.0, self.deadline - self.question.asked)

    def done(self, finish: Finish, now: float) -> Done:
        asked = self.question.asked
        return Done(
            finish=finish,
            usage=Usage(
                prompt_tokens=len(self.question.prompt.ids),
                image_tokens=self.question.prompt.image_tokens,
                cached_tokens=self.cached,
                reasoning_tokens=self.speech.reasoning_tokens,
                answer_tokens=self.speech.answer_tokens,
            ),
            timings=Timings(
                first_token_s=None if self.first_token is None else self.first_token - asked, total_s=now - asked
            ),
        )
