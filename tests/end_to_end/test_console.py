"""The console as a newcomer meets it: the real command, the embedded reader, a real browser, the shipped examples."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from selenium.webdriver import Chrome

from tests.adapters.console.visitor import Visitor
from tests.browser import requested

PROGRAM = Path(sys.executable).with_name("threadsight")
ARTIFACTS = Path(__file__).parents[2] / "artifacts"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("console")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THREADSIGHT_")}
    console = subprocess.Popen(
        [PROGRAM, "console", "--port", "0"],
        cwd=home,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert console.stderr is not None
    try:
        said = (re.search(r"http://[\d.]+:\d+", line) for line in console.stderr)
        yield next(found[0] for found in said if found)
    finally:
        console.send_signal(signal.SIGINT)
        console.communicate(timeout=60)
    assert console.returncode == 0


@pytest.fixture
def visitor(chromium: Chrome, url: str) -> Iterator[Visitor]:
    visitor = Visitor(chromium, url)
    visitor.resize(1280, 800)
    requested(chromium)
    visitor.arrive()
    yield visitor
    assert {address.split("/")[2] for address in requested(chromium)} == {url.removeprefix("http://")}


def test_one_click_answers_and_a_follow_up_sees_the_same_document(visitor: Visitor) -> None:
    visitor.wait_for_words("Unpaid invoice", "#chat .example")
    next(card for card in visitor.all("#chat .example") if "Unpaid invoice" in card.text).click()
    answer = visitor.wait_for_words("Not paid")
    assert "I read text only" in answer
    visitor.say("What is the total?")
    visitor.wait_for_words("“total")
    ARTIFACTS.mkdir(exist_ok=True)
    visitor.driver.save_screenshot(str(ARTIFACTS / "console-reader.png"))


def test_an_upload_is_answered(visitor: Visitor) -> None:
    receipt = Path(__file__).parents[2] / "bot" / "examples" / "receipt.png"
    visitor.say("How much was the olive oil?", receipt)
    visitor.wait_for_words("12.80")


def test_a_folder_of_documents_is_checked(visitor: Visitor, tmp_path: Path) -> None:
    """The open one first, though it was added last; then a question about the rows, answered from them."""
    examples = Path(__file__).parents[2] / "bot" / "examples"
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7")
    visitor.check("Has this been paid?", examples / "receipt.png", tmp_path / "broken.pdf", examples / "invoice.pdf")
    visitor.until(lambda: visitor.all("#checked iframe"), "the report")
    assert [one.text for one in visitor.all("#checked .file")] == ["check.csv", "check.xlsx", "check.html"]
    ARTIFACTS.mkdir(exist_ok=True)
    visitor.driver.switch_to.frame(visitor.wait_for("#checked iframe"))
    assert "1 open" in visitor.wait_for("h1").text
    assert [one.text for one in visitor.all(".word")] == ["open", "could not be read", "paid"]
    assert len(visitor.all("figure img")) == 2
    visitor.driver.switch_to.default_content()
    visitor.driver.save_screenshot(str(ARTIFACTS / "console-check.png"))
    visitor.turn_to("Ask")
    visitor.say("How many are open?")
    visitor.wait_for_words("One document")


def held(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except FileNotFoundError:  # it was there a moment ago
        return b""


def test_nothing_is_left_of_a_conversation_that_was_deleted(visitor: Visitor, home: Path, tmp_path: Path) -> None:
    """In no file of the data folder: the database, pictures, transcripts, and what was uploaded."""
    planted = (b"PLANTED-words", b"PLANTED-name", b"PLANTED-bytes")
    image = Image.new("RGB", (600, 100), "white")
    ImageDraw.Draw(image).text((20, 30), "ZEBRA 4711", fill="black", font_size=40)
    said = PngInfo()
    said.add_text("Comment", "PLANTED-bytes")
    image.save(tmp_path / "PLANTED-name.png", pnginfo=said)

    def traces() -> set[bytes]:
        content = b"".join(held(path) for path in home.rglob("*"))
        return {mark for mark in (*planted, b"ZEBRA") if mark in content}

    visitor.say("What does it say? PLANTED-words", tmp_path / "PLANTED-name.png")
    visitor.wait_for_words("ZEBRA")
    assert traces() >= set(planted)
    visitor.wait_for("#conversations .current .remove").click()
    visitor.driver.switch_to.alert.accept()
    visitor.wait_for("#chat .placeholder")
    visitor.until(lambda: not traces(), "a data folder without traces")
