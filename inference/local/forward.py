"""One forward pass over the pending tokens of many rows."""

from collections.abc import Sequence

import torch

from inference.local import attention
from inference.local.cache import Geometry
from inference.local.ledger import Ledger, Purpose
from inference.local.memory import Sizes, decoder_work
from inference.local.row import Row
from inference.local.sampling import draw
from inference.local.step_vl import StepVLForConditionalGeneration

Work = Sequence[tuple[Row, int]]
"""Rows, and how many of its pending tokens each one gets to read."""


class Forward:
    """Room for the keys and values must have been reserved in the rows' chains."""

    def __init__(self, model: StepVLForConditionalGeneration, ledger: Ledger) -> None:
        attention.install(model)
        self._model = model
        self._ledger = ledger
        self._sizes = Sizes.of(model.config)
        self._device = model.model.embed_tokens.weight.device

    def run(self, work: Work) -> list[int | None]:
        """The next token of each row that has no pending tokens any more. OutOfMemory leaves all rows as they were."""
        tokens = sum(count for _, count in work)
        purpose: Purpose = "decode" if tokens == len(work) else "prefill"
        with self._ledger.lent(self._needed(work), purpose):
            drawn = self._drawn(work, self._hidden(work))
        for row, count in work:
            row.chain.commit(count)
        return drawn

    def _needed(self, work: Work) -> int:
        """Bytes while it runs; a mask counts twice, since attention makes a bias of it."""
        tokens, itemsize = sum(count for _, count in work), int(self._model.dtype.itemsize)
        masks = sum(count * (row.chain.length + count) for row, count in work if count > 1)
        return decoder_work(self._sizes, tokens, len(work), itemsize) + masks * (1 + itemsize)

    def _hidden(self, work: Work) -> torch.Tensor:
        """[tokens, hidden] of all rows, one after the other."""
        packing = attention.pack([(row.chain, count) for row, count in work], self._device)
        positions = [row.chain.length + index for row, count in work for index in range(count)]
        hidden: torch.Tensor = self._model.model(
            inputs_embeds=self._embeds(work),
            position_ids=torch.tensor([positions], device=self._device),
            attention_mask={"full_attention": None},
            use_cache=False,
            packing=packing,
        ).last_hidden_state[0]
        return hidden

    def _embeds(self, work: Work) -> torch.Tensor:
        """[1, tokens, hidden], pictures in place."""
        tokens: list[int] = []
        places: list[int] = []
        features: list[torch.Tensor] = []
        for row, count in work:
            start = row.chain.length
            for found, seen in row.shown(start, start + count, self._model.config.image_token_id):
                places += [len(tokens) - start + place for place in found]
                features.append(seen)
            tokens += row.tokens[start : start + count]
        embeds: torch.Tensor = self._model.model.embed_tokens(torch.tensor([tokens], device=self._device))
        if places:
            embeds[0, torch.tensor(places, device=self._device)] = torch.cat(features).to(embeds)
        return embeds

    def _drawn(self, work: Work, hidden: torch.Tensor) -> list[int | None]:
        last, stop = [], 0
        for row, count in work:
            stop += count
            if count == row.pending:
                last.append((row, stop - 1))
        if not last:
            return [None] * len(work)
        logits = self._model.lm_head(hidden[[index for _, index in last]])
        tokens = iter(draw(logits, [(row.sampler, row.speech.banned, row.speech.allowed()) for row, _ in last]))
        return [next(tokens) if count == row.pending else None for row, count in work]


def geometry(model: StepVLForConditionalGeneration) -> Geometry:
    text = model.config.text_config
    return Geometry(
        heads=text.num_key_value_heads,
        head_size=text.head_dim,
        dtype=model.dtype,
        devices=tuple(layer.input_layernorm.weight.device for layer in model.model.layers),
    )
