"""``threadsight check``, run as a person runs it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.checks.samples import PAID, drawing, said
from tests.bot.test_cli import Terminal
from tests.fakes.server import serving


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[Terminal]:
    async with serving("tests.fakes.openai") as model:
        await model.control("behave", deltas=[{"content": said()}])
        yield Terminal(tmp_path, model)


async def test_json_is_one_object_as_promised(terminal: Terminal) -> None:
    files = terminal.file("a.png", drawing(1)), terminal.file("b.png", drawing(1)), terminal.file("c.pdf", b"%PDF-1.7")
    ended = await terminal.run("check", PAID, *files, "--json")
    assert ended.status == 0
    assert ended.object["headline"] == "2 paid, 1 could not be read."
    first, second, third = ended.object["rows"]
    assert set(first) == {
        "file", "pages", "verdict", "evidence", "page", "fields", "confidence", "fate", "reason"
    }  # fmt: skip
    assert (first["file"], first["pages"], first["verdict"], first["page"]) == ("a.png", 1, "yes", 1)
    assert set(ended.object) == {"headline", "rows", "totals"}
    assert (first["fields"]["payment_status"], third["fields"]["payment_status"]) == ("paid", "none")
    assert (first["fields"]["amount"], first["fields"]["due"]) == ("1234.50", "2026-11-01")
    assert "a.png" in second["reason"]
    assert (third["verdict"], third["fate"]) == ("unread", "skipped")
    assert ended.object["totals"]["amounts"] == {"EUR": {"yes": "1234.50"}}


async def test_a_table_and_files_for_people(terminal: Terminal) -> None:
    terminal.file("a.png", drawing(1))
    options = ("--csv", "out.csv", "--xlsx", "out.xlsx", "--html", "out.html")
    ended = await terminal.run("check", PAID, ".", *options)
    assert ended.status == 0
    assert ended.stdout.startswith("1 paid.\n")
    assert "Calder & Finch Ltd" in ended.stdout
    assert "EUR: paid 1234.50" in ended.stdout
    assert {path.name for path in terminal.folder.glob("out.*")} == {"out.csv", "out.xlsx", "out.html"}


async def test_strangers_words_move_no_cursor(terminal: Terminal) -> None:
    await terminal.model.control(
        "behave", deltas=[{"content": said(evidence="\x1b[31mred\nline", vendor="\x1b]0;x\x07")}]
    )
    ended = await terminal.run("check", PAID, terminal.file("a\x1b[2J\n.png", drawing(1)))
    assert "red line" in ended.stdout
    assert "\x1b" not in ended.stdout


async def test_nothing_that_could_be_read_ends_with_1(terminal: Terminal) -> None:
    ended = await terminal.run("check", PAID, terminal.file("a.png", b"text"))
    assert (ended.status, ended.stdout.splitlines()[0]) == (1, "1 could not be read.")


async def test_misuse_ends_with_2(terminal: Terminal) -> None:
    for arguments in (("check", PAID, "nowhere"), ("check", PAID, ".", "--csv", "no/a.csv")):
        ended = await terminal.run(*arguments)
        assert (ended.status, ended.stdout) == (2, "")
        assert "Traceback" not in ended.stderr
