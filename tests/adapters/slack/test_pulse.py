"""Whether Slack still answers."""

import pytest

from adapters.errors import Revoked
from adapters.slack.api import Api
from adapters.slack.pulse import Pulse
from adapters.slack.settings import SlackSettings
from tests.fakes.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_silence_counts_and_not_that_nobody_says_anything(settings: SlackSettings) -> None:
    now = 1_000.0
    pulse = Pulse(Api(settings), lambda: now)
    assert pulse.obstacle == "Not connected to Slack."
    pulse.beat()
    assert pulse.obstacle == ""
    now += 50
    assert pulse.obstacle == "Slack has not answered for 50 s."
    pulse.beat()
    assert pulse.obstacle == ""
    pulse.stop()
    assert pulse.obstacle == "Not connected to Slack."


async def test_a_refused_token_is_heard_of_at_once(slack: Server, settings: SlackSettings) -> None:
    api = Api(settings)
    await slack.control("revoke", error="account_inactive")
    try:
        with pytest.raises(Revoked):
            await api.read("users.info", user="U1")
        with pytest.raises(Revoked):
            await Pulse(api).pause()
        with pytest.raises(Revoked):
            await api.me()
    finally:
        await slack.control("revoke", error="")
    assert await Pulse(api).pause()
    assert not api.revoked.is_set()
