"""A follow-up computes only what is new, and exactly what a pass over everything would."""

import random
from dataclasses import replace

import pytest
import torch

from inference.local.questions import make_pixels
from inference.types import Image, Request, Sampling, Turn
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import Logits, Studio, answered, picture, said

PICTURES = [picture(number) for number in range(4)]
WORDS = ["what", "is", "this", "page", "about", "größe", "的", "total", "and", "why", "</think>", "42"]


class Reference:
    """One pass over all tokens at once, by the model as it is without us. Pictures are encoded by itself, once each."""

    def __init__(self, golden: Golden, studio: Studio) -> None:
        self._model = golden.model
        self._studio = studio
        self._features: dict[str, torch.Tensor] = {}

    @torch.inference_mode()
    def logits(self, request: Request, tokens: list[int]) -> torch.Tensor:
        """[tokens, vocabulary]."""
        embeds = self._model.model.embed_tokens(torch.tensor([tokens]))
        features = [self._encoded(image) for image in request.images]
        if features:
            places = torch.tensor(tokens) == self._model.config.image_token_id
            places[len(self._studio.question(request).prompt.ids) :] = False
            embeds[0, places] = torch.cat(features)
        return self._model(inputs_embeds=embeds, use_cache=False).logits[0]

    def _encoded(self, image: Image) -> torch.Tensor:
        if image.sha256 not in self._features:
            question = self._studio.question(Request(id="", turns=(said("", image),)))
            pixels = make_pixels(question.prompt.pictures[0])
            self._features[image.sha256] = self._model.get_image_features(**pixels).pooler_output[0]
        return self._features[image.sha256]


def words(rng: random.Random, most: int) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(1, most)))


def question(rng: random.Random) -> Turn:
    return said(words(rng, 12), *rng.choices(PICTURES, k=rng.choice([0, 0, 0, 1, 1, 2])))


@pytest.mark.parametrize("seed", range(4))
def test_random_conversations_are_exact(golden: Golden, seed: int) -> None:
    """50 conversations each, with threads known or not."""
    rng = random.Random(seed)
    studio = Studio(golden)
    reference = Reference(golden, studio)
    for number in range(50):
        turns: tuple[Turn, ...] = ()
        thread = rng.choice(["", f"thread {number}"])
        for _ in range(rng.choice([1, 1, 2, 3, 4, 5, 6])):
            turns = (*turns, question(rng))
            request = Request(
                id="",
                turns=turns,
                thread=thread,
                mode=rng.choice(["quick", "think"]),
                sampling=Sampling(temperature=rng.choice([0.0, 1.0]), max_reasoning_tokens=3, max_answer_tokens=3),
            )
            text = compare(golden, studio, reference, request)
            turns = (*turns, answered(rng.choice([text, words(rng, 8)])))


def test_after_a_restart_all_is_encoded_anew_and_only_what_is_equal_reused(golden: Golden) -> None:
    """The answer comes back as text: its tokens may be others than those that the model once wrote."""
    first = Request(
        id="",
        turns=(said("what is this", PICTURES[0]),),
        thread="t",
        sampling=Sampling(seed=3, max_reasoning_tokens=5, max_answer_tokens=9),
    )
    before = Studio(golden)
    text = before.ask(first).text
    second = replace(first, turns=(*first.turns, answered(text), said("and why")))
    restarted = Studio(golden)
    reference = Reference(golden, restarted)
    answer = compare(golden, restarted, reference, second)
    assert restarted.heard[0].done.usage.cached_tokens == 0
    third = replace(second, turns=(*second.turns, answered(answer), said("and then")))
    compare(golden, restarted, reference, third)
    known, asked = (restarted.question(one).prompt.ids for one in (second, third))
    equal = next(place for place, (one, other) in enumerate(zip(known, asked, strict=False)) if one != other)
    assert equal <= restarted.heard[1].done.usage.cached_tokens < len(asked)


def compare(golden: Golden, studio: Studio, reference: Reference, request: Request) -> str:
    """The answer; each of its tokens was drawn from the logits that the reference has there."""
    with Logits(golden) as logits:
        number = studio.join(request)
        (row,) = studio.runner.rows
        studio.finish()
    expected = reference.logits(request, row.tokens)
    torch.testing.assert_close(torch.cat(logits.seen), expected[logits.places], atol=1e-4, rtol=0)
    assert row.cached < len(row.keys)
    return studio.heard[number].text
