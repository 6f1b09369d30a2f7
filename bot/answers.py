"""An answer's events become a draft, and the draft becomes edits that no platform is flooded with."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from adapters.characters import whole
from inference.types import Done, Event, Finish, Note, Progress, Queued, Started, Summary, Text, Thought


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that is known of an answer at one moment. Raw reasoning never enters it."""

    text: str = ""
    reasoning: str = ""
    notes: tuple[str, ...] = ()
    queued: Queued | None = None
    progress: Progress | None = None
    thinking: bool = False
    done: Done | None = None

    @property
    def finish(self) -> Finish:
        """How it ended; ``stopped`` as long as it did not end by itself."""
        return self.done.finish if self.done else Finish.STOPPED

    def after(self, event: Event) -> "Draft":
        """The draft with one event more."""
        match event:
            case Queued():
                return replace(self, queued=event)
            case Started():
                return replace(self, queued=None)
            case Progress():
                return replace(self, queued=None, progress=event)
            case Thought():
                return replace(self, queued=None, progress=None, thinking=True)
            case Summary(text=text):
                return replace(self, reasoning=whole(text))
            case Note(text=text):
                return replace(self, notes=(*self.notes, text))
            case Text(text=text):
                return replace(self, queued=None, progress=None, thinking=False, text=self.text + whole(text))
            case Done():
                return replace(self, queued=None, progress=None, thinking=False, done=event)


@dataclass(frozen=True, slots=True)
class Shown:
    """``pause_s`` is to be left before the next draft. ``again``: this one did not come through and may yet."""

    pause_s: float
    again: bool = False


Show = Callable[[Draft], Awaitable[Shown]]


class Drafts:
    """Follows a stream and shows its newest draft, one showing at a time. What comes while one is under way is merged
    into the next, so a slow platform slows nobody else."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self.latest = Draft()

    async def follow(self, events: AsyncGenerator[Event, None]) -> Draft:
        """Run the stream to its end; ``latest`` holds what there is if it raises or is cancelled. When this returns, no
        draft is on its way any more."""
        showing = asyncio.create_task(self._keep_showing(), name="show drafts")
        try:
            async with aclosing(events):
                async for event in events:
                    self.latest = self.latest.after(event)
                    self._changed.set()
                    if showing.done():
                        break
        finally:
            self._ended.set()
            self._changed.set()
            await showing
        return self.latest

    async def _keep_showing(self) -> None:
        while await self._changed.wait() and not self._ended.is_set():
            self._changed.clear()
            shown = await self._show(self.latest)
            if shown.again:
                self._changed.set()  # or nobody would see it before the engine says more
            with suppress(TimeoutError):
                async with asyncio.timeout(shown.pause_s):
                    await self._ended.wait()
