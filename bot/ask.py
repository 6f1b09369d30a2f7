"""``threadsight ask``: one question about files, or a file of questions, on the command line."""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot import conversation, replies
from bot.answers import Draft
from bot.settings import EngineSettings
from bot.store.records import Document
from inference.engine import Engine
from inference.errors import EngineError, Failed
from inference.images import Decoder
from inference.types import Done, Finish, Lane, Mode, Request, Turn

_AT_ONCE = 4
"""Questions of a batch that are under way together; the engine's line decides which of them runs."""

Watch = Callable[[Draft], None]


class Question(BaseModel):
    """One line of a batch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1)
    files: tuple[Path, ...] = ()
    mode: Mode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer on the command line. ``error`` is the sentence that says why there is none, or none to the end."""

    mode: Mode
    documents: tuple[Document, ...] = ()
    draft: Draft = field(default_factory=Draft)
    finish: Finish
    error: str = ""

    @property
    def answered(self) -> bool:
        return not self.error

    def as_json(self) -> dict[str, Any]:
        """The object of the command line's contract."""
        done = self.draft.done or Done()
        printed = {
            "answer": self.draft.text,
            "reasoning_summary": self.draft.reasoning,
            "mode": self.mode,
            "finish": self.finish.value,
            "usage": asdict(done.usage),
            "timings": asdict(done.timings),
            "sources": [source for document in self.documents for source in _sources(document)],
        }
        return printed | ({"error": self.error} if self.error else {})


class Asker:
    """Answers questions about local files through the same decoder and engine as the chat."""

    def __init__(self, engine: Engine, decoder: Decoder, settings: EngineSettings) -> None:
        self._engine = engine
        self._decoder = decoder
        self._settings = settings

    async def ask(
        self, question: Question, *, lane: Lane = Lane.INTERACTIVE, watch: Watch = lambda draft: None
    ) -> Reply:
        """The reply; what goes wrong with the files or the engine stands in it as a sentence."""
        mode = question.mode or self._settings.mode
        documents = tuple([await self._open(number, path) for number, path in enumerate(question.files, start=1)])
        reply = Reply(mode=mode, documents=documents, finish=Finish.FAILED)
        if documents and not any(document.pages for document in documents):
            return replace(reply, finish=Finish.REFUSED, error=replies.skipped_all(documents))
        draft = Draft()
        try:
            async with aclosing(self._engine.generate(self._request(question, documents, mode, lane))) as events:
                async for event in events:
                    draft = draft.after(event)
                    watch(draft)
        except Failed as error:
            return replace(reply, draft=draft, error=str(error))
        except EngineError as error:
            return replace(reply, draft=draft, finish=Finish.REFUSED, error=str(error))
        return replace(reply, draft=draft, finish=draft.finish, error="" if draft.text else replies.TOO_LATE)

    async def batch(self, lines: Iterable[str]) -> AsyncGenerator[Reply, None]:
        """A reply for each line, in their order; a few are under way together."""
        waiting: deque[asyncio.Task[Reply]] = deque()
        try:
            for line in lines:
                if len(waiting) == _AT_ONCE:
                    yield await waiting.popleft()
                waiting.append(asyncio.create_task(self._line(line)))
            while waiting:
                yield await waiting.popleft()
        finally:
            for task in waiting:
                task.cancel()

    async def _line(self, line: str) -> Reply:
        try:
            question = Question.model_validate_json(line)
        except ValidationError as error:
            return Reply(mode=self._settings.mode, finish=Finish.FAILED, error=_explain(error))
        missing = [path for path in question.files if not path.is_file()]
        if missing:
            sentence = f"There is no file {missing[0]}."
            return Reply(mode=question.mode or self._settings.mode, finish=Finish.FAILED, error=sentence)
        return await self.ask(question, lane=Lane.BATCH)

    async def _open(self, number: int, path: Path) -> Document:
        decoded = await self._decoder.decode(path, name=path.name)
        return Document(
            job_id=0,
            attachment=str(path),
            name=path.name,
            fate=decoded.fate,
            reason=decoded.reason,
            number=number,
            pages=decoded.pages,
        )

    def _request(self, question: Question, documents: tuple[Document, ...], mode: Mode, lane: Lane) -> Request:
        images = tuple(image for document in documents for image in conversation.labelled(document))
        return Request(
            id=uuid.uuid4().hex,
            turns=(conversation.RULES, Turn(role="user", text=question.question, images=images)),
            mode=mode,
            sampling=self._settings.sampling,
            lane=lane,
            deadline=time.monotonic() + self._settings.seconds,
        )


def _sources(document: Document) -> list[dict[str, Any]]:
    pages: Iterable[int | None] = range(1, len(document.pages) + 1) if document.pages else (None,)
    return [{"file": document.name, "page": page, "fate": document.fate, "reason": document.reason} for page in pages]


def _explain(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"This line is not a question: {where + ': ' if where else ''}{fault['msg']}."
