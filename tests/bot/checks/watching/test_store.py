"""Watches and their jobs in the store, on both databases."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.base import Author, Channel, Incoming, Thread, Workspace
from bot.store.checks import Effort, Planned
from bot.store.records import Job, Outcome, State
from bot.store.store import Store
from bot.store.watches import MOST, Watch
from inference.types import Finish

CHANNEL = Channel(platform="slack", workspace="T1", id="C1")
ADA = Author(id="U1", name="Ada", groups=("G1",))
THEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def store(store_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(store_url, tmp_path) as opened:
        yield opened


def message(id_: str, channel: Channel = CHANNEL) -> Incoming:
    thread = Thread(channel=channel, root=id_)
    return Incoming(thread=thread, message=id_, author=ADA, text="secret words", sent_at=THEN)


async def begun(store: Store, id_: str = "1", channel: Channel = CHANNEL) -> Watch:
    watch = await store.watches.begin(message(id_, channel), "paid?", "0 9 0", 5.0)
    assert watch is not None
    return watch


def found(*names: str, message: str = "m") -> list[Planned]:
    return [
        Planned(number=number, found=name, attachment=name, message=message, author="U2")
        for number, name in enumerate(names, start=1)
    ]


async def sighted(store: Store, watch: Watch, id_: str, *names: str) -> Job:
    job = await store.watches.sight(watch, message(id_), found(*names, message=id_))
    assert job is not None
    return job


async def test_a_watch_is_numbered_in_its_channel_and_made_once(store: Store) -> None:
    first, second = await begun(store), await begun(store, "2")
    assert (first.number, second.number) == (1, 2)
    assert (first.creator, first.since, first.state) == (ADA, THEN.timestamp(), "running")
    assert await begun(store) == first
    elsewhere = await begun(store, channel=replace(CHANNEL, id="C2"))
    assert elsewhere.number == 1
    assert await store.watches.of(CHANNEL) == [first, second]
    assert CHANNEL in dict(await store.watermarks()), "what is posted while we are away is found"


async def test_many_at_once_are_all_numbered(store: Store) -> None:
    watches = await asyncio.gather(*(begun(store, str(number % 8)) for number in range(16)))
    assert sorted({(one.id, one.number) for one in watches}, key=lambda one: one[1]) == [
        (next(other.id for other in watches if other.number == number), number) for number in range(1, 9)
    ]


async def test_there_is_a_limit(store: Store) -> None:
    for number in range(MOST):
        await begun(store, f"{number}")
    assert await store.watches.begin(message("more"), "paid?", "0 9 0", 5.0) is None
    first = await begun(store, "0")
    await store.watches.put(replace(first, state="removed"))
    assert (await begun(store, "more")).number == MOST + 1


async def test_what_changes_is_kept_and_a_removed_question_goes(store: Store) -> None:
    watch = await begun(store)
    changed = replace(watch, question="signed?", schedule="-1 8 0", state="paused", since=6.0, due_at=7.0)
    await store.watches.put(changed)
    assert await store.watches.get(watch.id) == changed
    await store.watches.put(replace(changed, state="removed"))
    assert await store.watches.of(CHANNEL) == []
    kept = await store.watches.numbered(CHANNEL, 1)
    assert kept is not None
    assert (kept.state, kept.question) == ("removed", "")


async def test_a_message_is_taken_up_once_for_each_watch_and_none_of_its_words_with_it(store: Store) -> None:
    first, second = await begun(store), await begun(store, "2")
    jobs = await asyncio.gather(
        *(store.watches.sight(watch, message("9"), found("a", "b")) for watch in (first, first, second))
    )
    made = [job for job in jobs if job is not None]
    assert sorted(job.watch or 0 for job in made) == [first.id, second.id]
    (job, _) = sorted(made, key=lambda one: one.watch or 0)
    assert "secret" not in repr(job)
    assert await store.thread_id(message("9").thread) is None, "people in the thread do not talk to us"
    assert {one.id for one in await store.unfinished()} == {one.id for one in made}
    plan = await store.checks.plan(job.id)
    assert plan is not None
    assert [one.found for one in plan.documents] == ["a", "b"]


async def test_what_was_deleted_before_is_not_taken_up(store: Store) -> None:
    watch = await begun(store)
    await store.forgetting.messages(CHANNEL, ["9"])
    assert await store.watches.sight(watch, message("9"), found("a")) is None


async def test_what_was_judged_before_is_found_again(store: Store) -> None:
    watch = await begun(store)
    first = await sighted(store, watch, "7", "a", "b")
    second = await sighted(store, watch, "8", "c")
    last = await sighted(store, watch, "9", "d")
    for job, number in ((first, 1), (second, 1)):
        await store.checks.settle(job.id, number, "{}", Effort(digest="digest"))
    assert [one.found for one in await store.watches.judged_before(last, most=10)] == ["a", "c"]
    assert [one.found for one in await store.watches.judged_before(last, most=1)] == ["c"]


async def test_only_one_watch_speaks_of_a_message(store: Store) -> None:
    watches = [await begun(store), await begun(store, "2")]
    first, second = [await sighted(store, watch, "9", "a") for watch in watches]
    assert not await store.watches.spoken_of(second)
    await store.answered(first, Outcome(text="", finish=Finish.COMPLETE))
    assert not await store.watches.spoken_of(second)
    await store.answered(first, Outcome(text="the same", finish=Finish.COMPLETE))
    assert await store.watches.spoken_of(second)
    assert not await store.watches.spoken_of(first)


async def test_a_digest_is_claimed_once_in_its_period(store: Store) -> None:
    watch = await begun(store)
    await sighted(store, watch, "9", "a")
    now = time.time()
    assert await store.watches.due(4.0) == []
    (due,) = await store.watches.due(now)
    jobs = await asyncio.gather(*(store.watches.tell(due, now, now + 60) for _ in range(5)))
    (job,) = [one for one in jobs if one is not None]
    assert (job.watch, job.state, job.incoming.thread) == (watch.id, State.WAITING, Thread(channel=CHANNEL, root=""))
    assert await store.watches.due(now) == []
    (again,) = await store.watches.due(now + 60)
    assert (again.told_until, again.due_at) == (now, now + 60)
    assert await store.watches.tell(again, now + 60, now + 120) is None, "nothing was posted since"
    assert [one.found for one in await store.watches.between(watch.id, watch.told_until, now, most=9)] == ["a"]
    assert await store.watches.between(watch.id, now, now + 60, most=9) == []


async def test_a_paused_watch_has_no_digest(store: Store) -> None:
    watch = await begun(store)
    await store.watches.put(replace(watch, state="paused"))
    assert await store.watches.due(time.time()) == []


async def test_what_is_deleted_goes_with_its_documents(store: Store) -> None:
    watch = await begun(store)
    first, second = await sighted(store, watch, "8", "a"), await sighted(store, watch, "9", "b")
    await store.checks.settle(first.id, 1, "{}", Effort(digest="digest", pages=3, seconds=1.5))
    await store.forgetting.messages(CHANNEL, ["8"])
    plan = await store.checks.plan(first.id)
    assert plan is not None
    assert plan.documents == ()
    spent = await store.spent(CHANNEL, 0.0, person=ADA.id)
    assert (spent.pages, spent.seconds) == (3, 1.5)
    assert len(await store.watches.between(watch.id, 0.0, time.time(), most=9)) == 1
    assert await store.job(second.id) is not None


@pytest.mark.parametrize("place", [CHANNEL, Workspace(platform="slack", id="T1")])
async def test_a_watch_goes_with_its_place(store: Store, place: Channel | Workspace) -> None:
    watch = await begun(store)
    other = await begun(store, channel=Channel(platform="slack", workspace="T2", id="C1"))
    await sighted(store, watch, "9", "a")
    await store.watches.forget_place(place)
    await store.forgetting.place(place)
    assert await store.watches.get(watch.id) is None
    assert await store.watches.get(other.id) is not None
    assert await store.watches.between(watch.id, 0.0, time.time(), most=9) == []


async def test_a_watch_goes_with_its_message_and_with_its_person(store: Store) -> None:
    first, second, third = [await begun(store, str(number)) for number in range(3)]
    await store.watches.forget_messages(CHANNEL, ["0"])
    assert await store.watches.of(CHANNEL) == [second, third]
    await store.watches.forget_place(Thread(channel=CHANNEL, root="1"))
    assert await store.watches.of(CHANNEL) == [second, third]
    await store.watches.forget_person("slack", "somebody else")
    assert await store.watches.get(second.id) is not None
    await store.watches.forget_person("slack", ADA.id)
    assert await store.watches.of(CHANNEL) == []
    assert first.id < second.id < third.id


async def test_what_watches_look_at_counts_for_the_channel_and_their_creator(store: Store) -> None:
    await sighted(store, await begun(store), "9", "a")
    since = (THEN - timedelta(days=1)).timestamp()
    assert (await store.spent(CHANNEL, since)).questions == 1
    assert (await store.spent(CHANNEL, since, person=ADA.id)).questions == 1
    assert (await store.spent(CHANNEL, since, person="U2")).questions == 0
