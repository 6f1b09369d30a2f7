"""Drawing the next token."""

from collections.abc import Collection, Sequence

import torch

from inference.types import Sampling

Choice = tuple["Sampler", Collection[int], torch.Tensor | None]
"""How a row draws, without which tokens, and of which alone."""


def draw(logits: torch.Tensor, choices: Sequence[Choice]) -> list[int]:
    """[rows, vocabulary] -> the token of each row. Where all take the likeliest of all, that is one operation."""
    if all(sampler.greedy and not banned and allowed is None for sampler, banned, allowed in choices):
        likeliest: list[int] = logits.argmax(dim=-1).tolist()
        return likeliest
    drawn = [
        sampler.draw(one, banned, allowed) for one, (sampler, banned, allowed) in zip(logits, choices, strict=True)
    ]
    tokens: list[int] = torch.stack(drawn).tolist()
    return tokens


class Sampler:
    """Draws for one row. The same seed draws the same from the same logits on the same kind of device."""

    def __init__(self, settings: Sampling, device: torch.device) -> None:
        self._settings = settings
        self._generator = torch.Generator(device)
        if settings.seed is None:
            self._generator.seed()
        else:
            self._generator.manual_seed(settings.seed % 2**63)

    @property
    def greedy(self) -> bool:
        return self._settings.temperature <= 0

    def draw(self, logits: torch.Tensor, banned: Collection[int], allowed: torch.Tensor | None = None) -> torch.Tensor:
        """[vocabulary] -> the token, not yet fetched from the device. Of those beyond ``allowed`` none is."""
        logits = logits.float()
        if allowed is not None:
            kept = torch.zeros(len(logits), dtype=torch.bool)
            kept[: len(allowed)] = allowed[: len(logits)]
            logits = logits.masked_fill(~kept.to(logits.device), -torch.inf)
        if banned:
            logits = logits.index_fill(0, torch.tensor(list(banned), device=logits.device), -torch.inf)
        if self.greedy:
            return logits.argmax()
        kept = _likely(_first(logits / self._settings.temperature, self._settings.top_k), self._settings.top_p)
        return torch.multinomial(torch.softmax(kept, dim=-1), 1, generator=self._generator)[0]


def _first(logits: torch.Tensor, count: int) -> torch.Tensor:
    """The ``count`` highest; 0 is all."""
    if not 0 < count < len(logits):
        return logits
    return logits.masked_fill(logits < logits.topk(count).values[-1], -torch.inf)


def _likely(logits: torch.Tensor, share: float) -> torch.Tensor:
    """The highest that together have at least this share of the probability; one in any case."""
    if share >= 1:
        return logits
    ordered, order = logits.sort(descending=True)
    probabilities = torch.softmax(ordered, dim=-1)
    beyond = probabilities.cumsum(-1) - probabilities >= share
    beyond[0] = False
    return logits.index_fill(0, order[beyond], -torch.inf)
