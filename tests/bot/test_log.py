"""What is logged while questions are asked and answered: whose line each is, and what is in none of them."""

import asyncio
import gc
import io
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import stamina

from adapters import failpoints
from bot import log
from bot.settings import LogSettings, Settings, StoreSettings
from inference.errors import Failed
from inference.scripted import Gate, ScriptedEngine, Step
from inference.types import Request, Text
from tests.end_to_end.bot import running
from tests.end_to_end.test_discord import Discord
from tests.end_to_end.test_slack import FAST, Slack
from tests.fakes.server import serving

WORDS = ("heron", "kestrel", "plover", "wagtail")
"""Of one question each."""
UPKEEP = ("sweep", "watermark", "join", "beat", "take", "bury")
"""What is nobody's question."""
SAID = "the answer is a secret of theirs"

within = logging.getLogger("inference.within")


class Lines:
    """All that was logged since, as JSON."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(json.loads, self.stream.getvalue().splitlines())

    def by_request(self) -> dict[str, list[dict[str, Any]]]:
        found = defaultdict(list)
        for line in self:
            found[line.get("request", "")].append(line)
        return found


@pytest.fixture
def lines() -> Iterator[Lines]:
    """At the default level, with a line for each named place on an answer's way."""
    lines = Lines()
    places = logging.getLogger("adapters.places")
    log.configure(LogSettings(format="json"), stream=lines.stream)
    failpoints.listeners.append(places.info)
    yield lines
    failpoints.listeners.clear()
    log.configure(LogSettings())


class Birds:
    """An engine that logs which bird it is asked about, before and after all of them are being answered."""

    def __init__(self) -> None:
        self.engine = ScriptedEngine(self.play, places=2 * len(WORDS))  # one person may not have them all
        self._all = Gate()

    def play(self, request: Request) -> Iterable[Step]:
        bird = next(word for word in WORDS if word in request.turns[-1].text)
        within.info("begins %s", WORDS.index(bird))
        if len(self.engine.running) == len(WORDS):
            self._all.open()
        yield self._all
        within.info("goes on %s", WORDS.index(bird))
        yield Text(text=f"{SAID}: {bird}")
        if bird == WORDS[-1]:
            yield Failed("It broke.")


def check(lines: Lines, own: list[str], secrets: Iterable[str]) -> None:
    """``own`` are the ids of the questions, in the order of their words."""
    found = lines.by_request()
    for number, request in enumerate(own):
        told = [line["event"] for line in found[request]]
        assert {"accepted", "delivered", f"begins {number}", f"goes on {number}"} <= set(told), told
        assert not [line for line in told if line.startswith(("begins", "goes on")) and line[-1] != str(number)]
        on_the_way = told[told.index("event") : told.index("delivered")]
        assert {"before commit claim", "before commit placed", "before commit answer"} <= set(on_the_way)
        assert told.count("after commit delivered") == 1
        jobs = {line["job"] for line in found[request] if "job" in line}
        assert len(jobs) == 1
    claimed = sum(line["event"] == "before commit claim" for line in lines)
    assert claimed == sum(line["event"] == "before commit claim" for one in own for line in found[one])
    nobodys = {line["event"] for line in found[""] if line["event"].startswith(("before", "after"))}
    chores = {f"{side} commit {chore}" for chore in UPKEEP for side in ("before", "after")}
    assert nobodys <= chores | {"before acknowledgement"}  # of events about our own posts
    text = lines.stream.getvalue()
    for word in (*WORDS, SAID, "feathers", *secrets):
        assert word not in text


async def test_each_line_about_a_question_in_slack_carries_its_id(lines: Lines, tmp_path: Path) -> None:
    async with serving("tests.fakes.slack", speed=FAST) as server:
        slack = await Slack.open(server)
        birds = Birds()
        async with running([slack.adapter()], birds.engine, tmp_path):
            await server.control("wait_connected")
            file = await slack.picture("feathers.png")
            await server.control("fail", method="files.info", status=500)
            await server.control("fail", method="chat.postMessage", status=503, times=2)
            asked = [await slack.say(f"{slack.us} what is a {word}?", files=[file]) for word in WORDS]
            for thread, word in zip(asked, WORDS, strict=True):
                await slack.answer(thread, word)
        check(lines, [f"slack-{thread}" for thread in asked], [slack.info["bot_token"], slack.info["app_token"]])


async def test_each_line_about_a_question_in_discord_carries_its_id(lines: Lines, tmp_path: Path) -> None:
    async with serving("tests.fakes.discord") as server:
        discord = Discord(server, await server.control("start"))
        birds = Birds()
        async with running([discord.adapter()], birds.engine, tmp_path):
            await server.control("until_connected", identified=1)
            file = await discord.picture("feathers.png")
            await server.control("fail_next", method="POST", path="/threads$", status=502, times=2)
            asked = [await discord.say(f"{discord.us} what is a {word}?", files=[file]) for word in WORDS]
            for thread, word in zip(asked, WORDS, strict=True):
                await discord.answer(thread, word)
        check(lines, [f"discord-{message}" for message in asked], [discord.world["token"]])


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_an_error_quotes_is_not_logged(form: Any) -> None:
    stream = io.StringIO()
    log.configure(LogSettings(format=form), stream=stream)
    try:
        _raise_within(WORDS[0])
    except ExceptionGroup:
        logging.getLogger("library").exception("it failed")
        log.log.exception("it_failed")
    finally:
        log.configure(LogSettings())
    told = stream.getvalue()
    assert "heron" not in told
    assert "No space left on device" in told
    for kind in ("ValueError", "KeyError", "ExceptionGroup", "Failed: The model is tired."):
        assert told.count(kind) >= 2
    assert "_raise_within" in told


@pytest.mark.parametrize("level", ["info", "debug"])
async def test_what_a_lost_task_was_about_is_not_logged(level: Any) -> None:
    stream = io.StringIO()
    log.configure(LogSettings(level=level), stream=stream)
    try:
        lost = asyncio.create_task(_lose(WORDS[0]))
        asyncio.get_running_loop().call_soon(partial(_raise_within, WORDS[1]))
        await asyncio.wait([lost])
        del lost
        gc.collect()
    finally:
        log.configure(LogSettings())
    told = stream.getvalue()
    assert "Task exception was never retrieved" in told
    assert "Exception in callback" in told
    assert "_lose" in told, "where it was"
    assert [word in told for word in WORDS[:2]] == [level == "debug"] * 2


async def _lose(word: str) -> None:
    raise ValueError(word)


def _raise_within(word: str) -> None:
    try:
        raise OSError(28, "No space left on device", f"/data/{word}")
    except OSError as error:
        try:
            raise ValueError(word) from error
        except ValueError as second:
            raise ExceptionGroup(word, [KeyError(word), Failed("The model is tired.")]) from second


def test_secrets_are_blotted_out_wherever_they_turn_up() -> None:
    settings = Settings(
        slack={"bot_token": "xoxb-1-hush", "app_token": "xapp-1-hush"},
        discord={"token": "hush.hush"},
        engine={"api_key": "hush-key"},
        store=StoreSettings(url="postgresql+asyncpg://us:hush-password@here/db"),
        log=LogSettings(level="debug"),
    )
    stream = io.StringIO()
    log.configure(settings.log, settings.secrets, stream)
    try:
        logging.getLogger("anybody").warning("connecting with %s", " ".join(settings.secrets))
        log.log.info("connecting", how=settings.secrets)
    finally:
        log.configure(LogSettings())
    assert len(stream.getvalue().splitlines()) == 2
    assert "hush" not in stream.getvalue()


async def test_what_is_tried_again_is_told_by_its_kind(lines: Lines) -> None:
    tries = 0
    async for attempt in stamina.retry_context(on=ValueError, attempts=2, wait_initial=0.001, wait_jitter=0.0):
        with attempt:
            tries += 1
            if tries == 1:
                raise ValueError(WORDS[0])
    [line] = [line for line in lines if line["event"] == "trying_again"]
    assert line["reason"] == "ValueError"
    assert WORDS[0] not in str(line)
