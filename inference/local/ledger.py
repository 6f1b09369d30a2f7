"""Who holds how many bytes. All memory that grows with requests is asked for here first."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import torch

Purpose = Literal["encode", "prefill", "decode", "growth"]


class OutOfMemory(Exception):
    """There is no room, and nothing left to give up."""


class Ledger:
    """Bytes within a budget. ``reclaim`` gives up something that is held only because it may be of use again, and says
    whether there was any."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.held = 0
        self.peak = 0
        self.reclaim: Callable[[], bool] = lambda: False

    def take(self, size: int, purpose: Purpose) -> None:
        """OutOfMemory if there is no room for ``size`` bytes."""
        while self.held + size > self.budget:
            if not self.reclaim():
                raise OutOfMemory(f"{purpose}: {size} bytes, {self.held} of {self.budget} held")
        self.held += size
        self.peak = max(self.peak, self.held)

    def give(self, size: int) -> None:
        self.held -= size

    @contextmanager
    def lent(self, size: int, purpose: Purpose) -> Iterator[None]:
        """For as long as something runs. What the device itself refuses is OutOfMemory too."""
        self.take(size, purpose)
        try:
            with translated(purpose):
                yield
        finally:
            self.give(size)


@contextmanager
def translated(purpose: Purpose) -> Iterator[None]:
    """torch's ways to say that memory is out, as OutOfMemory, which holds none of the tensors that were there."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not _out_of_memory(error):
            raise
        # The frames that it came through are over, and would keep what they were computing for as long as it is known.
        traceback.clear_frames(error.__traceback__)
        raise OutOfMemory(f"{purpose}: {error}") from error


def _out_of_memory(error: Exception) -> bool:
    """Only the GPU's allocator has a kind of its own for it; the driver, cuBLAS and the CPU say so in words."""
    words = ("out of memory", "not enough memory", "can't allocate memory", "ALLOC_FAILED")
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(said in str(error) for said in words)
