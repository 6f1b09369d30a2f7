"""Who goes next: the manager's scheduling, pure and synchronous.

- The interactive lane goes before the batch lane; while both wait, every ``batch_turn``-th turn is a batch one's.
- In a lane the owners take turns, and an owner's threads take that owner's turns in turn. A turn costs by the tokens
  that it may take, so who asks for much waits for more turns of the others.
- Requests of one thread go in as they came, the next one when the one before has ended. Where a thread's earlier
  request has the later place (it is another owner's, or in the batch lane), they change places.
- When places are ``scarce``, people who have something running leave them to those who have not.
- Requests of one group, owner and thread are one party: they stand together and go in together.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain, count
from typing import Generic, TypeVar

from inference.engine import Cost
from inference.shares import Share
from inference.types import Lane, Request

HELPING = 4096
"""Prices count in so many tokens, so that a few words more do not decide who is first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLimits:
    """How many requests may wait, how the lanes share, and for how long things may go on."""

    length: int = 64
    per_owner: int = 8
    batch_turn: int = 8
    """While both lanes wait, one turn in so many is a batch one's."""
    rest_s: float = 7.0
    """While both lanes run, the batch lane rests so long,"""
    work_s: float = 1.0
    """then works so long, and so on."""
    spare: float = 0.25
    """The share of the engine's tokens and bytes that the batch lane leaves for people, and of its places that people
    leave for those who have nothing running."""
    overtime_s: float = 2.0
    """How long after its deadline the engine may still end an answer by itself."""
    closing_s: float = 10.0
    """How long running answers may go on once the line is closed."""


class Full(Exception):
    """There is no place. ``owner`` tells whose places are taken: the request's owner's, or all."""

    def __init__(self, *, owner: bool) -> None:
        super().__init__("the owner's places are taken" if owner else "the line is full")
        self.owner = owner


class Entry:
    """One request in the line; equal to nothing but itself."""

    def __init__(self, request: Request, cost: Cost) -> None:
        self.request = request
        self.cost = cost
        self.price = 1 + (cost.prompt_tokens + cost.output_tokens) // HELPING


E = TypeVar("E", bound=Entry)


class _Party(Generic[E]):
    """Requests that go in together: one, or those of a group. ``number`` counts up as parties come."""

    def __init__(self, number: int, first: E) -> None:
        self.number = number
        self.lane = first.request.lane
        self.owner = first.request.owner
        self.thread = first.request.thread
        self.group = first.request.group
        self.entries = [first]
        self.begun = False
        """Some of it went in: the rest goes before everyone else, and nobody joins any more."""

    @property
    def price(self) -> int:
        return sum(entry.price for entry in self.entries)

    def welcomes(self, request: Request) -> bool:
        kin = (self.lane, self.owner, self.thread, self.group)
        return bool(self.group) and not self.begun and kin == _kin(request)


def _kin(request: Request) -> tuple[Lane, str, str, str]:
    return request.lane, request.owner, request.thread, request.group


class Line(Generic[E]):
    """The waiting and the running. An entry is added once, taken at most once, and removed when it is over."""

    def __init__(self, limits: LineLimits) -> None:
        self._limits = limits
        self._parties: list[_Party[E]] = []
        self._running: dict[E, _Party[E]] = {}
        self._lanes = {lane: Share() for lane in Lane}
        self._since_batch = 0
        self._numbers = count(1)

    @property
    def waiting(self) -> list[E]:
        """In order of arrival."""
        return [entry for party in self._parties for entry in party.entries]

    @property
    def running(self) -> list[E]:
        """In order of entry."""
        return list(self._running)

    def add(self, entry: E) -> None:
        """Line up. Full if there is no place."""
        request, waiting = entry.request, self.waiting
        if len(waiting) >= self._limits.length:
            raise Full(owner=False)
        if sum(other.request.owner == request.owner for other in waiting) >= self._limits.per_owner:
            raise Full(owner=True)
        self._open_shares(request)
        party = next((party for party in self._parties if party.welcomes(request)), None)
        if party:
            party.entries.append(entry)
        else:
            self._parties.append(_Party(next(self._numbers), entry))

    def remove(self, entry: E) -> None:
        """Forget an entry, wherever it is; nothing happens if it is nowhere."""
        party = self._running.pop(entry, None) or next((one for one in self._parties if entry in one.entries), None)
        if party:
            self._leave(party, entry)
            self._close_shares(party)

    def order(self) -> list[E]:
        """All that wait, as they will go in if nobody comes or gives up any more."""
        return [entry for party in self._order() for entry in party.entries]

    def next(self, lanes: Collection[Lane] = frozenset(Lane), *, scarce: bool = False) -> list[E]:
        """Those of these lanes who go in next, together; none if all wait for what runs of their thread or owner."""
        party = self._next(lanes, scarce)
        return list(party.entries) if party else []

    def take(self, number: int, lanes: Collection[Lane] = frozenset(Lane), *, scarce: bool = False) -> list[E]:
        """Let so many of ``next`` go in."""
        party = self._next(lanes, scarce)
        if party is None or number < 1:
            return []
        if not party.begun:
            self._begin(party)
        entries = party.entries[:number]
        for entry in entries:
            self._running[entry] = party
            self._leave(party, entry)
        return entries

    def _begin(self, party: _Party[E]) -> None:
        """Charge its owner and thread for all of it, so that the order of the others stays as it is."""
        party.begun = True
        lane = self._lanes[party.lane]
        lane.charge(party.owner, party.price)
        lane.below(party.owner).charge(party.thread, party.price)
        both_wait = {other.lane for other in self._parties} == set(Lane)
        self._since_batch = self._since_batch + 1 if both_wait and party.lane is Lane.INTERACTIVE else 0

    def _leave(self, party: _Party[E], entry: E) -> None:
        """Take the entry out of the waiting, if it is there."""
        if entry in party.entries:
            party.entries.remove(entry)
            if not party.entries:
                self._parties.remove(party)

    def _open_shares(self, request: Request) -> None:
        lane = self._lanes[request.lane]
        threads = _threads(self._parties, request.lane, request.owner)
        if not threads:
            lane.open(request.owner)
        if request.thread not in threads:
            lane.below(request.owner).open(request.thread)

    def _close_shares(self, party: _Party[E]) -> None:
        lane = self._lanes[party.lane]
        threads = _threads(chain(self._parties, self._running.values()), party.lane, party.owner)
        if not threads:
            lane.close(party.owner)
        elif party.thread not in threads:
            lane.below(party.owner).close(party.thread)

    def _next(self, lanes: Collection[Lane], scarce: bool) -> _Party[E] | None:
        return next((one for one in self._order() if one.lane in lanes and not self._must_wait(one, scarce)), None)

    def _must_wait(self, party: _Party[E], scarce: bool) -> bool:
        """Whether an earlier request of its thread is still being answered or, if places are scarce, one of a person's
        own."""
        others = [other for other in self._running.values() if other is not party]
        if party.thread and any(other.thread == party.thread for other in others):
            return True
        person = scarce and party.owner and party.lane is Lane.INTERACTIVE
        return bool(person) and any(other.owner == party.owner for other in others)

    def _order(self) -> list[_Party[E]]:
        begun = [party for party in self._parties if party.begun]
        return begun + _threads_in_order(self._merged(self._in_lane(Lane.INTERACTIVE), self._in_lane(Lane.BATCH)))

    def _merged(self, interactive: deque[_Party[E]], batch: deque[_Party[E]]) -> list[_Party[E]]:
        merged: list[_Party[E]] = []
        since = self._since_batch
        while interactive and batch:
            due = since + 1 >= self._limits.batch_turn
            merged.append((batch if due else interactive).popleft())
            since = 0 if due else since + 1
        return [*merged, *interactive, *batch]

    def _in_lane(self, lane: Lane) -> deque[_Party[E]]:
        owners: dict[str, dict[str, list[_Party[E]]]] = defaultdict(lambda: defaultdict(list))
        for party in self._parties:
            if party.lane is lane and not party.begun:
                owners[party.owner][party.thread].append(party)
        share = self._lanes[lane]
        return deque(share.in_turn({owner: share.below(owner).in_turn(own) for owner, own in owners.items()}))


def _threads(parties: Iterable[_Party[E]], lane: Lane, owner: str) -> set[str]:
    return {party.thread for party in parties if (party.lane, party.owner) == (lane, owner)}


def _threads_in_order(parties: list[_Party[E]]) -> list[_Party[E]]:
    """Each thread keeps the places that its parties have, and fills them in order of arrival."""
    arrivals: dict[str, deque[_Party[E]]] = defaultdict(deque)
    for party in sorted(parties, key=lambda party: party.number):
        arrivals[party.thread].append(party)
    return [arrivals[party.thread].popleft() if party.thread else party for party in parties]
