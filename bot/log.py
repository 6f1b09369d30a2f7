"""Structured logs. What people wrote stays out of them, below the level debug, and every secret always."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TextIO

import structlog
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from adapters.errors import AdapterError
from bot.settings import LogSettings
from inference.errors import EngineError

log = structlog.get_logger()

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

_TALKATIVE = ("slack_bolt", "slack_sdk", "discord", "aiohttp", "httpx", "httpx2", "httpcore", "uvicorn", "alembic")
"""The SDKs and the HTTP client log payloads, which hold what people wrote, below the level warning."""

_WORDS = re.compile(r"[\w.]+( [\w.]+)*")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(settings: LogSettings, secrets: Sequence[str] = (), stream: TextIO | None = None) -> None:
    """Send our own and the libraries' lines to ``stream``, which is stderr, in one form. ``secrets`` are blotted out
    wherever they turn up."""
    stream = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _Discreet(
            secrets,
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(settings, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_LEVELS[settings.level])
    _of_tasks.quiet = settings.level != "debug"
    logging.getLogger("asyncio").addFilter(_of_tasks)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(max(logging.WARNING, _LEVELS[settings.level]))
    set_on_retry_hooks([_tried_again])


class _OfTasks(logging.Filter):
    """asyncio quotes what a callback was given and what a task raised, which may be what people wrote."""

    quiet = True

    def filter(self, record: logging.LogRecord) -> bool:
        if self.quiet:
            words = _WORDS.match(record.getMessage())
            record.msg, record.args = words.group() if words else "", ()
        return True


_of_tasks = _OfTasks()


def _renderers(settings: LogSettings, stream: TextIO) -> list[structlog.typing.Processor]:
    # Plain tracebacks: the pretty ones print local variables, and those hold what people wrote.
    spelled_out = settings.level == "debug"
    told = _in_full if spelled_out else _without_words
    exceptions = structlog.processors.ExceptionRenderer(told)
    if settings.format == "json":
        return [exceptions, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [exceptions, structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """The last word on what a line says."""

    def __init__(self, secrets: Sequence[str], **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line


def _in_full(exc_info: ExcInfo) -> str:
    return "".join(traceback.format_exception(*exc_info)).rstrip()


def _without_words(exc_info: ExcInfo) -> str:
    """A traceback whose errors are named by their kinds: a library's text may quote what it was given."""
    return "\nwhich led to\n".join(_told(error) for error in reversed(list(_chain(exc_info[1]))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    lines = "".join(traceback.format_tb(error.__traceback__))
    within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    kind = type(error)
    words = f"{kind.__module__}.{kind.__qualname__}{_said(error)}"
    return "\n".join([f"{lines}{words}", *(_without_words((type(one), one, None)) for one in within)])


def _said(error: BaseException) -> str:
    """What may be told of its text: all of what our own doors raise, and what the system has to say."""
    if isinstance(error, AdapterError | EngineError):
        return f": {error}"
    return f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""


def _tried_again(details: RetryDetails) -> None:
    """In place of stamina's own line, which shows arguments and the texts of errors."""
    error = details.caused_by
    reason = str(error) if isinstance(error, AdapterError | EngineError) else type(error).__name__
    log.info("trying_again", reason=reason, tries=details.retry_num, wait_s=round(details.wait_for, 2))
