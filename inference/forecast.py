"""How long those who wait will wait."""

from collections.abc import Iterable, Sequence

from inference.pace import Pace, starts
from inference.ticket import Ticket


def waits(pace: Pace, order: Sequence[Ticket], running: Sequence[Ticket], places: int) -> dict[Ticket, float | None]:
    """Who waits, in order, and for how many seconds yet, as far as that can be told; ``places`` run at a time."""
    left, needed = _all_known(_left(pace, one) for one in running), _all_known(_needed(pace, one) for one in order)
    if left is None or needed is None:
        return dict.fromkeys(order)
    threads = {ticket.request.thread: seconds for ticket, seconds in zip(running, left, strict=True)} | {"": 0.0}
    begins = zip(order, starts(left, needed, places), strict=True)
    return {ticket: max(seconds, threads.get(ticket.request.thread, 0.0)) for ticket, seconds in begins}


def _needed(pace: Pace, ticket: Ticket) -> float | None:
    return pace.seconds(ticket.request.mode, ticket.cost)


def _left(pace: Pace, ticket: Ticket) -> float | None:
    """How long a running answer probably goes on. What is overdue by a while is given that while again."""
    seconds = _needed(pace, ticket)
    return None if seconds is None else abs(seconds - ticket.running_s)


def _all_known(seconds: Iterable[float | None]) -> list[float] | None:
    """The seconds, or None if one of them is not known."""
    known = list(seconds)
    return None if None in known else [one for one in known if one is not None]
