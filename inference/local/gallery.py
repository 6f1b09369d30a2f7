"""Pictures as the model sees them, kept for the next question."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import torch

from inference.local.ledger import Ledger
from inference.local.memory import Sizes, vision_work
from inference.local.prompt import Picture
from inference.local.step_vl import StepVLForConditionalGeneration

Pixels = Callable[[Picture], "Future[dict[str, Any]]"]
"""Makes a picture's pixels somewhere else, since that takes a while."""


def identity(picture: Picture) -> int:
    """Of a picture in its layout: negative, so no token's id."""
    digest = hashlib.blake2b(repr((picture.image.sha256, picture.layout)).encode(), digest_size=7).digest()
    return -1 - int.from_bytes(digest, "big")


class Gallery:
    """The projected features of pictures, within ``limit`` bytes as long as no row is using them."""

    def __init__(self, model: StepVLForConditionalGeneration, ledger: Ledger, pixels: Pixels, limit: int) -> None:
        self._model = model
        self._ledger = ledger
        self._pixels = pixels
        self._limit = limit
        self._sizes = Sizes.of(model.config)
        self._features: OrderedDict[int, torch.Tensor] = OrderedDict()
        """The least recently used first."""
        self._images: dict[int, str] = {}
        """SHA-256 of those whose features are there."""
        self._coming: dict[int, Future[dict[str, Any]]] = {}
        self.encoded = 0
        """Pictures so far."""

    def order(self, pictures: Sequence[Picture]) -> None:
        """Have the pixels of these made, unless the features are there."""
        for picture in pictures:
            name = identity(picture)
            if name not in self._features and name not in self._coming:
                self._coming[name] = self._pixels(picture)

    def features(self, picture: Picture) -> torch.Tensor | None:
        """[placeholders, hidden]; None while the pixels are being made. OutOfMemory, or what making them raised."""
        name = identity(picture)
        if name not in self._features:
            self.order([picture])
            if not self._coming[name].done():
                return None
            self._add(name, self._encoded(self._coming.pop(name).result(), picture))
            self._images[name] = picture.image.sha256
        self._features.move_to_end(name)
        return self._features[name]

    def reclaim(self) -> bool:
        """Give up the one that was least recently used."""
        if not self._features:
            return False
        self._give(next(iter(self._features)))
        return True

    def forget(self, pictures: frozenset[str]) -> None:
        """Give up the features of these images, by SHA-256."""
        for name in [name for name, sha256 in self._images.items() if sha256 in pictures]:
            self._give(name)

    def want(self, wanted: Sequence[Picture]) -> None:
        """Pixels are large: of those not yet encoded only ``wanted`` are of use to anybody."""
        names = {identity(picture) for picture in wanted}
        for name in self._coming.keys() - names:
            self._coming.pop(name).cancel()

    def _encoded(self, pixels: dict[str, Any], picture: Picture) -> torch.Tensor:
        with self._ledger.lent(self._needed(picture.layout.crops), "encode"):
            self.encoded += 1
            features: torch.Tensor = self._model.get_image_features(**pixels).pooler_output[0]
            return features

    def _needed(self, crops: int) -> int:
        """Bytes while it runs, for a chunk of crops or the global view."""
        chunk = max(2, min(crops, self._model.crops_per_chunk))
        return vision_work(self._sizes, chunk, self._model.dtype.itemsize)

    def _give(self, name: int) -> None:
        self._ledger.give(self._features.pop(name).nbytes)
        del self._images[name]

    def _add(self, name: int, features: torch.Tensor) -> None:
        self._ledger.take(features.nbytes, "encode")
        self._features[name] = features
        while len(self._features) > 1 and sum(kept.nbytes for kept in self._features.values()) > self._limit:
            self.reclaim()
