"""Which engine answers, and why. Concrete engines are imported here alone, and late."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import structlog

from bot.settings import EngineSettings, SettingsError
from inference.deep import DeepEngine, DeepOptions
from inference.engine import Engine
from inference.loading import Tell
from inference.local.hub import weights_are_here
from inference.local.machine import gpu_memory
from inference.local.memory import Plan, plan, usable
from inference.summary import SummaryEngine, SummaryOptions

log = structlog.get_logger()

MADE_FOR = 65_536
"""Tokens of context that the model knows; for how many of them there is room, the local engine finds out."""

ROWS = 20
"""Answers that are written at the same time, unless deep mode is to think wider: a fifth is not for its rollouts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What will answer, and a sentence that says why."""

    kind: Literal["local", "remote", "reader"]
    reason: str


def choose(settings: EngineSettings) -> Choice:
    """``auto`` takes the local model where a GPU has room for it and its weights are there; it never downloads."""
    if settings.kind != "auto":
        return Choice(settings.kind, f"engine.kind is {settings.kind}.")
    memory = gpu_memory()
    if not memory:
        return Choice("reader", "No NVIDIA GPU is seen, so the embedded reader answers.")
    fits = planned(memory, settings)
    if not fits.fits:
        return Choice("reader", f"{_gpus(memory)} too little room, so the embedded reader answers. {fits}")
    if not weights_are_here(settings.model, settings.revision):
        return Choice(
            "reader",
            f"The weights of {settings.model} are not on this machine, so the embedded reader answers. "
            "Set engine.kind to local to have them downloaded.",
        )
    if settings.quantization and find_spec("bitsandbytes") is None:
        reason = f"engine.quantization is {settings.quantization}, which needs the extra quant"
        return Choice("reader", f"{reason}, so the embedded reader answers. To have it: pip install bitsandbytes.")
    return Choice("local", f"{_gpus(memory)} room for {settings.model} and its weights are there. {fits}")


def planned(memory: Sequence[int], settings: EngineSettings) -> Plan:
    """What fits on the GPUs that the settings name."""
    return plan(usable(memory, settings.device), quantization=settings.quantization)


def _gpus(memory: Sequence[int]) -> str:
    return "The GPU has" if len(memory) == 1 else f"The {len(memory)} GPUs have"


def make(settings: EngineSettings, tell: Tell = lambda loading: None) -> Engine:
    """The chosen engine with deep mode and summaries around it; ``tell`` hears how its start gets on. SettingsError if
    the settings do not allow it."""
    choice = choose(settings)
    log.info("engine_chosen", kind=choice.kind, reason=choice.reason)
    kind = choice.kind
    if kind == "reader":
        from inference.reader.engine import ReaderEngine

        return ReaderEngine()
    engine = _local(settings, tell) if kind == "local" else _remote(settings)
    context = settings.context or int(MADE_FOR * (settings.yarn or 1))
    deep = DeepEngine(engine, DeepOptions(levels=settings.deep_levels, context_tokens=context))
    return SummaryEngine(deep, SummaryOptions(policy=settings.summary))


def _local(settings: EngineSettings, tell: Tell) -> Engine:
    from inference.local.engine import LocalEngine
    from inference.local.options import Options

    rows = max([ROWS, *(level * 5 // 4 for level in settings.deep_levels)])
    return LocalEngine(
        settings.model,
        device=settings.device,
        dtype=settings.dtype,
        quantization=settings.quantization,
        revision=settings.revision,
        options=Options(context=settings.context, yarn=settings.yarn, rows=rows),
        tell=tell,
    )


def _remote(settings: EngineSettings) -> Engine:
    from inference.remote import RemoteEngine

    if not settings.url:
        raise SettingsError("engine.kind is remote, so engine.url must say where the model is served.")
    key = settings.api_key.get_secret_value() if settings.api_key else None
    return RemoteEngine(settings.url, settings.model, api_key=key)
