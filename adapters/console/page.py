"""The page itself, in gradio. Importing that takes seconds, so only a running console does."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from adapters.base import Incoming, Mode
from adapters.console import checking, view
from adapters.console.desk import Desk
from adapters.console.examples import Example
from adapters.console.markup import DISPLAY_MATH, INLINE_MATH
from adapters.console.transcripts import Conversation

TITLE = "Threadsight"
PROMISE = "Ask about a picture or a document: add one below"
HINT = "Quick answers at once, Think reasons first, Deep weighs several answers."
RESTARTED = "The console was started anew. Reload this page."
NOT_TAKEN = "That was not taken. Try again in a moment."

NEW = "new"
"""Stands in the browser's memory where no conversation is shown."""

ASK, CHECK = "ask", "check"
"""The tabs."""

FILE_TYPES = ["image", ".pdf", ".tif", ".tiff", ".heic", ".heif", ".avif"]
MODES: list[tuple[str, Mode]] = [("Quick", "quick"), ("Think", "think"), ("Deep", "deep")]

_HERE = Path(__file__).parent


@dataclass(slots=True)
class Window:
    """One open page: which conversation it shows, and the bell that makes it look again."""

    conversation: str | None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def show(self, conversation: str | None) -> None:
        self.conversation = conversation
        self.changed.set()

    def show_unless_elsewhere(self, conversation: str, before: str | None) -> None:
        """Show where a message went, unless the person has turned to another conversation meanwhile."""
        if self.conversation == before:
            self.show(conversation)

    def close(self) -> None:
        self.closed = True
        self.changed.set()


class Page:
    """Every open window follows the transcripts through one event that never ends; all other events only change what
    there is to see."""

    def __init__(self, desk: Desk, shown: Sequence[Example], mode: Mode) -> None:
        self._desk = desk
        self._examples = tuple(shown)
        self._mode = mode
        self._windows: dict[str, Window] = {}

    def build(self) -> gr.Blocks:
        """Everything on the page, and what happens when it is used."""
        blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True, fill_width=True)
        with blocks:
            last = gr.BrowserState(NEW, storage_key="threadsight-conversation", secret=TITLE)
            with gr.Sidebar(width=290, elem_id="side"):
                gr.HTML(f"<h1>{TITLE}</h1>", elem_id="brand")
                fresh = gr.Button("New conversation", elem_id="fresh")
                listing = gr.HTML(js_on_load=(_HERE / "page.js").read_text(), elem_id="conversations")
            with gr.Tabs(elem_id="views") as views:
                with gr.Tab("Ask", id=ASK, elem_id="asking"):
                    chat = self._chat()
                    composer, mode = self._composer()
                with gr.Tab("Check", id=CHECK, elem_id="checks"):
                    tab = checking.build(FILE_TYPES)

            silent: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
            blocks.load(self.follow, [last], [chat, listing, last, tab.result], **silent)
            blocks.unload(self.leave)
            composer.submit(self.ask, [composer, mode], [composer], **silent)
            chat.example_select(self.ask_example, [mode], **silent)
            for asked in (tab.button.click, tab.question.submit):
                asked(self.check, [tab.files, tab.question, mode], [tab.files], **silent)
            fresh.click(self.begin, None, [views], trigger_mode="always_last", **silent)
            listing.opened(self.open, None, [views], trigger_mode="always_last", **silent)
            listing.removed(self.remove, **silent)
            listing.pressed(self.press, **silent)
        return blocks

    def _chat(self) -> gr.Chatbot:
        cards: Any = [_card(one, number) for number, one in enumerate(self._examples)]
        return gr.Chatbot(
            elem_id="chat",
            show_label=False,
            container=False,
            scale=1,
            height="100%",
            buttons=[],
            placeholder=f"# {TITLE}\n{PROMISE}{', or try one of these' if cards else ''}.",
            examples=cards,
            layout="panel",
            allow_tags=False,
            sanitize_html=True,
            latex_delimiters=[
                {"left": INLINE_MATH[0], "right": INLINE_MATH[1], "display": False},
                {"left": DISPLAY_MATH[0], "right": DISPLAY_MATH[1], "display": True},
            ],
        )

    def _composer(self) -> tuple[gr.MultimodalTextbox, gr.Radio]:
        with gr.Column(elem_id="foot"):
            box = gr.MultimodalTextbox(
                elem_id="composer",
                placeholder="Ask about a picture or a document",
                file_types=FILE_TYPES,
                file_count="multiple",
                show_label=False,
                label="Your message",
                container=False,
                autofocus=True,
                max_lines=8,
                max_plain_text_length=100_000,
                interactive=True,
            )
            with gr.Row(elem_id="below"):
                mode = gr.Radio(
                    MODES, value=self._mode, show_label=False, container=False, label="Mode", elem_id="mode"
                )
                gr.HTML(f"<p>{HINT}</p>", elem_id="hint")
        return box, mode

    async def follow(self, last: str | None, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """All that a window shows, again whenever it changes, until it is closed."""
        known = last if isinstance(last, str) and self._desk.transcripts.get(last) else None
        session = str(request.session_hash)
        window = self._windows[session] = Window(known)
        seen: tuple[Any, ...] = (None,) * 4
        try:
            with self._desk.transcripts.watching(window.changed):
                while not window.closed:
                    window.changed.clear()
                    seen, before = self._look(window), seen
                    yield tuple(now if now != then else gr.skip() for now, then in zip(seen, before, strict=True))
                    await window.changed.wait()
        finally:
            self._windows.pop(session, None)

    def _look(self, window: Window) -> tuple[list[dict[str, Any]], str, str, str]:
        current = self._desk.transcripts.get(window.conversation or "")
        listed = view.conversations(self._desk.transcripts.all(), current.id if current else None)
        checked = view.checked(current) if _is_check(current) else ""
        return view.messages(current), listed, current.id if current else NEW, checked

    def leave(self, request: gr.Request) -> None:
        """The page was closed or reloaded."""
        window = self._windows.get(str(request.session_hash))
        if window is not None:
            window.close()

    def _window(self, request: gr.Request) -> Window:
        window = self._windows.get(str(request.session_hash))
        if window is None:
            raise gr.Error(RESTARTED)
        return window

    async def ask(self, composed: dict[str, Any], mode: Mode, request: gr.Request) -> dict[str, Any]:
        """Send what is in the box; it stays there if it is not taken."""
        window = self._window(request)
        text, paths = str(composed.get("text", "")).strip(), [Path(path) for path in composed.get("files", [])]
        if text or paths:
            with _telling():
                before = window.conversation
                attachments = await self._desk.attach([(path, path.name) for path in paths])
                window.show_unless_elsewhere(await self._desk.ask(before, text, attachments, mode), before)
        return {"text": "", "files": []}

    async def ask_example(self, mode: Mode, chosen: gr.SelectData, request: gr.Request) -> None:
        """Send the example whose card was clicked."""
        window = self._window(request)
        with _telling():
            place = await self._desk.ask_example(self._examples[int(chosen.index)], mode)
            window.show_unless_elsewhere(place, None)

    async def check(self, paths: list[str] | None, question: str, mode: Mode, request: gr.Request) -> Any:
        """Have the files checked."""
        window = self._window(request)
        if not paths:
            gr.Warning(checking.NOTHING_CHOSEN, title="No files")
            return gr.skip()
        with _telling():
            return await checking.send(self._desk, paths, question, mode, window.show)

    def begin(self, request: gr.Request) -> Any:
        self._window(request).show(None)
        return gr.Tabs(selected=ASK)

    def open(self, event: gr.EventData, request: gr.Request) -> Any:
        self._window(request).show(str(event.conversation))
        opened = self._desk.transcripts.get(str(event.conversation))
        return gr.Tabs(selected=CHECK if _is_check(opened) else ASK)

    async def remove(self, event: gr.EventData) -> None:
        with _telling():
            await self._desk.remove(str(event.conversation))

    async def press(self, event: gr.EventData, request: gr.Request) -> None:
        window = self._window(request)
        if window.conversation:
            with _telling():
                await self._desk.press(window.conversation, str(event.message), str(event.action))


@contextmanager
def _telling() -> Iterator[None]:
    """Whatever goes wrong inside, the person learns that it was not taken, and nothing else."""
    taken = False
    try:
        yield
        taken = True
    finally:
        if not taken:
            gr.Warning(NOT_TAKEN, title="Not sent")


def _is_check(conversation: Conversation | None) -> bool:
    """Whether it began in the tab for checks."""
    first = conversation.entries[0] if conversation else None
    return isinstance(first, Incoming) and first.text.startswith(checking.CHECK)


def _card(example: Example, number: int) -> dict[str, Any]:
    picture = f"{view.EXAMPLES}{number}"
    text = f"{example.title}\n{example.question}"
    return {"text": example.question, "display_text": text, "icon": {"path": picture, "url": picture}}
