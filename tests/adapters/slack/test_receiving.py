import asyncio
import logging
import socket

import aiohttp
import pytest

from adapters.base import Author, Button, Event, Listening, Post, Thread
from adapters.errors import Forbidden
from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from tests.adapters.slack.conftest import Inbox, Place, connected, make_place, running
from tests.fakes.server import Server
from tests.fakes.slack_delivery import signed

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_mention_with_a_file_arrives(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        file = await place.file(name="bill.png")
        said = await place.say(f"<@{place.bot}> what is this?", files=[file["id"]])
        incoming = await inbox.message()
    assert incoming.thread == Thread(channel=place.channel, root=said["ts"])
    assert (incoming.author.id, incoming.author.standing) == (place.user, "member")
    assert incoming.author.name != place.user
    assert (incoming.text, incoming.mentioned, incoming.direct) == ("what is this?", True, False)
    assert [one.name for one in incoming.attachments] == ["bill.png"]


async def test_both_events_of_a_mention_are_acknowledged_and_one_is_handed_over(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        said = await place.say(f"<@{place.bot}> hello")
        for event in said["events"]:
            assert (await slack.control("wait_delivered", event=event))["state"] == "acked"
    assert (len(said["events"]), inbox.seen) == (2, 1)


async def test_a_mention_without_its_message_is_read_back_with_its_files(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        thread = await place.thread()
        file = await place.file(name="bill.png")
        await place.say(f"<@{place.bot}> this", files=[file["id"]], thread_ts=thread.root, only="app_mention")
        incoming = await inbox.message()
    assert [one.name for one in incoming.attachments] == ["bill.png"]
    assert (incoming.thread, incoming.text, incoming.mentioned) == (thread, "this", True)


async def test_a_mention_that_cannot_be_read_back_is_taken_as_it_came(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        await slack.control("fail", method="conversations.replies", error="missing_scope")
        await place.say(f"<@{place.bot}> hello", only="app_mention")
        assert (await inbox.message()).text == "hello"


@pytest.mark.parametrize("kind", ["im", "group", "mpim"])
async def test_messages_from_everywhere(slack: Server, adapter: SlackAdapter, kind: str) -> None:
    inbox = Inbox()
    place = await make_place(slack, kind)
    async with connected(slack, adapter, inbox):
        await place.say("hello")
        incoming = await inbox.message()
    assert incoming.direct is (kind == "im")


async def test_our_own_messages_and_edits_are_acknowledged_and_dropped(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        thread = await place.thread()
        message = await adapter.post(thread, Post(text="one"))
        await adapter.edit(thread, message, Post(text="two"))
        await place.say("last")
        assert (await inbox.message()).text == "last"
        for delivery in await slack.control("deliveries"):
            assert (await slack.control("wait_delivered", event=delivery["id"]))["state"] != "pending"
    assert inbox.seen == 1


async def test_what_is_not_accepted_comes_again(
    slack: Server, adapter: SlackAdapter, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox(refuse=1)
    async with connected(slack, adapter, inbox):
        said = await place.say("hello")
        delivery = await slack.control("wait_delivered", event=said["events"][0])
        assert (await inbox.message()).text == "hello"
    assert [one["failed"] for one in delivery["attempts"]] == ["timeout", ""]
    assert "the disk is full" not in caplog.text


async def test_a_button_is_an_action(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        thread = await place.thread()
        message = await adapter.post(thread, Post(text="x", buttons=(Button(action="stop", label="Stop", value="7"),)))
        pressed = await slack.control(
            "press", channel=place.channel.id, message=message, user=place.user, action="Stop"
        )
        action = await inbox.action()
        assert (await slack.control("wait_delivered", event=pressed["id"]))["state"] == "acked"
    assert (action.thread, action.message, action.name, action.value) == (thread, message, "stop", "7")
    assert action.author == Author(id=place.user, name="anna")


async def test_it_follows_slack_to_a_new_socket(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        before = len(await slack.control("calls", method="apps.connections.open"))
        await slack.control("disconnect", reason="refresh_requested")
        await slack.control("wait_call", method="apps.connections.open", count=before + 1)
        await place.say("still there?")
        assert (await inbox.message()).text == "still there?"


async def test_it_comes_back_after_a_cut_connection_and_says_so(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        inbox.listening.clear()
        before = len(await slack.control("calls", method="apps.connections.open"))
        await slack.control("drop_sockets")
        await slack.control("wait_call", method="apps.connections.open", count=before + 1)
        await slack.control("wait_connected")
        await place.say("still there?")
        assert (await inbox.message()).text == "still there?"
        async with asyncio.timeout(20):
            await inbox.listening.wait()


async def test_it_waits_out_an_outage_at_the_start(slack: Server, adapter: SlackAdapter) -> None:
    await slack.control("fail", method="auth.test", status=503, times=3)
    async with connected(slack, adapter, Inbox()):
        pass


@pytest.mark.parametrize(
    ("field", "token", "missing"),
    [("bot_token", "xoxb-old", "a valid token"), ("app_token", "xapp-old", "a valid token")],
)
async def test_refused_credentials_end_it(settings: SlackSettings, field: str, token: str, missing: str) -> None:
    adapter = SlackAdapter(SlackSettings.model_validate(settings.model_dump() | {field: token}))
    with pytest.raises(Forbidden) as caught:
        async with asyncio.timeout(20):
            await adapter.run(Inbox())
    assert caught.value.missing.startswith(missing)
    error: BaseException | None = caught.value
    while error is not None:
        assert token not in str(error)
        error = error.__cause__


async def test_stopping_waits_for_what_is_being_accepted(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(event: Event) -> None:
        if isinstance(event, Listening):
            return
        entered.set()
        await leave.wait()

    task = asyncio.create_task(adapter.run(slow))
    await slack.control("wait_connected")
    said = await place.say("hello")
    await entered.wait()
    task.cancel()
    leave.set()
    await asyncio.gather(task, return_exceptions=True)
    assert (await slack.control("wait_delivered", event=said["events"][0]))["state"] == "acked"


async def test_what_cannot_be_acknowledged_comes_again_and_is_no_error(
    slack: Server, adapter: SlackAdapter, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    entered, leave, inbox = asyncio.Event(), asyncio.Event(), Inbox()

    async def slow(event: Event) -> None:
        await inbox(event)
        if not isinstance(event, Listening):
            entered.set()
            await leave.wait()

    async with running(adapter, slow):
        await slack.control("wait_connected")
        said = await place.say("hello")
        await entered.wait()
        await slack.control("outage", seconds=30)
        leave.set()
        assert (await slack.control("wait_delivered", event=said["events"][0]))["state"] == "acked"
    assert inbox.seen == 2
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.fixture
def over_http(settings: SlackSettings) -> SlackSettings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return SlackSettings.model_validate(settings.model_dump() | {"mode": "http", "port": port})


def address(settings: SlackSettings) -> str:
    return f"http://127.0.0.1:{settings.port}{settings.path}"


async def verified(slack: Server, settings: SlackSettings) -> None:
    """Once the adapter serves its URL, Slack takes it."""
    while not (await slack.control("request_url", url=address(settings)))["verified"]:
        pass


async def test_signed_events_over_http(slack: Server, over_http: SlackSettings, place: Place) -> None:
    inbox = Inbox(refuse=1)
    async with running(SlackAdapter(over_http), inbox):
        await verified(slack, over_http)
        said = await place.say("hello")
        assert (await inbox.message()).text == "hello"
        delivery = await slack.control("wait_delivered", event=said["events"][0])
        assert [one["failed"] for one in delivery["attempts"]] == ["http_error", ""]
    await slack.control("request_url", url="")


async def test_a_button_over_http(slack: Server, over_http: SlackSettings, place: Place) -> None:
    inbox = Inbox()
    adapter = SlackAdapter(over_http)
    async with running(adapter, inbox):
        await verified(slack, over_http)
        message = await adapter.post(await place.thread(), Post(text="", buttons=(Button(action="stop", label="S"),)))
        await slack.control("press", channel=place.channel.id, message=message, user=place.user, action="stop")
        assert (await inbox.action()).name == "stop"
    await slack.control("request_url", url="")


async def test_strangers_requests_are_refused(slack: Server, over_http: SlackSettings) -> None:
    inbox = Inbox()
    async with running(SlackAdapter(over_http), inbox), aiohttp.ClientSession() as session:
        await verified(slack, over_http)
        for headers in ({}, signed("{}", secret="guessed")):
            async with session.post(address(over_http), data="{}", headers=headers) as response:
                assert response.status == 401
    await slack.control("request_url", url="")
    assert inbox.seen == 0


async def test_a_taken_port_is_told(over_http: SlackSettings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", over_http.port))
        other.listen()
        with pytest.raises(Forbidden) as caught:
            await SlackAdapter(over_http).run(Inbox())
    assert "slack.port" in caught.value.missing


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ({"is_restricted": True}, "guest"),
        ({"is_ultra_restricted": True}, "guest"),
        ({"is_stranger": True}, "stranger"),
        ({"team_id": "T0OTHER"}, "stranger"),
        ({"team_id": "T0OTHER", "enterprise_user": {"id": "W1", "enterprise_id": "E0FAKE"}}, "member"),
        ({"team_id": "T0OTHER", "enterprise_user": {"id": "W1", "enterprise_id": "E0OTHER"}}, "stranger"),
        ({"team_id": "T0OTHER", "enterprise_user": {"id": "W1"}}, "stranger"),
    ],
)
async def test_who_asks_is_known_by_their_standing(
    slack: Server, adapter: SlackAdapter, place: Place, more: dict[str, object], standing: str
) -> None:
    inbox = Inbox()
    user = (await slack.control("add_user", name="Eve", **more))["id"]
    before = len(await slack.control("calls", method="users.info"))
    async with connected(slack, adapter, inbox):
        for _ in range(2):
            await slack.control("say", channel=place.channel.id, user=user, text=f"<@{place.bot}> hello")
            author = (await inbox.message()).author
    assert (author.name, author.standing) == ("Eve", standing)
    assert len(await slack.control("calls", method="users.info")) == before + 1


async def test_whose_standing_slack_does_not_tell_counts_as_a_guest(
    slack: Server, adapter: SlackAdapter, place: Place
) -> None:
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        await slack.control("fail", method="users.info", error="missing_scope")
        await place.say(f"<@{place.bot}> hello")
        assert (await inbox.message()).author.standing == "guest"
