"""Pixels against a plain transcription of the published pipeline."""

import numpy as np
import PIL.Image
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.step_vl_images import noise, plain
from inference.local.step_vl.images import MEAN, STD, pixels
from inference.local.step_vl.layout import plan

SIZES = [
    (640, 480),
    (728, 728),
    (1280, 720),
    (200, 500),
    (150, 700),
    (800, 300),
    (20, 900),
    (1600, 60),
    (3600, 1300),
    (504, 1008),
    (1, 1),
    (2, 1),
    (3, 13),
    (31, 124),
    (32, 129),
    (728, 485),
    (2021, 505),
    (3100, 800),
]


def check(width: int, height: int) -> None:
    image, layout = noise(width, height), plan(width, height)
    views, crops = pixels([image], [layout])
    expected_view, expected_crops = plain(image)
    torch.testing.assert_close(views, expected_view, atol=1e-5, rtol=0)
    if expected_crops is None:
        assert crops is None
    else:
        assert crops is not None
        torch.testing.assert_close(crops, expected_crops, atol=1e-5, rtol=0)


@pytest.mark.parametrize("size", SIZES)
def test_as_published(size: tuple[int, int]) -> None:
    check(*size)


@given(st.integers(8, 1_200), st.integers(8, 1_200))
@settings(max_examples=15)
def test_as_published_at_any_size(width: int, height: int) -> None:
    if plan(width, height).canvas == (width, height):
        check(width, height)


@given(st.integers(1, 60_000), st.integers(1, 3), st.booleans(), st.integers(0, 36))
@settings(max_examples=15)
def test_hostile_sizes_give_what_was_planned(long: int, short: int, upright: bool, budget: int) -> None:
    size = (short, long) if upright else (long, short)
    layout = plan(*size, budget)
    views, crops = pixels([PIL.Image.new("RGB", size, "white")], [layout])
    assert views.shape == (1, 3, 728, 728)
    assert (0 if crops is None else len(crops)) == layout.crops


def test_pictures_share_their_tensors_in_order() -> None:
    images = [noise(640, 480), noise(900, 600), noise(300, 200), noise(700, 300)]
    layouts = [plan(*image.size) for image in images]
    views, crops = pixels(images, layouts)
    assert crops is not None
    alone = [pixels([image], [layout]) for image, layout in zip(images, layouts, strict=True)]
    assert torch.equal(views, torch.cat([view for view, _ in alone]))
    assert torch.equal(crops, torch.cat([crop for _, crop in alone if crop is not None]))


def test_any_mode_is_shown_in_colour() -> None:
    grey = PIL.Image.fromarray(np.full((200, 300), 128, dtype=np.uint8))
    views, _ = pixels([grey], [plan(300, 200)])
    expected = [(128 / 255 - mean) / std for mean, std in zip(MEAN, STD, strict=True)]
    assert views[0, :, 0, 0].tolist() == pytest.approx(expected, abs=1e-5)


def test_beyond_the_picture_there_is_black() -> None:
    """A window taller than the picture, as published."""
    layout = plan(800, 300)
    _, crops = pixels([PIL.Image.new("RGB", (800, 300), "white")], [layout])
    assert crops is not None
    assert crops[0, :, -1, 0].tolist() == pytest.approx([-mean / std for mean, std in zip(MEAN, STD, strict=True)])
