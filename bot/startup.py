"""How a command tells on stderr how far the start of its engine is."""

from rich.console import Console
from rich.status import Status
from rich.text import Text

from bot import replies
from inference.loading import Loading, Tell, tenths


def telling(stderr: Console, line: Status | None = None) -> Tell:
    """In the status line where a terminal shows one, else in a few lines of its own."""
    if line is not None and stderr.is_terminal:
        return lambda loading: line.update(Text(replies.loading(loading)))

    def tell(loading: Loading) -> None:
        stderr.print(Text(replies.loading(loading)))

    return tenths(tell)
