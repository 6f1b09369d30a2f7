"""Slack's Web API with our errors, over one pool of connections while it is open."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from adapters import standing
from adapters.base import File
from adapters.errors import RateLimited, Revoked
from adapters.failpoints import around
from adapters.recent import Recent
from adapters.slack.errors import translating
from adapters.slack.events import Me
from adapters.slack.loose import mapping, string
from adapters.slack.settings import SlackSettings

_TIMEOUT_S = 30
_MOST_LIMITS = 1_000
_SECRETS = re.compile(r"\b(?:xox[a-z]|xapp)-[\w-]+|(?<=ticket=)[^\s&'\"]+")


class _WithoutSecrets(logging.Filter):
    """The SDK logs errors whose text has the socket's address, which lets anybody in who reads it in time."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRETS.sub("…", record.getMessage()), ()
        record.exc_info = record.exc_text = None
        return True


logger = logging.getLogger("slack_sdk.threadsight")
"""For the SDK, which is to log here alone."""
logger.setLevel(logging.WARNING)  # below this it logs payloads, which hold what people wrote
logger.addFilter(_WithoutSecrets())


class Api:
    """Calls by method name. Reading waits out limits and hiccups by itself; writing leaves that to the caller, who
    knows whether it is still worth it and that nothing is said twice."""

    def __init__(self, settings: SlackSettings) -> None:
        self._settings = settings
        self._me: Me | None = None
        self._limited_until: Recent[tuple[str, str], float] = Recent(_MOST_LIMITS)
        self._patient = self._client(
            AsyncConnectionErrorRetryHandler(),
            AsyncServerErrorRetryHandler(max_retry_count=2),
            AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        )
        self.web = self._client()
        """The bare client, for Bolt."""
        self.revoked = asyncio.Event()
        """Set by a call that refuses our token, until Slack says who we are again."""

    def _client(self, *handlers: AsyncRetryHandler) -> AsyncWebClient:
        return AsyncWebClient(
            token=self.token,
            base_url=self._settings.api_url,
            timeout=_TIMEOUT_S,
            logger=logger,
            retry_handlers=list(handlers),
        )

    @contextmanager
    def _asking(self, doing: str) -> Iterator[None]:
        try:
            with translating(doing):
                yield
        except Revoked:
            self.revoked.set()
            raise

    @property
    def token(self) -> str:
        token = self._settings.bot_token
        return token.get_secret_value() if token else ""

    @asynccontextmanager
    async def pool(self) -> AsyncIterator[None]:
        """Share connections between calls until the block ends; without, each call has its own."""
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            self._patient.session = self.web.session = session
            try:
                yield
            finally:
                self._patient.session = self.web.session = None

    @asynccontextmanager
    async def http(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A session for anything but calls."""
        if self.web.session is not None:
            yield self.web.session
            return
        async with aiohttp.ClientSession() as session:
            yield session

    async def read(self, method: str, *, patient: bool = True, **arguments: Any) -> Mapping[str, Any]:
        """Ask for something."""
        client = self._patient if patient else self.web
        with around(f"call {method}"), self._asking(method):
            response = await client.api_call(method, http_verb="GET", params=arguments)
        return mapping(response.data)

    async def write(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Say or change something. After Unreachable it may have happened or not. After RateLimited the same is not
        even tried before its time: many answers at once would only ask again and again."""
        limit = (method, string(arguments.get("channel")) if method == "chat.postMessage" else "")
        wait = self._limited_until.get(limit, 0.0) - time.monotonic()
        if wait > 0:
            raise RateLimited(f"{method}: Slack limits the rate", retry_after=wait)
        try:
            with around(f"call {method}"), self._asking(method):
                await standing.sure()
                response = await self.web.api_call(method, json=arguments)
        except RateLimited as error:
            self._limited_until[limit] = time.monotonic() + error.retry_after
            raise
        return mapping(response.data)

    async def upload(self, channel: str, root: str, file: File) -> None:
        """Post a file into a thread."""
        with around("call files.upload"), self._asking("files.upload"):
            await standing.sure()
            await self.web.files_upload_v2(
                content=file.content, filename=file.name, title=file.name, channel=channel, thread_ts=root
            )

    async def me(self) -> Me:
        """Who we are, asked once, and again once our token was refused."""
        if self._me is None or self.revoked.is_set():
            self._me, _ = await self.identity()
        return self._me

    async def identity(self) -> tuple[Me, frozenset[str]]:
        """Who we are, and the scopes that the token was given."""
        with self._asking("auth.test"):
            response = await self._patient.auth_test()
        self.revoked.clear()
        data = mapping(response.data)
        scopes = response.headers.get("x-oauth-scopes") or ""
        me = Me(
            user=string(data.get("user_id")),
            bot=string(data.get("bot_id")),
            workspace=string(data.get("team_id")),
            enterprise=string(data.get("enterprise_id")),
            address=string(data.get("url")),
        )
        return me, frozenset(filter(None, (scope.strip() for scope in scopes.split(","))))

    async def socket_address(self) -> str:
        """A fresh address for Socket Mode. It is a credential."""
        token = self._settings.app_token
        with translating("apps.connections.open"):
            response = await self.web.apps_connections_open(app_token=token.get_secret_value() if token else "")
        return string(response.get("url"))
