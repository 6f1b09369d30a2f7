"""What we say on Discord: where it goes, in how many messages, and what happens when Discord does not want it."""

import asyncio
import base64

import pytest

from adapters import standing
from adapters.base import Button, File, Post, Thread
from adapters.errors import Forbidden, Gone, RateLimited, Unreachable
from tests.adapters.discord.conftest import Bot

pytestmark = pytest.mark.asyncio(loop_scope="package")

THREE_MESSAGES = "\n\n".join(f"Paragraph {number}. " + "word " * 180 for number in range(6))
MANY_MESSAGES = THREE_MESSAGES * 4


async def test_a_long_answer_goes_on_in_further_messages_once(quick: Bot) -> None:
    bot, thread = quick, await quick.asked()
    post = await bot.adapter.post(thread, Post(text="", status="Writing …"))
    for _ in range(2):
        await bot.adapter.edit(thread, post, Post(text=THREE_MESSAGES, notes=("done",)))
    messages = await bot.control("until_said", channel=thread.root, count=3)
    assert messages[0]["id"] == post
    assert [len(one["content"]) <= 2000 for one in messages] == [True] * 3
    assert " ".join("\n".join(one["content"] for one in messages).split()) == " ".join(
        (THREE_MESSAGES + " -# done").split()
    )
    await bot.adapter.edit(thread, post, Post(text="Short after all."))
    assert [one["content"] for one in await bot.control("until_said", channel=thread.root)] == ["Short after all."]


async def test_a_very_long_answer_comes_as_a_file_with_its_beginning_shown(bot: Bot) -> None:
    thread = await bot.asked()
    post = await bot.adapter.post(thread, Post(text="", status="Writing …"))
    await bot.adapter.edit(thread, post, Post(text=MANY_MESSAGES))
    [answer] = await bot.control("until_said", channel=thread.root, contains="Paragraph 0.")
    assert base64.b64decode(answer["files"]["answer.md"]).decode() == MANY_MESSAGES
    await bot.adapter.edit(thread, post, Post(text="Never mind."))
    [answer] = await bot.control("until_said", channel=thread.root, contains="Never mind.")
    assert answer["files"] == {}


async def test_files_are_attached_even_large_ones(bot: Bot) -> None:
    thread = await bot.asked()
    table = File(name='../a "b"\r\n.csv', media_type="text/csv", content=b"x" * 3_000_000)
    huge = File(name="huge.bin", media_type="application/octet-stream", content=b"x" * (10 * 1024 * 1024 + 1))
    await bot.adapter.post(thread, Post(text="Here.", files=(table, huge)))
    [answer] = await bot.control("until_said", channel=thread.root, contains="Here.")
    [(name, content)] = answer["files"].items()
    assert (name, len(base64.b64decode(content))) == (".._a _b_.csv", 3_000_000)
    assert "-# huge.bin is too large for Discord (10 MB)" in answer["content"]


async def test_strangers_words_neither_ping_nor_unfurl_nor_hide_a_link(bot: Bot) -> None:
    thread = await bot.asked()
    text = f"@everyone <@{bot.user}> <@&{bot.role}> <#{bot.channel}> [your bank](https://evil.example)"
    await bot.adapter.post(thread, Post(text=text, notes=(text,), reasoning=text, status=text))
    [answer] = await bot.control("until_said", channel=thread.root)
    for bait in ("@everyone", f"<@{bot.user}>", f"<@&{bot.role}>", f"<#{bot.channel}>", "](https:"):
        assert bait not in answer["content"]
    assert "your bank (https://evil.example)" in answer["content"]
    assert answer["flags"] == 4


async def test_the_same_key_posts_once(bot: Bot) -> None:
    thread = await bot.asked()
    keys = ["job-1", "a key that is rather longer than what Discord takes"]
    posts = [await bot.adapter.post(thread, Post(text="A cat."), key=key) for key in keys * 2]
    assert posts[:2] == posts[2:]
    assert len(await bot.control("until_said", channel=thread.root)) == 2


async def test_two_posts_at_once_share_the_thread(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.control("start_thread", channel=bot.channel, name="somebody was faster", message=thread.root)
    await bot.adapter.post(thread, Post(text="A cat."))
    assert await bot.control("until_said", channel=thread.root, contains="cat")


async def test_a_thread_without_words_is_named_after_its_file(bot: Bot) -> None:
    thread = await bot.asked("@us", files=[await bot.file("receipt.jpg")])
    await bot.adapter.post(thread, Post(text="Paid."))
    [made] = await bot.control("threads", channel=bot.channel)
    assert made["name"] == "receipt.jpg"


async def test_a_long_question_names_its_thread_within_the_limit(bot: Bot) -> None:
    thread = await bot.asked("@us " + "why " * 100)
    await bot.adapter.post(thread, Post(text="Because."))
    [made] = await bot.control("threads", channel=bot.channel)
    assert len(made["name"]) <= 100


@pytest.mark.parametrize("code", [50013, 160006])
async def test_where_no_thread_can_be_made_the_answer_replies_in_the_channel(bot: Bot, code: int) -> None:
    if code == 50013:
        await bot.control("deny", channel=bot.channel, permissions=["CREATE_PUBLIC_THREADS"])
    else:
        body = {"code": code, "message": "no"}
        await bot.control("fail_next", method="POST", path="/threads$", status=400, body=body)
    thread = await bot.asked()
    post = await bot.adapter.post(thread, Post(text="", status="Looking …"))
    await bot.adapter.edit(thread, post, Post(text="A cat."))
    [answer] = await bot.control("until_said", channel=bot.channel, contains="cat")
    assert answer["message_reference"]["message_id"] == thread.root
    await bot.say("its colour?", reply_to=post)
    follow_up = await bot.heard()
    assert (follow_up.thread, follow_up.reply) == (thread, True)
    assert [quote.text for quote in follow_up.quotes] == ["A cat."]


async def test_an_edit_after_a_restart_finds_its_message(bot: Bot) -> None:
    await bot.control("deny", channel=bot.channel, permissions=["CREATE_PUBLIC_THREADS"])
    under = await bot.asked()
    reply = await bot.adapter.post(under, Post(text="one"))
    await bot.control("deny", channel=bot.channel, permissions=[])
    within = await bot.asked()
    post = await bot.adapter.post(within, Post(text="two"))
    again = Bot(bot.server, bot.world)
    async with again.running():
        await again.adapter.edit(under, reply, Post(text="one more"))
        await again.adapter.edit(within, post, Post(text="two more"))
    assert await bot.control("until_said", channel=bot.channel, contains="one more")
    assert await bot.control("until_said", channel=within.root, contains="two more")


@pytest.mark.parametrize("place", ["thread", "follow-up", "channel"])
async def test_another_process_finds_what_an_earlier_one_posted(quick: Bot, place: str) -> None:
    """Long after the nonce is forgotten, in each place where a post can stand."""
    bot, keys = quick, {"key": "answer", "again": True}
    if place == "channel":
        await bot.control("deny", channel=bot.channel, permissions=["CREATE_PUBLIC_THREADS"])
    thread = await bot.asked()
    answers = thread.root
    if place == "follow-up":
        await bot.adapter.post(thread, Post(text="An earlier answer."), answers=thread.root)
        answers = await bot.control("say", channel=thread.root, user=bot.user, text="and now?")
        await bot.heard()
    long = THREE_MESSAGES if place != "channel" else "One message."
    first = await bot.adapter.post(thread, Post(text=long), answers=answers, **keys)
    await bot.control("forget_nonces")
    again = Bot(bot.server, bot.world)
    async with again.running():
        assert await again.adapter.post(thread, Post(text=long), answers=answers, **keys) == first
    where = bot.channel if place == "channel" else thread.root
    said = [one for one in await bot.shown(where) if one["own"] and "earlier" not in one["content"]]
    assert len(said) == (1 if place == "channel" else 3)


async def test_a_lost_reply_is_looked_for_before_it_is_posted_again(bot: Bot) -> None:
    thread = await bot.asked()
    body = {"hello": "there"}
    await bot.control("fail_next", method="POST", path="/messages$", status=200, body=body, done=True)
    with pytest.raises(Unreachable):
        await bot.adapter.post(thread, Post(text="A cat."), key="answer", answers=thread.root)
    await bot.control("forget_nonces")
    await bot.adapter.post(thread, Post(text="A cat."), key="answer", answers=thread.root)
    assert len(await bot.control("until_said", channel=thread.root, contains="cat")) == 1


@pytest.mark.parametrize("lost", ["the first message", "a further message"])
async def test_what_is_lost_again_and_again_is_still_looked_for(bot: Bot, lost: str) -> None:
    """However far a try comes before the next one is needed, the nonce being forgotten in between."""
    thread, post = await bot.asked(), Post(text=THREE_MESSAGES)
    post_is_lost = {"method": "POST", "path": "/messages$", "status": 503, "done": True}
    await bot.control("fail_next", after=0 if lost == "the first message" else 1, **post_is_lost)
    # The first look finds the first message; the second, for what follows it, fails.
    await bot.control("fail_next", method="GET", path="/messages$", status=503, after=1)
    for _ in range(2):
        with pytest.raises(Unreachable):
            await bot.adapter.post(thread, post, key="answer", answers=thread.root)
        await bot.control("forget_nonces")
    await bot.adapter.post(thread, post, key="answer", answers=thread.root)
    assert len([one for one in await bot.shown(thread.root) if one["own"]]) == 3


async def test_a_forgotten_forum_post_is_found_again(idle: Bot) -> None:
    forum = await idle.control("add_channel", guild=idle.guild, name="help", kind="forum")
    root = await idle.control("start_forum_post", channel=forum, user=idle.user, title="Odd", text="what is this?")
    await idle.control("archive", thread=root)
    async with idle.running():
        await idle.adapter.post(Thread(channel=idle.place(forum), root=root), Post(text="A cat."))
    assert await idle.control("until_said", channel=root, contains="cat")


async def test_no_permission_at_all_is_forbidden(bot: Bot) -> None:
    await bot.control("deny", channel=bot.channel, permissions=["CREATE_PUBLIC_THREADS", "SEND_MESSAGES"])
    thread = await bot.asked()
    with pytest.raises(Forbidden) as caught:
        await bot.adapter.post(thread, Post(text="A cat."))
    assert caught.value.missing == "a permission in this channel"


async def test_a_locked_thread_is_forbidden(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.adapter.post(thread, Post(text="A cat."))
    await bot.control("archive", thread=thread.root, locked=True)
    with pytest.raises(Forbidden) as caught:
        await bot.adapter.post(thread, Post(text="A dog."))
    assert caught.value.missing == "Manage Threads"


async def test_what_was_deleted_is_gone(bot: Bot) -> None:
    thread = await bot.asked()
    post = await bot.adapter.post(thread, Post(text="A cat."))
    await bot.control("delete", channel=thread.root, message=post)
    with pytest.raises(Gone):
        await bot.adapter.edit(thread, post, Post(text="A dog."))
    await bot.control("delete_channel", channel=thread.root)
    with pytest.raises(Gone):
        await bot.adapter.post(thread, Post(text="A cow."))
    missing = Thread(channel=bot.place(), root="1")
    with pytest.raises(Gone):
        await bot.adapter.post(missing, Post(text="A hen."))


async def test_a_private_word_goes_by_direct_message_and_never_into_the_channel(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.adapter.post(thread, Post(text="Only you may stop this.", only_for=bot.user))
    direct = await bot.control("open_dm", user=bot.user)
    assert await bot.control("until_said", channel=direct, contains="Only you")
    await bot.control("deny", channel=direct, permissions=["SEND_MESSAGES"])
    with pytest.raises(Forbidden) as caught:
        await bot.adapter.post(thread, Post(text="Only you may stop this.", only_for=bot.user))
    assert "direct messages" in caught.value.missing
    assert [one for one in await bot.shown(bot.channel) if one["own"]] == []


async def test_buttons_fit_their_rows(bot: Bot) -> None:
    thread = await bot.asked()
    buttons = tuple(Button(action="pick", label=f"{n} " + "x" * 100, value=str(n)) for n in range(7))
    await bot.adapter.post(thread, Post(text="Which?", buttons=buttons))
    [message] = await bot.control("until_said", channel=thread.root)
    assert [len(row["components"]) for row in message["components"]] == [5, 2]


async def test_a_burst_into_one_thread_waits_for_its_rate_limit(quick: Bot) -> None:
    thread = await quick.asked()
    for number in range(12):
        await quick.adapter.post(thread, Post(text=f"part {number}"))
    assert len(await quick.control("until_said", channel=thread.root, contains="part")) == 12
    assert 429 not in await quick.statuses()


async def test_a_burst_over_many_threads_stays_below_the_limit_for_all(bot: Bot) -> None:
    """Of 50 calls a second; at the speed of real time."""
    threads = [await bot.asked(f"@us question {number}") for number in range(40)]
    await asyncio.gather(*(bot.adapter.post(thread, Post(text="An answer.")) for thread in threads))
    assert 429 not in await bot.statuses()


async def test_a_short_refusal_is_waited_out_and_a_long_one_is_told(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.slow_down("POST", f"/channels/{thread.root}/messages$", 0.01)
    await bot.adapter.post(thread, Post(text="patient"))
    await bot.slow_down("POST", f"/channels/{thread.root}/messages$", 300)
    with pytest.raises(RateLimited) as caught:
        await bot.adapter.post(thread, Post(text="impatient"))
    assert caught.value.retry_after == 300


async def test_a_ban_by_the_proxy_in_front_is_a_rate_limit(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.control(
        "fail_next", method="POST", path="/threads$", status=429, headers={"Retry-After": "1234"}, body={"banned": True}
    )
    with pytest.raises(RateLimited) as caught:
        await bot.adapter.post(thread, Post(text="hello"))
    assert caught.value.retry_after == 1234


async def test_edits_of_old_messages_are_limited(quick: Bot) -> None:
    thread = await quick.asked()
    post = await quick.adapter.post(thread, Post(text="draft"))
    await quick.slow_down("PATCH", post, 77, code=30046)
    with pytest.raises(RateLimited) as caught:
        await quick.adapter.edit(thread, post, Post(text="final"))
    assert caught.value.retry_after == 77


async def test_a_broken_answer_is_unreachable(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.control("fail_next", method="POST", path="/messages$", status=200, body={"hello": "there"})
    with pytest.raises(Unreachable):
        await bot.adapter.post(thread, Post(text="A cat."))
    await bot.control("fail_next", method="POST", path="/messages$", status=503, body={}, times=1)
    with pytest.raises(Unreachable):
        await bot.adapter.post(thread, Post(text="A cat."))


async def test_what_stands_in_the_channel_itself_is_found_again_by_its_buttons(quick: Bot) -> None:
    bot, asked = quick, await quick.asked()
    there = Thread(channel=asked.channel, root="")
    posts = {
        number: Post(text=f"notice {number}", buttons=(Button(action="now", label="Now", value=number),))
        for number in "12"
    }
    first = [await bot.adapter.post(there, post, key=key, answers=asked.root) for key, post in posts.items()]
    await bot.control("forget_nonces")
    later = Bot(bot.server, bot.world)
    async with later.running():
        found = [
            await later.adapter.post(there, post, key=key, answers=asked.root, again=True)
            for key, post in posts.items()
        ]
        await later.adapter.edit(there, found[0], Post(text="done"))
    assert found == first
    assert [one["content"] for one in await bot.shown(bot.channel) if one["own"]] == ["done", "notice 2"]


async def test_each_call_asks_once_more_whether_it_is_ours_to_make(bot: Bot) -> None:
    thread = await bot.asked()
    before, asked, settled = len(await bot.control("requests")), asyncio.Queue[None](), asyncio.Event()

    async def until_sure() -> None:
        asked.put_nowait(None)
        await settled.wait()

    with standing.asked(until_sure):
        posting = asyncio.create_task(bot.adapter.post(thread, Post(text="A cat.")))
    await asked.get()
    assert len(await bot.control("requests")) == before
    settled.set()
    await posting
    assert len(await bot.control("requests")) - before == asked.qsize() + 1 > 1
