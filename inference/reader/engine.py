"""The embedded reader as an Engine: reads pages in a worker process, keeps what it read, and answers by quoting."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

from inference.engine import Capacity, Cost
from inference.errors import Dead, Failed
from inference.reader import wording
from inference.reader.answers import answer
from inference.reader.extraction import extract
from inference.reader.layer import mended
from inference.reader.layout import arrange, found
from inference.reader.scope import Shown
from inference.reader.sheet import Sheet
from inference.types import Done, Event, Finish, Image, Lane, Progress, Request, Started, Text, Timings
from inference.worker import Message, TimedOut, Worker, WorkerError

ENTRY = "inference.reader.ocr:handle"

PAGE_TIMEOUT = 120.0
"""Seconds for one page, on a busy machine too."""

MEMORY = 4 * 1024**3
"""Bytes that the worker may map: the runtime reserves far more than the 800 MB that it uses."""

PLACES = 4
"""Requests at a time. Pages are read one by one whatever their number; what is known already is answered meanwhile."""

PAGES_KEPT = 1024
"""Pages whose text stays in memory, some 100 KB each."""

LONGEST_QUESTION = 500
"""Characters of one that are looked at: with what surrounds it, such as all that was said in a thread, it would be
weighed for minutes, and nothing could end that."""


class ReaderEngine:
    """Answers from the text of the pages alone. A page is read once, however often it is asked about."""

    name = "reader"

    def __init__(self, *, pages_kept: int = PAGES_KEPT) -> None:
        self._worker = Worker(ENTRY, memory=MEMORY)
        self._sheets: OrderedDict[str, Sheet] = OrderedDict()
        self._pages_kept = pages_kept
        self._reading: dict[str, asyncio.Lock] = {}
        self._running = 0

    async def start(self) -> None:
        try:
            await self._worker.call(Message(), timeout=PAGE_TIMEOUT)
        except WorkerError as error:
            raise Dead("The embedded reader cannot start. Install Threadsight again, or set engine.kind.") from error

    async def close(self) -> None:
        await self._worker.close()
        self._sheets.clear()

    def cost(self, request: Request) -> Cost:
        """A token stands for a page that has yet to be read."""
        unread = {image.sha256 for image in request.images} - self._sheets.keys()
        return Cost(prompt_tokens=len(unread), output_tokens=1)

    def capacity(self) -> Capacity:
        return Capacity(requests=max(0, PLACES - self._running), tokens=1_000_000)

    def pause(self, lanes: frozenset[Lane]) -> int:
        return 0

    def forget(self, threads: frozenset[str], pictures: frozenset[str]) -> None:
        for sha256 in pictures:
            self._sheets.pop(sha256, None)

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        started = time.monotonic()
        self._running += 1
        try:
            yield Started()
            async for event in self._answered(request, started):
                yield event
        finally:
            self._running -= 1

    async def _answered(self, request: Request, started: float) -> AsyncGenerator[Event, None]:
        finish, sheets = Finish.COMPLETE, dict[str, Sheet]()
        images = list({image.sha256: image for image in request.images}.values())
        unread = sum(image.sha256 not in self._sheets for image in images)
        done = 0
        for image in images:
            if image.sha256 not in self._sheets:
                yield Progress(done=done, total=unread)
                done += 1
            try:
                sheets[image.sha256] = await self._sheet(image, request.deadline)
            except _TimeUpError:
                finish = Finish.DEADLINE
                break
        text = await asyncio.to_thread(_reply, request, sheets, finish)
        first = time.monotonic() - started
        yield Text(text=text)
        yield Done(finish=finish, timings=Timings(first_token_s=first, total_s=time.monotonic() - started))

    async def _sheet(self, image: Image, deadline: float | None) -> Sheet:
        """The image's page, read now if it was not before. Failed if that cannot be done."""
        async with self._alone_with(image.sha256):
            sheet = self._sheets.get(image.sha256)
            if sheet is None:
                sheet = await self._read(image, deadline)
                self._keep(sheet)
            self._sheets.move_to_end(image.sha256)
            return sheet

    @asynccontextmanager
    async def _alone_with(self, sha256: str) -> AsyncGenerator[None, None]:
        """Two who ask about one page wait for one reading of it."""
        lock = self._reading.setdefault(sha256, asyncio.Lock())
        async with lock:
            yield
        if not lock.locked():
            self._reading.pop(sha256, None)

    async def _read(self, image: Image, deadline: float | None) -> Sheet:
        left = PAGE_TIMEOUT if deadline is None else min(PAGE_TIMEOUT, deadline - time.monotonic())
        if left <= 0:
            raise _TimeUpError
        try:
            result = await self._worker.call(Message({}, (image.content,)), timeout=left)
        except TimedOut as error:
            if deadline is not None and time.monotonic() >= deadline:
                raise _TimeUpError from error
            raise Failed(wording.UNREADABLE) from error
        except WorkerError as error:
            raise Failed(wording.UNREADABLE) from error
        return await asyncio.to_thread(_arranged, image, result)

    def _keep(self, sheet: Sheet) -> None:
        self._sheets[sheet.page.sha256] = sheet
        while len(self._sheets) > self._pages_kept:
            self._sheets.popitem(last=False)


class _TimeUpError(Exception):
    """The request's deadline came while a page was being read."""


def _arranged(image: Image, result: Message) -> Sheet:
    page = arrange(found(result.fields), width=image.width, height=image.height, sha256=image.sha256)
    return Sheet(mended(page, image.text) if image.text else page)


def _reply(request: Request, sheets: dict[str, Sheet], finish: Finish) -> str:
    """What to say with the pages that were read."""
    if not request.images:
        return wording.NO_PICTURE
    shown = list(_shown(request, sheets))
    if finish is Finish.DEADLINE and not shown:
        return wording.OUT_OF_TIME
    if request.form is not None:
        return extract(_short(request.form.question), shown).model_dump_json()
    questions = [_short(turn.text) for turn in request.turns if turn.role == "user"]
    said = answer(questions, shown)
    return f"{wording.OUT_OF_TIME}\n\n{said}" if finish is Finish.DEADLINE else said


def _short(question: str) -> str:
    """Of a long one its beginning and its end, where people ask."""
    if len(question) <= LONGEST_QUESTION:
        return question
    half = LONGEST_QUESTION // 2
    return f"{question[:half]}\n{question[-half:]}"


def _shown(request: Request, sheets: dict[str, Sheet]) -> Iterator[Shown]:
    order = 0
    for number, turn in enumerate(request.turns):
        for image in turn.images:
            order += 1
            if image.sha256 in sheets:
                yield Shown(sheets[image.sha256], image.label, number, order)
