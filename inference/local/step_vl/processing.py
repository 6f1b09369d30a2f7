"""Messages and pictures to the inputs of the model."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import PIL.Image
import torch
from transformers import BatchFeature, PreTrainedTokenizerBase, PreTrainedTokenizerFast, ProcessorMixin, Qwen2Tokenizer
from transformers.utils import cached_file

from inference.local.step_vl.images import pixels
from inference.local.step_vl.layout import MAX_CROPS, Layout, plan
from inference.local.step_vl.text import Markers, Message, encode, render


class StepVLProcessor(ProcessorMixin):
    """The tokenizer must be a fast one: its offsets tell what people wrote from what the chat template did."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, chat_template: Any = None) -> None:
        tokenizer.padding_side = "left"
        self.markers = Markers.of(tokenizer)
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token
        template = chat_template or tokenizer.chat_template
        # Some repositories have several by name; this is what transformers calls the one for plain conversations.
        super().__init__(tokenizer, chat_template=template.get("default") if isinstance(template, dict) else template)

    @classmethod
    def _load_tokenizer_from_pretrained(
        cls, sub_processor_type: str, pretrained_model_name_or_path: str | Path, subfolder: str = "", **kwargs: Any
    ) -> PreTrainedTokenizerBase:
        """Not by AutoTokenizer: it sees the repository's own classes and asks on stdin whether to run them."""
        kwargs = {**kwargs, "subfolder": subfolder, "trust_remote_code": False}
        whole = cached_file(
            pretrained_model_name_or_path, "tokenizer.json", _raise_exceptions_for_missing_entries=False, **kwargs
        )
        if whole:
            return PreTrainedTokenizerFast.from_pretrained(pretrained_model_name_or_path, **kwargs)
        # Else there are the older files, and Qwen's rules for splitting text. An OSError if these lack too.
        cached_file(pretrained_model_name_or_path, "vocab.json", **kwargs)
        return Qwen2Tokenizer.from_pretrained(pretrained_model_name_or_path, **kwargs)

    def encode(self, messages: Sequence[Message]) -> list[int]:
        """By the checkpoint's chat template, with the generation prompt; one placeholder for each image."""
        return encode(self.tokenizer, render(self.tokenizer, self.chat_template, messages))

    def __call__(
        self,
        messages: Sequence[Any],
        images: PIL.Image.Image | Sequence[PIL.Image.Image | Sequence[PIL.Image.Image]] | None = None,
        *,
        max_crops: int | Sequence[int] = MAX_CROPS,
        return_tensors: Literal["pt"] = "pt",
    ) -> BatchFeature:
        """Of a conversation or a batch of them, which is padded on the left. Images come in the order of the messages;
        ``max_crops`` may differ from one to the next. ``patch_pixel_values`` is None where no image has crops,
        ``pixel_values`` where there are no images."""
        batch = [messages] if isinstance(messages[0], Mapping) else messages
        pictures = list(_flat(images or ()))
        limits = [max_crops] * len(pictures) if isinstance(max_crops, int) else max_crops
        layouts = [plan(*picture.size, limit) for picture, limit in zip(pictures, limits, strict=True)]
        inputs = self._text([self.encode(conversation) for conversation in batch], layouts)
        views, crops = pixels(pictures, layouts) if pictures else (None, None)
        counts = torch.tensor([layout.crops for layout in layouts], dtype=torch.long)
        return BatchFeature(inputs | {"pixel_values": views, "patch_pixel_values": crops, "num_patches": counts})

    def _text(self, rows: list[list[int]], layouts: list[Layout]) -> dict[str, torch.Tensor | None]:
        counts = [row.count(self.markers.placeholder) for row in rows]
        if sum(counts) != len(layouts):
            raise ValueError(f"the messages have {sum(counts)} images and there are {len(layouts)} pictures")
        following = iter(layouts)
        expanded = [
            self.markers.expand(row, list(islice(following, count)))[0] for row, count in zip(rows, counts, strict=True)
        ]
        length = max(map(len, expanded))
        pad = self.tokenizer.pad_token_id
        return {
            "input_ids": torch.tensor([[pad] * (length - len(row)) + row for row in expanded]),
            "attention_mask": torch.tensor([[0] * (length - len(row)) + [1] * len(row) for row in expanded]),
        }


def _flat(images: PIL.Image.Image | Iterable[PIL.Image.Image | Iterable[PIL.Image.Image]]) -> Iterator[PIL.Image.Image]:
    for item in [images] if isinstance(images, PIL.Image.Image) else images:
        if isinstance(item, PIL.Image.Image):
            yield item
        else:
            yield from item
