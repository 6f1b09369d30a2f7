"""``threadsight doctor --try``: the configured engine answers questions whose answers are known."""

import resource
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot import app
from bot.ask import Asker, Question, Reply
from bot.examples import EXAMPLES, Example
from bot.settings import Settings
from inference.loading import Tell
from inference.local.machine import peak_gpu_memory

READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One example's answer. ``right`` is None where the engine cannot be expected to know."""

    title: str
    question: str
    answer: str
    right: bool | None
    seconds: float
    tokens_per_s: float | None
    """Of reasoning and answer together, after the first token; None where the engine counts no tokens."""
    peak_memory_mib: float
    """The most main memory that this process has held so far."""
    peak_gpu_mib: float | None
    """And of all its GPUs' memory; None without one."""


async def try_examples(settings: Settings, tell: Tell | None = None) -> AsyncIterator[Trial]:
    """Load the engine and ask about each document that ships. EngineError if it cannot start."""
    async with app.running_decoder(settings) as decoder, app.running_engine(settings, tell=tell) as engine:
        asker = Asker(engine, decoder, settings.engine)
        for example in EXAMPLES:
            started = time.perf_counter()
            reply = await asker.ask(Question(question=example.question, files=(example.path,)))
            yield _trial(example, reply, engine.name, time.perf_counter() - started)


def _peak_gpu_mib() -> float | None:
    peak = peak_gpu_memory()
    return None if peak is None else peak / 2**20


def _trial(example: Example, reply: Reply, engine: str, seconds: float) -> Trial:
    answer = reply.draft.text or reply.error
    return Trial(
        title=example.title,
        question=example.question,
        answer=answer,
        right=None if example.beyond_text and engine == READER else example.accepts(answer),
        seconds=seconds,
        tokens_per_s=_tokens_per_s(reply),
        peak_memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        peak_gpu_mib=_peak_gpu_mib(),
    )


def _tokens_per_s(reply: Reply) -> float | None:
    done = reply.draft.done
    if done is None or done.timings.first_token_s is None:
        return None
    tokens = done.usage.reasoning_tokens + done.usage.answer_tokens
    seconds = done.timings.total_s - done.timings.first_token_s
    return tokens / seconds if tokens and seconds > 0 else None
