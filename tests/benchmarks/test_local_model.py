"""The benchmark of the local model, at a tiny size on the CPU: it measures, and claims nothing."""

from collections.abc import AsyncIterator

import pytest

from benchmarks import local_model
from benchmarks.figures import Options
from benchmarks.local_model import NOT_MEASURED, Row, measures
from benchmarks.local_model.measures import SMALL
from benchmarks.local_model.model import RandomEngine, make
from inference.local import options as local
from inference.local.memory import GIB, Sizes, plan
from inference.local.prompt import Prompts


@pytest.fixture
async def engine() -> AsyncIterator[RandomEngine]:
    engine = RandomEngine("tiny", "cpu", local.Options(rows=4))
    await engine.start()
    yield engine
    await engine.close()


async def test_everything_can_be_measured(engine: RandomEngine) -> None:
    await measures.warm(engine)
    assert await measures.prefill_rate(engine, SMALL) > 0
    assert await measures.decode_rate(engine, 1, SMALL) > 0
    assert await measures.decode_rate(engine, 4, SMALL) > 0
    assert await measures.deep_ratio(engine, SMALL) > 0
    assert measures.bandwidth("cpu", SMALL) > 0


async def test_answers_are_as_long_as_they_may_be(engine: RandomEngine) -> None:
    done = await measures.end_of(engine, measures.asked("a" * 100, 24, mode="think"))
    assert done.usage.reasoning_tokens + done.usage.answer_tokens == 24
    assert 100 < done.usage.prompt_tokens < 200


def test_without_a_gpu_no_figure_is_claimed(capsys: pytest.CaptureFixture[str]) -> None:
    report = local_model.run(Options(seed=7, count=1, verbose=False))
    printed = capsys.readouterr().out
    assert report.figures == ()
    assert {row["value"] for row in report.details["rows"]} == {None}
    assert printed.count(NOT_MEASURED) == len(report.details["rows"]) == 5


def test_what_was_measured_stands_beside_its_bound() -> None:
    row = Row(name="written, 1 at a time", value=98.76, unit="tokens/s", bound=221.3)
    assert str(row) == "| written, 1 at a time | 98.76 tokens/s | 221.3 tokens/s |"


def test_the_bound_at_the_real_size() -> None:
    """15.1 GB are read for each token, so the 3.35 TB/s of an H100 allow for 221 a second."""
    assert measures.decode_bound(Sizes(), 2, 1, 0, 3.35e12) == pytest.approx(221.3, abs=1)
    assert measures.decode_bound(Sizes(), 2, 16, 0, 3.35e12) == pytest.approx(16 * 221.3, abs=16)
    assert measures.decode_bound(Sizes(), 2, 1, plan(80 * GIB).cache, 3.35e12) < 1


def test_the_chat_template_of_the_made_up_tokenizer() -> None:
    _, processor = make("tiny", "cpu")
    assert Prompts(processor).format.starts_thinking
