"""The commands, run as a person runs them: the installed program in a process of its own."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.end_to_end.pictures import png
from tests.fakes.server import Server, serving
from tests.inference.local.cases import CHECKPOINT

PROGRAM = Path(sys.executable).with_name("threadsight")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def object(self) -> dict[str, Any]:
        return dict(json.loads(self.stdout))


class Terminal:
    """A folder to work in and the environment of the commands."""

    def __init__(self, folder: Path, model: Server) -> None:
        self.folder, self.model = folder, model
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("THREADSIGHT_")}
        self.environment |= {
            "THREADSIGHT_ENGINE__KIND": "remote",
            "THREADSIGHT_ENGINE__URL": f"{model.url}/v1",
            "THREADSIGHT_ENGINE__MODEL": "step",
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }

    async def run(self, *arguments: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            *arguments,
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(120):
            stdout, stderr = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, stdout.decode(), stderr.decode())

    def file(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return name


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[Terminal]:
    async with serving("tests.fakes.openai") as model:
        deltas = [{"reasoning_content": "hm "}, {"content": "It is "}, {"content": "white."}]
        await model.control("behave", deltas=deltas, usage={"prompt_tokens": 9, "completion_tokens": 3})
        yield Terminal(tmp_path, model)


async def test_the_answer_alone_goes_to_stdout(terminal: Terminal) -> None:
    ended = await terminal.run("ask", "What colour is it?", terminal.file("a.png", png()))
    assert (ended.status, ended.stdout) == (0, "It is white.\n")
    assert ended.stderr.startswith("#1 `a.png`"), "and no lines of the log"


async def test_a_terminal_draws_no_formulas_and_json_keeps_them(terminal: Terminal) -> None:
    await terminal.model.control("behave", deltas=[{"content": r"$\frac{1}{2}$"}])
    assert (await terminal.run("ask", "How much?")).stdout == "1/2\n"
    assert json.loads((await terminal.run("ask", "How much?", "--json")).stdout)["answer"] == r"$\frac{1}{2}$"


async def test_json_is_one_object_as_promised(terminal: Terminal) -> None:
    ended = await terminal.run("ask", "?", terminal.file("a.png", png()), "--json", "--mode", "quick")
    assert ended.status == 0
    assert set(ended.object) == {
        "answer", "reasoning_summary", "mode", "finish", "usage", "timings", "sources"
    }  # fmt: skip
    assert ended.object["sources"] == [{"file": "a.png", "page": 1, "fate": "used", "reason": ""}]
    assert (ended.object["mode"], ended.object["finish"]) == ("quick", "complete")
    assert set(ended.object["timings"]) == {"queued_s", "first_token_s", "total_s"}
    assert set(ended.object["usage"]) == {
        "prompt_tokens", "image_tokens", "cached_tokens", "reasoning_tokens", "answer_tokens"
    }  # fmt: skip


async def test_a_file_that_is_no_picture_is_refused_with_its_reason(terminal: Terminal) -> None:
    ended = await terminal.run("ask", "?", terminal.file("a.png", b"<html></html>"), "--json")
    assert ended.status == 1
    assert (ended.object["finish"], ended.object["answer"]) == ("refused", "")
    assert ended.object["sources"][0]["fate"] == "skipped"
    assert "a.png" in ended.object["error"]


async def test_a_batch_is_answered_line_for_line_in_order(terminal: Terminal) -> None:
    picture = terminal.file("a.png", png())
    lines = [json.dumps({"question": f"question {number}", "files": [picture]}) for number in range(6)]
    lines[2] = "nonsense"
    lines[4] = json.dumps({"question": "?", "files": ["nowhere.png"]})
    ended = await terminal.run("ask", "--batch", terminal.file("q.jsonl", "\n".join(lines).encode()))
    replies = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [reply["finish"] for reply in replies] == [
        "complete", "complete", "failed", "complete", "failed", "complete"
    ]  # fmt: skip
    assert "not a question" in replies[2]["error"]
    assert "nowhere.png" in replies[4]["error"]
    assert ended.status == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", "?", "nowhere.png"),
        ("ask", "?", "--mode", "slow"),
        ("ask", "?", "--config", "nowhere.toml"),
        ("check-everything",),
    ],
)
async def test_misuse_ends_with_2(arguments: tuple[str, ...], terminal: Terminal) -> None:
    ended = await terminal.run(*arguments)
    assert ended.status == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


async def test_an_engine_that_cannot_start_says_what_to_do(terminal: Terminal) -> None:
    await terminal.model.control("behave", models=[{"id": "another"}])
    ended = await terminal.run("ask", "?", terminal.file("a.png", png()))
    assert ended.status == 1
    assert "step" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_a_model_that_is_not_here_is_not_waited_for(terminal: Terminal) -> None:
    local = {"THREADSIGHT_ENGINE__KIND": "local", "THREADSIGHT_ENGINE__MODEL": "org/tiny", "HF_HUB_OFFLINE": "1"}
    terminal.environment |= local
    ended = await terminal.run("ask", "What is this?")
    assert (ended.status, ended.stdout) == (1, "")
    assert "The model org/tiny is not on this machine, and HF_HUB_OFFLINE forbids its download" in ended.stderr


async def test_the_local_model_tells_how_its_loading_gets_on(terminal: Terminal) -> None:
    """The tiny one of the golden cases, whose words mean nothing."""
    local = {"KIND": "local", "MODEL": str(CHECKPOINT), "DEVICE": "cpu", "CONTEXT": "2000", "SECONDS": "20"}
    terminal.environment |= {f"THREADSIGHT_ENGINE__{name}": value for name, value in local.items()}
    ended = await terminal.run("ask", "What is this?", "--mode", "quick")
    assert ended.status == 0
    assert ended.stdout.strip()
    assert ended.stderr.count("Loading the model:") == 11
    assert "Loading the model: 100 % …" in ended.stderr


async def test_run_without_a_platform_says_what_to_set(terminal: Terminal) -> None:
    ended = await terminal.run("run")
    assert ended.status == 2
    assert "slack.bot_token" in ended.stderr


async def test_doctor_tells_what_is_well_and_what_is_not(terminal: Terminal) -> None:
    ended = await terminal.run("doctor", "--json")
    findings = {finding["subject"]: finding for finding in json.loads(ended.stdout)}
    assert ended.status == 0
    assert {"configuration", "data folder", "disk", "database", "GPU", "engine", "platforms"} <= set(findings)
    assert findings["engine"]["level"] == "ok"
    await terminal.model.control("behave", failures=[{"status": 500}] * 20)
    ended = await terminal.run("doctor")
    assert ended.status == 1
    assert "→" in ended.stdout


async def test_doctor_asks_for_no_gpu_where_the_cpu_is_to_do_it(terminal: Terminal) -> None:
    terminal.environment |= {"THREADSIGHT_ENGINE__KIND": "local", "THREADSIGHT_ENGINE__MODEL": str(terminal.folder)}
    levels = []
    for device in ("auto", "cpu"):
        terminal.environment["THREADSIGHT_ENGINE__DEVICE"] = device
        ended = await terminal.run("doctor", "--json")
        levels += [one["level"] for one in json.loads(ended.stdout) if one["subject"] == "GPU"]
    assert levels == ["error", "ok"]


@pytest.mark.postgres
async def test_doctor_says_where_pictures_are_kept(terminal: Terminal, postgres_server: str) -> None:
    terminal.environment["THREADSIGHT_STORE__URL"] = await postgres.fresh(postgres_server)
    ended = await terminal.run("doctor", "--json")
    assert "in the database, for all replicas" in ended.stdout
    shared = terminal.folder / "shared"
    terminal.environment["THREADSIGHT_STORE__PICTURES"] = str(shared)
    ended = await terminal.run("doctor", "--json")
    assert f"{shared} can be written. All replicas have to reach the same folder" in ended.stdout
    assert list(shared.iterdir()) == []
    shared.rmdir()
    shared.touch()
    ended = await terminal.run("doctor", "--json")
    (pictures,) = [one for one in json.loads(ended.stdout) if one["subject"] == "pictures"]
    assert (ended.status, pictures["level"]) == (1, "error")
    assert "store.pictures" in pictures["advice"]


async def test_doctor_tries_the_engine_on_the_examples(terminal: Terminal) -> None:
    await terminal.model.control("behave", deltas=[{"content": "It has not been paid."}])
    ended = await terminal.run("doctor", "--try", "--json")
    trials = json.loads(ended.stdout)
    assert ended.status == 1
    assert [trial["right"] for trial in trials] == [True, False, False, False, False]
    assert trials[0]["answer"] == "It has not been paid."


async def test_doctor_names_a_bad_token_and_shows_no_secret(terminal: Terminal) -> None:
    async with serving("tests.fakes.slack") as slack:
        info = await slack.control("info")
        terminal.environment |= {
            "THREADSIGHT_SLACK__BOT_TOKEN": "xoxb-wrong-secret",
            "THREADSIGHT_SLACK__APP_TOKEN": info["app_token"],
            "THREADSIGHT_SLACK__API_URL": info["api_url"],
            "THREADSIGHT_SLACK__FILE_HOSTS": json.dumps([slack.url.removeprefix("http://")]),
        }
        ended = await terminal.run("doctor", "--json")
    assert ended.status == 1
    faults = [one for one in json.loads(ended.stdout) if one["level"] == "error"]
    assert any("lack" in one["subject"] for one in faults)
    assert "wrong-secret" not in ended.stdout + ended.stderr


async def test_the_database_is_brought_up_to_date(terminal: Terminal) -> None:
    ended = await terminal.run("db", "upgrade")
    assert ended.status == 0
    assert (terminal.folder / "data" / "threadsight.db").exists()
