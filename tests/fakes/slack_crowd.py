"""People who keep asking in many threads of the fake Slack, by themselves, and what they see in the end."""

import asyncio
import re
import time
from collections import Counter
from itertools import count

from tests.fakes.slack_delivery import Courier
from tests.fakes.slack_say import events_about, say
from tests.fakes.slack_world import BOT_USER, Channel, Json, World

_ASKED = re.compile(r"“question (\d+)”")


class Crowd:
    """One person for each thread, who asks again whenever it is the thread's turn."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier
        self._places: list[Channel] = []
        self._asked = 0
        self._asking: asyncio.Task[None] | None = None

    def begin(self, threads: int, rate: float, places: int) -> None:
        self._places = [self._world.add_channel() for _ in range(places)]
        self._asking = asyncio.create_task(self._ask(threads, rate))

    async def end(self) -> int:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        return self._asked

    async def _ask(self, threads: int, rate: float) -> None:
        people = [self._world.add_user(f"person {number}")["id"] for number in range(threads)]
        roots: dict[int, str] = {}
        began = time.monotonic()
        for number in count():
            await asyncio.sleep(began + number / rate - time.monotonic())
            thread = number % threads
            place = self._places[thread % len(self._places)]
            more = {"thread_ts": roots[thread]} if thread in roots else {}
            text = f"question {number}" if more else f"<@{BOT_USER}> question {number}"
            message = await say(self._world, place, people[thread], text, **more)
            roots.setdefault(thread, message["ts"])
            self._asked = number + 1
            for payload in events_about(place, message):
                self._courier.send(payload)

    def sees(self) -> Json:
        answers: Counter[str] = Counter()
        unfinished = []
        for place in self._places:
            for message in place.messages.values():
                if message.get("user") != BOT_USER:
                    continue
                answers.update(set(_ASKED.findall(message.get("text", ""))))
                if "danger" in str(message.get("blocks", [])):
                    unfinished.append(message.get("text", ""))
        return {"answers": answers, "unfinished": unfinished}
