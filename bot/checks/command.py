"""``threadsight check``: the same checks as in a channel, over files."""

import json
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot import app, startup
from bot.checks import files, page, posts, replies, table, values
from bot.checks.judging import Judge, Judged, Options
from bot.checks.question import Asked
from bot.checks.recipes import Recipe
from bot.checks.report import Report
from bot.checks.verdicts import Row, Word
from bot.settings import Settings
from bot.store.store import Store

_STYLES: dict[Word, str] = {"yes": "green", "no": "bold red", "unclear": "yellow", "other": "dim", "unread": "magenta"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to do with the report."""

    csv: Path | None = None
    xlsx: Path | None = None
    html: Path | None = None
    as_json: bool = False
    fresh: bool = False


async def check(settings: Settings, asked: Asked, paths: list[Path], wanted: Wanted, stderr: Console) -> int:
    """0 if any document could be read."""
    report = await _judged(settings, asked, files.plan(paths), wanted, stderr)
    _write(report, wanted)
    if wanted.as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _show(report, Console())
    return 0 if any(row.verdict.word != "unread" for row in report.rows) else 1


async def try_samples(settings: Settings, recipe: Recipe, stderr: Console) -> int:
    """0 if every sample of a recipe gets the verdict that it should."""
    samples = {str(sample.file): sample.verdict for sample in recipe.samples}
    plan = files.Plan(tuple((name, Path(name)) for name in samples), 0)
    report = await _judged(settings, recipe.asked, plan, Wanted(fresh=True), stderr)
    out = Console()
    wrong = [row for row in report.rows if row.verdict.word != samples[row.file]]
    for row in report.rows:
        mark = Text("wrong ", "bold red") if row in wrong else Text("right ", "green")
        out.print(mark + Text(replies.sample(row.file, row.verdict.word, samples[row.file])))
    return 1 if wrong else 0


async def _judged(settings: Settings, asked: Asked, chosen: files.Plan, wanted: Wanted, stderr: Console) -> Report:
    seconds = len(chosen.files) * settings.checks.seconds_each
    stderr.print(Text(replies.plan_of_files(len(chosen.files), seconds, chosen.left_out), "dim"))
    options = Options(
        mode=settings.checks.mode,
        seconds=settings.engine.seconds,
        max_pages=settings.documents.max_pages,
        fresh=wanted.fresh,
    )
    async with (
        Store(settings.store_url, settings.data_dir) as store,
        app.running_decoder(settings) as decoder,
        app.running_engine(settings, tell=startup.telling(stderr)) as engine,
    ):
        with _progress(stderr) as progress:
            bar = progress.add_task("", total=len(chosen.files))

            def watch(file: str, judged: Judged | None) -> None:
                progress.update(bar, description=posts.flat(file)[-40:], advance=judged is not None)

            return await files.check(chosen, asked, Judge(engine, decoder, store.checks, options), watch)


def _progress(stderr: Console) -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=stderr,
        transient=True,
    )


def _write(report: Report, wanted: Wanted) -> None:
    writers = ((wanted.csv, table.as_csv), (wanted.xlsx, table.as_workbook), (wanted.html, page.as_html))
    for path, write in writers:
        if path is not None:
            path.write_bytes(write(report))


def _show(report: Report, out: Console) -> None:
    named = replies.words(payment=report.asked.about_payment)
    shown = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    shown.add_column(justify="right", no_wrap=True)
    for row in report.urgent_first:
        word, fields = row.verdict.word, row.verdict.fields
        total = " ".join(filter(None, (fields.amount, fields.currency)))
        shown.add_row(Text(named[word], _STYLES[word]), _described(row), Text(posts.flat(total)))
    out.print(Text(report.headline, "bold"))
    out.print(shown)
    for currency, by_word in report.amounts().items():
        sums = ", ".join(f"{named[word]} {values.written(total)}" for word, total in by_word.items())
        out.print(Text(f"{posts.flat(currency)}: {sums}"))
    for hand in report.hands:
        out.print(Text(posts.flat(hand), "bold yellow"))


def _described(row: Row) -> Text:
    """Its name and what it says, without anything that would move a terminal's cursor."""
    fields, evidence = row.verdict.fields, row.verdict.evidence
    said = f"“{evidence}”" if evidence else None
    where = f"page {row.verdict.page}" if row.verdict.page and row.pages > 1 else None
    due = f"due {fields.due}" if fields.due else None
    told = " · ".join(posts.flat(one) for one in (fields.vendor, fields.number, due, said, where, row.remarks) if one)
    return Text(posts.flat(row.file)) + Text(f"\n{told}" if told else "", "dim")
