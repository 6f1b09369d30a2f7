"""Who may talk to the page.

A page on this machine is within reach of every website that its user visits, so three doors are shut: names that were
made to point here (DNS rebinding: only an address, ``localhost``, the configured host and the machine's own name count
as ours), requests that another page sends or embeds (``Origin`` and ``Sec-Fetch-Site``), and frames. What goes out
carries a policy that lets the browser fetch nothing from anywhere else, whatever an answer holds. A report has one that
is stricter, and may be shown within our page.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REFUSED = "This page is for the people who open it, not for other websites. Type its address into your browser."

_HEADERS = {
    # gradio's own code is inline and makes functions from text, hence the two "unsafe"; strangers' text is escaped.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}

POWERLESS = "sandbox allow-popups; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""For a page among the uploads, whoever wrote it: nothing runs in it, and it fetches nothing."""


class Guard:
    """Stands around the whole page as ASGI middleware."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._names = {"localhost", host.lower(), socket.gethostname().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if not self._welcome(scope):
            return await PlainTextResponse(REFUSED, 403)(scope, receive, send)

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                powerless = headers.get("content-security-policy") == POWERLESS
                headers.update(_HEADERS | ({"Content-Security-Policy": POWERLESS} if powerless else {}))
            await send(message)

        return await self._app(scope, receive, send_with_policy)

    def _welcome(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._ours(host) or "=http" in scope["path"]:  # gradio would fetch such a "file" from elsewhere
            return False
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return False
        if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return True
        opened = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return opened and scope["method"] == "GET" and scope["path"] == "/"

    def _ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
            return name in self._names or bool(ipaddress.ip_address(name))
        except ValueError:
            return False
