"""A check with the embedded reader: the whole way, from drawn documents to verdicts."""

from pathlib import Path
from random import Random

from benchmarks.documents.generate import draw_document
from benchmarks.documents.types import Document, Kind
from bot.checks.files import check, plan
from bot.checks.judging import Judge, Options
from bot.checks.question import parse
from bot.store.store import Store
from inference.images import Decoder
from inference.manager import InferenceManager
from inference.reader.engine import ReaderEngine
from tests.bot.checks.samples import PAID

KINDS: tuple[Kind, ...] = ("receipt", "receipt", "terminal")
STATUS = {"paid": "yes", "unpaid": "no", "none": "unclear"}


def expected(document: Document) -> str:
    return STATUS[document.payment or "none"] if document.kind == "receipt" else "other"


async def test_drawn_documents_get_their_verdicts(tmp_path: Path) -> None:
    drawn = [draw_document(kind, "en", Random(f"check/{n}"), name=f"{n}-{kind}") for n, kind in enumerate(KINDS, 1)]
    (tmp_path / "in").mkdir()
    for document in drawn:
        (tmp_path / "in" / f"{document.name}.png").write_bytes(document.image)
    decoder, engine = Decoder(), InferenceManager(ReaderEngine())
    await engine.start()
    try:
        async with Store(f"sqlite+aiosqlite:///{tmp_path}/test.db", tmp_path) as store:
            judge = Judge(engine, decoder, store.checks, Options(mode="quick", seconds=300, max_pages=5))
            report = await check(plan([tmp_path / "in"]), parse(PAID), judge)
    finally:
        await engine.close()
        await decoder.close()
    assert [row.file for row in report.rows] == [f"{document.name}.png" for document in drawn]
    assert [row.verdict.word for row in report.rows] == [expected(document) for document in drawn]
    amounts = {row.file: row.verdict.fields.amount for row in report.rows}
    records = {f"{document.name}.png": document.record for document in drawn}
    assert all(amounts[name] == record.amount for name, record in records.items() if record)
