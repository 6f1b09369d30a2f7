"""Documents, extractions and rows for tests of checks."""

import io
import json
from typing import Any

from PIL import Image as Pillow
from PIL import ImageDraw

from bot.checks.question import parse
from bot.checks.report import Report
from bot.checks.verdicts import Fields, Row, Verdict
from inference.extraction import Extraction

PAID = "Has every invoice been paid?"


def drawing(number: int, *, scale: int = 1, kind: str = "PNG") -> bytes:
    """A page of blocks that tells one number from another at a glance."""
    page = Pillow.new("RGB", (256 * scale, 256 * scale), "white")
    pen = ImageDraw.Draw(page)
    for bit in range(64):
        if (number * 0x9E3779B97F4A7C15) >> bit & 1:
            x, y = bit % 8 * 32 * scale, bit // 8 * 32 * scale
            pen.rectangle((x, y, x + 30 * scale, y + 30 * scale), "black")
    file = io.BytesIO()
    page.save(file, kind)
    return file.getvalue()


def extraction(**changes: Any) -> Extraction:
    values: dict[str, Any] = {
        "document": "invoice",
        "payment_status": "paid",
        "answer": "yes",
        "evidence": "PAID",
        "page": 1,
        "vendor": "Calder & Finch Ltd",
        "number": "CF-2026-1",
        "date": "2026-10-01",
        "due": "2026-11-01",
        "amount": "1234.50",
        "currency": "EUR",
        "account": None,
        "confidence": 0.9,
    }
    return Extraction(**{**values, **changes})


def said(**changes: Any) -> str:
    """What a model answers."""
    return json.dumps(extraction(**changes).model_dump())


def row(file: str = "a.png", **changes: Any) -> Row:
    fields = Fields(vendor="V", number="1", date="2026-10-01", amount="10.00", currency="EUR", payment_status="paid")
    verdict = Verdict(word="yes", evidence="PAID", page=1, fields=fields, confidence=0.9)
    values: dict[str, Any] = {"file": file, "pages": 1, "verdict": verdict, "fate": "used", "reason": ""}
    return Row(**{**values, **changes})


def report(*rows: Row, question: str = PAID) -> Report:
    return Report(parse(question), rows)
