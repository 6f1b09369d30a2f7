"""What was freed does not stay with the process."""

import platform

import psutil
import pytest

from bot import memory

BLOCK = 16 * 1024
"""Small enough to lie on the heap with the others."""
BLOCKS = 4_096
MOST_LEFT = 0.5


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries give back what is free by themselves")
def test_gaps_on_the_heap_are_given_back() -> None:
    def resident() -> int:
        return int(psutil.Process().memory_info().rss)

    empty = resident()
    blocks = [bytearray(b"x") * BLOCK for _ in range(BLOCKS)]
    full = resident()
    assert full - empty > BLOCKS * BLOCK * MOST_LEFT, "else there is nothing to give back"
    in_use = blocks[:: BLOCKS // 64]  # between which the rest is freed
    del blocks
    memory.give_back()
    assert resident() - empty < (full - empty) * MOST_LEFT
    assert all(len(block) == BLOCK for block in in_use)
