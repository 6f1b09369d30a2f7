"""A checkpoint from a folder or a hub, whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from logging import ERROR, getLogger
from pathlib import Path
from typing import Any

import torch
from transformers import BitsAndBytesConfig
from transformers.utils import logging

from inference.errors import Dead
from inference.loading import Loading, Tell
from inference.local.hub import fetch
from inference.local.memory import Quantization as Quantization
from inference.local.step_vl.config import StepVLConfig
from inference.local.step_vl.files import check, check_weights, naming
from inference.local.step_vl.model import StepVLForConditionalGeneration
from inference.local.step_vl.processing import StepVLProcessor

UNQUANTISED = ["vision_model", "vit_large_projector", "lm_head"]


def load(
    path: str | Path,
    *,
    device: str | torch.device,
    dtype: str | torch.dtype,
    quantization: Quantization | None = None,
    revision: str | None = None,
    yarn: float | None = None,
    tell: Tell = lambda loading: None,
) -> tuple[StepVLForConditionalGeneration, StepVLProcessor]:
    """``path`` is a folder or a hub id; HF_HUB_OFFLINE holds. ``device`` "auto" spreads over all GPUs. ``yarn`` is the
    factor by which to stretch the context. ``tell`` may be called from other threads. Dead if anything is amiss."""
    folder = fetch(path, revision, tell)
    check(folder)
    config = _config(folder, yarn)
    check_weights(folder, config)
    try:
        with _reporting(tell):
            model, info = StepVLForConditionalGeneration.from_pretrained(
                folder,
                config=config,
                device_map="auto" if str(device) == "auto" else {"": device},
                dtype=dtype,
                quantization_config=_quantization(quantization, dtype),
                output_loading_info=True,
            )
        processor = StepVLProcessor.from_pretrained(folder)
    except (OSError, ValueError, RuntimeError, TypeError, LookupError, ImportError) as error:
        raise Dead(f"The model in {folder} cannot be loaded: {error}") from error
    assert not any(info.values()), info
    if config.image_token_id != processor.markers.placeholder:
        raise Dead(f"The tokenizer in {folder} is not the model's: its image token is another.")
    return model, processor


def _config(folder: Path, yarn: float | None) -> StepVLConfig:
    path = folder / "config.json"
    with naming(path):
        fields, _ = StepVLConfig.get_config_dict(folder)
        config: StepVLConfig = StepVLConfig.from_dict(fields)
    if fields.get("model_type") != StepVLConfig.model_type:
        raise Dead(f"{path} is not that of a {StepVLConfig.model_type} model: check engine.model.")
    if yarn is not None:
        text = config.text_config
        usual = text.max_position_embeddings
        stretched = {"rope_type": "yarn", "factor": yarn, "original_max_position_embeddings": usual}
        text.rope_parameters = {**text.rope_parameters, **stretched}
        text.max_position_embeddings = int(usual * yarn)
    return config


def _quantization(kind: Quantization | None, dtype: str | torch.dtype) -> BitsAndBytesConfig | None:
    if kind is None:
        return None
    if kind == "int8":
        # It says of every layer in every step that it works in float16.
        getLogger("bitsandbytes.autograd").setLevel(ERROR)
        return BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=UNQUANTISED)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
        llm_int8_skip_modules=UNQUANTISED,
    )


@contextmanager
def _reporting(tell: Tell) -> Iterator[None]:
    def counted(bar: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return _counted(args[0], tell) if kwargs.get("desc") == "Loading weights" else bar(*args, **kwargs)

    previous = logging.set_tqdm_hook(counted)
    try:
        yield
    finally:
        logging.set_tqdm_hook(previous)


def _counted(weights: Iterable[Any], tell: Tell) -> Iterator[Any]:
    total = len(list(weights))
    for done, weight in enumerate(weights):
        tell(Loading(stage="loading", done=done, total=total))
        yield weight
    tell(Loading(stage="loading", done=total, total=total))
