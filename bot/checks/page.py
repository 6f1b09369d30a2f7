"""A report as one HTML file with thumbnails, which loads nothing from anywhere. All text in it is escaped. Pure."""

import base64
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from bot.checks import replies, values
from bot.checks.report import Report
from bot.checks.table import clean
from bot.checks.verdicts import Row

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
article { display: flex; gap: 1rem; padding: .8rem 0; border-top: 1px solid #8885 }
img, .none { width: 7.5rem; height: 7.5rem; object-fit: contain; background: #8882; flex: none }
h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere }
p { margin: .2rem 0; overflow-wrap: anywhere }
.word { display: inline-block; padding: 0 .6em; border-radius: 1em; background: #8883; font-weight: 600 }
.no .word { background: #c2410c; color: #fff } .yes .word { background: #15803d; color: #fff }
.unclear .word { background: #a16207; color: #fff }
small { opacity: .75 } blockquote { margin: .2rem 0; padding-left: .6rem; border-left: 3px solid #8886 }
"""


def as_html(report: Report) -> bytes:
    """The page as UTF-8."""
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{_text(report.headline)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_text(report.headline)}</h1><p>{_text(report.asked.text)}</p>",
        *_totals(report),
        *(f"<p><strong>{_text(hand)}</strong></p>" for hand in report.hands),
        *(_article(row, payment=report.asked.about_payment) for row in report.urgent_first),
        "</body></html>",
    ]
    return "\n".join(parts).encode("utf-8", "replace")


def _totals(report: Report) -> Iterator[str]:
    named = replies.words(payment=report.asked.about_payment)
    for currency, by_word in report.amounts().items():
        sums = ", ".join(f"{named[word]} {values.written(total)}" for word, total in by_word.items())
        yield f"<p>{_text(currency)}: {_text(sums)}</p>"


def _article(row: Row, *, payment: bool) -> str:
    verdict = row.verdict
    word = replies.words(payment=payment)[verdict.word]
    where = f"page {verdict.page}" if verdict.page else ""
    small = (f"{row.pages} pages" if row.pages > 1 else "", where, f"confidence {verdict.confidence:.2f}")
    lines = [
        f"<h2>{_linked(row)} <span class='word'>{_text(word)}</span></h2>",
        f"<p>{_text(_told(row))}</p>",
        f"<blockquote>{_text(verdict.evidence)}</blockquote>" if verdict.evidence else "",
        f"<p><small>{_text(' · '.join(filter(None, (*small, row.remarks, row.author, row.posted))))}</small></p>",
    ]
    return f"<article class='{verdict.word}'>{_picture(row)}<div>{''.join(lines)}</div></article>"


def _told(row: Row) -> str:
    fields = row.verdict.fields
    sum_ = " ".join(filter(None, (fields.amount, fields.currency)))
    days = (f"of {fields.date}" if fields.date else "", f"due {fields.due}" if fields.due else "")
    return " · ".join(filter(None, (fields.vendor, fields.number, sum_, *days)))


def _linked(row: Row) -> str:
    name = _text(row.file)
    if urlsplit(row.link).scheme not in ("http", "https"):
        return name
    return f'<a href="{_text(row.link)}" rel="noreferrer">{name}</a>'


def _picture(row: Row) -> str:
    if not row.thumbnail:
        return "<div class='none'></div>"
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(row.thumbnail).decode()}">'


def _text(text: str) -> str:
    return escape(clean(text))
