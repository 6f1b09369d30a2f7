"""What people do in the fake Slack, and the events that tell of it."""

import uuid
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack_world import APP, BOT, BOT_USER, TEAM, Channel, Json, Refused, World, public

# docs.slack.dev/reference/objects/file-object, file_access; a stub is all that Slack Connect sends with an event
STUB = ("id", "mode", "file_access")


def envelope(event: Json, *, when: float) -> Json:
    """docs.slack.dev/apis/events-api: what is around every event."""
    return {
        "token": "x",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
        "event_time": int(when),
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }


def events_about(channel: Channel, message: Json, *, only: str = "", files_in_mention: bool = False) -> Iterator[Json]:
    """The events for a new message. A mention gives two with different ids, the second as a rule without the files
    (github.com/slackapi/bolt-python/issues/925). In direct messages there is no ``app_mention``."""
    when = float(message["ts"])
    event = public(message) | {"channel": channel.id, "event_ts": message["ts"], "channel_type": channel.kind}
    if "files" in message:
        event["files"] = [_as_sent(file) for file in message["files"]]
    if event.get("subtype") == "file_share":
        event.pop("team", None)  # github.com/slackapi/slack-api-specs/issues/62
    if only in ("", "message"):
        yield envelope(event, when=when)
    mentioned = f"<@{BOT_USER}>" in message.get("text", "") and message.get("user") != BOT_USER
    if mentioned and channel.kind != "im" and only in ("", "app_mention"):
        dropped = ("subtype", "channel_type", *(() if files_in_mention else ("files",)))
        twin = {key: value for key, value in event.items() if key not in dropped} | {"type": "app_mention"}
        yield envelope(twin, when=when)


def changed_event(channel: Channel, message: Json, before: Json | None = None, *, ts: str = "") -> Json:
    """docs.slack.dev/reference/events/message/message_changed; ``before`` comes along though that page leaves it out
    (docs.slack.dev/tools/node-slack-sdk/reference/types/interfaces/MessageChangedEvent)."""
    event = _alteration(channel, "message_changed", ts or message["edited"]["ts"]) | {"message": public(message)}
    if before is not None:
        event["previous_message"] = public(before)
    return envelope(event, when=float(event["ts"]))


def deleted_event(channel: Channel, message: Json, ts: str) -> Json:
    """docs.slack.dev/reference/events/message/message_deleted, and what was there before as for a change."""
    event = _alteration(channel, "message_deleted", ts)
    return envelope(event | {"deleted_ts": message["ts"], "previous_message": public(message)}, when=float(ts))


def _alteration(channel: Channel, subtype: str, ts: str) -> Json:
    common = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id}
    return common | {"channel_type": channel.kind, "ts": ts, "event_ts": ts}


async def delete(world: World, channel: Channel, timestamp: str) -> Json:
    """Delete a message, stored; the event that tells of it. From one with replies a tombstone is left, and that is told
    as a change (github.com/42wim/matterbridge/issues/600)."""
    message = channel.messages.pop(timestamp)
    replies = [one for one in world.thread(channel, timestamp) if one["ts"] != timestamp]
    if not replies:
        event = deleted_event(channel, message, world.timestamp())
    else:
        kept = {key: message[key] for key in ("type", "ts", "thread_ts", "reply_count") if key in message}
        words = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}
        tombstone: Json = kept | words
        rest, channel.messages = channel.messages, {timestamp: tombstone}
        channel.messages |= rest
        event = changed_event(channel, tombstone, message, ts=world.timestamp())
    await world.changed()
    return event


async def reword(world: World, channel: Channel, message: Json, **words: Any) -> Json:
    """Edit a message, stored; the event that tells of it. Without ``text`` it is Slack who adds something, such as what
    a link shows, and nobody has edited it."""
    before = dict(message)
    message |= words
    if "text" in words:
        message["edited"] = {"user": message["user"], "ts": world.timestamp()}
    world.remember(message)
    await world.changed()
    return changed_event(channel, message, before, ts=world.timestamp())


def _as_sent(file: Json) -> Json:
    return {key: file[key] for key in STUB} if file["file_access"] == "check_file_info" else dict(file)


async def say(world: World, channel: Channel, user: str, text: str, **more: Any) -> Json:
    """A person's message, stored; ``files`` are ids."""
    files = [world.files[identity].json for identity in more.pop("files", [])]
    rich = {"type": "rich_text", "elements": []}
    message: Json = {"user": user, "text": text, "client_msg_id": str(uuid.uuid4()), "blocks": [rich]}
    if files:
        message |= {"subtype": "file_share", "files": files, "upload": False}
    return await world.put(channel, message | {key: value for key, value in more.items() if value})


def press(channel: Channel, message: Json, user: Json, action: str) -> Json:
    """The payload of a button pressed (docs.slack.dev/reference/interaction-payloads/block_actions-payload); ``action``
    is the beginning of its id, or its label."""
    for block in message.get("blocks", []):
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["action_id"].startswith(action) or element["text"]["text"] == action:
                return _payload(channel, message, user, element)
    raise Refused("no_such_button")


def _payload(channel: Channel, message: Json, user: Json, element: Json) -> Json:
    thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
    pressed = {"type": "button", "action_id": element["action_id"], "action_ts": message["ts"]}
    return {
        "type": "block_actions",
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": TEAM},
        "api_app_id": APP,
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel.id} | thread,
        "team": {"id": TEAM, "domain": "fake"},
        "channel": {"id": channel.id, "name": "fake"},
        "message": public(message) | {"bot_id": BOT},
        "actions": [pressed | ({"value": element["value"]} if "value" in element else {})],
    }
