"""Everything that discord.py, aiohttp and Discord's JSON can throw at us, translated in one place.

Error codes are those of docs.discord.com/developers/topics/opcodes-and-status-codes#json.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp
import discord
from pydantic import ValidationError

from adapters.errors import AdapterError, Forbidden, Gone, RateLimited, Revoked, TooLarge, Unreachable

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
EDITS_OF_OLD_MESSAGES = 30046
THREAD_IS_ARCHIVED = 50083
THREAD_EXISTS = 160004

_LACKING = {
    50001: "View Channel",
    50007: "direct messages from this server's members",
    50013: "a permission in this channel",
    THREAD_IS_ARCHIVED: "Manage Threads",
    160002: "Read Message History",
    160005: "Manage Threads",
}
"""What an admin has to grant, by error code."""

_FOREIGN = (
    discord.DiscordException,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    ValidationError,
    RuntimeError,  # aiohttp, for a session that was closed meanwhile
    LookupError,  # discord.py stumbles over what has not the form that it expects, such as the page of a proxy
    TypeError,
    ValueError,
    AttributeError,
)

_TOO_LARGE = {40005, 50045}
_PAUSE_S = 30.0
"""Where Discord does not say how long to wait."""

REFUSED = "Discord refuses the token. Copy it anew from the developer portal, under Bot."
BLIND = (
    "Discord does not let the bot read messages. "
    "Switch on the Message Content Intent in the developer portal, under Bot."
)


@contextmanager
def translated(attempt: str) -> Iterator[None]:
    """Raise what goes wrong within as AdapterError. ``attempt`` completes "Could not …"."""
    try:
        yield
    except AdapterError:
        raise
    except _FOREIGN as error:
        raise translate(error, attempt) from error


def code(error: AdapterError) -> int:
    """Discord's own code for what happened; 0 where there is none."""
    return error.__cause__.code if isinstance(error.__cause__, discord.HTTPException) else 0


def translate(error: Exception, attempt: str) -> AdapterError:
    """The text names statuses and codes only: an address may hold a token, and a reply a stranger's words."""
    match error:
        case discord.LoginFailure():
            return Revoked(REFUSED, missing="token")
        case discord.PrivilegedIntentsRequired():
            return Forbidden(BLIND, missing="message_content")
        case discord.ConnectionClosed():
            return _closed(error.code)
        case discord.RateLimited():
            return RateLimited(f"Could not {attempt}: too many requests.", retry_after=error.retry_after)
        case discord.HTTPException():
            return _refused(error, attempt)
        case _:
            return Unreachable(f"Could not {attempt}: {type(error).__name__}.")


def _closed(close_code: int) -> AdapterError:
    """docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes"""
    if close_code == 4004:
        return Revoked(REFUSED, missing="token")
    if close_code in (4013, 4014):
        return Forbidden(BLIND, missing="message_content")
    return Unreachable(f"Discord closed the connection ({close_code}).")


def _refused(error: discord.HTTPException, attempt: str) -> AdapterError:
    text = f"Could not {attempt}: Discord answered {error.status}, code {error.code}."
    if error.status == 429 or error.code == EDITS_OF_OLD_MESSAGES:
        return RateLimited(text, retry_after=seconds_to_wait(error.response.headers))
    if error.status == 401:
        return Revoked(REFUSED, missing="token")
    if error.status == 403 or error.code in _LACKING:
        return Forbidden(text, missing=_LACKING.get(error.code, ""))
    if error.status == 404:
        return Gone(text)
    if error.status == 413 or error.code in _TOO_LARGE:
        return TooLarge(text)
    return Unreachable(text) if error.status >= 500 else AdapterError(text)


def seconds_to_wait(headers: Mapping[str, str]) -> float:
    """docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit"""
    given = headers.get("Retry-After", "")
    return float(given) if given.replace(".", "", 1).isdecimal() else _PAUSE_S
