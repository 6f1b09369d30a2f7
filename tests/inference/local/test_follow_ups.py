"""A follow-up computes only what is new, and exactly what a pass over everything would."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

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


QUESTIONS = st.builds(
    lambda words, images: said(" ".join(words), *images),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12),
    st.lists(st.sampled_from(PICTURES), max_size=2),
)
SETTINGS = st.builds(
    Request,
    id=st.just(""),
    turns=st.just(()),
    thread=st.sampled_from(["", "a thread"]),
    mode=st.sampled_from(["quick", "think"]),
    sampling=st.builds(
        Sampling,
        temperature=st.sampled_from([0.0, 1.0]),
        seed=st.integers(0, 1_000),
        max_reasoning_tokens=st.integers(1, 3),
        max_answer_tokens=st.integers(1, 3),
    ),
)
TURNS = st.lists(st.tuples(QUESTIONS, SETTINGS, st.booleans()), min_size=1, max_size=6)
"""A question, how it is asked, and whether the thread goes on with another text than what was answered."""


@pytest.fixture(scope="module")
def studio(golden: Golden) -> Studio:
    return Studio(golden)


@pytest.fixture(scope="module")
def reference(golden: Golden, studio: Studio) -> Reference:
    return Reference(golden, studio)


@pytest.mark.timeout(900)
@given(TURNS)
@settings(max_examples=200, deadline=None)
def test_random_conversations_are_exact(
    golden: Golden, studio: Studio, reference: Reference, conversation: list[tuple[Turn, Request, bool]]
) -> None:
    """Pictures may come with any turn; threads are known or not."""
    studio.empty()
    turns: tuple[Turn, ...] = ()
    for question, request, retold in conversation:
        turns = (*turns, question)
        text = compare(golden, studio, reference, replace(request, turns=turns))
        turns = (*turns, answered("not what was said" if retold else text))


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
