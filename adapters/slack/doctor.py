"""What ``threadsight doctor`` says about Slack: tokens and scopes."""

from adapters.base import Finding
from adapters.errors import AdapterError, Forbidden
from adapters.slack.api import Api
from adapters.slack.groups import UserGroups
from adapters.slack.settings import SlackSettings

SCOPES = {
    "app_mentions:read": "hear when it is mentioned",
    "channels:history": "read along in public channels",
    "channels:read": "check public channels that are named elsewhere",
    "chat:write": "answer",
    "files:read": "see pictures and documents",
    "files:write": "post long answers as files",
    "groups:history": "read along in private channels",
    "groups:read": "check private channels that are named elsewhere",
    "im:history": "read direct messages",
    "mpim:history": "read group messages",
    "reactions:write": "mark what a watch has looked at",
    "usergroups:read": "know who is in the user groups of [access]",
    "users:read": "know people's names",
}
"""The bot's scopes, and what the bot cannot do without each. manifest.json asks for the same."""

VITAL = frozenset({"chat:write", "files:read", "app_mentions:read"})

_OF_GROUPS = "usergroups:read"
"""Missed by nobody who does not name groups."""

_MANIFEST = "adapters/slack/manifest.json"


async def check(api: Api, settings: SlackSettings, groups: UserGroups) -> list[Finding]:
    """One finding for each token, for the scopes, and for the groups if there are any; none raises."""
    if settings.bot_token is None:
        return [Finding(subject="slack", level="ok", message="not configured")]
    findings = await _bot_token(api, groups)
    return [*findings, await _app_token(api)] if settings.mode == "socket" else findings


async def _bot_token(api: Api, groups: UserGroups) -> list[Finding]:
    try:
        me, granted = await api.identity()
    except AdapterError as error:
        return [_failure("slack.bot_token", error, "Copy it from Install App → Bot User OAuth Token.")]
    valid = Finding(subject="slack.bot_token", level="ok", message=f"valid for workspace {me.workspace} as {me.user}")
    found = [valid, _scopes(granted, vital=VITAL | ({_OF_GROUPS} if groups.names else set()))]
    return [*found, await _user_groups(groups)] if groups.names and _OF_GROUPS in granted else found


def _scopes(granted: frozenset[str], vital: frozenset[str]) -> Finding:
    wanted = SCOPES.keys() - ({_OF_GROUPS} - vital)
    missing = sorted(wanted - granted)
    if not missing:
        return Finding(subject="slack scopes", level="ok", message=f"all {len(wanted)} are granted")
    uses = "; ".join(f"{scope} (to {SCOPES[scope]})" for scope in missing)
    return Finding(
        subject="slack scopes",
        level="error" if vital & set(missing) else "warning",
        message=f"missing: {uses}",
        advice=f"Paste {_MANIFEST} at api.slack.com/apps → App Manifest, then install the app again.",
    )


async def _user_groups(groups: UserGroups) -> Finding:
    subject = "slack user groups"
    try:
        missing = await groups.missing()
    except AdapterError as error:
        return _failure(subject, error, "As long as they cannot be read, [access] lets nobody of them in.")
    if missing:
        advice = "Copy the ids anew: they begin with S and stand at the end of a group's address."
        return Finding(subject=subject, level="error", message=f"not there: {', '.join(missing)}", advice=advice)
    return Finding(subject=subject, level="ok", message=f"{len(groups.names)} of [access] can be read")


async def _app_token(api: Api) -> Finding:
    try:
        await api.socket_address()
    except AdapterError as error:
        advice = (
            "Make one with the scope connections:write at Basic Information → App-Level Tokens; turn Socket Mode on."
        )
        return _failure("slack.app_token", error, advice)
    return Finding(subject="slack.app_token", level="ok", message="valid, Socket Mode is on")


def _failure(subject: str, error: AdapterError, advice: str) -> Finding:
    if isinstance(error, Forbidden):
        return Finding(subject=subject, level="error", message=str(error), advice=advice)
    return Finding(subject=subject, level="error", message=str(error), advice="Check the network, or try again later.")
