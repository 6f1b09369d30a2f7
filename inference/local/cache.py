"""Keys and values of what the model has read.

A row's cache is a chain of segments. A segment holds consecutive tokens and can be part of many chains; it has one
writer at most, which adds behind what others share. So rows join, leave and branch without copying, the bytes held
follow the sum of the lengths, and what several rows have in common is held once.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import torch

from inference.local.ledger import Ledger, OutOfMemory

STRIDE = 64
"""Segments grow by so many tokens at least, and by a quarter."""

Pair = tuple[torch.Tensor, torch.Tensor]
"""Keys and values: [key/value heads, tokens, head size] each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """What one token takes in the cache."""

    heads: int
    """For keys and values."""
    head_size: int
    dtype: torch.dtype
    devices: tuple[torch.device, ...]
    """Of each layer."""

    @property
    def bytes(self) -> int:
        return 2 * len(self.devices) * self.heads * self.head_size * self.dtype.itemsize


class Segment:
    """Consecutive tokens: for each layer a tensor [2, heads, capacity, head size]."""

    def __init__(self, geometry: Geometry, ledger: Ledger) -> None:
        self._geometry = geometry
        self._ledger = ledger
        self._layers = [torch.empty(self._shape(0), dtype=geometry.dtype, device=place) for place in geometry.devices]
        self.capacity = 0
        self.filled = 0
        self.users = 1
        self.writer: Chain | None = None

    def resize(self, capacity: int) -> None:
        """Copies what is filled, one layer at a time, which counts as well. OutOfMemory leaves all as it was."""
        change = (capacity - self.capacity) * self._geometry.bytes
        self._ledger.take(max(0, change), "growth")
        try:
            with self._ledger.lent(self.capacity * self._geometry.bytes // len(self._layers), "growth"):
                self._move(capacity)
        except OutOfMemory:
            self._ledger.give(max(0, change))
            raise
        self._ledger.give(max(0, -change))
        self.capacity = capacity

    def _move(self, capacity: int) -> None:
        for index, old in enumerate(self._layers):
            new = old.new_empty(self._shape(capacity))
            new[:, :, : self.filled] = old[:, :, : self.filled]
            self._layers[index] = new

    def read(self, layer: int, length: int) -> Pair:
        keys, values = self.both(layer, length).unbind()
        return keys, values

    def both(self, layer: int, length: int) -> torch.Tensor:
        """[2, heads, length, head size]."""
        return self._layers[layer].narrow(2, 0, length)

    def write(self, layer: int, start: int, both: torch.Tensor) -> None:
        self._layers[layer].narrow(2, start, both.shape[2]).copy_(both)

    def release(self) -> None:
        """One user less; without users the memory is given back."""
        self.users -= 1
        if not self.users:
            self._ledger.give(self.capacity * self._geometry.bytes)
            self.capacity = self.filled = 0
            self._layers = []

    def _shape(self, capacity: int) -> tuple[int, ...]:
        return 2, self._geometry.heads, capacity, self._geometry.head_size


class Chain:
    """One row's cache: the leading tokens of one segment after the other."""

    def __init__(self, geometry: Geometry, ledger: Ledger) -> None:
        self._geometry = geometry
        self._ledger = ledger
        self._parts: list[tuple[Segment, int]] = []
        self.length = 0

    @property
    def bytes(self) -> int:
        """Shared ones included."""
        return sum(segment.capacity for segment, _ in self._parts) * self._geometry.bytes

    @property
    def bytes_used(self) -> int:
        """Of the tokens alone, without room to grow."""
        return self.length * self._geometry.bytes

    @property
    def parts(self) -> Sequence[tuple[Segment, int]]:
        """Segments, and how many of their tokens are ours."""
        return self._parts

    def branch(self, length: int) -> "Chain":
        """Another chain that begins with the same tokens."""
        other = Chain(self._geometry, self._ledger)
        for segment, used in self._parts:
            if taken := min(used, length - other.length):
                segment.users += 1
                other._parts.append((segment, taken))
                other.length += taken
        return other

    def crop(self, length: int) -> None:
        """Forget what follows. Where others share it, it stays, and we go on elsewhere."""
        while self.length > length:
            segment, used = self._parts.pop()
            self.length -= used
            kept = max(0, length - self.length)
            if kept:
                self._parts.append((segment, kept))
                self.length += kept
            if segment.writer is self and (not kept or segment.users > 1):
                segment.writer = None
            if segment.users == 1:
                segment.filled = kept
            if not kept:
                segment.release()

    def reserve(self, count: int) -> None:
        """Make room for ``count`` more tokens. OutOfMemory leaves the chain as it was."""
        segment, used = self._parts[-1] if self._parts else (None, 0)
        if segment is None or not self._claim(segment, used):
            segment, used = Segment(self._geometry, self._ledger), 0
            segment.writer = self
            self._parts.append((segment, 0))
        if used + count > segment.capacity:
            self._grow(segment, used + count)

    def write(self, layer: int, both: torch.Tensor) -> None:
        """Keys and values [2, heads, tokens, head size] behind all others, where ``reserve`` has made room; they count
        once they are committed."""
        segment, used = self._parts[-1]
        segment.write(layer, used, both)

    def read(self, layer: int, count: int) -> list[Pair]:
        """Of each segment, with ``count`` tokens that are not yet committed."""
        last = len(self._parts) - 1
        return [
            segment.read(layer, used + (count if index == last else 0))
            for index, (segment, used) in enumerate(self._parts)
        ]

    def commit(self, count: int) -> None:
        segment, used = self._parts[-1]
        self._parts[-1] = segment, used + count
        segment.filled = used + count
        self.length += count

    def copied(self) -> tuple[torch.Tensor, ...]:
        """All of it in CPU memory: for each layer [2, heads, tokens, head size]."""
        layers = range(len(self._geometry.devices))
        return tuple(
            torch.cat([segment.both(layer, used) for segment, used in self._parts], dim=2).cpu() for layer in layers
        )

    def fill(self, layers: Sequence[torch.Tensor], length: int) -> None:
        """Add the first ``length`` tokens of such a copy. OutOfMemory leaves the chain as it was."""
        self.reserve(length)
        for layer, (both, device) in enumerate(zip(layers, self._geometry.devices, strict=True)):
            self.write(layer, both[:, :, :length].to(device))
        self.commit(length)

    def trim(self) -> None:
        """Give back the room behind the last token, if it is ours alone."""
        segment, used = self._parts[-1] if self._parts else (None, 0)
        if segment and segment.users == 1 and _rounded(used) < segment.capacity:
            with suppress(OutOfMemory):
                segment.resize(_rounded(used))

    def release(self) -> None:
        self.crop(0)
        # A segment that was reserved and never written to has no tokens to crop.
        for segment, _ in self._parts:
            segment.release()
        self._parts.clear()

    def _grow(self, segment: Segment, needed: int) -> None:
        """By a quarter, or as little as will do."""
        try:
            segment.resize(_rounded(max(needed, segment.capacity * 5 // 4)))
        except OutOfMemory:
            segment.resize(_rounded(needed))

    def _claim(self, segment: Segment, used: int) -> bool:
        """Whether we may write behind the tokens of ours."""
        if segment.writer is None and used == segment.filled:
            segment.writer = self
        return segment.writer is self


def _rounded(tokens: int) -> int:
    return -(-tokens // STRIDE) * STRIDE
