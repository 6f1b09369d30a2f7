"""What is told of a day or a week."""

import asyncio
import time
from dataclasses import replace

from adapters.base import Action, MessagesDeleted, Thread
from adapters.errors import Unreachable
from bot.checks.watching import replies
from tests.bot.checks.watching.scene import (
    DAY,
    WATCH,
    Scene,
    digests,
    put,
    tell,
    told,
    whispered,
)
from tests.bot.test_service import ADA, BOB, CHANNEL, Stage


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
