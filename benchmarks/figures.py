"""What a benchmark is asked and what it tells."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """From the command line. A benchmark without dice or documents ignores what it has no use for."""

    seed: int
    count: int
    verbose: bool
    quick: bool = False
    """Small sizes, to try a benchmark: its figures mean nothing then."""
    clock: Literal["wall", "cpu"] = "wall"
    """Of a benchmark that compares times: where others use the machine as well, the process's own time on the CPUs."""
    threads: int = 2
    """Of torch. One where others use the machine as well: two would wait for each other."""
    weights_first: bool = False
    """Of the manager's model: how the products of few rows are computed, for both sides."""
    pairs: int = 0
    """Of a benchmark that compares in pairs, how many; 0 is as many as it needs."""
    only: tuple[str, ...] = ()
    """Scenes of a benchmark that has several; all if there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number and what it should be."""

    name: str
    value: float
    sense: Literal[">=", "<="]
    goal: float

    @property
    def ok(self) -> bool:
        return self.value >= self.goal if self.sense == ">=" else self.value <= self.goal

    def __str__(self) -> str:
        return f"figure {self.name} {self.value:.4g} goal {self.sense}{self.goal:g} {'ok' if self.ok else 'short'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A benchmark's figures, and whatever else explains them, fit for JSON."""

    figures: tuple[Figure, ...]
    details: dict[str, Any]


class Bench(Protocol):
    """A module with this function; its figures' names begin with its own name and a dot."""

    def run(self, options: Options) -> Report:
        """Measure. May print lines of its own for people."""
