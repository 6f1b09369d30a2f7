"""The child's side: reads one page image with the models of the rapidocr wheel. Runs in a worker process only.

A call carries the image as its blob. The result's fields hold ``lines``, each with its text, score, quad (eight
numbers, page pixels) and stops, and ``blank``, the quads of what looks like text and gave none.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_det import TextDetOutput

from inference.reader.dates import months_spelled
from inference.worker import Message

Picture = NDArray[np.uint8]
Quads = NDArray[np.float32]
"""Shape (n, 4, 2): corners from the top left one clockwise, as x and y in pixels."""

DETECTION_AREA = 1_150_000
"""Pixels on which lines are looked for: an A4 page at 110 dpi. Cost grows with them."""

FINE_PRINT = 14
"""Lines lower than this, in the pixels on which they were looked for, call for a second look at a larger picture."""

MAX_ENLARGEMENT = 2.0
READING_HEIGHT = 48
"""Pixels to which the recognition model scales every line."""

READING_BUDGET = 18_000
"""Pixels of width, all lines together, up to which each is read in full; beyond, tall ones are squeezed first."""

MAX_SQUEEZE = 0.75
DOUBTFUL = 0.93
"""Below this score a squeezed line is read again in full."""

TELLING = 9.0
"""How many times as wide as high a line is that tells whether the page stands on its head: a word or two. Longer ones
cost more and tell no more."""

SAMPLE = 6
"""Lines to try at most until three of them hold letters."""

SURE = 0.85
"""Lines that are read with such a score stand upright."""

LEAST_SCORE = 0.3
"""Below this score a reading is no better than a guess."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model made of one line."""

    text: str
    score: float
    stops: tuple[float, ...] = ()


def handle(message: Message) -> Message:
    """The entry of the worker: a page's bytes in, its lines out. Without bytes it loads the models."""
    picture = _decoded(message.blobs[0]) if message.blobs else _sample()
    quads, readings = _read_upright(picture)
    lines, blank = [], []
    for quad, reading in zip(quads, readings, strict=True):
        numbers = [round(float(number), 1) for number in quad.reshape(-1)]
        if reading.text.strip() and reading.score >= LEAST_SCORE:
            stops = [round(stop, 4) for stop in reading.stops]
            lines.append({"text": reading.text, "score": reading.score, "quad": numbers, "stops": stops})
        else:
            blank.append(numbers)
    return Message({"lines": lines, "blank": blank})


@cache
def _models() -> RapidOCR:
    """One thread: on a shared machine more threads cost more time in all than they save."""
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.use_preprocess_img": False,
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": 100_000,
            # By the outline of what was found and not by the rectangle around it: words that a row of dots leads on
            # from are a line, though most of that is white.
            "Det.score_mode": "slow",
            # Each line at its own width: padding to a common one would be read, and paid for, too.
            "Rec.rec_img_shape": [3, READING_HEIGHT, READING_HEIGHT],
            "Rec.rec_batch_num": 1,
        }
    )


def _sample() -> Picture:
    """A picture with something like text, to load the models with."""
    picture = np.full((64, 160, 3), 255, np.uint8)
    cv2.putText(picture, "Total 12", (8, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2)
    return picture


def _decoded(content: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("the page image cannot be decoded")
    return picture.astype(np.uint8, copy=False)


def _read_upright(picture: Picture) -> tuple[Quads, list[Reading]]:
    """Lines in the picture's own pixels, whichever way up the page lies."""
    quads = _found(picture)
    quarter_turns = 0
    if _mostly_vertical(quads):
        quarter_turns = 1
        picture = np.ascontiguousarray(np.rot90(picture))
        quads = _found(picture)
    if _upside_down(picture, quads):
        quarter_turns += 2
        picture = np.ascontiguousarray(np.rot90(picture, 2))
        # The corner that was at the top left is at the bottom right now; reading begins at the other end.
        quads = np.roll(_turned_back(quads, picture.shape, 2), 2, axis=1)
    readings = _recognised(picture, quads)
    return _turned_back(quads, picture.shape, quarter_turns), readings


def _found(picture: Picture) -> Quads:
    """Where lines of text stand."""
    height, width = picture.shape[:2]
    scale = min(MAX_ENLARGEMENT, math.sqrt(DETECTION_AREA / (width * height)))
    quads = _found_at(picture, scale)
    if len(quads) and scale < 1 and float(np.median(_heights(quads))) * scale < FINE_PRINT:
        quads = _found_at(picture, min(1.0, scale * 1.6))
    return quads


def _found_at(picture: Picture, scale: float) -> Quads:
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    # Text that touches the edge of a picture is found only with a margin around it.
    # In shades of grey: strong colours, such as a chart's bars, make the model miss the words beside them.
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=interpolation)
    margin = 16
    framed = cv2.copyMakeBorder(small, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    found = _models()(framed, use_det=True, use_rec=False)
    if not isinstance(found, TextDetOutput) or found.boxes is None:
        return np.zeros((0, 4, 2), np.float32)
    quads = (np.asarray(found.boxes, np.float32) - margin) / scale
    height, width = picture.shape[:2]
    clipped: Quads = np.clip(quads, 0, [width, height]).astype(np.float32)
    return clipped


def _heights(quads: Quads) -> NDArray[np.float32]:
    down = quads[:, 3] - quads[:, 0]
    lengths: NDArray[np.float32] = np.hypot(down[:, 0], down[:, 1])
    return lengths


def _widths(quads: Quads) -> NDArray[np.float32]:
    along = quads[:, 1] - quads[:, 0]
    lengths: NDArray[np.float32] = np.hypot(along[:, 0], along[:, 1])
    return lengths


def _mostly_vertical(quads: Quads) -> bool:
    heights, widths = _heights(quads), _widths(quads)
    tall, wide = heights > 2 * widths, widths > 2 * heights
    return float(heights[tall].sum()) > 2 * float(widths[wide].sum())


def _upside_down(picture: Picture, quads: Quads) -> bool:
    """Only asked of a few lines long enough to tell, and only if they make no sense as they stand."""
    shapes = _widths(quads) / np.maximum(1.0, _heights(quads))
    sample = quads[np.argsort(np.abs(shapes - TELLING))[:SAMPLE]]
    as_is = _said(picture, sample)
    if not as_is or np.mean(list(as_is.values())) > SURE:
        return False
    flipped = _said(picture, np.roll(sample, 2, axis=1))
    return bool(np.mean(list(flipped.values()) or [0.0]) > np.mean(list(as_is.values())) + 0.1)


def _said(picture: Picture, quads: Quads) -> dict[int, float]:
    """How sure the model is of the first lines that hold letters: rows of stars and dashes are the same both ways."""
    scores: dict[int, float] = {}
    for number, quad in enumerate(quads):
        reading = _recognised(picture, quad[np.newaxis])[0]
        if sum(char.isalnum() for char in reading.text) >= 3:
            scores[number] = reading.score
        if len(scores) == 3:
            break
    return scores


def _turned_back(quads: Quads, shape: Sequence[int], quarter_turns: int) -> Quads:
    """The corners in a picture that was turned left ``quarter_turns`` times to become one of ``shape``."""
    height, width = shape[:2]
    for _ in range(quarter_turns):
        x, y = quads[..., 0], quads[..., 1]
        quads = np.stack([height - y, x], axis=-1)
        height, width = width, height
    return quads


def _recognised(picture: Picture, quads: Quads) -> list[Reading]:
    crops = [_cut_out(picture, quad) for quad in quads]
    natural = [crop.shape[1] * READING_HEIGHT / crop.shape[0] for crop in crops]
    squeeze = max(MAX_SQUEEZE, min(1.0, READING_BUDGET / max(1.0, sum(natural))))
    return [_read_line(crop, squeeze) for crop in crops]


def _cut_out(picture: Picture, quad: NDArray[np.float32]) -> Picture:
    """The quad as a level picture. Taller than wide by far, it is text turned on its side."""
    width = max(2, round(float(max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3])))))
    height = max(2, round(float(max(np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1])))))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    flags = cv2.INTER_CUBIC
    crop = cv2.warpPerspective(picture, transform, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(np.rot90(crop) if height > 2 * width else crop).astype(np.uint8, copy=False)


def _read_line(crop: Picture, squeeze: float) -> Reading:
    """Squeezed where that saves time; if the model then doubts what it reads, in full."""
    height, width = crop.shape[:2]
    if squeeze < 1 and width > 4 * height and height * squeeze >= 20:
        reading = _recognise(_squeezed(crop, squeeze))
        if reading.score >= DOUBTFUL:
            return reading
    return _recognise(crop)


def _squeezed(crop: Picture, squeeze: float) -> Picture:
    """As high as before, narrower, with the letters' proportions kept: cost grows with the width alone."""
    height = crop.shape[0]
    small = cv2.resize(crop, None, fx=squeeze, fy=squeeze, interpolation=cv2.INTER_AREA)
    above = (height - small.shape[0]) // 2
    below = height - small.shape[0] - above
    return cv2.copyMakeBorder(small, above, below, 0, 0, cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)


def _recognise(crop: Picture) -> Reading:
    result = _models().recognize_txt([crop])
    assert result.txts is not None
    text, words = _mended(result.txts[0]), result.word_results[0]
    return Reading(text, float(result.scores[0]), _stops(text, words))


def _stops(text: str, words: Any) -> tuple[float, ...]:
    """Where each character begins. The model tells a column for each one that is not a space."""
    columns = [column for word in words.word_cols for column in word] if words else []
    total = float(words.line_txt_len or 0) if words else 0.0
    if not total or len(columns) != sum(not char.isspace() for char in text):
        return ()
    rest = iter(columns)
    stops: list[float] = []
    for char in text:
        before = stops[-1] if stops else 0.0
        stops.append(before if char.isspace() else min(1.0, max(0.0, (next(rest) - 0.5) / total)))
    return tuple(stops)


_ZERO_IN_WORD = re.compile(r"(?<=[^\W\d_]{2})0(?=[^\W\d_]{2})|(?<![\w])0(?=[a-wyz][a-z]{3})")
_DATE_AND_TIME = re.compile(r"(\d{4}[-/.]\d{2}[-/.]\d{2}|\d{2}[./-]\d{2}[./-]\d{4})(?=\d{2}:\d{2})")


def _mended(text: str) -> str:
    """A zero amid letters is the letter that looks like it, also in a short month, and a date ends before a time
    begins."""
    text = months_spelled(text)
    return _DATE_AND_TIME.sub(r"\1 ", _ZERO_IN_WORD.sub("O", re.sub(r"\b0×(?=[0-9A-Fa-f]{2})", "0x", text)))
