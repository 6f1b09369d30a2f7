"""Checks of a channel, through the service: the plan, the rows, stop, restarts and follow-up questions."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.base import Action, Author, Channel, Edited, Incoming, Mention, MessagesDeleted, Post, Thread
from adapters.errors import Forbidden, Gone
from bot import replies
from bot.checks.replies import NOTHING_FOUND, START_ACTION, closed_channel, not_your_channel, unknown_channel
from bot.settings import AccessSettings, Allowance, QuotaSettings, Selection
from inference.scripted import Gate, ScriptedEngine, Step
from inference.types import Request, Text
from tests.bot.checks.samples import drawing, said
from tests.bot.test_service import ADA, BOB, CHANNEL, NOON, Stage, stage
from tests.fakes.memory import MemoryAdapter

ASK = "check this channel: has every invoice been paid?"


def by_name(request: Request) -> Iterator[Step]:
    """Documents say in their names what they are: ``open-7.png``."""
    name = request.images[0].label.split()[1].rstrip(",")
    status = {"open": "unpaid", "none": "none"}.get(name.split("-")[0], "paid")
    amount, stem = name.split("-")[-1].split(".")[0], name.split(".")[0]
    yield Text(text=said(payment_status=status, amount=amount, number=stem, vendor=f"{stem.title()} Ltd"))


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, ScriptedEngine(by_name, places=2)) as opened:
        yield opened


def put(on: Stage, *names: str, **changes: Any) -> Incoming:
    files = [on.attach(name, drawing(sum(name.encode()))) for name in names]
    return on.message("", *files, **{"author": BOB, **changes})


def fill(on: Stage) -> None:
    """Seven documents, one of them unreadable, in the channel and in a thread."""
    put(on, "paid-100.png", "open-250.png")
    root = put(on, "none-70.png", replies=2, link="https://chat.example/3")
    put(on, "paid-30.png", root=root.message)
    put(on, "open-40.png", root=root.message)
    on.message("", on.attach("broken.pdf", b"%PDF-1.7"), on.attach("notes.txt", b"text"), author=BOB)
    put(on, "paid-9.png")


def rows(post: Post) -> list[dict[str, str]]:
    table = next(file for file in post.files if file.name == "check.csv")
    return list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))


async def test_every_document_is_a_row_with_its_message(on: Stage) -> None:
    fill(on)
    await on.say(ASK, mentioned=True)
    post = await on.adapter.answered()
    assert post.text.startswith("**3 paid, 2 open, 1 without a status, 1 could not be read.**")
    assert post.notes == ("Left out: 1 file, neither picture nor PDF.",)
    found = rows(post)
    assert [row["file"] for row in found] == [
        "open-250.png", "open-40.png", "none-70.png", "broken.pdf", "paid-100.png", "paid-30.png", "paid-9.png"
    ]  # fmt: skip
    assert (found[2]["link"], found[2]["by"]) == ("https://chat.example/3", "Bob")
    assert "[none\\-70\\.png](https://chat.example/3)" in post.text
    assert "EUR: open 290.00, without a status 70.00, paid 139.00" in post.text
    assert {file.name for file in post.files} == {"check.csv", "check.xlsx", "check.html"}
    assert b"data:image/jpeg" in next(file.content for file in post.files if file.name == "check.html")


async def test_the_progress_has_a_bar_and_a_stop(on: Stage) -> None:
    fill(on)
    await on.say(ASK, mentioned=True)
    await on.adapter.answered()
    shown = [post for post in on.adapter.posts["post-0"] if "documents" in post.status]
    assert any("I will look at 7 documents" in post.status for post in shown)
    assert all([button.action for button in post.buttons] == [replies.STOP_ACTION] for post in shown)


async def test_only_what_was_asked_for_is_looked_at(on: Stage) -> None:
    fill(on)
    put(on, "late-5.png", author=ADA)
    on.adapter.messages[0] = replace(on.adapter.messages[0], sent_at=NOON - timedelta(days=40))
    await on.say("check this channel since 2026-01-01, posted by Bob: is every invoice paid?", mentioned=True)
    files = {row["file"] for row in rows(await on.adapter.answered())}
    assert files == {"none-70.png", "paid-30.png", "open-40.png", "broken.pdf", "paid-9.png"}


@pytest.mark.parametrize("name", ["Bob Martin", "bob", "BOB-1", "Bob  MARTIN"])
async def test_who_posted_is_known_by_any_of_their_names(on: Stage, name: str) -> None:
    put(on, "paid-1.png")
    put(on, "paid-2.png", author=Author(id="bob-1", name="Bob Martin"))
    put(on, "paid-3.png", author=ADA)
    await on.say(f"check this channel, posted by @{name}: is every invoice paid?", mentioned=True)
    expected = {"paid-2.png"} | ({"paid-1.png"} if name == "bob" else set())
    assert {row["file"] for row in rows(await on.adapter.answered())} == expected


async def test_the_same_check_again_reads_only_what_is_new(on: Stage) -> None:
    fill(on)
    await on.say(ASK, mentioned=True)
    await on.adapter.answered()
    before = len(on.engine.requests)
    put(on, "open-1.png")
    await on.say(ASK, mentioned=True)
    post = await on.adapter.answered(1)
    assert (len(rows(post)), len(on.engine.requests)) == (8, before + 1)


async def test_a_stop_ends_it_and_keeps_what_is_done(on: Stage) -> None:
    fill(on)
    on.engine.hold()
    await on.say(ASK, mentioned=True)
    await on.engine.begun(2)
    on.engine.release()
    await on.adapter.until(lambda: any("1 of 7" in post.status for post in on.adapter.posts.get("post-0", [])))
    on.engine.hold()
    job = on.service.jobs.get(1)
    assert job is not None
    await on.service.handle(
        Action(thread=job.incoming.thread, message="post-0", author=ADA, name=replies.STOP_ACTION, value=str(job.id))
    )
    post = await on.adapter.answered()
    done = len(rows(post))
    assert 1 <= done < 7
    assert post.text.endswith("_Stopped._")
    assert f"{7 - done} documents were not looked at any more." in post.notes


async def test_a_large_check_waits_for_a_click_of_who_asked(tmp_path: Path) -> None:
    async with stage(tmp_path, ScriptedEngine(by_name), checks={"ask_above": 3}) as on:
        fill(on)
        asked = await on.say(ASK, mentioned=True)
        post = await on.adapter.answered()
        assert "I will look at 7 documents (at least 7 pages) from 6 messages" in post.text
        (button,) = post.buttons
        assert (button.action, on.engine.requests) == (START_ACTION, [])
        press = Action(thread=asked.thread, message="post-0", author=BOB, name=button.action, value=button.value)
        await on.service.handle(press)
        await on.service.jobs.idle()
        assert on.engine.requests == []
        await on.service.handle(replace(press, author=ADA))
        await on.adapter.until(lambda: bool(on.adapter.last().files))
        assert len(rows(on.adapter.last())) == 7


async def test_a_check_that_is_edited_under_way_judges_every_document_anew(on: Stage) -> None:
    fill(on)
    on.engine.hold()
    asked = await on.say(ASK, mentioned=True)
    await on.engine.begun(2)
    on.engine.release()
    await on.adapter.until(lambda: any("2 of 7" in post.status for post in on.adapter.posts.get("post-0", [])))
    await on.service.handle(Edited(incoming=replace(asked, text="check this channel: has every invoice been signed?")))
    post = await on.adapter.answered()
    anew = [one for one in on.engine.requests if "been signed?" in one.turns[0].text]
    assert (len(anew), len(rows(post))) == (6, 7)


async def test_a_check_that_is_edited_looks_into_the_channel_that_it_names_by_then(on: Stage) -> None:
    put(on, "open-2.png", thread=Thread(channel=BILLS, root="1"))
    put(on, "paid-1.png")
    on.engine.hold()
    asked = await on.say(ASK, mentioned=True)
    await on.engine.begun()
    bills = Mention(name="bills", channel=BILLS)
    await on.service.handle(Edited(incoming=replace(asked, text="check #bills: paid?", channels=(bills,))))
    on.engine.release()
    assert [row["file"] for row in rows(await on.adapter.answered())] == ["open-2.png"]


async def test_a_check_that_is_edited_before_its_start_looks_for_its_documents_anew(tmp_path: Path) -> None:
    async with stage(tmp_path, ScriptedEngine(by_name), checks={"ask_above": 3}) as on:
        fill(on)
        asked = await on.say(ASK, mentioned=True)
        (button,) = (await on.adapter.answered()).buttons
        await on.service.jobs.idle()
        await on.service.handle(Edited(incoming=replace(asked, text="check this channel, posted by Ada: paid?")))
        press = Action(thread=asked.thread, message="post-0", author=ADA, name=button.action, value=button.value)
        await on.service.handle(press)
        await on.service.jobs.idle()
        assert on.adapter.last().text == NOTHING_FOUND


async def test_what_a_check_reads_is_counted_and_ends_with_the_days_allowance(tmp_path: Path) -> None:
    quota = QuotaSettings(person=Allowance(pages=3, questions=1))
    async with stage(tmp_path, ScriptedEngine(by_name), quota=quota, checks={"ask_above": 3}) as on:
        fill(on)
        asked = await on.say(ASK, mentioned=True)
        (button,) = (await on.adapter.answered()).buttons
        press = Action(thread=asked.thread, message="post-0", author=ADA, name=button.action, value=button.value)
        await on.service.handle(press)
        await on.adapter.until(lambda: bool(on.adapter.last().files))
        done, post = len(on.engine.requests), on.adapter.last()
        assert 3 <= done < 6
        assert "You have used today's 3 pages. Ask again after midnight UTC, or ask an admin." in post.notes
        assert f"{7 - len(rows(post))} documents were not looked at any more." in post.notes
        spent = await on.store.spent(CHANNEL, 0.0, person=ADA.id)
        assert spent.pages == done
        assert spent.seconds > 0


BILLS = Channel(platform="memory", workspace="w", id="bills")


async def ask_of(on: Stage, text: str, *named: Mention) -> Post:
    number = len(on.adapter.posts)
    await on.say(text, mentioned=True, channels=named)
    return await on.adapter.answered(number)


async def test_other_channels_are_looked_at_for_those_who_see_them(on: Stage) -> None:
    put(on, "paid-1.png")
    put(on, "open-2.png", thread=Thread(channel=BILLS, root="2"), link="https://chat.example/2")
    bills = Mention(name="bills", channel=BILLS)
    post = await ask_of(on, "check this channel and #bills: paid?", bills)
    assert {row["file"] for row in rows(post)} == {"paid-1.png", "open-2.png"}
    assert [row["file"] for row in rows(await ask_of(on, "check #bills: paid?", bills))] == ["open-2.png"]
    on.adapter.hidden = {(ADA.id, BILLS.id)}
    assert (await ask_of(on, "check #bills: paid?", bills)).text == not_your_channel("bills")
    assert (await ask_of(on, "check #letters: paid?")).text == unknown_channel("letters")


async def test_what_is_deleted_in_another_channel_goes_from_the_check(on: Stage) -> None:
    posted = put(on, "open-2.png", thread=Thread(channel=BILLS, root="1"))
    put(on, "paid-1.png")
    await ask_of(on, "check this channel and #bills: paid?", Mention(name="bills", channel=BILLS))
    await on.service.handle(MessagesDeleted(channel=CHANNEL, messages=(posted.message,)))
    plan = await on.store.checks.plan(1)
    assert plan is not None
    assert len(plan.documents) == 2
    await on.service.handle(MessagesDeleted(channel=BILLS, messages=(posted.message,)))
    plan = await on.store.checks.plan(1)
    assert plan is not None
    assert len(plan.documents) == 1


async def test_an_access_list_holds_for_other_channels_too(tmp_path: Path) -> None:
    access = AccessSettings(deny=Selection(channels=("bills",)))
    async with stage(tmp_path, ScriptedEngine(by_name), access=access) as on:
        post = await ask_of(on, "check #bills: paid?", Mention(name="bills", channel=BILLS))
        assert post.text == closed_channel("bills")


async def test_what_is_beyond_the_ceiling_is_said(tmp_path: Path) -> None:
    async with stage(tmp_path, ScriptedEngine(by_name), checks={"max_documents": 2}) as on:
        fill(on)
        await on.say(ASK, mentioned=True)
        post = await on.adapter.answered()
        assert {row["file"] for row in rows(post)} == {"broken.pdf", "paid-9.png"}
        assert any("5 files" in note for note in post.notes)


def one_only() -> Callable[[Request], Iterable[Step]]:
    """Answers about one document, and then no more."""
    begun = count()
    return lambda request: [Gate()] if next(begun) else by_name(request)


async def test_killed_in_the_middle_again_and_again_it_goes_on_where_it_was(tmp_path: Path) -> None:
    """Each run is cut off after one document, more often than a job may be tried without getting on."""
    adapter = MemoryAdapter()
    async with stage(tmp_path, ScriptedEngine(lambda request: [Gate()]), adapter) as on:
        for number in range(10):
            put(on, f"paid-{number}.png")
        await on.say(ASK, mentioned=True)
        await on.engine.begun()
    for number in range(1, 8):
        async with stage(tmp_path, ScriptedEngine(one_only()), adapter) as on:
            await on.service.resume()
            await adapter.until(lambda so=number: any(f"{so} of 10" in one.status for one in adapter.posts["post-0"]))
    async with stage(tmp_path, ScriptedEngine(by_name), adapter) as on:
        await on.service.resume()
        found = rows(await adapter.answered())
        assert len(on.engine.requests) == 3
    assert sorted(row["file"] for row in found) == sorted(f"paid-{number}.png" for number in range(10))
    assert list(adapter.posts) == ["post-0"]


async def test_follow_ups_are_answered_from_the_rows(on: Stage) -> None:
    fill(on)
    asked = await on.say(ASK, mentioned=True)
    await on.adapter.answered()
    before = len(on.engine.requests)
    for number, (question, holds, lacks) in enumerate(
        [
            ("which are over 90 euro?", ["2 documents", "open\\-250", "paid\\-100"], ["none"]),
            ("which are still open?", ["2 documents", "open\\-250", "open\\-40"], ["paid\\-"]),
            ("how many have been paid?", ["3 documents", "EUR: paid 139.00"], ["\\.png"]),
            ("what is the total of the open ones?", ["EUR: open 290.00"], []),
            ("sum per vendor?", ["EUR: open 290.00", "**Open\\-250 Ltd**: 1 document, 250.00 EUR"], [".png"]),
            ("which could not be read?", ["One document", "broken\\.pdf"], []),
        ],
        start=1,
    ):
        await on.say(question, root=asked.message)
        text = (await on.adapter.answered(number)).text
        assert all(one in text for one in holds), (question, text)
        assert not any(one in text for one in lacks), (question, text)
    assert len(on.engine.requests) == before
    await on.say("write me a poem", root=asked.message)
    assert (await on.adapter.answered(7)).text
    assert len(on.engine.requests) == before + 1


async def test_the_files_of_a_message_can_be_checked_alone(on: Stage) -> None:
    fill(on)
    files = on.attach("open-3.png", drawing(1)), on.attach("paid-4.png", drawing(2))
    await on.say("check these invoices: paid?", *files, mentioned=True)
    assert [row["file"] for row in rows(await on.adapter.answered())] == ["open-3.png", "paid-4.png"]
    await on.say("check these invoices: paid?", mentioned=True)
    assert not (await on.adapter.answered(1)).files


async def test_strangers_words_are_escaped(tmp_path: Path) -> None:
    def nasty(request: Request) -> Iterator[Step]:
        yield Text(text=said(vendor="[x](http://evil.example) <@U1> **b**", evidence="@everyone\n# big"))

    async with stage(tmp_path, ScriptedEngine(nasty)) as on:
        on.message("", on.attach("](x)`_a_.png", drawing(1)), author=BOB)
        await on.say(ASK, mentioned=True)
        text = (await on.adapter.answered()).text
    assert "](http://evil" not in text
    assert "\\]\\(x\\)\\`\\_a\\_\\.png" in text
    assert "\n#" not in text


async def test_a_channel_without_documents_and_one_that_may_not_be_read(on: Stage) -> None:
    await on.say(ASK, mentioned=True)
    assert (await on.adapter.answered()).text == NOTHING_FOUND
    on.adapter.unreadable = Forbidden("no", missing="channels:history")
    await on.say(ASK, mentioned=True)
    assert "channels:history" in (await on.adapter.answered(1)).text


async def test_a_file_that_is_gone_is_unread(on: Stage) -> None:
    put(on, "paid-1.png")
    on.adapter.missing["paid-1.png"] = Gone("no file")
    await on.say(ASK, mentioned=True)
    (row,) = rows(await on.adapter.answered())
    assert row["verdict"] == "could not be read"
    assert row["remarks"]


async def test_a_bots_documents_count_and_our_own_do_not(on: Stage) -> None:
    put(on, "paid-1.png")
    on.message("", on.attach("paid-2.png", drawing(2)), author=Author(id="b", name="Billing", bot=True))
    on.message("", on.attach("paid-3.png", drawing(3)), author=Author(id="me", name="me", bot=True), own=True)
    await on.say(ASK, mentioned=True)
    assert {row["file"] for row in rows(await on.adapter.answered())} == {"paid-1.png", "paid-2.png"}
