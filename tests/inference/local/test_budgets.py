"""Every answer ends, in time and within its tokens, and says something."""

import random
from dataclasses import dataclass

import pytest

from inference.local.options import Options
from inference.local.thinking import NO_ROOM, NO_TIME
from inference.types import Finish, Request, Sampling
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import Heard, Studio, picture, said

CONTEXT = 300
RESERVE = 16
PICTURES = [picture(number) for number in range(2)]


@dataclass(frozen=True)
class Trial:
    request: Request
    heard: Heard
    joined: float
    ended: float


def request(rng: random.Random, now: float) -> Request:
    deadline = None if rng.random() < 0.3 else now + rng.randint(0, 60)
    pictures = rng.choices(PICTURES, k=rng.choice([0, 0, 0, 0, 1]))
    return Request(
        id="",
        turns=(said("x" * rng.randint(1, 70), *pictures),),
        mode=rng.choice(["quick", "think", "think"]),
        sampling=Sampling(
            temperature=rng.choice([0.0, 1.0, 3.0]),
            seed=rng.randint(0, 9),
            max_reasoning_tokens=rng.choice([0, 1, 7, 30, 500]),
            max_answer_tokens=rng.choice([1, 5, 20, 500]),
        ),
        deadline=deadline,
    )


def trials(golden: Golden, rng: random.Random, count: int) -> list[Trial]:
    """Up to ten at a time; the next begins when one has ended. A step takes a second."""
    options = Options(context=CONTEXT, step_tokens=64, reserve_tokens=RESERVE)
    studio = Studio(golden, options, step_s=1.0)
    running: dict[int, tuple[Request, float]] = {}
    found: list[Trial] = []
    while len(found) < count:
        while len(running) < 10:
            asked = request(rng, studio.clock())
            running[studio.join(asked)] = asked, studio.clock()
        studio.step()
        for number in [number for number in running if studio.heard[number].ended]:
            asked, joined = running.pop(number)
            found.append(Trial(asked, studio.heard[number], joined, studio.clock()))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_answers_end_as_promised(golden: Golden, seed: int) -> None:
    found = trials(golden, random.Random(seed), 100)
    for trial in found:
        check(trial)
    assert {trial.heard.finish for trial in found} >= {Finish.LENGTH, Finish.DEADLINE}


def check(trial: Trial) -> None:
    heard, sampling, usage = trial.heard, trial.request.sampling, trial.heard.done.usage
    assert heard.text.strip()
    assert usage.reasoning_tokens <= (sampling.max_reasoning_tokens if trial.request.mode == "think" else 0)
    assert usage.answer_tokens <= sampling.max_answer_tokens
    assert usage.prompt_tokens + usage.reasoning_tokens + usage.answer_tokens <= CONTEXT
    if trial.request.mode == "quick":
        assert not heard.thought
    if trial.request.deadline is None:
        assert heard.finish in (Finish.COMPLETE, Finish.LENGTH)
    else:
        in_time(trial, trial.request.deadline)
    if heard.finish is Finish.LENGTH and sampling.max_answer_tokens >= RESERVE:
        assert NO_ROOM not in heard.text


def in_time(trial: Trial, deadline: float) -> None:
    """At most one step late, and with an answer if a fifth of the time is enough for one and the prompt was read."""
    first, budget = trial.heard.done.timings.first_token_s, deadline - trial.joined
    assert trial.ended <= deadline + 1
    if first is not None and 0.2 * budget >= 6 and first < 0.8 * budget:
        assert NO_TIME not in trial.heard.text
    if trial.heard.finish is Finish.DEADLINE:
        assert trial.ended >= deadline


def test_thinking_ends_when_its_share_of_the_time_is_over(golden: Golden) -> None:
    studio = Studio(golden, step_s=1.0)
    sampling = Sampling(max_reasoning_tokens=10_000, max_answer_tokens=10_000, seed=4)
    heard = studio.ask(Request(id="", turns=(said("why"),), sampling=sampling, deadline=100.0))
    assert heard.finish is Finish.DEADLINE
    assert 70 <= heard.done.usage.reasoning_tokens <= 80
    assert 15 <= heard.done.usage.answer_tokens <= 20
    assert studio.clock() == pytest.approx(100.0, abs=1.0)


def test_a_prompt_that_is_read_too_late(golden: Golden) -> None:
    studio = Studio(golden, Options(step_tokens=8), step_s=1.0)
    heard = studio.ask(Request(id="", turns=(said("x" * 200),), deadline=20.0))
    assert (heard.finish, heard.text) == (Finish.DEADLINE, NO_TIME)
    again = studio.ask(Request(id="", turns=(said("x" * 200),), deadline=studio.clock() + 200.0))
    assert again.done.usage.cached_tokens > 140
    assert NO_TIME not in again.text


def test_room_is_kept_for_the_answer(golden: Golden) -> None:
    studio = Studio(golden, Options(context=120, reserve_tokens=40))
    sampling = Sampling(max_reasoning_tokens=10_000, max_answer_tokens=10_000, seed=2)
    done = studio.ask(Request(id="", turns=(said("why"),), sampling=sampling)).done
    assert done.finish is Finish.LENGTH
    assert done.usage.answer_tokens >= 39
    assert done.usage.reasoning_tokens > 30
