"""Who may ask, and how much."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Author, Channel
from bot.admission import Exhausted, Refusal, Spent, exhausted, refusal
from bot.settings import AccessSettings, Allowance, Selection

HERE = Channel(platform="slack", workspace="T1", id="C1")
ADA = Author(id="U1", name="Ada", groups=("G1", "G2"))
ANYBODY = AccessSettings()


def test_everybody_is_let_in_but_guests_and_strangers() -> None:
    assert refusal(ADA, HERE, ANYBODY) is None
    assert refusal(ADA, HERE, ANYBODY, direct=True) is None
    assert refusal(replace(ADA, standing="guest"), HERE, ANYBODY) is Refusal.GUEST
    assert refusal(replace(ADA, standing="stranger"), HERE, ANYBODY) is Refusal.STRANGER
    open_to_all = AccessSettings(guests=True, strangers=True)
    assert refusal(replace(ADA, standing="guest"), HERE, open_to_all) is None
    assert refusal(replace(ADA, standing="stranger"), HERE, open_to_all) is None


def test_direct_messages_can_be_switched_off() -> None:
    assert refusal(ADA, HERE, AccessSettings(direct=False), direct=True) is Refusal.DIRECT


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        ({"workspaces": ("T1",)}, Refusal.PLACE),
        ({"channels": ("C1",)}, Refusal.PLACE),
        ({"groups": ("G2",)}, Refusal.PERSON),
        ({"users": ("U1",)}, Refusal.PERSON),
    ],
)
def test_each_list_denies_and_allows(selection: dict[str, tuple[str, ...]], reason: Refusal) -> None:
    named, others = Selection(**selection), Selection(**dict.fromkeys(selection, ("other",)))
    assert refusal(ADA, HERE, AccessSettings(deny=named)) is reason
    assert refusal(ADA, HERE, AccessSettings(deny=others)) is None
    assert refusal(ADA, HERE, AccessSettings(allow=named)) is None
    assert refusal(ADA, HERE, AccessSettings(allow=others)) is reason
    assert refusal(ADA, HERE, AccessSettings(allow=named, deny=named)) is reason


def test_every_list_of_allowances_has_to_hold() -> None:
    rules = AccessSettings(allow=Selection(channels=("C1",), users=("U2",)))
    assert refusal(ADA, HERE, rules) is Refusal.PERSON


def test_whose_groups_are_not_known_is_kept_out_where_groups_count() -> None:
    unknown = replace(ADA, groups=None)
    assert refusal(unknown, HERE, ANYBODY) is None
    assert refusal(unknown, HERE, AccessSettings(deny=Selection(groups=("G9",)))) is Refusal.PERSON


names = st.sets(st.sampled_from(["T1", "C1", "G1", "U1", "other"])).map(tuple)
selections = st.builds(Selection, workspaces=names, channels=names, groups=names, users=names)


@given(selections, selections, st.booleans(), st.sampled_from(["member", "guest", "stranger"]))
def test_an_admin_is_always_let_in_and_more_denials_let_nobody_in(
    allow: Selection, deny: Selection, direct: bool, standing: str
) -> None:
    author = Author(id="U1", name="", standing=standing, groups=("G1",))  # type: ignore[arg-type]
    rules = AccessSettings(allow=allow, deny=deny, direct=direct)
    assert refusal(author, HERE, rules.model_copy(update={"admins": ("U1",)}), direct=True) is None
    if refusal(author, HERE, rules.model_copy(update={"deny": Selection()})) is not None:
        assert refusal(author, HERE, rules) is not None


def test_the_first_allowance_that_is_used_up_is_told() -> None:
    limits = Allowance(questions=2, pages=5, seconds=10)
    assert exhausted(Spent(questions=1, pages=4, seconds=9.9), limits, "person") is None
    assert exhausted(Spent(questions=2), limits, "person") == Exhausted(whose="person", unit="questions", limit=2)
    assert exhausted(Spent(pages=7), limits, "channel") == Exhausted(whose="channel", unit="pages", limit=5)
    assert exhausted(Spent(seconds=10.0), limits, "person") == Exhausted(whose="person", unit="seconds", limit=10)
    assert exhausted(Spent(questions=9**9), Allowance(), "person") is None
