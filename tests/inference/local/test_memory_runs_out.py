"""Where memory runs out one request fails with a sentence, and nothing else happens."""

import random
import weakref
from concurrent.futures import Future
from typing import Any

import pytest
import torch

from inference.errors import Failed
from inference.local.ledger import Ledger, OutOfMemory, Purpose, translated
from inference.local.options import Options
from inference.local.prompt import Picture
from inference.local.runner import NO_MEMORY
from inference.types import Done, Request, Sampling
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import Heard, Studio, at_once, picture, said

SAMPLING = Sampling(temperature=0.0, max_reasoning_tokens=90, max_answer_tokens=20)
PURPOSES: tuple[Purpose, ...] = ("encode", "prefill", "decode", "growth")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), OutOfMemory),
        (RuntimeError("CUDA error: out of memory"), OutOfMemory),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), OutOfMemory),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes."), OutOfMemory),
        (MemoryError(), OutOfMemory),
        (RuntimeError("CUDA error: device-side assert triggered"), RuntimeError),
    ],
)
def test_the_many_ways_to_say_that_memory_is_out(error: Exception, told: type[Exception]) -> None:
    with pytest.raises(told), translated("decode"):
        raise error


class Stingy(Ledger):
    """Once told so it refuses memory for one purpose, whatever there is, when asked the ``turn``-th time. Then twice
    in a row, since after a refusal what is kept is given up, or less is asked for. Encoding has no second try."""

    def __init__(self) -> None:
        super().__init__(2**30)
        self._refusals: dict[Purpose, list[int]] = {}

    def refuse(self, purpose: Purpose, turn: int) -> None:
        self._refusals = {purpose: [turn] if purpose == "encode" else [turn, turn + 1]}

    def take(self, size: int, purpose: Purpose) -> None:
        turns = self._refusals.get(purpose, [])
        self._refusals[purpose] = [turn - 1 for turn in turns if turn > 1]
        if 1 in turns:
            raise OutOfMemory("as told")
        super().take(size, purpose)


def request(number: int) -> Request:
    """Each with a page of its own."""
    return Request(id="", turns=(said(f"{number} is the number", picture(number)),), sampling=SAMPLING)


@pytest.fixture(scope="module")
def alone(golden: Golden) -> dict[int, Heard]:
    return {number: Studio(golden).ask(request(number)) for number in range(3)}


@pytest.mark.parametrize("turn", [1, 2, 3])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_one_fails_and_the_others_answer_as_if_alone(
    golden: Golden, alone: dict[int, Heard], purpose: Purpose, turn: int
) -> None:
    ledger = Stingy()
    ledger.refuse(purpose, turn)
    studio = Studio(golden, Options(step_tokens=100), ledger=ledger)
    numbers = [studio.join(request(number)) for number in range(3)]
    studio.finish()
    failed = [number for number in numbers if studio.heard[number].error]
    assert len(failed) == 1
    error = studio.heard[failed[0]].error
    assert isinstance(error, Failed)
    assert "not enough memory" in str(error)
    assert not any(isinstance(event, Done) for event in studio.heard[failed[0]].events)
    for number in numbers:
        if number not in failed:
            assert studio.heard[number].events[:-1] == alone[number].events[:-1]
    again = studio.ask(request(failed[0]))
    assert again.text == alone[failed[0]].text
    studio.empty()
    assert studio.ledger.held == 0


def test_bytes_return_to_what_they_were(golden: Golden) -> None:
    ledger = Stingy()
    studio = Studio(golden, ledger=ledger)
    for purpose in PURPOSES:
        studio.ask(request(1))
        held = ledger.held
        ledger.refuse(purpose, 1)
        page = picture(2 if purpose == "encode" else 1)
        assert studio.ask(Request(id="", turns=(said("again", page),))).error
        assert ledger.held <= held


class Refusing:
    """A part of the model for which the device has no memory, when it is called the ``turn``-th time and the next."""

    def __init__(self, part: torch.nn.Module, turn: int, times: int) -> None:
        self.activations: list[weakref.ref[torch.Tensor]] = []
        self._turns = range(turn, turn + times)
        self._calls = 0
        self._hook = part.register_forward_pre_hook(self._refuse)

    def __enter__(self) -> "Refusing":
        return self

    def __exit__(self, *_: object) -> None:
        self._hook.remove()

    def _refuse(self, *_: object) -> None:
        self._calls += 1
        if self._calls in self._turns:
            activation = torch.zeros(9)
            self.activations.append(weakref.ref(activation))
            raise torch.OutOfMemoryError("CUDA out of memory.")


@pytest.mark.parametrize(("part", "turn", "times"), [("vision_model", 2, 1), ("model", 1, 2), ("model", 7, 2)])
def test_the_device_itself_has_no_memory(
    golden: Golden, alone: dict[int, Heard], part: str, turn: int, times: int
) -> None:
    """In a picture, a piece of a prompt, or a word: the error is told, and holds nothing of what was being computed."""
    studio = Studio(golden, Options(step_tokens=100))
    with Refusing(golden.model.get_submodule(part), turn, times) as refusing:
        for number in range(3):
            studio.join(request(number))
        studio.finish()
    (failed,) = [number for number in range(3) if studio.heard[number].error]
    assert str(studio.heard[failed].error) == NO_MEMORY
    assert [activation() for activation in refusing.activations] == [None] * times
    others = {number: studio.heard[number].text for number in range(3) if number != failed}
    assert others == {number: alone[number].text for number in others}
    assert studio.ask(request(failed)).text == alone[failed].text
    studio.empty()
    assert studio.ledger.held == 0


def test_the_machine_has_no_memory_for_a_picture_s_pixels(golden: Golden, alone: dict[int, Heard]) -> None:
    """They are made elsewhere, so the error comes with what was to bring them."""
    made = [refused(), at_once(studio_picture(golden, 2))]
    studio = Studio(golden, pixels=lambda picture: made.pop(0))
    assert str(studio.ask(request(1)).error) == NO_MEMORY
    assert studio.ask(request(2)).text == alone[2].text


def refused() -> "Future[dict[str, Any]]":
    future: Future[dict[str, Any]] = Future()
    future.set_exception(OutOfMemory("as told"))
    return future


def studio_picture(golden: Golden, number: int) -> Picture:
    return Studio(golden).question(request(number)).prompt.pictures[0]


TOKEN = 2 * 2 * 2 * 16 * 4
"""Bytes of keys and values."""


def text_only(number: int) -> Request:
    return Request(id="", turns=(said(f"{number} " * 40),), sampling=SAMPLING)


def test_what_is_kept_makes_room(golden: Golden) -> None:
    """With memory for little more than one answer, all come out right one after the other, and none fails."""
    alone = [Studio(golden).ask(text_only(number)).text for number in range(3)]
    studio = Studio(golden, Options(step_tokens=64), ledger=Ledger(400 * TOKEN + 150_000))
    for number in (0, 1, 2, 0):
        assert studio.ask(text_only(number)).text == alone[number]
    assert len(studio.runner.shelf) < 3


@pytest.mark.parametrize("seed", range(3))
def test_many_in_a_small_budget(golden: Golden, seed: int) -> None:
    """Those that end are right; those that do not fit fail; the budget holds and all is given back."""
    rng = random.Random(seed)
    alone = [Studio(golden).ask(text_only(number)).text for number in range(3)]
    studio = Studio(golden, Options(step_tokens=64), ledger=Ledger(1_000 * TOKEN + 200_000))
    numbers = {studio.join(text_only(which)): which for which in rng.choices(range(3), k=12)}
    studio.finish()
    errors = [studio.heard[number].error for number in numbers]
    for number, which in numbers.items():
        heard = studio.heard[number]
        assert isinstance(heard.error, Failed) or heard.text == alone[which]
    assert None in errors
    assert any(errors)
    assert studio.ledger.peak <= studio.ledger.budget
    studio.empty()
    assert studio.ledger.held == 0
