"""The planner's arithmetic against the model itself, at the real sizes on the meta device."""

import weakref
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from transformers import AttentionInterface

from inference.local.memory import (
    ENOUGH_CONTEXT,
    GIB,
    RESERVE,
    Sizes,
    cache_room,
    decoder_work,
    first_fitting,
    plan,
    usable,
    vision_work,
    weight_bytes,
)
from inference.local.step_vl import StepVLConfig, StepVLForConditionalGeneration, load
from tests.inference.local.cases import CHECKPOINT
from tests.inference.local.conftest import Golden


class Peak(TorchDispatchMode):
    """The most bytes that tensors made in its time hold together."""

    def __init__(self, known: Iterable[torch.Tensor]) -> None:
        super().__init__()
        self.held = self.peak = 0
        self._known = weakref.WeakSet(tensor.untyped_storage() for tensor in known)

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = function(*args, **kwargs or {})
        for tensor in tree_leaves(made):
            if isinstance(tensor, torch.Tensor) and (storage := tensor.untyped_storage()) not in self._known:
                self._known.add(storage)
                self.held += storage.nbytes()
                weakref.finalize(storage, self._free, storage.nbytes())
                self.peak = max(self.peak, self.held)
        return made

    def _free(self, size: int) -> None:
        self.held -= size


def fused(module: Any, query: torch.Tensor, *rest: Any, **more: Any) -> tuple[torch.Tensor, None]:
    """What a fused attention kernel allocates: its result."""
    return torch.empty_like(query.transpose(1, 2)), None


@pytest.fixture(scope="module")
def real() -> StepVLForConditionalGeneration:
    AttentionInterface.register("fused", fused)
    with torch.device("meta"):
        model = StepVLForConditionalGeneration._from_config(StepVLConfig(), dtype=torch.bfloat16).eval()
    for part in (model.config.vision_config, model.config.text_config):
        part._attn_implementation = "fused"
    return model


def empty(*shape: int, dtype: torch.dtype = torch.bfloat16) -> torch.Tensor:
    return torch.empty(shape, device="meta", dtype=dtype)


def test_weights_at_the_real_sizes(real: StepVLForConditionalGeneration) -> None:
    assert Sizes.of(StepVLConfig()) == Sizes()
    assert Sizes().parameters == sum(weight.numel() for weight in real.parameters()) == 10_171_750_144
    assert weight_bytes(Sizes()) == sum(weight.nbytes for weight in real.parameters())
    linear = [weight.numel() for name, weight in real.model.layers.named_parameters() if "proj" in name]
    assert Sizes().quantisable == sum(linear)


def test_weights_of_other_sizes(golden: Golden) -> None:
    sizes = Sizes.of(golden.model.config)
    assert sizes.parameters == golden.model.num_parameters()


@pytest.mark.parametrize("kind", ["nf4", "int8"])
def test_quantised_weights(golden: Golden, kind: str) -> None:
    model, _ = load(CHECKPOINT, device="cpu", dtype=torch.bfloat16, quantization=kind)
    stored = 0
    for weight in model.parameters():
        stored += weight.nbytes
        if hasattr(weight, "quant_state"):
            stored += weight.quant_state.absmax.nbytes + weight.quant_state.state2.absmax.nbytes
        if getattr(weight, "SCB", None) is not None:
            stored += weight.SCB.nbytes
    assert weight_bytes(Sizes.of(golden.model.config), kind) == pytest.approx(stored, rel=1e-3)


def test_cache_at_the_real_sizes(real: StepVLForConditionalGeneration) -> None:
    assert plan(24 * GIB).token == 147_456
    with torch.no_grad():
        cache = real.model(inputs_embeds=empty(1, 10, 4_096), use_cache=True).past_key_values
    held = sum(layer.keys.nbytes + layer.values.nbytes for layer in cache.layers)
    assert held == 10 * plan(24 * GIB).token


@pytest.mark.parametrize("crops", [1, 2, 8])
def test_vision_at_the_real_sizes(real: StepVLForConditionalGeneration, crops: int) -> None:
    """As views are larger than crops, either may be what needs most."""
    peaks = []
    for count, patches in ((crops, 36 * 36), (max(1, crops // 2), 52 * 52)):
        angles = empty(1, patches, 96, dtype=torch.float32)
        with torch.no_grad(), Peak(real.parameters()) as made:
            real.vision_model.layers[0](empty(count, patches, 1_536), position_embeddings=(angles, angles))
        peaks.append(made.peak)
    assert vision_work(Sizes(), crops) == pytest.approx(max(peaks), rel=0.05)


@pytest.mark.parametrize("tokens", [16, 1_024])
def test_decoder_at_the_real_sizes(real: StepVLForConditionalGeneration, tokens: int) -> None:
    with torch.no_grad(), Peak([*real.parameters(), *real.buffers()]) as made:
        real.model(
            inputs_embeds=empty(1, tokens, 4_096),
            position_ids=torch.zeros(1, tokens, device="meta", dtype=torch.long),
            attention_mask={"full_attention": None},
            use_cache=False,
        )
    assert decoder_work(Sizes(), tokens, rows=0) == pytest.approx(made.peak, rel=0.05)


@pytest.mark.parametrize(
    ("gigabytes", "quantization", "context", "rollouts"),
    [(16, "int8", 8_192, 0), (24, None, 16_384, 1), (48, None, 65_536, 14), (80, None, 65_536, 32)],
)
def test_what_fits(gigabytes: int, quantization: str | None, context: int, rollouts: int) -> None:
    found = first_fitting(gigabytes * GIB)
    assert found is not None
    assert found.quantization == quantization
    assert found.context >= context
    assert found.rollouts(2_048, 12_288) >= rollouts
    assert found.peak(found.cache // found.token) + RESERVE <= gigabytes * GIB
    assert f"{gigabytes}.0 GiB" in str(found)


def test_what_does_not() -> None:
    assert first_fitting(8 * GIB) is None
    small = plan(16 * GIB)
    assert (small.fits, small.cache, small.context, small.rollouts(100, 100)) == (False, 0, 0, 0)
    assert "too little" in str(small)


def test_several_gpus() -> None:
    assert usable([24 * GIB, 24 * GIB]) == 48 * GIB - RESERVE
    assert plan(usable([16 * GIB] * 2)).fits
    assert not plan(usable([16 * GIB])).fits
    assert usable([24 * GIB, 48 * GIB], "cuda:1") == 48 * GIB
    assert usable([24 * GIB, 48 * GIB], "cuda") == 24 * GIB
    assert [usable([24 * GIB], device) for device in ("cpu", "cuda:1", "cuda:x", "mps")] == [0] * 4
    assert usable([]) == 0


def test_the_fullest_gpu_sets_the_limit_of_the_cache() -> None:
    """It has 12 of 36 layers and a third of what is free, or less."""
    layers = ["a"] * 12 + ["b"] * 24
    assert cache_room({"a": 10 * GIB, "b": 20 * GIB}, layers) == 30 * GIB
    assert cache_room({"a": 5 * GIB, "b": 20 * GIB}, layers) == 15 * GIB
    assert cache_room({"a": 10 * GIB, "b": 10 * GIB, "c": 0}, layers) == 15 * GIB
    assert cache_room({"a": 10 * GIB}, ["a"] * 36) == 10 * GIB


def test_never_more_than_the_model_can_tell_apart() -> None:
    assert plan(200 * GIB).context == 65_536
    assert plan(200 * GIB, replace(Sizes(), positions=131_072)).context == 131_072


def test_little_memory_means_small_chunks() -> None:
    chunks = [plan(size * GIB).crops_per_chunk for size in (22, 24, 48)]
    assert chunks == sorted(chunks)
    assert chunks[-1] == 16
    assert first_fitting(21 * GIB) is not None
    assert plan(24 * GIB).context >= ENOUGH_CONTEXT
