"""A request in the words of the chat completions protocol, and of the servers that know more than the protocol."""

import base64
import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any

from inference.types import Image, Request, Turn

PREFILL = "</think>\n"
"""Put into the assistant's mouth, it ends the thinking before it begins."""

LONGEST_TEXT_LAYER = 6_000
"""Characters of a page's text that go along with its picture."""

_SPECIAL = re.compile(r"<(?=/?\|?(?:im_|patch_|think|endoftext))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a server is believed to understand beyond the protocol."""

    prefill: bool = True
    """Continues an assistant's unfinished turn (vLLM, SGLang; llama.cpp by itself)."""
    extras: bool = True
    """Takes ``top_k`` and arguments for the template."""
    forms: bool = True
    """Holds its output to a JSON schema."""
    limit: bool = True
    """Takes our limit on the output; without one, it ends where its context does."""

    def skips(self, request: Request) -> bool:
        """Whether the request is put so that the model does not think."""
        return self.prefill and request.mode == "quick"

    def holds(self, request: Request) -> bool:
        """Whether the server is to hold the answer to the request's form. Not while the model thinks: without a parser
        of its thoughts, a server would hold those to the form as well."""
        return self.forms and request.form is not None and request.mode == "quick"

    def simpler(self, request: Request) -> "Dialect | None":
        """Another way to put a request that was refused; None if there is none."""
        if self.holds(request):
            return replace(self, forms=False)
        if self.skips(request):
            return replace(self, prefill=False)
        return replace(self, extras=False) if self.extras else None


def body(model: str, request: Request, dialect: Dialect) -> bytes:
    """The JSON of a streaming chat completion. Takes milliseconds for each large picture."""
    sampling = request.sampling
    messages = [_message(turn) for turn in request.turns]
    fields: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
    }
    if sampling.seed is not None:
        fields["seed"] = sampling.seed
    if dialect.limit:
        fields["max_tokens"] = output_limit(request)
    if dialect.extras:
        # -1 is no limit everywhere: vLLM and SGLang take it, llama.cpp takes anything below 1.
        fields["top_k"] = sampling.top_k or -1
    if request.form is not None and dialect.holds(request):
        schema = {"name": "answer", "schema": json.loads(request.form.schema)}
        fields["response_format"] = {"type": "json_schema", "json_schema": schema}
    if dialect.skips(request):
        messages.append({"role": "assistant", "content": PREFILL})
        fields |= {"continue_final_message": True, "add_generation_prompt": False}
        # llama.cpp refuses an assistant's beginning while it believes that the model will think.
        fields["chat_template_kwargs"] = {"enable_thinking": False}
    return json.dumps(fields).encode()


def output_limit(request: Request) -> int:
    """Tokens that the model may put out, thinking included."""
    sampling = request.sampling
    return sampling.max_answer_tokens + (0 if request.mode == "quick" else sampling.max_reasoning_tokens)


def estimated_prompt_tokens(request: Request) -> int:
    """About what the prompt will take: four letters a token, and pictures as STEP3-VL cuts them."""
    letters = sum(len(turn.text) for turn in request.turns) + sum(len(_text_layer(image)) for image in request.images)
    return 32 + letters // 4 + sum(_picture_tokens(image) for image in request.images)


def _message(turn: Turn) -> dict[str, Any]:
    if not turn.images:
        return {"role": turn.role, "content": _plain(turn.text)}
    parts = [part for image in turn.images for part in _parts(image)]
    return {"role": turn.role, "content": [*parts, {"type": "text", "text": _plain(turn.text)}]}


def _parts(image: Image) -> list[dict[str, Any]]:
    kind = "png" if image.content.startswith(b"\x89PNG") else "jpeg"
    url = f"data:image/{kind};base64,{base64.b64encode(image.content).decode()}"
    parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": url}}]
    if image.label:
        parts.insert(0, {"type": "text", "text": f"{_plain(image.label)}:"})
    if layer := _text_layer(image):
        parts.append({"type": "text", "text": f"Text found in the file of this page, maybe wrong:\n{_plain(layer)}"})
    return parts


def _text_layer(image: Image) -> str:
    return image.text.strip()[:LONGEST_TEXT_LAYER]


def _plain(text: str) -> str:
    """The text without the power of special tokens: a word joiner comes between the bracket and the name."""
    return _SPECIAL.sub("<\u2060", text)


def _picture_tokens(image: Image) -> int:
    """169 and two marks for the whole, 81 and two marks for each piece of 504 pixels; the longer side has 3,024 at
    most, and up to 728 there are no pieces."""
    longest = max(image.width, image.height, 1)
    if longest <= 728:
        return 171
    scale = min(1.0, 3024 / longest) / 504
    across, down = (max(1, math.ceil(side * scale - 0.2)) for side in (image.width, image.height))
    return 171 + 83 * across * down
