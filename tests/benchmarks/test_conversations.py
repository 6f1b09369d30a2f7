"""The benchmark frame, driven by engines whose score is known beforehand."""

import itertools
from collections.abc import AsyncGenerator

import pytest

from benchmarks.conversations import ask_all
from benchmarks.documents.generate import documents
from benchmarks.documents.types import Document
from benchmarks.figures import Figure
from inference.engine import Capacity, Cost
from inference.types import Done, Event, Lane, Request, Text

NOT_FOUND = "I could not find that on the page."


class Oracle:
    """Says what it was told to say about a page and a question."""

    name = "oracle"

    def __init__(self, answers: dict[tuple[str, str], str]) -> None:
        self._answers = answers
        self.running = False

    async def start(self) -> None:
        self.running = True

    async def close(self) -> None:
        self.running = False

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        assert self.running
        assert [turn.role for turn in request.turns] == ["user", "assistant"] * (len(request.turns) // 2) + ["user"]
        (image,) = request.images
        page = image.label.removeprefix("#1 ").removesuffix(".png")
        yield Text(text=self._answers.get((page, request.turns[-1].text), NOT_FOUND))
        yield Done()

    def cost(self, request: Request) -> Cost:
        return Cost(prompt_tokens=0, output_tokens=0)

    def capacity(self) -> Capacity:
        return Capacity(requests=1, tokens=0)

    def pause(self, lanes: frozenset[Lane]) -> int:
        return 0


@pytest.fixture(scope="module")
def pages() -> list[Document]:
    return list(itertools.islice(documents(11, 6), 6))


async def test_the_truth_is_right(pages: list[Document]) -> None:
    oracle = Oracle(
        {
            (page.name, question.text): question.expected[0].drawn
            for page in pages
            for question in page.questions
            if question.expected
        }
    )
    asked = await ask_all(oracle, pages)
    assert not oracle.running
    assert len(asked) == sum(len(page.questions) for page in pages)
    assert [each.miss() for each in asked if not each.right] == []
    assert [each.first for each in asked].count(True) == len(pages)


async def test_a_shrug_is_right_only_where_the_page_says_nothing(pages: list[Document]) -> None:
    asked = await ask_all(Oracle({}), pages)
    assert {each.sort for each in asked if each.right} == {"absent"}
    assert all(each.right for each in asked if each.sort == "absent")


def test_figures_tell_whether_the_goal_is_met() -> None:
    share = Figure(name="reader.fields_right", value=0.951, sense=">=", goal=0.95)
    assert str(share) == "figure reader.fields_right 0.951 goal >=0.95 ok"
    slow = Figure(name="reader.follow_up_cpu_s", value=0.31234, sense="<=", goal=0.3)
    assert str(slow) == "figure reader.follow_up_cpu_s 0.3123 goal <=0.3 short"
