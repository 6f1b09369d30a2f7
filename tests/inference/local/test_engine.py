"""The engine with its thread, as a manager meets it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from inference.engine import Engine
from inference.errors import BadInput, Dead, Failed
from inference.local.building import Built
from inference.local.engine import LocalEngine
from inference.local.options import Options
from inference.local.runner import Report
from inference.local.vocabulary import Detokenizer, Vocabulary
from inference.manager import InferenceManager
from inference.types import Done, Event, Finish, Image, Note, Request, Sampling, Started, Text, Thought, Turn
from tests.inference.local.cases import CHECKPOINT, NAMES, Case, case
from tests.inference.local.conftest import Golden
from tests.inference.local.studio import answered, page, picture, said

GREEDY = Sampling(temperature=0.0, max_reasoning_tokens=8, max_answer_tokens=8)


@pytest.fixture
async def engine() -> AsyncIterator[LocalEngine]:
    engine = LocalEngine(str(CHECKPOINT), device="cpu", dtype="float32", options=Options(context=4096))
    await engine.start()
    yield engine
    await engine.close()


def asked(text: str, *images: Image, **more: object) -> Request:
    return Request(id="request", **{"turns": (said(text, *images),), "sampling": GREEDY} | more)


async def hear(engine: Engine, request: Request) -> list[Event]:
    async with aclosing(engine.generate(request)) as events:
        return [event async for event in events]


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


def request_of(one: Case) -> Request:
    """The same conversation through the front door."""
    turns, images = [], (page(image) for image in one.images)
    for message in one.messages:
        parts = message["content"]
        if isinstance(parts, str):
            turns.append(Turn(role=message["role"], text=parts))
            continue
        words = "".join(part["text"] for part in parts if part["type"] == "text")
        shown = tuple(next(images) for part in parts if part["type"] == "image")
        turns.append(Turn(role=message["role"], text=words, images=shown))
    sampling = Sampling(temperature=0.0, max_reasoning_tokens=12, max_answer_tokens=12)
    return Request(id=one.name, turns=tuple(turns), sampling=sampling)


async def test_the_golden_tokens(engine: LocalEngine, golden: Golden) -> None:
    """All cases at once; what is heard begins with what the published code wrote."""
    vocabulary = Vocabulary.of(golden.processor.tokenizer, golden.model.generation_config.eos_token_id)
    cases = [case(name) for name in NAMES]
    heard = await asyncio.gather(*(hear(engine, request_of(one)) for one in cases))
    for one, events in zip(cases, heard, strict=True):
        thought, closed, answer = (
            (one.greedy, [], []) if 266 not in one.greedy else split(one.greedy, one.greedy.index(266))
        )
        said_text = "".join(event.text for event in events if isinstance(event, Thought | Text))
        detokenizer = Detokenizer(vocabulary)
        expected = "".join(detokenizer.take(token) for token in thought)
        assert said_text.startswith(expected)
        if closed:
            detokenizer = Detokenizer(vocabulary)
            expected = "".join(detokenizer.take(token) for token in answer).lstrip()
            assert text(events).startswith(expected)
        done = events[-1]
        assert isinstance(done, Done)
        assert done.usage.prompt_tokens == len(one.input_ids)
        assert done.usage.image_tokens > 0


def split(tokens: list[int], place: int) -> tuple[list[int], list[int], list[int]]:
    return tokens[:place], tokens[place : place + 1], tokens[place + 1 :]


async def test_an_answer_is_told_from_its_thinking(engine: LocalEngine) -> None:
    events = await hear(engine, asked("hello"))
    done = events[-1]
    assert events[0] == Started()
    assert isinstance(done, Done)
    assert any(isinstance(event, Thought) for event in events)
    assert text(events)
    assert done.usage.reasoning_tokens <= 8
    assert done.usage.answer_tokens <= 8
    assert done.timings.first_token_s is not None
    assert 0 < done.timings.first_token_s <= done.timings.total_s


async def test_a_quick_answer_does_not_think(engine: LocalEngine) -> None:
    events = await hear(engine, asked("hello", mode="quick"))
    assert not any(isinstance(event, Thought) for event in events)
    assert text(events)


async def test_a_follow_up_costs_what_is_new(engine: LocalEngine) -> None:
    turns = (said("what is this", picture(1)),)
    first = asked("", turns=turns, thread="one")
    whole = engine.cost(first)
    answer = text(await hear(engine, first))
    following = asked("", turns=(*turns, answered(answer), said("and why")), thread="one")
    cost = engine.cost(following)
    assert cost.prompt_tokens < whole.prompt_tokens / 2
    done = (await hear(engine, following))[-1]
    assert isinstance(done, Done)
    assert done.usage.cached_tokens > 171
    assert engine.cost(asked("", turns=following.turns, thread="two")).prompt_tokens > whole.prompt_tokens


async def test_capacity_is_what_is_left(engine: LocalEngine) -> None:
    free = engine.capacity()
    request = asked("hello")
    async with aclosing(engine.generate(request)) as events:
        await anext(events)
        taken = engine.capacity()
        assert taken.requests == free.requests - 1
        assert taken.bytes == free.bytes - engine.cost(request).bytes
    assert engine.capacity() == free


async def test_a_group_shares_its_prompt(engine: LocalEngine) -> None:
    free = engine.capacity().bytes
    request = asked("hello", picture(2), group="rollouts")
    streams = [engine.generate(request) for _ in range(4)]
    await asyncio.gather(*(anext(stream) for stream in streams))
    alone = engine.cost(request)
    assert free - engine.capacity().bytes < alone.bytes * 4 - 2 * 171 * 2 * 2 * 2 * 16 * 4
    heard = [[event async for event in stream] for stream in streams]
    cached = sorted(events[-1].usage.cached_tokens for events in heard if isinstance(events[-1], Done))
    assert cached[0] == 0
    assert cached[1] == cached[3] > 171
    assert len({text(events) for events in heard}) == 1


async def test_closing_the_stream_frees_the_place(engine: LocalEngine) -> None:
    endless = asked("hello", sampling=Sampling(max_reasoning_tokens=3_000))
    async with aclosing(engine.generate(endless)) as events:
        async for event in events:
            if isinstance(event, Thought):
                break
    assert engine.capacity().requests == 20
    assert text(await hear(engine, asked("and you")))


async def test_a_conversation_that_is_too_long(engine: LocalEngine) -> None:
    with pytest.raises(BadInput, match="too long for me"):
        await hear(engine, asked("x" * 5_000))


async def test_pages_that_do_not_fit_in_full_are_shown_in_less_detail(engine: LocalEngine) -> None:
    pages = [picture(number, (1100, 800)) for number in range(8)]
    events = await hear(engine, asked("read", *pages))
    done = events[-1]
    assert isinstance(done, Done)
    assert Note(text="So that all of it fits, I looked at 8 pages in less detail than I could.") in events
    assert 8 * 171 <= done.usage.image_tokens < 3_600


async def test_a_page_that_is_no_picture_fails_alone(engine: LocalEngine) -> None:
    broken = Image(sha256="0" * 64, content=b"no picture", width=40, height=30)
    heard = await asyncio.gather(
        hear(engine, asked("what", broken)), hear(engine, asked("what")), return_exceptions=True
    )
    assert isinstance(heard[0], Failed)
    assert isinstance(heard[1], list)
    assert text(heard[1])


async def test_a_deadline_that_has_passed(engine: LocalEngine) -> None:
    events = await hear(engine, asked("hello", deadline=asyncio.get_running_loop().time() - 1))
    done = events[-1]
    assert isinstance(done, Done)
    assert done.finish is Finish.DEADLINE
    assert "not enough time" in text(events)


async def test_a_model_that_is_not_there() -> None:
    engine = LocalEngine("/nowhere/at/all", device="cpu")
    with pytest.raises(Dead, match="/nowhere/at/all"):
        await engine.start()
    await engine.close()


async def test_after_closing_nobody_is_answered() -> None:
    engine = LocalEngine(str(CHECKPOINT), device="cpu", dtype="float32")
    await engine.start()
    endless = asked("hello", sampling=Sampling(max_reasoning_tokens=30_000))
    events = engine.generate(endless)
    await anext(events)
    await engine.close()
    await engine.close()
    with pytest.raises(Dead):
        async for _ in events:
            pass
    with pytest.raises(Dead):
        await hear(engine, asked("hello"))


class Doomed(LocalEngine):
    """Whose model breaks in a way that is no single request's fault."""

    def _build(self) -> Built:
        built = super()._build()

        def step() -> list[Report]:
            if built.runner.rows:
                raise RuntimeError("CUDA error: an illegal memory access was encountered")
            return []

        built.runner.step = step  # type: ignore[method-assign]
        return built


async def test_a_model_that_breaks_is_dead_for_everyone() -> None:
    engine = Doomed(str(CHECKPOINT), device="cpu", dtype="float32")
    await engine.start()
    heard = await asyncio.gather(*(hear(engine, asked("hello")) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(outcome, Dead) for outcome in heard)
    assert "CUDA" not in str(heard[0])
    with pytest.raises(Dead):
        await hear(engine, asked("hello"))
    await engine.close()


async def test_behind_the_manager(engine: LocalEngine) -> None:
    """Two people's conversations side by side are what each is by itself."""
    manager = InferenceManager(engine)
    first = asked("what is this", picture(1), thread="one", owner="ann")
    second = asked("hello", thread="two", owner="bob")
    alone = [text(await hear(manager, one)) for one in (first, second)]
    together = await asyncio.gather(*(hear(manager, one) for one in (first, second) * 4))
    assert [text(events) for events in together] == alone * 4
    assert all(isinstance(events[-1], Done) for events in together)


async def test_nothing_of_torch_is_imported_before_the_start() -> None:
    program = "import sys, inference.local.engine; print('torch' in sys.modules, 'transformers' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert output == b"False False\n"
