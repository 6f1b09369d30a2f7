"""Attention for rows of different lengths that share a forward pass, by transformers' own hook for it.

The tokens of all rows are packed into one sequence [1, tokens], so that every linear layer sees them at once; only
here each row is by itself. No model code is changed: the packing travels through the model as a keyword argument.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from inference.local.cache import Chain

NAME = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A row's tokens among those of all."""

    chain: Chain
    mask: torch.Tensor | None = None
    """[tokens, cached + tokens], where there is more than one token and something cached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """All rows of a step, once: made for the step and used by every layer."""

    parts: tuple[Part, ...]
    counts: list[int]
    """Tokens of each part."""
    families: tuple[tuple[int, ...], ...]
    """The places of parts with one token each whose caches differ in their last segment only."""
    singles: tuple[int, ...]
    """Those of the others."""


def install(model: PreTrainedModel) -> None:
    """From now on the model takes ``packing``; without it, it attends as before."""
    AttentionInterface.register(NAME, attend_rows)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.config.text_config._attn_implementation = NAME


def pack(rows: Sequence[tuple[Chain, int]], device: torch.device) -> Packing:
    """Of chains, with how many tokens each gets."""
    families: dict[tuple[tuple[int, int], ...], list[int]] = defaultdict(list)
    singles: list[int] = []
    for place, (chain, count) in enumerate(rows):
        shared = tuple((id(segment), used) for segment, used in chain.parts[:-1])
        (families[shared] if shared and count == 1 else singles).append(place)
    return Packing(
        parts=tuple(Part(chain=chain, mask=_mask(chain.length, count, device)) for chain, count in rows),
        counts=[count for _, count in rows],
        families=tuple(map(tuple, families.values())),
        singles=tuple(singles),
    )


def attend_rows(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    packing: Packing | None = None,
    **settings: Any,
) -> tuple[torch.Tensor, None]:
    """[1, heads, tokens, head size] each -> [1, tokens, heads, head size]."""
    if packing is None:
        plain: tuple[torch.Tensor, None] = sdpa_attention_forward(module, query, key, value, attention_mask, **settings)
        return plain
    layer, scaling = int(module.layer_idx), float(settings["scaling"])  # type: ignore[arg-type]
    written = torch.split(torch.stack((key[0], value[0])), packing.counts, dim=2)
    queries = torch.split(query[0].transpose(0, 1), packing.counts)
    for part, both in zip(packing.parts, written, strict=True):
        part.chain.write(layer, both)
    results = list(queries)
    for place in packing.singles:
        results[place] = _attend(packing.parts[place], queries[place], layer, scaling)
    for family in packing.families:
        together = torch.cat([queries[place] for place in family])
        attended = _attend_family([packing.parts[place] for place in family], together, layer, scaling)
        for place, result in zip(family, torch.split(attended, 1), strict=True):
            results[place] = result
    return torch.cat(results)[None], None


def _attend(part: Part, query: torch.Tensor, layer: int, scaling: float) -> torch.Tensor:
    """[tokens, heads, size] both. Several query heads share a key head, which is never repeated: they are stacked along
    the tokens if that is one, and along the batch if there are more."""
    tokens, heads, size = query.shape
    cached = part.chain.read(layer, tokens)
    keys, values = cached[0] if len(cached) == 1 else (torch.cat(pieces, dim=1) for pieces in zip(*cached, strict=True))
    if tokens == 1:
        stacked = query.reshape(1, len(keys), -1, size)
        return scaled_dot_product_attention(stacked, keys[None], values[None], scale=scaling).reshape(1, heads, size)
    groups = heads // len(keys)
    result = scaled_dot_product_attention(
        query.transpose(0, 1).reshape(-1, groups, tokens, size).transpose(0, 1),
        keys.expand(groups, *keys.shape),
        values.expand(groups, *values.shape),
        attn_mask=None if part.mask is None else part.mask.to(query.device),
        is_causal=part.mask is None,
        scale=scaling,
    )
    return result.transpose(0, 1).reshape(heads, tokens, size).transpose(0, 1)


def _attend_family(family: Sequence[Part], query: torch.Tensor, layer: int, scaling: float) -> torch.Tensor:
    """[rows, heads, size] both. What all have in common is read once for all of them, and nothing is copied: scores are
    put side by side, which is little; keys and values stay where they are."""
    cached = [part.chain.read(layer, 1) for part in family]
    common, own = cached[0][:-1], [pieces[-1] for pieces in cached]
    lengths = [keys.shape[1] for keys, _ in common]
    rows, heads, size = query.shape
    queries = query.reshape(rows, len(own[0][0]), -1, size).transpose(0, 1)
    stacked = queries.flatten(1, 2)
    scores = torch.cat([stacked @ keys.mT for keys, _ in common], dim=-1)
    scores = scores.reshape(len(stacked), rows, -1, sum(lengths))
    shares, results = [], []
    for row, beside, (keys, values) in zip(queries.unbind(1), scores.unbind(1), own, strict=True):
        joined = torch.cat((beside, row @ keys.mT), dim=-1)
        weights = torch.softmax(joined.float() * scaling, dim=-1).to(query.dtype)
        shared, alone = torch.split(weights, [sum(lengths), keys.shape[1]], dim=-1)
        shares.append(shared)
        results.append(alone @ values)
    # [key heads, rows * groups, size]
    result = torch.cat(results, dim=1)
    for share, (_, values) in zip(torch.split(torch.cat(shares, dim=1), lengths, dim=-1), common, strict=True):
        result += share @ values
    return result.reshape(len(stacked), rows, -1, size).transpose(0, 1).reshape(rows, heads, size)


def _mask(cached: int, count: int, device: torch.device) -> torch.Tensor | None:
    if count == 1 or not cached:
        return None
    return torch.ones(count, cached + count, dtype=torch.bool, device=device).tril(cached)
