import pytest

from adapters.base import Thread
from adapters.errors import AdapterError, Forbidden, Gone
from adapters.slack.client import SlackAdapter
from tests.adapters.slack.conftest import Place
from tests.fakes.server import Server
from tests.fakes.slack_world import SCOPES

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_reactions_are_set_once_however_often(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    for reaction in ("✅", "✅", "❌", "❔", "⚠️"):
        await adapter.react(thread, thread.root, reaction)  # type: ignore[arg-type]
    names = await slack.control("wait_reactions", channel=place.channel.id, message=thread.root)
    assert names == ["white_check_mark", "x", "grey_question", "warning"]


async def test_a_reply_gets_one_too(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    reply = await place.say("a reply", thread_ts=thread.root)
    await adapter.react(thread, reply["ts"], "✅")
    assert await slack.control("wait_reactions", channel=place.channel.id, message=reply["ts"])


async def test_a_message_that_is_gone(adapter: SlackAdapter, place: Place) -> None:
    with pytest.raises(Gone):
        await adapter.react(Thread(channel=place.channel, root="1.000001"), "1.000001", "✅")


async def test_without_the_scope_it_is_named(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    await slack.control("scopes", scopes=sorted(SCOPES - {"reactions:write"}))
    try:
        with pytest.raises(Forbidden) as caught:
            await adapter.react(thread, thread.root, "✅")
    finally:
        await slack.control("scopes", scopes=sorted(SCOPES))
    assert caught.value.missing == "the scope reactions:write"


@pytest.mark.parametrize("error", ["too_many_reactions", "thread_locked", "fatal_error"])
async def test_what_slack_refuses_is_one_of_our_errors(
    slack: Server, adapter: SlackAdapter, place: Place, error: str
) -> None:
    thread = await place.thread()
    await slack.control("fail", method="reactions.add", error=error)
    with pytest.raises(AdapterError):
        await adapter.react(thread, thread.root, "✅")
