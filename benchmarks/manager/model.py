"""A STEP3-VL model of random weights, and a tokenizer for it: one byte of text is one token."""

import json
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from inference.local.step_vl import StepVLForConditionalGeneration, StepVLProcessor
from inference.local.step_vl.config import StepVLConfig

CHECKPOINT = Path(__file__).resolve().parents[2] / "tests" / "inference" / "local" / "golden" / "checkpoint"
"""Whose chat template and special tokens are used."""

VISION = {"image_size": 728, "patch_size": 14, "width": 64, "layers": 2, "heads": 2, "use_cls_token": False}
VISION |= {"ls_init_value": 0.1, "use_ln_post": False, "hidden_act": "quick_gelu"}
"""Small: the encoder is not what is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Of the decoder."""

    hidden: int
    layers: int
    mlp: int
    heads: int
    kv_heads: int
    vocabulary: int
    weights_first: bool = False
    """Products of few rows as weights times inputs, not inputs times weights: some BLAS are three times as fast so."""


USUAL = Shape(hidden=512, layers=12, mlp=1536, heads=8, kv_heads=2, vocabulary=65_536)
"""About 100 M parameters. Like small models of its kind it has much of them in its vocabulary."""
FEW = 64
"""Rows from which on it makes no difference."""
SMALL = Shape(hidden=128, layers=2, mlp=256, heads=4, kv_heads=2, vocabulary=1_024)
"""To try the benchmark itself."""


def decoder(shape: Shape) -> dict[str, Any]:
    """Its configuration."""
    return {
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "intermediate_size": shape.mlp,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": 64,
        "max_position_embeddings": 65_536,
        "tie_word_embeddings": False,
        "rope_theta": 1_000_000.0,
    }


def make(shape: Shape) -> tuple[StepVLForConditionalGeneration, StepVLProcessor]:
    """In fp32 on the CPU. It never ends an answer by itself as long as it is greedy, or draws from the likeliest."""
    processor = StepVLProcessor(tokenizer(shape.vocabulary), (CHECKPOINT / "chat_template.jinja").read_text())
    torch.manual_seed(0)
    config = StepVLConfig(
        vision_config=VISION, text_config=decoder(shape), image_token_id=processor.markers.placeholder
    )
    model = StepVLForConditionalGeneration(config).eval()
    if shape.weights_first:
        _put_weights_first(model)
    never_end(model.lm_head, processor.tokenizer)
    model.generation_config.eos_token_id = processor.tokenizer.eos_token_id
    return model, processor


def never_end(head: torch.nn.Linear, tokenizer: PreTrainedTokenizerFast) -> None:
    """The scores of all other tokens are spread around nought, so that no special one is ever among the highest."""
    with torch.no_grad():
        head.weight[list(tokenizer.added_tokens_decoder)] = 0.0


def _put_weights_first(model: torch.nn.Module) -> None:
    for linear in [module for module in model.modules() if type(module) is torch.nn.Linear]:
        linear.__class__ = _WeightsFirst


class _WeightsFirst(torch.nn.Linear):
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        rows = inputs.reshape(-1, self.in_features)
        if len(rows) > FEW or self.bias is not None:
            return super().forward(inputs)
        return (self.weight @ rows.t()).t().reshape(*inputs.shape[:-1], self.out_features)


def tokenizer(size: int) -> PreTrainedTokenizerFast:
    """The checkpoint's bytes and special tokens, and words that are written but never read."""
    written: dict[str, Any] = json.loads((CHECKPOINT / "tokenizer.json").read_text())
    first = 1 + max(token["id"] for token in written["added_tokens"])
    words = ("".join(letters) for letters in product(ascii_lowercase, repeat=4))
    written["model"]["vocab"] |= {word: first + rank for rank, word in enumerate(islice(words, size - first))}
    made = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(written)), eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    made.chat_template = None
    return made
