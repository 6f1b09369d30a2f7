import asyncio
from contextlib import suppress

import pytest

from adapters import standing
from adapters.base import Button, Channel, File, Post, Thread
from adapters.errors import Forbidden, Gone, RateLimited, Unreachable
from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from tests.adapters.slack.conftest import Place
from tests.fakes.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = "\n\n".join(f"Paragraph {number}: " + "word " * 100 for number in range(40))
"""For three messages."""
ENDLESS = LONG * 3
HOSTILE = "<!channel> <@U0BOT> @here [your bank](https://evil.example) <https://evil.example|your bank> & so on"


async def patiently(
    adapter: SlackAdapter, thread: Thread, post: Post, *, key: str = "", message: str = "", again: bool = False
) -> str:
    """Post or edit as the bot does: wait when Slack says so, then go on."""
    while True:
        try:
            if message:
                await adapter.edit(thread, message, post)
                return message
            return await adapter.post(thread, post, key=key, again=again)
        except RateLimited as error:
            await asyncio.sleep(error.retry_after)


def markdown(messages: list[dict[str, object]]) -> str:
    blocks = [block for one in messages for block in one.get("blocks", [])]  # type: ignore[attr-defined]
    return "\n\n".join(block["text"] for block in blocks if block["type"] == "markdown")


async def test_a_placeholder_becomes_the_answer(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    stop = Button(action="stop", label="Stop", value="1", danger=True)
    message = await adapter.post(thread, Post(text="", status="Got it …", buttons=(stop,)), key="job-1")
    await adapter.edit(thread, message, Post(text="It is **42**.", notes=("`bill.png`: used",)))
    (own,) = await place.own()
    assert (own["ts"], own["thread_ts"]) == (message, thread.root)
    assert own["metadata"] == {"event_type": "threadsight_post", "event_payload": {"key": "job-1", "part": 0}}
    assert [version["text"] for version in own["_versions"]] == ["Got it …", "It is 42."]
    assert [block["type"] for block in own["blocks"]] == ["markdown", "context"]
    assert not own["_unfurls"]


async def test_an_unchanged_draft_is_not_sent_again(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    message = await adapter.post(thread, Post(text="same"))
    before = len(await slack.control("calls", method="chat.update"))
    await adapter.edit(thread, message, Post(text="same"))
    assert len(await slack.control("calls", method="chat.update")) == before


async def test_a_long_answer_grows_and_shrinks(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    message = await adapter.post(thread, Post(text="", status="Writing …"))
    await patiently(adapter, thread, Post(text=LONG), message=message)
    own = await place.own()
    assert len(own) == 3
    assert markdown(own).split() == LONG.split()
    await patiently(adapter, thread, Post(text="short"), message=message)
    assert [one["ts"] for one in await place.own()] == [message]


async def test_an_endless_answer_is_a_file_as_well_once(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    message = await patiently(adapter, thread, Post(text=ENDLESS), key="job-2")
    await patiently(adapter, thread, Post(text=ENDLESS, reasoning="more"), message=message)
    *shown, uploaded = await place.own()
    assert len(shown) == 3
    (file,) = uploaded["files"]
    assert (uploaded["thread_ts"], file["size"]) == (thread.root, len(ENDLESS.encode()))


async def test_files_follow(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    file = File(name="checks.csv", media_type="text/csv", content=b"a,b\n")
    await adapter.post(thread, Post(text="Here.", files=(file,)))
    assert [one["name"] for one in (await place.own())[-1]["files"]] == ["checks.csv"]


async def test_only_for_one_person(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    await adapter.post(thread, Post(text="Not yours.", only_for=place.user))
    whisper = (await slack.control("whispers"))[-1]
    assert (whisper["user"], whisper["channel"], whisper["thread_ts"]) == (place.user, place.channel.id, thread.root)
    assert not await place.own()


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long"])
async def test_refused_blocks_do_not_lose_the_answer(
    slack: Server, adapter: SlackAdapter, place: Place, error: str
) -> None:
    thread = await place.thread()
    await slack.control("fail", method="chat.postMessage", error=error)
    with suppress(RateLimited):  # the attempt counted, unless a second went by since
        await adapter.post(thread, Post(text="It is **42**.", notes=("small print",)), key=f"job-{error}")
    post = Post(text="It is **42**.", notes=("small print",))
    message = await patiently(adapter, thread, post, key=f"job-{error}")
    await slack.control("fail", method="chat.update", error=error)
    await adapter.edit(thread, message, Post(text="It is **43**."))
    (own,) = await place.own()
    assert [version["text"] for version in own["_versions"]] == ["It is **42**.\n\nsmall print", "It is **43**."]
    assert own["blocks"] == []


async def test_nothing_that_we_say_is_loud(adapter: SlackAdapter, place: Place, slack: Server) -> None:
    thread = await place.thread()
    post = Post(text=HOSTILE, reasoning=HOSTILE, notes=(HOSTILE,), status=HOSTILE)
    message = await adapter.post(thread, post)
    await slack.control("fail", method="chat.update", error="invalid_blocks")
    await adapter.edit(thread, message, Post(text=HOSTILE + "!", notes=(HOSTILE,)))
    (own,) = await place.own()
    assert own["_loud"] == []


async def test_a_post_cut_off_is_not_said_twice(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    await slack.control("fail", method="chat.postMessage", status=500, done=True)
    with pytest.raises(Unreachable):
        await adapter.post(thread, Post(text="once"), key="job-3")
    message = await adapter.post(thread, Post(text="once"), key="job-3")
    assert [one["ts"] for one in await place.own()] == [message]


async def test_a_later_part_cut_off_is_not_said_twice(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    message = await adapter.post(thread, Post(text="short"), key="job-4")
    await slack.control("fail", method="chat.postMessage", status=500, done=True)
    with pytest.raises(Unreachable):
        await patiently(adapter, thread, Post(text=LONG), message=message)
    await patiently(adapter, thread, Post(text=LONG), message=message)
    own = await place.own()
    assert len(own) == 3
    assert markdown(own).split() == LONG.split()


async def test_another_process_goes_on(adapter: SlackAdapter, place: Place, settings: SlackSettings) -> None:
    thread = await place.thread()
    first = await patiently(adapter, thread, Post(text=LONG), key="job-5")
    later = SlackAdapter(settings)
    await patiently(later, thread, Post(text="Changed."), message=first)
    assert [one["ts"] for one in await place.own()] == [first]


async def test_another_process_does_not_post_again(
    adapter: SlackAdapter, place: Place, settings: SlackSettings, slack: Server
) -> None:
    old = Thread(channel=place.channel, root=(await place.say("old", ts="1700000000.000100", only="none"))["ts"])
    first = await patiently(adapter, old, Post(text=ENDLESS), key="job-6")
    later = SlackAdapter(settings)
    assert await patiently(later, old, Post(text=ENDLESS), key="job-6", again=True) == first
    assert len(await place.own()) == 4


async def test_rates_are_told(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    posts = [adapter.post(thread, Post(text=str(number))) for number in range(100)]
    with pytest.raises(RateLimited) as caught:
        await asyncio.gather(*posts)
    assert caught.value.retry_after >= 1


async def test_a_limit_is_not_tried_before_its_time(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    message = await adapter.post(thread, Post(text="one"))
    await slack.control("fail", method="chat.update", error="ratelimited", status=429, retry_after="30")
    before = len(await slack.control("calls", method="chat.update"))
    for _ in range(3):
        with pytest.raises(RateLimited) as caught:
            await adapter.edit(thread, message, Post(text="two"))
        assert 25 < caught.value.retry_after <= 30
    assert len(await slack.control("calls", method="chat.update")) == before + 1
    await adapter.post(await place.thread(), Post(text="only for me", only_for=place.user))


async def test_what_is_gone_is_gone(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    message = await adapter.post(thread, Post(text="one"))
    await slack.control("delete", channel=place.channel.id, message=message)
    with pytest.raises(Gone):
        await adapter.edit(thread, message, Post(text="two"))
    nowhere = Thread(channel=Channel(platform="slack", workspace="T", id="C404"), root=thread.root)
    with pytest.raises(Gone):
        await adapter.post(nowhere, Post(text="three"))


async def test_a_channel_without_us(slack: Server, adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    await slack.control("channel", channel=place.channel.id, member=False)
    with pytest.raises(Forbidden, match="not_in_channel") as caught:
        await adapter.post(thread, Post(text="one"))
    assert "/invite" in caught.value.missing


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"error": "internal_error"}, Unreachable),
        ({"status": 502}, Unreachable),
        ({"status": 429, "retry_after": "7"}, RateLimited),
        ({"error": "rate_limited"}, RateLimited),
        ({"error": "missing_scope", "more": {"needed": "chat:write"}}, Forbidden),
        ({"error": "something_new"}, Forbidden),
    ],
)
async def test_errors_are_ours(
    slack: Server, adapter: SlackAdapter, place: Place, fault: dict[str, object], kind: type[Exception]
) -> None:
    thread = await place.thread()
    await slack.control("fail", method="chat.postMessage", **fault)
    with pytest.raises(kind) as caught:
        await adapter.post(thread, Post(text="one"))
    if isinstance(caught.value, RateLimited) and "retry_after" in fault:
        assert caught.value.retry_after == 7
    if fault.get("error") == "missing_scope":
        assert "chat:write" in str(getattr(caught.value, "missing", ""))


async def test_a_server_that_is_not_there(settings: SlackSettings, place: Place) -> None:
    gone = {"api_url": "http://127.0.0.1:9/api/", "file_hosts": ["127.0.0.1:9"]}
    adapter = SlackAdapter(SlackSettings.model_validate(settings.model_dump() | gone))
    with pytest.raises(Unreachable):
        await adapter.post(Thread(channel=place.channel, root="1.1"), Post(text="one"))


async def test_each_call_asks_once_more_whether_it_is_ours_to_make(adapter: SlackAdapter, place: Place) -> None:
    thread = await place.thread()
    asked, settled = asyncio.Event(), asyncio.Event()

    async def until_sure() -> None:
        asked.set()
        await settled.wait()

    with standing.asked(until_sure):
        posting = asyncio.create_task(adapter.post(thread, Post(text="A cat.")))
    await asked.wait()
    assert await place.own() == []
    settled.set()
    await posting
    assert len(await place.own()) == 1
