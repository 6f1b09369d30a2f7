"""A report as a table: what stands in which column, in a terminal, as CSV and as a workbook."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.checks import replies, values
from bot.checks.report import Report
from bot.checks.verdicts import Row

COLUMNS = (
    "verdict", "file", "vendor", "number", "date", "due", "amount", "currency", "payment status", "evidence", "page",
    "pages", "confidence", "remarks", "posted", "by", "link",
)  # fmt: skip

Value = str | int | float | Decimal | date | None

_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠\t\r]")
_INNER_FORMULA = re.compile(r"(?<=[;|])(?=[\s\"]*[=+\-@＝＋－＠])")
"""Where a semicolon parts cells, as in half of Europe, quotes around commas are none, and each may begin a formula."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 2_000
"""Characters of a cell."""


def cells(row: Row, *, payment: bool) -> list[Value]:
    """The row's values in the order of ``COLUMNS``, days and sums as such."""
    verdict, fields = row.verdict, row.verdict.fields
    return [
        replies.words(payment=payment)[verdict.word],
        row.file,
        fields.vendor,
        fields.number,
        values.day(fields.date) if fields.date else None,
        values.day(fields.due) if fields.due else None,
        values.amount(fields.amount) if fields.amount else None,
        fields.currency,
        fields.payment_status,
        verdict.evidence or None,
        verdict.page,
        row.pages,
        verdict.confidence,
        row.remarks or None,
        row.posted or None,
        row.author or None,
        row.link or None,
    ]


def as_csv(report: Report) -> bytes:
    """UTF-8 with a mark, which Excel needs. No cell is a formula: strangers' text that would begin one is quoted,
    whichever sign parts cells where the file is opened."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in report.urgent_first:
        writer.writerow([_plain(value) for value in cells(row, payment=report.asked.about_payment)])
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8", "replace")


def _plain(value: Value) -> str | int | float | Decimal:
    if isinstance(value, str):
        text = _INNER_FORMULA.sub("'", " ".join(clean(value).splitlines()).replace("\t", " "))
        return f"'{text}" if _FORMULA.match(text) else text
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def clean(text: str) -> str:
    """Without what XML cannot hold, and not endless."""
    return _CONTROL.sub(" ", text)[:_LONGEST]


def as_workbook(report: Report) -> bytes:
    """XLSX with a sheet of documents and one of totals."""
    book = Workbook()
    documents = book.active
    documents.title = "Documents"
    _fill(documents, [COLUMNS, *(cells(row, payment=report.asked.about_payment) for row in report.urgent_first)])
    documents.freeze_panes = "C2"
    documents.auto_filter.ref = documents.dimensions
    _fill(book.create_sheet("Totals"), _totals(report))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _totals(report: Report) -> list[Sequence[Value]]:
    named = replies.words(payment=report.asked.about_payment)
    counts: list[Sequence[Value]] = [(named[word], count) for word, count in report.counts.items()]
    sums = [(named[word], total, currency) for currency, by in report.amounts().items() for word, total in by.items()]
    return [("verdict", "documents"), *counts, (), ("verdict", "amount", "currency"), *sums]


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Value]]) -> None:
    """Text is text, whatever it looks like: only the type of a cell makes a formula in a workbook."""
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column, clean(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, Decimal):
                cell.number_format = "#,##0.00"
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
            if at == 1:
                cell.font = Font(bold=True)
    for column in range(1, sheet.max_column + 1):
        letter = get_column_letter(column)
        longest = max((len(str(cell.value or "")) for cell in sheet[letter]), default=0)
        sheet.column_dimensions[letter].width = max(8, min(48, longest + 2))
