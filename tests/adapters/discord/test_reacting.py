"""Reactions to what people post."""

import pytest

from adapters.base import Post
from adapters.errors import Forbidden, Gone
from tests.adapters.discord.conftest import Bot

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_reactions_are_set_once_however_often(bot: Bot) -> None:
    thread = await bot.asked()
    for reaction in ("✅", "✅", "⚠️"):
        await bot.adapter.react(thread, thread.root, reaction)  # type: ignore[arg-type]
    assert await bot.control("until_reacted", channel=bot.channel, message=thread.root) == ["✅", "⚠️"]


async def test_a_message_from_which_a_thread_was_made_stands_in_the_channel(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.adapter.post(thread, Post(text="made"))
    await bot.adapter.react(thread, thread.root, "✅")
    assert await bot.control("until_reacted", channel=bot.channel, message=thread.root) == ["✅"]
    reply = await bot.say("in it", channel=thread.root)
    await bot.adapter.react(thread, reply, "❌")
    assert await bot.control("until_reacted", channel=thread.root, message=reply) == ["❌"]


async def test_what_answers_a_message_without_a_thread_stands_in_the_channel_too(bot: Bot) -> None:
    thread = await bot.asked()
    answer = await bot.say("me too", reply_to=thread.root)
    await bot.adapter.react(thread, answer, "❔")
    assert await bot.control("until_reacted", channel=bot.channel, message=answer) == ["❔"]


async def test_the_first_message_of_a_forum_s_post_stands_in_it(bot: Bot) -> None:
    forum = await bot.control("add_channel", guild=bot.guild, name="help", kind="forum")
    await bot.control("start_forum_post", channel=forum, user=bot.user, title="Invoice", text=f"<@{bot.id}> see")
    thread = (await bot.heard()).thread
    await bot.adapter.react(thread, thread.root, "✅")
    assert await bot.control("until_reacted", channel=thread.root, message=thread.root) == ["✅"]


async def test_a_direct_message(bot: Bot) -> None:
    direct = await bot.control("open_dm", user=bot.user)
    said = await bot.say("hello", channel=direct)
    await bot.adapter.react((await bot.heard()).thread, said, "✅")
    assert await bot.control("until_reacted", channel=direct, message=said) == ["✅"]


async def test_a_message_that_is_gone(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.control("delete", channel=bot.channel, message=thread.root)
    with pytest.raises(Gone):
        await bot.adapter.react(thread, thread.root, "✅")


async def test_without_the_permission_it_is_forbidden(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.control("deny", channel=bot.channel, permissions=["ADD_REACTIONS"])
    with pytest.raises(Forbidden):
        await bot.adapter.react(thread, thread.root, "✅")
