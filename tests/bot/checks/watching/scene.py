"""A watched channel, what happens in it, and what the bot does."""

import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.base import Author, Incoming, Post, Thread
from bot.settings import StoreSettings
from inference.scripted import ScriptedEngine, Step
from inference.types import Request, Text
from tests.bot.checks.samples import drawing, said
from tests.bot.test_service import ADA, BOB, CHANNEL, Stage, stage
from tests.fakes.memory import MemoryAdapter

WATCH = "watch this channel: has this invoice been paid?"
DAY = 86_400.0
STATES = {"paid": "paid", "open": "unpaid", "none": "none", "memo": "none"}


def by_name(request: Request) -> Iterator[Step]:
    """Documents say in their names what they are: status, number and, maybe, account: ``open-7-DE1.png``."""
    status, number, *account = request.images[0].label.split()[1].split(".")[0].split("-")
    kind = "letter" if status == "memo" else "invoice"
    fields = {"number": number, "account": account[0] if account else None, "amount": f"{number}.00"}
    yield Text(text=said(document=kind, payment_status=STATES[status], **fields))


class Scene:
    """Opens stages on one database and one platform, as often as the bot is started."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self.adapter = MemoryAdapter()

    def open(self, engine: ScriptedEngine | None = None, **settings: Any) -> Any:
        chosen = engine or ScriptedEngine(by_name)
        return stage(self._folder, chosen, self.adapter, store=StoreSettings(url=self._url), **settings)


async def told(on: Stage, text: str, author: Author = ADA, **changes: Any) -> str:
    """Our reply to what somebody orders."""
    asked = await on.say(text, author=author, mentioned=True, **changes)
    await on.service.jobs.idle()
    said = on.adapter.threads[asked.thread]
    return on.adapter.posts[said[-1]][-1].text if said else whispered(on)


def whispered(on: Stage) -> str:
    return next(states[-1].text for states in reversed(on.adapter.posts.values()) if states[-1].only_for)


async def put(on: Stage, *names: str, seeds: tuple[int, ...] = (), **changes: Any) -> Incoming:
    """Post documents, and wait until they have been looked at."""
    message = await posted(on, *names, seeds=seeds, **changes)
    await on.service.jobs.idle()
    return message


async def posted(on: Stage, *names: str, seeds: tuple[int, ...] = (), **changes: Any) -> Incoming:
    numbers = seeds or tuple(zlib.crc32(name.encode()) for name in names)
    files = [on.attach(name, drawing(number)) for name, number in zip(names, numbers, strict=True)]
    return await on.say("", *files, **{"author": BOB, **changes})


def hands(on: Stage, message: Incoming) -> list[str]:
    """What we said in the message's thread."""
    return [on.adapter.posts[one][-1].text for one in on.adapter.threads.get(message.thread, [])]


def digests(on: Stage) -> list[Post]:
    """What we said in the channel of our own accord."""
    return [on.adapter.posts[one][-1] for one in on.adapter.threads.get(Thread(channel=CHANNEL, root=""), [])]


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


async def tell(on: Stage, days: float = 8) -> None:
    await on.service.lookout.tell(time.time() + days * DAY)
    await on.service.jobs.idle()
