"""How many of those who are next an engine has room for."""

from collections.abc import Sequence

from inference.engine import Capacity
from inference.line import Entry
from inference.types import Lane


class Room:
    """Remembers how much room there was at most: of that the batch lane leaves the share ``spare`` for people, and
    people leave it to those who have nothing running."""

    def __init__(self, spare: float) -> None:
        self._spare = spare
        self._most = Capacity(requests=0, tokens=0)

    def fitting(self, party: Sequence[Entry], free: Capacity) -> int:
        """How many of the party, from its beginning, have places, tokens and bytes."""
        return min(free.requests, self.affordable(party, free))

    def scarce(self, free: Capacity) -> bool:
        """Whether only so many places are left as are kept for those who have nothing running."""
        self._note(free)
        return free.requests <= int(self._spare * self._most.requests)

    def affordable(self, party: Sequence[Entry], free: Capacity) -> int:
        """As if there were places enough."""
        self._note(free)
        tokens, held = free.tokens, free.bytes
        if party and party[0].request.lane is Lane.BATCH:
            tokens -= int(self._spare * self._most.tokens)
            held -= int(self._spare * self._most.bytes)
        for number, entry in enumerate(party):
            tokens -= entry.cost.prompt_tokens + entry.cost.output_tokens
            held -= entry.cost.bytes
            if tokens < 0 or held < 0:
                return number
        return len(party)

    def _note(self, free: Capacity) -> None:
        most = self._most
        self._most = Capacity(
            requests=max(free.requests, most.requests),
            tokens=max(free.tokens, most.tokens),
            bytes=max(free.bytes, most.bytes),
        )
