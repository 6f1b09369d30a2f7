"""CSV, workbook and page: harmless whatever strangers write, and open where people open them."""

import csv
import io
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.checks.page import as_html
from bot.checks.report import Report
from bot.checks.table import COLUMNS, as_csv, as_workbook
from bot.checks.verdicts import Fields, Verdict
from tests.bot.checks.samples import report, row

FORMULA = '=HYPERLINK("http://evil.example","x")'


UTF_8_CSV = "csv:Text - txt - csv (StarCalc):44,34,76"
"""Comma, double quote, UTF-8, in LibreOffice's numbers."""


def wicked() -> Report:
    fields = Fields(vendor="@SUM(1)", number="+1", amount="-5.00", date="2026-10-01", payment_status="unpaid")
    verdict = Verdict(word="no", evidence="-1+1\x00|\tü 发票", fields=fields)
    return report(row("a.png"), row(FORMULA, verdict=verdict, reason="\x1b[31m"))


def test_no_cell_of_a_csv_is_a_formula() -> None:
    content = as_csv(wicked())
    assert content.startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert tuple(head) == COLUMNS
    assert first[:4] == ["open", f"'{FORMULA}", "'@SUM(1)", "'+1"]
    assert (first[6], second[0]) == ("-5.00", "paid")


@pytest.mark.parametrize(
    "text", ["a;=1+1;b", "a; =1+1;", 'a;"=1+1";', "a\n=1+1;", "a\r\n=1+1", "a,b\n;@SUM(1);", "a|=1|"]
)
def test_no_cell_of_a_csv_is_a_formula_where_another_sign_parts_them(text: str) -> None:
    content = as_csv(report(row(text, verdict=Verdict(word="no", evidence=text)))).decode("utf-8-sig")
    for sign in ";|\t":
        cells = [cell for line in csv.reader(io.StringIO(content), delimiter=sign) for cell in line]
        assert not [cell for cell in cells if cell.lstrip(' "').startswith(("=", "+", "@"))]


def test_a_workbook_holds_text_days_and_sums() -> None:
    book = load_workbook(io.BytesIO(as_workbook(wicked())))
    first = dict(zip(COLUMNS, next(book["Documents"].iter_rows(min_row=2)), strict=True))
    assert (first["file"].value, first["file"].data_type) == (FORMULA, "s")
    assert (first["date"].value, first["amount"].value) == (datetime(2026, 10, 1), -5)  # noqa: DTZ001 - a cell has no zone
    assert [cell.value for cell in book["Totals"]["A"]][:2] == ["verdict", "open"]


def test_a_page_escapes_and_loads_nothing() -> None:
    nasty = row("<script>alert(1)</script>", link="javascript:alert(1)", thumbnail=b"\xff\xd8jpeg")
    page = as_html(report(nasty, row("b.png", link='https://a.example/?"><b>'), question="<b>paid?</b>")).decode()
    assert "<script" not in page
    assert "javascript:" not in page
    assert "<b>" not in page
    assert 'src="data:image/jpeg;base64,' in page
    assert "default-src 'none'" in page
    assert "&quot;&gt;&lt;b&gt;" in page


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_exported(name: str, evidence: str) -> None:
    whole = report(row(name, verdict=Verdict(word="no", evidence=evidence, fields=Fields(vendor=evidence))))
    book = load_workbook(io.BytesIO(as_workbook(whole)))
    assert not any(cell.data_type == "f" for line in book["Documents"] for cell in line)
    list(csv.reader(io.StringIO(as_csv(whole).decode("utf-8-sig"), newline="")))
    as_html(whole)


def office() -> str:
    """LibreOffice's program; CI has it."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        assert os.environ.get("CI") != "true", "CI has to install LibreOffice Calc"
        pytest.skip("LibreOffice is not installed")
    return program


def test_libreoffice_opens_what_we_write(tmp_path: Path) -> None:
    whole = wicked()
    whole = replace(whole, rows=(*whole.rows, *(row(f"{number}.png") for number in range(20))))
    for name, content in (("a.csv", as_csv(whole)), ("b.xlsx", as_workbook(whole)), ("c.html", as_html(whole))):
        (tmp_path / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for target, name in (("xlsx", "a.csv"), (UTF_8_CSV, "b.xlsx")):
        command = [office(), profile, "--headless", "--convert-to", target, "--outdir", "out", name]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    sheet = load_workbook(tmp_path / "out" / "a.xlsx").active
    assert sheet is not None
    assert (sheet.max_row, sheet["B2"].value) == (23, f"'{FORMULA}")
    lines = list(csv.reader((tmp_path / "out" / "b.csv").read_text(encoding="utf-8").splitlines()))
    assert (len(lines), lines[1][1], lines[1][6]) == (23, FORMULA, "-5.00")
