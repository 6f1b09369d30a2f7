"""CPU time of this process and its children, and of everybody else."""

import time
from contextlib import suppress

import psutil


def cpu_seconds() -> float:
    """User and system time since each of them started; a child that has gone no longer counts."""
    here = psutil.Process()
    total = 0.0
    for process in (here, *here.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


class Others:
    """How much of the machine was at work for others since this was made: what was measured meanwhile is worth less."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._busy, self._ours = _busy_seconds(), cpu_seconds()

    @property
    def share(self) -> float:
        """Of all cores."""
        passed = (time.perf_counter() - self._began) * (psutil.cpu_count() or 1)
        return max(0.0, _busy_seconds() - self._busy - (cpu_seconds() - self._ours)) / passed


def _busy_seconds() -> float:
    """Of all cores, since the machine started; what a host of virtual machines gave to others is counted as well."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait)
