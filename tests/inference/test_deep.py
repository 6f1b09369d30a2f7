"""Deep mode around a scripted engine: what rollouts are asked, what becomes of them, that an answer always comes."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import aclosing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.deep import FEWER_FIT, DeepEngine, DeepOptions
from inference.engine import Capacity, Cost, Engine
from inference.errors import BadInput, Busy, Dead, EngineError, Failed
from inference.manager import InferenceManager
from inference.scripted import Gate, ScriptedEngine, Step
from inference.synthesis import Rollout, arranged, count, fitting, prompted
from inference.types import (
    Done,
    Event,
    Finish,
    Image,
    Note,
    Progress,
    Request,
    Sampling,
    Started,
    Text,
    Thought,
    Turn,
    Usage,
)

PICTURE = Image(sha256="1" * 64, content=b"", width=1, height=1, label="#1 graph.png")
EARLIER = (Turn(role="user", text="What is it?", images=(PICTURE,)), Turn(role="assistant", text="A graph."))
ASKED = Request(
    id="q",
    turns=(*EARLIER, Turn(role="user", text="Where is its maximum?", images=(PICTURE,))),
    mode="deep",
    owner="anna",
    thread="t",
)

Steps = Iterable[Step]


ANSWER = (Text(text="42"),)


def by_number(*rollouts: Steps, answer: Steps = ANSWER) -> Callable[[Request], Steps]:
    """The first rollout plays the first of the scripts, and so on; beyond them, the last."""

    def script(request: Request) -> Steps:
        if request.id.endswith("/answer"):
            return answer
        return rollouts[min(int(request.id.rsplit(".", 1)[1]), len(rollouts)) - 1]

    return script


def concluding(text: str) -> list[Step]:
    return [Thought(text="hm, secret"), Text(text=text)]


def deep(engine: Engine, *levels: int, **options: float) -> DeepEngine:
    return DeepEngine(engine, replace(DeepOptions(levels=levels), **options))  # type: ignore[arg-type]


async def events(engine: Engine, request: Request = ASKED) -> list[Event]:
    async with aclosing(engine.generate(request)) as stream:
        return [event async for event in stream]


def answer_to(said: list[Event]) -> str:
    return "".join(event.text for event in said if isinstance(event, Text))


def notes(said: list[Event]) -> list[str]:
    return [event.text for event in said if isinstance(event, Note)]


async def test_other_modes_pass_untouched() -> None:
    engine = ScriptedEngine()
    request = replace(ASKED, mode="think")
    assert await events(deep(engine, 4), request) == await events(engine, request)
    assert engine.requests == [request, request]
    assert deep(engine, 4).cost(request) == engine.cost(request)


async def test_without_levels_it_thinks_once() -> None:
    engine = ScriptedEngine()
    await events(deep(engine))
    assert [(one.mode, one.turns) for one in engine.requests] == [("think", ASKED.turns)]


async def test_rollouts_are_the_same_question_drawn_apart_by_their_seeds() -> None:
    engine = ScriptedEngine(by_number(concluding("a")), places=9)
    await events(deep(engine, 4), replace(ASKED, sampling=Sampling(temperature=0, seed=7)))
    rollouts = engine.requests[:4]
    assert {(one.turns, one.mode, one.owner, one.thread) for one in rollouts} == {(ASKED.turns, "think", "anna", "t")}
    assert {one.group for one in rollouts} == {"q/1"}
    assert len({one.id for one in rollouts}) == 4
    assert len({one.sampling.seed for one in rollouts}) == 4
    assert {(one.sampling.temperature, one.sampling.top_p, one.sampling.top_k) for one in rollouts} == {(1.0, 1.0, 0)}
    again = ScriptedEngine(by_number(concluding("a")), places=9)
    await events(deep(again, 4), replace(ASKED, sampling=Sampling(temperature=0, seed=7)))
    assert again.requests == engine.requests


async def test_the_answer_weighs_the_conclusions_and_sees_the_pictures() -> None:
    engine = ScriptedEngine(by_number(concluding("At 2."), concluding("At 3, I think.")), places=2)
    await events(deep(engine, 2))
    last = engine.requests[-1]
    assert last.turns[:-1] == EARLIER
    assert last.turns[-1].images == (PICTURE,)
    text = last.turns[-1].text
    assert "Original Problem:\nWhere is its maximum?" in text
    assert "2 reference responses" in text
    assert {"Reference 1:", "Reference 2:", "At 2.", "At 3, I think."} <= set(text.split("\n"))
    assert "secret" not in text


async def test_who_asked_reads_the_answer_and_how_far_it_is_but_no_rollout() -> None:
    script = by_number(concluding("wrong"), answer=[Thought(text="so"), Text(text="4"), Text(text="2")])
    said = await events(deep(ScriptedEngine(script, places=4), 3))
    assert said[:2] == [Started(), Thought(text="")]
    assert said[2:5] == [Progress(done=number, total=3) for number in (1, 2, 3)]
    assert said[5:8] == [Thought(text="so"), Text(text="4"), Text(text="2")]
    done = said[8]
    assert isinstance(done, Done)
    assert (done.usage.reasoning_tokens, done.usage.answer_tokens) == (3 * (2 + 1) + 1, 2)
    assert done.usage.image_tokens == 4 * 2 * 169


async def test_levels_build_on_one_another() -> None:
    def script(request: Request) -> Steps:
        return concluding("first round" if "/1." in request.id else "second round")

    engine = ScriptedEngine(script, places=9)
    said = await events(deep(engine, 3, 2))
    assert [one.id for one in engine.requests] == ["q/1.1", "q/1.2", "q/1.3", "q/2.1", "q/2.2", "q/answer"]
    second, last = engine.requests[3].turns[-1].text, engine.requests[5].turns[-1].text
    assert second.count("\nfirst round") == 3
    assert last.count("\nsecond round") == 2
    assert "first round" not in last
    assert [event for event in said if isinstance(event, Progress)][-1] == Progress(done=5, total=5)
    kinds = [type(event) for event in said]
    assert (kinds.count(Started), kinds[:2]) == (1, [Started, Thought])


async def test_a_level_that_comes_to_nothing_leaves_the_references_of_the_one_before() -> None:
    def script(request: Request) -> Steps:
        return [Failed("No.")] if "/2." in request.id else concluding("first round")

    engine = ScriptedEngine(script, places=9)
    assert notes(await events(deep(engine, 2, 2))) == []
    assert engine.requests[-1].turns[-1].text.count("\nfirst round") == 2


async def test_rollouts_that_fail_or_say_nothing_are_left_out() -> None:
    script = by_number([Failed("Out of memory.")], concluding(" "), [Busy("Full.", retry_after=1)], concluding("At 2."))
    engine = ScriptedEngine(script, places=9)
    said = await events(deep(engine, 5))
    assert answer_to(said) == "42"
    assert "2 reference responses" in engine.requests[-1].turns[-1].text
    assert notes(said) == ["I thought this through 5 times; 3 came to something that I could weigh."] or notes(
        said
    ) == ["I thought this through 5 times; 2 came to something that I could weigh."]


async def test_a_rollout_without_a_conclusion_is_passed_whole() -> None:
    engine = ScriptedEngine(by_number([Thought(text="maybe "), Thought(text="2")]), places=9)
    await events(deep(engine, 1))
    assert "Reference 1:\nmaybe 2\n" in engine.requests[-1].turns[-1].text


async def test_an_excuse_is_no_conclusion() -> None:
    late = Done(finish=Finish.DEADLINE, usage=Usage(prompt_tokens=9, reasoning_tokens=2))
    engine = ScriptedEngine(by_number([Thought(text="maybe 2"), Text(text="There was no time."), late]), places=9)
    await events(deep(engine, 1))
    text = engine.requests[-1].turns[-1].text
    assert "maybe 2" in text
    assert "no time" not in text


async def test_when_all_rollouts_fail_it_thinks_once_and_says_so() -> None:
    engine = ScriptedEngine(by_number([Failed("Out of memory.")]), places=9)
    said = await events(deep(engine, 3))
    assert answer_to(said) == "42"
    assert engine.requests[-1].turns == ASKED.turns
    assert notes(said) == [
        "Thinking this through 3 times in parallel came to nothing, so this answer is from thinking once."
    ]


async def test_what_the_user_can_mend_is_said_at_once() -> None:
    gate = Gate()
    engine = ScriptedEngine(by_number([gate], [BadInput("Too long.")], [gate]), places=9)
    with pytest.raises(BadInput, match="Too long"):
        await events(deep(engine, 3))
    assert engine.running == []
    assert len(engine.cut_short) == 2


async def test_a_dead_engine_ends_it_all() -> None:
    engine = ScriptedEngine(by_number([Gate()], [Dead("Gone.")], [Dead("Gone.")]), places=9)
    with pytest.raises(Dead):
        await events(deep(engine, 3))
    assert engine.running == []


async def test_closing_the_stream_stops_all_rollouts() -> None:
    engine = ScriptedEngine(by_number([Thought(text="hm"), Gate()]), places=9)
    stream = deep(engine, 3).generate(ASKED)
    assert await anext(stream) == Started()
    await engine.begun(3)
    await stream.aclose()
    assert engine.running == []
    assert len(engine.cut_short) == 3


async def test_cancelling_the_reader_stops_all_rollouts() -> None:
    engine = ScriptedEngine(by_number([Gate()]), places=9)
    reading = asyncio.create_task(events(deep(engine, 3)))
    await engine.begun(3)
    reading.cancel()
    await asyncio.wait([reading])
    assert engine.running == []


@pytest.mark.parametrize("places", [1, 2, 3])
async def test_no_more_run_than_there_are_places(places: int) -> None:
    gates = [Gate() for _ in range(7)]
    engine = ScriptedEngine(by_number(*([gate, Text(text="a")] for gate in gates)), places=places)
    reading = asyncio.create_task(events(deep(engine, 7)))
    for begun, gate in zip(range(places, 8), gates, strict=False):
        await engine.begun(begun)
        assert len(engine.requests) == begun
        assert len(engine.running) == places
        gate.open()
    for gate in gates:
        gate.open()
    assert [event for event in await reading if isinstance(event, Progress)][-1] == Progress(done=7, total=7)


async def test_a_full_engine_still_runs_one_at_a_time() -> None:
    engine = ScriptedEngine(by_number(concluding("a")), places=0)
    assert answer_to(await events(deep(engine, 3))) == "42"


async def test_rounds_leave_time_for_the_answer() -> None:
    engine = ScriptedEngine(by_number(concluding("a")), places=9)
    now = time.monotonic()
    await events(deep(engine, 2, 2, reserve_time=0.2), replace(ASKED, deadline=now + 1000))
    deadlines = [round((one.deadline or 0) - now, -1) for one in engine.requests]
    assert deadlines == [400, 400, 800, 800, 1000]


async def test_rollouts_that_must_take_turns_share_the_time() -> None:
    engine = ScriptedEngine(by_number(concluding("a")), places=1)
    now = time.monotonic()
    await events(deep(engine, 4), replace(ASKED, deadline=now + 1000))
    deadlines = [round((one.deadline or 0) - now, -1) for one in engine.requests]
    assert deadlines == [200, 270, 400, 800, 1000]


async def test_rollouts_that_never_end_do_not_keep_the_answer_from_coming() -> None:
    engine = ScriptedEngine(by_number([Thought(text="on and on"), Gate()], concluding("At 2.")), places=9)
    said = await events(deep(engine, 2), replace(ASKED, deadline=time.monotonic() + 0.3))
    assert answer_to(said) == "42"
    assert "on and on" in engine.requests[-1].turns[-1].text


async def test_what_is_written_stays_within_the_tokens_for_the_whole() -> None:
    engine = ScriptedEngine(by_number(concluding("a b c")), places=9)
    await events(deep(engine, 6, 3, tokens=10_000))
    *rollouts, last = [one.sampling for one in engine.requests]
    assert all(one.max_reasoning_tokens + one.max_answer_tokens == 1_000 for one in rollouts)
    assert {one.max_answer_tokens for one in rollouts} == {512}
    assert last.max_reasoning_tokens == 10_000 - 9 * 5
    assert last.max_answer_tokens == ASKED.sampling.max_answer_tokens


async def test_what_nobody_counted_has_used_up_its_share() -> None:
    """A rollout that failed does not tell how much it had written by then."""
    engine = ScriptedEngine(by_number([Failed("Out of memory.")], concluding("a b")), places=9)
    await events(deep(engine, 2, tokens=3_000))
    assert engine.requests[-1].sampling.max_reasoning_tokens == 3_000 - 1_000 - 4


async def test_a_request_s_own_limits_hold_for_each_sample() -> None:
    engine = ScriptedEngine(by_number(concluding("a")), places=9)
    await events(deep(engine, 2), replace(ASKED, sampling=Sampling(max_reasoning_tokens=100, max_answer_tokens=20)))
    limits = {(one.sampling.max_reasoning_tokens, one.sampling.max_answer_tokens) for one in engine.requests}
    assert limits == {(100, 20)}


async def test_fewer_references_where_the_context_is_small_and_it_is_said() -> None:
    script = by_number([Thought(text="hm " * 400)], concluding("b" * 800), concluding("c" * 400), concluding("d" * 400))
    engine = ScriptedEngine(script, places=9)
    said = await events(deep(engine, 4, context_tokens=2_400))
    text = engine.requests[-1].turns[-1].text
    assert "3 reference responses" in text
    assert "hm hm" not in text
    assert notes(said) == ["I thought this through 4 times and weighed 3 of the results; the others did not fit."]
    assert isinstance(said[-1], Done)


async def test_references_that_turn_out_too_long_are_halved() -> None:
    def script(request: Request) -> Steps:
        if not request.id.endswith("/answer"):
            return concluding("a")
        return [BadInput("Too long.")] if "Reference 3" in request.turns[-1].text else [Text(text="42")]

    engine = ScriptedEngine(script, places=9)
    said = await events(deep(engine, 8))
    assert answer_to(said) == "42"
    assert "2 reference responses" in engine.requests[-1].turns[-1].text
    assert notes(said) == ["I thought this through 8 times and weighed 2 of the results; the others did not fit."]


@pytest.mark.parametrize("error", [Failed("No."), BadInput("No."), Busy("No.", retry_after=1), Dead("No.")])
async def test_an_answer_that_fails_for_good_raises(error: EngineError) -> None:
    with pytest.raises(type(error)):
        await events(deep(ScriptedEngine(by_number(concluding("a"), answer=[error]), places=9), 2))


async def test_an_answer_that_breaks_off_is_not_begun_again() -> None:
    engine = ScriptedEngine(by_number(concluding("a"), answer=[Text(text="It is"), Failed("No.")]), places=9)
    with pytest.raises(Failed):
        await events(deep(engine, 2))
    assert len(engine.requests) == 3


async def test_the_cost_is_what_all_samples_may_write() -> None:
    engine = ScriptedEngine()
    one = engine.cost(ASKED)
    cost = deep(engine, 4, tokens=10**9).cost(ASKED)
    assert (cost.prompt_tokens, cost.output_tokens) == (one.prompt_tokens, 5 * one.output_tokens)
    assert deep(engine, 32, 4).capacity() == engine.capacity()


class Weighing(ScriptedEngine):
    """Counts ten bytes for each token in a context of 3,000, and has room for 1,000 tokens."""

    def cost(self, request: Request) -> Cost:
        prompt = 100
        output = min(request.sampling.max_reasoning_tokens + request.sampling.max_answer_tokens, 2_900)
        return Cost(prompt_tokens=prompt, output_tokens=output, bytes=10 * (prompt + output))

    def capacity(self) -> Capacity:
        held = 100 + 150 * len(self.running) if self.running else 0
        return replace(super().capacity(), tokens=1_000 - held, bytes=10 * (1_000 - held))


async def test_rollouts_that_share_a_prompt_hold_it_once() -> None:
    asked = replace(ASKED, sampling=replace(ASKED.sampling, max_reasoning_tokens=100, max_answer_tokens=50))
    cost = deep(Weighing(), 4).cost(asked)
    assert (cost.prompt_tokens, cost.output_tokens, cost.bytes) == (100, 5 * 150, 10 * (100 + 4 * 150))
    engine = deep(Weighing(places=99), 16)
    await engine.start()
    cost = engine.cost(asked)
    assert (cost.output_tokens, cost.bytes) == (17 * 150, 10 * (100 + 6 * 150)), "the others take turns"


async def test_as_many_at_a_time_as_there_is_memory_for_beside_the_prompt() -> None:
    gate = Gate()
    engine = Weighing(by_number([gate, *concluding("At 2.")]), places=99)
    asked = replace(ASKED, sampling=replace(ASKED.sampling, max_reasoning_tokens=100, max_answer_tokens=50))
    answering = asyncio.create_task(events(deep(engine, 16), asked))
    await engine.begun(6)
    assert len(engine.running) == 6
    gate.open()
    assert answer_to(await answering) == "42"
    assert len(engine.requests) == 17


async def test_references_fit_the_context_that_the_engine_has() -> None:
    engine = Weighing(by_number(concluding("x" * 2_400)), places=9)
    said = await events(deep(engine, 3))
    assert FEWER_FIT.format(tried=3, used=1) in [event.text for event in said if isinstance(event, Note)]


async def test_behind_the_manager_the_others_wait_their_turn() -> None:
    engine = ScriptedEngine(by_number(concluding("a")), places=4)
    manager = InferenceManager(deep(engine, 6))
    plain = replace(ASKED, id="p.1", mode="think", thread="other")
    first, second = await asyncio.gather(events(manager), events(manager, plain))
    assert answer_to(first) == "42"
    assert isinstance(second[-1], Done)
    assert manager.snapshot().running == 0


OUTCOMES = st.sampled_from(
    [
        concluding("At 2."),
        concluding("x" * 5_000),
        [Thought(text="hm")],
        [],
        [Failed("No.")],
        [Busy("No.", retry_after=1)],
        [Text(text="late"), Done(finish=Finish.DEADLINE)],
        [Gate(opened=True), Text(text="")],
    ]
)


@settings(max_examples=60)
@given(
    levels=st.lists(st.integers(1, 6), max_size=3),
    rollouts=st.lists(OUTCOMES, min_size=1, max_size=6),
    places=st.integers(0, 7),
    context=st.integers(0, 20_000),
)
def test_whatever_becomes_of_rollouts_there_is_one_answer(
    levels: list[int], rollouts: list[list[Step]], places: int, context: int
) -> None:
    engine = ScriptedEngine(by_number(*rollouts), places=places)
    said = asyncio.run(events(deep(engine, *levels, context_tokens=context)))
    assert answer_to(said) == "42"
    assert isinstance(said[0], Started)
    assert [type(event) for event in said].count(Started) == 1
    assert [type(event) for event in said].count(Done) == 1
    assert isinstance(said[-1], Done)
    assert len(engine.requests) == sum(levels) + 1
    assert engine.running == engine.cut_short == []


@given(st.lists(st.text()))
def test_the_order_of_references_does_not_depend_on_who_ended_first(texts: list[str]) -> None:
    rollouts = [Rollout(text=text, concluded=True) for text in texts]
    assert arranged(rollouts) == arranged(rollouts[::-1])
    assert sorted(one.text for one in arranged(rollouts)) == sorted(text for text in texts if text.strip())


@given(st.lists(st.tuples(st.text(max_size=99), st.booleans())), st.integers(-10, 500))
def test_references_fit_and_keep_their_order(pairs: list[tuple[str, bool]], room: int) -> None:
    rollouts = [Rollout(text=text, concluded=concluded) for text, concluded in pairs]
    chosen = fitting(rollouts, room)
    assert sum(count(one.text) for one in chosen) <= max(0, room)
    left = iter(rollouts)
    assert all(any(one is other for other in left) for one in chosen)


def test_without_references_the_conversation_stays_as_it_is() -> None:
    assert prompted(ASKED.turns, ()) == ASKED.turns


async def test_a_question_finds_a_place_beside_the_rollouts() -> None:
    gate = Gate()

    def script(request: Request) -> Steps:
        return ANSWER if request.owner == "ben" or request.id.endswith("/answer") else [gate, Text(text="so")]

    engine = ScriptedEngine(script, places=5)
    line = InferenceManager(deep(engine, 8))
    await line.start()
    thinking = asyncio.create_task(events(line))
    await engine.begun(4)
    assert answer_to(await events(line, replace(ASKED, id="b", mode="quick", owner="ben", thread="u"))) == "42"
    assert len(engine.running) == 4
    gate.open()
    assert answer_to(await thinking) == "42"
