"""What a person does at the console, as events for whoever answers."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from adapters.base import (
    Action,
    Attachment,
    Author,
    Button,
    Channel,
    File,
    Handler,
    Incoming,
    Mode,
    PlaceDeleted,
    Thread,
)
from adapters.console.examples import Example
from adapters.console.transcripts import Posted, Transcripts
from adapters.console.uploads import Uploads

PLATFORM = "console"
YOU = Author(id="local", name="You")
US = Author(id=PLATFORM, name="Threadsight", bot=True)
STOP = "stop"


def thread_of(conversation_id: str) -> Thread:
    """A conversation is a channel of its own, like a direct message: what was just posted in one is not "just posted"
    in the next."""
    return Thread(channel=Channel(platform=PLATFORM, workspace="local", id=conversation_id), root=conversation_id)


class Desk:
    """Takes what a person does, writes it down and hands it over."""

    def __init__(self, transcripts: Transcripts, uploads: Uploads, handler: Handler) -> None:
        self.transcripts = transcripts
        self.uploads = uploads
        self._handler = handler

    async def ask(
        self, conversation_id: str | None, text: str, attachments: Sequence[Attachment], mode: Mode | None
    ) -> str:
        """Say something, in a new conversation if none is named; the conversation's id. If the handler does not accept
        the message, it is taken back."""
        conversation = self.transcripts.get(conversation_id or "")
        place = conversation.id if conversation else uuid.uuid4().hex
        incoming = Incoming(
            thread=thread_of(place),
            message=uuid.uuid4().hex,
            author=YOU,
            text=text,
            sent_at=datetime.now(UTC),
            attachments=tuple(attachments),
            direct=True,
            reply=conversation is not None,
            mode=mode,
        )
        await self.transcripts.put(place, incoming)
        accepted = False
        try:
            await self._handler(incoming)
            accepted = True
        finally:
            if not accepted:
                await self.transcripts.withdraw(place, incoming.message)
        return place

    async def ask_example(self, example: Example, mode: Mode | None) -> str:
        """Send an example with its question, as if it had been uploaded; the new conversation's id."""
        content = await asyncio.to_thread(example.path.read_bytes)
        file = File(name=example.path.name, media_type="", content=content)
        return await self.ask(None, example.question, [await asyncio.to_thread(self.uploads.add, file)], mode)

    async def attach(self, files: Sequence[tuple[Path, str]]) -> list[Attachment]:
        """Uploaded files, with the names that their owner gave them."""
        return [await asyncio.to_thread(self.uploads.attachment, path, name) for path, name in files]

    async def press(self, conversation_id: str, message: str, action: str) -> None:
        """Press a button under one of the posts; nothing if it is gone by now."""
        button = self._button(conversation_id, message, action)
        if button is not None:
            await self._handler(
                Action(
                    thread=thread_of(conversation_id),
                    message=message,
                    author=YOU,
                    name=button.action,
                    value=button.value,
                )
            )

    async def remove(self, conversation_id: str) -> None:
        """Forget a conversation and its files; what is at work in it is stopped first, and whoever answers is told. As
        long as they do not take that it stays here, so that it can be tried again."""
        conversation = self.transcripts.get(conversation_id)
        for entry in conversation.entries if conversation else ():
            await self.press(conversation_id, entry.message, STOP)
        await self._handler(PlaceDeleted(place=thread_of(conversation_id)))
        for reference in await self.transcripts.remove(conversation_id):
            await asyncio.to_thread(self.uploads.remove, reference)

    def _button(self, conversation_id: str, message: str, action: str) -> Button | None:
        conversation = self.transcripts.get(conversation_id)
        entry = conversation.find(message) if conversation else None
        buttons = entry.post.buttons if isinstance(entry, Posted) else ()
        return next((button for button in buttons if button.action == action), None)
