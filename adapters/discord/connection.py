"""The one place that touches discord.py: its gateway and rate limits, with our addresses and raw JSON in and out."""

import asyncio
import io
import json
import logging
import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route
from yarl import URL

from adapters import standing
from adapters.base import File, Turn, anytime
from adapters.discord.errors import seconds_to_wait, translated
from adapters.discord.settings import DiscordSettings
from adapters.errors import Forbidden, Gone, Unreachable
from adapters.failpoints import around

Listener = Callable[[str, Any], None]
"""Gets the name and the data of each event that tells of a message, an interaction, or a place that is gone."""

_HEARD = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "INTERACTION_CREATE")
_OVERHEARD = ("READY", "THREAD_DELETE", "CHANNEL_DELETE", "GUILD_DELETE")
"""What the library wants to hear too, for what it knows of places."""
_CALLS_PER_SECOND, _BURST = 40.0, 10
"""Below the 50 a bot may make (docs.discord.com/developers/topics/rate-limits#global-rate-limit). discord.py learns
of that limit only by exceeding it, with all that is under way at once, and too many refusals lead to a ban."""
_UNHEARD_S = 0.5
_SILENCE_S = 30.0
"""After which a call that gets no answer has failed. Waiting for a limit does not count."""
_LONGEST_PAUSE_S = 30.0
"""Up to this long discord.py waits when it is refused, above it we raise. Its own ``max_ratelimit_timeout`` would also
refuse calls that may pass, wherever a limit counts over a longer time than this."""


class _Pace:
    """Lets calls through one after the other, each a little after the one before, once a burst is spent."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._apart = 1 / per_second
        self._lead = burst / per_second
        self._next = 0.0

    async def wait(self) -> None:
        now = time.monotonic()
        self._next = max(self._next, now - self._lead) + self._apart
        await asyncio.sleep(self._next - now)


class _Http(HTTPClient):
    """discord.py keeps Discord's addresses in class attributes; this changes them for one client alone."""

    def __init__(self, settings: DiscordSettings, silence_s: float, **options: Any) -> None:
        super().__init__(**options)
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=silence_s, sock_read=silence_s)
        self._api_url = settings.api_url or Route.BASE
        self._gateway_url = URL(settings.gateway_url) if settings.gateway_url else None
        self._pace = _Pace(_CALLS_PER_SECOND, _BURST)

    async def request(self, route: Route, **options: Any) -> Any:
        await self._pace.wait()
        route.url = self._api_url + route.url.removeprefix(Route.BASE)
        return await super().request(route, timeout=self._timeout, **options)

    async def ws_connect(self, url: str, *, compress: int = 0) -> Any:
        address = self._gateway_url.with_query(URL(url).query) if self._gateway_url else url
        return await super().ws_connect(str(address), compress=compress)


class Connection(discord.AutoShardedClient):
    """discord.py reconnects, resumes, shards and keeps rate limits; its objects stay in here."""

    def __init__(
        self,
        settings: DiscordSettings,
        listener: Listener = lambda name, payload: None,
        *,
        silence_s: float = _SILENCE_S,
    ) -> None:
        self._settings = settings
        self._silence_s = silence_s
        self._listener = listener
        _quieten()
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)
        super().__init__(intents=intents, max_messages=None)
        self._ours: set[int] = set()
        """The shards whose turn it is."""
        self._launching = asyncio.Lock()

    async def log_in(self) -> None:
        token = self._settings.token
        if token is None:
            raise Forbidden("There is no token for Discord. Set discord.token.", missing="token")
        with translated("log in"):
            await self.login(token.get_secret_value())

    async def serve(self, turn: Turn = anytime) -> None:
        """Hear each of the shards that Discord recommends, within its turn, until cancelled or until Discord wants no
        more of us. Raises AdapterError."""
        with translated("stay connected"):
            await self._connect(turn)

    async def _connect(self, turn: Turn) -> None:
        """In tasks of their own: while it reconnects the library swallows a cancellation and goes on, so that one is
        repeated until it is heard."""
        self.shard_count, address, _ = await self.http.get_bot_gateway()
        self._connection.shard_count, self._connection.shard_ids = self.shard_count, range(self.shard_count)
        tasks = [asyncio.create_task(self.connect(), name="stay connected to discord")]
        for shard in range(self.shard_count):
            hearing = self._hear(shard, URL(address), turn)
            tasks.append(asyncio.create_task(hearing, name=f"hear discord shard {shard}"))
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            while going := [task for task in tasks if not task.done()]:
                for task in going:
                    task.cancel()
                await asyncio.wait(going, timeout=_UNHEARD_S)
        for task in ended:
            task.result()

    async def launch_shards(self) -> None:
        """Not all of them at the start, as the library would: each within its turn."""

    async def _hear(self, shard: int, address: URL, turn: Turn) -> None:
        assert self.shard_count is not None
        while True:
            with suppress(TimeoutError):
                async with turn(shard, self.shard_count):
                    self._ours.add(shard)
                    try:
                        async with self._launching:
                            await self.launch_shard(address, shard, initial=not self.shards)
                        await asyncio.Event().wait()
                    finally:
                        self._ours.discard(shard)
                        await self._leave(shard)

    async def _leave(self, shard: int) -> None:
        """The library has no word for it."""
        left = vars(self)["_AutoShardedClient__shards"].pop(shard, None)
        if left is not None:
            await left.close()

    def _get_state(self, **options: Any) -> Any:
        """Called while the client is being built: the moment when ``self.http`` is set and not yet shared. The events
        that we read ourselves are kept from the library's parsers, which stumble over JSON that is new to them."""
        plain = self.http
        kept = {"loop": plain.loop, "unsync_clock": not plain.use_clock}
        self.http = _Http(self._settings, self._silence_s, http_trace=_trace(), **kept)
        state = super()._get_state(**options)
        state.parsers |= {name: partial(self._listener, name) for name in _HEARD}
        state.parsers |= {name: partial(self._overhear, name, state.parsers[name]) for name in _OVERHEARD}
        return state

    def _overhear(self, name: str, parse: Callable[[Any], None], payload: Any) -> None:
        self._listener(name, payload)
        parse(payload)

    @property
    def silence(self) -> float:
        """How long the gateway has acknowledged no heartbeat, in intervals between two; infinite while a shard of ours
        is not connected. The library tells of latencies only, which stay as they are when nothing comes."""
        if not self._connection.shard_ids:
            return math.inf
        shards = [self.get_shard(shard) for shard in self._ours]
        return max((_silence(one._parent.ws if one else None) for one in shards), default=0.0)

    @property
    def api_url(self) -> str:
        return self._settings.api_url or Route.BASE

    @property
    def me(self) -> str:
        """Our user id, once logged in."""
        assert self.user is not None
        return str(self.user.id)

    def own_roles(self, guild_id: str | None) -> frozenset[str]:
        """The role that Discord made for us in the guild."""
        guild = self.get_guild(int(guild_id)) if guild_id else None
        return frozenset({str(guild.self_role.id)}) if guild and guild.self_role else frozenset()

    def name_of(self, guild_id: str | None, id_: str) -> str | None:
        """A role's or a channel's name."""
        guild = self.get_guild(int(guild_id)) if guild_id else None
        found = guild and (guild.get_role(int(id_)) or guild.get_channel_or_thread(int(id_)))
        return found.name if found else None

    def known_channel(self, guild_id: str, channel_id: str) -> dict[str, Any] | None:
        """The JSON of a channel or an active thread that Discord has told us of; None if it has to be asked."""
        guild = self.get_guild(int(guild_id))
        channel = guild.get_channel_or_thread(int(channel_id)) if guild else None
        if channel is None:
            return None
        parent = str(channel.parent_id) if isinstance(channel, discord.Thread) else None
        return {"id": str(channel.id), "type": channel.type.value, "parent_id": parent, "guild_id": guild_id}

    async def sees(self, guild_id: str, channel_id: str, person_id: str) -> bool:
        """Whether somebody may read a channel, by its roles and exceptions. Gone where we do not see it."""
        guild = self.get_guild(int(guild_id))
        channel = guild.get_channel(int(channel_id)) if guild else None
        if guild is None or channel is None:
            raise Gone("the channel is not to be seen")
        with around("call look up a member"), translated("look up a member"):
            person = await guild.fetch_member(int(person_id))
        may = channel.permissions_for(person)
        return may.view_channel and may.read_message_history

    async def call(self, attempt: str, method: str, path: str, *, files: Sequence[File] = (), **options: Any) -> Any:
        """The JSON that the REST API answers. ``attempt`` completes "Could not …"; ``json`` and ``params`` are as in
        aiohttp, other options fill ``path``. Raises AdapterError."""
        passed: dict[str, Any] = {name: options.pop(name) for name in ("json", "params") if name in options}
        route = Route(method, path, **options)
        with around(f"call {attempt}"), translated(attempt):
            if files:
                parts = [discord.File(io.BytesIO(file.content), file.name) for file in files]
                passed = {"files": parts, "form": _form(passed["json"], parts)}
            answer = await self.http.request(route, **passed)
        if isinstance(answer, str) and answer:
            # Of a proxy in between: Discord has not heard of it, and has not said that there is nothing.
            raise Unreachable(f"Could not {attempt}: what came is not Discord's.")
        return answer


def _silence(socket: Any) -> float:
    alive = socket._keep_alive if socket is not None and socket.open else None
    if alive is None or not alive.interval:
        return math.inf
    return float((time.perf_counter() - alive._last_ack) / alive.interval)


def _trace() -> aiohttp.TraceConfig:
    """What happens at both ends of a request, after the library has waited for its limits."""

    async def ask(session: Any, context: Any, started: aiohttp.TraceRequestStartParams) -> None:
        await standing.sure()

    async def look(session: Any, context: Any, ended: aiohttp.TraceRequestEndParams) -> None:
        retry_after = seconds_to_wait(ended.response.headers)
        if ended.response.status == 429 and retry_after > _LONGEST_PAUSE_S:
            ended.response.release()
            raise discord.RateLimited(retry_after)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(ask)
    trace.on_request_end.append(look)
    return trace


def _form(payload: Any, parts: Sequence[discord.File]) -> list[dict[str, Any]]:
    """docs.discord.com/developers/reference#uploading-files"""
    files = [
        {
            "name": f"files[{number}]",
            "value": part.fp,
            "filename": part.filename,
            "content_type": "application/octet-stream",
        }
        for number, part in enumerate(parts)
    ]
    return [{"name": "payload_json", "value": json.dumps(payload)}, *files]


def _quieten() -> None:
    """Below INFO the library logs whole payloads, with the tokens of interactions in them; and we never speak."""
    logger = logging.getLogger("discord")
    if logger.getEffectiveLevel() < logging.INFO:
        logger.setLevel(logging.INFO)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
