"""Rendering posts without holding up the event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from adapters.base import Post

T = TypeVar("T")

SHORT = 1_000
"""Characters that take a millisecond or two, which is little more than going to a thread and back."""


async def rendered(render: Callable[[Post], T], post: Post) -> T:
    """What comes of the post; a long one is rendered in a thread, as it takes tens of milliseconds."""
    size = len(post.text) + len(post.reasoning) + sum(map(len, post.notes))
    return render(post) if size <= SHORT else await asyncio.to_thread(render, post)
