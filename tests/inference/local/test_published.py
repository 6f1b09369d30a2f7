"""Prompts against a plain transcription of the published processor: it writes out what stands for a picture and has the
whole tokenised as one text."""

from typing import Any

import PIL.Image
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inference.local.conftest import Golden
from tests.inference.local.test_layout import published

SIDES = st.one_of(st.integers(1, 60), st.integers(1, 800))
SIZES = st.tuples(SIDES, SIDES).filter(lambda size: max(size) <= 6 * min(size))
TEXTS = st.text(st.characters(exclude_characters="<", codec="utf-8"), max_size=30)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[int, int]]]:
    """Up to six turns; pictures of any size stand anywhere in the user's, or nowhere."""
    messages: list[dict[str, Any]] = []
    sizes: list[tuple[int, int]] = []
    for _ in range(draw(st.integers(1, 3))):
        parts: list[dict[str, str]] = []
        for size in draw(st.lists(st.none() | SIZES, max_size=2)):
            parts.append({"type": "image"} if size else {"type": "text", "text": draw(TEXTS)})
            sizes += [size] if size else []
        messages += [{"role": "user", "content": parts or draw(TEXTS)}, {"role": "assistant", "content": draw(TEXTS)}]
    return messages[:-1], sizes


def written_out(width: int, height: int) -> str:
    """All crops row by row, then the global view."""
    _, _, _, columns, rows = published(width, height)
    crop = f"<patch_start>{'<im_patch>' * 81}<patch_end>"
    return "<patch_newline>".join([crop * columns] * rows) + f"<im_start>{'<im_patch>' * 169}<im_end>"


def transcribed(golden: Golden, messages: list[dict[str, Any]], sizes: list[tuple[int, int]]) -> list[int]:
    tokenizer = golden.processor.tokenizer
    text = tokenizer.apply_chat_template(
        messages, chat_template=golden.processor.chat_template, tokenize=False, add_generation_prompt=True
    )
    first, *others = text.split("<im_patch>")
    for size, other in zip(sizes, others, strict=True):
        first += written_out(*size) + other
    ids: list[int] = tokenizer(first, add_special_tokens=False)["input_ids"]
    return ids


@settings(max_examples=25)
@given(conversations())
def test_any_conversation_is_written_as_published(
    golden: Golden, conversation: tuple[list[dict[str, Any]], list[tuple[int, int]]]
) -> None:
    messages, sizes = conversation
    images = [PIL.Image.new("RGB", size) for size in sizes]
    inputs = golden.processor(messages=messages, images=images)
    assert inputs["input_ids"].tolist() == [transcribed(golden, messages, sizes)]
    counts = [columns * rows for *_, columns, rows in (published(*size) for size in sizes)]
    assert inputs["num_patches"].tolist() == counts
    shapes = [None if inputs[name] is None else len(inputs[name]) for name in ("pixel_values", "patch_pixel_values")]
    assert shapes == [len(sizes) or None, sum(counts) or None]
