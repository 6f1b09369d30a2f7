"""The manager in front of a scripted engine: what each reader sees, and that no slot is ever lost."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.engine import Capacity, Cost, Engine
from inference.errors import Busy, Dead, Failed
from inference.manager import InferenceManager, LineLimits, Snapshot
from inference.scripted import Gate, Pause, Script, ScriptedEngine, Step
from inference.snapshot import Counts
from inference.types import Done, Event, Finish, Lane, Queued, Request, Started, Text, Thought, Turn, Usage


def request(
    name: str,
    owner: str = "",
    thread: str = "",
    *,
    lane: Lane = Lane.INTERACTIVE,
    group: str = "",
    seconds: float | None = None,
) -> Request:
    """``seconds`` are left until the deadline."""
    deadline = None if seconds is None else time.monotonic() + seconds
    turns = (Turn(role="user", text=name),)
    return Request(id=name, turns=turns, owner=owner, thread=thread, lane=lane, group=group, deadline=deadline)


class Reader:
    """Reads a stream in a task of its own."""

    def __init__(self, engine: Engine, request: Request) -> None:
        self.events: list[Event] = []
        self._changed = asyncio.Event()
        self.task = asyncio.create_task(self._read(engine.generate(request)))

    async def _read(self, stream: AsyncGenerator[Event, None]) -> list[Event]:
        async with aclosing(stream):
            async for event in stream:
                self.events.append(event)
                self._changed.set()
        return self.events

    async def sees(self, event: Event) -> None:
        await self._until(lambda: event in self.events)

    async def queued(self, position: int) -> None:
        await self._until(lambda: position in self.positions)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])

    async def done(self) -> Done:
        last = (await self.task)[-1]
        assert isinstance(last, Done)
        return last

    @property
    def positions(self) -> list[int]:
        return [event.position for event in self.events if isinstance(event, Queued)]


class Time:
    """A clock that only pauses of a script move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def names(requests: list[Request]) -> list[str]:
    return [one.id for one in requests]


def idle(manager: InferenceManager) -> bool:
    now = manager.snapshot()
    return now.interactive == now.batch == now.running == 0


async def first_in(manager: InferenceManager, engine: ScriptedEngine, request: Request) -> Reader:
    """A reader whose request runs, held by the engine."""
    engine.hold()
    reader = Reader(manager, request)
    await engine.begun()
    return reader


async def test_alone_in_line_one_is_answered_as_by_the_engine() -> None:
    alone = await Reader(ScriptedEngine(), request("a")).task
    events = await Reader(InferenceManager(ScriptedEngine()), request("a")).task
    assert alone[0] == events[0] == Started()
    assert [type(event) for event in events] == [Started, Thought, Text, Done]
    assert "".join(event.text for event in alone if isinstance(event, Text)) == events[2].text
    assert replace(events[-1], timings=alone[-1].timings) == alone[-1]


async def test_who_must_wait_is_told_at_once_and_as_the_line_moves() -> None:
    gates = {name: Gate() for name in ("running", "a", "b", "c")}
    engine = ScriptedEngine(lambda request: [gates[request.id]])
    manager = InferenceManager(engine)
    running, *waiting = [Reader(manager, request(name)) for name in gates]
    for position, reader in enumerate(waiting, start=1):
        await reader.queued(position)
    await waiting[0].close()
    await waiting[2].queued(2)
    gates["running"].open()
    await waiting[2].queued(1)
    gates["b"].open()
    gates["c"].open()
    for reader in (running, *waiting[1:]):
        await reader.task
    assert running.positions == []
    assert [reader.positions for reader in waiting] == [[1], [2, 1], [3, 2, 1]]
    assert names(engine.requests) == ["running", "b", "c"]


async def test_people_take_turns() -> None:
    engine = ScriptedEngine()
    manager = InferenceManager(engine)
    readers = [await first_in(manager, engine, request("a0", "anna"))]
    readers += [Reader(manager, request(f"a{number}", "anna")) for number in range(1, 4)]
    readers += [Reader(manager, request(f"b{number}", "ben")) for number in range(2)]
    readers += [Reader(manager, request("x", "bot", lane=Lane.BATCH))]
    await readers[-1].queued(6)
    now = manager.snapshot()
    assert (now.interactive, now.batch, now.running) == (5, 1, 1)
    engine.release()
    for reader in readers:
        await reader.task
    assert names(engine.requests) == ["a0", "b0", "a1", "b1", "a2", "a3", "x"]


async def test_as_many_run_as_the_engine_takes_but_one_of_a_thread() -> None:
    engine = ScriptedEngine(places=3)
    manager = InferenceManager(engine)
    readers = [await first_in(manager, engine, request("t0", thread="t"))]
    readers += [Reader(manager, request(name, thread=name[0])) for name in ("t1", "u0", "v0", "w0")]
    await engine.begun(3)
    await readers[4].queued(2)
    assert names(engine.running) == ["t0", "u0", "v0"]
    engine.release()
    for reader in readers:
        await reader.task
    assert engine.requests.index(request("t1", thread="t")) > 2


async def test_nobody_takes_all_places_alone() -> None:
    engine = ScriptedEngine(places=8)
    manager = InferenceManager(engine)
    readers = [await first_in(manager, engine, request("a0", "anna"))]
    readers += [Reader(manager, request(f"a{number}", "anna")) for number in range(1, 8)]
    await readers[-1].queued(2)
    readers += [Reader(manager, request("b", "ben")), Reader(manager, request("c", "cleo"))]
    await engine.begun(8)
    assert names(engine.running) == [*(f"a{number}" for number in range(6)), "b", "c"]
    engine.release()
    for reader in readers:
        assert (await reader.done()).finish is Finish.COMPLETE


async def test_a_group_goes_in_together() -> None:
    engine = ScriptedEngine(places=3)
    manager = InferenceManager(engine)
    readers = [await first_in(manager, engine, request("a"))]
    readers += [Reader(manager, request(f"g{number}", group="g")) for number in range(3)]
    readers += [Reader(manager, request("b"))]
    await readers[-1].queued(4)
    assert names(engine.running) == ["a"], "there is no room for all three"
    engine.release()
    for reader in readers:
        await reader.task
    assert names(engine.requests) == ["a", "g0", "g1", "g2", "b"]


async def test_a_group_that_arrives_together_finds_an_idle_engine_together() -> None:
    engine = ScriptedEngine(places=2)
    manager = InferenceManager(engine)
    await asyncio.gather(*(Reader(manager, request(f"g{number}", group="g")).task for number in range(3)))
    assert names(engine.requests) == ["g0", "g1", "g2"]


class Small(ScriptedEngine):
    """Has ten tokens; each request takes as many as its name says."""

    def cost(self, request: Request) -> Cost:
        return Cost(prompt_tokens=int(request.id), output_tokens=0)

    def capacity(self) -> Capacity:
        return replace(super().capacity(), tokens=10 - sum(int(one.id) for one in self.running))


async def test_only_what_fits_goes_in_and_nobody_slips_past() -> None:
    engine = Small(places=9)
    manager = InferenceManager(engine)
    readers = [await first_in(manager, engine, request("6"))]
    readers += [Reader(manager, request(name)) for name in ("3", "5", "1", "99")]
    await readers[-1].queued(3)
    assert names(engine.running) == ["6", "3"]
    engine.release()
    for reader in readers:
        await reader.task
    assert names(engine.requests) == ["6", "3", "5", "1", "99"], "what never fits is for the engine to refuse"


async def test_giving_up_while_waiting_costs_the_engine_nothing() -> None:
    engine = ScriptedEngine()
    manager = InferenceManager(engine)
    running = await first_in(manager, engine, request("a"))
    stream = manager.generate(request("b"))
    assert await anext(stream) == Queued(position=1)
    await stream.aclose()
    assert manager.snapshot().interactive == 0
    engine.release()
    await running.task
    assert names(engine.requests) == ["a"]


async def test_giving_up_while_running_stops_the_engine_and_lets_the_next_in() -> None:
    engine = ScriptedEngine()
    manager = InferenceManager(engine)
    running = await first_in(manager, engine, request("a"))
    waiting = Reader(manager, request("b"))
    await waiting.queued(1)
    await running.close()
    assert names(engine.cut_short) == ["a"]
    engine.release()
    assert (await waiting.done()).finish is Finish.COMPLETE
    assert idle(manager)


async def test_closing_the_stream_closes_the_engines() -> None:
    engine = ScriptedEngine(lambda request: [Text(text="a"), Gate()])
    stream = InferenceManager(engine).generate(request("a"))
    assert [await anext(stream), await anext(stream)] == [Started(), Text(text="a")]
    await stream.aclose()
    assert names(engine.cut_short) == ["a"]
    assert engine.running == []


async def test_a_full_line_refuses_at_once() -> None:
    engine = ScriptedEngine()
    manager = InferenceManager(engine, LineLimits(length=3, per_owner=2))
    readers = [await first_in(manager, engine, request("a0", "anna"))]
    readers += [Reader(manager, request(f"a{number}", "anna")) for number in (1, 2)]
    await readers[-1].queued(2)
    with pytest.raises(Busy, match="as many questions") as caught:
        await Reader(manager, request("a3", "anna")).task
    assert caught.value.retry_after == 30
    readers += [Reader(manager, request("b", "ben"))]
    await readers[-1].queued(1)
    assert manager.capacity().requests == 0
    with pytest.raises(Busy, match="line is full"):
        await Reader(manager, request("c", "cleo")).task
    engine.release()
    for reader in readers:
        await reader.task
    assert len(engine.requests) == 4


async def test_a_burst_fills_engine_and_line_before_anyone_is_refused() -> None:
    manager = InferenceManager(ScriptedEngine(), LineLimits(length=2))
    results = await asyncio.gather(
        *(Reader(manager, request(str(number))).task for number in range(4)), return_exceptions=True
    )
    assert [isinstance(result, Busy) for result in results] == [False, False, False, True]


def steady(request: Request) -> Iterator[Step]:
    """Two seconds to the first word, then four for nine more."""
    yield Pause(2)
    yield Text(text="one ")
    yield Pause(4)
    yield Text(text="more " * 9)


async def test_times_are_told_from_what_was_measured() -> None:
    clock, gate = Time(), Gate()

    def script(request: Request) -> Iterator[Step]:
        yield from steady(request) if request.id == "first" else (Pause(1.5), Text(text="a"), gate)

    engine = ScriptedEngine(script, sleep=clock.sleep)
    manager = InferenceManager(engine, LineLimits(length=2), clock=clock)
    done = await Reader(manager, request("first")).done()
    assert (done.timings.queued_s, done.timings.first_token_s, done.timings.total_s) == (0, 2, 6)
    now = manager.snapshot()
    assert (now.prompt_rate, now.output_rate) == (0.5, 2.5)

    running = Reader(manager, request("running"))
    await running.sees(Text(text="a"))
    readers = [Reader(manager, request(name)) for name in ("a", "b")]
    await readers[0].sees(Queued(position=1, eta_s=4.5))
    await readers[1].sees(Queued(position=2, eta_s=10.5))
    with pytest.raises(Busy) as caught:
        await Reader(manager, request("c")).task
    assert caught.value.retry_after == 4.5
    clock.now += 2
    assert manager.snapshot().longest_wait_s == 2
    gate.open()
    done = await readers[0].done()
    assert (done.timings.queued_s, done.timings.first_token_s, done.timings.total_s) == (2, 3.5, 3.5)
    for reader in (running, *readers):
        await reader.task


async def test_an_engine_that_counts_no_tokens_is_timed_by_the_answer() -> None:
    clock = Time()
    engine = ScriptedEngine(lambda request: [Pause(7), Done()], sleep=clock.sleep)
    manager = InferenceManager(engine, clock=clock)
    await Reader(manager, request("a")).task
    running = await first_in(manager, engine, request("b"))
    waiting = Reader(manager, request("c"))
    await engine.begun(2)
    await waiting.sees(Queued(position=1, eta_s=7))
    engine.release()
    await asyncio.gather(running.task, waiting.task)


async def test_who_waits_for_their_own_thread_is_told_so() -> None:
    clock = Time()
    engine = ScriptedEngine(lambda request: [Pause(7), Done()], places=2, sleep=clock.sleep)
    manager = InferenceManager(engine, clock=clock)
    await Reader(manager, request("a")).task
    running = await first_in(manager, engine, request("b", thread="t"))
    await engine.begun(2)
    waiting = Reader(manager, request("c", thread="t"))
    await waiting.sees(Queued(position=1, eta_s=7))
    engine.release()
    await asyncio.gather(running.task, waiting.task)


async def test_a_deadline_that_comes_in_the_line_ends_it() -> None:
    engine = ScriptedEngine()
    manager = InferenceManager(engine)
    running = await first_in(manager, engine, request("a"))
    waiting = Reader(manager, request("b", seconds=0.02))
    assert (await waiting.done()).finish is Finish.DEADLINE
    assert waiting.events[:-1] == [Queued(position=1)]
    late = Reader(manager, request("c", seconds=-1))
    assert (await late.done()).finish is Finish.DEADLINE
    assert len(late.events) == 1
    engine.release()
    await running.task
    assert names(engine.requests) == ["a"]


class Stubborn(ScriptedEngine):
    """Does not know of deadlines."""

    def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        return super().generate(replace(request, deadline=None))


@pytest.mark.parametrize("kind", [ScriptedEngine, Stubborn])
async def test_a_deadline_that_comes_in_the_answer_keeps_what_was_said(kind: type[ScriptedEngine]) -> None:
    engine = kind(lambda request: [Text(text="as far as"), Gate()])
    manager = InferenceManager(engine, LineLimits(overtime_s=0.05))
    reader = Reader(manager, request("a", seconds=0.02))
    assert (await reader.done()).finish is Finish.DEADLINE
    assert reader.events[1] == Text(text="as far as")
    assert bool(engine.cut_short) == (kind is Stubborn)
    assert idle(manager)


async def test_a_failure_is_one_requests_own() -> None:
    def script(request: Request) -> Iterator[Step]:
        yield Text(text="so far")
        yield Failed("No more.") if request.id == "bad" else Done()

    manager = InferenceManager(ScriptedEngine(script))
    bad, good = Reader(manager, request("bad")), Reader(manager, request("good"))
    with pytest.raises(Failed, match="No more"):
        await bad.task
    assert bad.events[-1] == Text(text="so far")
    assert (await good.done()).finish is Finish.COMPLETE


async def test_what_an_engine_must_not_raise_becomes_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    def script(request: Request) -> Iterator[Step]:
        yield Text(text=str({}["missing"]))

    manager = InferenceManager(ScriptedEngine(script))
    with pytest.raises(Failed, match="Something went wrong") as caught:
        await Reader(manager, request("a")).task
    assert isinstance(caught.value.__cause__, KeyError)
    assert caplog.records[0].levelno == logging.ERROR
    assert idle(manager)


class Silent(ScriptedEngine):
    """Ends its streams without a word."""

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        yield Started()


async def test_a_stream_without_an_end_is_a_failure() -> None:
    with pytest.raises(Failed, match="broke off"):
        await Reader(InferenceManager(Silent()), request("a")).task


async def test_the_death_of_the_engine_is_told_to_everyone() -> None:
    gate = Gate()

    def script(request: Request) -> Iterator[Step]:
        yield Text(text="so far")
        yield gate if request.id == "dies" else Gate()
        yield Dead("The engine is gone.")

    engine = ScriptedEngine(script, places=2)
    manager = InferenceManager(engine)
    readers = [Reader(manager, request(name)) for name in ("dies", "beside", "waits")]
    await readers[2].queued(1)
    await readers[1].sees(Text(text="so far"))
    gate.open()
    for reader in readers:
        with pytest.raises(Dead):
            await reader.task
    with pytest.raises(Dead):
        await Reader(manager, request("later")).task
    assert names(engine.cut_short) == ["beside"]
    assert idle(manager)


async def test_a_slow_reader_holds_up_nobody_and_gets_it_all_in_one_piece() -> None:
    engine = ScriptedEngine(lambda request: [Text(text=f"{number} ") for number in range(1000)])
    manager = InferenceManager(engine)
    async with aclosing(manager.generate(request("slow"))) as slow:
        assert await anext(slow) == Started()
        await Reader(manager, request("quick")).task
        rest = [event async for event in slow]
    assert rest[0] == Text(text="".join(f"{number} " for number in range(1000)))
    assert [type(event) for event in rest] == [Text, Done]


async def test_of_positions_a_slow_reader_gets_the_newest() -> None:
    engine = ScriptedEngine()
    manager = InferenceManager(engine)
    running = await first_in(manager, engine, request("a"))
    before = [Reader(manager, request(name)) for name in ("b", "c")]
    await before[-1].queued(2)
    async with aclosing(manager.generate(request("slow"))) as slow:
        assert await anext(slow) == Queued(position=3)
        for reader in before:
            await reader.close()
        assert await anext(slow) == Queued(position=1)
    engine.release()
    await running.task


async def test_closing_lets_the_running_end_and_sends_the_others_away() -> None:
    engine = ScriptedEngine()
    manager = InferenceManager(engine)
    running = await first_in(manager, engine, request("a"))
    waiting = Reader(manager, request("b"))
    await waiting.queued(1)
    closing = asyncio.create_task(manager.close())
    with pytest.raises(Busy, match="restart"):
        await waiting.task
    with pytest.raises(Busy, match="restart"):
        await Reader(manager, request("c")).task
    engine.release()
    assert (await running.done()).finish is Finish.COMPLETE
    await closing
    await manager.close()


async def test_closing_stops_what_does_not_end_and_keeps_what_was_said() -> None:
    engine = ScriptedEngine(lambda request: [Text(text="so far"), Gate()], places=2)
    manager = InferenceManager(engine, LineLimits(closing_s=0.01))
    readers = [Reader(manager, request(name)) for name in ("a", "b")]
    for reader in readers:
        await reader.sees(Text(text="so far"))
    await manager.close()
    assert [(await reader.done()).finish for reader in readers] == [Finish.STOPPED] * 2
    assert names(engine.cut_short) == ["a", "b"]
    assert idle(manager)


async def test_200_questions_in_20_threads_are_all_answered_once_and_in_order() -> None:
    engine = ScriptedEngine(places=4)
    manager = InferenceManager(engine, LineLimits(length=200, per_owner=20))
    asked = [
        request(f"{thread}-{number}", f"owner {thread % 7}", str(thread)) for number in range(5) for thread in range(20)
    ]
    asked += [request(f"x{number}", f"bot {number}", lane=Lane.BATCH) for number in range(100)]
    for reader in [Reader(manager, one) for one in asked]:
        assert (await reader.done()).finish is Finish.COMPLETE
    assert sorted(names(engine.requests)) == sorted(names(asked))
    for thread in range(20):
        mine = [name for name in names(engine.requests) if name.startswith(f"{thread}-")]
        assert mine == sorted(mine)
    assert idle(manager)


def unruly(random: Random) -> Script:
    """Scripts that say, wait, fail, or break off."""

    def script(request: Request) -> Iterator[Step]:
        for _ in range(random.randrange(4)):
            yield random.choice([Text(text="a"), Thought(text="b"), Pause(0)])
        yield random.choice([Done(usage=Usage(answer_tokens=3)), Done(), Failed("No."), Text(text="end")])

    return script


async def read_some(engine: Engine, request: Request, enough: int) -> list[Event]:
    """Read so many events, and give up then; Failed and Busy count as answers."""
    events: list[Event] = []
    try:
        async with aclosing(engine.generate(request)) as stream:
            async for event in stream:
                events.append(event)
                if len(events) == enough:
                    break
    except (Failed, Busy):
        events.append(Done(finish=Finish.FAILED))
    return events


async def live_through(seed: int, places: int) -> None:
    random = Random(seed)
    engine = ScriptedEngine(unruly(random), places=places)
    manager = InferenceManager(engine, LineLimits(length=12, per_owner=6, batch_turn=3))
    asked = [
        request(
            str(number),
            random.choice("abc"),
            random.choice(["", "s", "t"]),
            lane=random.choice(list(Lane)),
            group=random.choice(["", "", "g"]),
            seconds=random.choice([None, None, 0.0, 60.0]),
        )
        for number in range(30)
    ]
    readings = []
    for one in asked:
        enough = random.choice([1, 2, 3, 99, 99])
        readings.append((enough, asyncio.create_task(read_some(manager, one, enough))))
        if random.random() < 0.3:
            random.choice(readings)[1].cancel()
        if random.random() < 0.5:
            await asyncio.wait([random.choice(readings)[1]])
    await asyncio.wait([task for _, task in readings])
    for enough, task in readings:
        if not task.cancelled():
            events = task.result()
            ends = [event for event in events if isinstance(event, Done)]
            assert len(events) == enough or (len(ends) == 1 and events[-1] is ends[0])
    assert idle(manager)
    assert engine.running == []
    assert len(set(names(engine.requests))) == len(engine.requests)
    assert (await read_some(manager, request("after all"), 99))[-1].finish in (Finish.COMPLETE, Finish.FAILED)


@given(seed=st.integers(0, 2**32), places=st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_no_slot_is_lost_and_nothing_is_answered_twice(seed: int, places: int) -> None:
    asyncio.run(live_through(seed, places))


async def test_nothing_happening_looks_like_it() -> None:
    nothing = Snapshot(interactive=0, batch=0, running=0, longest_wait_s=0, prompt_rate=None, output_rate=None)
    manager = InferenceManager(ScriptedEngine())
    assert manager.snapshot() == nothing
    assert manager.name == "scripted"
    await manager.start()
    await manager.close()


async def test_what_became_of_the_requests_is_counted() -> None:
    def script(request: Request) -> Iterator[Step]:
        yield Text(text="a")
        if request.id == "bad":
            yield Failed("No.")
        if request.id == "stays":
            yield Gate()
        yield Done(usage=Usage(prompt_tokens=7, cached_tokens=5, reasoning_tokens=2, answer_tokens=1))

    clock = Time()
    engine = ScriptedEngine(script)
    manager = InferenceManager(engine, LineLimits(length=1), clock=clock)
    stays = Reader(manager, request("stays"))
    await stays.sees(Text(text="a"))
    good = Reader(manager, request("good"))
    await good.queued(1)
    with pytest.raises(Busy):
        await Reader(manager, request("refused")).task
    clock.now += 3
    await stays.close()
    await good.task
    with pytest.raises(Failed):
        await Reader(manager, request("bad")).task
    await Reader(manager, request("late", seconds=-1)).task
    assert manager.snapshot().counts == Counts(
        answered=1,
        deadlines=1,
        stopped=1,
        failed=1,
        refused=1,
        entered=3,
        waited_s=3.0,
        prompt_tokens=7,
        cached_tokens=5,
        output_tokens=3,
    )
