"""The door for platforms: the values that cross it, and the Protocol that an adapter fulfils.

Every value is frozen, comparable and free of credentials. Text is Markdown in both directions: an adapter turns the
platform's own markup into Markdown on the way in and renders Markdown for its platform on the way out.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

Mode = Literal["quick", "think", "deep"]

Reaction = Literal["✅", "❌", "❔", "⚠️"]
"""What we set under somebody's message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place on a platform where people post. ``workspace`` is the Slack team or the Discord guild."""

    platform: str
    workspace: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One conversation. ``root`` is the id of the message that it hangs from; where the platform has no threads (a
    Discord direct message), it is the channel's id. It is empty for what we say of our own accord in the channel."""

    channel: Channel
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a message. ``name`` is a stranger's text."""

    id: str
    name: str
    bot: bool = False
    standing: Literal["member", "guest", "stranger"] = "member"
    """A guest sees part of the workspace; a stranger belongs to another organization."""
    groups: tuple[str, ...] | None = ()
    """Ids of the roles that the platform tells of; None where it has them and does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that hangs on a message. ``reference`` is what the adapter that made it needs to fetch it; it stays valid
    over a restart and holds no credential, so an expiring link is not one."""

    id: str
    name: str
    media_type: str
    size: int | None
    """Bytes, where the platform says."""
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message that another one carries along: a forward, or what it replies to."""

    author: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    message: str = ""
    """Its id, where it stands in the same channel."""
    author_id: str = ""
    """Where the platform tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A channel that a message names, chosen from the platform's list: the text has ``#`` and this name."""

    name: str
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message that a person or a bot posted."""

    thread: Thread
    message: str
    """The platform's id, unique in its channel; the same however often and under whatever event it is delivered."""
    author: Author
    text: str
    """Markdown without the mention of us."""
    sent_at: datetime
    attachments: tuple[Attachment, ...] = ()
    quotes: tuple[Quote, ...] = ()
    channels: tuple[Mention, ...] = ()
    mentioned: bool = False
    direct: bool = False
    """In a direct message, where every message is meant for us."""
    reply: bool = False
    """In a thread that was there before this message."""
    to_others: bool = False
    """Opens by addressing somebody else, so it is not meant for us unless we are mentioned."""
    own: bool = False
    """Written by ourselves; only ``history`` yields such."""
    mode: Mode | None = None
    """Where the platform has a control for it (the console)."""
    link: str = ""
    """The message's address for people, where the platform has such."""
    replies: int = 0
    """How many hang from it in its thread, at least where ``history`` yields it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """``action`` comes back as ``Action.name``, ``value`` as ``Action.value``."""

    action: str
    label: str
    value: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Somebody pressed a button under one of our posts."""

    thread: Thread
    message: str
    """The id of our post."""
    author: Author
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to post, such as an answer too long for a message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What we say. An adapter escapes and splits everything in here and never lets a mention, a ping or an unfurled
    link out of it: text, file names and summaries are strangers' words."""

    text: str
    """Markdown of any length."""
    status: str = ""
    """What is going on while the answer is on its way; empty when it is final."""
    reasoning: str = ""
    """A summary of the model's thinking, shown folded or small."""
    notes: tuple[str, ...] = ()
    """Small print, one line each: what became of each file."""
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()
    only_for: str | None = None
    """An author's id: shown to that person alone, where the platform can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of ``threadsight doctor``: what was looked at, whether it is well, and what to do if it is not."""

    subject: str
    level: Literal["ok", "warning", "error"]
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A Slack team or a Discord guild."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Somebody changed the words of a message; ``incoming`` is as it reads now. An unfurled link is no edit."""

    incoming: Incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesDeleted:
    """Messages of a channel or its threads are gone, ours maybe among them."""

    channel: Channel
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDeleted:
    """A file is gone from every message that it hung on. ``attachment`` is ``Attachment.id``."""

    workspace: Workspace
    attachment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDeleted:
    """A place is gone with all that was in it, or is closed to us for good."""

    place: Thread | Channel | Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """From now on the platform's events reach us; what came right before may have been missed."""

    platform: str


Deleted = MessagesDeleted | FileDeleted | PlaceDeleted

Event = Incoming | Action | Edited | Deleted | Listening

Handler = Callable[[Event], Awaitable[None]]
"""Returns once the event is safely recorded (or was recorded before). If it raises, the event was not accepted and the
platform must be left to send it again."""


Turn = Callable[[int, int], AbstractAsyncContextManager[None]]
"""For one part, counted from 0, of so many in which a platform tells its events: of all processes that serve the
platform one at a time is within. TimeoutError in the block ends that."""


def anytime(part: int, parts: int) -> AbstractAsyncContextManager[None]:
    """The turn of somebody who is alone."""
    return nullcontext()


class Adapter(Protocol):
    """A chat platform. All methods raise AdapterError and nothing else of the platform's making."""

    @property
    def platform(self) -> str:
        """The name that ``Channel.platform`` carries."""

    @property
    def edit_interval(self) -> float:
        """Seconds to leave between edits of one post, so that the platform's rate limit holds."""

    async def run(self, handler: Handler, turn: Turn = anytime) -> None:
        """Connect and hand over events until cancelled; reconnects by itself. Forbidden if credentials are refused.
        Where a platform tells each connection everything, each part of that is listened to within its ``turn``."""

    async def post(self, thread: Thread, post: Post, *, key: str = "", answers: str = "", again: bool = False) -> str:
        """Post into the thread, making it where needed; the message's id. Parts beyond one message follow in further
        messages, the id is the first's. What the same ``key`` posted before is edited instead; ``again``: an earlier
        process may have posted it, so look in the thread. ``answers`` is the id of the message that this answers."""

    async def edit(self, thread: Thread, message: str, post: Post) -> None:
        """Replace what ``post`` posted; parts that no longer fit follow, once."""

    async def react(self, thread: Thread, message: str, reaction: Reaction) -> None:
        """Set it under somebody's message of the thread; once, however often. The console has none and does nothing."""

    def history(self, place: Channel | Thread, *, since: datetime | None = None) -> AsyncGenerator[Incoming, None]:
        """Messages of a channel (without its threads' replies) or of a thread (with its root), newest first, own posts
        among them, down to ``since``. Close it when you have enough."""

    async def fetch(self, attachment: Attachment, path: Path, *, limit: int) -> None:
        """Stream the file's bytes to ``path``, from the platform's own hosts only. TooLarge above ``limit`` bytes."""


@runtime_checkable
class Overseen(Adapter, Protocol):
    """An adapter that knows who sees which channel."""

    async def sees(self, person: Author, channel: Channel) -> bool:
        """Whether somebody may read what is said in a channel. Gone if we do not see it ourselves."""


@runtime_checkable
class Examined(Adapter, Protocol):
    """An adapter that an admin can ask how it is."""

    @property
    def obstacle(self) -> str:
        """What keeps events from coming in now, as a sentence, from what the platform last answered: pings, heartbeats.
        Empty if nothing does, however long nobody has said anything."""

    async def check(self) -> list[Finding]:
        """What ``doctor`` says about credentials, scopes and intents. Never raises."""
