"""Saved checks: a question with a rule, in a TOML file, and samples with which to try it."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.checks import question, rules
from bot.checks.question import Asked
from inference.extraction import DocumentKind

FieldName = Literal["vendor", "number", "date", "due", "amount", "currency", "account", "paid_on"]


class RecipeError(Exception):
    """The text says what is wrong with the file."""


def _understood(text: str) -> str:
    rules.parse(text)
    return text


class Sample(BaseModel):
    """A document whose verdict is known. ``file`` stands beside the recipe."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path
    verdict: Literal["yes", "no", "unclear", "other", "unread"]


class Recipe(BaseModel):
    """A check to be used again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=80)
    question: str = Field(min_length=1, max_length=500)
    kind: DocumentKind | None = None
    """What is of another kind is ``other``; by default what the question names."""
    fields: tuple[FieldName, ...] = ()
    """What to show; all if empty."""
    rule: Annotated[str, AfterValidator(_understood)] = ""
    samples: tuple[Sample, ...] = ()

    @property
    def asked(self) -> Asked:
        """The question, with what the recipe says more exactly than words."""
        asked = question.parse(self.question)
        rule = rules.parse(self.rule) if self.rule else None
        return replace(asked, kind=self.kind or asked.kind, rule=rule, shown=frozenset(self.fields))


def load(path: Path) -> Recipe:
    """RecipeError if the file is none."""
    try:
        recipe = Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise RecipeError(f"{path}: {_explain(error)}") from None
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path} is not valid TOML: {error}.") from None
    except UnicodeDecodeError:
        raise RecipeError(f"{path} is not text in UTF-8: save it as such.") from None
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}.") from None
    beside = [sample.model_copy(update={"file": path.parent / sample.file}) for sample in recipe.samples]
    return recipe.model_copy(update={"samples": tuple(beside)})


_SAID = {"extra_forbidden": "there is no such setting", "missing": "it is missing"}


def _explain(error: ValidationError) -> str:
    faults = []
    for fault in error.errors(include_input=False, include_url=False):
        where = ".".join(str(part) for part in fault["loc"]) or "the recipe"
        what = _SAID.get(fault["type"], fault["msg"].rstrip("."))
        faults.append(f"{where}: {what.removeprefix('Value error, ')}")
    return "; ".join(faults) + "."
