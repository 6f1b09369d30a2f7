"""What is measured of the local model, each by questions put to the engine as people put them."""

import asyncio
import hashlib
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from io import BytesIO

import PIL.Image
import torch

from benchmarks.local_model.model import RandomEngine
from inference.deep import DeepEngine, DeepOptions
from inference.engine import Engine
from inference.local.memory import GIB, Plan, Sizes, plan
from inference.types import Done, Image, Mode, Request, Sampling, Turn

PAGE = (3024, 3024)
"""The picture that takes most: 36 crops."""

ROWS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is asked."""

    prompt: int
    """Tokens of the long prompt."""
    written: int
    """Tokens of each answer."""
    copied: int
    """Bytes that are copied to learn the memory's bandwidth."""


REAL = Scale(prompt=16_384, written=256, copied=2 * GIB)
SMALL = Scale(prompt=512, written=8, copied=2**24)


def asked(text: str, tokens: int, *images: Image, mode: Mode = "quick") -> Request:
    """A question whose answer, thinking included, has so many tokens."""
    thinking = 0 if mode == "quick" else tokens // 2
    sampling = Sampling(seed=7, max_reasoning_tokens=thinking, max_answer_tokens=tokens - thinking)
    return Request(id=text[:16], turns=(Turn(role="user", text=text, images=images),), mode=mode, sampling=sampling)


async def warm(engine: Engine) -> None:
    """What is compiled or allocated at first use is not what is measured."""
    await end_of(engine, asked("warm up", 4, picture(9, (800, 600)), mode="think"))


async def end_of(engine: Engine, request: Request) -> Done:
    async with aclosing(engine.generate(request)) as events:
        async for event in events:
            if isinstance(event, Done):
                return event
    raise AssertionError("an answer without an end")


async def prefill_rate(engine: RandomEngine, scale: Scale) -> float:
    """Tokens of a long text that are read in a second."""
    done = await end_of(engine, asked("x" * scale.prompt, 1))
    assert done.timings.first_token_s is not None
    return done.usage.prompt_tokens / done.timings.first_token_s


async def decode_rate(engine: RandomEngine, rows: int, scale: Scale) -> float:
    """Tokens that so many answers get in a second together, once all have begun."""
    ends = await asyncio.gather(*(end_of(engine, asked(f"{row} is the number", scale.written)) for row in range(rows)))
    return sum(_rate(done) for done in ends)


def _rate(done: Done) -> float:
    assert done.timings.first_token_s is not None
    return (done.usage.answer_tokens - 1) / (done.timings.total_s - done.timings.first_token_s)


def decode_bound(sizes: Sizes, itemsize: int, rows: int, cached: int, bandwidth: float) -> float:
    """What the memory's bandwidth allows: for each token all weights of the decoder are read, once for all rows, and of
    each row the ``cached`` tokens."""
    weights = (sizes.quantisable + sizes.vocabulary * sizes.hidden) * itemsize
    token = 2 * sizes.layers * sizes.kv_heads * sizes.head * itemsize
    return rows * bandwidth / (weights + rows * cached * token)


def bandwidth(device: str, scale: Scale) -> float:
    """Bytes read and written in a second by the best of a few copies."""
    source = torch.ones(scale.copied, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    best = min(_copied(source, target) for _ in range(5))
    return 2 * scale.copied / best


def _copied(source: torch.Tensor, target: torch.Tensor) -> float:
    _wait(source.device)
    started = time.perf_counter()
    target.copy_(source)
    _wait(source.device)
    return time.perf_counter() - started


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


async def deep_ratio(engine: RandomEngine, scale: Scale) -> float:
    """How many times as long as thinking once it takes to think 16 times in parallel and answer from that."""
    pages = [picture(number, (1024, 1024)) for number in (1, 3)]  # one each, so that neither finds it encoded
    options = DeepOptions(levels=(ROWS,), tokens=(ROWS + 1) * scale.written)
    once = await end_of(engine, asked("which is larger", scale.written, pages[0], mode="think"))
    deep = replace(asked("which is smaller", scale.written, pages[1], mode="think"), mode="deep")
    many = await end_of(DeepEngine(engine, options), deep)
    return many.timings.total_s / once.timings.total_s


async def peak_memory(engine: RandomEngine, scale: Scale) -> tuple[int, int]:
    """The most bytes that were allocated on the GPU, and what the planner says of it for what the cache held."""
    device = engine.model.device
    torch.cuda.reset_peak_memory_stats(device)
    await end_of(engine, asked("y" * scale.prompt, scale.written, picture(2, PAGE)))
    planned = planned_for(engine, torch.cuda.get_device_properties(device).total_memory)
    held = engine.capacity().load.held_bytes
    return torch.cuda.max_memory_allocated(device), planned.weights + planned.work + held


def planned_for(engine: RandomEngine, total: int) -> Plan:
    return plan(total, engine.sizes, rows=ROWS, itemsize=engine.model.dtype.itemsize)


def picture(number: int, size: tuple[int, int]) -> Image:
    """Of one colour; what it costs depends on its size alone."""
    content = BytesIO()
    PIL.Image.new("RGB", size, (number, 128, 255 - number)).save(content, "PNG")
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    return Image(sha256=digest, content=content.getvalue(), width=size[0], height=size[1])
