"""Fetching files from Slack's own hosts, with the token, onto the disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp

from adapters.base import Attachment
from adapters.errors import Forbidden, Gone, RateLimited, TooLarge, Unreachable
from adapters.failpoints import around
from adapters.slack.addresses import may_have_token
from adapters.slack.api import Api
from adapters.slack.errors import retry_after, translated
from adapters.slack.loose import first, mapping, string
from adapters.slack.settings import SlackSettings

_CHUNK = 64 * 1024
_MOST_REDIRECTS = 5
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_read=30)
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, ValueError)
_REFUSED = {401: "a valid token", 403: "the scope files:read"}


class Downloads:
    """Files by what ``events`` put into their reference: an id, an address, or both."""

    def __init__(self, api: Api, settings: SlackSettings) -> None:
        self._api = api
        self._hosts = settings.file_hosts

    async def fetch(self, attachment: Attachment, path: Path, limit: int) -> None:
        """Stream the file to ``path``. TooLarge, Gone, Forbidden with the scope that is missing."""
        if attachment.size is not None and attachment.size > limit:
            raise TooLarge(f"{attachment.size} bytes are more than {limit}")
        identity, _, address = attachment.reference.partition(" ")
        if identity.startswith("http"):
            identity, address = "", attachment.reference
        if address:
            try:
                await self._download(address, attachment.media_type, path, limit)
            except (Gone, Forbidden):
                # An address may be out of date; the file's id tells whether that is all.
                if not identity:
                    raise
            else:
                return
        await self._download(*await self._look_up(identity), path, limit)

    async def _look_up(self, identity: str) -> tuple[str, str]:
        """Where a file's bytes are, if Slack has them and lets us, and its media type."""
        file = mapping((await self._api.read("files.info", file=identity)).get("file"))
        mode, access = string(file.get("mode")), string(file.get("file_access"))
        if mode == "tombstone":
            raise Gone("the file was deleted")
        if mode == "hidden_by_limit":
            raise Forbidden("Slack hides the file", missing="a Slack plan that keeps old files")
        if mode == "external" or file.get("is_external"):
            raise Forbidden("the file lies elsewhere", missing="an upload of the file to Slack itself")
        address = first(file, "url_private_download", "url_private")
        if access not in ("", "visible") or not address:
            raise Forbidden(
                f"Slack does not hand the file out ({access or 'no address'})", missing="access to the file"
            )
        return address, string(file.get("mimetype"))

    async def _download(self, address: str, media_type: str, path: Path, limit: int) -> None:
        try:
            with around("call download"):
                await self._stream(address, media_type, path, limit)
        except _NO_ANSWER as error:
            raise translated(error, "download") from error

    async def _stream(self, address: str, media_type: str, path: Path, limit: int) -> None:
        async with self._response(address) as response:
            if response.content_type == "text/html" and media_type != "text/html":
                raise Forbidden("Slack sent its sign-in page for the file", missing="the scope files:read")
            if response.content_length is not None and response.content_length > limit:
                raise TooLarge(f"{response.content_length} bytes are more than {limit}")
            await _save(response.content, path, limit)

    @asynccontextmanager
    async def _response(self, address: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer at the end of the redirects, none of which may lead elsewhere."""
        async with self._api.http() as session:
            for _ in range(_MOST_REDIRECTS):
                if not may_have_token(address, self._hosts):
                    raise Forbidden("the file is not on Slack's hosts", missing="the host in slack.file_hosts")
                async with session.get(address, allow_redirects=False, timeout=_TIMEOUT, **self._access()) as response:
                    if response.status in (301, 302, 303, 307, 308):
                        address = urljoin(address, response.headers.get("Location", ""))
                        continue
                    _check(response)
                    yield response
                    return
        raise Unreachable("the file's address leads in circles")

    def _access(self) -> dict[str, Any]:
        return {"headers": {"Authorization": f"Bearer {self._api.token}"}, "proxy": self._api.web.proxy}


def _check(response: aiohttp.ClientResponse) -> None:
    if response.status in _REFUSED:
        raise Forbidden(f"download: status {response.status}", missing=_REFUSED[response.status])
    if response.status in (404, 410):
        raise Gone(f"download: status {response.status}")
    if response.status == 429:
        raise RateLimited("download: Slack limits the rate", retry_after=retry_after(response.headers))
    if response.status != 200:
        raise Unreachable(f"download: status {response.status}")


async def _save(content: aiohttp.StreamReader, path: Path, limit: int) -> None:
    size = 0
    file = await asyncio.to_thread(path.open, "wb")
    try:
        async for chunk in content.iter_chunked(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"more than {limit} bytes")
            await asyncio.to_thread(file.write, chunk)
    finally:
        await asyncio.to_thread(file.close)
