"""Rows of a lane that rests take no part in a step, and go on exactly where they were."""

from dataclasses import replace

import pytest

from inference.local.options import Options
from inference.types import Finish, Lane, Request, Sampling
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import Studio, picture, said
from tests.inference.local.test_schedules import Counts, same

GREEDY = Sampling(temperature=0.0, max_reasoning_tokens=12, max_answer_tokens=9)
DOCUMENT = Request(id="document", turns=(said("who sent this " * 6, picture(1)),), lane=Lane.BATCH, sampling=GREEDY)
PERSON = Request(id="person", turns=(said("who sent this " * 6 + "please"),), mode="quick", sampling=GREEDY)
BATCH = frozenset({Lane.BATCH})


@pytest.mark.parametrize("steps", range(1, 18, 2))
def test_a_pause_at_any_step_changes_nothing(golden: Golden, steps: int) -> None:
    """While it reads its picture, while it thinks, while it answers."""
    options = Options(step_tokens=64)
    expected = Studio(golden, options).ask(DOCUMENT)
    studio = Studio(golden, options)
    number = studio.join(DOCUMENT)
    for _ in range(steps):
        studio.step()
    before = len(studio.heard[number].events)
    studio.runner.pause(BATCH)
    person = studio.join(PERSON)
    while not studio.heard[person].ended:
        studio.step()
    assert len(studio.heard[number].events) == before
    studio.runner.pause(frozenset())
    studio.finish()
    assert same(studio.heard[number], expected)
    assert same(studio.heard[person], Studio(golden, options).ask(PERSON))


def test_what_rests_computes_nothing(golden: Golden) -> None:
    studio = Studio(golden)
    studio.join(DOCUMENT)
    for _ in range(4):
        studio.step()
    studio.runner.pause(BATCH)
    with Counts(golden) as counts:
        for _ in range(3):
            studio.step()
        assert counts.tokens == []
        assert not studio.runner.busy, "the thread may sleep"
        person = studio.join(PERSON)
        while not studio.heard[person].ended:
            studio.step()
    assert sum(counts.tokens) == len(studio.question(PERSON).prompt.ids) + 8
    assert studio.heard[person].done.usage.answer_tokens == 9


def test_nobody_waits_for_the_prefill_of_one_that_rests(golden: Golden) -> None:
    """A long common prompt, half read by a document that rests: the person reads the other half alone."""
    studio = Studio(golden, Options(step_tokens=200))
    common = replace(DOCUMENT, turns=(said("the same long page " * 20),))
    studio.join(common)
    studio.step()
    studio.runner.pause(BATCH)
    person = studio.join(replace(common, lane=Lane.INTERACTIVE))
    while not studio.heard[person].ended:
        studio.step()
    assert studio.heard[person].done.usage.cached_tokens == 200
    assert same(studio.heard[person], Studio(golden).ask(replace(common, lane=Lane.INTERACTIVE)))


def test_a_deadline_comes_while_it_rests(golden: Golden) -> None:
    studio = Studio(golden, step_s=1.0)
    number = studio.join(replace(DOCUMENT, deadline=5.0))
    studio.step()
    studio.runner.pause(BATCH)
    studio.finish()
    assert studio.heard[number].finish is Finish.DEADLINE
    assert studio.clock.now == 5.0
