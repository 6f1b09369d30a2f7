"""Questions with much around them, which are answered all the same; how much of them is weighed decides how soon."""

import pytest

from inference.reader import engine as reader
from inference.reader.engine import LONGEST_QUESTION, ReaderEngine
from inference.reader.scope import Shown
from inference.types import Image, Request, Text, Turn
from tests.inference.reader.pages import sheet

BILL = """Invoice 2026-17      Date: 2026-03-02
Widget      2      10.00      20.00
Total      20.00 EUR
Paid by card on 3 March 2026"""

SAID = "Has anybody seen the invoice of the second supplier, which our accountant asked for last week? "


@pytest.mark.parametrize(
    "asked",
    [
        ("Said in this thread before:\n" + SAID * 30, "What is the total?"),
        ("What is the total? " + "We wait for that. " * 180,),
        ("What is the total? " + "1, " * 2_000,),
    ],
)
async def test_of_what_is_said_around_a_question_little_is_weighed(
    asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[str] = []
    answer = reader.answer

    def listen(questions: list[str], shown: list[Shown]) -> str:
        weighed.extend(questions)
        return answer(questions, shown)

    monkeypatch.setattr(reader, "answer", listen)
    engine = ReaderEngine()
    engine._keep(sheet(BILL, sha256="bill"))  # as if it had read it before
    *around, last = asked
    picture = Image(sha256="bill", content=b"", width=9, height=9, label="#1 a.png, page 1")
    turns = (*(Turn(role="user", text=text) for text in around), Turn(role="user", text=last, images=(picture,)))
    said = [event.text async for event in engine.generate(Request(id="1", turns=turns)) if isinstance(event, Text)]
    assert "20.00 EUR" in said[0]
    assert max(map(len, weighed)) <= LONGEST_QUESTION + 1
