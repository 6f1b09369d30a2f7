"""Reading JSON that may hold anything: what has not the expected type counts as empty."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.characters import whole


def string(value: object) -> str:
    return whole(value) if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def first(source: Mapping[str, Any], *keys: str) -> str:
    """The first of these entries that is a string and not empty."""
    return next((value for key in keys if (value := string(source.get(key)))), "")
