"""What ``threadsight doctor`` says about Discord."""

from collections.abc import Iterator

from pydantic import TypeAdapter

from adapters.base import Finding
from adapters.discord.connection import Connection
from adapters.discord.errors import BLIND, translated
from adapters.discord.payloads import Application, Guild

# docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
PERMISSIONS = {
    "Add Reactions": 1 << 6,
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
_ADMINISTRATOR = 1 << 3
_SEES_MESSAGES = 1 << 18 | 1 << 19  # …/resources/application#application-object-application-flags
_GUILDS_IN_A_CALL = 200
_MOST_NAMED = 5


async def examine(connection: Connection) -> list[Finding]:
    """The findings of one that is logged in. Raises AdapterError."""
    about_us = await connection.call("read the application", "GET", "/applications/@me")
    servers = await connection.call(
        "list the servers", "GET", "/users/@me/guilds", params={"limit": str(_GUILDS_IN_A_CALL)}
    )
    with translated("read the application"):
        application = Application.model_validate(about_us)
        guilds = TypeAdapter(list[Guild]).validate_python(servers)
    return [
        Finding(subject="discord token", level="ok", message=f"Connected as {application.name}."),
        _intent(application),
        *_interactions(application),
        _servers(guilds, application.id),
        *_permissions(guilds, application.id),
    ]


def invitation(application_id: str) -> str:
    """The link by which an admin adds the bot to a server with all that it needs."""
    bits = sum(PERMISSIONS.values())
    return f"https://discord.com/oauth2/authorize?client_id={application_id}&scope=bot&permissions={bits}"


def _intent(application: Application) -> Finding:
    subject = "discord message content intent"
    if application.flags & _SEES_MESSAGES:
        return Finding(subject=subject, level="ok", message="The bot may read messages.")
    return Finding(subject=subject, level="error", message="The bot may not read messages.", advice=BLIND)


def _interactions(application: Application) -> Iterator[Finding]:
    if application.interactions_endpoint_url:
        yield Finding(
            subject="discord buttons",
            level="error",
            message="Discord sends presses of buttons to a web address instead of to the bot.",
            advice="Empty the Interactions Endpoint URL in the developer portal, under General Information.",
        )


def _servers(guilds: list[Guild], application_id: str) -> Finding:
    subject = "discord servers"
    if guilds:
        count = f"{len(guilds)} or more servers" if len(guilds) == _GUILDS_IN_A_CALL else f"{len(guilds)} server(s)"
        return Finding(subject=subject, level="ok", message=f"The bot is in {count}.")
    advice = f"Invite it with this link: {invitation(application_id)}"
    return Finding(subject=subject, level="warning", message="The bot is in no server yet.", advice=advice)


def _permissions(guilds: list[Guild], application_id: str) -> Iterator[Finding]:
    """Channels may add to or take from these; that shows only when the bot posts there."""
    lacking = {guild.name: missing for guild in guilds if (missing := _missing(guild.permissions))}
    for name, missing in list(lacking.items())[:_MOST_NAMED]:
        yield Finding(
            subject=f"discord permissions in {name}",
            level="warning",
            message=f"Missing: {', '.join(missing)}.",
            advice=f"Grant them to the bot's role, or invite it again: {invitation(application_id)}",
        )
    if guilds and not lacking:
        yield Finding(subject="discord permissions", level="ok", message="The bot has what it needs in every server.")


def _missing(permissions: int) -> list[str]:
    if permissions & _ADMINISTRATOR:
        return []
    return [name for name, bit in PERMISSIONS.items() if not permissions & bit]
