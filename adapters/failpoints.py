"""Named places on an answer's way: one before and one after each commit and each call of a platform. Tests listen here
and end the process where they like; nothing listens in production."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

listeners: list[Callable[[str], None]] = []
"""Each is called with the name of every place that is reached, such as ``before commit claim``."""


def reach(name: str) -> None:
    """Tell that the place ``name`` is reached."""
    for listener in listeners:
        listener(name)


@contextmanager
def around(step: str) -> Iterator[None]:
    """Reach ``before STEP``, and in the end ``after STEP``, or ``failed STEP`` if the block raises."""
    reach(f"before {step}")
    try:
        yield
    except BaseException:
        reach(f"failed {step}")
        raise
    reach(f"after {step}")
