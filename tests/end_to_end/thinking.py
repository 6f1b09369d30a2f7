"""An engine that thinks, and tells how only when asked."""

from collections.abc import Iterable

from inference.engine import Engine
from inference.scripted import ScriptedEngine, Step
from inference.summary import SummaryEngine, SummaryOptions
from inference.types import Request, Text, Thought

SUMMARY = "I compared the lines."
BUTTON = "Show reasoning summary"
RAW = "Hm, wait: line 2 first."


def thinking() -> Engine:
    return SummaryEngine(ScriptedEngine(_script), SummaryOptions(policy="on_demand"))


def _script(request: Request) -> Iterable[Step]:
    if request.id.endswith("/summary"):
        return [Text(text=SUMMARY)]
    return [Thought(text=RAW), Text(text="The second one.")]
