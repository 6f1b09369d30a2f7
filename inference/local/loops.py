"""Noticing that a model says the same over and over."""

import numpy as np

LONGEST = 2_048
"""Tokens of the longest passage whose repetition is noticed."""
SPAN = 640
"""So many tokens must be nothing but repetition: tables, code and lists repeat themselves as well, but not for long."""
TIMES = 6
"""And a passage must stand there so many times."""

_PERIODS = np.arange(1, LONGEST + 1)
_ENOUGH = np.maximum(SPAN, TIMES * _PERIODS) - _PERIODS
"""Tokens that must equal those one period before."""


class Repetition:
    """Counts for each period how many of the latest tokens equal those one period before."""

    def __init__(self) -> None:
        self._latest = np.full(LONGEST, -1, dtype=np.int64)
        """The newest first."""
        self._runs = np.zeros(LONGEST, dtype=np.int64)

    def take(self, token: int) -> bool:
        """Whether with this token it has become a loop."""
        self._runs = (self._runs + 1) * (self._latest == token)
        self._latest[1:] = self._latest[:-1]
        self._latest[0] = token
        return bool((self._runs >= _ENOUGH).any())
