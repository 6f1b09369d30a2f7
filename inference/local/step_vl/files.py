"""A checkpoint's files, looked over before transformers reads them: whole, or an error that names the file.

transformers warns of weights that lack and makes some up, and it says of most broken files what is wrong but not which.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from transformers.core_model_loading import revert_weight_conversion
from transformers.initialization import no_init_weights

from inference.errors import Dead
from inference.local.hub import INDEX, shards
from inference.local.step_vl.config import StepVLConfig
from inference.local.step_vl.model import StepVLForConditionalGeneration, complaints, listed

OBJECTS = (
    "config.json",
    "generation_config.json",
    "processor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    INDEX,
)
"""JSON objects all of them, though a checkpoint need not have each."""

OUTPUT = "lm_head.weight"
"""May lack where it is tied to the embeddings."""

BROKEN = "{path} is broken: {error}. Delete the model and have it downloaded again, or copy this file once more."


def check(folder: Path) -> None:
    """Dead if a file is none of its kind, or not there though needed."""
    for name in OBJECTS:
        if (folder / name).exists():
            _check_object(folder / name)
    _check_tokenizer(folder / "tokenizer.json")
    with naming(folder / INDEX):
        needed = {"config.json", *shards(folder)}
    if lacking := [name for name in needed if not (folder / name).is_file()]:
        raise Dead(f"The model in {folder} lacks {listed(lacking)}: have it downloaded again.")


def check_weights(folder: Path, config: StepVLConfig) -> None:
    """Dead if the shards have other weights than the model, or one of them is broken."""
    with naming(folder / "config.json"), torch.device("meta"), no_init_weights():
        model = StepVLForConditionalGeneration(config)
    weights = revert_weight_conversion(model, model.state_dict())
    expected = {name: list(weight.shape) for name, weight in weights.items()}
    found: dict[str, list[int]] = {}
    for path in (folder / name for name in shards(folder)):
        with naming(path), safe_open(path, framework="pt") as shard:
            found |= {name: shard.get_slice(name).get_shape() for name in shard.keys()}  # noqa: SIM118
    if config.tie_word_embeddings and OUTPUT not in found:
        del expected[OUTPUT]
    misshapen = {name for name in expected.keys() & found.keys() if expected[name] != found[name]}
    if told := complaints(expected.keys() - found.keys(), found.keys() - expected.keys(), misshapen):
        raise Dead(f"The weights in {folder} are not those of the model that its config.json describes: {told}.")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """What goes wrong in reading this file is Dead with its name."""
    try:
        yield
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
        raise Dead(BROKEN.format(path=path, error=_told(error))) from error
    except (SafetensorError, StrictDataclassError) as error:
        raise Dead(BROKEN.format(path=path, error=_told(error))) from error


def _check_object(path: Path) -> None:
    with naming(path):
        if not isinstance(json.loads(path.read_bytes()), dict):
            raise ValueError("it holds no JSON object")


def _check_tokenizer(path: Path) -> None:
    if not path.exists():
        return
    try:
        Tokenizer.from_file(str(path))
    except Exception as error:
        # The library has no narrower kind for what it cannot read.
        raise Dead(BROKEN.format(path=path, error=_told(error))) from error


def _told(error: Exception) -> str:
    """On one line."""
    if isinstance(error, KeyError):
        return f"it lacks {error}"
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
