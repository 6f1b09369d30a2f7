"""What the line and the engine behind it are doing and have done, for metrics."""

from dataclasses import dataclass, field, fields

from inference.engine import Load
from inference.types import Done, Finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Since the start; they only grow. Tokens are counted as an answer ends, so not those of answers broken off."""

    answered: int = 0
    """Complete, or as long as they may be."""
    deadlines: int = 0
    """Ended by their deadline, in the line or while they ran."""
    stopped: int = 0
    """Whoever asked went away while they ran."""
    failed: int = 0
    refused: int = 0
    """There was no place in the line."""
    preemptions: int = 0
    """Running answers of the batch lane that were paused for somebody's question, once for each pause."""
    entered: int = 0
    """Went from the line into the engine; together they have waited ``waited_s``."""
    waited_s: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    """Of the prompts' tokens: they were in the cache and not computed again."""
    output_tokens: int = 0

    def __add__(self, more: "Counts") -> "Counts":
        sums = {one.name: getattr(self, one.name) + getattr(more, one.name) for one in fields(self)}
        return Counts(**sums)


def ended(done: Done) -> Counts:
    """What an answer that came to this end adds."""
    usage = done.usage
    return Counts(
        answered=int(done.finish in (Finish.COMPLETE, Finish.LENGTH)),
        deadlines=int(done.finish is Finish.DEADLINE),
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.reasoning_tokens + usage.answer_tokens,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The line at one moment. Rates are tokens a second of one answer, None until measured."""

    interactive: int
    """Waiting, of the interactive lane."""
    batch: int
    """Waiting, of the batch lane."""
    running: int
    longest_wait_s: float
    prompt_rate: float | None
    output_rate: float | None
    paused: int = 0
    """Of the running ones."""
    counts: Counts = Counts()
    load: Load = field(default_factory=Load)
    """What the engine tells of itself; zeros where it keeps no books."""
