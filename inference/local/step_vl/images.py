"""Pictures to pixels, as published: resized by Pillow as bytes, then by torch as floats (bilinear, antialiased)."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import PIL.Image
import torch
from torch.nn.functional import interpolate

from inference.local.step_vl.layout import CROP_SIDE, VIEW_SIDE, Layout, Size

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
"""CLIP's, per channel."""
SCALE = np.array([1 / (255 * std) for std in STD], dtype=np.float32).reshape(3, 1, 1)
SHIFT = np.array([mean / std for mean, std in zip(MEAN, STD, strict=True)], dtype=np.float32).reshape(3, 1, 1)


def pixels(images: Sequence[PIL.Image.Image], layouts: Sequence[Layout]) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Global views [images, 3, 728, 728] and the crops of all images in order [crops, 3, 504, 504], None if none."""
    views = _room(len(images), 3, VIEW_SIDE, VIEW_SIDE)
    crops = _room(sum(layout.crops for layout in layouts), 3, CROP_SIDE, CROP_SIDE)
    filled = 0
    for view, image, layout in zip(views, images, layouts, strict=True):
        picture = _prepared(image, layout)
        _fill(view, np.asarray(picture))
        if layout.crops:
            _cut(_resized(picture, layout.sheet), layout, crops[filled : filled + layout.crops])
            filled += layout.crops
    return torch.from_numpy(views), torch.from_numpy(crops) if filled else None


def _room(*shape: int) -> np.ndarray:
    """By numpy, which asks for large pages as torch does not; touching small ones takes longer than the arithmetic."""
    return np.empty(shape, dtype=np.float32)


def _prepared(image: PIL.Image.Image, layout: Layout) -> PIL.Image.Image:
    image = _resized(image if image.mode == "RGB" else image.convert("RGB"), layout.shrunk)
    # Cropping beyond the edge pads with black.
    return _resized(_cropped(image, layout.canvas), layout.resized)


def _resized(image: PIL.Image.Image, size: Size) -> PIL.Image.Image:
    return image if image.size == size else image.resize(size, PIL.Image.Resampling.BILINEAR)


def _cropped(image: PIL.Image.Image, size: Size) -> PIL.Image.Image:
    return image if image.size == size else image.crop((0, 0, *size))


def _cut(sheet: PIL.Image.Image, layout: Layout, out: np.ndarray) -> None:
    """Row by row, from left to right, into ``out``: [crops, 3, 504, 504]."""
    window, width, height = layout.window, layout.columns * layout.window, layout.rows * layout.window
    whole = np.asarray(_cropped(sheet, (width, height)))
    corners = product(range(0, height, window), range(0, width, window))
    # One at a time, since a crop fits into the processor's cache and a page does not.
    for crop, (y, x) in zip(out, corners, strict=True):
        _fill(crop, whole[y : y + window, x : x + window])


def _fill(out: np.ndarray, square: np.ndarray) -> None:
    """Bytes [height, width, 3] into [3, side, side], resized and normalised (in this order, as resizing is linear)."""
    planes, side = square.transpose(2, 0, 1), out.shape[-1]
    if planes.shape != out.shape:
        floats = _room(1, *planes.shape)
        floats[0] = planes
        squared = interpolate(torch.from_numpy(floats), (side, side), mode="bilinear", antialias=True)
        planes = squared[0].numpy()
    np.multiply(planes, SCALE, out=out)
    np.subtract(out, SHIFT, out=out)
