"""The configuration of STEP3-VL checkpoints, under the names their ``config.json`` uses."""

from typing import Any

from transformers import PreTrainedConfig, Qwen3Config, Step3p7VisionConfig

TEXT_10B: dict[str, Any] = {
    "vocab_size": 151_936,
    "hidden_size": 4_096,
    "intermediate_size": 12_288,
    "num_hidden_layers": 36,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "max_position_embeddings": 65_536,
    "rms_norm_eps": 1e-6,
    "rope_theta": 1_000_000.0,
    "tie_word_embeddings": False,
}
"""The decoder of STEP3-VL-10B: Qwen3-8B with a 64k context."""


class StepVLConfig(PreTrainedConfig):
    """The vision tower of Step-3.7, a linear map, and a Qwen3 decoder. By default in the sizes of the 10B."""

    model_type = "step_robotics"
    sub_configs_defaults = {"vision_config": Step3p7VisionConfig, "text_config": Qwen3Config}  # noqa: RUF012

    vision_config: Any = None
    text_config: Any = None
    image_token_id: int = 151_679
    projector_bias: bool = False
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs: Any) -> None:
        self.text_config = dict(TEXT_10B) if self.text_config is None else self.text_config
        for part in (self.vision_config, self.text_config):
            if isinstance(part, dict):
                # Published parts may carry types of their own, and a type decides how weights are converted.
                part.pop("model_type", None)
        super().__post_init__(**kwargs)
        # The decoder's own configuration may be the one that says so.
        self.tie_word_embeddings = self.tie_word_embeddings or self.text_config.tie_word_embeddings
