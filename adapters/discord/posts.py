"""Posts as one or more Discord messages, made, replaced and kept together."""

import hashlib
from collections.abc import Sequence
from typing import Any

from adapters.base import Post, Thread
from adapters.discord import render
from adapters.discord.connection import Connection
from adapters.discord.errors import THREAD_IS_ARCHIVED, code, translated
from adapters.discord.homes import Home, Homes
from adapters.discord.own import Own, Tag, reference
from adapters.discord.payloads import Channel, Message
from adapters.errors import AdapterError, Gone, Unreachable
from adapters.recent import Recent
from adapters.rendering import rendered

_LONGEST_NONCE = 25  # docs.discord.com/developers/resources/message#create-message


class Posts:
    """What we said. A post's first message is its id; the further ones reply to it, so that an edit finds them."""

    def __init__(self, connection: Connection, homes: Homes) -> None:
        self._connection = connection
        self._homes = homes
        self._own = Own(connection)
        self._further: Recent[str, tuple[str, ...]] = Recent()
        """Of posts whose messages are all known."""
        self._unsure: Recent[str, bool] = Recent()
        """Keys with which something stands, or may, while not all of it is known to."""

    async def create(self, thread: Thread, post: Post, tag: Tag) -> str:
        home = await self._homes.make(thread)
        first, *further = await rendered(render.messages, post)
        there = await self._there(home, thread, tag, first) if tag.again or tag.key in self._unsure else None
        if there is None:
            message_id = await self._begin(home, first, tag.key, reference(home, thread, tag))
        else:
            message_id = there
            await self._edit(home, message_id, first)
        if further and tag.key:
            self._unsure[tag.key] = True  # until all of it stands
        await self._continue(home, message_id, further)
        self._unsure.pop(tag.key, None)
        return message_id

    async def _there(self, home: Home, thread: Thread, tag: Tag, first: render.Message) -> str | None:
        if thread.root:
            return await self._own.first(home, thread, tag)
        return await self._own.alone(home.channel_id, first.custom_ids, since=tag.answers)

    async def _begin(self, home: Home, first: render.Message, key: str, refers: str | None) -> str:
        try:
            message_id = await self._send(home, first, key, refers)
        except Unreachable:
            if key:
                self._unsure[key] = True
            raise
        self._further[message_id] = ()
        return message_id

    async def replace(self, thread: Thread, message_id: str, post: Post) -> None:
        home = await self._homes.find(thread)
        first, *further = await rendered(render.messages, post)
        await self._edit(home, message_id, first)
        await self._continue(home, message_id, further)

    async def whisper(self, person: str, post: Post) -> str:
        """To one person alone, as a direct message: outside interactions Discord has nothing else that only they see,
        and a public reply could show others what was meant for one."""
        with translated("open a direct message"):
            opened = Channel.model_validate(
                await self._connection.call(
                    "open a direct message", "POST", "/users/@me/channels", json={"recipient_id": person}
                )
            )
        return await self._send(Home(opened.id), (await rendered(render.messages, post))[0], "", None)

    async def _continue(self, home: Home, message_id: str, further: Sequence[render.Message]) -> None:
        """Bring the messages after the first into line, and forget them while that is under way: what was cut off is
        looked up before it is tried again."""
        known = self._further.pop(message_id, None)
        there = await self._own.further(home, message_id) if known is None else known
        for number, message in enumerate(further):
            if number < len(there):
                await self._edit(home, there[number], message)
            else:
                refers = home.reply_to or message_id
                there = (*there, await self._send(home, message, f"{message_id}-{number}", refers))
        for surplus in there[len(further) :]:
            await self._delete(home, surplus)
        self._further[message_id] = there[: len(further)]

    async def _send(self, home: Home, message: render.Message, key: str, refers: str | None) -> str:
        payload = message.payload() | _nonce(key)
        if refers is not None:
            payload["message_reference"] = {"message_id": refers, "fail_if_not_exists": False}
        answer = await self._connection.call(
            "post",
            "POST",
            "/channels/{channel_id}/messages",
            channel_id=home.channel_id,
            json=payload,
            files=message.files,
        )
        with translated("post"):
            return Message.model_validate(answer).id

    async def _edit(self, home: Home, message_id: str, message: render.Message) -> None:
        try:
            await self._patch(home, message_id, message)
        except AdapterError as error:
            if code(error) != THREAD_IS_ARCHIVED:
                raise
            await self._connection.call(
                "open the archived thread",
                "PATCH",
                "/channels/{channel_id}",
                channel_id=home.channel_id,
                json={"archived": False},
            )
            await self._patch(home, message_id, message)

    async def _patch(self, home: Home, message_id: str, message: render.Message) -> None:
        await self._connection.call(
            "edit",
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=home.channel_id,
            message_id=message_id,
            json=message.payload(),
            files=message.files,
        )

    async def _delete(self, home: Home, message_id: str) -> None:
        try:
            await self._connection.call(
                "delete",
                "DELETE",
                "/channels/{channel_id}/messages/{message_id}",
                channel_id=home.channel_id,
                message_id=message_id,
            )
        except Gone:
            return


def _nonce(key: str) -> dict[str, Any]:
    """For some minutes Discord answers a repeated nonce with the message that is there already."""
    if not key:
        return {}
    short = key if len(key) <= _LONGEST_NONCE else hashlib.sha256(key.encode()).hexdigest()[:_LONGEST_NONCE]
    return {"nonce": short, "enforce_nonce": True}
