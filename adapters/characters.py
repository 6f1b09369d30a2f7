"""What JSON can hold and nothing else takes."""


def whole(text: str) -> str:
    """Without halves of characters, which fail wherever they are encoded next, and NUL, which PostgreSQL refuses."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
