"""Plays the scenes in pairs and makes figures of them."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import torch

from benchmarks.cpu import Others
from benchmarks.figures import Figure, Options, Report
from benchmarks.manager import served
from benchmarks.manager.eta import eta_error
from benchmarks.manager.model import SMALL, USUAL, Shape
from benchmarks.manager.scenes import QUICK, Ratios, Scenes, Sizes
from benchmarks.manager.stage import BUDGET, Stage, stage
from inference.local.options import Options as EngineOptions

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}

GOALS: dict[str, tuple[tuple[str, str, str, float], ...]] = {
    "follow_up": (
        ("speedup", "follow_up_speedup", ">=", 20.0),
        ("over_bare", "follow_up_over_bare", "<=", 1.3),
    ),
    "follow_ups": (("ratio", "follow_ups_8", "<=", 0.35),),
    "cold": (("ratio", "cold_8", "<=", 0.5), ("decode", "decode_8", "<=", 0.3)),
    "loop": (("ratio", "loop_over_bare", "<=", 1.1),),
    "ragged": (("ratio", "ragged_16", "<=", 1.5),),
    "beside": (("ratio", "question_beside_reasoning", "<=", 2.0),),
    "deep": (("ratio", "deep_16", "<=", 4.0),),
    "documents": (("ratio", "documents", "<=", 0.6), ("question", "question_beside_documents", "<=", 2.0)),
}
"""For each scene what of it becomes a figure: its key, the figure's name, and the goal."""


def run(options: Options) -> Report:
    torch.set_num_threads(options.threads)
    shape, sizes = (SMALL, QUICK) if options.quick else (USUAL, Sizes())
    sizes = replace(sizes, pairs=options.pairs or sizes.pairs)
    return asyncio.run(measured(replace(shape, weights_first=options.weights_first), sizes, options))


async def measured(shape: Shape, sizes: Sizes, options: Options) -> Report:
    figures: list[Figure] = []
    details: dict[str, object] = {
        "shape": str(shape),
        "sizes": str(sizes),
        "clock": options.clock,
        "threads": options.threads,
    }
    clock, only = CLOCKS[options.clock], options.only
    async with stage(shape, EngineOptions(cache_bytes=BUDGET), clock) as on:
        scenes = Scenes(on, sizes)
        await on.ask(on.request("warm up", tokens=4))
        for name, goals in GOALS.items():
            if only and name not in only:
                continue
            others = Others()
            pairs = await _pairs(getattr(scenes, name), sizes.pairs)
            details[name] = pairs
            figures += [_figure(pairs, *goal) for goal in goals]
            _show(name, pairs, others.share)
        figures += _books(on)
    if not only or "eta" in only:
        error, told = await eta_error(shape, clock, quick=options.quick)
        details["eta"] = told
        figures.append(Figure(name="manager.eta_median_error", value=error, sense="<=", goal=0.3))
    if not only or "served" in only:
        details["served"] = await _served(shape, sizes, options.threads)
    return Report(figures=tuple(figures), details=details)


async def _pairs(scene: Callable[[int], Awaitable[Ratios]], pairs: int) -> list[Ratios]:
    return [await scene(number) for number in range(pairs)]


def _figure(pairs: list[Ratios], key: str, name: str, sense: str, goal: float) -> Figure:
    value = statistics.median(pair[key] for pair in pairs)
    return Figure(name=f"manager.{name}", value=value, sense=sense, goal=goal)  # type: ignore[arg-type]


def _show(name: str, pairs: list[Ratios], others: float) -> None:
    medians = {key: statistics.median(pair[key] for pair in pairs) for key in pairs[0]} | {"others": others}
    print(f"manager {name}: " + ", ".join(f"{key} {value:.4g}" for key, value in medians.items()), flush=True)


async def _served(shape: Shape, sizes: Sizes, threads: int) -> Ratios | str:
    """What stands beside the figures of the same names."""
    if not served.available():
        print(f"manager served: {served.MISSING}", flush=True)
        return served.MISSING
    ratios = await served.measured(shape, sizes, threads)
    for name, value in ratios.items():
        print(f"beside manager.{name}: {value:.4g} by {served.NAME}", flush=True)
    return ratios


def _books(on: Stage) -> list[Figure]:
    """Of everything that was played."""
    late = sorted(on.delays) or [0.0]
    peak = on.model.built.runner.holdings.peak_bytes
    return [
        Figure(name="manager.peak_bytes_of_budget", value=peak / BUDGET, sense="<=", goal=1.0),
        Figure(name="manager.loop_lag_p99_ms", value=late[int(len(late) * 0.99)] * 1000, sense="<=", goal=20.0),
    ]
