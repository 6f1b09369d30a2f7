"""The commands. Exit status: 0 answered or well, 1 failed, 2 bad usage or configuration."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.errors import AdapterError
from adapters.mathematics import readable
from bot import app, doctor, log, replies, startup
from bot.ask import Asker, Question, Reply
from bot.checks import command, recipes
from bot.checks import question as checked
from bot.settings import Settings, SettingsError, load
from bot.store.database import Unusable
from bot.store.store import Store
from bot.trial import Trial, try_examples
from inference.errors import EngineError

cli = typer.Typer(
    help="Ask about pictures and documents: in team chat, on a local page, or right here.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
cli.add_typer(database, name="db")

stderr = Console(stderr=True)


class ModeName(StrEnum):
    """The modes, for the command line's own check."""

    QUICK = "quick"
    THINK = "think"
    DEEP = "deep"


Config = Annotated[
    Path | None, typer.Option("--config", help="A TOML file to use instead of config.toml.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@cli.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.", show_default=False)] = "",
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Pictures and documents.", exists=True, dir_okay=False, show_default=False),
    ] = None,
    mode: Annotated[ModeName | None, typer.Option(help="How long to think.", show_default=False)] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help='Lines {"question", "files", "mode"?}; prints one JSON object for each, in order.',
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Ask a question about files; the answer alone goes to stdout."""
    settings = _settings(config)
    if bool(question.strip()) == (batch is not None):
        _misused("Give either a question or a file of questions with --batch.")
    if batch is not None:
        _run(_ask_batch(settings, batch))
    else:
        asked = Question(question=question, files=tuple(files or ()), mode=mode.value if mode else None)
        _run(_ask(settings, asked, as_json=as_json))


async def _ask(settings: Settings, question: Question, *, as_json: bool) -> int:
    with stderr.status("Looking …") as line:
        async with (
            app.running_decoder(settings) as decoder,
            app.running_engine(settings, tell=startup.telling(stderr, line)) as engine,
        ):
            asker = Asker(engine, decoder, settings.engine)
            reply = await asker.ask(question, watch=lambda draft: line.update(Text(replies.status(draft))))
    if as_json:
        print(json.dumps(reply.as_json(), ensure_ascii=False))
    else:
        _show(reply)
    return 0 if reply.answered else 1


def _show(reply: Reply) -> None:
    for note in (*replies.fates(reply.documents), *reply.draft.notes):
        stderr.print(Text(note, style="dim"))
    if reply.draft.reasoning:
        stderr.print(Text(readable(reply.draft.reasoning), style="dim italic"))
    if reply.draft.text:
        print(readable(reply.draft.text))
    if reply.error:
        stderr.print(Text(reply.error, style="red"))


async def _ask_batch(settings: Settings, path: Path) -> int:
    answered = True
    async with (
        app.running_decoder(settings) as decoder,
        app.running_engine(settings, tell=startup.telling(stderr)) as engine,
    ):
        asker = Asker(engine, decoder, settings.engine)
        with path.open(encoding="utf-8", errors="replace") as lines:
            async for reply in asker.batch(line for line in lines if line.strip()):
                print(json.dumps(reply.as_json(), ensure_ascii=False), flush=True)
                answered = answered and reply.answered
    return 0 if answered else 1


@cli.command()
def check(
    question: Annotated[str, typer.Argument(help="What you want to know of each document.", show_default=False)] = "",
    files: Annotated[
        list[Path] | None, typer.Argument(help="Documents, and folders of them.", exists=True, show_default=False)
    ] = None,
    recipe: Annotated[
        Path | None,
        typer.Option(
            help="A saved check instead of a question; without files its samples are tried.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table there, as CSV.", show_default=False)] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the table there, as a workbook.", show_default=False)] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with thumbnails there.", show_default=False)] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Read again what was read for this question before.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Ask the same of every document, such as whether each invoice has been paid; a row for each."""
    settings = _settings(config)
    named = [Path(question)] if recipe is not None and question else []
    chosen = [*named, *(files or ())]
    if missing := [path for path in chosen if not path.exists()]:
        _misused(f"There is no file or folder {missing[0]}.")
    if recipe is None and not (question.strip() and chosen):
        _misused("Say what you want to know of each document, and name documents or folders.")
    for path in (csv, xlsx, html):
        if path is not None and not path.parent.is_dir():
            _misused(f"There is no folder {path.parent}.")
    wanted = command.Wanted(csv=csv, xlsx=xlsx, html=html, as_json=as_json, fresh=fresh)
    if recipe is None:
        _run(command.check(settings, checked.parse(question), chosen, wanted, stderr))
    try:
        saved = recipes.load(recipe)
    except recipes.RecipeError as error:
        _misused(str(error))
    if not chosen and not saved.samples:
        _misused("Name documents or folders: the recipe has no samples.")
    run = command.check(settings, saved.asked, chosen, wanted, stderr) if chosen else None
    _run(run or command.try_samples(settings, saved, stderr))


@cli.command()
def console(
    port: Annotated[int | None, typer.Option(help="Instead of console.port.", show_default=False)] = None,
    config: Config = None,
) -> None:
    """Open a page on this machine where everything can be tried without an account."""
    settings = _settings(config, serving=True)
    if port is not None:
        settings = settings.model_copy(update={"console": settings.console.model_copy(update={"port": port})})
    _run(_console(settings))


@cli.command()
def run(config: Config = None) -> None:
    """Connect to Slack and Discord and answer until stopped."""
    _run(_chat(_settings(config, serving=True)))


async def _console(settings: Settings) -> int:
    with stderr.status("Opening the console …") as line:

        def announce(url: str) -> None:
            line.stop()
            stderr.print(f"The console is open at [bold]{url}[/]. Press Ctrl-C to close it.")

        tell = startup.telling(stderr, line) if stderr.is_terminal else None
        await app.run_console(settings, announce, tell)
    return 0


async def _chat(settings: Settings) -> int:
    await app.run(settings, app.chat_adapters(settings))
    return 0


@cli.command(name="doctor")
def examine(
    try_engine: Annotated[
        bool, typer.Option("--try", help="Load the engine and ask it about the example documents.")
    ] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Check the configuration, the platforms, the machine and the database, and say what to do next."""
    settings = _settings(config)
    _run(_try(settings, as_json=as_json) if try_engine else _examine(settings, as_json=as_json))


async def _try(settings: Settings, *, as_json: bool) -> int:
    trials = []
    with stderr.status("Loading the engine …") as line:
        async for trial in try_examples(settings, startup.telling(stderr, line)):
            trials.append(trial)
            if not as_json:
                _show_trial(trial)
    if as_json:
        print(json.dumps([asdict(trial) for trial in trials], ensure_ascii=False, indent=2))
    return 1 if any(trial.right is False for trial in trials) else 0


def _show_trial(trial: Trial) -> None:
    verdict = {True: Text("right", "green"), False: Text("wrong", "bold red"), None: Text("beyond it", "yellow")}
    speed = f", {trial.tokens_per_s:.1f} tokens/s" if trial.tokens_per_s is not None else ""
    gpu = f" and {trial.peak_gpu_mib:.0f} MiB on the GPU" if trial.peak_gpu_mib is not None else ""
    figures = f"{trial.seconds:.1f} s{speed}, at most {trial.peak_memory_mib:.0f} MiB{gpu} so far"
    out = Console()
    out.print(Text(f"{trial.title}: {trial.question} ", "bold") + verdict[trial.right] + Text(f"  {figures}", "dim"))
    out.print(Text(trial.answer), "\n")


async def _examine(settings: Settings, *, as_json: bool) -> int:
    with stderr.status("Looking around …"):
        findings = await doctor.examine(settings)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for finding in findings:
            mark = {"ok": Text("ok", "green"), "warning": Text("look", "yellow"), "error": Text("mend", "bold red")}
            advice = Text(f"\n→ {finding.advice}", "bold") if finding.advice else Text()
            table.add_row(mark[finding.level], Text(finding.subject, "bold"), Text(finding.message) + advice)
        Console().print(table)
    return 1 if any(finding.level == "error" for finding in findings) else 0


@database.command()
def upgrade(config: Config = None) -> None:
    """Bring the tables up to date; ``run`` and ``console`` do the same when they start."""
    _run(_upgrade(_settings(config)))


async def _upgrade(settings: Settings) -> int:
    async with Store(settings.store_url, settings.data_dir, settings.store.pictures):
        stderr.print("The database is up to date.")
    return 0


def _settings(path: Path | None, *, serving: bool = False) -> Settings:
    """With the log configured: a command that answers and ends logs no more than warnings, unless the level is set."""
    try:
        settings = load(path)
    except SettingsError as error:
        _misused(str(error))
    quiet = not serving and "level" not in settings.log.model_fields_set
    log.configure(settings.log.model_copy(update={"level": "warning"} if quiet else None), settings.secrets)
    return settings


def _misused(sentence: str) -> NoReturn:
    stderr.print(Text(sentence, style="red"))
    raise typer.Exit(2)


def _run(command: Coroutine[Any, Any, int]) -> NoReturn:
    """Run to the end; what stops us is said in a sentence."""
    try:
        status = asyncio.run(command)
    except SettingsError as error:
        _misused(str(error))
    except (EngineError, AdapterError, Unusable) as error:
        stderr.print(Text(str(error), style="red"))
        status = 1
    except KeyboardInterrupt:
        status = 130
    raise typer.Exit(status)


def main() -> None:
    """The entry of ``threadsight``."""
    cli()
