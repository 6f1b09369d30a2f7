"""Small pictures of pages, and a fingerprint of what they look like. Of the decoder's own images only."""

import io

from PIL import Image as Pillow

from inference.types import Image

SIDE = 240
"""Pixels of the longer side."""

GRID = 16
"""The fingerprint compares so many fields of each row with their neighbours."""

ALIKE = 16
"""Bits of the fingerprint's 512 that may differ between two pictures of one document."""

_STEP = 4
"""Levels of grey, of 255, that noise and compression stay below."""


def thumbnail(image: Image) -> tuple[bytes, str]:
    """A JPEG of some kilobytes, and the fingerprint. Takes milliseconds: keep it off the event loop."""
    with Pillow.open(io.BytesIO(image.content)) as page:
        page.draft("RGB", (2 * SIDE, 2 * SIDE))
        small = page.convert("RGB")
    look = _look(small)
    small.thumbnail((SIDE, SIDE))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=60)
    return file.getvalue(), look


def _look(page: Pillow.Image) -> str:
    """Whether each field of a coarse grid is clearly lighter than the next, and whether it is clearly darker: survives
    scaling and another compression. Empty for a page without any contrast, which is like all others of its sort."""
    grey = page.convert("L").resize((GRID + 1, GRID), Pillow.Resampling.BOX)
    fields = grey.tobytes()
    if max(fields) - min(fields) < GRID:
        return ""
    rows = [fields[start : start + GRID + 1] for start in range(0, len(fields), GRID + 1)]
    steps = [row[at] - row[at + 1] for row in rows for at in range(GRID)]
    bits = "".join("1" if step > _STEP else "0" for step in (*steps, *(-step for step in steps)))
    return f"{int(bits, 2):0{len(bits) // 4}x}"


def alike(one: str, other: str) -> bool:
    """Whether two fingerprints may be of one document."""
    return len(one) == len(other) > 0 and (int(one, 16) ^ int(other, 16)).bit_count() <= ALIKE
