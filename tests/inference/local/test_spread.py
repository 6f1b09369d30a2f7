"""Models that are not as they were saved: in fewer bits, or spread over devices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest
import torch
from accelerate import dispatch_model

from inference.engine import Engine
from inference.local.building import Built, assemble
from inference.local.engine import LocalEngine
from inference.local.options import Options
from inference.local.step_vl import load
from inference.types import Done, Event, Request, Sampling, Text, Thought
from tests.inference.local.cases import CHECKPOINT
from tests.inference.local.studio import answered, picture, said

SAMPLING = Sampling(temperature=0.0, max_reasoning_tokens=6, max_answer_tokens=6)
FIRST = Request(id="first", thread="t", turns=(said("What is it?", picture(1, (800, 600))),), sampling=SAMPLING)
SECOND = Request(
    id="second", thread="t", turns=(*FIRST.turns, answered("A page."), said("And this?", picture(2))), sampling=SAMPLING
)


@asynccontextmanager
async def running(engine: LocalEngine) -> AsyncIterator[LocalEngine]:
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


async def hear(engine: Engine, request: Request) -> list[Event]:
    async with aclosing(engine.generate(request)) as events:
        return [event async for event in events]


def words(events: list[Event]) -> str:
    """In one piece: what comes while the reader is away is merged."""
    return "".join(event.text for event in events if isinstance(event, Thought | Text))


class Kept(LocalEngine):
    """Shows its model."""

    model: torch.nn.Module

    def _build(self) -> Built:
        model, processor = load(
            CHECKPOINT,
            device="cpu",
            dtype=torch.bfloat16,
            quantization=self._source.quantization,  # type: ignore[arg-type]
        )
        self.model = model
        return assemble(model, processor, self._options, self._submit)


@pytest.mark.parametrize(("kind", "stored"), [("nf4", torch.uint8), ("int8", torch.int8)])
async def test_in_fewer_bits(kind: str, stored: torch.dtype, caplog: pytest.LogCaptureFixture) -> None:
    """Together with others, and with pictures; the vision tower and the output layer are left alone."""
    async with running(Kept("tiny", quantization=kind, options=Options(context=2_000))) as engine:
        dtypes = {name: weight.dtype for name, weight in engine.model.named_parameters()}
        linear = {dtype for name, dtype in dtypes.items() if name.startswith("model.layers.") and "proj" in name}
        left = {dtype for name, dtype in dtypes.items() if name.startswith(("vision_model", "vit_large", "lm_head"))}
        assert (linear, left) == ({stored}, {torch.bfloat16})
        heard = await asyncio.gather(*(hear(engine, one) for one in (FIRST, SECOND)))
        follow_up = await hear(engine, SECOND)
    assert all(isinstance(events[-1], Done) and words(events) for events in heard)
    done = follow_up[-1]
    assert isinstance(done, Done)
    assert done.usage.cached_tokens > 300
    assert "cast" not in caplog.text, "it would be said for each layer and step"


class Spread(LocalEngine):
    """Its parts lie where a map says, and accelerate carries what they exchange; here all places are the CPU."""

    def _build(self) -> Built:
        model, processor = load(CHECKPOINT, device="cpu", dtype=torch.float32)
        parts = (
            "vision_model",
            "vit_large_projector",
            "model.embed_tokens",
            "model.norm",
            "model.rotary_emb",
            "lm_head",
        )
        layers = [f"model.layers.{number}" for number in range(len(model.model.layers))]
        model = dispatch_model(model, dict.fromkeys([*parts, *layers], "cpu"), main_device="cpu", force_hooks=True)
        return assemble(model, processor, self._options, self._submit)


async def test_spread_over_devices_it_says_the_same() -> None:
    options = Options(context=2_000)
    async with running(LocalEngine(str(CHECKPOINT), device="cpu", dtype="float32", options=options)) as whole:
        expected = [words(await hear(whole, one)) for one in (FIRST, SECOND)]
    async with running(Spread("tiny", options=options)) as spread:
        assert [words(await hear(spread, one)) for one in (FIRST, SECOND)] == expected
