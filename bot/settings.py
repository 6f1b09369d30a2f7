"""Settings: a TOML file, then the environment on top. Nothing else reads either."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from adapters.console.settings import ConsoleSettings
from adapters.discord.settings import DiscordSettings
from adapters.slack.settings import SlackSettings
from inference.types import Sampling

PREFIX = "THREADSIGHT_"
DEFAULT_PATH = Path("config.toml")

Positive = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]


class SettingsError(Exception):
    """The configuration cannot be used. The text names every fault and never holds a value that was given."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EngineSettings(Section):
    kind: Literal["auto", "local", "remote", "reader"] = "auto"
    model: str = "stepfun-ai/Step3-VL-10B"
    device: str = "auto"
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    quantization: Literal["nf4", "int8"] | None = None
    revision: str | None = None
    context: Positive | None = None
    yarn: Annotated[float, Field(gt=1)] | None = None
    url: str = ""
    api_key: SecretStr | None = None
    mode: Literal["quick", "think", "deep"] = "think"
    seconds: Seconds = 600
    reasoning_tokens: Positive = 16_384
    answer_tokens: Positive = 4_096
    deep_levels: Annotated[tuple[Positive, ...], Field(min_length=1)] = (16,)
    summary: Literal["off", "on_demand", "always"] = "always"

    @property
    def sampling(self) -> Sampling:
        """How long an answer and the thinking before it may be."""
        return Sampling(max_reasoning_tokens=self.reasoning_tokens, max_answer_tokens=self.answer_tokens)


class LineSettings(Section):
    length: Positive = 200
    per_person: Positive = 30


class DocumentSettings(Section):
    max_megabytes: Positive = 50
    max_pages: Positive = 50
    max_files: Positive = 20
    look_back_minutes: Seconds = 10


class CheckSettings(Section):
    mode: Literal["quick", "think"] = "think"
    seconds_each: Seconds = 10
    ask_above: Annotated[int, Field(ge=0)] = 50
    max_documents: Positive = 1_000
    max_messages: Positive = 20_000


class ConversationSettings(Section):
    max_pages: Positive = 30
    max_turns: Positive = 40


class Selection(Section):
    workspaces: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


class AccessSettings(Section):
    direct: bool = True
    guests: bool = False
    strangers: bool = False
    admins: tuple[str, ...] = ()
    allow: Selection = Selection()
    deny: Selection = Selection()

    @property
    def groups(self) -> frozenset[str]:
        """All that are named."""
        return frozenset((*self.allow.groups, *self.deny.groups))


class Allowance(Section):
    questions: Positive | None = None
    pages: Positive | None = None
    seconds: Positive | None = None


class QuotaSettings(Section):
    person: Allowance = Allowance()
    channel: Allowance = Allowance()


class CatchUpSettings(Section):
    hours: Seconds = 6
    days: Seconds = 7
    minutes: Seconds = 15


class DeliverySettings(Section):
    hours: Seconds = 24


class StoreSettings(Section):
    url: str = ""
    pictures: Path | None = None
    keep_days: Positive | None = None


class HealthSettings(Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] | None = None


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Settings(BaseSettings):
    """Everything that can be set. ``config.example.toml`` explains each field."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    data_dir: Path = Path("data")
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    console: ConsoleSettings = ConsoleSettings()
    engine: EngineSettings = EngineSettings()
    line: LineSettings = LineSettings()
    documents: DocumentSettings = DocumentSettings()
    conversation: ConversationSettings = ConversationSettings()
    checks: CheckSettings = CheckSettings()
    access: AccessSettings = AccessSettings()
    quota: QuotaSettings = QuotaSettings()
    catch_up: CatchUpSettings = CatchUpSettings()
    delivery: DeliverySettings = DeliverySettings()
    store: StoreSettings = StoreSettings()
    health: HealthSettings = HealthSettings()
    log: LogSettings = LogSettings()

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that must never be shown, as it was given."""
        sections = (getattr(self, name) for name in type(self).model_fields)
        values = (value for section in sections if isinstance(section, BaseModel) for _, value in section)
        given = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return (*given, urlsplit(self.store.url).password or "")

    @property
    def store_url(self) -> str:
        """The database's address: SQLite in the data folder unless another is set."""
        return self.store.url or f"sqlite+aiosqlite:///{(self.data_dir / 'threadsight.db').as_posix()}"


def load(path: Path | None = None) -> Settings:
    """Read the file (``config.toml`` if there is one and none is named), then the environment.

    Raises SettingsError.
    """
    chosen = path or (DEFAULT_PATH if DEFAULT_PATH.exists() else None)
    if chosen is not None and not chosen.is_file():
        raise SettingsError(f"There is no config file {chosen}. Copy config.example.toml there, or name another one.")
    _refuse_unknown_variables()

    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return env_settings, TomlConfigSettingsSource(settings_cls, toml_file=chosen)

    try:
        return Loaded()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{chosen} is not valid TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{chosen} cannot be read: {error.__class__.__name__}.") from None


def _refuse_unknown_variables() -> None:
    sections = set(Settings.model_fields)
    for name in os.environ:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).split("__")[0].lower() not in sections:
            known = ", ".join(f"{PREFIX}{section.upper()}" for section in sorted(sections))
            raise SettingsError(f"The environment variable {name} is no setting. Known beginnings: {known}.")


def _explain(error: ValidationError) -> str:
    faults = []
    for fault in error.errors(include_input=False, include_url=False):
        where = ".".join(str(part) for part in fault["loc"]) or "the settings"
        what = "there is no such setting" if fault["type"] == "extra_forbidden" else fault["msg"].rstrip(".")
        faults.append(f"{where}: {what.removeprefix('Value error, ')}")
    return "The configuration has a fault. " + "; ".join(faults) + ". config.example.toml explains every setting."
