"""What a letter, a number or a sign on the page stands for: F = Fridays only. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from inference.reader import lexicon
from inference.reader.items.item import Item
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.words import fold, is_han

LONGEST = 6
"""Characters of a mark."""

_MEANS = lexicon.expression("tables", "means")
_SMALL = re.compile(
    rf"(?<!\w)(?:{'|'.join(lexicon.table('tables')['means_small'])})(?![^\W\u3040-\u9fff])|[\"'“”„«»()（）?？.,]"
)
_JOINT = rf"\s*(?:[=:：–—→]|\s-(?=\s)|{'|'.join(lexicon.table('tables')['stands_for'])})\s*"
_IN_BRACKETS = re.compile(r"(?<!\w)[(\[]?(\w{1,3})[)\]]")
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹＝", "123456789=")
_NEXT = re.compile(rf"[,;，；、·|]?\s*(?<!\w)[^\s,;]{{1,{LONGEST}}}(?:\s?=|\s?[:：](?!\d))|[;；|]|\s\s")
"""Where the next entry of a legend begins, or this one ends."""


def asks_meaning(question: Question) -> str:
    """The mark of which the question asks what it stands for, as it may stand on the page; empty if it asks no such."""
    match = _MEANS.search(fold(question.text))
    if match is None:
        return ""
    group = next(name for name, said in match.groupdict().items() if said is not None)
    said = question.text[match.start(group) : match.end(group)]
    for sign, forms in _signs():
        if forms.search(fold(said)):
            return sign
    if numbered := _IN_BRACKETS.search(said):
        return numbered[1]
    rest = _SMALL.sub(lambda small: " " * len(small[0]), fold(said))
    left = [said[part.start() : part.end()] for part in re.finditer(r"\S+", rest)]
    marks = [one for one in left if _is_mark(one)]
    return marks[0] if marks and len(left) <= 1 + len(_behind(left, marks[0])) else ""


def _behind(left: Sequence[str], mark: str) -> Sequence[str]:
    """What the question says behind the mark, of where it stands."""
    return left[left.index(mark) + 1 :]


def _is_mark(text: str) -> bool:
    """Whether it is short, and written as words are not: a capital, a number, signs alone."""
    short = len(text) <= (2 if is_han(text) else LONGEST)
    return short and (not text.isalpha() or text[0].isupper() or len(text) == 1 or is_han(text))


@cache
def _signs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sign, re.compile("|".join(forms))) for sign, forms in lexicon.table("tables")["signs"].items())


def explained(sheets: Sequence[Sheet], mark: str) -> Item | None:
    """What the pages say that the mark stands for."""
    found = [item for sheet in sheets for cell in sheet.cells for item in _entries(sheet, cell, mark)]
    return max(found, key=lambda item: item.score, default=None)


def _entries(sheet: Sheet, cell: Cell, mark: str) -> Iterator[Item]:
    text = cell.text.translate(_RAISED)
    sought = re.escape(mark)
    if re.fullmatch(rf"[(\[]?{sought}[)\].:=]?", text):
        right = sheet.rows[cell.row][cell.column + 1 : cell.column + 2]
        if right and sheet.table_of(cell.row) is None and not right[0].is_figure:
            yield Item(right[0].text, 0.8, right[0], (cell, right[0]))
        return
    opens = rf"(?:^|(?<=[\s,;，；、·|:：(]))[(\[]?{sought}"
    for match in re.finditer(rf"{opens}[)\]]?{_JOINT}(?=\S)", text):
        meaning = _meaning(cell.text[match.end() :])
        if meaning:
            yield Item(meaning, 0.95 if "=" in match[0] else 0.9, cell, (cell,), cell.text)
    signed = not mark[0].isalpha()
    behind = r"[)\].]?" if signed else r"[)\]]"
    if opening := re.match(rf"\s*[(\[]?{sought}(?![*\d]){behind}\s*(?=[^\W\d])", text):
        yield Item(_meaning(cell.text[opening.end() :]), 0.85, cell, (cell,), cell.text)
    if not signed and (before := re.search(rf"([^\W\d][\w' -]{{2,40}}?)\s?[(（]{sought}[)）]", cell.text)):
        yield Item(before[1].strip(), 0.6, cell, (cell,), cell.text)


def _meaning(text: str) -> str:
    """Up to where the next entry begins."""
    following = _NEXT.search(text, 1)
    return (text[: following.start()] if following else text).strip(" ,;，；、·|()（）")
