"""What the README promises: its commands exist, its files are there, its configuration loads."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.checks.recipes import Recipe
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
PROGRAM = Path(sys.executable).with_name("threadsight")


def test_the_make_targets_exist() -> None:
    named = set(re.findall(r"\bmake (\w+)\b", README)) - {"make", "sure"}
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test", "check", "bench"} <= named <= targets


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^threadsight (\w+)", README, re.MULTILINE))))
def test_the_commands_exist(command: str) -> None:
    subprocess.run([PROGRAM, command, "--help"], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(((?!https?:|#)[^)]+)\)", README))))
def test_the_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(#([^)]+)\)", README))))
def test_the_anchors_are_headings(link: str) -> None:
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    assert link in [heading.lower().replace(" ", "-") for heading in headings]


BLOCKS = [
    re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
]


@pytest.mark.parametrize("block", [block for block in BLOCKS if "--recipe" not in block])
def test_the_settings_are_settings(block: str) -> None:
    for section, values in tomllib.loads(block).items():
        assert set(values) <= set(Settings.model_fields[section].annotation.model_fields)


def test_the_recipe_is_a_recipe() -> None:
    (recipe,) = [block for block in BLOCKS if "--recipe" in block]
    assert Recipe.model_validate(tomllib.loads(recipe)).rule
