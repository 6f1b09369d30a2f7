"""Checks over files, with the real decoder and store and the scripted engine."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.checks.files import Plan, check, plan
from bot.checks.judging import Judge, Options
from bot.checks.question import parse
from bot.checks.replies import NOT_OPENED
from bot.checks.report import Report
from bot.store.store import Store
from inference.errors import Busy, Dead, Failed
from inference.images import Decoder
from inference.manager import InferenceManager
from inference.scripted import ScriptedEngine, Step
from inference.types import Done, Finish, Request, Text
from tests.bot.checks.samples import PAID, drawing, said

OPTIONS = Options(mode="quick", seconds=60, max_pages=50)


class Desk:
    """A folder of documents, and checks of it."""

    def __init__(self, folder: Path, engine: ScriptedEngine, judge: Judge, store: Store, decoder: Decoder) -> None:
        self.folder, self.engine, self.judge, self.store, self.decoder = folder, engine, judge, store, decoder

    def put(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    async def check(self, question: str = PAID, judge: Judge | None = None) -> Report:
        return await check(plan([self.folder]), parse(question), judge or self.judge)

    def other_judge(self, **changes: object) -> Judge:
        options = {"mode": "quick", "seconds": 60, "max_pages": 50, **changes}
        return Judge(self.engine, self.decoder, self.store.checks, Options(**options))  # type: ignore[arg-type]


@asynccontextmanager
async def desk(tmp_path: Path, engine: ScriptedEngine) -> AsyncIterator[Desk]:
    decoder = Decoder()
    (tmp_path / "in").mkdir()
    try:
        async with Store(f"sqlite+aiosqlite:///{tmp_path}/test.db", tmp_path) as store:
            judge = Judge(InferenceManager(engine), decoder, store.checks, OPTIONS)
            yield Desk(tmp_path / "in", engine, judge, store, decoder)
    finally:
        await decoder.close()


def paid(request: Request) -> Iterator[Step]:
    yield Text(text=said(number=request.images[0].sha256[:8]))


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path, ScriptedEngine(paid, places=2)) as opened:
        yield opened


async def test_every_document_is_one_row_whatever_it_is(at: Desk) -> None:
    for number in range(4):
        at.put(f"{number}.png", drawing(number))
    at.put("deeper/a.png", drawing(9))
    at.put("broken.pdf", b"%PDF-1.7 nothing")
    at.put(".hidden.png", drawing(1))
    at.put("notes.txt", b"no document")
    report = await at.check()
    words = {row.file: row.verdict.word for row in report.rows}
    assert words == {
        "0.png": "yes", "1.png": "yes", "2.png": "yes", "3.png": "yes", "broken.pdf": "unread", "deeper/a.png": "yes"
    }  # fmt: skip
    assert report.headline == "5 paid, 1 could not be read."
    assert next(row for row in report.rows if row.file == "broken.pdf").reason
    assert plan([at.folder]).left_out == 1


@contextmanager
def powerless() -> Iterator[None]:
    """As somebody who may not look into everything, which tests that run as root may."""
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_what_is_no_file_and_what_may_not_be_opened_are_rows() -> None:
    with TemporaryDirectory() as name:
        folder, closed = Path(name), Path(name) / "deeper" / "closed"
        folder.chmod(0o755)
        os.mkfifo(folder / "pipe.pdf")
        (folder / os.fsdecode(b"odd\xff.png")).touch()
        closed.mkdir(parents=True)
        closed.chmod(0)
        with powerless():
            names = [file for file, _ in plan([folder]).files]
    assert names == ["odd\N{REPLACEMENT CHARACTER}.png", "pipe.pdf", "deeper/closed"]


async def test_a_pipe_keeps_nobody_waiting(at: Desk) -> None:
    os.mkfifo(at.folder / "pipe.pdf")
    (row,) = (await at.check()).rows
    assert (row.verdict.word, row.reason) == ("unread", NOT_OPENED)


async def test_the_second_time_only_new_files_are_read(at: Desk) -> None:
    for number in range(3):
        at.put(f"{number}.png", drawing(number))
    first = await at.check()
    at.put("3.png", drawing(3))
    second = await at.check()
    assert len(at.engine.requests) == 4
    assert second.rows[:3] == first.rows
    await at.check("Is there a VAT number?")
    assert len(at.engine.requests) == 8
    await at.check(judge=at.other_judge(fresh=True))
    assert len(at.engine.requests) == 12


async def test_the_same_bytes_are_read_once_and_named_as_the_same(at: Desk) -> None:
    for name in ("a.png", "b.png", "c.png"):
        at.put(name, drawing(1))
    report = await at.check()
    assert [row.same_as for row in report.rows] == ["", "a.png", "a.png"]
    assert len(at.engine.requests) == 1
    assert report.as_json()["totals"]["amounts"] == {"EUR": {"yes": "1234.50"}}


async def test_the_same_page_in_another_format_is_known_by_its_look(tmp_path: Path) -> None:
    def alike(request: Request) -> Iterator[Step]:
        yield Text(text=said())

    async with desk(tmp_path, ScriptedEngine(alike)) as at:
        at.put("a.png", drawing(5))
        at.put("b.jpg", drawing(5, scale=2, kind="JPEG"))
        at.put("c.png", drawing(6))
        report = await at.check()
    assert [row.same_as for row in report.rows] == ["", "a.png", ""]


async def test_an_answer_that_cannot_be_read_is_asked_again_once(tmp_path: Path) -> None:
    async with desk(tmp_path, ScriptedEngine(lambda request: _at_last(request, 3))) as at:
        at.put("a.png", drawing(1))
        assert (await at.check()).rows[0].verdict.word == "yes"
    assert [len(request.turns) for request in at.engine.requests] == [1, 3]


async def test_after_two_such_answers_it_is_unclear(tmp_path: Path) -> None:
    async with desk(tmp_path, ScriptedEngine(lambda request: _at_last(request, 9))) as at:
        at.put("a.png", drawing(1))
        (row,) = (await at.check()).rows
        assert (row.verdict.word, bool(row.verdict.remark)) == ("unclear", True)
        await at.check()
    assert len(at.engine.requests) == 2


def _at_last(request: Request, turns: int) -> Iterator[Step]:
    yield Text(text=said() if len(request.turns) >= turns else "I think it is paid.")


@pytest.mark.parametrize("step", [Failed("It broke."), Done(finish=Finish.DEADLINE)])
async def test_what_the_engine_could_not_do_is_unread_and_tried_the_next_time(step: Step, tmp_path: Path) -> None:
    steps: list[Step] = [step]
    async with desk(tmp_path, ScriptedEngine(lambda request: [steps.pop() if steps else Text(text=said())])) as at:
        at.put("a.png", drawing(1))
        (row,) = (await at.check()).rows
        assert (row.verdict.word, bool(row.verdict.remark), row.fate) == ("unread", True, "used")
        assert (await at.check()).rows[0].verdict.word == "yes"


async def test_a_full_line_is_waited_for(tmp_path: Path) -> None:
    steps: list[Step] = [Busy("Full.", retry_after=0.0)]
    async with desk(tmp_path, ScriptedEngine(lambda request: [steps.pop() if steps else Text(text=said())])) as at:
        at.put("a.png", drawing(1))
        assert (await at.check()).rows[0].verdict.word == "yes"


async def test_a_dead_engine_ends_it_and_what_was_read_is_kept(tmp_path: Path) -> None:
    steps: list[Step] = [Text(text=said()), Dead("Gone.")]
    async with desk(tmp_path, ScriptedEngine(lambda request: [steps.pop(0) if steps else Text(text=said())])) as at:
        for number in range(3):
            at.put(f"{number}.png", drawing(number))
        with pytest.raises(Dead):
            await at.check()
        judge = at.other_judge()
        assert (await at.check(judge=judge)).headline == "3 paid."
    assert len(at.engine.requests) <= 5


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.png").write_bytes(b"")
    paths = [tmp_path / "a", tmp_path / "b" / "x.png", tmp_path / "b" / "x.png"]
    assert plan(paths) == Plan(
        tuple((str(one / "x.png"), one / "x.png") for one in (tmp_path / "a", tmp_path / "b")), 0
    )
