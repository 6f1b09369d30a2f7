"""What tells that two pictures show one document, and that two documents are one."""

import asyncio
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from bot.checks import thumbnails
from bot.checks.judging import Judged
from bot.checks.question import parse
from bot.checks.report import report, row, same
from bot.checks.verdicts import Fields, Verdict
from inference.images import Decoder
from inference.types import Image
from tests.bot.checks.samples import PAID, drawing


def look(content: bytes) -> str:
    return thumbnails.thumbnail(Image(sha256="", content=content, width=1, height=1))[1]


def encoded(page: Pillow.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    page.convert("RGB").save(file, kind, **options)
    return file.getvalue()


def letter(lines: int, seed: int = 1) -> Pillow.Image:
    """An A4 page with a head and lines of different lengths."""
    page = Pillow.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((60, 50, 260, 110), "navy")
    for line in range(lines):
        width = 150 + (line * 7919 * seed) % 340
        pen.rectangle((60, 160 + 22 * line, 60 + width, 170 + 22 * line), "black")
    return page


@pytest.mark.parametrize("scale", [0.4, 0.75, 1.5])
def test_scaling_changes_nothing(scale: float) -> None:
    page = letter(28)
    smaller = page.resize((round(page.width * scale), round(page.height * scale)), Pillow.Resampling.LANCZOS)
    assert thumbnails.alike(look(encoded(page)), look(encoded(smaller)))


@pytest.mark.parametrize("quality", [20, 60, 95])
def test_nor_does_another_compression(quality: int) -> None:
    assert thumbnails.alike(look(encoded(letter(28))), look(encoded(letter(28), "JPEG", quality=quality)))


def test_nor_a_slightly_blurred_and_darkened_scan() -> None:
    scan = letter(28).filter(ImageFilter.GaussianBlur(1)).point([value * 9 // 10 for value in range(256)] * 3)
    assert thumbnails.alike(look(encoded(letter(28))), look(encoded(scan)))


@pytest.mark.parametrize("other", [letter(14), letter(28, seed=3), letter(28).rotate(180)])
def test_another_page_looks_otherwise(other: Pillow.Image) -> None:
    assert not thumbnails.alike(look(encoded(letter(28))), look(encoded(other)))


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_drawings_are_alike_if_they_are_the_same(one: int, other: int) -> None:
    assert thumbnails.alike(look(drawing(one)), look(drawing(other, scale=2, kind="JPEG"))) is (one == other)


def test_blank_pages_are_like_nothing() -> None:
    blank = look(encoded(Pillow.new("RGB", (620, 877), "white")))
    assert not thumbnails.alike(blank, blank)


async def test_a_picture_and_the_same_as_a_pdf(tmp_path: Path) -> None:
    decoder = Decoder()
    try:
        looks = []
        for name in ("page.png", "page.pdf"):
            path = tmp_path / name
            await asyncio.to_thread(path.write_bytes, encoded(letter(28), path.suffix[1:].upper()))
            decoded = await decoder.decode(path, name=name)
            looks.append(thumbnails.thumbnail(decoded.pages[0])[1])
        assert thumbnails.alike(*looks)
    finally:
        await decoder.close()


def judged(digest: str, account: str | None = None, number: str | None = "7") -> Judged:
    fields = Fields(vendor="V", number=number, amount="10.00", account=account)
    verdict = Verdict(word="no", fields=fields)
    return Judged(digest=digest, pages=1, fate="used", reason="", verdict=verdict, look=look(drawing(5)))


def test_what_looks_the_same_is_the_same_unless_its_fields_say_otherwise() -> None:
    assert same(judged("a"), judged("b", "DE1"))
    assert not same(judged("a"), judged("b", number="8"))
    assert same(judged("a"), judged("a", number="8"))


def test_a_copy_with_another_account_is_no_copy_but_raises_a_hand() -> None:
    pair = [judged("a", "DE1"), judged("b", "DE2")]
    assert not same(*pair)
    (hand,) = report(parse(PAID), [row("a.png", pair[0]), row("b.png", pair[1])], pair).hands
    assert "different accounts" in hand
