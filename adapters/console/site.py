"""The web server around the page, inside the bot's own event loop."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import fastapi
import gradio as gr
import uvicorn
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.base import Mode
from adapters.console import view
from adapters.console.desk import Desk
from adapters.console.examples import Example, picture
from adapters.console.guard import POWERLESS, Guard
from adapters.console.page import Page
from adapters.console.uploads import Uploads
from adapters.errors import Gone

LARGEST_UPLOAD = "200mb"
"""Above the bot's own limits, which answer with a sentence; this one only keeps the disk from filling."""

GRACE_S = 1
"""What remains to be done when the server stops gets this much, uploads for example."""

_ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",  # statistics that nobody asks for, made anew after every event
}
"""What gradio can be told in no other way; where it keeps the bytes that people upload is one more such thing."""

_HERE = Path(__file__).parent


def site(desk: Desk, shown: Sequence[Example], mode: Mode, host: str) -> ASGIApp:
    """The whole application. Blocks for a moment."""
    folder = desk.uploads.folder
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(_ENVIRONMENT, GRADIO_TEMP_DIR=str(folder))
    app = fastapi.FastAPI(openapi_url=None)
    app.add_api_route(f"{view.FILES}{{reference:path}}", _files(desk.uploads))
    app.add_api_route(f"{view.EXAMPLES}{{number}}", _pictures([picture(one, folder.parent) for one in shown]))
    app.add_api_route("/page.css", lambda: FileResponse(_HERE / "page.css"))
    gr.mount_gradio_app(
        app,
        Page(desk, shown, mode).build(),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=LARGEST_UPLOAD,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
        # As its own file: what is given to gradio as CSS is taken apart and put together again, not always rightly.
        head='<link rel="stylesheet" href="/page.css">',
    )
    return Guard(app, host)


def _files(uploads: Uploads) -> Callable[..., object]:
    async def file(reference: str) -> fastapi.Response:
        """An upload: pictures and reports to look at, anything else to save."""
        try:
            path = await asyncio.to_thread(uploads.path, reference)
            attachment = await asyncio.to_thread(uploads.attachment, path, path.name)
        except Gone:
            return fastapi.Response(status_code=404)
        shown = attachment.media_type in (*view.SHOWN_AS_PICTURES, view.PAGE)
        return FileResponse(
            path,
            media_type=attachment.media_type,
            filename=path.name,
            content_disposition_type="inline" if shown else "attachment",
            headers={"Content-Security-Policy": POWERLESS} if attachment.media_type == view.PAGE else None,
        )

    return file


def _pictures(paths: Sequence[Path]) -> Callable[..., object]:
    async def drawn(number: int) -> fastapi.Response:
        """What stands on an example's card."""
        return FileResponse(paths[number]) if 0 <= number < len(paths) else fastapi.Response(status_code=404)

    return drawn


def _theme() -> gr.themes.Base:
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_lg,
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    )
    return theme.set(body_text_color_subdued="*neutral_500", body_text_color_subdued_dark="*neutral_400")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, up: Callable[[], None]) -> None:
        super().__init__(config)
        self._up = up

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the bot's business."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._up()


class _Farewell:
    """Ends what is open when the server stops, rightly: a page holds two streams for as long as it is shown."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.said = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        unfinished = False

        async def follow(message: Message) -> None:
            nonlocal unfinished
            unfinished = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        answering = asyncio.ensure_future(self._app(scope, receive, follow))
        parting = asyncio.create_task(self.said.wait(), name="wait for the farewell")
        await asyncio.wait({answering, parting}, return_when=asyncio.FIRST_COMPLETED)
        parting.cancel()
        if answering.done():
            answering.result()
            return
        answering.cancel()
        await asyncio.wait({answering})
        if unfinished:
            await send({"type": "http.response.body", "body": b""})


async def serve(app: ASGIApp, listener: socket.socket, up: Callable[[], None]) -> None:
    """Serve until cancelled; ``up`` is called once the page can be opened."""
    farewell = _Farewell(app)
    config = uvicorn.Config(
        farewell, log_config=None, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=GRACE_S
    )
    server = _Server(config, up)
    serving = asyncio.create_task(server.serve([listener]), name="serve the console")
    try:
        await asyncio.shield(serving)
    finally:
        farewell.said.set()
        server.should_exit = True
        await serving
