"""The other side: transformers' own ``generate`` and forward passes over the same weights, without this project."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache, DynamicLayer, StoppingCriteria, StoppingCriteriaList

from inference.local.prompt import Prompt
from inference.local.step_vl import StepVLForConditionalGeneration


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """Seconds of one answer."""

    prefill_s: float
    decode_s: float
    """From the first token to the last."""


class _Stamps(StoppingCriteria):
    """When each token was there."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.times: list[float] = []

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor, **kwargs: Any) -> torch.Tensor:
        self.times.append(self._clock())
        return torch.zeros(len(input_ids), dtype=torch.bool)


class Plain:
    """Shares the weights of ``model`` and has transformers' own attention."""

    def __init__(self, model: StepVLForConditionalGeneration, clock: Callable[[], float]) -> None:
        self._clock = clock
        config = copy.deepcopy(model.config)
        config.text_config._attn_implementation = "sdpa"
        with torch.device("meta"):
            self.model = StepVLForConditionalGeneration(config).eval()
        self.model.load_state_dict(model.state_dict(), assign=True)
        # What is no weight is made anew, and cannot be made on the meta device.
        self.model.model.rotary_emb = model.model.rotary_emb
        self.model.generation_config = model.generation_config

    @torch.inference_mode()
    def embeds(self, prompt: Prompt, features: Sequence[torch.Tensor]) -> torch.Tensor:
        """[1, tokens, hidden], pictures in place."""
        ids = torch.tensor([prompt.ids])
        embeds = self.model.model.embed_tokens(ids)
        if features:
            embeds[ids == self.model.config.image_token_id] = torch.cat(list(features))
        return embeds

    @torch.inference_mode()
    def generate(self, embeds: torch.Tensor, tokens: int) -> Generated:
        """An answer of so many tokens, greedily."""
        stamps, began = _Stamps(self._clock), self._clock()
        self.model.generate(
            inputs_embeds=embeds,
            attention_mask=torch.ones(embeds.shape[:2], dtype=torch.long),
            do_sample=False,
            min_new_tokens=tokens,
            max_new_tokens=tokens,
            stopping_criteria=StoppingCriteriaList([stamps]),
        )
        first, last = stamps.times[0], stamps.times[-1]
        return Generated(prefill_s=first - began, decode_s=last - first)

    @torch.inference_mode()
    def read(self, embeds: torch.Tensor) -> DynamicCache:
        """The cache of a prompt."""
        cache = DynamicCache(config=self.model.config.text_config)
        self.model(inputs_embeds=embeds, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return cache

    @torch.inference_mode()
    def pass_over(self, embeds: torch.Tensor, cache: DynamicCache) -> float:
        """Seconds of one bare forward pass over these tokens behind the cache, to the next token."""
        began = self._clock()
        output = self.model(inputs_embeds=embeds, past_key_values=cache, use_cache=True, logits_to_keep=1)
        int(output.logits[0, -1].argmax())
        return self._clock() - began

    @torch.inference_mode()
    def decode(self, lengths: Sequence[int], steps: int) -> float:
        """Seconds of a bare step: so many rows of these lengths in preallocated caches, the mask made once."""
        text, rows, longest = self.model.config.text_config, len(lengths), max(lengths)
        cache = DynamicCache()
        cache.layers = [
            _Preallocated(rows, text.num_key_value_heads, longest, steps, text.head_dim)
            for _ in range(text.num_hidden_layers)
        ]
        cache.layer_class_to_replicate = None
        mask = torch.zeros(rows, 1, 1, longest + steps, dtype=torch.bool)
        for row, length in enumerate(lengths):
            mask[row, ..., longest - length :] = True
        tokens = torch.ones(rows, 1, dtype=torch.long)
        positions = torch.tensor(lengths)[:, None]
        began = self._clock()
        for step in range(steps):
            output = self.model.model(
                inputs_embeds=self.model.model.embed_tokens(tokens),
                position_ids=positions + step,
                attention_mask={"full_attention": mask[..., : longest + step + 1]},
                past_key_values=cache,
                use_cache=True,
            )
            tokens = self.model.lm_head(output.last_hidden_state).argmax(-1)
            tokens.tolist()
        return (self._clock() - began) / steps


class _Preallocated(DynamicLayer):  # type: ignore[misc]
    """Padded on the left; a step writes in place."""

    def __init__(self, rows: int, heads: int, longest: int, steps: int, size: int) -> None:
        super().__init__()
        self._buffers = torch.zeros(2, rows, heads, longest + steps, size).normal_(std=0.1)
        self._length = longest
        self.is_initialized = True
        self.keys, self.values = self._buffers[:, :, :, :longest]

    def update(self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        self._buffers[0, :, :, self._length] = key_states[:, :, 0]
        self._buffers[1, :, :, self._length] = value_states[:, :, 0]
        self._length += 1
        self.keys, self.values = self._buffers[:, :, :, : self._length]
        return self.keys, self.values

    def get_seq_length(self) -> int:
        return self._length
