"""The adapter's door, without a browser."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.base import Action, Adapter, Button, Channel, Event, File, Incoming, PlaceDeleted, Post, Thread
from adapters.console.client import ConsoleAdapter, Example
from adapters.console.desk import Desk, thread_of
from adapters.console.settings import ConsoleSettings
from adapters.errors import Gone, TooLarge, Unreachable


class Listener:
    """A handler that keeps what it hears, or refuses it."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.refuse = False

    async def __call__(self, event: Event) -> None:
        if self.refuse:
            raise RuntimeError("no room")
        self.heard.append(event)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def adapter(tmp_path: Path) -> ConsoleAdapter:
    return ConsoleAdapter(ConsoleSettings(port=0), (), tmp_path)


@pytest.fixture
def desk(adapter: ConsoleAdapter, listener: Listener) -> Desk:
    return adapter.desk(listener)


@pytest.fixture
async def asked(desk: Desk, listener: Listener) -> Incoming:
    await desk.ask(None, "How much?", [desk.uploads.add(File(name="a.png", media_type="", content=b"picture"))], "deep")
    assert isinstance(listener.heard[0], Incoming)
    return listener.heard[0]


def uploaded(desk: Desk, name: str) -> Path:
    file = File(name=name, media_type="", content=name.encode())
    return desk.uploads.path(desk.uploads.add(file).reference)


async def listed(adapter: Adapter, place: Channel | Thread) -> list[Incoming]:
    async with aclosing(adapter.history(place)) as messages:
        return [message async for message in messages]


def test_reading_the_settings_imports_no_gradio() -> None:
    check = "import sys, adapters.console.client, adapters.console.settings; assert 'gradio' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_unknown_settings_are_errors() -> None:
    with pytest.raises(ValidationError):
        ConsoleSettings.model_validate({"hots": "127.0.0.1"})
    assert ConsoleSettings() == ConsoleSettings(host="127.0.0.1", port=7860)


async def test_a_message_says_where_it_was_said_and_what_hangs_on_it(asked: Incoming, adapter: ConsoleAdapter) -> None:
    assert asked.thread == thread_of(asked.thread.root)
    assert asked.direct
    assert not asked.reply
    assert (asked.text, asked.mode, asked.attachments[0].name) == ("How much?", "deep", "a.png")
    assert await listed(adapter, asked.thread) == await listed(adapter, asked.thread.channel) == [asked]


async def test_a_follow_up_is_a_reply_in_the_same_thread(asked: Incoming, desk: Desk, listener: Listener) -> None:
    await desk.ask(asked.thread.root, "And the bread?", [], None)
    again = listener.heard[1]
    assert isinstance(again, Incoming)
    assert (again.thread, again.reply, again.mode) == (asked.thread, True, None)
    assert again.message != asked.message


async def test_a_refused_message_is_taken_back(desk: Desk, listener: Listener) -> None:
    listener.refuse = True
    with pytest.raises(RuntimeError):
        await desk.ask(None, "How much?", [], None)
    assert desk.transcripts.all() == []


async def test_history_is_newest_first_down_to_a_time(asked: Incoming, adapter: ConsoleAdapter) -> None:
    post = await adapter.post(asked.thread, Post(text="12.80"))
    newest, oldest = await listed(adapter, asked.thread)
    assert (newest.message, newest.text, newest.own, newest.author.bot) == (post, "12.80", True, True)
    assert oldest == asked
    async with aclosing(adapter.history(asked.thread, since=newest.sent_at)) as messages:
        assert [message.message async for message in messages] == [post]
    async with aclosing(adapter.history(asked.thread, since=newest.sent_at + timedelta(seconds=1))) as messages:
        assert [message async for message in messages] == []
    assert await listed(adapter, thread_of("nowhere")) == []


async def test_an_edit_replaces_the_post(asked: Incoming, adapter: ConsoleAdapter) -> None:
    post = await adapter.post(asked.thread, Post(text="", status="Got it …"))
    await adapter.edit(asked.thread, post, Post(text="12.80"))
    assert [message.text for message in await listed(adapter, asked.thread)] == ["12.80", "How much?"]


async def test_what_was_left_undone_is_taken_up_before_the_page_is_there(
    asked: Incoming, adapter: ConsoleAdapter, tmp_path: Path
) -> None:
    post = await adapter.post(asked.thread, Post(text="", status="Got it …"))
    restarted = ConsoleAdapter(ConsoleSettings(port=0), (), tmp_path)
    await restarted.edit(asked.thread, post, Post(text="12.80"))
    assert [message.text for message in await listed(restarted, asked.thread)] == ["12.80", "How much?"]


async def test_a_key_that_was_used_finds_its_post_again(asked: Incoming, adapter: ConsoleAdapter) -> None:
    first = await adapter.post(asked.thread, Post(text="one"), key="job-1")
    assert await adapter.post(asked.thread, Post(text="two"), key="job-1") == first
    assert await adapter.post(asked.thread, Post(text="three"), key="job-2") != first
    assert await adapter.post(asked.thread, Post(text="four")) != first
    assert len(await listed(adapter, asked.thread)) == 4


async def test_what_was_uploaded_and_never_sent_goes_with_the_next_start(
    asked: Incoming, desk: Desk, listener: Listener, tmp_path: Path
) -> None:
    sent = desk.uploads.path(asked.attachments[0].reference)
    unsent, fresh = uploaded(desk, "b.png"), uploaded(desk, "c.png")
    for path in (sent, unsent):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    later = ConsoleAdapter(ConsoleSettings(port=0), (), tmp_path)
    serving = asyncio.create_task(later.run(listener))
    await later.ready()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert (sent.exists(), unsent.exists(), fresh.exists()) == (True, False, True)
    assert not unsent.parent.exists()


async def test_what_was_uploaded_and_never_sent_goes_while_the_page_is_up_too(
    asked: Incoming, desk: Desk, listener: Listener, tmp_path: Path
) -> None:
    later = ConsoleAdapter(ConsoleSettings(port=0), (), tmp_path, tidy_s=0.01)
    serving = asyncio.create_task(later.run(listener))
    await later.ready()
    sent = desk.uploads.path(asked.attachments[0].reference)
    unsent, fresh = uploaded(desk, "b.png"), uploaded(desk, "c.png")
    for path in (sent, unsent):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    async with asyncio.timeout(30):
        while unsent.exists():  # noqa: ASYNC110 - a folder tells nobody
            await asyncio.sleep(0.01)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert (sent.exists(), fresh.exists()) == (True, True)


@pytest.mark.parametrize(("keep_days", "kept"), [(None, True), (29.0, True), (1e-9, False)])
async def test_what_is_older_than_it_may_be_goes_with_its_files(
    keep_days: float | None, kept: bool, asked: Incoming, desk: Desk, listener: Listener, tmp_path: Path
) -> None:
    sent = desk.uploads.path(asked.attachments[0].reference)
    later = ConsoleAdapter(ConsoleSettings(port=0), (), tmp_path, keep_days=keep_days)
    serving = asyncio.create_task(later.run(listener))
    await later.ready()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert sent.exists() is kept
    assert bool(await listed(later, asked.thread)) is kept


async def test_posted_files_can_be_fetched(asked: Incoming, adapter: ConsoleAdapter, tmp_path: Path) -> None:
    report = File(name="report.csv", media_type="text/csv", content=b"a,b")
    await adapter.post(asked.thread, Post(text="The report.", files=(report,)))
    (attachment,) = (await listed(adapter, asked.thread))[0].attachments
    await adapter.fetch(attachment, tmp_path / "out", limit=3)
    assert (tmp_path / "out").read_bytes() == b"a,b"
    with pytest.raises(TooLarge):
        await adapter.fetch(attachment, tmp_path / "out", limit=2)
    with pytest.raises(Gone):
        await adapter.fetch(replace(attachment, reference="../conversations/x"), tmp_path / "out", limit=9)


async def test_a_file_that_a_post_has_no_more_is_kept_no_more(
    asked: Incoming, adapter: ConsoleAdapter, desk: Desk, tmp_path: Path
) -> None:
    def reports() -> list[bytes]:
        return [path.read_bytes() for path in (tmp_path / "uploads").rglob("report.csv")]

    def report(content: bytes) -> Post:
        return Post(text="The report.", files=(File(name="report.csv", media_type="text/csv", content=content),))

    post = await adapter.post(asked.thread, report(b"1"), key="k")
    await adapter.edit(asked.thread, post, report(b"2"))
    assert reports() == [b"2"]
    await adapter.post(asked.thread, report(b"3"), key="k")
    await adapter.edit(asked.thread, post, report(b"3"))
    assert reports() == [b"3"]
    await desk.remove(asked.thread.root)
    assert reports() == []


async def test_buttons_are_heard_while_they_are_there(
    asked: Incoming, adapter: ConsoleAdapter, desk: Desk, listener: Listener
) -> None:
    stop = Button(action="stop", label="Stop", value="7")
    post = await adapter.post(asked.thread, Post(text="", status="Thinking …", buttons=(stop,)))
    await desk.press(asked.thread.root, post, "stop")
    await desk.press(asked.thread.root, post, "retry")
    await desk.press(asked.thread.root, asked.message, "stop")
    await desk.press("nowhere", post, "stop")
    assert listener.heard[1:] == [
        Action(thread=asked.thread, message=post, author=asked.author, name="stop", value="7")
    ]


async def test_a_deleted_conversation_stops_its_work_and_is_gone(
    asked: Incoming, adapter: ConsoleAdapter, desk: Desk, listener: Listener, tmp_path: Path
) -> None:
    stop = Button(action="stop", label="Stop", value="7")
    post = await adapter.post(asked.thread, Post(text="", status="Thinking …", buttons=(stop,)))
    await desk.remove(asked.thread.root)
    assert listener.heard.pop() == PlaceDeleted(place=asked.thread)
    assert isinstance(listener.heard[-1], Action)
    for late in (adapter.edit(asked.thread, post, Post(text="late")), adapter.post(asked.thread, Post(text="late"))):
        with pytest.raises(Gone):
            await late
    with pytest.raises(Gone):
        await adapter.fetch(asked.attachments[0], tmp_path / "out", limit=99)


async def test_a_conversation_stays_until_whoever_answers_has_forgotten_it(
    asked: Incoming, adapter: ConsoleAdapter, desk: Desk, listener: Listener
) -> None:
    listener.refuse = True
    with pytest.raises(RuntimeError):
        await desk.remove(asked.thread.root)
    assert await listed(adapter, asked.thread) == [asked]
    listener.refuse = False
    await desk.remove(asked.thread.root)
    assert await listed(adapter, asked.thread) == []


async def test_only_own_posts_can_be_edited(asked: Incoming, adapter: ConsoleAdapter) -> None:
    with pytest.raises(Gone):
        await adapter.edit(asked.thread, asked.message, Post(text="12.80"))


@pytest.fixture
async def taken() -> AsyncIterator[int]:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_taken_port_is_said(taken: int, tmp_path: Path, listener: Listener) -> None:
    adapter = ConsoleAdapter(ConsoleSettings(port=taken), (), tmp_path)
    with pytest.raises(Unreachable, match="something else is there"):
        await adapter.run(listener)
    (finding,) = await adapter.check()
    assert (finding.level, finding.subject) == ("warning", "console")


@pytest.mark.parametrize(
    ("host", "levels"), [("127.0.0.1", ["ok"]), ("localhost", ["ok"]), ("0.0.0.0", ["ok", "warning"])]
)
async def test_doctor_warns_of_an_open_door(host: str, levels: list[str], tmp_path: Path) -> None:
    findings = await ConsoleAdapter(ConsoleSettings(host=host, port=0), (), tmp_path).check()
    assert [finding.level for finding in findings] == levels


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
async def test_a_host_that_is_not_ours_is_said(host: str, tmp_path: Path, listener: Listener) -> None:
    adapter = ConsoleAdapter(ConsoleSettings(host=host), (), tmp_path)
    with pytest.raises(Unreachable, match=r"cannot listen on .*Set console\.host"):
        await adapter.run(listener)
    assert "warning" in [finding.level for finding in await adapter.check()]


def test_an_example_is_what_the_bot_passes_in(tmp_path: Path) -> None:
    example = Example(title="A receipt", question="How much?", path=tmp_path)
    adapter: Adapter = ConsoleAdapter(ConsoleSettings(), (example,), tmp_path, mode="quick")
    assert (adapter.platform, adapter.edit_interval) == ("console", 0.2)
