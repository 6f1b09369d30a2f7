"""What people order about watches, and how watches end."""

import time
from dataclasses import replace

from adapters.base import Author, MessagesDeleted, PlaceDeleted
from bot.checks.watching import replies
from bot.settings import AccessSettings, Selection
from tests.bot.checks.watching.scene import WATCH, Scene, hands, posted, put, told
from tests.bot.test_service import ADA, BOB, CHANNEL, Stage


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
