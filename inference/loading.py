"""How far an engine is with its start, for people who wait for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """``done`` of ``total``: bytes while downloading, tensors while loading."""

    stage: Literal["downloading", "loading"]
    done: int
    total: int


Tell = Callable[[Loading], None]
"""Called often; where from is the caller's business."""


def tenths(tell: Tell) -> Tell:
    """Only what is news: a stage's beginning, and each tenth of it."""
    told: set[tuple[str, int]] = set()

    def maybe(loading: Loading) -> None:
        step = loading.stage, 10 * loading.done // max(1, loading.total)
        if step not in told:
            told.add(step)
            tell(loading)

    return maybe
