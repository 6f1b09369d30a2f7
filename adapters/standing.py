"""Whether what is being said is still ours to say, asked once more right before each call that says it: an adapter may
look around first, or wait for a limit, and the process may hang meanwhile for so long that another one took over."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_sure: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar("sure", default=None)


@contextmanager
def asked(until_sure: Callable[[], Awaitable[None]]) -> Iterator[None]:
    """Within, calls wait until it returns."""
    token = _sure.set(until_sure)
    try:
        yield
    finally:
        _sure.reset(token)


async def sure() -> None:
    """Return once it is ours."""
    until_sure = _sure.get()
    if until_sure is not None:
        await until_sure()
