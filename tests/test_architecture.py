"""The import rules of docs/architecture.md, read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for package in ("adapters", "bot", "inference") for path in sorted((ROOT / package).rglob("*.py"))]

HOMES = {
    "slack_bolt": "adapters/slack",
    "slack_sdk": "adapters/slack",
    "discord": "adapters/discord",
    "gradio": "adapters/console",
    "torch": "inference/local",
    "transformers": "inference/local",
    "accelerate": "inference/local",
    "llguidance": "inference/local",
    "rapidocr": "inference/reader",
}
"""Each of these libraries is imported below one folder only."""

NEVER = {"adapters": {"bot", "inference"}, "inference": {"bot", "adapters"}, "bot": set()}
COMPOSITION_ROOT = {"bot/app.py"}
DOORS = {
    "adapters.base",
    "adapters.characters",
    "adapters.errors",
    "adapters.failpoints",
    "adapters.standing",
    "adapters.tracing",
    "adapters.mathematics",
    *(f"adapters.{name}.settings" for name in ("console", "discord", "slack")),
}
"""What the bot may know of adapters: the values, the errors, the shape of their sections in the configuration, and how
formulas are written where none are drawn, for a terminal is such a place too."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_keep_the_layers_apart(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    package = here.split("/")[0]
    for module in imports(path):
        top = module.split(".")[0]
        assert top not in NEVER[package], f"{here} imports {module}"
        home = HOMES.get(top)
        assert home is None or here.startswith(home), f"{here} imports {module}, whose home is {home}"
        if package == "bot" and top == "adapters" and here not in COMPOSITION_ROOT:
            assert module in DOORS, f"{here} reaches behind the adapters' door: {module}"


@pytest.mark.parametrize("folder", sorted({path.parent for path in SOURCES}), ids=lambda folder: folder.name)
def test_every_folder_is_a_package_so_that_it_is_installed(folder: Path) -> None:
    assert (folder / "__init__.py").exists()
