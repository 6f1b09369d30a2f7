"""The whole bot with ``slack.streaming``: what people see grow is what stays."""

from collections.abc import Iterator
from pathlib import Path

from inference.scripted import Gate, ScriptedEngine, Step
from inference.types import Request, Text, Thought
from tests.end_to_end.bot import running
from tests.end_to_end.test_slack import FAST, Slack
from tests.fakes.server import serving


async def test_answers_grow_are_stopped_and_taken_back(tmp_path: Path) -> None:
    goes_on = Gate()

    def script(request: Request) -> Iterator[Step]:
        yield Thought(text="hm")
        yield Text(text=f"You asked “{request.turns[-1].text}” and ")
        yield goes_on
        yield Text(text="that is all.")

    async with serving("tests.fakes.slack", speed=FAST) as server:
        slack = await Slack.open(server)
        async with running([slack.adapter(streaming=True)], ScriptedEngine(script), tmp_path):
            await server.control("wait_connected")
            thread = await slack.say(f"{slack.us} first", files=[await slack.picture("a.png")])
            body = {"channel": slack.channel, "thread_ts": thread}
            (growing,) = await server.control("wait_for", **body, contains="“first”")
            assert growing["streaming_state"] == "in_progress"
            goes_on.open()
            first = await slack.answer(thread, "“first” and that is all.")
            assert (first["ts"], first["blocks"][0]["type"]) == (growing["ts"], "markdown")
            goes_on.close()
            await slack.say("second", thread_ts=thread)
            (growing,) = await server.control("wait_for", **body, contains="“second”")
            button = {"message": growing["ts"], "user": slack.user, "action": "Stop"}
            await server.control("press", channel=slack.channel, **button)
            await slack.answer(thread, "topped.")
            deleted = await slack.say("third", thread_ts=thread)
            (third,) = await server.control("wait_for", **body, contains="“third”")
            await server.control("delete", channel=slack.channel, message=deleted)
            gone = await slack.answer(thread, "my answer with it")
            assert (gone["ts"], "“third”" in str(gone["blocks"])) == (third["ts"], False)
        stored = (await server.control("channel", channel=slack.channel))["messages"]
        own = [one["ts"] for one in stored if one["user"] == slack.info["bot_user"]]
        assert own == [first["ts"], growing["ts"], third["ts"]]
        begun = await server.control("calls", method="chat.startStream")
        assert len(begun) == 3, "file_share messages do not name their team"
