"""The SDK's errors and Slack's error codes as ours. Codes: docs.slack.dev/reference/methods."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.errors import AdapterError, Forbidden, Gone, RateLimited, Revoked, Unreachable

_RETRY_AFTER_S = 30.0
"""Where Slack limits without saying for how long."""

_VALIDITY = "a valid token: install the app again and copy it anew"
_MEMBERSHIP = "membership in the channel: /invite the bot"

_REVOKED = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})

_FORBIDDEN = {
    **dict.fromkeys(("not_in_channel", "no_permission"), _MEMBERSHIP),
    "not_allowed_token_type": "the right kind of token",
    "access_denied": "access from this network",
    "messages_tab_disabled": "the Messages tab of the app",
    "edit_window_closed": "leave to edit messages",
    "file_uploads_except_images_disabled": "leave to upload files",
    "file_type_not_allowed": "leave to upload files of this type",
    "not_visible": "access to the file",
    "plan_upgrade_required": "a plan of Slack's with user groups",
}
_GONE = frozenset(
    {
        "message_not_found",
        "channel_not_found",
        "thread_not_found",
        "cannot_reply_to_message",
        "is_archived",
        "is_inactive",
        "file_not_found",
        "file_deleted",
        "user_not_found",
        "no_such_subteam",
    }
)
_LIMITED = frozenset({"ratelimited", "rate_limited"})
_PASSING = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "external_channel_migrating",
        "update_failed",
    }
)
_UNFIT = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_chunks",
        "msg_blocks_too_long",
        "msg_too_long",
        "block_mismatch",
        "no_text",
    }
)


_STREAM_OVER = frozenset({"message_not_in_streaming_state", "stopped_by_user", "streaming_mode_mismatch"})


_FOREIGN = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError)
"""What the SDK and the HTTP client raise; the SDK trips over JSON and plain text that it does not expect."""


class AlreadySo(AdapterError):
    """What was to be done is done."""


class Unfit(Forbidden):
    """Slack does not take a message's blocks or length; in another form it may."""


class StreamOver(Forbidden):
    """The message takes nothing more at its end; it may be edited."""


class StillStreaming(Forbidden):
    """The message can be edited once it does not grow any more."""


@contextmanager
def translating(doing: str) -> Iterator[None]:
    """Around a call of the SDK alone."""
    try:
        yield
    except _FOREIGN as error:
        raise translated(error, doing) from error


def translated(error: Exception, doing: str) -> AdapterError:
    """Our error for a foreign one. Its text has neither a token nor what people wrote."""
    if isinstance(error, SlackApiError):
        return _refused(error.response, doing)
    return Unreachable(f"{doing}: no usable answer from Slack ({type(error).__name__})")


def _refused(response: Any, doing: str) -> AdapterError:
    data = getattr(response, "data", None)
    answer: Mapping[str, Any] = data if isinstance(data, dict) else {}
    code = str(answer.get("error") or "")
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    if code in _LIMITED or getattr(response, "status_code", 200) == 429:
        return RateLimited(f"{doing}: Slack limits the rate", retry_after=retry_after(headers))
    if not code or code in _PASSING:
        return Unreachable(f"{doing}: no usable answer from Slack ({code or 'not JSON'})")
    if code in _GONE:
        return Gone(f"{doing}: {code}")
    if code == "already_reacted":
        return AlreadySo(f"{doing}: {code}")
    if code in _UNFIT:
        return Unfit(f"{doing}: {code}")
    if code in _STREAM_OVER:
        return StreamOver(f"{doing}: {code}")
    if code == "streaming_state_conflict":
        return StillStreaming(f"{doing}: {code}")
    if code in _REVOKED:
        return Revoked(f"{doing}: Slack refuses ({code})", missing=_VALIDITY)
    needed = f"the scope {answer.get('needed')}" if code == "missing_scope" else _FORBIDDEN.get(code, "")
    return Forbidden(f"{doing}: Slack refuses ({code})", missing=needed)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that a 429 asks to wait."""
    try:
        return float(headers.get("Retry-After", _RETRY_AFTER_S))
    except ValueError:
        return _RETRY_AFTER_S
