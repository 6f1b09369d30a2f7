"""Fetching attachments: a fresh link from the message, then the bytes from Discord's own hosts and no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from yarl import URL

from adapters.base import Attachment
from adapters.discord import events
from adapters.discord.connection import Connection
from adapters.discord.errors import translated
from adapters.errors import Forbidden, Gone, RateLimited, TooLarge, Unreachable
from adapters.failpoints import around

_HOSTS = {
    "cdn.discordapp.com",
    "media.discordapp.net",
    "images-ext-1.discordapp.net",
    "images-ext-2.discordapp.net",
}
"""Attachments, and the proxies through which Discord shows pictures from elsewhere."""
_CHUNK = 1 << 16
_TIMEOUT = aiohttp.ClientTimeout(total=300, sock_connect=15, sock_read=30)
_PAUSE_S = 5.0


class Files:
    """``session`` carries no token: what a file's host sees is the link alone."""

    def __init__(self, connection: Connection, session: aiohttp.ClientSession, file_hosts: tuple[str, ...]) -> None:
        self._connection = connection
        self._session = session
        self._file_hosts = frozenset(file_hosts)

    async def fetch(self, attachment: Attachment, path: Path, limit: int) -> None:
        """As ``Adapter.fetch``."""
        if attachment.size is not None and attachment.size > limit:
            raise TooLarge(f"The file has {attachment.size} bytes.")
        try:
            await self._download(attachment, path, limit)
        except Gone:
            # A link can expire before it is followed. Whether the file is gone its message tells.
            await self._download(attachment, path, limit)

    async def _download(self, attachment: Attachment, path: Path, limit: int) -> None:
        link = self._checked(await self._fresh_link(attachment))
        with around("call fetch a file"), translated("fetch a file"):
            async with self._opened(link) as response:
                await _save(response, path, limit)

    async def _fresh_link(self, attachment: Attachment) -> str:
        channel_id, _, rest = attachment.reference.partition("/")
        message_id, _, attachment_id = rest.partition("/")
        payload = await self._connection.call(
            "find the file's message",
            "GET",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=channel_id,
            message_id=message_id,
        )
        message = events.message(payload)
        link = events.link(message, attachment_id) if message is not None else None
        if link is None:
            raise Gone("The file is no longer on its message.")
        return link

    def _checked(self, link: str) -> URL:
        try:
            url = URL(link)
        except ValueError as error:
            raise Unreachable("The file's address makes no sense.") from error
        listed = f"{url.host}:{url.port}" in self._file_hosts or (
            url.is_default_port() and url.host in self._file_hosts
        )
        if listed and url.scheme in ("http", "https"):
            return url
        if url.scheme == "https" and url.host in _HOSTS and url.is_default_port():
            return url
        raise Forbidden(f"The file lies on {url.host}, which is not one of Discord's hosts.", missing="file_hosts")

    @asynccontextmanager
    async def _opened(self, link: URL) -> AsyncIterator[aiohttp.ClientResponse]:
        async with self._session.get(link, allow_redirects=False, timeout=_TIMEOUT) as response:
            match response.status:
                case 200:
                    yield response
                case 403 | 404 | 410:
                    raise Gone(f"The file's host answered {response.status}.")
                case 429:
                    raise RateLimited("The file's host asks for patience.", retry_after=_PAUSE_S)
                case status:
                    raise Unreachable(f"The file's host answered {status}.")


async def _save(response: aiohttp.ClientResponse, path: Path, limit: int) -> None:
    too_large = TooLarge(f"The file has more than {limit} bytes.")
    if (response.content_length or 0) > limit:
        raise too_large
    with await asyncio.to_thread(path.open, "wb") as file:
        size = 0
        async for chunk in response.content.iter_chunked(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise too_large
            file.write(chunk)
