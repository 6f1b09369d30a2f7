"""What people delete and edit on Discord, from the gateway to the event."""

import pytest

from adapters.base import Edited, MessagesDeleted, PlaceDeleted, Post, Thread, Workspace
from tests.adapters.discord.conftest import Bot

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_deleted_message_is_told_with_its_channel(bot: Bot) -> None:
    message = await bot.say("@us what is this?")
    await bot.heard()
    await bot.control("delete", channel=bot.channel, message=message)
    assert await bot.event() == MessagesDeleted(channel=bot.place(), messages=(message,))


async def test_a_message_deleted_in_a_thread_belongs_to_the_thread_s_channel(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.adapter.post(thread, Post(text="A cat."))
    reply = await bot.say("and its colour?", channel=thread.root)
    await bot.heard()
    await bot.control("delete", channel=thread.root, message=reply)
    assert await bot.event() == MessagesDeleted(channel=bot.place(), messages=(reply,))


async def test_messages_deleted_together(bot: Bot) -> None:
    messages = [await bot.say(f"number {number}", unseen=True) for number in range(3)]
    await bot.control("delete_bulk", channel=bot.channel, messages=messages)
    assert await bot.event() == MessagesDeleted(channel=bot.place(), messages=tuple(messages))


async def test_an_edit_is_told_and_a_link_s_preview_is_not(bot: Bot) -> None:
    message = await bot.say("@us what is this?")
    await bot.heard()
    await bot.control("unfurl", channel=bot.channel, message=message, embed={"type": "link", "title": "A page"})
    await bot.control("edit", channel=bot.channel, message=message, text=f"<@{bot.id}> what is that?")
    event = await bot.event()
    assert isinstance(event, Edited)
    assert (event.incoming.message, event.incoming.text) == (message, "what is that?")


async def test_a_deleted_thread_and_a_deleted_channel(bot: Bot) -> None:
    thread = await bot.asked()
    await bot.adapter.post(thread, Post(text="A cat."))
    await bot.control("delete_channel", channel=thread.root)
    assert await bot.event() == PlaceDeleted(place=Thread(channel=bot.place(), root=thread.root))


async def test_an_outage_of_a_guild_is_no_farewell(bot: Bot) -> None:
    await bot.control("leave_guild", guild="77", outage=True)
    await bot.control("leave_guild", guild="78")
    assert await bot.event() == PlaceDeleted(place=Workspace(platform="discord", id="78"))
