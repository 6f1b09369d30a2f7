"""The scheduling core: fairness, order, bounds and honest positions, for any history."""

from collections.abc import Iterable
from itertools import cycle
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from inference.engine import Cost
from inference.line import HELPING, Entry, Full, Line, LineLimits
from inference.types import Lane, Request, Turn

ROOMY = LineLimits(length=1000, per_owner=1000)


def entry(
    name: str, owner: str = "", thread: str = "", *, lane: Lane = Lane.INTERACTIVE, group: str = "", helpings: int = 0
) -> Entry:
    """``helpings`` 0 is the lowest price."""
    turns = (Turn(role="user", text=name),)
    request = Request(id=name, turns=turns, lane=lane, owner=owner, thread=thread, group=group)
    return Entry(request, Cost(prompt_tokens=helpings * HELPING, output_tokens=0))


def batch(name: str, owner: str = "") -> Entry:
    return entry(name, owner, lane=Lane.BATCH)


def line(*entries: Entry, limits: LineLimits = ROOMY) -> Line[Entry]:
    made: Line[Entry] = Line(limits)
    for one in entries:
        made.add(one)
    return made


def names(entries: Iterable[Entry]) -> str:
    return " ".join(one.request.id for one in entries)


def played(line: Line[Entry]) -> str:
    """The order in which all that wait really go in, one at a time."""
    went: list[Entry] = []
    while line.waiting:
        (taken,) = line.take(1)
        line.remove(taken)
        went.append(taken)
    return names(went)


def test_owners_take_turns() -> None:
    crowd = line(
        *(entry(f"a{n}", "anna") for n in range(3)), entry("b0", "ben"), entry("c0", "cleo"), entry("b1", "ben")
    )
    assert names(crowd.order()) == "a0 b0 c0 a1 b1 a2"


def test_a_newcomer_goes_before_what_others_ask_for_beyond_their_turn() -> None:
    crowd = line(*(entry(f"a{n}", "anna") for n in range(8)))
    crowd.take(1)
    crowd.add(entry("b0", "ben"))
    assert names(crowd.order()).startswith("b0 a1")


def test_an_owners_threads_take_turns() -> None:
    crowd = line(
        *(entry(f"a{n}", "anna", "one") for n in range(3)),
        *(entry(f"x{n}", "anna", "two") for n in range(2)),
        entry("b0", "ben"),
    )
    assert names(crowd.order()) == "a0 b0 x0 a1 x1 a2"


def test_who_asks_for_much_waits_for_more_turns_of_others() -> None:
    crowd = line(
        *(entry(f"big{n}", "anna", helpings=5) for n in range(2)), *(entry(f"small{n}", "ben") for n in range(7))
    )
    assert names(crowd.order()) == "small0 small1 small2 small3 small4 big0 small5 small6 big1"


def test_nobody_saves_up_turns_while_away() -> None:
    crowd = line(*(entry(f"b{n}", "ben") for n in range(6)))
    for _ in range(3):
        crowd.remove(crowd.take(1)[0])
    for number in range(3):
        crowd.add(entry(f"a{number}", "anna"))
    assert played(crowd) == "a0 b3 a1 b4 a2 b5"


def test_those_who_give_up_are_not_charged() -> None:
    given_up = [entry(f"x{number}", "anna") for number in range(5)]
    crowd = line(*given_up, entry("b0", "ben"))
    for one in given_up:
        crowd.remove(one)
    crowd.add(entry("a0", "anna"))
    crowd.add(entry("b1", "ben"))
    assert names(crowd.order()) == "b0 a0 b1"


def test_interactive_goes_first_and_every_nth_turn_is_a_batch_ones() -> None:
    limits = LineLimits(length=1000, per_owner=1000, batch_turn=3)
    crowd = line(*(batch(f"b{n}", "bot") for n in range(3)), *(entry(f"i{n}", "anna") for n in range(5)), limits=limits)
    assert names(crowd.order()) == "i0 i1 b0 i2 i3 b1 i4 b2"
    assert played(crowd) == "i0 i1 b0 i2 i3 b1 i4 b2"


def test_turns_that_nobody_of_the_batch_lane_waited_for_do_not_count() -> None:
    crowd = line(*(entry(f"i{n}", "anna") for n in range(5)), limits=LineLimits(batch_turn=3))
    crowd.take(1), crowd.take(1)
    crowd.add(batch("b0"))
    assert names(crowd.order()) == "i2 i3 b0 i4"


def test_a_thread_is_answered_in_order_whoever_asks() -> None:
    crowd = line(*(entry(f"a{n}", "anna") for n in range(3)), entry("first", "anna", "t"), entry("second", "ben", "t"))
    assert names(crowd.order()) == "a0 first second a1 a2"
    assert [one.request.id for one in crowd.take(1) + crowd.take(1)] == ["a0", "first"]
    assert names(crowd.next()) == "a1", "the second waits until the first is answered"


def test_a_batch_request_goes_before_the_question_that_follows_in_its_thread() -> None:
    old = Entry(Request(id="old", turns=(), thread="t", lane=Lane.BATCH), Cost(prompt_tokens=0, output_tokens=0))
    crowd = line(old, entry("new", thread="t"), entry("other", "anna"))
    assert names(crowd.order()) == "old other new"


def test_a_group_goes_in_together() -> None:
    crowd = line(
        entry("g0", "anna", group="g"), entry("b0", "ben"), entry("g1", "anna", group="g"), entry("c0", "cleo")
    )
    assert names(crowd.order()) == "b0 c0 g0 g1", "the price of a group is that of all in it"
    crowd.take(1), crowd.take(1)
    assert names(crowd.next()) == "g0 g1"
    assert names(crowd.take(2)) == "g0 g1"


def test_the_rest_of_a_group_goes_before_everyone_and_takes_nobody_in() -> None:
    crowd = line(*(entry(f"g{n}", "anna", "t", group="g") for n in range(3)), entry("b0", "ben"), entry("b1", "ben"))
    assert names(crowd.take(1)) == "b0"
    assert names(crowd.take(1)) == "b1"
    assert names(crowd.take(1)) == "g0"
    crowd.add(entry("c0", "cleo"))
    crowd.add(entry("late", "anna", "t", group="g"))
    assert names(crowd.next()) == "g1 g2"
    assert names(crowd.order()) == "g1 g2 c0 late"


def test_groups_of_others_by_the_same_name_are_others() -> None:
    crowd = line(entry("a", "anna", group="g"), entry("b", "ben", group="g"), entry("c", "anna", "t", group="g"))
    assert [names(crowd.take(9)) for _ in range(3)] == ["a", "b", "c"]


def test_a_full_line_says_whose_places_are_taken() -> None:
    crowd = line(entry("a0", "anna"), entry("a1", "anna"), limits=LineLimits(length=3, per_owner=2))
    with pytest.raises(Full) as caught:
        crowd.add(entry("a2", "anna"))
    assert caught.value.owner
    crowd.add(entry("b0", "ben"))
    with pytest.raises(Full) as caught:
        crowd.add(entry("c0", "cleo"))
    assert not caught.value.owner
    crowd.take(1)
    crowd.add(entry("c0", "cleo"))


@given(
    helpings=st.integers(0, 6),
    lane=st.sampled_from(Lane),
    newcomers=st.lists(st.tuples(st.integers(0, 6), st.sampled_from(Lane)), min_size=1, max_size=6),
)
@settings(max_examples=50, deadline=None)
def test_nobody_starves_behind_newcomers(helpings: int, lane: Lane, newcomers: list[tuple[int, Lane]]) -> None:
    """Anna asks twice. From then on ten others wait, and whenever one goes in another comes who was never there."""
    annas = [entry(f"a{n}", "anna", lane=lane, helpings=helpings) for n in range(2)]
    crowd = line(*annas)
    for number, (price, other) in zip(range(1000), cycle(newcomers), strict=False):
        crowd.add(entry(f"n{number}", f"owner {number}", lane=other, helpings=price))
        if number >= 10:
            crowd.remove(crowd.take(1)[0])
        if annas[-1] not in crowd.waiting:
            return
    pytest.fail("still waiting")


@given(st.lists(st.integers(0, 6), min_size=9, max_size=30), st.lists(st.integers(0, 6), min_size=9, max_size=30))
@settings(max_examples=50, deadline=None)
def test_those_who_keep_asking_get_the_same(annas: list[int], bens: list[int]) -> None:
    """While both have questions waiting, what they got differs by the price of one question of each at most."""
    crowd = line(*(entry(f"a{n}", "anna", helpings=helpings) for n, helpings in enumerate(annas)))
    for number, helpings in enumerate(bens):
        crowd.add(entry(f"b{number}", "ben", helpings=helpings))
    got = {"anna": 0, "ben": 0}
    most = 2 * (max(annas + bens) + 1)
    while {one.request.owner for one in crowd.waiting} == {"anna", "ben"}:
        (taken,) = crowd.take(1)
        got[taken.request.owner] += taken.price
        assert abs(got["anna"] - got["ben"]) <= most


OWNERS = st.sampled_from(["anna", "ben", "cleo"])


class Histories(RuleBasedStateMachine):
    """Whatever happens to a line, its promises hold."""

    limits = LineLimits(length=12, per_owner=6, batch_turn=3)

    def __init__(self) -> None:
        super().__init__()
        self.line: Line[Entry] = Line(self.limits)
        self.waiting: list[Entry] = []
        self.running: list[Entry] = []
        self.number = 0

    @rule(
        owner=OWNERS, thread=st.integers(0, 2), lane=st.sampled_from(Lane), group=st.booleans(), price=st.integers(0, 4)
    )
    def come(self, owner: str, thread: int, lane: Lane, group: bool, price: int) -> None:
        self.number += 1
        where = "shared" if thread == 1 else f"{owner} {thread}" if thread else ""
        new = entry(str(self.number), owner, where, lane=lane, group="g" if group else "", helpings=price)
        mine = sum(other.request.owner == owner for other in self.waiting)
        if len(self.waiting) < self.limits.length and mine < self.limits.per_owner:
            self.line.add(new)
            self.waiting.append(new)
        else:
            with pytest.raises(Full):
                self.line.add(new)

    @rule(number=st.integers(1, 3))
    def go_in(self, number: int) -> None:
        due = self.line.next()
        taken = self.line.take(number)
        assert taken == due[:number]
        for one in taken:
            self.waiting.remove(one)
            self.running.append(one)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        over = data.draw(st.sampled_from(self.running))
        self.line.remove(over)
        self.running.remove(over)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.waiting))
        self.line.remove(gone)
        self.line.remove(gone)
        self.waiting.remove(gone)

    @invariant()
    def everyone_is_where_they_should_be(self) -> None:
        assert set(self.line.waiting) == set(self.line.order()) == set(self.waiting)
        assert len(self.line.order()) == len(self.waiting)
        assert self.line.running == self.running

    @invariant()
    def each_thread_is_in_order(self) -> None:
        for thread in {one.request.thread for one in self.waiting} - {""}:
            numbers = [int(one.request.id) for one in self.line.order() if one.request.thread == thread]
            groups = {one.request.group for one in self.waiting if one.request.thread == thread}
            assert groups != {""} or numbers == sorted(numbers)

    @invariant()
    def nobody_overtakes_in_a_thread(self) -> None:
        busy = [one.request for one in self.running if one.request.thread]
        alone = {request.thread for request in busy if not request.group}
        assert len([one for one in busy if one.thread in alone]) == len(alone)

    @invariant()
    def somebody_goes_in_unless_their_thread_is_busy(self) -> None:
        busy = {one.request.thread for one in self.running} - {""}
        assert self.line.next() or all(one.request.thread in busy for one in self.waiting)

    def teardown(self) -> None:
        for one in self.waiting + self.running:
            self.line.remove(one)
        assert self.line.next() == []
        self.line.add(entry("last", "dora", "t"))
        assert names(self.line.take(1)) == "last"


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


COMINGS = st.tuples(OWNERS, st.integers(0, 2), st.sampled_from(Lane), st.booleans(), st.integers(0, 4))


@given(st.lists(COMINGS, max_size=40), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_positions_are_honest(comings: list[tuple[str, int, Lane, bool, int]], random: Random) -> None:
    """At any moment, if nobody comes or gives up any more, all go in exactly in the order that was told."""
    crowd = line(limits=LineLimits(length=1000, per_owner=1000, batch_turn=3))
    for number, (owner, thread, lane, group, price) in enumerate(comings):
        where = f"{owner} {lane} {thread}" if thread else ""
        crowd.add(entry(str(number), owner, where, lane=lane, group="g" if group else "", helpings=price))
        for taken in crowd.take(random.choice((0, 0, 1, 2))):
            crowd.remove(taken)
    told = names(crowd.order())
    assert played(crowd) == told


def test_when_places_are_scarce_who_has_something_running_leaves_them_to_others() -> None:
    crowd = line(*(entry(f"a{n}", "anna") for n in range(3)), batch("x", "anna"), entry("b0", "ben"))
    assert names(crowd.take(1, scarce=True)) == "a0"
    assert names(crowd.take(1, scarce=True)) == "b0"
    assert names(crowd.take(1, scarce=True)) == "x", "what works through documents rests for people anyway"
    assert crowd.take(1, scarce=True) == []
    assert names(crowd.take(1)) == "a1"
