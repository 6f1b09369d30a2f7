"""What an admin sets for Slack. Faults are told in sentences that never hold a value."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_PREFIXES = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a user token"}
_HOMES = {"xoxb-": "slack.bot_token", "xapp-": "slack.app_token"}


class SlackSettings(BaseModel):
    """Slack is on once ``bot_token`` is set."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    mode: Literal["socket", "http"] = "socket"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 3000
    path: str = "/slack/events"
    api_url: str = "https://slack.com/api/"
    streaming: bool = False
    """Answers grow word by word, which only those who asked see."""
    file_hosts: tuple[str, ...] = ()
    """``host[:port]`` of further servers that may get the bot token, such as a mirror; they may speak plain http."""

    @field_validator("bot_token")
    @classmethod
    def _is_a_bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        return _checked(token, "xoxb-", "Install App → Bot User OAuth Token")

    @field_validator("app_token")
    @classmethod
    def _is_an_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        return _checked(token, "xapp-", "Basic Information → App-Level Tokens")

    @field_validator("path")
    @classmethod
    def _is_a_path(cls, path: str) -> str:
        if not path.startswith("/"):
            raise ValueError("must begin with a slash, as in /slack/events")
        return path

    @field_validator("api_url")
    @classmethod
    def _ends_with_a_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.bot_token is None:
            if self.app_token is not None or self.signing_secret is not None:
                raise ValueError("slack.bot_token is missing: copy it from Install App → Bot User OAuth Token")
            return self
        if self.mode == "socket" and self.app_token is None:
            raise ValueError(
                "mode socket needs slack.app_token: make one with the scope connections:write at "
                "Basic Information → App-Level Tokens, or set slack.mode to http"
            )
        if self.mode == "http" and self.signing_secret is None:
            raise ValueError("mode http needs slack.signing_secret: copy it from Basic Information → Signing Secret")
        return self

    @model_validator(mode="after")
    def _keeps_the_token_off_plain_http(self) -> Self:
        parts = urlsplit(self.api_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.netloc in self.file_hosts):
            raise ValueError("api_url must begin with https://, or its host must be listed in slack.file_hosts")
        return self


def _checked(token: SecretStr | None, prefix: str, where: str) -> SecretStr | None:
    value = token.get_secret_value().strip() if token else ""
    if not value:
        return None
    if value.startswith(prefix):
        return SecretStr(value)
    for other, kind in _PREFIXES.items():
        if value.startswith(other):
            home = f" That one belongs in {_HOMES[other]}." if other in _HOMES else ""
            raise ValueError(f"this is {kind}, not {_PREFIXES[prefix]}.{home} Copy the right one from {where}")
    raise ValueError(f"{_PREFIXES[prefix]} begins with {prefix}: copy it from {where}")
