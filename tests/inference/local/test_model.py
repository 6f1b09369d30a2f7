"""The model's sizes, its keys, and pictures in parts."""

import copy
import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from inference.local.step_vl import StepVLConfig, StepVLForConditionalGeneration
from tests.inference.local.cases import CHECKPOINT, case
from tests.inference.local.conftest import Golden


def test_the_real_sizes() -> None:
    """Published: 10,171,750,144 parameters, of which 1.96 billion are the vision tower's."""
    with torch.device("meta"):
        model = StepVLForConditionalGeneration(StepVLConfig())
    assert sum(weight.numel() for weight in model.parameters()) == 10_171_750_144
    assert model.lm_head.weight.numel() == 151_936 * 4_096
    assert model.vit_large_projector.weight.shape == (4_096, 6_144)


def test_saved_under_the_original_keys(golden: Golden, tmp_path: Path) -> None:
    golden.model.save_pretrained(tmp_path)
    index = json.loads((CHECKPOINT / "model.safetensors.index.json").read_text())["weight_map"]
    with safe_open(tmp_path / "model.safetensors", framework="pt") as saved:
        assert set(saved.keys()) == set(index)
        for shard in set(index.values()):
            with safe_open(CHECKPOINT / shard, framework="pt") as original:
                assert all(torch.equal(saved.get_tensor(name), original.get_tensor(name)) for name in original.keys())  # noqa: SIM118


def test_crops_are_encoded_in_chunks(golden: Golden) -> None:
    one = case("two_images")
    inputs = golden.processor(messages=one.messages, images=one.images)
    pictures = [inputs[name] for name in ("pixel_values", "patch_pixel_values", "num_patches")]
    sizes: list[int] = []
    model = copy.deepcopy(golden.model)
    model.vision_model.register_forward_hook(lambda module, given, output: sizes.append(len(given[0])))
    with torch.no_grad():
        at_once = model.get_image_features(*pictures).pooler_output
        model.crops_per_chunk = 2
        in_parts = model.get_image_features(*pictures).pooler_output
    assert sizes == [2, 5, 1, 1, 2, 2, 1]
    assert [len(features) for features in at_once] == [2 * 81 + 169, 3 * 81 + 169]
    for whole, parts in zip(at_once, in_parts, strict=True):
        torch.testing.assert_close(whole, parts, atol=1e-4, rtol=0)


@torch.no_grad()
def test_text_alone(golden: Golden) -> None:
    inputs = golden.processor(messages=[{"role": "user", "content": "Hello"}])
    length = inputs["input_ids"].shape[1]
    assert (inputs["pixel_values"], inputs["patch_pixel_values"]) == (None, None)
    assert inputs["num_patches"].tolist() == []
    assert golden.model(**inputs).logits.shape == (1, length, 267)
    generated = golden.model.generate(
        **inputs, do_sample=True, num_return_sequences=2, max_new_tokens=3, min_new_tokens=3
    )
    assert generated.shape == (2, length + 3)


@pytest.mark.parametrize("counts", [[2, 2], [5], [2, 3, 0]])
def test_crops_must_match_their_counts(golden: Golden, counts: list[int]) -> None:
    one = case("two_images")
    inputs = golden.processor(messages=one.messages, images=one.images)
    with pytest.raises(ValueError, match="num_patches"):
        golden.model(**{**inputs, "num_patches": counts})


def test_pictures_must_match_their_placeholders(golden: Golden) -> None:
    one = case("small")
    inputs = golden.processor(messages=one.messages, images=one.images)
    with pytest.raises(ValueError, match="168 image tokens and the pictures have 169"):
        golden.model(**{**inputs, "input_ids": inputs["input_ids"][:, 8:]})


def test_a_batch_knows_whose_picture_is_whose(golden: Golden) -> None:
    """Some conversations have none."""
    one = case("small")
    silent = [{"role": "user", "content": "What is this?"}]
    inputs = golden.processor(messages=[silent, one.messages], images=[[], one.images])
    assert inputs["input_ids"][1].tolist() == one.input_ids
    assert inputs["attention_mask"].sum(dim=1).tolist() == [len(one.input_ids) - 171, len(one.input_ids)]


def test_fewer_crops_for_one_picture(golden: Golden) -> None:
    one = case("two_images")
    inputs = golden.processor(messages=one.messages, images=one.images, max_crops=[2, 0])
    assert inputs["num_patches"].tolist() == [2, 0]
    assert inputs["patch_pixel_values"].shape == (2, 3, 504, 504)
    with torch.no_grad():
        assert golden.model(**inputs).logits.isfinite().all()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_images_must_match_the_messages(golden: Golden, count: int) -> None:
    one = case("two_images")
    with pytest.raises(ValueError, match=f"2 images and there are {count} pictures"):
        golden.processor(messages=one.messages, images=(one.images * 2)[:count])


def test_inputs_move_as_one(golden: Golden) -> None:
    one = case("small")
    moved = golden.processor(messages=one.messages, images=one.images[0]).to("meta")
    assert moved["pixel_values"].device.type == "meta"
    assert moved["patch_pixel_values"] is None
