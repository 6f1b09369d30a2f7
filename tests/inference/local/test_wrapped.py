"""Deep mode and summaries around the model itself: all rollouts share what the first of them read."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from inference.deep import DeepEngine, DeepOptions
from inference.local.building import Built, assemble
from inference.local.engine import LocalEngine
from inference.local.options import Options
from inference.manager import InferenceManager
from inference.summary import SummaryEngine
from inference.types import Done, Event, Finish, Progress, Request, Sampling, Text, Thought
from tests.inference.local.cases import CHECKPOINT
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import picture, said
from tests.inference.local.test_schedules import Counts

SAMPLING = Sampling(max_reasoning_tokens=12, max_answer_tokens=6, seed=3)


class Listened(LocalEngine):
    """Remembers what was asked of the model, and what each answer took."""

    def __init__(self, **options: int) -> None:
        super().__init__(str(CHECKPOINT), device="cpu", dtype="float32", options=Options(context=4096, **options))
        self.ended: list[tuple[Request, Done]] = []

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        async with aclosing(super().generate(request)) as events:
            async for event in events:
                if isinstance(event, Done):
                    self.ended.append((request, event))
                yield event


class Watched(Listened):
    """With the model that the hooks are on."""

    def __init__(self, golden: Golden) -> None:
        super().__init__()
        self._golden = golden

    def _build(self) -> Built:
        return assemble(self._golden.model, self._golden.processor, self._options, self._submit)


async def test_a_deep_question_encodes_its_picture_and_reads_its_prompt_once(golden: Golden) -> None:
    """By hooks on the model; the answer after the rollouts has a prompt of its own, with the same picture."""
    model = Watched(golden)
    line = InferenceManager(DeepEngine(model, DeepOptions(levels=(8,), context_tokens=4096)))
    await line.start()
    asked = Request(id="q", turns=(said("Which is larger?", picture(1)),), mode="deep", sampling=SAMPLING)
    with Counts(golden) as counts:
        async with aclosing(line.generate(asked)) as events:
            _ = [event async for event in events]
    await line.close()
    rollouts = [end.usage for request, end in model.ended if request.group]
    prompt = rollouts[0].prompt_tokens
    assert len(rollouts) == 8
    assert counts.views == 1
    assert sum(usage.prompt_tokens - usage.cached_tokens for usage in rollouts) == prompt + 7, "all but the last token"
    usages = [end.usage for _, end in model.ended]
    read = sum(usage.prompt_tokens - usage.cached_tokens for usage in usages)
    written = sum(usage.reasoning_tokens + usage.answer_tokens for usage in usages)
    closings = len(usages) * 16
    assert read <= sum(counts.tokens) <= read + written + closings
    assert sum(counts.tokens) < 2 * prompt + written + closings + 1_000


async def test_at_most_one_forward_after_a_stop(golden: Golden) -> None:
    model = Watched(golden)
    await model.start()
    with Counts(golden) as counts:
        endless = Request(id="e", turns=(said("hello"),), sampling=Sampling(max_reasoning_tokens=3_000))
        async with aclosing(model.generate(endless)) as events:
            async for event in events:
                if isinstance(event, Thought):
                    break
        before = len(counts.tokens)
        quick = Request(id="s", turns=(said("you"),), mode="quick", sampling=replace(SAMPLING, max_answer_tokens=8))
        async with aclosing(model.generate(quick)) as events:
            _ = [event async for event in events]
        # One for its prompt, which says the first word, and one for each of the other seven.
        assert len(counts.tokens) <= before + 1 + 8
    await model.close()


@pytest.mark.parametrize("rows", [1, 3, 16])
async def test_deep_mode_answers_with_however_many_rows_there_are(rows: int) -> None:
    model = Listened(rows=rows)
    line = InferenceManager(SummaryEngine(DeepEngine(model, DeepOptions(levels=(5,), context_tokens=4096))))
    await line.start()
    asked = Request(id="q", turns=(said("Which is larger?", picture(1)),), mode="deep", sampling=SAMPLING)
    async with aclosing(line.generate(asked)) as events:
        heard = [event async for event in events]
    await line.close()
    done = heard[-1]
    assert isinstance(done, Done)
    assert done.finish in (Finish.COMPLETE, Finish.LENGTH)
    assert "".join(event.text for event in heard if isinstance(event, Text)).strip()
    assert [event for event in heard if isinstance(event, Progress)][-1] == Progress(done=5, total=5)
    rollouts = [end.usage for request, end in model.ended if request.group]
    assert len(rollouts) == 5
    assert sum(usage.cached_tokens > usage.image_tokens for usage in rollouts) == 4
    assert len({replace(request.sampling, seed=None) for request, _ in model.ended if request.group}) == 1
