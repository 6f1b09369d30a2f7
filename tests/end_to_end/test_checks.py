"""A check of a channel in a fake Slack and a fake Discord: threads, refused calls, files that nobody can read."""

import base64
from collections.abc import AsyncIterator, Iterator
from itertools import chain, count, islice
from pathlib import Path
from random import Random

import pytest

from benchmarks.documents.generate import draw_document
from benchmarks.documents.types import Document, Kind
from inference.reader.engine import ReaderEngine
from inference.scripted import ScriptedEngine, Step
from inference.types import Request, Text
from tests.bot.checks.samples import drawing, said
from tests.end_to_end.bot import running
from tests.end_to_end.test_discord import Discord
from tests.end_to_end.test_slack import FAST, Slack
from tests.fakes.server import serving

DOCUMENTS = [f"{word}-{number}.png" for number in range(4) for word in ("paid", "open", "none")]


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def by_name(request: Request) -> Iterator[Step]:
    name = request.images[0].label.split()[1].rstrip(",")
    status = {"open": "unpaid", "none": "none"}.get(name.split("-")[0], "paid")
    yield Text(text=said(payment_status=status, number=name))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serving("tests.fakes.slack", speed=FAST) as server:
        yield await Slack.open(server)


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with serving("tests.fakes.discord") as server:
        yield Discord(server, await server.control("start"))


async def test_a_check_in_slack(slack: Slack, tmp_path: Path) -> None:
    async def file(name: str, content: bytes) -> str:
        return str((await slack.server.control("add_file", content=encoded(content), name=name))["id"])

    root = await slack.say("October")
    for number, name in enumerate(DOCUMENTS):
        inside = {"thread_ts": root} if number % 3 == 0 else {}
        await slack.say("", files=[await file(name, drawing(number))], **inside)
        await slack.say(f"remark {number}")
    await slack.say("", files=[await file("broken.png", b"\x89PNG nothing")])
    engine = ScriptedEngine(by_name, places=2)
    async with running([slack.adapter()], engine, tmp_path):
        await slack.server.control("wait_connected")
        await slack.server.control("fail", method="conversations.history", status=429, retry_after="1", times=1)
        await slack.server.control("fail", method="conversations.replies", status=429, retry_after="1", times=1)
        thread = await slack.say(f"{slack.us} check this channel: has every invoice been paid?")
        answer = await slack.answer(thread, "4 paid, 4 open, 4 without a status, 1 could not be read.")
        assert f"https://fake.slack.com/archives/{slack.channel}/p" in str(answer)
        before = len(engine.requests)
        await slack.say("which are still open?", thread_ts=thread)
        await slack.answer(thread, "4 documents:")
    assert (before, len(engine.requests)) == (12, 12)


def drawn(kind: Kind) -> Iterator[Document]:
    return (draw_document(kind, "en", Random(f"slack/{number}"), name=str(number)) for number in count())


async def test_ten_documents_in_slack_with_the_reader(slack: Slack, tmp_path: Path) -> None:
    """Eight bills about whose payment nobody can disagree, and two of another kind."""
    both = chain.from_iterable(zip(drawn("receipt"), drawn("invoice"), strict=True))
    bills = list(islice((bill for bill in both if bill.payment), 8))
    for number, document in enumerate([*bills, *islice(drawn("terminal"), 2)]):
        file = await slack.server.control("add_file", content=encoded(document.image), name=f"{number}.png")
        await slack.say("", files=[file["id"]])
    paid, unpaid, none = (sum(bill.payment == status for bill in bills) for status in ("paid", "unpaid", "none"))
    async with running([slack.adapter()], ReaderEngine(), tmp_path):
        await slack.server.control("wait_connected")
        thread = await slack.say(f"{slack.us} check this channel: has every invoice been paid?")
        await slack.answer(thread, f"{paid} paid, {unpaid} open, {none} without a status, 2 of another kind.")


async def test_a_check_in_discord(discord: Discord, tmp_path: Path) -> None:
    async def file(name: str, content: bytes) -> str:
        return str(await discord.server.control("add_file", name=name, content=encoded(content)))

    root = await discord.say("October")
    place = await discord.server.control("start_thread", channel=discord.channel, name="October", message=root)
    for number, name in enumerate(DOCUMENTS):
        channel = str(place) if number % 3 == 0 else discord.channel
        await discord.say("", channel=channel, files=[await file(name, drawing(number))])
        await discord.say(f"remark {number}")
    await discord.say("", files=[await file("broken.png", b"\x89PNG nothing")])
    async with running([discord.adapter()], ScriptedEngine(by_name, places=2), tmp_path):
        await discord.server.control("until_connected", identified=1)
        thread = await discord.say(f"{discord.us} check this channel: has every invoice been paid?")
        answer = await discord.answer(thread, "4 paid, 4 open, 4 without a status, 1 could not be read.")
        assert f"https://discord.com/channels/{discord.world['guild']}/{discord.channel}/" in str(answer)


async def test_another_channel_of_slack_is_checked_for_its_members(slack: Slack, tmp_path: Path) -> None:
    async def channel(name: str, people: list[str]) -> str:
        id_ = str((await slack.server.control("add_channel", kind="group", people=people))["id"])
        file = await slack.server.control("add_file", content=encoded(drawing(1)), name=name)
        await slack.say("", channel=id_, files=[file["id"]])
        return id_

    bills, payroll = await channel("open-1.png", [slack.user]), await channel("open-2.png", ["U9999"])
    async with running([slack.adapter()], ScriptedEngine(by_name), tmp_path):
        await slack.server.control("wait_connected")
        thread = await slack.say(f"{slack.us} check <#{bills}|bills>: has every invoice been paid?")
        await slack.answer(thread, "1 open.")
        thread = await slack.say(f"{slack.us} check this channel and <#{payroll}|>: has every invoice been paid?")
        await slack.answer(thread, f"You do not see #{payroll} yourself")
        foreign = (await slack.server.control("add_channel", member=False))["id"]
        thread = await slack.say(f"{slack.us} check <#{foreign}|sales>: has every invoice been paid?")
        await slack.answer(thread, "I may not look at #sales. What is missing:")


async def test_another_channel_of_discord_is_checked_for_those_who_see_it(discord: Discord, tmp_path: Path) -> None:
    async def channel(name: str, *, closed: bool) -> str:
        place = str(await discord.server.control("add_channel", guild=discord.world["guild"], name=name, closed=closed))
        file = str(await discord.server.control("add_file", name="open-1.png", content=encoded(drawing(1))))
        await discord.say("", channel=place, files=[file])
        return place

    bills, payroll = await channel("bills", closed=False), await channel("payroll", closed=True)
    async with running([discord.adapter()], ScriptedEngine(by_name), tmp_path):
        await discord.server.control("until_connected", identified=1)
        thread = await discord.say(f"{discord.us} check <#{bills}>: has every invoice been paid?")
        await discord.answer(thread, "1 open.")
        thread = await discord.say(f"{discord.us} has every invoice in <#{payroll}> been paid?")
        await discord.answer(thread, "You do not see #payroll yourself")
