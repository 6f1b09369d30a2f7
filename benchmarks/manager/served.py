"""``transformers serve`` on a LLaVA with the same decoder, asked the same by HTTP: what a server of its kind does."""

import asyncio
import base64
import json
import os
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import torch
from transformers import (
    CLIPImageProcessorPil,
    CLIPVisionConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    Qwen3Config,
    __version__,
)
from transformers.utils.import_utils import is_serve_available

from benchmarks.manager.model import Shape, decoder, never_end, tokenizer
from benchmarks.manager.scenes import Ratios, Sizes
from benchmarks.manager.stage import page, words

NAME = f"transformers serve {__version__}, on a LLaVA with the same decoder"
MISSING = "not measured: pip install 'transformers[serving]'"

SIDE, PATCH = 448, 14
"""A picture is 1,024 tokens."""
IMAGE = "<im_patch>"
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}"
    "{{ part.text if part.type == 'text' else '" + IMAGE + "' }}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n"
)
START_S = 120.0

Message = dict[str, Any]


def available() -> bool:
    return bool(is_serve_available())


async def measured(shape: Shape, sizes: Sizes, threads: int) -> Ratios:
    """Each against its own time alone, in seconds of the clock on the wall; the follow-up is a median."""
    with TemporaryDirectory() as folder:
        await asyncio.to_thread(save, shape, Path(folder))
        async with _serving(folder, threads) as server:
            await server.first_and_total_s([_said("warm up")], 4)
            follow_ups = [await _follow_up(server, number) for number in range(sizes.pairs)]
            return {
                "follow_up_speedup": statistics.median(follow_ups),
                **await _crowd(server, sizes),
                **await _beside(server, sizes),
            }


async def _follow_up(server: "_Server", number: int) -> float:
    asked = [_said("What do you see?", number)]
    whole, _ = await server.first_and_total_s(asked, 4)
    again, _ = await server.first_and_total_s([*asked, _answered("42."), _said("Why?")], 2)
    return whole / again


async def _crowd(server: "_Server", sizes: Sizes) -> Ratios:
    """Follow-ups at once, against as many times one of them."""
    asked = [
        [_said("What do you see?", 100 + number), _answered("42."), _said("Why?")] for number in range(sizes.crowd)
    ]
    _, alone = await server.first_and_total_s(asked[0], sizes.out)
    began = time.perf_counter()
    await asyncio.gather(*(server.first_and_total_s(one, sizes.out) for one in asked))
    return {"follow_ups_8": (time.perf_counter() - began) / (alone * sizes.crowd)}


async def _beside(server: "_Server", sizes: Sizes) -> Ratios:
    """A question while a long answer is written, against alone."""
    _, alone = await server.first_and_total_s([_said("7")], sizes.beside)
    begun = asyncio.Event()
    long = asyncio.create_task(server.first_and_total_s([_said(words(1, 60))], sizes.served_long, begun))
    await begun.wait()
    _, beside = await server.first_and_total_s([_said("8")], sizes.beside)
    await long
    return {"question_beside_reasoning": beside / alone}


class _Server:
    def __init__(self, session: aiohttp.ClientSession, url: str, model: str) -> None:
        self._session = session
        self._url = url
        self._model = model

    async def first_and_total_s(
        self, messages: list[Message], tokens: int, begun: asyncio.Event | None = None
    ) -> tuple[float, float]:
        """Until its first word, and until its end."""
        asked = {"model": self._model, "messages": messages, "max_tokens": tokens, "temperature": 0.0, "stream": True}
        began, first = time.perf_counter(), None
        async with self._session.post(f"{self._url}/v1/chat/completions", json=asked) as response:
            response.raise_for_status()
            async for line in response.content:
                said = line.startswith(b"data: {") and json.loads(line[6:])
                if said and first is None and said["choices"] and said["choices"][0]["delta"].get("content"):
                    first = time.perf_counter() - began
                    if begun:
                        begun.set()
        total = time.perf_counter() - began
        return total if first is None else first, total

    async def is_up(self) -> bool:
        try:
            async with self._session.get(f"{self._url}/health") as response:
                return response.status == 200
        except aiohttp.ClientConnectionError:
            return False


@asynccontextmanager
async def _serving(folder: str, threads: int) -> AsyncIterator[_Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", folder]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": str(threads)}
    process = await asyncio.create_subprocess_exec(
        *command, "--log-level", "error", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
            server = _Server(session, f"http://127.0.0.1:{port}", folder)
            async with asyncio.timeout(START_S):
                while not await server.is_up():  # noqa: ASYNC110 - it happens in another process
                    await asyncio.sleep(0.2)
            yield server
    finally:
        process.terminate()
        await process.wait()


def save(shape: Shape, folder: Path) -> None:
    """Random weights, and all that is needed to load them."""
    words_ = tokenizer(shape.vocabulary)
    sides = {"height": SIDE, "width": SIDE}
    pictures = CLIPImageProcessorPil(size=sides, crop_size=sides)
    processor = LlavaProcessor(
        pictures, words_, PATCH, "default", TEMPLATE, image_token=IMAGE, num_additional_image_tokens=1
    )
    vision = CLIPVisionConfig(
        hidden_size=64, intermediate_size=256, num_hidden_layers=2, num_attention_heads=2, image_size=SIDE
    )
    vision.patch_size = PATCH
    config = LlavaConfig(
        vision_config=vision,
        text_config=Qwen3Config(**decoder(shape)),
        image_token_index=words_.convert_tokens_to_ids(IMAGE),
        image_seq_length=(SIDE // PATCH) ** 2,
    )
    torch.manual_seed(0)
    model = LlavaForConditionalGeneration(config).eval()
    never_end(model.lm_head, words_)
    model.generation_config.eos_token_id = words_.eos_token_id
    model.save_pretrained(folder)
    processor.save_pretrained(folder)


def _said(text: str, picture: int | None = None) -> Message:
    if picture is None:
        return {"role": "user", "content": text}
    content = base64.b64encode(page(picture, (SIDE, SIDE)).content).decode()
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{content}"}}
    return {"role": "user", "content": [image, {"type": "text", "text": text}]}


def _answered(text: str) -> Message:
    return {"role": "assistant", "content": text}
