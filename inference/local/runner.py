"""The model's own thread of work: every step reads or writes some tokens of every row, in one forward pass.

Rows join and leave between steps. Nothing in here knows of threads or event loops.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter

import torch

from inference.errors import EngineError, Failed
from inference.local.cache import Chain
from inference.local.forward import Forward, geometry
from inference.local.gallery import Gallery, Pixels
from inference.local.ledger import Ledger, OutOfMemory
from inference.local.row import NEVER, Question, Row
from inference.local.sampling import Sampler
from inference.local.shelf import Attic, Kept, Shelf, common
from inference.local.step_vl import StepVLForConditionalGeneration
from inference.local.thinking import NO_ROOM, NO_TIME, Limits, Speech, Tags
from inference.local.vocabulary import Vocabulary
from inference.types import Event, Finish, Lane

NO_MEMORY = "There is not enough memory for this question. Please ask about fewer pages at a time, or try again later."

WORTH_SHARING = 128
"""Tokens. Fewer are read anew and not shared with other conversations: each step for rows that share takes a little
longer, and all begin with the same few rules."""

Report = tuple[int, Event | EngineError]
"""For the reader of the row of that number. Done or an error is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for all rows."""

    vocabulary: Vocabulary
    tags: Tags
    context: int
    """Tokens of prompt and output together."""
    step_tokens: int
    picture_bytes: int
    spill_bytes: int
    reserve_tokens: int
    reserve_time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What the runner holds, for those who decide what else may come."""

    rows: int
    bytes: int
    peak_bytes: int
    """At most so far, with what steps needed while they ran."""
    threads: frozenset[str]
    """Of which something is in the cache."""


class Runner:
    """``pixels`` makes a picture's pixels elsewhere; whoever drives the runner calls ``step`` again when it is done."""

    def __init__(
        self,
        model: StepVLForConditionalGeneration,
        terms: Terms,
        ledger: Ledger,
        pixels: Pixels,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._forward = Forward(model, ledger)
        self._device = model.lm_head.weight.device
        self._terms = terms
        self._ledger = ledger
        self._clock = clock
        self._geometry = geometry(model)
        self._rows: dict[int, Row] = {}
        self._paused: frozenset[Lane] = frozenset()
        self._reports: list[Report] = []
        self.shelf = Shelf(Attic(terms.spill_bytes), self._chain)
        self.gallery = Gallery(model, ledger, pixels, terms.picture_bytes)
        ledger.reclaim = lambda: self.shelf.reclaim() or self.gallery.reclaim()
        self.busy = False
        """Whether the last step did anything: if not, there is nothing to do before somebody joins, pixels are made,
        or ``due``."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Those that have not ended, as they came."""
        return tuple(self._rows.values())

    @property
    def due(self) -> float:
        """The next time at which something must end, whatever happens."""
        return min((row.deadline for row in self._rows.values()), default=NEVER)

    @property
    def holdings(self) -> Holdings:
        ledger = self._ledger
        return Holdings(rows=len(self._rows), bytes=ledger.held, peak_bytes=ledger.peak, threads=self.shelf.threads)

    def join(self, number: int, question: Question) -> None:
        terms, sampling = self._terms, question.sampling
        reserve = min(terms.reserve_tokens, sampling.max_answer_tokens)
        room = terms.context - len(question.prompt.ids) - len(terms.tags.closing) - reserve
        speech = Speech(
            terms.vocabulary,
            terms.tags,
            Limits(
                thinking=min(sampling.max_reasoning_tokens, room) if question.prompt.thinking else 0,
                answer=sampling.max_answer_tokens,
            ),
            thinking=question.prompt.thinking,
            hold=question.hold,
        )
        sampler = Sampler(sampling, self._device)
        self._rows[number] = Row(number, question, speech, sampler, self._chain())

    def _chain(self) -> Chain:
        return Chain(self._geometry, self._ledger)

    def leave(self, number: int) -> None:
        """Nobody reads it any more. What was computed stays of use."""
        if row := self._rows.pop(number, None):
            self._keep(row)
            self._forget_pixels()

    def pause(self, lanes: frozenset[Lane]) -> None:
        """Rows of these lanes take no part in the steps to come; their deadlines hold all the same."""
        self._paused = lanes

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        """Drop what is kept of these threads and images; nothing will be kept of rows that are at them now."""
        self.shelf.forget(threads, pictures)
        self.gallery.forget(pictures)
        for row in self._rows.values():
            row.private = row.private or row.question.thread in threads or bool(row.shows & pictures)

    @torch.inference_mode()
    def step(self) -> list[Report]:
        self._watch_the_time()
        work = self._plan()
        self._compute(work)
        self._retire()
        reports, self._reports = self._reports, []
        return reports

    def _watch_the_time(self) -> None:
        now = self._clock()
        for number, row in self._rows.items():
            if now >= row.deadline:
                self._tell(number, row.speech.end(Finish.DEADLINE, NO_TIME))
            elif row.speech.thinking and now >= row.thinks_until(self._terms.reserve_time):
                row.tokens += row.speech.close()

    def _plan(self) -> list[tuple[Row, int]]:
        """Every row that is writing goes on; what is left of the step is for those that still read."""
        self._looked = False
        work: list[tuple[Row, int]] = []
        room = self._terms.step_tokens
        for number, row in sorted(self._rows.items(), key=_rank):
            if row.speech.finish is None and not self._rests(row) and (row.writing or room > 0):
                count = self._admit(number, row, room)
                work += [(row, count)] if count else []
                room -= count
        self.busy = bool(work or self._looked)
        return work

    def _admit(self, number: int, row: Row, room: int) -> int:
        """How many tokens the row takes part with; everything they need is there. 0 if that is yet to come."""
        try:
            if not (row.begun or self._begin(row)) or not self._see(row):
                return 0
            count = row.pending if row.writing else min(row.pending, room)
            row.chain.reserve(count)
        except (OutOfMemory, EngineError) as error:
            self._fail(number, error)
            return 0
        return count

    def _begin(self, row: Row) -> bool:
        """Take over what the cache has of its tokens. Not yet, if another row is about to read more of the same."""
        wanted = row.keys[: len(row.tokens) - 1]
        kept, length = self.shelf.find(wanted)
        shared = {other: common(other.keys, wanted) for other in self._rows.values() if other.begun}
        coming = {other: same for other, same in shared.items() if not self._rests(other)}
        if any(same - length >= _worth(row, other) and same > other.chain.length for other, same in coming.items()):
            return False
        there = {other: min(same, other.chain.length) for other, same in shared.items()}
        source, most = max(there.items(), key=itemgetter(1), default=(None, 0))
        if source and most >= max(_worth(row, source), length + 1):
            row.chain = source.chain.branch(row.whole(most))
        elif kept and (length >= WORTH_SHARING or kept.thread == row.question.thread != ""):
            row.chain = self.shelf.take(kept, row.whole(length), row.question.thread)
        row.begun, row.cached = True, row.chain.length
        self.gallery.order(row.unseen)
        return True

    def _rests(self, row: Row) -> bool:
        return row.question.lane in self._paused

    def _see(self, row: Row) -> bool:
        """Whether the features of its pictures are there. One picture is encoded in a step, so that others go on."""
        for picture in row.unseen:
            if picture.start not in row.features:
                encoded = self.gallery.encoded
                if self._looked or (features := self.gallery.features(picture)) is None:
                    return False
                row.features[picture.start] = features
                self._looked = self.gallery.encoded > encoded
        return True

    def _compute(self, work: list[tuple[Row, int]]) -> None:
        """Where memory is out all the same, the row that takes most of it fails and the others go on."""
        while work:
            try:
                drawn = self._forward.run(work)
                break
            except OutOfMemory as error:
                if not self._give_up():
                    work = self._without_heaviest(work, error)
        else:
            return
        for (row, _), token in zip(work, drawn, strict=True):
            if token is not None:
                self._take(row, token)

    def _give_up(self) -> bool:
        """All that is held only because it may be of use again. Whether there was any."""
        held = self._ledger.held
        while self._ledger.reclaim():
            pass
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return self._ledger.held < held

    def _without_heaviest(self, work: list[tuple[Row, int]], error: OutOfMemory) -> list[tuple[Row, int]]:
        heaviest = max(work, key=lambda one: (one[1], one[0].chain.length))
        self._fail(heaviest[0].number, error)
        return [one for one in work if one is not heaviest]

    def _take(self, row: Row, token: int) -> None:
        """Hand out what the model has said."""
        if row.first_token is None:
            row.first_token = self._clock()
            row.features.clear()
        said = row.speech.take(token)
        row.tokens += said.tokens
        self._tell(row.number, said.events)
        if row.speech.finish is None and len(row.tokens) >= self._terms.context:
            self._tell(row.number, row.speech.end(Finish.LENGTH, NO_ROOM))

    def _retire(self) -> None:
        ended = [(number, row) for number, row in self._rows.items() if row.speech.finish is not None]
        for number, row in ended:
            assert row.speech.finish is not None
            self._reports.append((number, row.done(row.speech.finish, self._clock())))
            self.leave(number)

    def _keep(self, row: Row) -> None:
        """What rollouts wrote is of no use to anybody: only their prompt is kept."""
        if row.private:
            row.chain.release()
            return
        if row.question.group:
            row.chain.crop(min(row.chain.length, len(row.keys)))
        self.shelf.keep(Kept(keys=row.known(), chain=row.chain, thread=row.question.thread, shows=row.shows))

    def _fail(self, number: int, error: Exception) -> None:
        """This row alone, with all that it holds."""
        failed = error if isinstance(error, EngineError) else Failed(NO_MEMORY)
        failed.__cause__ = error if failed is not error else error.__cause__
        self._reports.append((number, failed))
        self._rows.pop(number).chain.release()
        self._forget_pixels()

    def _forget_pixels(self) -> None:
        self.gallery.want([picture for row in self._rows.values() for picture in row.unseen])

    def _tell(self, number: int, events: Iterable[Event]) -> None:
        self._reports += [(number, event) for event in events]


def _worth(row: Row, other: Row) -> int:
    """From how many tokens on it pays to hang on to the other's cache, and to wait for it."""
    return 1 if row.question.group and row.question.group == other.question.group else WORTH_SHARING


def _rank(one: tuple[int, Row]) -> tuple[bool, bool, int]:
    """Who writes, then who is waited for by a person, then who came first."""
    number, row = one
    return not row.writing, row.question.lane is not Lane.INTERACTIVE, number
