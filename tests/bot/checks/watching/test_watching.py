"""Watches through the service, on both databases: verdicts, hands, orders, restarts."""

import asyncio
import sqlite3
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.base import Action, Author, Incoming, MessagesDeleted, PlaceDeleted, Post, Thread
from adapters.errors import Forbidden, Unreachable
from bot import absence
from bot.checks.watching import replies
from bot.settings import AccessSettings, Allowance, QuotaSettings, Selection, StoreSettings
from inference.errors import Dead
from inference.scripted import ScriptedEngine, Step
from inference.types import Lane, Request, Text
from tests.bot.checks.samples import drawing, said
from tests.bot.test_service import ADA, BOB, CHANNEL, Stage, stage
from tests.fakes.memory import MemoryAdapter

WATCH = "watch this channel: has this invoice been paid?"
DAY = 86_400.0
STATES = {"paid": "paid", "open": "unpaid", "none": "none", "memo": "none"}


def by_name(request: Request) -> Iterator[Step]:
    """Documents say in their names what they are: status, number and, maybe, account: ``open-7-DE1.png``."""
    status, number, *account = request.images[0].label.split()[1].split(".")[0].split("-")
    kind = "letter" if status == "memo" else "invoice"
    fields = {"number": number, "account": account[0] if account else None, "amount": f"{number}.00"}
    yield Text(text=said(document=kind, payment_status=STATES[status], **fields))


class Scene:
    """Opens stages on one database and one platform, as often as the bot is started."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self.adapter = MemoryAdapter()

    def open(self, engine: ScriptedEngine | None = None, **settings: Any) -> Any:
        chosen = engine or ScriptedEngine(by_name)
        return stage(self._folder, chosen, self.adapter, store=StoreSettings(url=self._url), **settings)


@pytest.fixture
def scene(store_url: str, tmp_path: Path) -> Scene:
    return Scene(store_url, tmp_path)


@pytest.fixture
async def on(scene: Scene) -> AsyncIterator[Stage]:
    async with scene.open() as opened:
        yield opened


async def told(on: Stage, text: str, author: Author = ADA, **changes: Any) -> str:
    """Our reply to what somebody orders."""
    asked = await on.say(text, author=author, mentioned=True, **changes)
    await on.service.jobs.idle()
    said = on.adapter.threads[asked.thread]
    return on.adapter.posts[said[-1]][-1].text if said else whispered(on)


def whispered(on: Stage) -> str:
    return next(states[-1].text for states in reversed(on.adapter.posts.values()) if states[-1].only_for)


async def put(on: Stage, *names: str, seeds: tuple[int, ...] = (), **changes: Any) -> Incoming:
    """Post documents, and wait until they have been looked at."""
    message = await posted(on, *names, seeds=seeds, **changes)
    await on.service.jobs.idle()
    return message


async def posted(on: Stage, *names: str, seeds: tuple[int, ...] = (), **changes: Any) -> Incoming:
    numbers = seeds or tuple(zlib.crc32(name.encode()) for name in names)
    files = [on.attach(name, drawing(number)) for name, number in zip(names, numbers, strict=True)]
    return await on.say("", *files, **{"author": BOB, **changes})


def hands(on: Stage, message: Incoming) -> list[str]:
    """What we said in the message's thread."""
    return [on.adapter.posts[one][-1].text for one in on.adapter.threads.get(message.thread, [])]


def digests(on: Stage) -> list[Post]:
    """What we said in the channel of our own accord."""
    return [on.adapter.posts[one][-1] for one in on.adapter.threads.get(Thread(channel=CHANNEL, root=""), [])]


async def test_each_new_document_is_marked_and_nothing_is_said(on: Stage) -> None:
    before = await put(on, "open-1.png")
    said = await told(on, WATCH)
    assert "watch 1" in said
    assert "✅ paid, ❌ open, ❔ without a status" in said
    assert "every Monday at 09:00 UTC" in said
    marks = {}
    for name in ("paid-2.png", "open-3.png", "none-4.png", "memo-5.png"):
        message = await put(on, name)
        marks[name] = on.adapter.reactions[message.message]
        assert hands(on, message) == []
    assert marks == {"paid-2.png": ["✅"], "open-3.png": ["❌"], "none-4.png": ["❔"], "memo-5.png": []}
    assert on.adapter.reactions[before.message] == [], "it was there before"
    broken = await on.say("", on.attach("broken.pdf", b"%PDF-1.7"), author=BOB)
    notes = await on.say("", on.attach("notes.txt", b"text"), author=BOB)
    await on.service.jobs.idle()
    assert (on.adapter.reactions[broken.message], on.adapter.reactions[notes.message]) == (["⚠️"], [])
    assert {request.lane for request in on.engine.requests} == {Lane.BATCH}


async def test_several_documents_of_a_message_and_those_in_threads_and_from_bots(on: Stage) -> None:
    await told(on, WATCH)
    both = await put(on, "open-1.png", "paid-2.png", author=Author(id="b", name="Billing", bot=True))
    reply = await put(on, "none-3.png", root=both.message)
    assert on.adapter.reactions[both.message] == ["✅", "❌"]
    assert on.adapter.reactions[reply.message] == ["❔"]
    own = await put(on, "paid-4.png", own=True)
    assert on.adapter.reactions[own.message] == []


async def test_a_document_that_comes_with_a_question_is_answered_and_marked(on: Stage) -> None:
    await told(on, WATCH)
    asked = await put(on, "open-1.png", mentioned=True)
    assert on.adapter.reactions[asked.message] == ["❌"]
    assert len(hands(on, asked)) == 1


async def test_the_same_document_again_raises_a_hand(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "open-1.png", seeds=(1,), link="https://chat.example/1")
    same = await put(on, "open-1.png", seeds=(1,))
    (hand,) = hands(on, same)
    assert "is the same document as [open\\-1\\.png](https://chat.example/1)" in hand
    picture = on.attach("open-1.jpg", drawing(1, scale=2, kind="JPEG"))
    alike = await on.say("", picture, author=BOB)
    await on.service.jobs.idle()
    (hand,) = hands(on, alike)
    assert "looks like" in hand
    other = await put(on, "open-2.png", seeds=(2,))
    assert hands(on, other) == []
    assert on.adapter.reactions[same.message] == ["❌"]


async def test_twice_in_one_message_raises_a_hand_too(on: Stage) -> None:
    await told(on, WATCH)
    message = await put(on, "open-1.png", "open-1-copy.png", seeds=(1, 1))
    assert len(hands(on, message)) == 1


async def test_a_known_number_with_another_account_raises_a_hand(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "open-1-DE1.png", seeds=(1,))
    fine = await put(on, "paid-1-DE1.png", seeds=(2,))
    assert hands(on, fine) == []
    forged = await put(on, "open-1-DE2.png", seeds=(3,))
    (hand,) = hands(on, forged)
    assert "another account to pay to" in hand
    copied = await on.say("", on.attach("open-1-DE3.jpg", drawing(1, kind="JPEG")), author=BOB)
    await on.service.jobs.idle()
    (hand,) = hands(on, copied)
    assert "another account to pay to" in hand


async def test_documents_of_another_kind_raise_no_hands(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "memo-1.png", seeds=(1,))
    assert hands(on, await put(on, "memo-1.png", seeds=(1,))) == []


async def test_two_watches_mark_both_and_speak_once(on: Stage) -> None:
    await told(on, WATCH)
    await told(on, "watch this channel: is it an invoice?")
    await put(on, "open-1.png", seeds=(1,))
    again = await put(on, "open-1.png", seeds=(1,))
    assert set(on.adapter.reactions[again.message]) == {"✅", "❌"}
    assert len(hands(on, again)) == 1


async def test_strangers_words_are_escaped(on: Stage) -> None:
    await told(on, WATCH)
    name = "open-1-](http:__evil)`*.png"
    await put(on, name, seeds=(1,))
    (hand,) = hands(on, await put(on, name, seeds=(1,)))
    assert "](http:" not in hand
    assert "\\]\\(http" in hand


async def test_twins_make_one_job_and_one_watch(on: Stage) -> None:
    order = on.message(WATCH, mentioned=True)
    await asyncio.gather(*(on.service.handle(order) for _ in range(5)))
    assert len(await on.store.watches.of(CHANNEL)) == 1
    message = await posted(on, "open-1.png")
    await asyncio.gather(*(on.service.handle(message) for _ in range(5)))
    await on.service.jobs.idle()
    await on.service.handle(message)
    await on.service.jobs.idle()
    assert (len(on.engine.requests), on.adapter.reactions[message.message]) == (1, ["❌"])


async def test_what_was_read_for_the_same_question_is_not_read_again(on: Stage) -> None:
    await put(on, "open-1.png", seeds=(1,))
    await told(on, "check this channel: has this invoice been paid?")
    assert len(on.engine.requests) == 1
    await told(on, WATCH)
    again = await put(on, "copy.png", seeds=(1,))
    assert (len(on.engine.requests), on.adapter.reactions[again.message]) == (1, ["❌"])


async def test_watches_are_listed_paused_resumed_changed_and_removed(on: Stage) -> None:
    assert await told(on, "watches") == replies.NONE
    await told(on, "watch this channel every day at 8: has this invoice been paid?")
    assert "**Watch 1**: has this invoice been paid? Digest every day at 08:00 UTC, by Ada" in await told(on, "watches")
    assert "paused" in await told(on, "pause watch 1")
    assert "(paused)" in await told(on, "watches")
    paused = await put(on, "open-1.png")
    assert "running" in await told(on, "resume watch 1")
    await on.service.handle(paused)
    resumed = await put(on, "open-2.png")
    assert "Friday" in await told(on, "change watch 1: is this signed? every Friday")
    changed = await put(on, "open-3.png")
    assert "removed" in await told(on, "remove watch 1")
    assert "removed" in await told(on, "remove watch 1"), "as often as the event comes"
    removed = await put(on, "open-4.png")
    marks = [on.adapter.reactions[one.message] for one in (paused, resumed, changed, removed)]
    assert marks == [[], ["❌"], ["✅"], []]
    assert [request.turns[0].text.count("is this signed?") for request in on.engine.requests] == [0, 1]
    for order in ("pause watch 1", "resume watch 1", "change watch 1: what?", "pause watch 7"):
        assert "There is no watch" in await told(on, order)


async def test_what_cannot_be_watched_is_said(on: Stage) -> None:
    assert await told(on, "watch this channel") == replies.NO_QUESTION
    assert await told(on, WATCH, direct=True) == replies.NOT_HERE
    await told(on, WATCH)
    assert await told(on, "change watch 1") == replies.NOTHING_TO_CHANGE


async def test_only_its_creator_and_admins_change_a_watch(scene: Scene) -> None:
    async with scene.open(access=AccessSettings(admins=("root",))) as on:
        await told(on, WATCH)
        for order in ("pause watch 1", "remove watch 1", "change watch 1: what?"):
            assert await told(on, order, BOB) == replies.NOT_YOURS
        assert "Watch 1" in await told(on, "watches", BOB)
        assert "paused" in await told(on, "pause watch 1", Author(id="root", name="Root"))
        guest = replace(BOB, standing="guest")
        assert "guests" in await told(on, "watch this channel: is it?", guest)
        assert len(await on.store.watches.of(CHANNEL)) == 1


async def test_a_watch_of_somebody_who_may_not_ask_any_more_rests(scene: Scene) -> None:
    async with scene.open() as on:
        await told(on, WATCH)
    async with scene.open(access=AccessSettings(deny=Selection(users=(ADA.id,)))) as on:
        message = await put(on, "open-1.png")
        assert on.adapter.reactions[message.message] == []


async def test_killed_in_the_middle_it_goes_on_and_says_nothing_twice(scene: Scene) -> None:
    engine = ScriptedEngine(by_name)
    async with scene.open(engine) as on:
        await told(on, WATCH)
        await put(on, "open-1.png", seeds=(1,))
        engine.hold()
        first = await posted(on, "paid-7.png", "open-1.png", seeds=(7, 1))
        await engine.begun(2)
    for _ in range(2):
        async with scene.open() as on:
            await on.service.resume()
            await on.service.jobs.idle()
    assert set(on.adapter.reactions[first.message]) == {"✅", "❌"}
    assert len(on.adapter.threads[first.thread]) == 1


async def test_killed_before_the_post_was_written_down_it_is_found_again(scene: Scene) -> None:
    async with scene.open() as on:
        await told(on, WATCH)
        await put(on, "open-1.png", seeds=(1,))
        on.adapter.failures = [Unreachable("away")] * 99
        second = await posted(on, "open-1.png", seeds=(1,))
        await on.adapter.until(lambda: len(on.adapter.failures) < 99)
    on.adapter.failures = []
    async with scene.open() as on:
        await on.service.resume()
        await on.service.jobs.idle()
        assert len(hands(on, second)) == 1


async def test_an_engine_that_is_gone_leaves_it_for_the_next_start(scene: Scene) -> None:
    async with scene.open(ScriptedEngine(lambda request: [Dead("gone")])) as on:
        await told(on, WATCH)
        message = await put(on, "open-1.png")
        assert isinstance(on.service.died.exception(), Dead)
    async with scene.open() as on:
        await on.service.resume()
        await on.service.jobs.idle()
        assert on.adapter.reactions[message.message] == ["❌"]


async def test_while_the_database_is_away_it_waits(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    engine = ScriptedEngine(by_name)
    async with stage(tmp_path, engine, store={"url": f"sqlite+aiosqlite:///{path}?timeout=0.2"}) as on:
        await told(on, WATCH)
        await put(on, "open-1.png", seeds=(1,))
        engine.hold()
        message = await posted(on, "paid-2.png", "open-1.png", seeds=(2, 1))
        await engine.begun(2)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        engine.release()
        while await on.service.obstacle() != absence.SILENT:
            """It looks at the database each time."""
        other.close()
        await on.service.jobs.idle()
        assert set(on.adapter.reactions[message.message]) == {"✅", "❌"}
        assert len(hands(on, message)) == 1
        assert await on.service.obstacle() == ""


async def test_what_breaks_is_told_in_the_digest_and_nobody_else_suffers(scene: Scene) -> None:
    def broken(request: Request) -> Iterator[Step]:
        raise ZeroDivisionError
        yield

    async with scene.open(ScriptedEngine(broken)) as on:
        await told(on, WATCH)
        await put(on, "open-1.png")
        assert "paused" in await told(on, "pause watch 1")
        await told(on, "resume watch 1")
        await tell(on)
        (digest,) = digests(on)
        assert "1 could not be read." in digest.text


async def test_where_reactions_are_refused_hands_are_still_raised(on: Stage) -> None:
    await told(on, WATCH)
    on.adapter.unreactable = Forbidden("no", missing="reactions:write")
    await put(on, "open-1.png", seeds=(1,))
    assert len(hands(on, await put(on, "open-1.png", seeds=(1,)))) == 1


async def test_people_in_the_thread_of_a_hand_are_left_alone(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "open-1.png", seeds=(1,))
    hand = await put(on, "open-1.png", seeds=(1,))
    await on.say("oh dear", root=hand.message, author=BOB)
    await on.service.jobs.idle()
    assert len(hands(on, hand)) == 1


async def test_what_it_looks_at_counts_and_what_is_too_much_is_said(scene: Scene) -> None:
    async with scene.open(quota=QuotaSettings(channel=Allowance(questions=2))) as on:
        await told(on, WATCH)
        messages = [await put(on, f"open-{number}.png") for number in range(1, 4)]
        assert [on.adapter.reactions[one.message] for one in messages] == [["❌"], ["❌"], ["⚠️"]]
        await tell(on)
        (digest,) = digests(on)
        assert "allowance was used up" in digest.text


async def test_a_message_that_is_deleted_leaves_nothing(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "open-1.png", seeds=(1,))
    on.engine.hold()
    message = await posted(on, "open-1-secret.png", seeds=(2,))
    await on.engine.begun(2)
    await on.service.handle(MessagesDeleted(channel=CHANNEL, messages=(message.message,)))
    on.engine.release()
    await on.service.jobs.idle()
    assert on.adapter.reactions[message.message] == []
    assert await on.store.unfinished() == []
    again = await put(on, "open-9.png", seeds=(2,))
    assert hands(on, again) == []


async def test_a_watch_goes_with_its_message_its_person_and_its_place(on: Stage) -> None:
    first = await on.say(WATCH, mentioned=True)
    await told(on, "watch this channel: signed?", BOB)
    await told(on, "watch this channel: dated?")
    await on.service.handle(MessagesDeleted(channel=CHANNEL, messages=(first.message,)))
    assert [one.number for one in await on.store.watches.of(CHANNEL)] == [2, 3]
    await told(on, "forget everything of mine", BOB)
    assert [one.number for one in await on.store.watches.of(CHANNEL)] == [3]
    await put(on, "open-1.png")
    await on.service.handle(PlaceDeleted(place=CHANNEL))
    assert await on.store.watches.of(CHANNEL) == []
    assert await on.store.watches.between(3, 0.0, time.time(), most=9) == []


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


@pytest.mark.parametrize("minutes", [10, 600])
async def test_what_was_posted_while_we_were_away_is_found(scene: Scene, minutes: float) -> None:
    async with scene.open() as on:
        await on.store.seen(CHANNEL, ago(minutes + 5).timestamp())
        early = on.message("earlier", sent_at=ago(minutes + 60), replies=1)
        await told(on, WATCH, sent_at=ago(minutes + 30))
    files = [on.attach(name, drawing(number)) for number, name in enumerate(["open-1.png", "paid-2.png", "none-3.png"])]
    root = on.message("", files[0], author=BOB, sent_at=ago(minutes), replies=1)
    reply = on.message("", files[1], author=BOB, sent_at=ago(minutes / 2), root=root.message)
    late = on.message("", files[2], author=BOB, sent_at=ago(minutes / 2), root=early.message)
    before = on.message("", on.attach("open-4.png", drawing(4)), author=BOB, sent_at=ago(minutes + 40))
    async with scene.open() as on:
        for _ in range(2):
            await on.service.catch_up.look()
            await on.service.jobs.idle()
    marks = [on.adapter.reactions[one.message] for one in (root, reply, late, before)]
    assert marks == [["❌"], ["✅"], ["❔"] if minutes > 60 else [], []]


async def test_a_watch_that_was_asked_for_while_we_were_away_begins(on: Stage) -> None:
    await on.store.seen(CHANNEL, ago(60).timestamp())
    on.message(WATCH, mentioned=True, sent_at=ago(50))
    invoice = on.message("", on.attach("open-1.png", drawing(1)), author=BOB, sent_at=ago(40))
    await on.service.catch_up.look()
    await on.service.jobs.idle()
    assert on.adapter.reactions[invoice.message] == ["❌"]


async def test_a_channel_that_cannot_be_read_is_looked_at_later(on: Stage) -> None:
    await told(on, WATCH, sent_at=ago(60))
    invoice = on.message("", on.attach("open-1.png", drawing(1)), author=BOB, sent_at=ago(3))
    on.adapter.unreadable = Forbidden("no", missing="channels:history")
    await on.service.catch_up.look()
    on.adapter.unreadable = None
    await on.service.catch_up.look()
    await on.service.jobs.idle()
    assert on.adapter.reactions[invoice.message] == ["❌"]


async def tell(on: Stage, days: float = 8) -> None:
    await on.service.lookout.tell(time.time() + days * DAY)
    await on.service.jobs.idle()


async def test_a_digest_says_what_was_seen_once_in_its_period(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "open-100-DE1.png", seeds=(1,), link="https://chat.example/1")
    await put(on, "paid-20.png", "none-3.png", seeds=(2, 3))
    await put(on, "open-100-DE1.png", seeds=(1,))
    await put(on, "open-100-DE2.png", seeds=(5,))
    await on.say("", on.attach("broken.pdf", b"%PDF-1.7"), author=BOB)
    await on.service.jobs.idle()
    await asyncio.gather(*(on.service.lookout.tell(time.time() + 8 * DAY) for _ in range(3)))
    await on.service.jobs.idle()
    (digest,) = digests(on)
    assert digest.text.startswith("**Watch 1, ")
    assert "1 paid, 3 open, 1 without a status, 1 could not be read." in digest.text
    assert "is the same document as" in digest.text
    assert "another account to pay to" in digest.text
    assert "EUR: open 200.00, without a status 3.00, paid 20.00" in digest.text
    assert "[open\\-100\\-DE1\\.png](https://chat.example/1)" in digest.text
    assert "broken\\.pdf" in digest.text
    assert "paid\\-20" not in digest.text, "it wants no look"
    await tell(on, 9)
    assert len(digests(on)) == 1
    await tell(on, 16)
    assert len(digests(on)) == 1, "nothing was posted since"


async def test_a_digest_is_told_once_over_restarts(scene: Scene) -> None:
    async with scene.open() as on:
        await told(on, "watch this channel daily: has this invoice been paid?")
        await put(on, "open-1.png")
        on.adapter.failures = [Unreachable("away")] * 99
        await on.service.lookout.tell(time.time() + 2 * DAY)
        await on.adapter.until(lambda: len(on.adapter.failures) < 99)
    on.adapter.failures = []
    for _ in range(2):
        async with scene.open() as on:
            await on.service.lookout.tell(time.time() + 2 * DAY)
            await on.service.resume()
            await on.service.jobs.idle()
            assert len(digests(on)) == 1


async def test_the_button_under_a_digest_pauses_its_watch(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "open-1.png")
    await tell(on)
    (digest,) = digests(on)
    (button,) = digest.buttons
    thread = Thread(channel=CHANNEL, root="")
    press = Action(thread=thread, message="post-1", author=BOB, name=button.action, value=button.value)
    await on.service.handle(press)
    assert whispered(on) == replies.NOT_YOURS
    await on.service.handle(replace(press, author=ADA))
    assert "paused" in whispered(on)
    assert [one.state for one in await on.store.watches.of(CHANNEL)] == ["paused"]


async def test_a_digest_of_what_is_deleted_meanwhile_is_without_it(on: Stage) -> None:
    await told(on, WATCH)
    gone = await put(on, "open-1.png")
    await put(on, "open-2.png")
    await on.service.handle(MessagesDeleted(channel=CHANNEL, messages=(gone.message,)))
    await tell(on)
    (digest,) = digests(on)
    assert "1 open." in digest.text
    assert "open\\-1" not in digest.text
