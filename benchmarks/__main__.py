"""``python -m benchmarks [NAME …]``: runs the benchmarks, prints their figures and writes artifacts/bench.json."""

import argparse
import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.figures import Options, Report

MODULES = {
    "event_loop": "benchmarks.event_loop",
    "local_model": "benchmarks.local_model",
    "manager": "benchmarks.manager",
    "reader": "benchmarks.reader_accuracy",
    "step_vl_images": "benchmarks.step_vl_images",
}
"""Each has a ``run(options) -> Report``; imported only when it is chosen."""

RESULTS = Path(__file__).resolve().parent.parent / "artifacts" / "bench.json"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MODULES)}; all by default")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=48, help="documents")
    parser.add_argument("--verbose", action="store_true", help="list what went wrong")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try a benchmark; figures mean nothing")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="cpu where others use the machine too")
    parser.add_argument("--threads", type=int, default=2, help="of torch")
    parser.add_argument(
        "--weights-first",
        action="store_true",
        help="where the BLAS is slow with 2 to 8 rows, take that out of the ratios",
    )
    parser.add_argument("--pairs", type=int, default=0, help="of each of the manager's scenes, where time is short")
    parser.add_argument("--only", nargs="+", default=[], metavar="SCENE", help="of the manager's scenes")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(MODULES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    asked = Options(
        seed=options.seed,
        count=options.count,
        verbose=options.verbose,
        quick=options.quick,
        clock=options.clock,
        threads=options.threads,
        weights_first=options.weights_first,
        pairs=options.pairs,
        only=tuple(options.only),
    )
    _write({name: _run(name, asked) for name in options.names or MODULES})


def _run(name: str, options: Options) -> Report:
    report: Report = import_module(MODULES[name]).run(options)
    for figure in report.figures:
        print(figure, flush=True)
    return report


def _write(reports: dict[str, Report]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    found = {
        name: {"figures": [asdict(figure) | {"ok": figure.ok} for figure in report.figures], "details": report.details}
        for name, report in reports.items()
    }
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
