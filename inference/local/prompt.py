"""A conversation as token ids, by the checkpoint's own chat template. What that does is found out, not assumed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import PIL.Image
from jinja2 import TemplateError

from inference.errors import Dead
from inference.local.step_vl import Layout, StepVLProcessor
from inference.local.step_vl.images import pixels
from inference.local.step_vl.text import PLACEHOLDER, Message, encode, render, written
from inference.types import Image, Turn

THINK, UNTHINK = "<think>", "</think>"

MAX_PAGE_TEXT = 6_000
"""Characters of a page's text layer that accompany its picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFormat:
    """What the chat template of a checkpoint does, and how its tokenizer writes the tags of thinking."""

    starts_thinking: bool
    """The generation prompt ends inside thinking, so the output does not begin with the tag."""
    ends_thinking: bool
    """The generation prompt has a thinking part and ends after it."""
    takes_rules: bool
    """It writes a system's turn. Where it does not, or refuses one, the rules stand before the first question."""
    keeps_thinking: bool
    """Thinking in earlier answers stays in the prompt."""
    think: tuple[int, ...]
    unthink: tuple[int, ...]
    """Mostly one id, but a tokenizer need not know the tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image in a prompt: its tokens are ``ids[start:stop]``."""

    image: Image
    layout: Layout
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Ready to be continued by the model."""

    ids: tuple[int, ...]
    pictures: tuple[Picture, ...]
    thinking: bool
    """What the model writes next is thinking."""

    @property
    def image_tokens(self) -> int:
        return sum(picture.stop - picture.start for picture in self.pictures)


class Prompts:
    """Builds prompts for one checkpoint. Dead if its chat template cannot be used."""

    def __init__(self, processor: StepVLProcessor) -> None:
        self._processor = processor
        try:
            self.format = self._probe()
        except (ValueError, TemplateError) as error:
            raise Dead(f"The chat template of the model cannot be used: {error}") from error

    def build(self, turns: Sequence[Turn], layouts: Sequence[Layout], *, thinking: bool) -> Prompt:
        """``layouts`` are those of all images of all turns, in order. Without ``thinking`` the answer comes at once."""
        processor = self._processor
        messages = [_message(turn) for turn in self._suited(turns)]
        rendered = render(processor.tokenizer, processor.chat_template, messages)
        ids = encode(processor.tokenizer, rendered.followed_by(self._opening(thinking)))
        expanded, spans = processor.markers.expand(ids, layouts)
        images = [image for turn in turns for image in turn.images]
        pictures = tuple(
            Picture(image=image, layout=layout, start=start, stop=stop)
            for image, layout, (start, stop) in zip(images, layouts, spans, strict=True)
        )
        return Prompt(ids=tuple(expanded), pictures=pictures, thinking=thinking)

    def _suited(self, turns: Sequence[Turn]) -> Sequence[Turn]:
        if self.format.takes_rules or turns[0].role != "system":
            return turns
        rules, first, *others = turns
        return replace(first, text=f"{rules.text}\n\n{first.text}"), *others

    def _opening(self, thinking: bool) -> str:
        """What goes after the generation prompt so that the model thinks, or does not."""
        if thinking:
            return "" if self.format.starts_thinking else f"{THINK}\n"
        if self.format.ends_thinking:
            return ""
        return f"{UNTHINK}\n" if self.format.starts_thinking else f"{THINK}\n{UNTHINK}\n"

    def _probe(self) -> ChatFormat:
        question = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "question"}]}
        if self._written([question]).count(PLACEHOLDER) != 1:
            raise ValueError(f"it does not write {PLACEHOLDER} for an image")
        opening = self._written([question]).rpartition("question")[2]
        earlier = {"role": "assistant", "content": f"{THINK}\nthought\n{UNTHINK}\n\nanswer"}
        starts = opening.rfind(THINK) > opening.rfind(UNTHINK)
        tokenizer = self._processor.tokenizer
        return ChatFormat(
            starts_thinking=starts,
            ends_thinking=not starts and UNTHINK in opening,
            takes_rules=self._takes_rules(question),
            keeps_thinking="thought" in self._written([question, earlier, question]),
            think=tuple(tokenizer.encode(THINK, add_special_tokens=False)),
            unthink=tuple(tokenizer.encode(UNTHINK, add_special_tokens=False)),
        )

    def _takes_rules(self, question: Message) -> bool:
        try:
            return "maxim" in self._written([{"role": "system", "content": "maxim"}, question])
        except (ValueError, TemplateError):
            return False

    def _written(self, messages: Sequence[Message]) -> str:
        """Not stand-ins for their texts: what the template does with these is the question."""
        return written(self._processor.tokenizer, self._processor.chat_template, messages)


def pixel_inputs(pictures: Sequence[Picture]) -> dict[str, Any]:
    """``pixel_values``, ``patch_pixel_values`` and ``num_patches`` for the model. Slow: not for an event loop."""
    layouts = [picture.layout for picture in pictures]
    views, crops = pixels([_opened(picture.image) for picture in pictures], layouts)
    counts = [layout.crops for layout in layouts]
    return {"pixel_values": views, "patch_pixel_values": crops, "num_patches": counts}


def _opened(image: Image) -> PIL.Image.Image:
    return PIL.Image.open(BytesIO(image.content), formats=("PNG", "JPEG"))


def _message(turn: Turn) -> Message:
    if not turn.images:
        return {"role": turn.role, "content": turn.text}
    parts = [part for image in turn.images for part in _page(image)]
    return {"role": turn.role, "content": [*parts, {"type": "text", "text": turn.text}]}


def _page(image: Image) -> Iterator[dict[str, str]]:
    """Its label, the picture, its text layer."""
    if image.label:
        yield {"type": "text", "text": f"{image.label}:\n"}
    yield {"type": "image"}
    if image.text:
        layer = image.text[:MAX_PAGE_TEXT]
        yield {"type": "text", "text": f"\nText found on this page, which may have errors:\n{layer}"}
    if image.label or image.text:
        yield {"type": "text", "text": "\n"}
