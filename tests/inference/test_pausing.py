"""The batch lane rests while people's questions run, takes turns where they go on, and loses nothing by it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from inference.engine import Capacity, Cost
from inference.line import Entry, LineLimits
from inference.manager import InferenceManager
from inference.room import Room
from inference.scripted import Gate, Pause, ScriptedEngine, Step
from inference.types import Finish, Lane, Request, Text
from tests.inference.test_manager import Reader, first_in, idle, names, request

FOREVER = LineLimits(rest_s=3600, work_s=3600)


async def test_a_question_pauses_the_batch_lane_until_it_is_answered() -> None:
    def script(request: Request) -> Iterator[Step]:
        yield Text(text="one ")
        yield gates[request.id]
        yield Text(text="two")

    gates = {name: Gate() for name in ("batch", "person")}
    engine = ScriptedEngine(script, places=2)
    manager = InferenceManager(engine, FOREVER)
    batch = Reader(manager, request("batch", lane=Lane.BATCH))
    await batch.sees(Text(text="one "))
    person = Reader(manager, request("person"))
    await person.sees(Text(text="one "))
    assert names(engine.resting) == ["batch"]
    now = manager.snapshot()
    assert (now.running, now.paused, now.load.rows, now.counts.preemptions) == (2, 1, 1, 1)
    gates["batch"].open()
    gates["person"].open()
    await person.done()
    assert (await batch.done()).finish is Finish.COMPLETE
    assert batch.events[1:-1] == [Text(text="one "), Text(text="two")]
    assert engine.resting == []
    assert manager.snapshot().counts.preemptions == 1


async def test_a_question_gets_the_place_of_what_rests() -> None:
    engine = ScriptedEngine(places=2)
    manager = InferenceManager(engine, FOREVER)
    engine.hold()
    batch = [Reader(manager, request(f"x{number}", lane=Lane.BATCH)) for number in range(3)]
    await engine.begun(2)
    person = Reader(manager, request("person"))
    await engine.begun(3)
    assert names(engine.running) == ["x0", "x1", "person"]
    assert names(engine.resting) == ["x0", "x1"]
    assert batch[2].positions[-1] == 1, "nobody of the batch lane goes in meanwhile"
    engine.release()
    for reader in (person, *batch):
        assert (await reader.done()).finish is Finish.COMPLETE
    assert names(engine.requests) == ["x0", "x1", "person", "x2"]
    assert idle(manager)


async def test_the_batch_lane_takes_turns_with_people_who_never_stop() -> None:
    engine = ScriptedEngine(lambda request: [Text(text="a"), *[Pause(0.001)] * 5, Text(text="b")], places=3)
    manager = InferenceManager(engine, LineLimits(rest_s=0.002, work_s=0.002))
    batch = [Reader(manager, request(f"x{number}", lane=Lane.BATCH)) for number in range(4)]

    async def asking() -> None:
        number = 0
        while not all(reader.task.done() for reader in batch):
            await Reader(manager, request(f"p{number}")).task
            number += 1

    await asyncio.gather(asking(), asking())
    assert all(reader.events[-2] == Text(text="b") for reader in batch)
    assert manager.snapshot().counts.preemptions > 0
    assert idle(manager)


async def test_an_engine_that_cannot_pause_is_asked_in_vain() -> None:
    class Rigid(ScriptedEngine):
        def pause(self, lanes: frozenset[Lane]) -> int:
            return 0

    engine = Rigid()
    manager = InferenceManager(engine, FOREVER)
    batch = await first_in(manager, engine, request("batch", lane=Lane.BATCH))
    person = Reader(manager, request("person"))
    await person.queued(1)
    engine.release()
    for reader in (batch, person):
        await reader.task
    assert manager.snapshot().counts.preemptions == 0


async def test_closing_lets_the_resting_end() -> None:
    engine = ScriptedEngine(places=2)
    manager = InferenceManager(engine, FOREVER)
    batch = await first_in(manager, engine, request("batch", lane=Lane.BATCH))
    person = Reader(manager, request("person"))
    await engine.begun(2)
    closing = asyncio.create_task(manager.close())
    engine.release()
    assert (await batch.done()).finish is Finish.COMPLETE
    assert (await person.done()).finish is Finish.COMPLETE
    await closing


def test_the_batch_lane_leaves_room_for_people() -> None:
    free = Capacity(requests=9, tokens=1000, bytes=1000)
    room = Room(0.25)
    assert room.fitting(entries(Lane.BATCH, 400, 400), free) == 1
    assert room.fitting(entries(Lane.INTERACTIVE, 400, 400), free) == 2
    nearly = replace(free, tokens=500, bytes=500)
    assert room.fitting(entries(Lane.BATCH, 300), nearly) == 0, "a quarter of what there was at most is kept"
    assert room.fitting(entries(Lane.BATCH, 250), nearly) == 1
    assert room.fitting(entries(Lane.INTERACTIVE, 500), nearly) == 1
    assert room.fitting(entries(Lane.INTERACTIVE, 1, 1), replace(free, requests=1)) == 1
    assert room.affordable(entries(Lane.INTERACTIVE, 1, 1), replace(free, requests=1)) == 2


def entries(lane: Lane, *tokens: int) -> list[Entry]:
    one = Request(id="", turns=(), lane=lane)
    return [Entry(one, Cost(prompt_tokens=count, output_tokens=0, bytes=count)) for count in tokens]
