"""Answers that grow: one message in the end whatever happens, and nothing in it that a plain post would not say."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from adapters.base import Button, Post, Thread
from adapters.errors import RateLimited, Unreachable
from adapters.slack.api import Api
from adapters.slack.client import SlackAdapter
from adapters.slack.posting import Poster
from adapters.slack.settings import SlackSettings
from adapters.slack.streams import Recipient, Streams
from tests.adapters.slack.conftest import Inbox, Place, connected, make_place
from tests.adapters.slack.test_posting import HOSTILE, LONG, patiently
from tests.fakes.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

STOP = Button(action="stop", label="Stop", value="1", danger=True)
FINAL = Post(text="It is **forty two** in all.", notes=("`bill.png`: used",))


def draft(text: str, status: str = "Writing …") -> Post:
    return Post(text=text, status=status, buttons=(STOP,))


class Asked:
    """A question that came to a streaming bot."""

    def __init__(self, slack: Server, place: Place, adapter: SlackAdapter, question: str) -> None:
        self._slack, self.place, self.adapter, self.question = slack, place, adapter, question
        self.thread = Thread(channel=place.channel, root=question)
        self.key = f"answer-{question}"

    async def post(self, post: Post, *, adapter: SlackAdapter | None = None, again: bool = False) -> str:
        adapter = adapter or self.adapter
        return await adapter.post(self.thread, post, key=self.key, answers=self.question, again=again)

    async def calls(self) -> list[str]:
        """The methods that wrote to the channel, in order."""
        calls = await self._slack.control("calls")
        return [
            one["method"][5:]
            for one in calls
            if one.get("channel") == self.place.channel.id and "chat" in one["method"]
        ]

    async def only(self) -> dict[str, Any]:
        (message,) = await self.place.own()
        return message


@pytest.fixture
def streaming(settings: SlackSettings) -> SlackSettings:
    return settings.model_copy(update={"streaming": True})


@pytest_asyncio.fixture(loop_scope="module")
async def asked(slack: Server, streaming: SlackSettings) -> Asked:
    return await ask(slack, await make_place(slack), SlackAdapter(streaming))


async def ask(slack: Server, place: Place, adapter: SlackAdapter, **more: Any) -> Asked:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        said = await place.say(f"<@{place.bot}> what is it?", only="message", **more)
        async with asyncio.timeout(20):
            while getattr(await inbox.events.get(), "message", "") != said["ts"]:
                """Slack tells us of what earlier tests deleted, too."""
    return Asked(slack, place, adapter, said["ts"])


def is_final(message: dict[str, Any], asked: Asked) -> bool:
    """As it would stand there without a stream."""
    payload = {"key": asked.key, "part": 0}
    assert message["metadata"] == {"event_type": "threadsight_post", "event_payload": payload}
    return [block["type"] for block in message["blocks"]] == ["markdown", "context"]


async def test_an_answer_grows_and_ends_as_any_other(slack: Server, asked: Asked) -> None:
    message = await asked.post(draft("", "Got it …"))
    placeholder = await asked.only()
    assert [block["type"] for block in placeholder["blocks"]] == ["task_card", "actions"]
    for text in ("", "It is", "It is **forty", "It is **forty two** in"):
        await asked.adapter.edit(asked.thread, message, draft(text))
    grown = await asked.only()
    assert (grown["blocks"][0]["title"], grown["blocks"][-1]["text"]) == ("Writing …", "It is **forty two** ")
    await asked.adapter.edit(asked.thread, message, FINAL)
    own = await asked.only()
    assert is_final(own, asked)
    assert own["ts"] == message
    assert own["_versions"][-2]["text"].endswith("It is **forty two** in all."), "what people are notified with"
    assert await asked.calls() == ["startStream", *["appendStream"] * 4, "stopStream", "update"]
    (begun,) = [
        one for one in await slack.control("calls", method="chat.startStream") if one["thread_ts"] == asked.question
    ]
    assert (begun["recipient_team_id"], begun["recipient_user_id"]) == (asked.place.channel.workspace, asked.place.user)
    assert not own["_unfurls"]


async def test_the_team_is_known_where_a_file_is_shared(slack: Server, streaming: SlackSettings) -> None:
    place = await make_place(slack)
    asked = await ask(slack, place, SlackAdapter(streaming), files=[(await place.file())["id"]])
    await asked.post(draft("", "Got it …"))
    assert await asked.calls() == ["startStream"]


@pytest.mark.parametrize(
    "fault",
    [
        {"error": "missing_recipient_team_id"},
        {"error": "channel_type_not_supported"},
        {"error": "unknown_method"},
        {"error": "ratelimited", "status": 429, "retry_after": "1"},
    ],
)
async def test_a_stream_that_slack_does_not_let_begin(slack: Server, asked: Asked, fault: dict[str, Any]) -> None:
    await slack.control("fail", method="chat.startStream", **fault)
    message = await asked.post(draft("", "Got it …"))
    await asked.adapter.edit(asked.thread, message, draft("It is"))
    await asked.adapter.edit(asked.thread, message, FINAL)
    assert is_final(await asked.only(), asked)
    assert await asked.calls() == ["startStream", "postMessage", "update", "update"]


@pytest.mark.parametrize(("times", "then"), [(1, ["stopStream", "update"]), (2, ["postMessage", "update"])])
async def test_buttons_that_slack_does_not_take_in_a_stream(
    slack: Server, asked: Asked, times: int, then: list[str]
) -> None:
    await slack.control("fail", method="chat.startStream", error="invalid_chunks", times=times)
    message = await asked.post(draft("", "Got it …"))
    await asked.adapter.edit(asked.thread, message, FINAL)
    assert is_final(await asked.only(), asked)
    assert await asked.calls() == ["startStream", "startStream", *then]


async def test_last_words_that_slack_does_not_take(slack: Server, asked: Asked) -> None:
    message = await asked.post(draft("", "Got it …"))
    await slack.control("fail", method="chat.stopStream", error="invalid_chunks")
    await asked.adapter.edit(asked.thread, message, FINAL)
    assert is_final(await asked.only(), asked)
    assert await asked.calls() == ["startStream", "stopStream", "stopStream", "update"]


async def test_a_channel_that_refused_is_not_asked_again_at_once(slack: Server, asked: Asked) -> None:
    await slack.control("fail", method="chat.startStream", error="channel_type_not_supported")
    await asked.post(draft("", "Got it …"))
    other = await ask(slack, asked.place, asked.adapter)
    await patiently(asked.adapter, other.thread, draft("", "Got it …"), key=other.key)
    assert (await asked.calls()).count("startStream") == 1


@pytest.mark.parametrize("error", ["message_not_in_streaming_state", "stopped_by_user", "streaming_mode_mismatch"])
async def test_a_stream_that_slack_ends(slack: Server, asked: Asked, error: str) -> None:
    message = await asked.post(draft("", "Got it …"))
    await slack.control("fail", method="chat.appendStream", error=error)
    await slack.control("fail", method="chat.stopStream", error="message_not_in_streaming_state", done=True)
    await asked.adapter.edit(asked.thread, message, draft("It is **forty two"))
    assert "Stop" in str((await asked.only())["blocks"])
    await asked.adapter.edit(asked.thread, message, FINAL)
    assert is_final(await asked.only(), asked)
    assert await asked.calls() == ["startStream", "appendStream", "stopStream", "update", "update"]


async def test_a_stream_that_slack_ended_unasked(slack: Server, asked: Asked) -> None:
    """As it does after five minutes."""
    message = await asked.post(draft("", "Got it …"))
    await slack.control("end_streams")
    await asked.adapter.edit(asked.thread, message, draft("It is forty"))
    await asked.adapter.edit(asked.thread, message, FINAL)
    assert is_final(await asked.only(), asked)
    assert await asked.calls() == ["startStream", "appendStream", "stopStream", "update", "update"]


async def test_a_draft_that_nothing_is_added_to_is_ended_in_time(slack: Server, asked: Asked) -> None:
    now = [0.0]
    api = Api(asked.adapter._settings)
    streams = Streams(api, wanted=True, clock=lambda: now[0])
    poster = Poster(api, streams)
    streams.heard(asked.thread.channel, asked.question, Recipient(asked.thread.channel.workspace, asked.place.user))
    message = await poster.post(asked.thread, draft("", "Waiting …"), asked.key, answers=asked.question)
    await poster.retire()
    assert (await asked.only())["streaming_state"] == "in_progress"
    now[0] = 250.0
    await poster.retire()
    await poster.retire()
    waiting = await asked.only()
    assert waiting["streaming_state"] == "completed"
    assert ["Waiting …" in str(waiting["blocks"]), "Stop" in str(waiting["blocks"])] == [True, True]
    await poster.edit(asked.thread, message, FINAL)
    await poster.retire()
    assert is_final(await asked.only(), asked)
    assert await asked.calls() == ["startStream", "stopStream", "update", "update"]


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("done", [True, False])
async def test_a_call_that_is_cut_off_says_nothing_twice(slack: Server, asked: Asked, method: str, done: bool) -> None:
    await slack.control("fail", method=method, status=500, done=done)
    message = ""
    for post in (draft("", "Got it …"), draft("It is forty two"), FINAL):
        try:
            if message:
                await asked.adapter.edit(asked.thread, message, post)
            else:
                message = await asked.post(post)
        except Unreachable:
            message = await patiently(asked.adapter, asked.thread, post, key=asked.key, message=message)
    assert is_final(await asked.only(), asked)


async def test_a_rate_limit_on_the_last_word_is_waited_out(slack: Server, asked: Asked) -> None:
    message = await asked.post(draft("It is", "Got it …"))
    await slack.control("fail", method="chat.stopStream", error="ratelimited", status=429, retry_after="1")
    with pytest.raises(RateLimited):
        await asked.adapter.edit(asked.thread, message, FINAL)
    await patiently(asked.adapter, asked.thread, FINAL, message=message)
    assert is_final(await asked.only(), asked)


@pytest.mark.parametrize(
    "other", ["Something else altogether.", "", LONG, "It is forty two [x]: https://evil.example x"]
)
async def test_a_draft_that_does_not_go_on_from_the_last(asked: Asked, other: str) -> None:
    message = await asked.post(draft("It is forty "))
    await asked.adapter.edit(asked.thread, message, draft("It is forty two "))
    await patiently(asked.adapter, asked.thread, draft(other), message=message)
    await patiently(asked.adapter, asked.thread, FINAL, message=message)
    assert is_final(await asked.only(), asked)


async def test_nothing_that_grows_is_loud(asked: Asked) -> None:
    text = f"a {HOSTILE} [your bank](\nhttps://evil.example) $x < y$ and [x]: https://evil.example @here\n"
    message = await asked.post(draft("", HOSTILE))
    for end in range(0, len(text), 3):
        await patiently(asked.adapter, asked.thread, draft(text[:end], HOSTILE), message=message)
    await patiently(asked.adapter, asked.thread, Post(text=text, notes=(HOSTILE,)), message=message)
    own = await asked.only()
    assert own["_loud"] == []
    assert not own["_unfurls"]


@pytest.mark.parametrize("named", [True, False])
async def test_another_process_finds_the_half_of_an_answer(
    slack: Server, asked: Asked, streaming: SlackSettings, named: bool
) -> None:
    """By the task that shows its status, or by its place in the thread where Slack does not tell that."""
    await slack.control("name_tasks", named=named)
    await asked.post(draft("It is forty"))
    later = SlackAdapter(streaming)
    message = await asked.post(draft("", "Got it …"), adapter=later, again=True)
    await slack.control("name_tasks", named=True)
    await later.edit(asked.thread, message, FINAL)
    assert is_final(await asked.only(), asked)


async def test_another_process_edits_the_half_of_an_answer(asked: Asked, settings: SlackSettings) -> None:
    """Even one that does not stream."""
    message = await asked.post(draft("It is forty"))
    later = SlackAdapter(settings)
    await later.edit(asked.thread, message, draft("It is **forty"))
    await later.edit(asked.thread, message, FINAL)
    assert is_final(await asked.only(), asked)


async def test_of_two_answers_in_a_thread_each_is_found_as_its_own(slack: Server, asked: Asked) -> None:
    first = await asked.post(draft("It is forty"))
    second = await ask(slack, asked.place, asked.adapter, thread_ts=asked.question)
    second.thread = asked.thread
    await second.post(draft("", "Got it …"))
    later = SlackAdapter(asked.adapter._settings)
    posted = await second.post(FINAL, adapter=later, again=True)
    await later.edit(asked.thread, first, FINAL)
    assert [one["ts"] for one in await asked.place.own()] == [first, posted]
    assert all(is_final(one, which) for one, which in zip(await asked.place.own(), (asked, second), strict=True))


async def test_what_is_no_draft_and_what_answers_nobody_does_not_grow(asked: Asked) -> None:
    await asked.post(FINAL)
    await patiently(asked.adapter, asked.thread, draft("", "Got it …"), key="of our own accord")
    assert set(await asked.calls()) == {"postMessage"}
