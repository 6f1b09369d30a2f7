"""Twins, retries and replays of events: each question is answered once."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.base import Author, Channel, Incoming, Thread
from bot.documents import Documents
from bot.passing import Passing
from bot.service import Service
from bot.settings import Settings
from bot.store.store import Store
from inference.images import Decoder
from inference.scripted import ScriptedEngine
from tests.fakes.memory import MemoryAdapter

AT_ONCE = 20
"""Events that are being taken in side by side."""
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def events(count: int, chance: random.Random) -> list[Incoming]:
    """As many, of which at least half repeat others, in random order."""
    questions = [_question(number) for number in range(count // 2)]
    repeated = [_as_a_twin(chance.choice(questions)) for _ in range(count - len(questions))]
    mixed = questions + repeated
    chance.shuffle(mixed)
    return mixed


def _question(number: int) -> Incoming:
    channel = Channel(platform="memory", workspace="w", id=f"c{number % 20}")
    return Incoming(
        thread=Thread(channel=channel, root=f"t{number % 500}"),
        message=f"m{number}",
        author=Author(id=f"u{number % 50}", name="Ada"),
        text=f"question {number}",
        sent_at=_NOON + timedelta(seconds=number),
        mentioned=True,
    )


def _as_a_twin(question: Incoming) -> Incoming:
    """A second event about the same message may know less of it."""
    return replace(question, author=replace(question.author, name=""))


async def answers(count: int, store_url: str, folder: Path, seed: int) -> Counter[str]:
    """How many posts each question got."""
    adapter, decoder, settings = MemoryAdapter(), Decoder(), Settings()
    async with Store(store_url, folder) as store:
        documents = Documents(decoder, Passing(folder / "passing"), settings.documents)
        service = Service(store, ScriptedEngine(), documents, {adapter.platform: adapter}, settings)
        try:
            async with service.jobs:
                for some in _some(events(count, random.Random(seed))):
                    await asyncio.gather(*(service.handle(event) for event in some))
                    await service.jobs.idle()
        finally:
            await decoder.close()
    return Counter(states[-1].text for states in adapter.posts.values())


def _some(mixed: list[Incoming]) -> Iterator[list[Incoming]]:
    return (mixed[start : start + AT_ONCE] for start in range(0, len(mixed), AT_ONCE))
