"""What the reader says: the answer to a question about pages, in Markdown. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from inference.reader import terminals, wording
from inference.reader.finding import find
from inference.reader.findings import Finding
from inference.reader.mentions import quoting
from inference.reader.payment import payment_status
from inference.reader.payment_rows import payment_of
from inference.reader.questions import Question, parse
from inference.reader.remarks import Payment
from inference.reader.scope import Document, Shown, in_scope, parse_scope
from inference.reader.settled import crossed
from inference.reader.sheet import Sheet
from inference.reader.transcript import transcript

SEVERAL = 3
"""Documents that one answer quotes at most; a status is told for as many as have room."""


def answer(questions: Sequence[str], shown: Sequence[Shown]) -> str:
    """The answer to the last of the questions; the earlier ones tell what an elliptic one leaves out."""
    scope = parse_scope(questions[-1])
    layers = in_scope(shown, scope, questions[-1])
    sheets = [sheet for layer in layers for sheet in _sheets(layer)]
    standing = frozenset[str]().union(*(sheet.words for sheet in sheets))
    asked = [quoting(parse_scope(text).rest or text, sheets, standing) for text in questions]
    question = in_context([parse(text, standing) for text in asked], scope.given)
    if question.task in ("greeting", "help", "thanks"):
        return wording.CHAT[question.task]
    if not layers or not any(layers):
        return wording.with_disclaimer(wording.NO_SUCH_PAGE)
    return wording.with_disclaimer(_said(question, layers), _unread(layers[0]))


def in_context(questions: Sequence[Question], pointed: bool) -> Question:
    """The last question, made whole with what the one before asked: And the tax? When? And in the second?"""
    last = questions[-1]
    for earlier in reversed(questions[:-1]):
        if earlier.task in ("greeting", "help", "thanks"):
            continue
        if last.empty and not last.kind:
            return replace(earlier, text=last.text)
        if last.empty and earlier.task == "paid":
            return parse(_AFTER_PAID.get(last.kind, last.text))
        if last.task == "find" and not last.wants and last.continues and earlier.task == "find":
            return replace(last, wants=earlier.wants, kind=last.kind or earlier.kind)
        if last.empty and earlier.terms:
            return replace(earlier, kind=last.kind, wants=(), text=last.text)
        return last
    return last


_AFTER_PAID = {"date": "date of payment", "money": "how much was paid", "name": "who is the customer"}
"""What When? and its like mean after a question whether something has been paid."""


def _said(question: Question, layers: Sequence[Sequence[Document]]) -> str:
    if question.task == "beyond":
        return _advised(question, layers[0]) or wording.beyond(_opening(layers[0]))
    if question.task == "paid":
        return _paid(question, layers[0])
    if question.task == "read":
        return wording.transcripts([(one.label, transcript(one.sheet.page)) for pages in layers[0] for one in pages])
    return _found(question, layers)


def _advised(question: Question, documents: Sequence[Document]) -> str:
    """What a screen itself tells to do, if it does."""
    found = [(pages, terminals.advised([one.sheet for one in pages], question)) for pages in documents]
    told = [(pages[finding.page].label, finding) for pages, finding in found if finding]
    return wording.findings(told[:SEVERAL]) if told else ""


def _not_found(question: Question, layers: Sequence[Sequence[Document]]) -> str:
    """What to say where no page answers."""
    if not any(sheet.cells for layer in layers for sheet in _sheets(layer)):
        return wording.NO_TEXT
    return wording.looks(_opening(layers[0])) if question.task == "look" else wording.NOT_FOUND


def _found(question: Question, layers: Sequence[Sequence[Document]]) -> str:
    for layer in layers:
        found = [(pages, finding) for pages in layer if (finding := find_in(pages, question))]
        if found:
            best = max(finding.score for _, finding in found)
            found = [(pages, finding) for pages, finding in found if finding.score > 0.75 * best]
            return wording.findings([(pages[finding.page].label, finding) for pages, finding in found[:SEVERAL]])
    return _not_found(question, layers)


def find_in(pages: Document, question: Question) -> Finding | None:
    """The answer that the pages of one document give."""
    sheets = [one.sheet for one in pages]
    in_code = terminals.placed(sheets, question)
    if in_code is not None:
        return in_code
    certain = crossed(sheets, question)
    if certain is not None and certain.finding is not None:
        return certain.finding
    found = terminals.find(sheets, question)
    if found is not None or certain is not None or terminals.alone(sheets, question):
        return found
    return find(sheets, question)


def _paid(question: Question, documents: Sequence[Document]) -> str:
    statuses: list[tuple[str, Payment]] = []
    for pages in documents:
        sheets = [one.sheet for one in pages]
        payment = payment_of(sheets, question.terms) or payment_status(sheets)
        label = next(
            (one.label for one in pages if payment.cell and one.sheet.page.sha256 == payment.cell.page), pages[0].label
        )
        statuses.append((label, payment))
    return wording.payments(statuses)


def _sheets(documents: Sequence[Document]) -> list[Sheet]:
    return [one.sheet for pages in documents for one in pages]


def _opening(documents: Sequence[Document]) -> str:
    """The first words on the pages, to show what could be asked about."""
    return " ".join(row.text for sheet in _sheets(documents)[:1] for row in sheet.page.order[:6])


def _unread(documents: Sequence[Document]) -> str:
    pages = [sheet.page for sheet in _sheets(documents)]
    scripts = tuple(dict.fromkeys(script for page in pages for script in page.scripts))
    return wording.unread(scripts, max((page.unread for page in pages), default=0.0))
