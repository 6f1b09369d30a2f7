"""What Slack refuses: rates and sizes, each with the page it comes from."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.server import Bucket, Clock
from tests.fakes.slack_world import Json, Refused

# docs.slack.dev/apis/web-api/rate-limits: calls a minute by tier, for each method and workspace. An internal app keeps
# Tier 3 for conversations.history and .replies, which other new apps outside the Marketplace do not.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
METHODS = {
    # The tier stands on each method's page, docs.slack.dev/reference/methods/METHOD.
    "chat.update": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.startStream": 2,
    "chat.appendStream": 4,
    "chat.stopStream": 2,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.info": 3,
    "conversations.members": 4,
    "files.info": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "users.info": 4,
    "usergroups.users.list": 2,
    "reactions.add": 3,
    "apps.connections.open": 1,
}
# The same page: chat.postMessage may post one message a second to a channel, and several hundred a minute in all.
POSTS_PER_SECOND, POSTS_PER_MINUTE = 1, 300

# docs.slack.dev/changelog/2018-truncating-really-long-messages; docs.slack.dev/reference/methods/chat.update, errors.
POSTED_TEXT, UPDATED_TEXT = 40_000, 4_000
# docs.slack.dev/reference/block-kit/blocks and the pages of each block.
BLOCKS, MARKDOWN, SECTION, HEADER, CONTEXT_ELEMENTS, ACTIONS = 50, 12_000, 3_000, 150, 10, 25
# docs.slack.dev/reference/block-kit/block-elements/button-element
LABEL, VALUE, ACTION_ID = 75, 2_000, 255
# docs.slack.dev/reference/methods/reactions.add has too_many_reactions, for each person, without the number
REACTIONS = 23
# github.com/slackapi/bolt-js/issues/2509: all blocks together
ALL_BLOCKS = 13_172
# docs.slack.dev/messaging/formatting-message-text: what makes a message loud, wherever Slack reads markup
LOUD = re.compile(r"<(?:[!@#][^<>]+|[a-z]+:[^<>|]+\|[^<>]+)>")


class Rates:
    """The rate limits, on platform time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def wait(self, method: str, channel: str) -> float:
        """Seconds of platform time until the call may pass; 0 if it may now."""
        if method == "chat.postMessage":
            return self._take(f"{method} {channel}", POSTS_PER_SECOND, 1) or self._take(method, POSTS_PER_MINUTE, 60)
        tier = METHODS.get(method)
        if tier == 1:
            return 0.0  # "1+ per minute": in practice reconnecting bots are let in more often
        return self._take(method, TIERS[tier], 60) if tier else 0.0

    def _take(self, name: str, count: int, per: float) -> float:
        bucket = self._buckets.setdefault(name, Bucket(self._clock, count, per))
        return bucket.take()


def check_message(message: Json, *, update: bool) -> None:
    """Refuse what Slack would; cut what it cuts."""
    text, blocks = message.get("text") or "", message.get("blocks") or []
    if not text and not blocks:
        raise Refused("no_text")
    if update and len(text) > UPDATED_TEXT:
        raise Refused("msg_too_long")
    message["text"] = text[:POSTED_TEXT]
    if not isinstance(blocks, list) or len(blocks) > BLOCKS:
        raise Refused("invalid_blocks_format")
    for block in blocks:
        _require(isinstance(block, dict) and block.get("type") in _CHECKS, "unsupported type")
        _CHECKS[block["type"]](block)
    _require(sum(len(one["text"]) for one in blocks if one["type"] == "markdown") <= MARKDOWN, "markdown too long")
    identities = [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]
    _require(len(identities) == len(set(identities)), "action_id is not unique")
    if len(json.dumps(blocks, ensure_ascii=False)) > ALL_BLOCKS:
        raise Refused("msg_blocks_too_long")
    check_metadata(message.get("metadata"))


def check_metadata(metadata: Any) -> None:
    """docs.slack.dev/messaging/message-metadata"""
    if metadata in (None, {}):
        return
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    if not re.fullmatch(r"\w+", str(metadata.get("event_type", ""))):
        raise Refused("invalid_metadata_schema")


def loud(message: Json) -> list[str]:
    """The tokens in a message that Slack would act on: pings, and links with a label. With blocks the text is still
    read, for notifications."""
    texts = [message.get("text") or "", *_read_as_markup(message.get("blocks") or [])]
    return [token for text in texts for token in LOUD.findall(text)]


def _read_as_markup(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "markdown":
            # Slack reads its tokens there too (github.com/PostHog/posthog/pull/95054, measured).
            yield block["text"]
        for element in block.get("elements", []):
            if element.get("type") == "mrkdwn":
                yield element["text"]


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise Refused("invalid_blocks", response_metadata={"messages": [f"[ERROR] {reason}"]})


def _text(element: Any, limit: int) -> None:
    _require(isinstance(element, dict) and element.get("type") in ("mrkdwn", "plain_text"), "no text object")
    _require(0 < len(element.get("text", "")) <= limit, f"must be 1 to {limit} characters")


def _markdown(block: Json) -> None:
    _require(0 < len(block.get("text", "")) <= MARKDOWN, "markdown text")


def _section(block: Json) -> None:
    _text(block.get("text"), SECTION)


def _header(block: Json) -> None:
    _text(block.get("text"), HEADER)


def _context(block: Json) -> None:
    elements = block.get("elements", [])
    _require(0 < len(elements) <= CONTEXT_ELEMENTS, "context elements")
    for element in elements:
        _text(element, SECTION)


def _actions(block: Json) -> None:
    elements = block.get("elements", [])
    _require(0 < len(elements) <= ACTIONS, "actions elements")
    for element in elements:
        _require(element.get("type") == "button", "only buttons here")
        _text(element.get("text"), LABEL)
        _require(element["text"]["type"] == "plain_text", "a button's text is plain")
        _require(0 < len(element.get("action_id", "")) <= ACTION_ID, "action_id")
        _require("value" not in element or 0 < len(element["value"]) <= VALUE, "value")
        _require(element.get("style") in (None, "primary", "danger"), "style")


_CHECKS = {
    "markdown": _markdown,
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": lambda block: None,
    "rich_text": lambda block: None,
}
