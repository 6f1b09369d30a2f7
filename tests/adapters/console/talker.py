"""A bot for the console's tests: it answers as its script says and waits wherever a test wants to look."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.base import Action, Button, Event, File, Incoming, Post
from adapters.console.client import ConsoleAdapter

STOP = Button(action="stop", label="Stop", value="7", danger=True)
SECONDS = 30


@dataclass
class Talker:
    """Answers a message by the script named by its first word, else by an echo. Lives in the adapter's loop."""

    adapter: ConsoleAdapter
    heard: list[Event] = field(default_factory=list)
    refuse: bool = False
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)

    async def handle(self, event: Event) -> None:
        if self.refuse:
            raise RuntimeError("no room")
        self.heard.append(event)
        if isinstance(event, Action) and event.name == "stop":
            self._tasks[event.message].cancel()
        if not isinstance(event, Incoming):
            return
        message = await self.adapter.post(event.thread, Post(text="", status="Got it …", buttons=(STOP,)))
        self._tasks[message] = asyncio.create_task(self._answer(event, message), name=f"answer {message}")

    async def _answer(self, incoming: Incoming, message: str) -> None:
        async def edit(post: Post) -> None:
            await self.adapter.edit(incoming.thread, message, post)

        script = SCRIPTS.get(incoming.text.split(" ")[0].strip(":").lower(), echo)
        try:
            await script(self, incoming, edit)
        except asyncio.CancelledError:
            await edit(Post(text="Half an answer.\n\n_Stopped._"))

    def gate(self, name: str) -> asyncio.Event:
        """What a script waits for and a test opens."""
        return self._gates.setdefault(name, asyncio.Event())


Edit = Callable[[Post], Awaitable[None]]


async def echo(talker: Talker, incoming: Incoming, edit: Edit) -> None:
    files = ", ".join(one.name for one in incoming.attachments)
    before = [one async for one in talker.adapter.history(incoming.thread) if not one.own]
    notes = tuple(f"#{number} `{one.name}`: used" for number, one in enumerate(incoming.attachments, 1))
    text = f"You asked **{incoming.text}** about {files or 'nothing'}, message {len(before)}, mode {incoming.mode}."
    await edit(Post(text=text, notes=notes))


async def slow(talker: Talker, incoming: Incoming, edit: Edit) -> None:
    name = incoming.text.split(" ")[1]
    await edit(Post(text="", status="Waiting: number 2 in line, about 12 s …", buttons=(STOP,)))
    await talker.gate(f"{name} reads").wait()
    await edit(Post(text="", status="Reading page 2 of 5 …", buttons=(STOP,)))
    await talker.gate(f"{name} writes").wait()
    await edit(Post(text="Half an answer", status="Writing …", buttons=(STOP,)))
    await talker.gate(f"{name} ends").wait()
    await edit(Post(text=f"The whole answer to {name}.", reasoning="First I looked, then I *thought*."))


async def hostile(talker: Talker, incoming: Incoming, edit: Edit) -> None:
    await edit(Post(text=HOSTILE, reasoning=HOSTILE, notes=(f"`{HOSTILE[:40]}`",), buttons=(RETRY,)))


async def rich(talker: Talker, incoming: Incoming, edit: Edit) -> None:
    await edit(Post(text=RICH, reasoning="I read the *table* first, then added up the lines."))


async def check(talker: Talker, incoming: Incoming, edit: Edit) -> None:
    await edit(Post(text="", status="1 of 2 documents, about 3 s to go", buttons=(STOP,)))
    await talker.gate(f"{incoming.text} ends").wait()
    files = (
        File(name="check.csv", media_type="text/csv", content=b"verdict,file"),
        File(name="check.html", media_type="text/html", content=REPORT),
    )
    await edit(Post(text="**1 open, 1 paid.**", notes=("Left out: 1 file.",), files=files))


REPORT = b"""<!doctype html><title>Report</title><h1>1 open, 1 paid.</h1><script>document.title='owned'</script>
<p>open first</p>"""

RETRY = Button(action="retry", label='Try <b onclick="alert(1)">again</b>', value="9")

HOSTILE = """![x](http://evil.example/pixel.png)
<img src="http://evil.example/raw.png" onerror="document.title='owned'">
<script>document.title='owned'</script><iframe src="http://evil.example/frame"></iframe>
<div style="position:fixed;inset:0;background:url(http://evil.example/bg.png)" class="overlay">over you</div>
[click](javascript:document.title='owned') <http://evil.example/auto>

<svg onload="document.title='owned'"><style>@import 'http://evil.example/a.css';</style></svg>

```mermaid
graph TD; A["<img src=http://evil.example/m.png>"]-->B
```

$$\\includegraphics{http://evil.example/tex.png} \\href{javascript:alert(1)}{x}$$ and \\(a < b\\)

The end of it."""

RICH = """## What the invoice says

The total is **€ 1,249.50**, due on *14 October 2026*. See [the terms](https://example.org/terms).

| Item | Quantity | Price |
|---|---:|---:|
| Olive oil, extra virgin, cold pressed | 2 | 25.60 |
| Bread | 1 | 3.90 |

1. First check the sum
2. Then the `VAT`
   - 19 % on goods
   - 7 % on food

> Payable within 30 days.

```python
total = sum(line.price * line.quantity for line in lines)  # a line that is rather long, so that it has to scroll
```

The mean is $$\\bar{x} = \\frac{1}{n} \\sum_{i=1}^{n} x_i$$ where \\(n < 10\\)."""

SCRIPTS: dict[str, Callable[[Talker, Incoming, Edit], Coroutine[Any, Any, None]]] = {
    "slow": slow,
    "check": check,
    "hostile": hostile,
    "rich": rich,
}


class Running:
    """The adapter and its bot in a loop of their own, steered from a test's thread."""

    def __init__(self, talker: Talker, loop: asyncio.AbstractEventLoop) -> None:
        self.talker = talker
        self.url = talker.adapter.url
        self._loop = loop

    def open(self, gate: str) -> None:
        """Let a script go on."""
        self._loop.call_soon_threadsafe(self.talker.gate(gate).set)

    def messages(self) -> list[Incoming]:
        return [event for event in self.talker.heard if isinstance(event, Incoming)]


@contextmanager
def running(adapter: ConsoleAdapter) -> Iterator[Running]:
    """Run the console with a talker until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="console", daemon=True)
    thread.start()
    talker = Talker(adapter)
    serving = asyncio.run_coroutine_threadsafe(_serve(adapter, talker), loop).result(SECONDS * 2)
    try:
        yield Running(talker, loop)
    finally:
        asyncio.run_coroutine_threadsafe(_end(serving), loop).result(SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()


async def _serve(adapter: ConsoleAdapter, talker: Talker) -> asyncio.Task[None]:
    serving = asyncio.create_task(adapter.run(talker.handle), name="run the console")
    opening = asyncio.create_task(adapter.ready(), name="wait for the page")
    done, _ = await asyncio.wait({serving, opening}, return_when=asyncio.FIRST_COMPLETED)
    opening.cancel()
    if serving in done:
        serving.result()
    return serving


async def _end(serving: asyncio.Task[None]) -> None:
    """Stop the console, then whatever still runs in its loop."""
    serving.cancel()
    await asyncio.wait({serving})
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
