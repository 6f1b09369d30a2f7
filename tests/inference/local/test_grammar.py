"""Answers that are held to a form: whatever the model would rather say, what it says is of that form."""

import json
from dataclasses import replace

import pytest

from inference.extraction import form
from inference.local.grammar import Grammars
from inference.types import Finish, Form, Mode, Request, Sampling
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import GREEDY, Studio, picture, said

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "answer": {"enum": ["yes", "no", "unclear"]},
            "evidence": {"type": "string", "maxLength": 8},
            "page": {"type": ["integer", "null"], "minimum": 1, "maximum": 99},
        },
        "required": ["answer", "evidence", "page"],
        "additionalProperties": False,
    }
)


def wanted(mode: Mode, seed: int, schema: str | None = SCHEMA) -> Request:
    return Request(
        id=f"{mode}-{seed}",
        turns=(said("Has it been paid?", picture(seed % 3)),),
        mode=mode,
        sampling=Sampling(temperature=2.0, seed=seed, max_reasoning_tokens=12, max_answer_tokens=200),
        form=Form(question="Has it been paid?", schema=schema) if schema else None,
    )


@pytest.mark.parametrize("mode", ["quick", "think"])
def test_an_answer_is_of_its_form_and_its_thinking_is_free(golden: Golden, mode: Mode) -> None:
    studio = Studio(golden)
    numbers = [studio.join(wanted(mode, seed)) for seed in range(6)]
    studio.finish()
    for number in numbers:
        heard = studio.heard[number]
        found = json.loads(heard.text)
        assert heard.finish is Finish.COMPLETE
        assert list(found) == ["answer", "evidence", "page"]
        assert found["answer"] in ("yes", "no", "unclear")
        assert len(found["evidence"]) <= 8
        assert found["page"] is None or 1 <= found["page"] <= 99
        assert bool(heard.done.usage.reasoning_tokens) is (mode == "think")


def test_answers_beside_it_are_what_they_would_be_alone(golden: Golden) -> None:
    free = replace(wanted("quick", 1, None), sampling=Sampling(temperature=GREEDY, max_answer_tokens=30))
    alone = Studio(golden).ask(free).text
    studio = Studio(golden)
    number = studio.join(free)
    studio.join(wanted("quick", 2))
    studio.finish()
    assert studio.heard[number].text == alone


def test_a_form_that_cannot_be_held_to_is_left_to_the_model(golden: Golden) -> None:
    heard = Studio(golden).ask(wanted("quick", 1, json.dumps({"type": "string", "pattern": "(?=a)b"})))
    assert heard.done.usage.answer_tokens > 0


def test_the_form_of_checks_can_be_held_to(golden: Golden) -> None:
    tokenizer = golden.processor.tokenizer
    hold = Grammars(tokenizer, frozenset({tokenizer.eos_token_id})).hold(form("Has it been paid?").schema)
    assert hold is not None
    for token in tokenizer.encode('{"document": "', add_special_tokens=False):
        hold.take(token)
    allowed = hold.allowed()
    assert allowed is not None
    letters = {tokenizer.decode([at]) for at in allowed.nonzero().flatten().tolist()}
    assert letters == set("irqodcsl")


def test_what_was_answered_is_not_in_the_log_when_it_cannot_be_held_any_more(
    golden: Golden, caplog: pytest.LogCaptureFixture
) -> None:
    tokenizer = golden.processor.tokenizer
    hold = Grammars(tokenizer, frozenset({tokenizer.eos_token_id})).hold(SCHEMA)
    assert hold is not None
    for token in tokenizer.encode('{"answer": "yes", "evidence": "heron"} plover', add_special_tokens=False):
        hold.take(token)
    assert hold.allowed() is None
    assert "not held to its form" in caplog.text
    assert "heron" not in caplog.text
