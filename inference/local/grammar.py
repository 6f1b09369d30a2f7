"""Holding an answer to its form: which tokens may come next, by llguidance."""

import json
import logging
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer
from llguidance.hf import from_tokenizer
from transformers import PreTrainedTokenizerBase

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

logger = logging.getLogger(__name__)

_AS_MODELS_WRITE: "JsonCompileOptions" = {"item_separator": ", ", "key_separator": ": ", "whitespace_flexible": False}
"""Space where it is of use, and nowhere to be lost in."""


class Hold:
    """One answer's way through its form."""

    def __init__(self, matcher: LLMatcher) -> None:
        self._matcher = matcher

    def allowed(self) -> torch.Tensor | None:
        """[tokens that there are], true for those that may come next; ends of answers among them once it is whole. None
        if it cannot be told any more."""
        mask = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        if self._matcher.is_error():
            # Why in one word: what the library says at length has the whole answer in it.
            logger.warning("an answer is not held to its form any more: %s", self._matcher.stop_reason())
            return None
        return torch.from_numpy(np.unpackbits(mask, bitorder="little").astype(bool))

    def take(self, token: int) -> None:
        """Go on with a token of the answer, apart from its end."""
        self._matcher.consume_token(token)


class Grammars:
    """Forms in the tokens of one model. ``eos`` are the ends of answers."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, eos: frozenset[int]) -> None:
        self._tokenizer = tokenizer
        self._eos = eos

    def hold(self, schema: str) -> Hold | None:
        """For one answer. Slow, the first time above all: not for an event loop. None for a schema that asks for what
        cannot be held to."""
        grammar = LLMatcher.grammar_from_json_schema(json.loads(schema), defaults=_AS_MODELS_WRITE)
        if fault := LLMatcher.validate_grammar(grammar, self._tokens):
            logger.warning("answers are not held to a form: %s", fault)
            return None
        return Hold(LLMatcher(self._tokens, grammar, log_level=0))

    @cached_property
    def _tokens(self) -> LLTokenizer:
        return from_tokenizer(self._tokenizer, eos_token=sorted(self._eos))
