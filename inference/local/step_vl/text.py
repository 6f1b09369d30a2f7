"""Conversations to token ids. What people wrote can neither steer the chat template nor become a special token."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from transformers import PreTrainedTokenizerBase

from inference.local.step_vl.layout import CROP_TOKENS, VIEW_TOKENS, Layout

Message = Mapping[str, Any]
"""``role`` and ``content``: a string, or a list of ``{"type": "text", "text": …}`` and ``{"type": "image"}``."""

PLACEHOLDER = "<im_patch>"
"""What the chat template writes for an image."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A conversation as the chat template writes it; ``said`` are the (start, stop) of what people wrote."""

    text: str
    said: tuple[tuple[int, int], ...]

    def followed_by(self, text: str) -> "Rendered":
        return Rendered(self.text + text, self.said)


def render(tokenizer: PreTrainedTokenizerBase, template: str | None, messages: Sequence[Message]) -> Rendered:
    """With the generation prompt. The template sees a stand-in for every text, so it cannot take words for markup:
    Qwen's templates, for one, cut an answer that quotes ``</think>``."""
    texts: list[str] = []
    stand_ins = [{**message, "content": _stand_in(message["content"], texts)} for message in messages]
    parts = re.split(r"slot(\d{6})slot", written(tokenizer, template, stand_ins))
    text, said = "", []
    for index, part in enumerate(parts):
        piece = part if index % 2 == 0 else texts[int(part)]
        if index % 2:
            said.append((len(text), len(text) + len(piece)))
        text += piece
    return Rendered(text, tuple(said))


def written(tokenizer: PreTrainedTokenizerBase, template: str | None, messages: Sequence[Message]) -> str:
    """These very messages as the template has them, with the generation prompt. ValueError if there is none."""
    if template is None:
        raise ValueError("there is none, neither in chat_template.jinja nor in tokenizer_config.json")
    text: str = tokenizer.apply_chat_template(
        messages, chat_template=template, tokenize=False, add_generation_prompt=True
    )
    return text


def _stand_in(content: Any, texts: list[str]) -> Any:
    if isinstance(content, str):
        texts.append(_valid(content))
        return f"slot{len(texts) - 1:06d}slot"
    return [{**part, "text": _stand_in(part["text"], texts)} if part["type"] == "text" else part for part in content]


def _valid(text: str) -> str:
    """Half surrogate pairs, which JSON may carry, cannot be tokenised."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def encode(tokenizer: PreTrainedTokenizerBase, rendered: Rendered) -> list[int]:
    """As the tokenizer has it, but where it sees one of its added tokens in what people wrote, the text is cut inside
    that token and tokenised on either side. Not a character changes, and no such id comes out."""
    added = tokenizer.added_tokens_decoder.keys()
    cuts: set[int] = set()
    while True:
        edges = [0, *sorted(cuts), len(rendered.text)]
        pieces = [rendered.text[start:stop] for start, stop in pairwise(edges)]
        encoded = tokenizer(pieces, add_special_tokens=False, return_offsets_mapping=True)
        tokens = [
            (token, edge + start, edge + stop)
            for edge, ids, offsets in zip(edges, encoded["input_ids"], encoded["offset_mapping"], strict=False)
            for token, (start, stop) in zip(ids, offsets, strict=True)
        ]
        found = [_bare(rendered.text, start, stop) for token, start, stop in tokens if token in added]
        seen = {start + 1 for start, stop in found if any(a < stop and start < b for a, b in rendered.said)}
        if seen <= cuts:
            return [token for token, _, _ in tokens]
        cuts |= seen


def _bare(text: str, start: int, stop: int) -> tuple[int, int]:
    """Without the whitespace around it, which some added tokens take along and people may have written."""
    token = text[start:stop]
    return start + len(token) - len(token.lstrip()), stop - len(token) + len(token.rstrip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """Ids of the tokens that stand for pictures."""

    placeholder: int
    crop_start: int
    crop_end: int
    row_end: int
    view_start: int
    view_end: int

    @classmethod
    def of(cls, tokenizer: PreTrainedTokenizerBase) -> "Markers":
        """By name. ValueError if the tokenizer lacks one."""
        names = (PLACEHOLDER, "<patch_start>", "<patch_end>", "<patch_newline>", "<im_start>", "<im_end>")
        known = tokenizer.get_vocab()
        if missing := [name for name in names if name not in known]:
            raise ValueError(f"the tokenizer does not know {', '.join(missing)}")
        fields = ("placeholder", "crop_start", "crop_end", "row_end", "view_start", "view_end")
        return cls(**{field: known[name] for field, name in zip(fields, names, strict=True)})

    def expand(self, ids: Sequence[int], layouts: Sequence[Layout]) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids with each placeholder replaced by the tokens of its picture, and where these are (start, stop).
        ValueError unless there are as many of the one as of the other."""
        places = [index for index, token in enumerate(ids) if token == self.placeholder]
        if len(places) != len(layouts):
            raise ValueError(f"the messages have {len(places)} images and there are {len(layouts)} pictures")
        expanded: list[int] = []
        spans: list[tuple[int, int]] = []
        copied = 0
        for place, layout in zip(places, layouts, strict=True):
            expanded += ids[copied:place]
            spans.append((len(expanded), len(expanded) + layout.tokens))
            expanded += self._picture(layout)
            copied = place + 1
        return [*expanded, *ids[copied:]], spans

    def _picture(self, layout: Layout) -> list[int]:
        crop = [self.crop_start, *[self.placeholder] * CROP_TOKENS, self.crop_end]
        ids: list[int] = []
        for row in range(layout.rows):
            ids += crop * layout.columns
            if row < layout.rows - 1:
                ids.append(self.row_end)
        return [*ids, self.view_start, *[self.placeholder] * VIEW_TOKENS, self.view_end]
