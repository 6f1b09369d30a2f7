"""Rows that come and go between steps, and what they compute: each answers as if it were alone."""

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import torch

from inference.local.options import Options
from inference.local.row import Row
from inference.types import Done, Image, Lane, Request, Sampling, Text, Thought, Turn
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import Heard, Studio, answered, picture, said

PICTURES = [picture(number) for number in range(3)]


@dataclass
class Counts:
    """What the model really does, by hooks: for each step its rows and the tokens through its first layer, and pictures
    encoded."""

    golden: Golden

    def __enter__(self) -> "Counts":
        model = self.golden.model
        self.rows: list[int] = []
        self.tokens: list[int] = []
        self.views = 0
        self._hooks = [
            model.model.register_forward_pre_hook(self._step, with_kwargs=True),
            model.model.layers[0].register_forward_pre_hook(self._layer),
            model.vision_model.register_forward_pre_hook(self._view),
        ]
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _step(self, module: object, inputs: object, settings: dict[str, Any]) -> None:
        self.rows.append(len(settings["packing"].parts))

    def _layer(self, module: object, inputs: tuple[torch.Tensor]) -> None:
        self.tokens.append(inputs[0].shape[1])

    def _view(self, module: object, inputs: tuple[torch.Tensor]) -> None:
        self.views += len(inputs[0])


def request(rng: random.Random, number: int) -> Request:
    """Threads open with one of three pictures or none, and go on for up to three turns."""
    turns: list[Turn] = []
    for _ in range(rng.randint(1, 3)):
        images: list[Image] = rng.choices(PICTURES, k=rng.choice([0, 0, 1]))
        turns += [said("please look at this " * rng.randint(1, 4) + str(number % 5), *images), answered("it is 42")]
    return Request(
        id=str(number),
        turns=tuple(turns[:-1]),
        mode=rng.choice(["quick", "think"]),
        thread=rng.choice(["", str(number % 7)]),
        lane=rng.choice(list(Lane)),
        sampling=Sampling(
            temperature=0.0, max_reasoning_tokens=rng.randint(0, 12), max_answer_tokens=rng.randint(1, 9)
        ),
    )


def same(one: Heard, other: Heard) -> bool:
    return (one.text, one.thought, one.finish) == (other.text, other.thought, other.finish)


@dataclass
class Log:
    """What a schedule came to. ``…_amid`` is how often it happened while another row had already said something."""

    asked: dict[int, Row] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    """Who was cancelled, and how many tokens of it the cache held then."""
    joined_amid: int = 0
    left_amid: int = 0
    ended_amid: int = 0
    evicted: int = 0
    pictured: int = 0
    """How often a picture was wanted whose features were not there: at first, or since they were evicted."""

    @property
    def read(self) -> int:
        """Tokens that the model must have computed: all but those that were in the cache, and each row's last."""
        ended = [row for number, row in self.asked.items() if number not in self.left]
        cut = sum(held - self.asked[number].cached for number, held in self.left.items())
        return cut + sum(len(row.tokens) - 1 - row.cached for row in ended)


@pytest.mark.parametrize("seed", range(2))
def test_fifty_requests_in_a_random_schedule(golden: Golden, seed: int) -> None:
    """Joins, leaves, cancels, shared prefixes, evictions, growth; several rows a step, all as if alone."""
    rng = random.Random(seed)
    options = Options(step_tokens=rng.choice([24, 64, 300]), spill_bytes=rng.choice([0, 2_000_000, 100_000_000]))
    alone, studio = Studio(golden), Studio(golden, options)
    studio.ledger.budget = 16_000_000
    requests = [request(rng, number) for number in range(50)]
    with Counts(golden) as counts:
        log = played(rng, studio, requests)
    for number, asked in enumerate(requests):
        if number not in log.left:
            alone.runner.shelf.clear()
            assert same(studio.heard[number], alone.ask(asked)), number
    assert sum(counts.tokens) == log.read
    assert counts.views == log.pictured >= len(PICTURES)
    assert sum(rows >= 2 for rows in counts.rows) > 100
    assert min(log.joined_amid, log.ended_amid) > 15
    assert min(log.left_amid, log.evicted) >= 2
    assert sum(row.cached for row in log.asked.values()) > 1_500
    studio.empty()
    assert studio.ledger.held == 0


def played(rng: random.Random, studio: Studio, requests: list[Request]) -> Log:
    log = Log()
    while len(studio.heard) < len(requests) or studio.runner.rows:
        act(rng, studio, requests, log)
        before, there = set(studio.runner.rows), set(studio.runner.gallery._features)
        studio.step()
        log.pictured += len(studio.runner.gallery._features.keys() - there)
        ended = before - set(studio.runner.rows)
        log.ended_amid += len(ended) * any(row.first_token is not None for row in studio.runner.rows)
        assert studio.ledger.held <= studio.ledger.peak <= studio.ledger.budget
    return log


def act(rng: random.Random, studio: Studio, requests: list[Request], log: Log) -> None:
    """Somebody comes, somebody goes, or memory is short."""
    if len(studio.heard) < len(requests) and len(studio.runner.rows) < 8 and rng.random() < 0.5:
        log.joined_amid += any(row.first_token is not None for row in studio.runner.rows)
        number = studio.join(requests[len(studio.heard)])
        log.asked[number] = studio.runner.rows[-1]
    if studio.runner.rows and rng.random() < 0.03:
        row = rng.choice(studio.runner.rows)
        log.left_amid += any(other.first_token is not None for other in studio.runner.rows if other is not row)
        log.left[row.number] = row.chain.length
        studio.runner.leave(row.number)
    if rng.random() < 0.1:
        log.evicted += studio.ledger.reclaim()


def test_rows_join_and_leave_while_others_write(golden: Golden) -> None:
    sampling = Sampling(temperature=1.0, seed=5, max_reasoning_tokens=200, max_answer_tokens=40)
    long = Request(id="long", turns=(said("think about it"),), sampling=sampling)
    short = replace(long, id="short", turns=(said("and now"),), mode="quick")
    expected = Studio(golden).ask(long)
    studio = Studio(golden)
    number = studio.join(long)
    with Counts(golden) as counts:
        for _ in range(4):
            for _ in range(10):
                studio.step()
            assert not studio.heard[number].ended
            assert studio.heard[number].thought
            studio.join(short)
            for _ in range(5):
                studio.step()
            studio.runner.leave(len(studio.heard) - 1)
        studio.finish()
    assert same(studio.heard[number], expected)
    assert sum(tokens >= 2 for tokens in counts.tokens) >= 16


def test_a_follow_up_reads_what_is_new_and_nothing_else(golden: Golden) -> None:
    studio = Studio(golden)
    sampling = Sampling(temperature=0.0, max_reasoning_tokens=0, max_answer_tokens=4)
    first = Request(id="", turns=(said("what is it", PICTURES[0]),), sampling=sampling, thread="one", mode="quick")
    answer = studio.ask(first)
    following = replace(first, turns=(*first.turns, answered("it is 42"), said("and that", PICTURES[1])))
    with Counts(golden) as counts:
        done = studio.ask(following).done
    prompt = studio.question(following).prompt
    assert answer.done.usage.cached_tokens == 0
    assert done.usage.cached_tokens > 171
    assert sum(counts.tokens) == len(prompt.ids) - done.usage.cached_tokens + 3
    assert counts.views == 1


def test_a_group_reads_its_prompt_once(golden: Golden) -> None:
    studio = Studio(golden)
    asked = Request(id="", turns=(said("which " * 20, PICTURES[2]),), group="rollouts", sampling=Sampling(seed=0))
    asked = replace(asked, sampling=Sampling(max_reasoning_tokens=20, max_answer_tokens=10))
    with Counts(golden) as counts:
        numbers = [studio.join(asked) for _ in range(16)]
        studio.finish()
    prompt = len(studio.question(asked).prompt.ids)
    written = sum(written_by(studio.heard[number].done) for number in numbers)
    # Each but the first reads the prompt's last token for itself. Nobody reads its own last token.
    closings = 16 * (len(studio.terms.tags.closing) + 1)
    assert prompt + 15 <= sum(counts.tokens) <= prompt + 15 + written + closings
    assert counts.views == 1
    assert len({studio.heard[number].text for number in numbers}) > 10
    assert len(studio.runner.shelf) == 1


def written_by(done: Done) -> int:
    return done.usage.reasoning_tokens + done.usage.answer_tokens


def test_rows_of_a_group_answer_as_if_alone(golden: Golden) -> None:
    studio, alone = Studio(golden), Studio(golden)
    sampling = Sampling(max_reasoning_tokens=20, max_answer_tokens=10)
    asked = [
        Request(
            id="", turns=(said("which " * 20, PICTURES[2]),), group="rollouts", sampling=replace(sampling, seed=seed)
        )
        for seed in range(6)
    ]
    numbers = [studio.join(one) for one in asked]
    studio.finish()
    for number, one in zip(numbers, asked, strict=True):
        alone.runner.shelf.clear()
        assert same(studio.heard[number], alone.ask(one))


def test_a_group_is_held_once(golden: Golden) -> None:
    """Sixteen rows on a prompt of a thousand tokens: bytes follow the sum of what differs."""
    studio = Studio(golden)
    asked = Request(id="", turns=(said("word " * 200),), group="rollouts")
    for _ in range(16):
        studio.join(asked)
    for _ in range(40):
        studio.step()
    prompt = len(studio.question(asked).prompt.ids)
    token = 2 * 2 * 2 * 16 * 4
    assert len(studio.runner.rows) >= 12
    assert studio.runner.holdings.bytes < token * 1.25 * (prompt + 64) + 16 * token * 64


def test_threads_that_arrive_together_with_one_picture_share_it(golden: Golden) -> None:
    studio = Studio(golden)
    opening = "look at this page and tell me everything about it: "
    asked = [Request(id="", turns=(said(opening + end, PICTURES[0]),), thread=end) for end in ("one", "two", "three")]
    with Counts(golden) as counts:
        numbers = [studio.join(replace(one, mode="quick")) for one in asked]
        for _ in range(4):
            studio.step()
    first = len(studio.question(asked[0]).prompt.ids)
    assert counts.views == 1
    assert sum(counts.tokens) < first + 60
    assert len(numbers) == 3


def test_nothing_is_computed_after_a_stop(golden: Golden) -> None:
    studio = Studio(golden)
    number = studio.join(Request(id="", turns=(said("go on"),)))
    for _ in range(5):
        studio.step()
    studio.runner.leave(number)
    with Counts(golden) as counts:
        studio.step()
    assert counts.tokens == []
    assert not studio.runner.busy
    assert not studio.heard[number].ended


def test_a_person_is_read_before_a_batch(golden: Golden) -> None:
    studio = Studio(golden, Options(step_tokens=32))
    batch = [
        studio.join(Request(id="", turns=(said(f"{number} document " * 30),), lane=Lane.BATCH)) for number in range(3)
    ]
    studio.step()
    person = studio.join(Request(id="", turns=(said("quick please"),), mode="quick"))
    for _ in range(3):
        studio.step()
    assert any(isinstance(event, Text) for event in studio.heard[person].events)
    assert not any(isinstance(event, Thought) for number in batch for event in studio.heard[number].events)
