"""STEP3-VL as a model of transformers, put together from its native parts."""

from collections.abc import Collection, Set
from typing import Any

import torch
from torch import nn
from transformers import Cache, GenerationMixin, PreTrainedModel, Qwen3Model, Step3p7VisionModel
from transformers.modeling_outputs import BaseModelOutputWithPooling, CausalLMOutputWithPast

from inference.local.step_vl.config import StepVLConfig


class StepVLForConditionalGeneration(PreTrainedModel, GenerationMixin):
    """Modules bear the names of the original checkpoint's keys, so it loads and saves without renaming."""

    config: StepVLConfig
    config_class = StepVLConfig
    input_modalities = ("image", "text")
    _no_split_modules = ["Qwen3DecoderLayer", "Step3p7VisionEncoderLayer"]  # noqa: RUF012
    _skip_keys_device_placement = ["past_key_values"]  # noqa: RUF012
    _supports_sdpa = True
    _supports_attention_backend = True
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}  # noqa: RUF012 - if the configuration says so

    def __init__(self, config: StepVLConfig) -> None:
        super().__init__(config)
        vision, text = config.vision_config, config.text_config
        self.vision_model = Step3p7VisionModel(vision)
        # The tower ends in two convolutions that each halve the grid and double the channels.
        self.vit_large_projector = nn.Linear(vision.hidden_size * 4, text.hidden_size, bias=config.projector_bias)
        self.model = Qwen3Model(text)
        self.lm_head = nn.Linear(text.hidden_size, text.vocab_size, bias=False)
        self.crops_per_chunk = 8
        """How many crops the vision tower takes at once; a global view counts as two. Bounds activation memory."""
        self.post_init()

    @classmethod
    def from_pretrained(cls, *args: Any, output_loading_info: bool = False, **settings: Any) -> Any:
        """ValueError, where transformers would only warn, that names the weights that lack, fit not or are too many."""
        settings |= {"output_loading_info": True, "ignore_mismatched_sizes": True}
        model, info = super().from_pretrained(*args, **settings)
        misshapen = {name for name, *_ in info["mismatched_keys"]}
        if told := complaints(info["missing_keys"], info["unexpected_keys"], misshapen):
            raise ValueError(f"The checkpoint's weights are not those of its config.json: {told}.")
        return (model, info) if output_loading_info else model

    def get_input_embeddings(self) -> nn.Module:
        embeddings: nn.Module = self.model.embed_tokens
        return embeddings

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.model.embed_tokens = value

    def get_output_embeddings(self) -> nn.Module:
        return self.lm_head

    def get_image_features(
        self,
        pixel_values: torch.Tensor | None,
        patch_pixel_values: torch.Tensor | None = None,
        num_patches: torch.Tensor | list[int] | None = None,
        **kwargs: Any,
    ) -> BaseModelOutputWithPooling:
        """``pooler_output`` is one tensor [tokens, hidden] per picture: its crops in order, then its global view."""
        if pixel_values is None:
            return BaseModelOutputWithPooling(pooler_output=[])
        crop_count = 0 if patch_pixel_values is None else len(patch_pixel_values)
        counts = [0] * len(pixel_values) if num_patches is None else [int(count) for count in num_patches]
        if len(counts) != len(pixel_values) or sum(counts) != crop_count:
            raise ValueError(f"num_patches is {counts} for {len(pixel_values)} pictures and {crop_count} crops")
        views = self._encode(pixel_values, max(1, self.crops_per_chunk // 2))
        if patch_pixel_values is None:
            return BaseModelOutputWithPooling(pooler_output=list(views))
        crops = torch.split(self._encode(patch_pixel_values, self.crops_per_chunk), counts)
        return BaseModelOutputWithPooling(
            pooler_output=[torch.cat([part.flatten(0, 1), view]) for part, view in zip(crops, views, strict=True)]
        )

    def _encode(self, pixels: torch.Tensor, chunk: int) -> torch.Tensor:
        """[n, 3, side, side] -> [n, tokens, hidden]."""
        device, dtype = self.vision_model.device, self.vision_model.dtype
        features = [
            self.vit_large_projector(self.vision_model(part.to(device, dtype)).last_hidden_state)
            for part in torch.split(pixels, chunk)
        ]
        return torch.cat(features)

    def embed(
        self,
        input_ids: torch.Tensor,
        pixel_values: torch.Tensor | None = None,
        patch_pixel_values: torch.Tensor | None = None,
        num_patches: torch.Tensor | list[int] | None = None,
    ) -> torch.Tensor:
        """[batch, length] -> [batch, length, hidden], pictures in place: for ``generate(inputs_embeds=…)``, which
        then needs to encode them once only however many sequences it returns."""
        if pixel_values is None:
            return self._embed(input_ids, None)
        return self._embed(input_ids, self.get_image_features(pixel_values, patch_pixel_values, num_patches))

    def _embed(self, input_ids: torch.Tensor, images: BaseModelOutputWithPooling | None) -> torch.Tensor:
        embeds: torch.Tensor = self.model.embed_tokens(input_ids)
        if images is None or not len(images.pooler_output):
            return embeds
        features = torch.cat(list(images.pooler_output)).to(embeds)
        placeholders = input_ids == self.config.image_token_id
        if (expected := int(placeholders.sum())) != len(features):
            raise ValueError(f"the text has room for {expected} image tokens and the pictures have {len(features)}")
        return embeds.masked_scatter(placeholders.unsqueeze(-1).to(embeds.device), features)

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        pixel_values: torch.Tensor | None = None,
        patch_pixel_values: torch.Tensor | None = None,
        num_patches: torch.Tensor | list[int] | None = None,
        position_ids: torch.Tensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: torch.Tensor | None = None,
        mm_encoder_outputs: dict[str, BaseModelOutputWithPooling] | None = None,
        logits_to_keep: int | torch.Tensor = 0,
        **kwargs: Any,
    ) -> CausalLMOutputWithPast:
        """Pictures are those whose placeholders stand in ``input_ids``: with a cache, the new ones only."""
        if inputs_embeds is None:
            assert input_ids is not None
            images = (mm_encoder_outputs or {}).get("image")
            if images is None and pixel_values is not None:
                images = self.get_image_features(pixel_values, patch_pixel_values, num_patches)
            inputs_embeds = self._embed(input_ids, images)
        outputs = self.model(
            inputs_embeds=inputs_embeds,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            **kwargs,
        )
        kept = slice(-logits_to_keep, None) if isinstance(logits_to_keep, int) else logits_to_keep
        return CausalLMOutputWithPast(
            logits=self.lm_head(outputs.last_hidden_state[:, kept]),
            past_key_values=outputs.past_key_values,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
        )

    def prepare_inputs_for_generation(
        self,
        input_ids: torch.Tensor,
        inputs_embeds: torch.Tensor | None = None,
        is_first_iteration: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """``generate`` looks for ``inputs_embeds`` in this very signature. Pictures enter with the prompt alone."""
        inputs: dict[str, Any] = super().prepare_inputs_for_generation(
            input_ids, inputs_embeds=inputs_embeds, is_first_iteration=is_first_iteration, **kwargs
        )
        if not is_first_iteration and kwargs.get("use_cache", True):
            for name in ("pixel_values", "patch_pixel_values", "num_patches"):
                inputs.pop(name, None)
        return inputs


def complaints(missing: Set[str], unexpected: Set[str], misshapen: Set[str]) -> str:
    """What is wrong with a checkpoint's weights, by name; empty if nothing is."""
    kinds = ((missing, "missing"), (unexpected, "unexpected"), (misshapen, "of the wrong shape"))
    return "; ".join(f"{listed(names)} {what}" for names, what in kinds if names)


def listed(names: Collection[str], limit: int = 5) -> str:
    """In order, and no more than can be read."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(sorted(names)[:limit]) + more
