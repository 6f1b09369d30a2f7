"""Months of which letters were taken for figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.reader.dates import MONTHS, dates, months_spelled

NAMES = [name for names in MONTHS for name in names.split() if name.isascii() and len(name) > 2]
TAKEN_FOR = {"o": "0", "l": "1", "i": "1"}


@given(st.sampled_from(NAMES), st.data())
def test_a_month_is_right_whichever_letters_were_taken_for_figures(name: str, data: st.DataObject) -> None:
    places = [index for index, char in enumerate(name) if char in TAKEN_FOR]
    wrong = data.draw(st.sets(st.sampled_from(places)) if places else st.just(set()))
    if len({name[index] for index in wrong} & {"l", "i"}) == 2:
        return  # one figure for two letters tells neither
    read = "".join(TAKEN_FOR[char] if index in wrong else char for index, char in enumerate(name))
    (date,) = dates(months_spelled(f"19 {read} 2026 17:05"))
    assert date.day is not None
    assert date.full


@pytest.mark.parametrize("text", ["A01 10th 101", "0x1f 100 011", "git pul1", "Lot 0CT7", "B1-0ct4"])
def test_what_is_no_month_stays(text: str) -> None:
    assert months_spelled(text) == text


@given(st.text())
def test_the_length_stays(text: str) -> None:
    assert len(months_spelled(text)) == len(text)
