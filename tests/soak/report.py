"""What a soak came to, as a table."""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.soak.life import Look
from tests.soak.stopwatch import Taken

GOALS_MS = {"sqlite": 10.0, "postgresql": 30.0}
MOST_GROWTH = 0.05
POOLED = 10
"""Files of the five connections that the pool of the database keeps, once they were needed at the same time."""


@dataclass
class Report:
    """``warm`` and ``end`` are looks at a bot with nothing to do, after the warm-up and in the end; ``under_way`` those
    between them."""

    store: str
    seconds: float
    """Between ``warm`` and ``end``."""
    questions: int = 0
    in_all: int = 0
    mishaps: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    """Lost, doubled or left unfinished."""
    warm: Look | None = None
    end: Look | None = None
    under_way: list[Look] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)

    def growth(self) -> dict[str, float]:
        """Of memory, as shares of what it was."""
        assert self.warm is not None
        assert self.end is not None
        tenth = max(1, len(self.under_way) // 10)
        first, last = self.under_way[:tenth], self.under_way[-tenth:]
        whole: Callable[[Look], int] = lambda look: look.memory + look.children  # noqa: E731
        return {
            "at rest": whole(self.end) / whole(self.warm) - 1,
            "at work": statistics.mean(map(whole, last)) / statistics.mean(map(whole, first)) - 1,
        }

    def faults(self) -> list[str]:
        """What was promised and is not so."""
        assert self.warm is not None
        assert self.end is not None
        found = list(self.wrong)
        found += [f"memory {when}: {share:+.1%}" for when, share in self.growth().items() if share >= MOST_GROWTH]
        before, after = self.warm.tasks, self.end.tasks
        if len(after) > len(before):
            more = (Counter(after) - Counter(before)).elements()
            found.append(f"tasks: {len(before)}, then {len(after)}, among them {', '.join(more)}")
        if self.end.files > self.warm.files + POOLED:
            found.append(f"files: {self.warm.files}, then {self.end.files}")
        p50 = _ms([one.to_engine + one.to_post for one in self._plain()], 50)
        return found + ([f"own overhead: {p50:.1f} ms"] if p50 > GOALS_MS[self.store] else [])

    def __str__(self) -> str:
        assert self.warm is not None
        assert self.end is not None
        growth = self.growth()
        memory = (
            f"{_mib(self.warm.memory)} + {_mib(self.warm.children)}",
            f"{_mib(self.end.memory)} + {_mib(self.end.children)}",
        )
        rows = [
            ("answers a second", f"{self.questions / self.seconds:.2f}"),
            ("calls and downloads, of which went wrong", _mishaps(self.mishaps)),
            ("memory at rest, bot + decoder, MiB", f"{memory[0]}, then {memory[1]}: {growth['at rest']:+.1%}"),
            ("memory at work, last tenth against first", f"{growth['at work']:+.1%}"),
            ("tasks at rest", f"{len(self.warm.tasks)}, then {len(self.end.tasks)}"),
            ("open files at rest", f"{self.warm.files}, then {self.end.files}"),
        ]
        return "\n".join([*(f"{name:<45}{value}" for name, value in rows), "", *self._overheads()])

    def _overheads(self) -> list[str]:
        plain, pictured = self._plain(), [one for one in self.taken if one.picture]
        rows = {
            "event in → engine": [one.to_engine for one in plain],
            "answer complete → call that shows it": [one.to_post for one in plain],
            f"both, p50 to be at most {GOALS_MS[self.store]:.0f}": [one.to_engine + one.to_post for one in plain],
            "with a picture: event in → engine": [one.to_engine for one in pictured],
            "the platform's, before the engine": [one.platform for one in self.taken],
        }
        head = f"{'own overhead, ms':<45}{'p50':>9}{'p99':>9}{'questions':>11}"
        return [head, *(f"{name:<45}{_ms(s, 50):>9.1f}{_ms(s, 99):>9.1f}{len(s):>11}" for name, s in rows.items())]

    def _plain(self) -> list[Taken]:
        """Without those for which a file had to be fetched and decoded."""
        return [one for one in self.taken if not one.picture]


def _ms(seconds: Sequence[float], percent: int) -> float:
    return 1_000 * sorted(seconds)[len(seconds) * percent // 100] if seconds else 0.0


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f}"


def _mishaps(counts: dict[str, int]) -> str:
    kinds = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()) if name != "calls")
    wrong = sum(number for name, number in counts.items() if name != "calls")
    return f"{counts.get('calls', 0)}, {wrong} ({kinds})"
