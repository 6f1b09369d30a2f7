"""STEP3-VL as an Engine: where the model's thread meets the event loop, and the only place.

One queue leads in, ``call_soon_threadsafe`` leads out. torch and transformers are imported by that thread while it
starts, since an import holds up everything else.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sys
import threading
import time
import traceback
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from inference.engine import Capacity, Cost, Load
from inference.errors import Dead, EngineError
from inference.loading import Loading, Tell
from inference.local.hub import fetch
from inference.local.options import Options, Source
from inference.local.watchdog import Watchdog
from inference.outbox import Outbox
from inference.types import Done, Event, Lane, Note, Request, Started

if TYPE_CHECKING:
    from inference.local.building import Built
    from inference.local.runner import Holdings, Report, Runner

GONE = "The model has stopped working. It must be started again."
NOT_LOADED = "The model cannot be loaded: {error}"

Command = Callable[["Runner"], object]
"""Something to be done between two steps."""

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Reader:
    """Somebody who waits for an answer."""

    request: Request
    cost: Cost
    outbox: Outbox


class LocalEngine:
    """Writes up to ``options.rows`` answers at the same time, in one forward pass a step."""

    def __init__(
        self,
        model: str,
        *,
        device: str = "auto",
        dtype: str = "auto",
        quantization: str | None = None,
        revision: str | None = None,
        options: Options | None = None,
        tell: Tell = lambda loading: None,
    ) -> None:
        """``model`` is a folder or a hub id. ``tell`` is called on the event loop."""
        self._source = Source(model=model, device=device, dtype=dtype, quantization=quantization, revision=revision)
        self._options = options or Options()
        self._on_loading = tell
        self._inbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        """None is the end."""
        self._numbers = count()
        self._readers: dict[int, Reader] = {}
        self._paused: frozenset[Lane] = frozenset()
        self._hangs = False
        self._dead: Dead | None = Dead("The model has not been started.")
        self._thread: threading.Thread | None = None
        self._watchdog = Watchdog(self._options.hung_s, self._hang)
        # Prompts do not wait for pictures, which take seconds where they are large.
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="prompts")
        self._drawing = ThreadPoolExecutor(2, thread_name_prefix="pictures")

    @property
    def name(self) -> str:
        return self._source.model

    async def start(self) -> None:
        """Load the model, which takes a while. Dead if that cannot be done."""
        self._loop = asyncio.get_running_loop()
        started: asyncio.Future[Built] = self._loop.create_future()
        self._thread = threading.Thread(target=self._work, args=(started,), name="model", daemon=True)
        self._thread.start()
        self._built = await started
        self._holdings = self._built.runner.holdings
        self._dead = None
        self._watchdog.watch()

    async def close(self) -> None:
        """The model ends with the step that it is in. One that hangs is left behind: it ends with the process."""
        self._watchdog.stop()
        self._inbox.put(None)
        if self._thread and not self._hangs:
            await asyncio.to_thread(self._thread.join, self._options.closing_s)
            if self._thread.is_alive():
                logger.error("the model's thread is still in a step and is left behind")
        self._die(None)
        self._writing.shutdown(wait=False, cancel_futures=True)
        self._drawing.shutdown(wait=False, cancel_futures=True)

    def cost(self, request: Request) -> Cost:
        return self._built.costs.cost(request, self._holdings.threads)

    def capacity(self) -> Capacity:
        """What is free once all that are running have become as long as they may."""
        free = max(0, self._built.cache_bytes - sum(reader.cost.bytes for reader in self._readers.values()))
        active = len(self._readers) - self._resting
        return Capacity(
            requests=max(0, self._options.rows - active),
            tokens=free // self._built.token_bytes,
            bytes=free,
            load=Load(rows=active, held_bytes=self._holdings.bytes),
        )

    def pause(self, lanes: frozenset[Lane]) -> int:
        self._paused = lanes
        self._inbox.put(lambda runner: runner.pause(lanes))
        return self._resting

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        self._inbox.put(lambda runner: runner.forget(threads, pictures))

    @property
    def _resting(self) -> int:
        return sum(reader.request.lane in self._paused for reader in self._readers.values())

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        if self._dead:
            raise Dead(str(self._dead)) from self._dead
        number, reader = next(self._numbers), Reader(request, self._share(request), Outbox())
        self._readers[number] = reader
        try:
            asked = time.monotonic()
            question = await self._loop.run_in_executor(self._writing, self._built.questions.build, request, asked)
            self._inbox.put(lambda runner: runner.join(number, question))
            yield Started()
            for note in question.notes:
                yield Note(text=note)
            async for event in reader.outbox:
                yield event
        finally:
            del self._readers[number]
            self._inbox.put(lambda runner: runner.leave(number))

    def _share(self, request: Request) -> Cost:
        """What a group shares is counted with its first."""
        cost = self.cost(request)
        if request.group and any(reader.request.group == request.group for reader in self._readers.values()):
            return replace(cost, prompt_tokens=1, bytes=cost.output_tokens * self._built.token_bytes)
        return cost

    def _deliver(self, reports: list[Report], holdings: Holdings) -> None:
        self._holdings = holdings
        for number, report in reports:
            if reader := self._readers.get(number):
                if isinstance(report, EngineError):
                    reader.outbox.end(report)
                    continue
                reader.outbox.put(report)
                if isinstance(report, Done):
                    self._built.costs.learn(reader.request, report.usage)
                    reader.outbox.end()

    def _hang(self) -> None:
        assert self._thread is not None
        frame = sys._current_frames().get(self._thread.ident or 0)
        where = "".join(traceback.format_stack(frame)) if frame else "nowhere"
        logger.critical("a step of the model hangs, so it is given up; it is in:\n%s", where)
        self._hangs = True
        self._die(TimeoutError(f"a step took longer than {self._options.hung_s:g} seconds"))

    def _die(self, cause: BaseException | None) -> None:
        self._dead = self._dead or Dead(GONE)
        self._dead.__cause__ = self._dead.__cause__ or cause
        for reader in self._readers.values():
            reader.outbox.end(Dead(GONE))

    # What follows runs in the model's thread.

    def _work(self, started: asyncio.Future[Built]) -> None:
        try:
            built = self._build()
        except EngineError as error:
            self._tell(_settle, started, error)
        except Exception as error:
            dead = Dead(NOT_LOADED.format(error=error))
            dead.__cause__ = error
            self._tell(_settle, started, dead)
        else:
            self._tell(_settle, started, built)
            self._serve(built.runner)

    def _build(self) -> Built:
        """What the model is made of comes first: if that is missing, there is no need to import anything."""
        folder = fetch(self._source.model, self._source.revision, self._announce)
        from inference.local.building import build

        return build(replace(self._source, model=str(folder)), self._options, self._submit, self._announce)

    def _announce(self, loading: Loading) -> None:
        self._tell(self._on_loading, loading)

    def _submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        """Have something done elsewhere that the runner waits for."""
        future = self._drawing.submit(work, *args)
        future.add_done_callback(lambda _: self._inbox.put(lambda runner: None))
        return future

    def _serve(self, runner: Runner) -> None:
        try:
            while self._obey(runner):
                with self._watchdog.step():
                    reports = runner.step()
                self._tell(self._deliver, reports, runner.holdings)
        except Exception as error:
            logger.exception("the model's thread ends")
            self._tell(self._die, error)

    def _obey(self, runner: Runner) -> bool:
        """Do what was sent in; wait for it if there is nothing else to do. False at the end."""
        for command in self._commands(None if runner.busy else runner.due):
            if command is None:
                return False
            with self._watchdog.step():  # it may move what a row leaves behind, which is the device's work too
                command(runner)
        return True

    def _commands(self, until: float | None) -> Iterator[Command | None]:
        """All that are there; if there are none, the first that comes ``until`` then."""
        try:
            if until is not None and self._inbox.empty():
                patience = until - time.monotonic()
                yield self._inbox.get(timeout=max(0.0, patience) if patience < threading.TIMEOUT_MAX else None)
            while True:
                yield self._inbox.get_nowait()
        except queue.Empty:
            return

    def _tell(self, what: Callable[..., object], *news: object) -> None:
        try:
            self._loop.call_soon_threadsafe(partial(what, *news))
        except RuntimeError:
            # The loop is closed, so there is nobody left to tell.
            self._inbox.put(None)


def _settle(started: asyncio.Future[Built], outcome: Built | EngineError) -> None:
    if started.done():
        return
    if isinstance(outcome, EngineError):
        started.set_exception(outcome)
    else:
        started.set_result(outcome)
