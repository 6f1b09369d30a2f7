"""Finding again what a prompt begins with: caches of ended rows stay where the model is as long as there is room, then
in CPU memory, and then they are dropped."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch

from inference.local.cache import Chain
from inference.local.ledger import OutOfMemory, translated


@dataclass(eq=False, slots=True)
class Kept:
    """The cache of a row that has ended."""

    keys: np.ndarray
    """What the tokens are, by identity: their id, or which picture they show."""
    chain: Chain
    thread: str
    shows: frozenset[str] = frozenset()
    """SHA-256 of the images in it."""


@dataclass(eq=False, slots=True)
class Stored:
    """The same in CPU memory."""

    keys: np.ndarray
    layers: tuple[torch.Tensor, ...]
    thread: str
    shows: frozenset[str] = frozenset()

    @property
    def bytes(self) -> int:
        return sum(layer.nbytes for layer in self.layers)


F = TypeVar("F", Kept, Stored)


class Attic:
    """What had to make room, within ``limit`` bytes of CPU memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._stored: list[Stored] = []
        """The least recently used first."""

    @property
    def held(self) -> int:
        return sum(stored.bytes for stored in self._stored)

    @property
    def stored(self) -> Sequence[Stored]:
        return self._stored

    def put(self, kept: Kept) -> None:
        """Copy it, unless it is larger than all there may be."""
        if kept.chain.bytes_used > self._limit:
            return
        try:
            with translated("growth"):
                self._stored.append(Stored(kept.keys, kept.chain.copied(), kept.thread, kept.shows))
        except OutOfMemory:
            return
        while self.held > self._limit:
            del self._stored[0]

    def touch(self, stored: Stored) -> None:
        self._stored.remove(stored)
        self._stored.append(stored)

    def remove(self, stored: Stored) -> None:
        self._stored.remove(stored)

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        """Drop what is of these threads or shows these images."""
        self._stored = [one for one in self._stored if one.thread not in threads and not one.shows & pictures]

    def clear(self) -> None:
        self._stored.clear()


class Shelf:
    """Caches of ended rows, to be found by how their tokens begin. ``chain`` makes an empty one."""

    def __init__(self, attic: Attic, chain: Callable[[], Chain]) -> None:
        self.attic = attic
        self._chain = chain
        self._kept: list[Kept] = []
        """The least recently used first."""

    def __len__(self) -> int:
        """Of those that are where the model is."""
        return len(self._kept)

    @property
    def threads(self) -> frozenset[str]:
        return frozenset(one.thread for one in self._everything())

    def keep(self, kept: Kept) -> None:
        """Unless it is the beginning of another; and without those that are the beginning of it."""
        if not kept.chain.length or any(common(kept.keys, other.keys) == len(kept.keys) for other in self._kept):
            kept.chain.release()
            return
        for other in _beginnings(self._kept, kept.keys):
            self._drop(other)
        for stored in _beginnings(self.attic.stored, kept.keys):
            self.attic.remove(stored)
        kept.chain.trim()
        self._kept.append(kept)

    def find(self, keys: np.ndarray) -> tuple[Kept | Stored | None, int]:
        """What has most tokens in common with the beginning of ``keys``, and how many."""
        best: Kept | Stored | None = None
        length = 0
        for one in self._everything():
            if (same := common(one.keys, keys)) > length:
                best, length = one, same
        return best, length

    def take(self, found: Kept | Stored, length: int, thread: str) -> Chain:
        """Its first tokens: the very chain for the thread that it comes from, a branch for others, and a copy of what
        is in CPU memory. OutOfMemory if there is no room for that."""
        own = bool(thread) and found.thread == thread
        if isinstance(found, Stored):
            return self._fetched(found, length, own=own)
        self._kept.remove(found)
        if own:
            found.chain.crop(length)
            return found.chain
        self._kept.append(found)
        return found.chain.branch(length)

    def reclaim(self) -> bool:
        """Move the one that was least recently used to CPU memory."""
        if not self._kept:
            return False
        kept = self._kept[0]
        self.attic.put(kept)
        self._drop(kept)
        return True

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        """Drop what is of these threads or shows these images, wherever it is kept."""
        for kept in [one for one in self._kept if one.thread in threads or one.shows & pictures]:
            self._drop(kept)
        self.attic.forget(threads, pictures)

    def clear(self) -> None:
        """Drop everything."""
        while self._kept:
            self._drop(self._kept[0])
        self.attic.clear()

    def _everything(self) -> Iterator[Kept | Stored]:
        """What is where the model is comes first, and of each the most recently used."""
        yield from reversed(self._kept)
        yield from reversed(self.attic.stored)

    def _fetched(self, stored: Stored, length: int, *, own: bool) -> Chain:
        """What stays in CPU memory may be of use to others; a thread will keep its own anew."""
        self.attic.touch(stored)
        fetched = self._chain()
        try:
            with translated("growth"):
                fetched.fill(stored.layers, length)
        except OutOfMemory:
            fetched.release()
            raise
        if own and stored in self.attic.stored:
            self.attic.remove(stored)
        return fetched

    def _drop(self, kept: Kept) -> None:
        self._kept.remove(kept)
        kept.chain.release()


def common(one: np.ndarray, other: np.ndarray) -> int:
    """How many leading entries are equal."""
    length = min(len(one), len(other))
    different = one[:length] != other[:length]
    return int(different.argmax()) if different.any() else length


def _beginnings(those: Sequence[F], keys: np.ndarray) -> list[F]:
    """Of those the ones that ``keys`` begins with."""
    return [one for one in those if common(keys, one.keys) == len(one.keys)]
