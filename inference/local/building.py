"""The model with all that answers need, from what was configured."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import torch
from transformers import PreTrainedTokenizerBase

from inference.errors import Dead
from inference.loading import Tell
from inference.local.costs import Costs
from inference.local.forward import geometry
from inference.local.grammar import Grammars
from inference.local.ledger import Ledger
from inference.local.memory import GIB, Sizes, cache_room, plan
from inference.local.options import Options, Source
from inference.local.prompt import THINK, UNTHINK, Prompts
from inference.local.questions import Questions, make_pixels
from inference.local.runner import Runner, Terms
from inference.local.step_vl import StepVLForConditionalGeneration, StepVLProcessor, load
from inference.local.step_vl.loading import Quantization
from inference.local.thinking import Tags
from inference.local.vocabulary import Vocabulary

SHARE = 0.9
"""Of the memory that is free once the model is there; the rest is the allocator's waste and other programs' needs."""

ALONE = 0.8
"""Of the memory for caches this is for the keys and values of a row that is alone; the rest is what steps need."""

CPU_CACHE = 4 * 2**30

CPU_TIER = 16 * 2**30
"""At most so much memory of the machine takes up what has to make room on the GPU."""

DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}

Submit = Callable[..., Future[Any]]
"""Has a function called elsewhere."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    questions: Questions
    runner: Runner
    costs: Costs
    cache_bytes: int
    token_bytes: int
    """Of keys and values for each token."""


def build(source: Source, options: Options, submit: Submit, tell: Tell) -> Built:
    """Dead if it cannot be had."""
    dtype = DTYPES.get(source.dtype, torch.bfloat16 if torch.cuda.is_available() else torch.float32)
    model, processor = load(
        source.model,
        device=_device(source.device),
        dtype=dtype,
        quantization=cast(Quantization | None, source.quantization),
        revision=source.revision,
        yarn=options.yarn,
        tell=tell,
    )
    return assemble(model.eval(), processor, options, submit)


def assemble(
    model: StepVLForConditionalGeneration, processor: StepVLProcessor, options: Options, submit: Submit
) -> Built:
    """From a model that is loaded."""
    size = geometry(model).bytes
    model.crops_per_chunk = _crops_per_chunk(model, options)
    ledger = Ledger(_free(model) if options.cache_bytes is None else options.cache_bytes)
    terms = terms_of(model, processor.tokenizer, options, longest=int(ALONE * ledger.budget) // size)
    logger.info(
        "room for %.1f GiB of caches, and for %d tokens in one conversation", ledger.budget / GIB, terms.context
    )
    room = terms.context - len(terms.tags.closing) - terms.reserve_tokens
    if room < 1:
        raise Dead(f"A context of {terms.context} tokens leaves no room for a question: it needs more memory.")
    return Built(
        questions=Questions(Prompts(processor), room, Grammars(processor.tokenizer, terms.vocabulary.eos)),
        runner=Runner(model, terms, ledger, partial(submit, make_pixels)),
        costs=Costs(context=terms.context, token_bytes=size),
        cache_bytes=ledger.budget,
        token_bytes=size,
    )


def terms_of(
    model: StepVLForConditionalGeneration, tokenizer: PreTrainedTokenizerBase, options: Options, *, longest: int
) -> Terms:
    """``longest`` is the context for which there is memory."""
    known = model.config.text_config.max_position_embeddings
    on_gpu = model.device.type == "cuda"
    return Terms(
        vocabulary=Vocabulary.of(tokenizer, model.generation_config.eos_token_id),
        tags=Tags(
            open=_encoded(tokenizer, THINK),
            close=_encoded(tokenizer, UNTHINK),
            closing=_encoded(tokenizer, f"\n{UNTHINK}\n\n"),
        ),
        context=min(known, longest, options.context or known),
        step_tokens=options.step_tokens or (1024 if on_gpu else 256),
        picture_bytes=options.picture_bytes,
        spill_bytes=_spare_memory() if on_gpu and options.spill_bytes is None else options.spill_bytes or 0,
        reserve_tokens=options.reserve_tokens,
        reserve_time=options.reserve_time,
    )


def _encoded(tokenizer: PreTrainedTokenizerBase, text: str) -> tuple[int, ...]:
    return tuple(tokenizer.encode(text, add_special_tokens=False))


def _device(name: str) -> str:
    return name if name != "auto" or torch.cuda.is_available() else "cpu"


def _free(model: StepVLForConditionalGeneration) -> int:
    if model.device.type != "cuda":
        return CPU_CACHE
    places = geometry(model).devices
    free = {place: int(SHARE * torch.cuda.mem_get_info(place)[0]) for place in set(places)}
    return cache_room(free, places)


def _spare_memory() -> int:
    """Of the machine, for caches that make room on the GPU."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(CPU_TIER, free // 2)


def _crops_per_chunk(model: StepVLForConditionalGeneration, options: Options) -> int:
    """As many as are planned for the device that the vision tower is on."""
    if model.vision_model.device.type != "cuda":
        return model.crops_per_chunk
    total = torch.cuda.get_device_properties(model.vision_model.device).total_memory
    return plan(total, Sizes.of(model.config), rows=options.rows, itemsize=model.dtype.itemsize).crops_per_chunk
