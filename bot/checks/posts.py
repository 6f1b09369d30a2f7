"""A check's report as Markdown for a thread, and its files. Strangers' words are escaped here. Pure."""

import re
from collections.abc import Iterator, Sequence

from adapters.base import File
from bot.checks import page, replies, table, values
from bot.checks.report import Report
from bot.checks.verdicts import Row

_MOST_ROWS = 30
_LONGEST = 120

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$@:&])")


def plain(text: str, longest: int = _LONGEST) -> str:
    """A stranger's words on one line, without the power of Markdown."""
    line = flat(text)
    return _MARKUP.sub(r"\\\1", line if len(line) <= longest else line[: longest - 1] + "…")


def flat(text: str) -> str:
    """A stranger's words on one line, without anything that a terminal would act on."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def markdown(report: Report) -> str:
    """Headline, what needs a look, totals, and the first rows, the open ones first."""
    rows = [row for row in report.urgent_first if row.verdict.word != "other"]
    parts = [f"**{report.headline}**"]
    parts += [f"⚠ {plain(hand, 300)}" for hand in report.hands]
    parts += totals(report)
    parts.append("\n".join(listed(rows[:_MOST_ROWS], payment=report.asked.about_payment)))
    if len(rows) > _MOST_ROWS:
        parts.append(replies.more_rows(len(rows) - _MOST_ROWS))
    return "\n\n".join(filter(None, parts))


def totals(report: Report) -> list[str]:
    """A line for each currency."""
    named = replies.words(payment=report.asked.about_payment)
    return [
        f"{plain(currency)}: " + ", ".join(f"{named[word]} {values.written(total)}" for word, total in by_word.items())
        for currency, by_word in report.amounts().items()
    ]


def listed(rows: Sequence[Row], *, payment: bool) -> Iterator[str]:
    """An entry for each row, with the link to its message."""
    named = replies.words(payment=payment)
    for row in rows:
        fields, verdict = row.verdict.fields, row.verdict
        name = plain(row.file, 60)
        linked = f"[{name}]({row.link})" if row.link else name
        total = " ".join(filter(None, (fields.amount, fields.currency)))
        told = [fields.vendor, fields.number, total, f"due {fields.due}" if fields.due else None]
        said = f"“{plain(verdict.evidence)}”" if verdict.evidence else ""
        where = f"(page {verdict.page})" if verdict.page and row.pages > 1 else ""
        remarks = plain(" ".join(filter(None, (verdict.remark, row.reason))), 200)
        again = plain(replies.same_as(row.same_as)) if row.same_as else ""
        details = ", ".join(plain(one, 60) for one in told if one)
        yield f"- **{named[verdict.word]}** " + " ".join(filter(None, (linked, details, said, where, remarks, again)))


def attached(report: Report) -> tuple[File, ...]:
    """The whole as files."""
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return (
        File(name="check.csv", media_type="text/csv", content=table.as_csv(report)),
        File(name="check.xlsx", media_type=workbook, content=table.as_workbook(report)),
        File(name="check.html", media_type="text/html", content=page.as_html(report)),
    )
