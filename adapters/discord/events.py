"""Discord's JSON to the door's values. Pure: what is not in the JSON comes in as ``Place``, ``Me`` and ``Names``."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from adapters import base
from adapters.base import Action, Author, Incoming, PlaceDeleted, Quote, Thread, Workspace
from adapters.discord.payloads import Attachment, Channel, Content, Embed, Interaction, Member, Message, Removal

PLATFORM = "discord"
DIRECT = "@me"
"""The workspace of direct messages, as in Discord's own addresses."""

Names = Callable[[str], str | None]
"""The name of a role or a channel by its id, where it is known."""

_THREADS = {10, 11, 12}  # docs.discord.com/developers/resources/channel#channel-object-channel-types
FORUMS = {15, 16}
"""Channels that hold threads and no messages."""
_WRITTEN = {0, 19, 20, 23}  # …/resources/message#message-object-message-types: default, reply, two kinds of commands
_FORWARD = 1  # …/resources/message#message-reference-types
_TOKEN = re.compile(
    r"<(?:@!?(?P<user>\d{1,20})|@&(?P<role>\d{1,20})|#(?P<channel>\d{1,20})|a?:(?P<emoji>\w+):\d+"
    r"|t:(?P<time>-?\d{1,12})(?::[a-zA-Z])?|/(?P<command>[^:>]+):\d+)>"
)  # …/reference#message-formatting
_OPENS_WITH_MENTION = re.compile(r"\s*<@[!&]?(\d{1,20})>")
_SMALL_PRINT = re.compile(r"^-# .*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands. ``root`` is the id of the thread, or of the direct message channel, that it is in."""

    channel: base.Channel
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """Us: our user id, and the roles that Discord made for us, which people mention by mistake."""

    id: str
    roles: frozenset[str] = frozenset()


def place(channel: Channel, guild_id: str | None) -> Place:
    """A thread hangs in its parent channel; without a guild it is a direct message."""
    if guild_id is None:
        return Place(base.Channel(platform=PLATFORM, workspace=DIRECT, id=channel.id), channel.id)
    if channel.type in _THREADS and channel.parent_id:
        return Place(base.Channel(platform=PLATFORM, workspace=guild_id, id=channel.parent_id), channel.id)
    return Place(base.Channel(platform=PLATFORM, workspace=guild_id, id=channel.id))


def message(payload: Any) -> Message | None:
    """The message in the JSON; None where it is not one that somebody wrote, such as a notice that a person joined."""
    try:
        found = Message.model_validate(payload)
    except ValidationError:
        return None
    return found if found.type in _WRITTEN else None


def incoming(message: Message, place: Place, me: Me, names: Names) -> Incoming:
    own = message.author.id == me.id
    direct = place.channel.workspace == DIRECT
    root = place.root or _answered(message, me) or message.id
    return Incoming(
        thread=Thread(channel=place.channel, root=root),
        message=message.id,
        author=_author(message, direct=direct),
        text=_own_words(message.content) if own else _text(message, me, names),
        sent_at=message.timestamp,
        attachments=tuple(attachment for attachment, _ in _files(message)),
        quotes=tuple(_quotes(message, me, names)),
        channels=() if direct else tuple(_channels(message.content, place.channel.workspace, names)),
        mentioned=_mentions(message, me),
        direct=direct,
        reply=not direct and root != message.id,
        to_others=_to_others(message, me),
        own=own,
        link=f"https://discord.com/channels/{place.channel.workspace}/{message.channel_id}/{message.id}",
        replies=message.thread.message_count if message.thread else 0,
    )


def action(interaction: Interaction) -> Action | None:
    """The press of a button under one of our posts; None for any other interaction."""
    person = interaction.member.user if interaction.member else interaction.user
    post, channel_id = interaction.message, interaction.channel_id
    if interaction.type != 3 or post is None or person is None or channel_id is None:
        return None
    where = place(interaction.channel or Channel(id=channel_id), interaction.guild_id)
    name, _, value = interaction.data.custom_id.partition(":")
    return Action(
        thread=Thread(channel=where.channel, root=where.root or _replied_to(post) or post.id),
        message=post.id,
        author=Author(id=person.id, name=person.name, bot=person.bot, groups=_roles(interaction.member)),
        name=name,
        value=value,
    )


def interaction(payload: Any) -> Interaction | None:
    try:
        return Interaction.model_validate(payload)
    except ValidationError:
        return None


def removal(payload: Any) -> Removal | None:
    try:
        return Removal.model_validate(payload)
    except ValidationError:
        return None


def place_deleted(name: str, gone: Removal) -> PlaceDeleted | None:
    """A thread, a channel or a guild that is no more. GUILD_DELETE says ``unavailable`` in an outage; without it the
    guild is gone or we were removed from it, which cannot be told apart and is the same to us: nobody there can
    reach us any more (docs.discord.com/developers/events/gateway-events#guild-delete)."""
    if gone.id is None:
        return None
    if name == "GUILD_DELETE":
        return None if gone.unavailable else PlaceDeleted(place=Workspace(platform=PLATFORM, id=gone.id))
    if gone.guild_id is None:
        return None
    held = gone.parent_id if name == "THREAD_DELETE" and gone.parent_id else gone.id
    channel = base.Channel(platform=PLATFORM, workspace=gone.guild_id, id=held)
    return PlaceDeleted(place=Thread(channel=channel, root=gone.id) if name == "THREAD_DELETE" else channel)


def link(message: Message, attachment_id: str) -> str | None:
    """A fresh address of one of the message's files."""
    return next((url for attachment, url in _all_files(message) if attachment.id == attachment_id), None)


def _answered(message: Message, me: Me) -> str | None:
    """The question that the message goes on from: it replies to our answer, which replied to the question because no
    thread could be made of it."""
    answer = message.referenced_message
    return _replied_to(answer) if answer is not None and answer.author.id == me.id else None


def _replied_to(message: Message) -> str | None:
    reference = message.message_reference
    return reference.message_id if reference is not None and reference.type != _FORWARD else None


def _author(message: Message, *, direct: bool = False) -> Author:
    nick = message.member.nick if message.member else ""
    author = message.author
    bot = author.bot or message.webhook_id is not None
    # What is read back from a server's history comes without its author's roles there.
    groups = message.member.roles if message.member else () if direct else None
    return Author(id=author.id, name=nick or author.name, bot=bot, groups=groups)


def _roles(member: Member | None) -> tuple[str, ...]:
    return member.roles if member is not None else ()


def _mentions(message: Message, me: Me) -> bool:
    """A reply to us that pings counts, as Discord lists it among the mentions."""
    return any(user.id == me.id for user in message.mentions) or not me.roles.isdisjoint(message.mention_roles)


def _to_others(message: Message, me: Me) -> bool:
    """Opens with somebody's mention, or replies to a person who had nothing to look at: a reply to a picture asks
    about the picture."""
    opening = _OPENS_WITH_MENTION.match(message.content)
    if opening:
        return opening[1] != me.id and opening[1] not in me.roles
    other = message.referenced_message
    if other is None or other.author.bot or other.author.id == message.author.id:
        return False
    return not any(_all_files(other))


def _text(content: Content, me: Me, names: Names) -> str:
    people = {user.id: user.name for user in content.mentions}

    def word(match: re.Match[str]) -> str:
        kind = match.lastgroup
        id_or_name = match[kind] if kind else ""
        if kind in ("user", "role") and (id_or_name == me.id or id_or_name in me.roles):
            return ""
        match kind:
            case "user":
                return f"@{people.get(id_or_name) or 'someone'}"
            case "role":
                return f"@{names(id_or_name) or 'role'}"
            case "channel":
                return f"#{names(id_or_name) or 'channel'}"
            case "time":
                return _time(int(id_or_name))
            case "command":
                return f"/{id_or_name}"
            case _:
                return f":{id_or_name}:"

    text = _TOKEN.sub(word, content.content).strip()
    opening = _OPENS_WITH_MENTION.match(content.content)
    called = opening is not None and (opening[1] == me.id or opening[1] in me.roles)
    return text.lstrip(" ,:\n") if called else text


def _channels(text: str, guild: str, names: Names) -> Iterator[base.Mention]:
    for identity in dict.fromkeys(match["channel"] for match in _TOKEN.finditer(text) if match["channel"]):
        channel = base.Channel(platform=PLATFORM, workspace=guild, id=identity)
        yield base.Mention(name=names(identity) or "channel", channel=channel)


def _time(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, ValueError, OSError):
        return "some time"


def _own_words(text: str) -> str:
    """An answer of ours without the small print that ``render`` put under it."""
    return _SMALL_PRINT.sub("", text).strip()


def _quotes(message: Message, me: Me, names: Names) -> Iterator[Quote]:
    for snapshot in message.message_snapshots:
        yield _quote(snapshot.message, message, "", me, names)
    for embed in message.embeds:
        words = _embed_words(embed)
        if words and embed.type == "rich":
            yield Quote(author=embed.author.name or message.author.name, text=words)
    other = message.referenced_message
    if other is not None:
        quote = _quote(other, other, _author(other).name, me, names)
        yield replace(quote, message=other.id, author_id=other.author.id)
        for snapshot in other.message_snapshots:
            yield _quote(snapshot.message, other, "", me, names)


def _quote(content: Content, holder: Message, author: str, me: Me, names: Names) -> Quote:
    """Of an answer of ours only what it says: its files are ours."""
    if holder.author.id == me.id and content is holder:
        return Quote(author=author, text=_own_words(content.content))
    words = [_text(content, me, names), *(_embed_words(embed) for embed in content.embeds if embed.type == "rich")]
    files = tuple(attachment for attachment, _ in _files(content, holder))
    return Quote(author=author, text="\n\n".join(filter(None, words)), attachments=files)


def _embed_words(embed: Embed) -> str:
    fields = (f"{field.name}: {field.value}" for field in embed.fields)
    return "\n".join(filter(None, (embed.title, embed.description, *fields, embed.footer.text)))


def _all_files(message: Message) -> Iterator[tuple[base.Attachment, str]]:
    """The message's own files and those that it forwards, each with its address of the moment."""
    yield from _files(message)
    for snapshot in message.message_snapshots:
        yield from _files(snapshot.message, message)


def _files(content: Content, holder: Message | None = None) -> Iterator[tuple[base.Attachment, str]]:
    """``holder`` is the message that must be read anew for a fresh address."""
    keeper = holder or content
    assert isinstance(keeper, Message)
    for file in content.attachments:
        yield _attachment(file, keeper), file.url
    for number, embed in enumerate(content.embeds):
        picture = {"rich": embed.image.proxy_url, "image": embed.thumbnail.proxy_url}.get(embed.type)
        if picture:
            yield _embedded(f"{keeper.id}-embed{number}", picture, keeper), picture


def _attachment(file: Attachment, holder: Message) -> base.Attachment:
    return base.Attachment(
        id=file.id,
        name=file.filename or file.id,
        media_type=file.content_type.partition(";")[0].strip() or _guess(file.filename),
        size=file.size,
        reference=reference(holder.channel_id, holder.id, file.id),
    )


def _embedded(id_: str, address: str, holder: Message) -> base.Attachment:
    """A picture that an app, most often one that raises alerts, shows in a box of its own."""
    name = address.partition("?")[0].rpartition("/")[2] or "picture"
    return base.Attachment(
        id=id_,
        name=name,
        media_type=_guess(name),
        size=None,
        reference=reference(holder.channel_id, holder.id, id_),
    )


def _guess(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def reference(channel_id: str, message_id: str, attachment_id: str) -> str:
    """What finds a file again: its link expires, its ids do not."""
    return f"{channel_id}/{message_id}/{attachment_id}"
