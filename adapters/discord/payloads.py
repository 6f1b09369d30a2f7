"""The parts of Discord's JSON that we read, as docs.discord.com names them. What does not fit fails validation."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, SecretStr, StringConstraints

from adapters.characters import whole

Snowflake = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]


def _or_empty(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_or_empty)]
"""A string that may also be null."""


class Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class User(Payload):
    id: Snowflake
    username: Text = ""
    global_name: Text = ""
    bot: bool = False

    @property
    def name(self) -> str:
        return self.global_name or self.username


class Member(Payload):
    nick: Text = ""
    roles: tuple[Snowflake, ...] = ()
    user: User | None = None


class Attachment(Payload):
    id: Snowflake
    filename: Text = ""
    content_type: Text = ""
    size: int | None = None
    url: Text = ""
    """Signed, and good for about a day: never to be kept."""


class EmbedPart(Payload):
    """An embed's author, footer, field or image: each uses some of these."""

    name: Text = ""
    value: Text = ""
    text: Text = ""
    proxy_url: Text = ""


class Embed(Payload):
    type: Text = "rich"
    title: Text = ""
    description: Text = ""
    url: Text = ""
    author: EmbedPart = EmbedPart()
    fields: tuple[EmbedPart, ...] = ()
    footer: EmbedPart = EmbedPart()
    image: EmbedPart = EmbedPart()
    thumbnail: EmbedPart = EmbedPart()


class Reference(Payload):
    type: int = 0
    message_id: Snowflake | None = None
    channel_id: Snowflake | None = None


class Content(Payload):
    """What messages and forwarded snapshots of messages have in common."""

    content: Text = ""
    attachments: tuple[Attachment, ...] = ()
    embeds: tuple[Embed, ...] = ()
    mentions: tuple[User, ...] = ()


class Snapshot(Payload):
    message: Content = Content()


class Started(Payload):
    """The thread that was made from a message."""

    message_count: int = 0


class Message(Content):
    id: Snowflake
    channel_id: Snowflake
    guild_id: Snowflake | None = None
    """Only on the gateway."""
    author: User
    member: Member | None = None
    timestamp: AwareDatetime
    edited_timestamp: AwareDatetime | None = None
    type: int = 0
    mention_roles: tuple[Snowflake, ...] = ()
    webhook_id: Snowflake | None = None
    message_reference: Reference | None = None
    referenced_message: "Message | None" = None
    message_snapshots: tuple[Snapshot, ...] = ()
    thread: Started | None = None
    components: Any = ()
    """Of many kinds; ``buttons`` finds those that we made."""

    @property
    def buttons(self) -> tuple[str, ...]:
        """Their custom ids, as our rows hold them."""
        rows = self.components if isinstance(self.components, list) else []
        held = [row.get("components") for row in rows if isinstance(row, dict)]
        found = [one for some in held if isinstance(some, list) for one in some if isinstance(one, dict)]
        return tuple(str(one["custom_id"]) for one in found if "custom_id" in one)


class Removal(Payload):
    """What is gone: a message, messages, a thread, a channel or a guild, each with some of these."""

    id: Snowflake | None = None
    ids: tuple[Snowflake, ...] = ()
    channel_id: Snowflake | None = None
    guild_id: Snowflake | None = None
    parent_id: Snowflake | None = None
    unavailable: bool = False


class Channel(Payload):
    id: Snowflake
    type: int = 0
    guild_id: Snowflake | None = None
    parent_id: Snowflake | None = None


class Pressed(Payload):
    custom_id: Text = ""


class Interaction(Payload):
    id: Snowflake
    token: SecretStr
    """Lets anybody answer in our name for 15 minutes."""
    application_id: Snowflake
    type: int
    data: Pressed = Pressed()
    guild_id: Snowflake | None = None
    channel_id: Snowflake | None = None
    channel: Channel | None = None
    member: Member | None = None
    user: User | None = None
    message: Message | None = None


class Guild(Payload):
    id: Snowflake
    name: Text = ""
    permissions: int = 0
    """Ours in the guild, without what single channels override; a number in a string."""


class Application(Payload):
    id: Snowflake
    name: Text = ""
    flags: int = 0
    interactions_endpoint_url: Text = ""
