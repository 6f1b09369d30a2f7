"""What a model is asked, and what is made of its answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import prompt
from inference.types import Lane
from tests.bot.checks.samples import PAID, extraction, said


def test_the_request_is_for_the_batch_lane_and_names_the_form() -> None:
    request = prompt.request(PAID, (), mode="think", owner="check", seconds=5)
    assert (request.lane, request.owner) == (Lane.BATCH, "check")
    assert request.form is not None
    assert request.form.question == PAID
    assert set(json.loads(request.form.schema)["properties"]) == set(extraction().model_dump())
    assert PAID in request.turns[0].text


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Here {{it}} is: {} Anything else?", "{{}} {}"])
def test_the_object_is_found_whatever_stands_around_it(around: str) -> None:
    assert (
        prompt.read(around.replace("{{", "\0").replace("{}", said()).replace("\0", "{").replace("}}", "}"))
        == extraction()
    )


def test_numbers_may_be_numbers() -> None:
    found = prompt.read(json.dumps({**extraction().model_dump(), "amount": 12.5, "number": 7, "more": None}))
    assert found is not None
    assert (found.amount, found.number) == ("12.5", "7")


@pytest.mark.parametrize("answer", ["", "Paid.", "{", '{"document": "invoice"}', "[" * 5000, '{"a":' * 3000])
def test_what_is_not_the_form_is_nothing(answer: str) -> None:
    assert prompt.read(answer) is None


@given(st.text(alphabet='{}[]":,\\ \nabc1nul', max_size=200) | st.text(max_size=100))
def test_strangers_answers_are_read_or_not(answer: str) -> None:
    prompt.read(answer)


def test_another_question_mode_or_limit_is_another_key() -> None:
    keys = {prompt.key(PAID, "think", 50), prompt.key(PAID, "quick", 50), prompt.key("?", "think", 50)}
    assert len(keys | {prompt.key(PAID, "think", 10)}) == 4
