"""The database is away, locked or full: what waits for it, and what an admin hears meanwhile."""

import asyncio
import errno
import sqlite3
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolIsExhausted

log = structlog.get_logger()

AWAY = (DBAPIError, PoolIsExhausted, sqlite3.Error, OSError)
"""What the store raises while it is; ``passes`` says whether it will pass."""

_LASTING = (DataError, IntegrityError, NotSupportedError, ProgrammingError, FileNotFoundError)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ROOM_IN_SQLITE = ("SQLITE_FULL", "SQLITE_IOERR_WRITE")

FULL = "The disk is full: free some space, or move data_dir."
SILENT = "The database does not answer."
UNSURE = "The other replicas may take this one for dead, so it says nothing before the database has heard of it again."

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 10.0
_EVENT_COUNTS_S = 60.0
"""How long an event that was not accepted tells of an absence: by then its platform has sent it again."""


def passes(error: BaseException) -> bool:
    """Whether the store may take the same again later."""
    return isinstance(error, AWAY) and not isinstance(error, _LASTING)


def reason(error: BaseException) -> str:
    """For an admin, as a sentence."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    full = isinstance(origin, OSError) and origin.errno in _NO_ROOM
    return FULL if full or getattr(origin, "sqlite_errorname", "") in _NO_ROOM_IN_SQLITE else SILENT


class Absence:
    """What the store does not take at the moment. ``clock`` is monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[int, tuple[str, int]] = {}
        """Jobs, by id: why, and how often they tried."""
        self._refused: tuple[float, str] | None = None
        """When an event was not accepted, and why."""

    @property
    def obstacle(self) -> str:
        """Why something waits now; empty if nothing does."""
        for why, _ in self._waiting.values():
            return why
        if self._refused is not None and self._clock() - self._refused[0] < _EVENT_COUNTS_S:
            return self._refused[1]
        return ""

    def refuses(self, error: BaseException) -> None:
        """An event could not be accepted."""
        self._refused = self._clock(), reason(error)

    def accepts(self) -> None:
        """An event was."""
        self._refused = None

    async def sit_out(self, job_id: int, error: BaseException) -> None:
        """Return when the job may try again; ever longer pauses."""
        _, tries = self._waiting.get(job_id, ("", 0))
        self._waiting[job_id] = reason(error), tries + 1
        pause = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**tries)
        log.warning("store_away", kind=type(error).__name__, wait_s=pause)
        await asyncio.sleep(pause)

    def over(self, job_id: int) -> None:
        """The job got through, or is given up."""
        self._waiting.pop(job_id, None)
