"""Documents of several pages, their text, and what is said about them."""

from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageChops

from inference.images import Decoder, Limits
from tests.inference import samples
from tests.inference.conftest import Decode, decoding, opened
from tests.inference.samples import BLACK, CATALOGUE, RED, WHITE, encoded, letter, quarters

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGES = "<</Type /Pages /Kids [3 0 R] /Count 1>>"


def dark(image: Image.Image) -> int:
    """How many pixels are written on."""
    return sum(image.convert("L").histogram()[:128])


async def test_pdf_pages_are_drawn_and_their_text_comes_along(decode: Decode) -> None:
    decoded = await decode(samples.pdf_of_text("Total: 90.00 EUR", "Seite zwei: Öl", ""))
    assert (decoded.fate, decoded.total_pages) == ("converted", 3)
    assert decoded.reason == "Its pages were drawn as pictures."
    assert [page.text.strip() for page in decoded.pages] == ["Total: 90.00 EUR", "Seite zwei: Öl", ""]
    first, second, blank = map(opened, decoded.pages)
    assert all(image.size[1] == pytest.approx(842 / 72 * 170, abs=2) for image in (first, second, blank))
    assert dark(first) > 1000
    assert dark(second) > 1000
    assert dark(blank) == 0


async def test_a_scan_is_drawn_at_its_own_resolution(decode: Decode) -> None:
    scan = letter((1240, 1754))
    (page,) = (await decode(encoded(scan, "PDF", resolution=150, quality=95))).pages
    assert (page.width, page.height) == pytest.approx((1240, 1754), abs=1)
    assert dark(ImageChops.difference(opened(page).resize(scan.size), scan)) > 0.98 * scan.width * scan.height


async def test_form_fields_and_rotation_are_seen(decode: Decode) -> None:
    """A filled field whose look the file leaves to the viewer, on a page that is turned."""
    field = (
        b"<</Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (OLIVE OIL) /DA (/F 40 Tf 0 g)"
        b" /Rect [50 50 550 150] /F 4 /P 3 0 R>>"
    )
    catalogue = b"<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R] /DR <<%s>> /NeedAppearances true>>>>"
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Rotate 90 /Annots [4 0 R]>>"
    (drawn,) = (await decode(samples.pdf(catalogue % samples.FONT, PAGES.encode(), page, field))).pages
    assert drawn.width < drawn.height
    assert dark(opened(drawn)) > 1000


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "jpeg", "tiff_adobe_deflate", "group4"])
async def test_tiff_pages(decode: Decode, compression: str) -> None:
    shades = [30, 120, 220]
    pages = [Image.new("L", (64, 48), shade) for shade in shades]
    if compression == "group4":
        shades = [0, 255, 0]
        pages = [Image.new("1", (64, 48), shade) for shade in shades]
    content = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression=compression)
    decoded = await decode(content)
    assert (decoded.fate, decoded.reason, decoded.total_pages) == ("used", "", 3)
    seen = [opened(page).convert("L").getpixel((20, 20)) for page in decoded.pages]
    assert seen == pytest.approx(shades, abs=2)


async def test_tiff_pages_differ_in_size_and_mode(decode: Decode) -> None:
    pages = [quarters(), Image.new("1", (50, 60), 1), Image.new("F", (30, 20), 0.5)]
    decoded = await decode(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert [(page.width, page.height) for page in decoded.pages] == [(120, 80), (50, 60), (30, 20)]
    assert opened(decoded.pages[2]).getpixel((9, 9)) == (128, 128, 128)


async def test_a_thumbnail_in_a_tiff_is_no_page(decode: Decode) -> None:
    thumbnail = Image.new("RGB", (12, 8), RED)
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    decoded = await decode(encoded(quarters(), "TIFF", save_all=True, append_images=[thumbnail]))
    assert [(page.width, page.height) for page in decoded.pages] == [(120, 80)]
    assert (decoded.fate, decoded.total_pages) == ("used", 1)


@pytest.mark.parametrize("kind", ["pdf", "tiff"])
async def test_a_long_document_is_used_up_to_the_limit(decode: Decode, kind: str) -> None:
    if kind == "pdf":
        content = samples.pdf_of_text(*(f"page {number}" for number in range(1, 55)))
    else:
        page = Image.new("1", (64, 64))
        content = encoded(page, "TIFF", save_all=True, append_images=[page] * 53)
    decoded = await decode(content)
    assert (decoded.fate, len(decoded.pages), decoded.total_pages) == ("partial", 50, 54)
    assert "Only the first 50 of 54 pages are used" in decoded.reason


async def test_a_document_that_takes_too_long_is_used_as_far_as_it_was_read(tmp_path: Path) -> None:
    """The first page is quick; the second would use up its time long before this much memory."""
    decoder = Decoder(Limits(seconds=2, memory=8_000_000_000))
    await decoder.warm()
    decoded = await decoding(decoder, tmp_path)(joined(samples.pdf_of_text("in time"), samples.pdf_laughs()))
    await decoder.close()
    assert (decoded.fate, decoded.total_pages) == ("partial", 2)
    assert [page.text.strip() for page in decoded.pages] == ["in time"]
    assert "Only the first 1 of 2 pages could be read in time" in decoded.reason


def joined(*contents: bytes) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for content in contents:
        document.import_pages(pypdfium2.PdfDocument(content))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


async def test_a_page_that_cannot_be_read_is_named(decode: Decode) -> None:
    """Far thinner than any page; the ones around it are used."""
    thin = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 10 14000]>>"
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200]>>"
    pages = b"<</Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3>>"
    for objects, number in (((page, thin, page), 2), ((thin, page, page), 1)):
        decoded = await decode(samples.pdf(CATALOGUE, pages, *objects))
        assert (decoded.fate, len(decoded.pages), decoded.total_pages) == ("partial", 2, 3)
        assert f"these could not be read: {number}." in decoded.reason


async def test_a_large_page_is_drawn_smaller(decode: Decode) -> None:
    (page,) = (await decode(samples.pdf_page(b"0 0 7000 7000 re f", box=b"0 0 14000 14000"))).pages
    assert page.width * page.height <= Limits().page_pixels
    assert opened(page).getpixel((50, page.height - 50)) == BLACK
    assert opened(page).getpixel((page.width - 50, 50)) == WHITE


async def test_text_that_is_no_text_harms_nobody(decode: Decode) -> None:
    """A font that maps its letters to half a character and to nothing."""
    mapping = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange"
    mapping += b" 2 beginbfchar <41> <d800> <42> <0000> endbfchar endcmap end"
    font = b"/Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R>>>>"
    content = samples.pdf_page(b"BT /F 24 Tf 72 700 Td (ABC) Tj ET", resources=font, more=(samples.stream(mapping),))
    (page,) = (await decode(content)).pages
    assert "\0" not in page.text
    assert page.text.encode()
