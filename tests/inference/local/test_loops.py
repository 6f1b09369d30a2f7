"""Loops are noticed soon; long texts that are no loops are let go on. In characters, which is harder than tokens."""

import argparse
import csv
import inspect
import json.decoder
import random
import textwrap
import tokenize

import pytest

from inference.local.loops import Repetition

NAMES = ["Müller AG", "Acme Ltd", "Dupont SARL", "北京公司", "Rossi", "O'Neil & Sons", "Kowalski", "Jensen"]


def noticed(text: str) -> int | None:
    """After how many bytes."""
    repetition = Repetition()
    return next((place for place, byte in enumerate(text.encode()) if repetition.take(byte)), None)


def table(rng: random.Random) -> str:
    rows = (
        f"| {number} | {rng.choice(NAMES)} | {rng.choice(['yes', 'no', '-'])} | {rng.randint(0, 9) * 100} |"
        for number in range(rng.randint(40, 120))
    )
    return "| no | name | paid | amount |\n|---|---|---|---|\n" + "\n".join(rows)


def empty_table(rng: random.Random) -> str:
    return "| Monday | Tuesday | Wednesday |\n|---|---|---|\n" + "|        |         |           |\n" * rng.randint(
        5, 18
    )


def numbered(rng: random.Random) -> str:
    return "\n".join(f"{number}. {rng.choice(NAMES)}: checked, no remarks." for number in range(1, 150))


def same_remark(rng: random.Random) -> str:
    return "\n".join(f"{number}. Signed and dated: yes" for number in range(1, rng.randint(50, 200)))


def code(rng: random.Random) -> str:
    return "\n".join(
        f"    if value == {number}:\n        return {rng.choice(['None', 'True', 'False'])}\n" for number in range(90)
    )


def json_rows(rng: random.Random) -> str:
    rows = (f'  {{"id": {number}, "paid": true, "remark": null}}' for number in range(rng.randint(60, 150)))
    return "[\n" + ",\n".join(rows) + "\n]"


def source(rng: random.Random) -> str:
    """Of programs that people wrote."""
    return inspect.getsource(rng.choice([argparse, csv, json.decoder, textwrap, tokenize]))[:20_000]


def matrix(rng: random.Random) -> str:
    size = rng.randint(8, 12)
    return "\n".join(", ".join(str(int(row == column)) for column in range(size)) for row in range(size))


def ruled(rng: random.Random) -> str:
    return "\n\n".join(f"{'-' * 80}\n{rng.choice(NAMES)}\n{'=' * 80}" for _ in range(40))


def prose(rng: random.Random) -> str:
    words = ["the", "invoice", "total", "of", "page", "shows", "that", "amount", "was", "paid", "before", "and", "why"]
    return " ".join(rng.choice(words) for _ in range(900))


def sums(rng: random.Random) -> str:
    total, lines = 0, []
    for _ in range(80):
        value = rng.randint(1, 500)
        lines.append(f"{total} + {value} = {total + value}")
        total += value
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "kind", [table, empty_table, numbered, same_remark, code, source, json_rows, matrix, ruled, prose, sums]
)
def test_long_texts_are_no_loops(kind: object, seed: int) -> None:
    text = kind(random.Random(seed))  # type: ignore[operator]
    assert noticed(text) is None


@pytest.mark.parametrize(
    "passage",
    [
        "a",
        "No. ",
        "Wait, let me check the total again. ",
        "The amount on the second page differs from the first. " * 3,
        "I should look at the table once more: the first column has the names, the second the sums. " * 4,
        "让我再检查一遍。",
        prose(random.Random(5))[:1_800],
    ],
)
def test_loops_are_noticed(passage: str) -> None:
    opening = prose(random.Random(0))
    place = noticed(opening + passage * 4_000)
    assert place is not None
    assert place - len(opening) <= max(700, 7 * len(passage.encode()))


def test_a_passage_that_is_left_again_does_not_count() -> None:
    text = "".join(prose(random.Random(seed))[:300] + "Again. " * 60 for seed in range(10))
    assert noticed(text) is None
