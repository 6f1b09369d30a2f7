"""How many of those who are next an engine has room for."""

from collections.abc import Sequence

from inference.engine import Capacity
from inference.line import Entry
from inference.types import Lane


class Room:
    """Remembers how much room there was at most: of that the batch lane leaves the share ``spare`` for people."""

    def __init__(self, spare: float) -> None:
        self._spare = spare
        self._most = Capacity(requests=0, tokens=0)

    def fitting(self, party: Sequence[Entry], free: Capacity) -> int:
        """How many of the party, from its beginning, have places, tokens and bytes."""
        return min(free.requests, self.affordable(party, free))

    def affordable(self, party: Sequence[Entry], free: Capacity) -> int:
        """As if there were places enough."""
        self._most = Capacity(
            requests=0, tokens=max(free.tokens, self._most.tokens), bytes=max(free.bytes, self._most.bytes)
        )
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
