"""What JSON can hold and nothing else takes."""


def whole(text: str) -> str:
    """Without halves of characters, which fail wherever they are encoded next, and NUL, which PostgreSQL refuses. Two
    halves that belong together become what they stand for."""
    text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
