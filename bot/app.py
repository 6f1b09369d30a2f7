"""The composition root: the only place that knows the concrete platforms, and it imports them late."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import structlog

from adapters.base import Adapter, Examined
from bot import engines, health, metrics, replies
from bot.attendance import Attendance
from bot.documents import Documents
from bot.examples import EXAMPLES
from bot.passing import Passing
from bot.service import Service
from bot.settings import AccessSettings, QuotaSettings, Settings, SettingsError
from bot.store.store import Store
from inference.engine import Engine
from inference.errors import Dead
from inference.images import Decoder, Limits
from inference.loading import Loading, Tell, tenths
from inference.manager import InferenceManager, LineLimits
from inference.worker import WorkerError

log = structlog.get_logger()

GRACE_S = 20.0
"""What a running answer gets to end in when we are asked to stop."""


@asynccontextmanager
async def running_engine(
    settings: Settings, engine: Engine | None = None, tell: Tell | None = None
) -> AsyncIterator[InferenceManager]:
    """The configured engine, or the one given, with the line in front of it; started, and closed in the end. How its
    start gets on is for ``tell``, else for the log."""
    limits = LineLimits(length=settings.line.length, per_owner=settings.line.per_person)
    line = InferenceManager(engine or engines.make(settings.engine, tell or tenths(_log_loading)), limits)
    await line.start()
    try:
        yield line
    finally:
        await line.close()


def _log_loading(loading: Loading) -> None:
    log.info("engine_loading", progress=replies.loading(loading))


@asynccontextmanager
async def running_decoder(settings: Settings) -> AsyncIterator[Decoder]:
    """The decoder with the configured limits, warm, and closed in the end. Dead if it cannot run."""
    limits = settings.documents
    decoder = Decoder(Limits(max_bytes=limits.max_megabytes * 1024 * 1024, max_pages=limits.max_pages))
    try:
        await decoder.warm()
        yield decoder
    except WorkerError as error:
        raise Dead(f"The process that opens files cannot run: {error}. Try installing Threadsight again.") from error
    finally:
        await decoder.close()


def make_documents(settings: Settings, decoder: Decoder) -> Documents:
    """What opens files, in a folder of the data's; nothing stays there of processes that were killed."""
    passing = Passing(settings.data_dir / "passing")
    passing.sweep()
    return Documents(decoder, passing, settings.documents)


def chat_adapters(settings: Settings) -> list[Examined]:
    """The platforms that are configured. SettingsError if none is."""
    adapters: list[Examined] = []
    if settings.slack.bot_token:
        from adapters.slack.client import SlackAdapter

        adapters.append(SlackAdapter(settings.slack, settings.access.groups))
    if settings.discord.token:
        from adapters.discord.client import DiscordAdapter

        adapters.append(DiscordAdapter(settings.discord, settings.access.groups))
    if not adapters:
        raise SettingsError(
            "No platform is configured: set slack.bot_token or discord.token as the README describes, "
            "or try `threadsight console`, which needs no account."
        )
    return adapters


async def run_console(settings: Settings, announce: Callable[[str], None], tell: Tell | None = None) -> None:
    """Serve the local page with the shipped examples; ``announce`` gets its address once it can be opened, which is
    when the engine has started."""
    from adapters.console.client import ConsoleAdapter, Example

    # Whoever reaches the page is at this machine, and has none of a platform's ids.
    settings = settings.model_copy(update={"access": AccessSettings(), "quota": QuotaSettings()})
    examples = tuple(Example(title=one.title, question=one.question, path=one.path) for one in EXAMPLES)
    folder, keep_days = settings.data_dir / "console", settings.store.keep_days
    adapter = ConsoleAdapter(settings.console, examples, folder, mode=settings.engine.mode, keep_days=keep_days)

    async def say_where() -> None:
        announce(await adapter.ready())

    saying = asyncio.create_task(say_where(), name="say where the console is")
    try:
        await run(settings, [adapter], tell)
    finally:
        saying.cancel()


async def run(settings: Settings, adapters: Sequence[Adapter], tell: Tell | None = None) -> None:
    """Serve until SIGINT or SIGTERM; then let running answers end within the grace period."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store(settings.store_url, settings.data_dir, settings.store.pictures))
        decoder = await stack.enter_async_context(running_decoder(settings))
        engine = await stack.enter_async_context(running_engine(settings, tell=tell))
        documents = make_documents(settings, decoder)
        service = Service(store, engine, documents, {one.platform: one for one in adapters}, settings)

        async def measure() -> bytes:
            return metrics.exposition(engine.snapshot(), await store.jobs_by_state())

        attendances = [Attendance(adapter) for adapter in adapters]
        ready = partial(obstacle, service, attendances)
        await stack.enter_async_context(health.serving(settings.health, ready, measure))
        await serve(service, attendances, stop)


async def obstacle(service: Service, attendances: Sequence[Attendance]) -> str:
    """All that keeps us from answering somewhere, in sentences; empty if nothing does."""
    return " ".join(filter(None, [await service.obstacle(), *(one.obstacle for one in attendances)]))


async def serve(service: Service, attendances: Sequence[Attendance], stop: asyncio.Event) -> None:
    """Take up what was left, listen until ``stop``, and let what runs end while the platforms are still there. An
    engine that dies ends it all with its error; so does an adapter that fails over anything but a refusal."""
    async with service.sharing.joined([one.platform for one in attendances]):
        await _serve(service, attendances, stop)


async def _serve(service: Service, attendances: Sequence[Attendance], stop: asyncio.Event) -> None:
    stopping = asyncio.create_task(stop.wait(), name="wait for the signal")
    chores = [
        asyncio.create_task(service.catch_up.run(), name="catch up"),
        asyncio.create_task(service.upkeep.run(), name="upkeep"),
        asyncio.create_task(service.sharing.run(), name="share the work"),
        asyncio.create_task(service.lookout.run(), name="digests of watches"),
    ]
    runs: list[asyncio.Task[None]] = [
        asyncio.create_task(
            one.run(service.handle, partial(service.sharing.turn, one.platform)), name=f"run {one.platform}"
        )
        for one in attendances
    ]
    try:
        async with service.jobs:
            await service.resume()
            log.info("ready", platforms=[one.platform for one in attendances])
            ends: list[asyncio.Future[Any]] = [stopping, service.died, *chores, *runs]
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            await service.jobs.drain(GRACE_S)
        for end in done:
            end.result()
    finally:
        for task in (stopping, *chores, *runs):
            task.cancel()
        await asyncio.gather(stopping, *chores, *runs, return_exceptions=True)
