"""What fits on a GPU, by arithmetic alone: before anything is loaded, and without torch.

Activations are those of eager transformers with a fused attention kernel, as traced on the meta device.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Quantization = Literal["nf4", "int8"]

Place = TypeVar("Place", bound=Hashable)

GIB = 2**30

RESERVE = int(1.5 * GIB)
"""For the CUDA context, the workspaces of libraries, and what the allocator cannot use."""

ENOUGH_CONTEXT = 8_192
"""Tokens for a page, a thought about it and an answer: with room for less the model is of no use."""

CHUNKS = (16, 8, 4, 2, 1)
WORK_SHARE = 0.2
"""Of what weights and reserve leave, at most so much goes into encoding many crops at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Of a STEP3-VL model; by default of the 10B."""

    vocabulary: int = 151_936
    hidden: int = 4_096
    layers: int = 36
    heads: int = 32
    kv_heads: int = 8
    head: int = 128
    mlp: int = 12_288
    positions: int = 65_536
    vision_hidden: int = 1_536
    vision_layers: int = 47
    vision_mlp: int = 8_960
    patch: int = 14
    grid: int = 52
    """Patches along a side of the global view."""
    crop_grid: int = 36
    tied: bool = False
    """The output layer is the embeddings."""

    @classmethod
    def of(cls, config: Any) -> "Sizes":
        """Of a StepVLConfig."""
        text, vision = config.text_config, config.vision_config
        return cls(
            vocabulary=text.vocab_size,
            hidden=text.hidden_size,
            layers=text.num_hidden_layers,
            heads=text.num_attention_heads,
            kv_heads=text.num_key_value_heads,
            head=text.head_dim,
            mlp=text.intermediate_size,
            positions=text.max_position_embeddings,
            vision_hidden=vision.hidden_size,
            vision_layers=vision.num_hidden_layers,
            vision_mlp=vision.intermediate_size,
            patch=vision.patch_size,
            grid=vision.image_size // vision.patch_size,
            tied=config.tie_word_embeddings,
        )

    @property
    def quantisable(self) -> int:
        """Parameters of the decoder's linear layers."""
        attention = self.head * (2 * self.heads + 2 * self.kv_heads)
        return self.layers * self.hidden * (attention + 3 * self.mlp)

    @property
    def parameters(self) -> int:
        norms = self.layers * (2 * self.hidden + 2 * self.head) + self.hidden
        embeddings = (1 if self.tied else 2) * self.vocabulary * self.hidden
        projector = 4 * self.vision_hidden * self.hidden
        return self._vision_parameters + projector + embeddings + self.quantisable + norms

    @property
    def _vision_parameters(self) -> int:
        width, mlp = self.vision_hidden, self.vision_mlp
        attention = 4 * width * width + 4 * width
        layer = attention + 2 * width * mlp + mlp + width + 4 * width + 2 * width
        embeddings = 3 * self.patch**2 * width + self.grid**2 * width + 2 * width
        downsamplers = 9 * (width * 2 * width + 2 * width * 4 * width) + 6 * width
        return embeddings + self.vision_layers * layer + downsamplers


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How ``total`` bytes are divided."""

    total: int
    quantization: Quantization | None
    weights: int
    work: int
    """The most that one forward pass needs: of the vision tower, or of the decoder."""
    token: int
    """Keys and values of one token."""
    positions: int
    """Tokens that the model can tell apart."""
    crops_per_chunk: int

    @property
    def cache(self) -> int:
        """Bytes for the keys and values of all conversations together."""
        return max(0, self.total - self.weights - self.work - RESERVE)

    @property
    def context(self) -> int:
        """The longest conversation, in tokens."""
        return min(self.positions, self.cache // self.token)

    @property
    def fits(self) -> bool:
        return self.context >= ENOUGH_CONTEXT

    def rollouts(self, shared: int, each: int) -> int:
        """How many answers of ``each`` tokens to one prompt of ``shared`` tokens are written at the same time."""
        return max(0, (self.cache // self.token - shared) // each)

    def peak(self, tokens: int) -> int:
        """What is allocated at most with so many tokens in the cache."""
        return self.weights + self.work + tokens * self.token

    def __str__(self) -> str:
        kind = {None: "in 16 bits", "int8": "in 8 bits", "nf4": "in 4 bits"}[self.quantization]
        needed = f"{_gib(self.weights)} for the model {kind}, {_gib(self.work)} for its work, {_gib(RESERVE)} to spare"
        if not self.fits:
            return f"Of {_gib(self.total)} too little is left for conversations: {needed}."
        together = self.rollouts(2_048, 12_288)
        return (
            f"Of {_gib(self.total)}: {needed}, and {_gib(self.cache)} for conversations. The longest has "
            f"{self.context:,} tokens; answers of 12,288 that can be thought out together: {together}."
        )


def plan(
    total: int,
    sizes: Sizes | None = None,
    *,
    quantization: Quantization | None = None,
    rows: int = 20,
    step_tokens: int = 1_024,
    itemsize: int = 2,
) -> Plan:
    """Of ``total`` bytes. ``rows`` answers are written at the same time, and a step reads ``step_tokens`` at most."""
    sizes = sizes or Sizes()
    weights = weight_bytes(sizes, quantization, itemsize)
    decoder = decoder_work(sizes, step_tokens, rows, itemsize)
    left = total - weights - RESERVE
    affordable = [crops for crops in CHUNKS if vision_work(sizes, crops, itemsize) <= max(decoder, WORK_SHARE * left)]
    crops = affordable[0] if affordable else CHUNKS[-1]
    return Plan(
        total=total,
        quantization=quantization,
        weights=weights,
        work=max(decoder, vision_work(sizes, crops, itemsize)),
        token=2 * sizes.layers * sizes.kv_heads * sizes.head * itemsize,
        positions=sizes.positions,
        crops_per_chunk=crops,
    )


def usable(gpus: Sequence[int], device: str = "auto") -> int:
    """Bytes for a model on ``device``, of GPUs with so many each: with ``auto`` it is spread over all of them, and each
    further one keeps a reserve of its own. 0 if the device is none of them."""
    if device == "auto":
        return sum(gpus) - RESERVE * max(0, len(gpus) - 1)
    kind, _, number = device.partition(":")
    index = int(number or 0) if kind == "cuda" and (number or "0").isdecimal() else len(gpus)
    return gpus[index] if index < len(gpus) else 0


def cache_room(free: Mapping[Place, int], layers: Sequence[Place]) -> int:
    """Bytes for keys and values with so much free on each device: they lie with their layers, so the device that is
    full first sets the limit."""
    held = Counter(layers)
    return min(free[place] * len(layers) // count for place, count in held.items())


def first_fitting(total: int, sizes: Sizes | None = None) -> Plan | None:
    """With as little quantisation as possible."""
    choices: tuple[Quantization | None, ...] = (None, "int8", "nf4")
    return next((found for kind in choices if (found := plan(total, sizes, quantization=kind)).fits), None)


def weight_bytes(sizes: Sizes, quantization: Quantization | None = None, itemsize: int = 2) -> int:
    whole = (sizes.parameters - sizes.quantisable) * itemsize
    if quantization is None:
        return whole + sizes.quantisable * itemsize
    if quantization == "int8":
        # A float for each row.
        rows = sizes.head * (sizes.heads + 2 * sizes.kv_heads) + 2 * sizes.hidden + 2 * sizes.mlp
        return whole + sizes.quantisable + 4 * sizes.layers * rows
    # Half a byte, a byte for every block of 64, and a float for every 256 blocks.
    return whole + int(sizes.quantisable * (1 / 2 + 1 / 64 + 4 / (64 * 256)))


def vision_work(sizes: Sizes, crops: int, itemsize: int = 2) -> int:
    """The peak within a layer, for so many crops at once or half as many global views."""
    patches = max(crops * sizes.crop_grid**2, max(1, crops // 2) * sizes.grid**2)
    return patches * 3 * (sizes.vision_mlp + sizes.vision_hidden) * itemsize


def decoder_work(sizes: Sizes, tokens: int, rows: int = 1, itemsize: int = 2) -> int:
    """The peak within a layer and, for ``rows`` next tokens, the logits as floats with room to sample."""
    return tokens * (3 * sizes.mlp + 4 * sizes.hidden) * itemsize + rows * sizes.vocabulary * 12


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"
