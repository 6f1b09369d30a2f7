"""Where posts are rendered."""

import threading

import pytest

from adapters.base import Post
from adapters.rendering import SHORT, rendered


@pytest.mark.parametrize(
    ("post", "here"),
    [
        (Post(text="a" * SHORT), True),
        (Post(text="a" * SHORT, notes=("b",)), False),
        (Post(text="", reasoning="a" * (SHORT + 1)), False),
    ],
)
async def test_only_what_is_short_is_rendered_here(post: Post, here: bool) -> None:
    thread = await rendered(lambda _: threading.current_thread(), post)
    assert (thread is threading.current_thread()) == here
