"""The local model's speed and memory, with random weights: at its real size on a GPU, else at a tiny one, which shows
that the measuring works and nothing more. ``python -m benchmarks local_model`` prints the table of docs/performance.md.
"""

import asyncio
from dataclasses import asdict, dataclass

import torch

from benchmarks.figures import Figure, Options, Report
from benchmarks.local_model import measures
from benchmarks.local_model.measures import REAL, ROWS, SMALL, Scale
from benchmarks.local_model.model import RandomEngine, Size
from inference.local import options as local
from inference.local.memory import GIB, plan

NOT_MEASURED = "not measured"
DEVIATION = 0.05
"""By so much at most may the planner be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table."""

    name: str
    value: float | None
    """None was not measured."""
    unit: str
    bound: float | None = None
    """What it is held against, in the same unit."""

    def __str__(self) -> str:
        value = NOT_MEASURED if self.value is None else f"{self.value:,.4g} {self.unit}"
        bound = "" if self.bound is None or self.value is None else f"{self.bound:,.4g} {self.unit}"
        return f"| {self.name} | {value} | {bound} |"


def run(options: Options) -> Report:
    """On the first GPU if it has room for the model, else tiny on the CPU."""
    size, device = chosen()
    rows = asyncio.run(measure(size, device, REAL if size == "10b" else SMALL))
    print(f"random weights, size {size}, {_named(device)}\n\n| figure | measured | bound or plan |\n|---|---|---|")
    print(*rows, sep="\n", flush=True)
    return Report(
        figures=_figures(rows), details={"size": size, "device": _named(device), "rows": [*map(asdict, rows)]}
    )


def chosen() -> tuple[Size, str]:
    if torch.cuda.is_available() and plan(torch.cuda.get_device_properties(0).total_memory).fits:
        return "10b", "cuda:0"
    return "tiny", "cpu"


async def measure(size: Size, device: str, scale: Scale) -> tuple[Row, ...]:
    """What a CPU tells of a tiny model is not what these rows are about, so there they stay empty."""
    real = size == "10b"
    engine = RandomEngine(size, device, local.Options(rows=ROWS))
    await engine.start()
    try:
        await measures.warm(engine)
        memory = await measures.peak_memory(engine, scale) if device != "cpu" else None
        found = [
            Row(
                name="peak memory",
                value=memory[0] / GIB if memory else None,
                unit="GiB",
                bound=memory[1] / GIB if memory else None,
            ),
            Row(name="prompt read", value=await measures.prefill_rate(engine, scale), unit="tokens/s"),
            *await _decoding(engine, device, scale),
            Row(name="deep, 16 rollouts and the answer", value=await measures.deep_ratio(engine, scale), unit="× one"),
        ]
    finally:
        await engine.close()
    return tuple(found) if real else tuple(Row(name=row.name, value=None, unit=row.unit) for row in found)


async def _decoding(engine: RandomEngine, device: str, scale: Scale) -> list[Row]:
    bandwidth = measures.bandwidth(device, scale)
    return [
        Row(
            name=f"written, {rows} at a time",
            value=await measures.decode_rate(engine, rows, scale),
            unit="tokens/s",
            bound=measures.decode_bound(engine.sizes, engine.model.dtype.itemsize, rows, scale.written // 2, bandwidth),
        )
        for rows in (1, ROWS)
    ]


def _figures(rows: tuple[Row, ...]) -> tuple[Figure, ...]:
    memory = rows[0]
    if memory.value is None or memory.bound is None:
        return ()
    deviation = abs(memory.value / memory.bound - 1)
    return (Figure(name="local_model.peak_memory_deviation", value=deviation, sense="<=", goal=DEVIATION),)


def _named(device: str) -> str:
    return torch.cuda.get_device_name(device) if device != "cpu" else "CPU"
