"""No file of a stranger's outlives its reading, nor the process that read it."""

import subprocess
import sys
from pathlib import Path

from bot.passing import Passing

_HOLD = """
import sys
from pathlib import Path
from bot.passing import Passing
with Passing(Path(sys.argv[1])).place() as path:
    path.write_text("secret")
    print("there", flush=True)
    sys.stdin.read()
"""


def _held(folder: Path) -> list[Path]:
    return list(folder.rglob("file"))


def test_a_file_is_there_as_long_as_it_is_read(tmp_path: Path) -> None:
    passing = Passing(tmp_path / "passing")
    with passing.place() as path, passing.place() as other:
        path.write_bytes(b"one")
        other.write_bytes(b"two")
        passing.sweep()
        assert len(_held(tmp_path)) == 2
    assert list((tmp_path / "passing").iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_reads_is_not(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        Passing(tmp_path).sweep()
        assert len(_held(tmp_path)) == 1
        process.kill()
    assert len(_held(tmp_path)) == 1
    Passing(tmp_path).sweep()
    assert list(tmp_path.iterdir()) == []
