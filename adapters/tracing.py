"""The name under which all that is done about one message is logged, from its event to its answer."""

import structlog

from adapters.base import Action, Edited, Event, FileDeleted, Incoming, Listening, MessagesDeleted, PlaceDeleted
from adapters.failpoints import reach


def request_name(platform: str, message: str) -> str:
    """The same for each event that tells of the message, and after a restart. Two channels of a platform may in theory
    share one."""
    return f"{platform}-{message}"


def name_of(event: Event) -> str:
    """By the message that the event is about; for a button that is the post which has it."""
    match event:
        case Incoming() | Action():
            return request_name(event.thread.channel.platform, event.message)
        case Edited(incoming=incoming):
            return request_name(incoming.thread.channel.platform, incoming.message)
        case MessagesDeleted(channel=channel, messages=messages):
            return request_name(channel.platform, messages[0] if messages else channel.id)
        case FileDeleted(workspace=workspace, attachment=attachment):
            return request_name(workspace.platform, attachment)
        case PlaceDeleted():
            return "place-deleted"
        case Listening(platform=platform):
            return f"{platform}-listening"


def begin(request: str) -> None:
    """An event is here: until the next one, whatever this task and those that it begins log carries the name."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=request)
    reach("event")
