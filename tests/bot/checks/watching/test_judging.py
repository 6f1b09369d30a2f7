"""Documents of a watched channel: verdicts, hands, and what is left alone."""

import asyncio

from adapters.base import Author, PlaceDeleted
from adapters.errors import Forbidden
from bot.checks.posted import found
from bot.settings import Allowance, QuotaSettings
from inference.types import Lane
from tests.bot.checks.samples import drawing
from tests.bot.checks.watching.scene import (
    WATCH,
    Scene,
    digests,
    hands,
    posted,
    put,
    tell,
    told,
)
from tests.bot.test_service import BOB, CHANNEL, Stage


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


async def test_a_bot_that_posts_it_again_in_answer_to_that_gets_no_answer(on: Stage) -> None:
    await told(on, WATCH)
    await put(on, "open-1.png", seeds=(1,))
    billing = Author(id="b", name="Billing", bot=True)
    same = await put(on, "open-1.png", seeds=(1,), author=billing)
    assert len(hands(on, same)) == 1
    answer = await put(on, "open-1.png", seeds=(1,), author=billing, root=same.message)
    assert len(hands(on, same)) == 1
    assert on.adapter.reactions[answer.message] == ["❌"]


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


async def test_what_was_looked_at_in_a_thread_goes_with_it(on: Stage) -> None:
    await told(on, WATCH)
    root = await put(on, "open-1.png", replies=1)
    await put(on, "paid-2.png", root=root.message)
    await put(on, "open-3.png")
    await on.say("check this channel: paid?", mentioned=True)
    await on.service.jobs.idle()

    async def names() -> list[str]:
        check = await on.store.checks.plan(5)
        seen = await on.store.watches.between(1, 0.0, 2e10, most=9)
        return [found(one).attachment.name for one in (*seen, *(check.documents if check else ()))]

    assert await names() == ["open-1.png", "paid-2.png", "open-3.png"] * 2
    await on.service.handle(PlaceDeleted(place=root.thread))
    await on.service.jobs.idle()
    assert await names() == ["open-3.png"] * 2


async def test_what_it_looks_at_counts_and_what_is_too_much_is_said(scene: Scene) -> None:
    async with scene.open(quota=QuotaSettings(channel=Allowance(questions=2))) as on:
        await told(on, WATCH)
        messages = [await put(on, f"open-{number}.png") for number in range(1, 4)]
        assert [on.adapter.reactions[one.message] for one in messages] == [["❌"], ["❌"], ["⚠️"]]
        await tell(on)
        (digest,) = digests(on)
        assert "allowance was used up" in digest.text
