"""Memory that nobody uses any more, given back to the system.

glibc keeps what was freed between two blocks that are in use. Pictures and rows that pass through a busy process leave
ever more such gaps, so that it seems to grow for hours although it holds no more than before.
"""

import ctypes


def give_back() -> None:
    """Return free pages of the heap. It blocks for about 0.1 ms a MiB that is given back: call it in a thread. Nothing
    where the C library has no such call; others than glibc do it by themselves."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(ctypes.c_size_t(0))
