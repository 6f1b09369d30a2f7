"""Discord's refusals: error codes, lengths and rates. Pages are those of discord/discord-api-docs."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.server import Clock

# developers/topics/opcodes-and-status-codes#json
MESSAGES = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10014: (400, "Unknown Emoji"),
    10062: (404, "Unknown interaction"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30032: (400, "Maximum number of application commands reached"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "You lack permissions to perform that action"),
    50024: (400, "Cannot execute action on this channel type"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
}

LONGEST_CONTENT = 2_000  # developers/resources/message#create-message
LONGEST_NONCE = 25  # the same
MOST_EMBEDS = 10  # the same
MOST_FILES = 10  # the client's limit, kept by the API; not on the page
LARGEST_FILE = 10 * 1024 * 1024  # developers/reference#uploading-files: the default per file
LARGEST_REQUEST = 25 * 1024 * 1024  # the same: the whole request
MOST_ROWS, BUTTONS_IN_A_ROW = 5, 5  # developers/components/reference#action-row
LONGEST_CUSTOM_ID, LONGEST_LABEL = 100, 80  # developers/components/reference#button
LONGEST_THREAD_NAME = 100  # developers/resources/channel#start-thread-from-message
ARCHIVE_MINUTES = {60, 1440, 4320, 10080}  # the same
MOST_REACTIONS = 20  # the text of error 30010: different ones on a message
MOST_COMMANDS = 100 + 15 + 15  # developers/interactions/application-commands#registering-a-command: by type
NONCE_HOLDS_S = 180  # developers/resources/message#create-message: "the past few minutes"
OLD_MESSAGE_S = 3600  # the text of error 30046
OLD_EDITS, OLD_EDITS_PER_S = 3, 20.0  # not documented; what bots report
GLOBAL_PER_S = 50  # developers/topics/rate-limits#global-rate-limit


class Refused(Exception):
    """An answer that is an error. ``rest`` goes into its JSON."""

    def __init__(self, code: int, **rest: Any) -> None:
        self.status, text = MESSAGES[code]
        self.body: dict[str, Any] = {"message": text, "code": code} | rest
        super().__init__(text)

    def response(self) -> web.Response:
        after = self.body.get("retry_after")
        headers = {"Via": "1.1 google"} | ({"Retry-After": str(math.ceil(after))} if after is not None else {})
        return answer(self.body, self.status, headers)


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON under a type without a charset, as Discord sends it; discord.py reads nothing else as JSON."""
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")


def invalid(field_name: str, error: str) -> Refused:
    """developers/reference#error-messages"""
    return Refused(50035, errors={field_name: {"_errors": [{"code": error, "message": f"{field_name}: {error}"}]}})


def check_message(payload: dict[str, Any], files: list[bytes]) -> None:
    content = payload.get("content") or ""
    if len(content) > LONGEST_CONTENT:
        raise invalid("content", "BASE_TYPE_MAX_LENGTH")
    if len(str(payload.get("nonce") or "")) > LONGEST_NONCE:
        raise invalid("nonce", "BASE_TYPE_MAX_LENGTH")
    if len(payload.get("embeds") or []) > MOST_EMBEDS:
        raise invalid("embeds", "BASE_TYPE_MAX_LENGTH")
    if len(files) > MOST_FILES:
        raise invalid("attachments", "BASE_TYPE_MAX_LENGTH")
    if any(len(file) > LARGEST_FILE for file in files) or sum(map(len, files)) > LARGEST_REQUEST:
        raise Refused(40005)
    _check_components(payload.get("components") or [])
    if not content.strip() and not files and not payload.get("embeds"):
        raise Refused(50006)


def _check_components(rows: list[dict[str, Any]]) -> None:
    if len(rows) > MOST_ROWS:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH")
    ids = []
    for row in rows:
        buttons = row["components"]
        if row["type"] != 1 or not 1 <= len(buttons) <= BUTTONS_IN_A_ROW:
            raise invalid("components", "BASE_TYPE_BAD_LENGTH")
        for button in buttons:
            ids.append(button["custom_id"])
            if not 1 <= len(button["custom_id"]) <= LONGEST_CUSTOM_ID or not 1 <= len(button["label"]) <= LONGEST_LABEL:
                raise invalid("components", "BASE_TYPE_BAD_LENGTH")
    if len(set(ids)) < len(ids):
        raise invalid("components", "COMPONENT_CUSTOM_ID_DUPLICATED")


@dataclass
class Window:
    """So many calls until the window ends, as the rate limit headers tell of."""

    count: int
    per: float
    used: int = 0
    ends: float = 0.0

    def take(self, now: float) -> float:
        """0 if the call may pass, else the seconds until the window ends."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.per
        if self.used >= self.count:
            return self.ends - now
        self.used += 1
        return 0.0


@dataclass
class Rates:
    """developers/topics/rate-limits. Numbers per route are not documented and must be read from the headers; these
    are what bots see."""

    clock: Clock
    _all: Window = field(default_factory=lambda: Window(GLOBAL_PER_S, 1.0))
    _routes: dict[tuple[str, str], Window] = field(default_factory=dict)

    def take(self, method: str, route: str, major: str) -> dict[str, str]:
        """The headers of an answer that may be given. Raises Refused with 429 otherwise."""
        now = self.clock.now()
        wait = self._all.take(now)
        if wait:
            raise self._too_many(wait, everywhere=True)
        bucket = f"{method} {route}"
        window = self._routes.setdefault((bucket, major), Window(*_RATES.get(bucket, _OTHERS)))
        wait = window.take(now)
        if wait:
            raise self._too_many(wait, everywhere=False)
        left = self.clock.real(window.ends - now)
        return {
            "X-RateLimit-Limit": str(window.count),
            "X-RateLimit-Remaining": str(window.count - window.used),
            "X-RateLimit-Reset": f"{now + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": f"{hash(bucket) & 0xFFFFFFFF:08x}",
        }

    def _too_many(self, wait: float, *, everywhere: bool) -> Refused:
        return too_many(self.clock.real(wait), everywhere=everywhere)


_RATES = {
    "POST messages": (5, 5.0),
    "PATCH message": (5, 5.0),
    "DELETE message": (5, 1.0),
    "GET messages": (50, 1.0),
    "GET message": (50, 1.0),
    "POST threads": (50, 300.0),
    "PUT reaction": (1, 0.25),
    "GET member": (5, 1.0),
}
_OTHERS = (50, 1.0)


def too_many(seconds: float, *, everywhere: bool = False) -> Refused:
    """developers/topics/rate-limits#exceeding-a-rate-limit; ``seconds`` as the caller's clock counts them."""
    refused = Refused(10003)
    refused.status = 429
    refused.body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    return refused
