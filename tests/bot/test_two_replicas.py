"""Two replicas of the whole service on one database and one platform: what one hears concerns the other."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from adapters.base import Action, Channel, Incoming, MessagesDeleted, Thread
from bot import absence, replies
from bot.admission import Refusal
from bot.documents import Documents
from bot.passing import Passing
from bot.service import Service
from bot.settings import AccessSettings, Selection, Settings
from bot.store.store import Store
from inference.engine import Engine
from inference.images import Decoder
from inference.manager import InferenceManager
from inference.scripted import ScriptedEngine, Step
from inference.summary import SummaryEngine, SummaryOptions
from inference.types import Request, Text, Thought
from tests.bot.test_service import BOB, CHANNEL, Stage
from tests.fakes.memory import MemoryAdapter

ABSTRACT = "I compared both pages."


Both = tuple[Stage, Stage]


@asynccontextmanager
async def replica(
    url: str, folder: Path, adapter: MemoryAdapter, engine: Engine | None = None, settings: Settings | None = None
) -> AsyncIterator[Stage]:
    scripted, settings, decoder = ScriptedEngine(), settings or Settings(), Decoder()
    async with Store(url, folder) as store:
        documents = Documents(decoder, Passing(folder / "passing"), settings.documents)
        service = Service(store, engine or scripted, documents, {adapter.platform: adapter}, settings)
        try:
            async with service.jobs, service.sharing.joined([adapter.platform]):
                sharing = asyncio.create_task(service.sharing.run())
                yield Stage(service, adapter, scripted, store)
                await service.jobs.drain(0)
                sharing.cancel()
                await asyncio.wait([sharing])
        finally:
            await decoder.close()


@asynccontextmanager
async def two(url: str, folder: Path, settings: Settings | None = None) -> AsyncIterator[tuple[Stage, Stage]]:
    adapter = MemoryAdapter()
    async with (
        replica(url, folder / "one", adapter, settings=settings) as one,
        replica(url, folder / "other", adapter, settings=settings) as other,
    ):
        for on in (one, other):
            assert await on.store.replicas.beat()
        yield one, other


@pytest.fixture
async def both(store_url: str, tmp_path: Path) -> AsyncIterator[Both]:
    async with two(store_url, tmp_path) as opened:
        yield opened


async def test_a_follow_up_that_another_heard_is_answered_by_the_first_and_in_order(both: Both) -> None:
    one, other = both
    one.engine.hold()
    asked = await one.say("First?", mentioned=True)
    await other.say("Second?", root=asked.thread.root)
    await one.say("Third?", root=asked.thread.root)
    await one.engine.begun()
    one.engine.release()
    texts = [(await one.adapter.answered(number)).text for number in range(3)]
    assert ["First?" in texts[0], "Second?" in texts[1], "Third?" in texts[2]] == [True, True, True]
    assert other.engine.requests == []


async def test_a_stop_is_heard_wherever_it_is_said(both: Both) -> None:
    one, other = both
    one.engine.hold()
    asked = await one.say("Why?", mentioned=True)
    await one.engine.begun()
    pressed = Action(thread=asked.thread, message="post-0", author=BOB, name=replies.STOP_ACTION, value="1")
    await other.service.handle(pressed)
    await one.adapter.until(lambda: one.adapter.last(1).text == replies.NOT_YOURS)
    await other.service.handle(replace(pressed, author=asked.author))
    await one.adapter.answered()
    await one.service.jobs.idle()
    assert one.engine.running == []
    assert await one.store.unfinished() == []


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
async def test_who_says_nothing_tells_a_supervisor_why(both: Both) -> None:
    """Its beats take too long, though the database answers."""
    one, other = both
    assert [await on.service.obstacle() for on in both] == ["", ""]
    time_flies = count(10**9, 10)
    one.store.replicas.clock = lambda: float(next(time_flies))
    assert await one.service.obstacle() == absence.UNSURE
    assert await other.service.obstacle() == ""


class Forgetful(ScriptedEngine):
    """Tells when it was told to forget something."""

    def __init__(self) -> None:
        super().__init__()
        self.told = asyncio.Event()

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        super().forget(threads, pictures)
        self.told.set()


async def test_what_was_deleted_is_forgotten_by_who_holds_it(store_url: str, tmp_path: Path) -> None:
    adapter, engine = MemoryAdapter(), Forgetful()
    async with (
        replica(store_url, tmp_path / "one", adapter, engine) as one,
        replica(store_url, tmp_path / "other", adapter) as other,
    ):
        await other.store.replicas.beat()
        asked = await one.say("Why?", mentioned=True)
        await adapter.answered()
        await one.service.jobs.idle()
        await other.service.handle(MessagesDeleted(channel=CHANNEL, messages=(asked.message,)))
        await adapter.until(lambda: adapter.last().text == replies.TAKEN_BACK)
        await asyncio.wait_for(engine.told.wait(), 30)
        assert engine.forgotten == {"1"}


async def test_a_reply_that_overtook_its_question_is_answered_and_one_from_before_is_not(both: Both) -> None:
    one, other = both
    before = await other.say("Hello all!", root="root")
    question = one.message("Why?", root="root", mentioned=True)
    after = one.message("And how?", root="root")
    await other.service.handle(after)
    await one.service.handle(question)
    assert "And how?" in (await one.adapter.answered(1)).text
    assert not await one.store.claimed(before)


async def test_how_an_answer_came_to_be_is_told_by_who_gave_it(store_url: str, tmp_path: Path) -> None:
    def script(request: Request) -> Iterator[Step]:
        if request.id.endswith("/summary"):
            yield Text(text=ABSTRACT)
        else:
            yield Thought(text="One page, and the other.")
            yield Text(text="They are equal.")

    adapter = MemoryAdapter()
    knowing = InferenceManager(SummaryEngine(ScriptedEngine(script), SummaryOptions(policy="on_demand")))
    async with (
        replica(store_url, tmp_path / "one", adapter, knowing) as one,
        replica(store_url, tmp_path / "other", adapter) as other,
    ):
        await one.store.replicas.beat()
        asked = await one.say("Are they equal?", mentioned=True)
        await adapter.answered()
        await one.service.jobs.idle()
        pressed = Action(thread=asked.thread, message="post-0", author=BOB, name=replies.EXPLAIN_ACTION, value="1")
        await other.service.handle(pressed)
        await adapter.until(lambda: adapter.last().reasoning == ABSTRACT)


async def test_a_refusal_is_said_once(store_url: str, tmp_path: Path) -> None:
    settings = Settings(access=AccessSettings(deny=Selection(channels=(CHANNEL.id,))))
    async with two(store_url, tmp_path, settings) as (one, other):
        await other.service.handle(await one.say("Why?", mentioned=True))
        await one.service.jobs.idle()
        await other.service.jobs.idle()
        said = [states[-1].text for states in one.adapter.posts.values()]
    assert said == [replies.REFUSED[Refusal.PLACE]]


class Counting(MemoryAdapter):
    """Counts how often its history is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def history(self, place: Channel | Thread, *, since: datetime | None = None) -> AsyncGenerator[Incoming, None]:
        self.reads += 1
        return super().history(place, since=since)


async def test_one_of_them_looks_for_what_was_missed(store_url: str, tmp_path: Path) -> None:
    adapter = Counting()
    async with (
        replica(store_url, tmp_path / "one", adapter) as one,
        replica(store_url, tmp_path / "other", adapter) as other,
    ):
        await one.say("Why?", mentioned=True)
        await adapter.answered()
        since, adapter.reads = time.time(), 0
        await asyncio.gather(*(on.service.catch_up.look(since) for on in (one, other)))
        assert adapter.reads == 2, "the channel and its thread"
        await other.service.catch_up.look()
        assert adapter.reads == 4
