"""The benchmark of the line plays on a small model: what it measures there means nothing, that it measures does."""

import math
import time
from dataclasses import replace

import torch

from benchmarks.figures import Options
from benchmarks.manager.figures import GOALS, measured
from benchmarks.manager.model import SMALL, make
from benchmarks.manager.plain import Plain
from benchmarks.manager.scenes import QUICK

TINY = replace(QUICK, pairs=1, prompt=60, out=6, crowd=2, steps=6, rollout=4, beside=4, written=2)


async def test_figures_come_of_scenes() -> None:
    asked = Options(seed=7, count=1, verbose=False, only=("cold", "loop", "beside"))
    report = await measured(SMALL, TINY, asked)
    names = [figure.name for figure in report.figures]
    expected = [name for scene in asked.only for _, name, _, _ in sorted(GOALS[scene])]
    assert {f"manager.{name}" for name in expected} < set(names)
    assert all(math.isfinite(figure.value) and figure.value > 0 for figure in report.figures)
    assert set(asked.only) < set(report.details)


def test_the_other_side_has_the_same_weights() -> None:
    model, processor = make(SMALL)
    plain = Plain(model, time.perf_counter)
    ids = torch.tensor([processor.tokenizer.encode("the quick brown fox")])
    with torch.inference_mode():
        ours = model(inputs_embeds=model.model.embed_tokens(ids)).logits
        theirs = plain.model(inputs_embeds=plain.model.model.embed_tokens(ids)).logits
    torch.testing.assert_close(ours, theirs)
    mine, its = (dict(one.named_parameters()) for one in (model, plain.model))
    assert all(its[name].data_ptr() == weight.data_ptr() for name, weight in mine.items())
