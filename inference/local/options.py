"""What can be set about the local engine."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """None leaves it to the engine, which looks at the model and the machine."""

    context: int | None = None
    """Tokens of prompt and output together; at most what the model was made for."""
    cache_bytes: int | None = None
    """For keys and values, pictures' features and what a step needs while it runs."""
    picture_bytes: int = 512 * MIB
    """Of these at most so many for the features of pictures that may be asked about again."""
    spill_bytes: int | None = None
    """CPU memory for conversations that make room on the GPU: they come back without being read again."""
    rows: int = 20
    """How many answers are written at the same time."""
    step_tokens: int | None = None
    """How many tokens one step computes at most; a long prompt takes several, and the other answers go on between."""
    reserve_tokens: int = 512
    """Of the context these are kept for the answer when thinking takes its time."""
    reserve_time: float = 0.2
    """And this share of the time until the deadline."""
    hung_s: float = 300.0
    """A step that takes longer will never end: the engine is dead then."""
    closing_s: float = 10.0
    """How long a step may still take when the engine is closed."""
    yarn: float | None = None
    """The factor by which to stretch the context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What to load: a folder or a hub id, and how."""

    model: str
    device: str = "auto"
    dtype: str = "auto"
    quantization: str | None = None
    revision: str | None = None
