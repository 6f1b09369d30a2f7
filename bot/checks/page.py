"""A report as one HTML file with thumbnails, which loads nothing from anywhere. All text in it is escaped. Pure."""

import base64
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from bot.checks import replies, values
from bot.checks.report import Report
from bot.checks.table import clean
from bot.checks.verdicts import WORDS, Row

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = Path(__file__).with_name("page.css")


def as_html(report: Report) -> bytes:
    """The page as UTF-8."""
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{_text(report.headline)}</title><style>{_STYLE.read_text()}</style></head><body>",
        f"<header><h1>{_text(report.headline)}</h1><p>{_text(report.asked.text)}</p></header>",
        f"<ul class='counts'>{''.join(_counts(report))}</ul>",
        _totals(report),
        *(f"<p class='hand'>{_text(hand)}</p>" for hand in report.hands),
        "<main>",
        *(_article(row, payment=report.asked.about_payment) for row in report.urgent_first),
        "</main></body></html>",
    ]
    return "\n".join(parts).encode("utf-8", "replace")


def _counts(report: Report) -> Iterator[str]:
    named = replies.words(payment=report.asked.about_payment)
    for word, count in report.counts.items():
        if count:
            yield f"<li class='{word}'><strong>{count}</strong> {_text(named[word])}</li>"


def _totals(report: Report) -> str:
    """A line for each currency, a column for each verdict that has sums."""
    amounts = report.amounts()
    words = [word for word in WORDS if any(word in by_word for by_word in amounts.values())]
    if not words:
        return ""
    named = replies.words(payment=report.asked.about_payment)
    head = "".join(f"<th>{_text(named[word])}</th>" for word in words)
    lines = [
        f"<tr><th>{_text(currency)}</th>{''.join(f'<td>{_sum(by_word.get(word))}</td>' for word in words)}</tr>"
        for currency, by_word in amounts.items()
    ]
    return f"<table><tr><th></th>{head}</tr>{''.join(lines)}</table>"


def _sum(total: Decimal | None) -> str:
    return "" if total is None else values.written(total)


def _article(row: Row, *, payment: bool) -> str:
    verdict = row.verdict
    small = (
        f"{row.pages} pages" if row.pages > 1 else "",
        f"page {verdict.page}" if verdict.page and row.pages > 1 else "",
        f"confidence {verdict.confidence:.2f}" if verdict.confidence else "",
        row.remarks,
        row.author,
        row.posted,
    )
    total = " ".join(filter(None, (verdict.fields.amount, verdict.fields.currency)))
    lines = [
        f"<h2>{_linked(row)}</h2><p class='told'>{_text(_told(row))}</p>",
        f"<blockquote>{_text(verdict.evidence)}</blockquote>" if verdict.evidence else "",
        f"<p class='small'><small>{_text(' · '.join(filter(None, small)))}</small></p>",
    ]
    word = _text(replies.words(payment=payment)[verdict.word])
    result = f"<div class='result'><span class='word'>{word}</span><br><span class='sum'>{_text(total)}</span></div>"
    return f"<article class='{verdict.word}'>{_picture(row)}<div>{''.join(lines)}</div>{result}</article>"


def _told(row: Row) -> str:
    fields = row.verdict.fields
    days = (f"of {fields.date}" if fields.date else "", f"due {fields.due}" if fields.due else "")
    return " · ".join(filter(None, (fields.vendor, fields.number, *days)))


def _linked(row: Row) -> str:
    name = _text(row.file)
    if urlsplit(row.link).scheme not in ("http", "https"):
        return name
    return f'<a href="{_text(row.link)}" rel="noreferrer">{name}</a>'


def _picture(row: Row) -> str:
    if not row.thumbnail:
        return "<figure></figure>"
    return f'<figure><img alt="" src="data:image/jpeg;base64,{base64.b64encode(row.thumbnail).decode()}"></figure>'


def _text(text: str) -> str:
    return escape(clean(text))
