"""STEP3-VL with random weights, at its real size or a tiny one: only what it says means nothing."""

from typing import Any, Literal

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from inference.local.building import Built, assemble
from inference.local.engine import LocalEngine
from inference.local.memory import Sizes
from inference.local.options import Options
from inference.local.step_vl import StepVLConfig, StepVLForConditionalGeneration, StepVLProcessor

Size = Literal["10b", "tiny"]

SPECIAL = (
    "<|im_end|>", "<|im_start|>", "<im_start>", "<im_end>", "<im_patch>", "<patch_start>", "<patch_end>",
    "<patch_newline>", "<think>", "</think>",
)  # fmt: skip
TEMPLATE = (
    "{%- for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.content is string %}{{ m.content }}{% else %}{% for c in m.content %}"
    "{% if c.type == 'image' %}<im_patch>{% else %}{{ c.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}"
)
TINY: dict[str, Any] = {
    "vision_config": {"width": 64, "layers": 2, "heads": 2, "ls_init_value": 0.1},
    "text_config": {
        "vocab_size": 300,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "max_position_embeddings": 65_536,
    },
}


class RandomEngine(LocalEngine):
    """The engine as it answers people, around a model that was never trained. A text's tokens are its bytes."""

    model: StepVLForConditionalGeneration
    """Once it is started."""

    def __init__(self, size: Size, device: str, options: Options) -> None:
        super().__init__(f"random weights ({size})", device=device, options=options)
        self._made_of = size, device

    @property
    def sizes(self) -> Sizes:
        return Sizes.of(self.model.config)

    def _build(self) -> Built:
        self.model, processor = make(*self._made_of)
        return assemble(self.model, processor, self._options, self._submit)


def make(size: Size, device: str) -> tuple[StepVLForConditionalGeneration, StepVLProcessor]:
    """In 16 bits on a GPU, in 32 on a CPU. It never ends by itself, so that it writes as much as it may."""
    processor = StepVLProcessor(tokenizer(), chat_template=TEMPLATE)
    config = StepVLConfig(image_token_id=processor.markers.placeholder, **(TINY if size == "tiny" else {}))
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    with torch.device(device):
        model = StepVLForConditionalGeneration._from_config(config, dtype=dtype)
    model.generation_config.eos_token_id = []
    return model.eval(), processor


def tokenizer() -> PreTrainedTokenizerFast:
    """A token for each byte, and those that the checkpoint's own has for pictures and turns."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    bare = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(letters)}, merges=[]))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=bare, eos_token=SPECIAL[0], additional_special_tokens=list(SPECIAL[1:])
    )
