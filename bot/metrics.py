"""What the line, the engine and the jobs are doing, as Prometheus reads it. Nothing in it is what anybody wrote."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from inference.snapshot import Counts, Snapshot

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_COUNTS = {
    "answered": "Answers that came to their end",
    "deadlines": "Answers that their deadline ended",
    "stopped": "Answers that somebody stopped",
    "failed": "Answers that failed",
    "refused": "Questions for which the line had no place",
    "preemptions": "Pauses of answers of the batch lane",
    "entered": "Questions that went from the line into the engine",
    "waited_s": "Seconds that those waited in the line",
    "prompt_tokens": "Tokens of prompts",
    "cached_tokens": "Tokens of prompts that were in the cache",
    "output_tokens": "Tokens of thoughts and answers",
}
assert set(_COUNTS) == {one.name for one in fields(Counts)}


def exposition(snapshot: Snapshot, jobs: Mapping[str, int]) -> bytes:
    """One moment in Prometheus' text format; ``jobs`` by their state."""
    registry = CollectorRegistry()
    registry.register(_Once(lambda: _families(snapshot, jobs)))
    return generate_latest(registry)


class _Once(Collector):
    def __init__(self, families: Callable[[], Iterator[Metric]]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return self._families()


def _families(snapshot: Snapshot, jobs: Mapping[str, int]) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("threadsight_line_waiting", "Questions in the line", labels=["lane"])
    waiting.add_metric(["interactive"], snapshot.interactive)
    waiting.add_metric(["batch"], snapshot.batch)
    by_state = GaugeMetricFamily("threadsight_jobs", "Jobs in the database", labels=["state"])
    for state, count in sorted(jobs.items()):
        by_state.add_metric([state], count)
    yield from (waiting, by_state)
    yield GaugeMetricFamily("threadsight_running", "Answers that the engine works on", snapshot.running)
    yield GaugeMetricFamily("threadsight_paused", "Of these, paused", snapshot.paused)
    yield GaugeMetricFamily("threadsight_longest_wait_seconds", "Of those in the line", snapshot.longest_wait_s)
    speeds = GaugeMetricFamily("threadsight_tokens_per_second", "Of one answer, of late", labels=["direction"])
    for direction, rate in (("in", snapshot.prompt_rate), ("out", snapshot.output_rate)):
        if rate is not None:
            speeds.add_metric([direction], rate)
    yield speeds
    yield GaugeMetricFamily("threadsight_engine_rows", "Answers that the engine writes now", snapshot.load.rows)
    yield GaugeMetricFamily("threadsight_engine_cache_bytes", "Memory for caches", snapshot.load.held_bytes)
    for name, help_ in _COUNTS.items():
        name_ = name.replace("waited_s", "waited_seconds")
        yield CounterMetricFamily(f"threadsight_{name_}", help_, getattr(snapshot.counts, name))
