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
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(MODULES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    asked = Options(seed=options.seed, count=options.count, verbose=options.verbose)
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
