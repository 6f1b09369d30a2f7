"""What platforms make of the order of events: replies that come before the question which makes their thread ours, and
one message in several events."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from adapters.base import Channel, Incoming, Thread

MOST = 512
"""Threads that are remembered; the oldest is forgotten first, since a question overtaken by its replies is close."""


class EarlyReplies:
    """Holds replies in threads that are not ours, as long as they could still become ours."""

    def __init__(self) -> None:
        self._replies: OrderedDict[Thread, dict[str, Incoming]] = OrderedDict()

    def keep(self, reply: Incoming) -> None:
        self._replies.setdefault(reply.thread, {})[reply.message] = reply
        self._replies.move_to_end(reply.thread)
        if len(self._replies) > MOST:
            self._replies.popitem(last=False)

    @property
    def threads(self) -> list[Thread]:
        """Those that still could become ours."""
        return list(self._replies)

    def take(self, thread: Thread, asked_at: datetime) -> list[Incoming]:
        """The replies in a thread that has become ours that were sent after its question, in their order; they are held
        no longer."""
        replies = self._replies.pop(thread, {}).values()
        return sorted((one for one in replies if one.sent_at > asked_at), key=lambda one: one.sent_at)


class Edits:
    """How messages read by now that were edited before they were taken: a platform that sends a message again sends it
    as it was."""

    def __init__(self) -> None:
        self._latest: OrderedDict[tuple[Channel, str], Incoming] = OrderedDict()

    def keep(self, edited: Incoming) -> None:
        place = (edited.thread.channel, edited.message)
        self._latest[place] = edited
        self._latest.move_to_end(place)
        if len(self._latest) > MOST:
            self._latest.popitem(last=False)

    def applied(self, incoming: Incoming) -> Incoming:
        """The message as it reads by now."""
        edited = self._latest.get((incoming.thread.channel, incoming.message))
        if edited is None:
            return incoming
        return replace(incoming, text=edited.text, attachments=edited.attachments, channels=edited.channels)

    def drop(self, channel: Channel, messages: Iterable[str]) -> None:
        """These were deleted."""
        for message in messages:
            self._latest.pop((channel, message), None)

    def clear(self) -> None:
        """Later edits may have been missed."""
        self._latest.clear()


class Told:
    """The messages whose author was told something in private, which no row in the store keeps from being repeated."""

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[Channel, str], None] = OrderedDict()

    def add(self, incoming: Incoming) -> bool:
        """Whether the message is new here."""
        place = (incoming.thread.channel, incoming.message)
        if place in self._messages:
            return False
        self._messages[place] = None
        if len(self._messages) > MOST:
            self._messages.popitem(last=False)
        return True
