"""Saved checks."""

from pathlib import Path

import pytest

from bot.checks import recipes
from bot.checks.verdicts import judge
from tests.bot.checks.samples import drawing, extraction, said
from tests.bot.checks.test_command import terminal
from tests.bot.checks.test_verdicts import TODAY
from tests.bot.test_cli import Terminal

__all__ = ["terminal"]

RECIPE = """
name = "Long open invoices"
question = "Is this invoice still unpaid?"
fields = ["vendor", "amount"]
rule = "status is unpaid and due before 2026-11-10"

[[samples]]
file = "a.png"
verdict = "{verdict}"
"""


def saved(folder: Path, text: str) -> Path:
    path = folder / "open.toml"
    path.write_text(text)
    return path


def test_the_rule_decides_and_the_fields_are_shown(tmp_path: Path) -> None:
    recipe = recipes.load(saved(tmp_path, RECIPE.format(verdict="yes")))
    verdict = judge(extraction(payment_status="unpaid"), recipe.asked, 1, today=TODAY)
    assert verdict.word == "yes"
    assert {name for name, value in verdict.fields.told().items() if value} == {"vendor", "amount", "payment_status"}
    assert judge(extraction(), recipe.asked, 1, today=TODAY).word == "no"
    assert judge(extraction(payment_status="none"), recipe.asked, 1, today=TODAY).word == "unclear"
    assert judge(extraction(document="contract"), recipe.asked, 1, today=TODAY).word == "other"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('name = "a"\nquestion = "?"\nrule = "status are paid"', "rule"),
        ('name = "a"\nquestion = "?"\ncolour = "red"', "colour"),
        ('name = "a"', "question"),
        ('name = "a"\nquestion = "?"\nfields = ["total"]', "fields"),
        ("name = ", "TOML"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(recipes.RecipeError, match=named):
        recipes.load(saved(tmp_path, text))


async def test_a_recipe_on_the_command_line(terminal: Terminal) -> None:
    terminal.file("a.png", drawing(1))
    await terminal.model.control("behave", deltas=[{"content": said(payment_status="unpaid")}])
    recipe = str(saved(terminal.folder, RECIPE.format(verdict="yes")))
    ended = await terminal.run("check", "--recipe", recipe, "a.png", "--json")
    assert (ended.status, ended.object["rows"][0]["verdict"]) == (0, "yes")
    tried = await terminal.run("check", "--recipe", recipe)
    assert (tried.status, tried.stdout.split()[0]) == (0, "right")
    wrong = await terminal.run("check", "--recipe", str(saved(terminal.folder, RECIPE.format(verdict="no"))))
    assert (wrong.status, "expected no" in wrong.stdout) == (1, True)
