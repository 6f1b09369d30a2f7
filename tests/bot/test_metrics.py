"""What Prometheus reads."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import exposition
from inference.manager import InferenceManager
from inference.scripted import ScriptedEngine
from inference.types import Request, Turn
from tests.bot.test_service import stage


def read(text: bytes) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(text.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


async def test_the_line_and_the_jobs_are_counted(tmp_path: Path) -> None:
    line = InferenceManager(ScriptedEngine())
    request = Request(id="1", turns=(Turn(role="user", text="why?"),), owner="ada", thread="1")
    async for _ in line.generate(request):
        pass
    async with stage(tmp_path) as on:
        await on.say("What is it?", mentioned=True)
        await on.adapter.answered()
        await on.service.jobs.idle()
        figures = read(exposition(line.snapshot(), await on.store.jobs_by_state()))
    await line.close()
    assert figures["threadsight_answered_total",] == 1
    assert figures["threadsight_entered_total",] == 1
    assert figures["threadsight_running",] == 0
    assert figures["threadsight_line_waiting", "interactive"] == 0
    assert figures["threadsight_jobs", "delivered"] == 1
    assert figures["threadsight_output_tokens_total",] > 0
    assert figures["threadsight_tokens_per_second", "out"] > 0
