"""``python -m benchmarks.channel_checks [slack|discord]``: a check of a channel with 400 messages and 120 documents
whose truth is known, on a fake platform, with the bot's process killed 20 times in the middle.

Documents have one to three pages; some are posted twice, some cannot be read, some hang in threads; Slack refuses to
give its history a few times. Ends with 1 unless every document is one row with the right verdict and a second check
reads nothing.
"""

import argparse
import asyncio
import base64
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image

from adapters.base import Adapter
from adapters.discord.client import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot.store.store import Store
from inference.scripted import Pause, ScriptedEngine, Step
from inference.types import Request, Text
from tests.bot.checks.samples import drawing, said
from tests.end_to_end.bot import running
from tests.end_to_end.test_discord import Discord
from tests.end_to_end.test_slack import Slack
from tests.fakes.server import serving

MESSAGES, DOCUMENTS, KILLS = 400, 120, 20
PATIENCE_S = 600
ASK = "check this channel: has every invoice been paid?"
STATUS = {"paid": "yes", "open": "no", "none": "unclear", "broken": "unread"}
Place = Slack | Discord


@dataclass(frozen=True, slots=True)
class Truth:
    """A document and what a check has to say of it."""

    name: str
    content: bytes

    @property
    def verdict(self) -> str:
        return STATUS[self.name.split("-")[0]]


def truths(dice: Random) -> list[Truth]:
    """Nine in ten are readable; one in ten of those has the bytes of another."""
    found: list[Truth] = []
    for number in range(DOCUMENTS):
        word = dice.choice(("paid", "paid", "open", "none", "broken") if number % 10 == 0 else ("paid", "open", "none"))
        twin = dice.choice([one for one in found if one.verdict != "unread"]) if found and number % 10 == 5 else None
        if twin is not None:
            found.append(Truth(f"{twin.name.split('-')[0]}-{number}.pdf", twin.content))
        elif word == "broken":
            found.append(Truth(f"broken-{number}.pdf", b"%PDF-1.7 " + bytes([number])))
        else:
            found.append(Truth(f"{word}-{number}.pdf", pdf(number, dice.randint(1, 3))))
    return found


def pdf(number: int, pages: int) -> bytes:
    first, *others = [Image.open(io.BytesIO(drawing(10 * number + page))).convert("RGB") for page in range(pages)]
    file = io.BytesIO()
    first.save(file, "PDF", save_all=True, append_images=others)
    return file.getvalue()


def by_name(request: Request) -> Iterator[Step]:
    """What documents are stands in their names."""
    name = request.images[0].label.split()[1].rstrip(",")
    yield Pause(0.15)
    yield Text(
        text=said(payment_status={"open": "unpaid", "none": "none"}.get(name.split("-")[0], "paid"), number=name)
    )


@asynccontextmanager
async def opened(platform: str) -> AsyncIterator[Place]:
    if platform == "slack":
        async with serving("tests.fakes.slack", speed=60.0) as server:
            yield await Slack.open(server)
    else:
        async with serving("tests.fakes.discord", speed=5.0) as server:
            yield Discord(server, await server.control("start"))


async def fill(place: Place, dice: Random) -> list[Truth]:
    """People talk; a third of the documents hang in threads."""
    known = truths(dice)
    posting: list[Truth | None] = [*known, *[None] * (MESSAGES - DOCUMENTS)]
    dice.shuffle(posting)
    roots: list[str] = []
    for number, truth in enumerate(posting):
        root = dice.choice(roots) if roots and dice.random() < 0.33 else None
        files = [await _file(place, truth)] if truth else []
        message = await _say(place, f"message {number}", files, root)
        if root is None and number % 25 == 0:
            roots.append(await _thread(place, message))
    return known


async def _file(place: Place, truth: Truth) -> str:
    content = base64.b64encode(truth.content).decode()
    kind = {"mimetype": "application/pdf"} if isinstance(place, Slack) else {"type": "application/pdf"}
    added = await place.server.control("add_file", content=content, name=truth.name, **kind)
    return str(added["id"] if isinstance(place, Slack) else added)


async def _say(place: Place, text: str, files: list[str], root: str | None) -> str:
    if isinstance(place, Slack):
        inside = {"thread_ts": root} if root else {}
        return await place.say(text, files=files, only="none", **inside)
    return await place.say(text, channel=root, files=files, unseen=True)


async def _thread(place: Place, message: str) -> str:
    if isinstance(place, Slack):
        return message
    return str(await place.server.control("start_thread", channel=place.channel, name="thread", message=message))


def adapter_of(settings: dict[str, object]) -> Adapter:
    """From JSON, for the process of the bot."""
    if "bot_token" in settings:
        return SlackAdapter(SlackSettings.model_validate(settings))
    return DiscordAdapter(DiscordSettings.model_validate(settings))


def settings_of(place: Place) -> dict[str, object]:
    host = [place.server.url.removeprefix("http://")]
    if isinstance(place, Slack):
        names = ("bot_token", "app_token", "signing_secret", "api_url")
        return {name: place.info[name] for name in names} | {"file_hosts": host}
    return {name: place.world[name] for name in ("token", "api_url", "gateway_url")} | {"file_hosts": host}


async def serve(settings: dict[str, object], folder: Path) -> None:
    """The bot, until it is killed; each request that it answers is a line of ``requests``."""
    log = (folder / "requests").open("a")

    def noted(request: Request) -> Iterator[Step]:
        log.write(f"{request.images[0].sha256}\n")
        log.flush()
        return by_name(request)

    async with running([adapter_of(settings)], ScriptedEngine(noted, places=4), folder):
        await asyncio.Event().wait()


async def judged(folder: Path, job: int = 1) -> dict[str, str]:
    """File and verdict of every row so far. AssertionError if a file has two."""
    if not (folder / "threadsight.db").exists():
        return {}
    async with Store(f"sqlite+aiosqlite:///{folder}/threadsight.db", folder) as store:
        plan = await store.checks.plan(job)
    done = [one for one in plan.documents if one.judged] if plan else []
    rows = {json.loads(one.found)["attachment"]["name"]: json.loads(one.judged)["verdict"]["word"] for one in done}
    assert len(rows) == len(done), "a document has two rows"
    return rows


async def killed(place: Place, folder: Path, kills: int) -> None:
    """Start the bot and kill it after some documents more, again and again; the last run may end."""
    settings = json.dumps(settings_of(place))
    asked = False
    for number in range(kills + 1):
        goal = DOCUMENTS * (number + 1) // (kills + 2) if number < kills else DOCUMENTS
        command = (sys.executable, "-m", "benchmarks.channel_checks", "--serve", settings, "--folder", str(folder))
        bot = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        try:
            if not asked:
                await _connected(place)
                await _ask(place)
                asked = True
            await _until(folder, 1, goal)
        finally:
            bot.kill()
            await bot.wait()
        print(f"killed {number + 1} times, {len(await judged(folder))} rows", flush=True)


async def _until(folder: Path, job: int, goal: int) -> None:
    """Return once so many documents have been looked at."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if len(await judged(folder, job)) >= goal:
                return
            await asyncio.sleep(0.1)


async def _ask(place: Place) -> None:
    """Ask, and press Start: so many documents want a click."""
    thread = await place.say(f"{place.us} {ASK}")
    if isinstance(place, Slack):
        post = await place.server.control(
            "wait_for", channel=place.channel, thread_ts=thread, contains="Start", timeout_s=120
        )
        await place.server.control(
            "press", channel=place.channel, message=post[-1]["ts"], user=place.user, action="Start"
        )
    else:
        post = await place.server.control("until_said", channel=thread, contains="Start", patience=120)
        await place.server.control("press", message=post[-1]["id"], label="Start", user=place.user)


async def _connected(place: Place) -> None:
    if isinstance(place, Slack):
        for method in ("conversations.history", "conversations.replies"):
            await place.server.control("fail", method=method, status=429, retry_after="1", times=2)
        await place.server.control("wait_connected", timeout_s=120)
    else:
        await place.server.control("until_connected", identified=1, patience=120)


async def run(platform: str, seed: int, kills: int) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with opened(platform) as place:
            known = await fill(place, Random(seed))
            await killed(place, folder, kills)
            rows = await judged(folder)
            before = len((folder / "requests").read_text().split())
            await _again(place, folder)
            after = len((folder / "requests").read_text().split())
    wrong = [one.name for one in known if rows.get(one.name) != one.verdict]
    print(f"{platform}: {len(rows)} rows of {len(known)} documents, {len(wrong)} wrong {wrong[:5]}")
    print(f"{platform}: {Counter(rows.values())}, {before} requests, {after - before} more for a second check")
    return len(rows) == len(known) and not wrong and after == before


async def _again(place: Place, folder: Path) -> None:
    """The same check once more, to its end."""
    process = asyncio.create_task(serve(settings_of(place), folder))
    await _connected(place)
    await _ask(place)
    await _until(folder, 2, DOCUMENTS)
    process.cancel()
    with suppress(asyncio.CancelledError):
        await process


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("platform", nargs="?", choices=("slack", "discord"), default="slack")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(json.loads(options.serve), options.folder))
    else:
        sys.exit(0 if asyncio.run(run(options.platform, options.seed, options.kills)) else 1)


if __name__ == "__main__":
    main()
