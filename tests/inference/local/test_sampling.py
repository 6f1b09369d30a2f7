"""Drawing tokens."""

from collections import Counter

import pytest
import torch

from inference.local.sampling import Sampler, draw
from inference.types import Sampling

CPU = torch.device("cpu")
LOGITS = torch.tensor([0.1, 3.0, 2.0, -1.0, 2.5]).log_softmax(-1)


def draws(count: int = 400, banned: frozenset[int] = frozenset(), **settings: float) -> Counter[int]:
    sampler = Sampler(Sampling(**{"seed": 7} | settings), CPU)
    return Counter(int(sampler.draw(LOGITS, banned)) for _ in range(count))


def test_without_temperature_the_likeliest_is_drawn() -> None:
    assert draws(temperature=0.0) == {1: 400}


@pytest.mark.parametrize("others", [(), ({1},)])
def test_rows_together_draw_what_each_draws_alone(others: tuple[set[int], ...]) -> None:
    """Whether or not one of them may not say what it would."""
    greedy = Sampler(Sampling(temperature=0.0), CPU)
    rows = torch.stack([LOGITS, LOGITS.flip(0), LOGITS])
    banned = [*map(frozenset, others), *[frozenset[int]()] * (3 - len(others))]
    alone = [int(greedy.draw(row, without)) for row, without in zip(rows, banned, strict=True)]
    assert draw(rows, [(greedy, without, None) for without in banned]) == alone == [4 if others else 1, 3, 1]


def test_all_are_drawn_as_often_as_they_are_likely() -> None:
    found = draws(4_000)
    for token, probability in enumerate(LOGITS.exp().tolist()):
        assert found[token] / 4_000 == pytest.approx(probability, abs=0.03)


def test_a_temperature_spreads() -> None:
    assert draws(temperature=0.2)[1] > draws()[1] > draws(temperature=5.0)[1]


@pytest.mark.parametrize(("count", "tokens"), [(1, {1}), (2, {1, 4}), (3, {1, 2, 4}), (9, {0, 1, 2, 3, 4})])
def test_of_the_first_few(count: int, tokens: set[int]) -> None:
    assert set(draws(3_000, top_k=count)) == tokens


@pytest.mark.parametrize(("share", "tokens"), [(0.0, {1}), (0.4, {1}), (0.6, {1, 4}), (0.85, {1, 2, 4})])
def test_of_those_that_are_likely_together(share: float, tokens: set[int]) -> None:
    assert set(draws(3_000, top_p=share)) == tokens


def test_what_is_banned_is_never_drawn() -> None:
    assert set(draws(banned=frozenset({1, 4}))) <= {0, 2, 3}
    assert draws(banned=frozenset({1}), temperature=0.0) == {4: 400}


def test_a_seed_draws_the_same_again_and_none_does_not() -> None:
    def sequence(seed: int | None) -> list[int]:
        sampler = Sampler(Sampling(seed=seed), CPU)
        return [int(sampler.draw(LOGITS, ())) for _ in range(60)]

    assert sequence(3) == sequence(3) != sequence(4)
    assert sequence(-3) == sequence(-3)
    assert sequence(None) != sequence(None)
