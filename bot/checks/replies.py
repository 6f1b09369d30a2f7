"""The sentences of checks."""

from collections.abc import Mapping

NOT_OPENED = "It could not be opened. See whether it is there and may be read."
TOO_LATE = "There was no time left to read it. Ask again: what was read is kept."
NO_FORM = "The answer could not be read, so a person should look."

_PLAIN = {"yes": "yes", "no": "no", "unclear": "unclear", "other": "of another kind", "unread": "could not be read"}
_PAYMENT = {**_PLAIN, "yes": "paid", "no": "open", "unclear": "without a status"}


def words(*, payment: bool) -> Mapping[str, str]:
    """What verdicts are called for people."""
    return _PAYMENT if payment else _PLAIN


def headline(counts: Mapping[str, int], *, payment: bool) -> str:
    """``17 paid, 5 open, 2 without a status.``"""
    shown = [f"{counts[word]} {name}" for word, name in words(payment=payment).items() if counts[word]]
    return ", ".join(shown) + "." if shown else "No documents."


def not_so(condition: str) -> str:
    """Why a document was not asked about."""
    return f"Not {condition}."


def same_as(file: str) -> str:
    return f"The same document as {file}."


def two_accounts(number: str, file: str, other: str) -> str:
    return f"{file} and {other} have the number {number} and different accounts to pay to."


def left_out(count: int) -> str:
    """Files of a folder that are neither."""
    files = "1 file that is" if count == 1 else f"{count} files that are"
    return f"Left out: {files} neither a picture nor a PDF."


def judging(done: int, total: int) -> str:
    return f"{done} of {total} documents"
