"""What the tests of this folder would notice in the threads at the end."""

import pytest

from tests.chaos.platforms import Question, faults

ASKED = [Question("question 1", "m1", "t")]
TOLD = "I was asked “question 1” about no pictures."


@pytest.mark.parametrize(
    ("posts", "said"),
    [
        ([], "0 answers"),
        ([TOLD, TOLD], "2 answers"),
        ([TOLD, "…"], "2 posts for 1 questions"),
        ([f"{TOLD} …"], "not final"),
        ([TOLD + TOLD], "said 2 times"),
        (["I was asked “question 1” "], "broken off"),
        (["I was asked “question 1” Stopped."], "stopped by nobody"),
        ([f"{TOLD} Stopped."], "stopped by nobody"),
    ],
)
def test_what_is_lost_doubled_or_left_undone_is_told(posts: list[str], said: str) -> None:
    found = faults(ASKED, {"t": posts}, "…")
    assert found
    assert said in found[0]


def test_an_answer_that_stands_there_once_is_no_fault() -> None:
    assert faults(ASKED, {"t": [TOLD]}, "…") == []
    assert faults(ASKED, {"t": ["I was asked “question 1” Stopped."]}, "…", stopped="question") == []
