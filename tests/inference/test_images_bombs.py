"""Small files that unpack to gigabytes or keep a processor busy for hours."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.inference import samples
from tests.inference.samples import encoded, quarters


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes four hundred times: each time all pixels are gone through."""
    content = encoded(Image.linear_gradient("L").resize((8000, 8000)), "JPEG", progressive=True)
    scan = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + scan * 400 + content[-2:]


def many_frames(size: tuple[int, int], count: int) -> bytes:
    """A GIF of equal frames."""
    once = encoded(Image.new("P", size), "GIF")
    return once[:-1] + once[once.index(b",\0\0\0\0") : -1] * count + b";"


BOMBS: dict[str, Callable[[], bytes]] = {
    "png of gigabytes": lambda: samples.png_bomb(30_000, 30_000),
    "png of all pixels": lambda: samples.png_bomb(2**31 - 1, 2**31 - 1),
    "png at the limit": lambda: samples.png_bomb(10_000, 10_000),
    "png with a long note": samples.png_text_bomb,
    "apng of 5000 frames": lambda: samples.apng_of(5000),
    "gif of 20000 frames": lambda: many_frames((400, 300), 20_000),
    "gif of large frames": lambda: many_frames((9999, 9999), 300),
    "jpeg of large size": lambda: encoded(Image.new("L", (8, 8)), "JPEG").replace(b"\0\x08\0\x08", b"\xff\xdc\xff\xdc"),
    "jpeg of many scans": many_scans,
    "webp of large size": lambda: samples.webp_of_size(9_000, 9_000),
    "avif of large size": lambda: samples.avif_of_size(9_000, 9_000),
    "tiff of large size": lambda: samples.tiff_of_size(2**31, 2**31 - 1),
    "tiff at the limit": lambda: samples.tiff_of_size(9_999, 9_999),
    "tiff in a circle": lambda: samples.tiff_of_size(40, 40, following=8),
    "thin png": lambda: encoded(Image.new("1", (40, 20_000)), "PNG"),
    "pdf in a circle": samples.pdf_circular_pages,
    "pdf that draws itself": samples.pdf_circular_form,
    "pdf of laughs": samples.pdf_laughs,
    "pdf of streams": samples.pdf_stream_bomb,
    "pdf of large pages": lambda: samples.pdf_page(b"0 0 99 99 re f", box=b"0 0 1000000000 1000000000"),
    "pdf of no size": lambda: samples.pdf_page(b"0 0 99 99 re f", box=b"0 0 1e400 -5"),
}


JUDGE = """
import asyncio, json, resource, sys, time
from pathlib import Path
from inference.images import Decoder

async def judge(folder, names):
    decoder, verdicts = Decoder(), {}
    for name in names:
        await decoder.warm()
        started = time.monotonic()
        decoded = await decoder.decode(folder / name, name=name)
        seconds = time.monotonic() - started
        good = await decoder.decode(folder / "good", name="good")
        verdicts[name] = {"fate": decoded.fate, "reason": decoded.reason, "seconds": seconds, "next": good.fate}
    await decoder.close()
    return verdicts

verdicts = asyncio.run(judge(Path(sys.argv[1]), sys.argv[2:]))
print(json.dumps([verdicts, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


def test_bombs_are_refused_in_time_and_in_bounds(tmp_path: Path) -> None:
    """With the ordinary limits, and in a program of its own, whose children's memory can be told apart."""
    (tmp_path / "good").write_bytes(encoded(quarters(), "PNG"))
    for name, make in BOMBS.items():
        (tmp_path / name).write_bytes(make())
    verdicts, memory = json.loads(subprocess.check_output([sys.executable, "-c", JUDGE, str(tmp_path), *BOMBS]))
    assert memory < 600_000_000
    for name, verdict in verdicts.items():
        assert verdict["reason"].endswith("."), name
        assert verdict["seconds"] < 5, name
        assert verdict["next"] == "used", name
        assert verdict["fate"] == "skipped" or name in HARMLESS, (name, verdict)


HARMLESS = {
    "png with a long note",
    "apng of 5000 frames",
    "gif of 20000 frames",
    "jpeg of many scans",
    "pdf of large pages",
    "pdf of no size",
}
"""Which of them are pictures that can be shown within the limits, on a machine that is fast enough."""
