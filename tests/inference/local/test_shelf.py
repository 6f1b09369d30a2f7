"""Caches that make room go to CPU memory and come back exactly."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from inference.local.cache import Chain, Geometry
from inference.local.ledger import Ledger, OutOfMemory
from inference.local.options import Options
from inference.local.shelf import Attic, Kept, Shelf
from inference.types import Request, Sampling
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import Studio, answered, picture, said
from tests.inference.local.test_schedules import Counts, same

GEOMETRY = Geometry(heads=2, head_size=8, dtype=torch.float32, devices=(torch.device("cpu"),) * 3)
GREEDY = Sampling(temperature=0.0, max_reasoning_tokens=0, max_answer_tokens=6)
FIRST = Request(id="", turns=(said("what is it", picture(1)),), sampling=GREEDY, thread="one", mode="quick")
NEXT = replace(FIRST, turns=(*FIRST.turns, answered("it is 42"), said("and why")))
SPILLING = Options(step_tokens=256, spill_bytes=100_000_000)


def chain(ledger: Ledger, *lengths: int) -> Chain:
    """Of so many segments; what it holds is random."""
    whole = Chain(GEOMETRY, ledger)
    for length in lengths:
        whole.reserve(length)
        for layer in range(3):
            whole.write(layer, torch.randn(2, 2, length, 8))
        whole.commit(length)
        # What others share is not written to any more, so the next tokens begin a segment.
        whole.branch(whole.length).reserve(1)
        whole = whole.branch(whole.length)
    return whole


def held(whole: Chain, layer: int) -> torch.Tensor:
    return torch.cat([torch.stack(pair) for pair in whole.read(layer, 0)], dim=2)


def kept(whole: Chain, thread: str = "", first: int = 0) -> Kept:
    return Kept(keys=np.arange(first, first + whole.length), chain=whole, thread=thread)


def shelf(ledger: Ledger, limit: int) -> Shelf:
    return Shelf(Attic(limit), lambda: Chain(GEOMETRY, ledger))


@pytest.mark.parametrize("length", [1, 70, 103])
def test_what_comes_back_is_what_went(length: int) -> None:
    ledger = Ledger(10**7)
    on = shelf(ledger, 10**7)
    whole = chain(ledger, 70, 30, 3)
    expected = [held(whole, layer)[:, :, :length].clone() for layer in range(3)]
    on.keep(kept(whole, "mine"))
    assert on.reclaim()
    assert len(on) == 0
    assert on.threads == {"mine"}
    found, same = on.find(np.arange(length))
    assert found is not None
    assert same == length
    back = on.take(found, length, "mine")
    assert back.length == length
    for layer in range(3):
        assert torch.equal(held(back, layer), expected[layer])
    assert on.attic.held == 0, "its thread will keep it anew"


def test_another_threads_beginning_stays_for_its_own() -> None:
    ledger = Ledger(10**7)
    on = shelf(ledger, 10**7)
    on.keep(kept(chain(ledger, 50), "mine"))
    on.reclaim()
    found, same = on.find(np.arange(40))
    assert found is not None
    on.take(found, same, "another").release()
    assert on.attic.held == 50 * GEOMETRY.bytes
    assert on.find(np.arange(50))[1] == 50


def test_the_least_recently_used_is_dropped_for_good() -> None:
    ledger = Ledger(10**7)
    on = shelf(ledger, 100 * GEOMETRY.bytes)
    for number in range(3):
        on.keep(kept(chain(ledger, 40), first=number * 1000))
        on.reclaim()
        assert on.attic.held <= 100 * GEOMETRY.bytes
    assert [on.find(np.arange(number * 1000, number * 1000 + 40))[1] for number in range(3)] == [0, 40, 40]
    found, _ = on.find(np.arange(1000, 1040))
    assert found is not None
    on.take(found, 40, "another")
    on.keep(kept(chain(ledger, 40), first=9000))
    on.reclaim()
    assert [on.find(np.arange(number * 1000, number * 1000 + 40))[1] for number in (1, 2, 9)] == [40, 0, 40]
    on.keep(kept(chain(ledger, 101), first=5000))
    on.reclaim()
    assert on.find(np.arange(5000, 5101))[1] == 0, "larger than all there may be"


def test_without_memory_for_it_nothing_is_lost() -> None:
    ledger = Ledger(10**7)
    on = shelf(ledger, 10**7)
    on.keep(kept(chain(ledger, 50), "mine"))
    on.reclaim()
    ledger.budget = ledger.held
    found, same = on.find(np.arange(50))
    assert found is not None
    before = ledger.held
    with pytest.raises(OutOfMemory):
        on.take(found, same, "mine")
    assert ledger.held == before
    assert on.find(np.arange(50))[1] == 50


def test_a_follow_up_reads_nothing_again_after_making_room(golden: Golden) -> None:
    """By hooks: only the new tokens pass through the model, and no picture is encoded."""
    studio = Studio(golden, SPILLING)
    studio.ask(FIRST)
    studio.empty()
    assert studio.ledger.held == 0
    assert studio.runner.shelf.attic.held > 0
    with Counts(golden) as counts:
        heard = studio.ask(NEXT)
    usage = heard.done.usage
    assert usage.cached_tokens > 171
    assert sum(counts.tokens) == usage.prompt_tokens - usage.cached_tokens + usage.answer_tokens - 1
    assert counts.views == 0
    assert same(heard, Studio(golden).ask(NEXT))


def test_without_cpu_memory_all_is_read_again(golden: Golden) -> None:
    studio = Studio(golden)
    studio.ask(FIRST)
    studio.empty()
    heard = studio.ask(NEXT)
    assert heard.done.usage.cached_tokens == 0
    assert same(heard, Studio(golden).ask(NEXT))


def test_of_what_is_to_be_forgotten_nothing_is_kept_anywhere(golden: Golden) -> None:
    """Neither where the model is nor in CPU memory, by thread or by picture."""
    other = replace(FIRST, turns=(said("what is it", picture(2)),), thread="two")
    for threads, pictures in ((frozenset({"one"}), frozenset[str]()), (frozenset(), frozenset({picture(1).sha256}))):
        for spilled in (False, True):
            studio = Studio(golden, SPILLING)
            for request in (FIRST, other):
                studio.ask(request)
            if spilled:
                studio.empty()
            studio.runner.forget(threads, pictures)
            assert studio.runner.shelf.threads == {"two"}
            with Counts(golden) as counts:
                heard = studio.ask(NEXT)
            assert heard.done.usage.cached_tokens == 0
            assert counts.views == (1 if spilled or pictures else 0), "without its thread the picture may be another's"


def test_nothing_is_kept_of_what_runs_when_it_is_to_be_forgotten(golden: Golden) -> None:
    studio = Studio(golden)
    studio.join(FIRST)
    studio.step()
    studio.runner.forget(frozenset({"one"}), frozenset())
    studio.finish()
    assert studio.runner.shelf.threads == frozenset()
    studio.empty()
    assert studio.ledger.held == 0
