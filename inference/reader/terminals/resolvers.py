"""What a question asks about a terminal or a log: a command, an error, a number or a name in its messages. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence

from inference.reader import lexicon
from inference.reader.faults import Fault, faults
from inference.reader.findings import Finding
from inference.reader.passages import is_prose, sentences
from inference.reader.prompts import Command, commands, is_prompt, row_text
from inference.reader.questions import Question
from inference.reader.sheet import Cell, Sheet
from inference.reader.terminals.forms import pieces
from inference.reader.words import fold, words

ONLY_HERE = frozenset({"error", "command", "line_number", "source_file", "module"})
"""Concepts that stand nowhere but in terminals: where nothing is found for them, nothing else will do."""


def find(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """What a terminal on the pages says to the question; None if it asks for no such thing, or none shows it."""
    name = asked(question)
    return _RESOLVERS[name](sheets, question) if name else None


def alone(question: Question) -> bool:
    """Whether only a terminal could answer."""
    return question.wanted(*ONLY_HERE)


def asked(question: Question) -> str:
    """The concept that it asks for: of several, the one nearest to What, Which and the like."""
    spots = dict(_named(question.text))
    if not spots:
        return next((want.concept for want in question.wants if want.concept in _RESOLVERS), "")
    return min(spots, key=lambda name: (_from_asking(question.text, spots[name]), list(_RESOLVERS).index(name)))


def _named(text: str) -> Iterator[tuple[str, frozenset[int]]]:
    """The concepts of terminals that the text names, with the words that do so."""
    spots: dict[str, frozenset[int]] = {}
    parts = words(text)
    for name, used in lexicon.asked(text):
        spots[name] = spots.get(name, frozenset()) | used
    for label in lexicon.labels(text, loose=True):
        used = frozenset(i for i, part in enumerate(parts) if part.start >= label.start and part.end <= label.end)
        spots[label.concept] = spots.get(label.concept, frozenset()) | used
    yield from ((name, used) for name, used in spots.items() if name in _RESOLVERS)


_ASKING = re.compile(
    r"\b(?:what|which|welche[nmrs]?|was|wie|quel(?:le)?s?|qu|que|cual|how|why|warum)\b|什么|哪|几|多少|怎么|为何"
)


def _from_asking(text: str, used: frozenset[int]) -> int:
    """Words between the word that asks and the nearest of the used ones."""
    parts = words(text)
    asking = {
        index
        for match in _ASKING.finditer(fold(text))
        for index, part in enumerate(parts)
        if part.start < match.end() and part.end > match.start()
    }
    named = used - asking or used
    return min((abs(one - other) for one in named for other in asking), default=0)


def _error(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    found = faults(sheets)
    if not found:
        return None
    said = found[0].cells
    more = _reason(sheets, said) if not any(is_prompt(cell.text) for sheet in sheets for cell in sheet.cells) else ()
    return _finding(sheets, "error", "", (*said, *more), found[0].score)


def _reason(sheets: Sequence[Sheet], said: Sequence[Cell]) -> tuple[Cell, ...]:
    """The sentence that a window shows under its message: what stands in the way."""
    sheet = next(sheet for sheet in sheets if sheet.page.sha256 == said[0].page)
    below = [sentence for sentence in sentences(sheet) if sentence.cells[0].row > said[-1].row]
    told = next((sentence for sentence in below if len(sentence.text) > 1 and is_prose(sentence.text)), None)
    near = told is not None and told.cells[0].box.top - said[-1].box.bottom < 3 * said[-1].box.height
    return told.cells if told is not None and near else ()


_LAST = re.compile(r"\b(?:last|latest|letzte[nrs]?|derniere?|ultim[oa])\b|最后")
_FIRST = re.compile(r"\b(?:first|erste[nrs]?|premiere?|primera?)\b|第一|首")


def _command(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """The command that failed, or else the last, unless the question says which."""
    typed = [command for sheet in sheets for command in commands(sheet)]
    surest = max((command.score for command in typed), default=0.0)
    typed = [command for command in typed if command.score == surest]
    if not typed:
        return None
    flat = fold(question.text)
    failed = None if _LAST.search(flat) else _failed(sheets, typed)
    chosen = typed[0] if _FIRST.search(flat) else failed or typed[-1]
    return _finding(sheets, "command", chosen.text, chosen.cells, chosen.score)


def _failed(sheets: Sequence[Sheet], typed: Sequence[Command]) -> Command | None:
    """The command right above the likeliest error."""
    fault = next(iter(faults(sheets)), None)
    above = [c for c in typed if fault and c.cells[0].page == fault.cells[0].page and c.row < fault.cells[0].row]
    return above[-1] if above else None


_STATUS_ASKED = re.compile(r"echo\s+[\"']?\$(?:\?|lastexitcode|status)", re.IGNORECASE)
_MODULE = (
    re.compile(r"(?i:modules?|package|modulo|paquete|modul|paket|paquet|模块|包)\s*(?i:named|namens|nomme|llamado)?\s*[:：]?\s*[\"'`‘“]([^\"'`’”]{1,80})[\"'`’”]"),
    re.compile(r"(?i:no module named|cannot find module|package)\s+([\w./@-]+\w)"),
)  # fmt: skip

Pick = Callable[[str], str]
"""What a line gives, or nothing."""


def _by_form(forms: Sequence[re.Pattern[str]]) -> Pick:
    """The group of the first form that a line takes."""

    def pick(text: str) -> str:
        for form in forms:
            match = form.search(text)
            if match:
                group = next(number for number, found in enumerate(match.groups(), 1) if found)
                return text[match.start(group) : match.end(group)]
        return ""

    return pick


def _from_messages(name: str, pick: Pick, *, anywhere: bool = True) -> Callable[..., Finding | None]:
    """Reads a value out of the likeliest error, of its stack, or of any other line, commands last."""

    def resolve(sheets: Sequence[Sheet], question: Question) -> Finding | None:
        for cells in _lines(sheets, anywhere=anywhere):
            value = pick(row_text(cells))
            if value:
                return _finding(sheets, name, value, cells, 0.85)
        return None

    return resolve


def _lines(sheets: Sequence[Sheet], *, anywhere: bool) -> Iterator[Sequence[Cell]]:
    found = faults(sheets)
    if found:
        yield found[0].cells
        yield from _stack(sheets, found[0])
    yield from (fault.cells for fault in found[1:])
    if anywhere:
        rows = [row for sheet in sheets for row in sheet.rows]
        yield from sorted(rows, key=lambda row: is_prompt(row_text(row)))


_FRAME = re.compile(r"^\W*(?:file\W|at\s|in\s|from\s|datei\W|->|文件)|\.\w{1,5}[:(]\d")


def _stack(sheets: Sequence[Sheet], fault: Fault) -> Iterator[Sequence[Cell]]:
    """The places in the code that lead to the error: the innermost first, which stands next to the message."""
    sheet = next(sheet for sheet in sheets if sheet.page.sha256 == fault.cells[0].page)
    first, last = fault.cells[0].row, fault.cells[-1].row
    near = [*reversed(sheet.rows[:first]), *sheet.rows[last + 1 :]]
    yield from (row for row in near if _FRAME.search(fold(row_text(row))) and not is_prompt(row_text(row)))


def _exit_code(sheets: Sequence[Sheet], question: Question) -> Finding | None:
    """Said in a line, or shown below the command that asks the shell for it."""
    for sheet in sheets:
        for command in commands(sheet):
            below = sheet.rows[command.cells[-1].row + 1 :][:1]
            if _STATUS_ASKED.search(command.text) and below and re.fullmatch(r"\d{1,3}", row_text(below[0]).strip()):
                return _finding(sheets, "exit_code", row_text(below[0]).strip(), below[0], 0.9)
    return _from_messages("exit_code", _formed("exit"))(sheets, question)


def _formed(kind: str) -> Pick:
    """The surest value of that kind in a line."""

    def pick(text: str) -> str:
        found = pieces(text, kind)
        return max(found, key=lambda piece: piece.surely).text if found else ""

    return pick


_ACCOUNT = re.compile(r"^[\s\[(]*(?:\([\w.-]+\)\s?)?(?P<user>[\w.-]+)@(?P<host>[\w.-]+)")
_ACCOUNTS = {
    "host": (_ACCOUNT,),
    "user": (_ACCOUNT, re.compile(r"(?i:PS\s)?\s?[A-Za-z]:\\Users\\(?P<user>[^\\>]+)")),
}


def _from_prompt(name: str) -> Callable[..., Finding | None]:
    """Who works there, or on which machine, as the prompt says."""

    def resolve(sheets: Sequence[Sheet], question: Question) -> Finding | None:
        for sheet in sheets:
            for row in sheet.rows:
                match = next(filter(None, (form.match(row_text(row)) for form in _ACCOUNTS[name])), None)
                if match and is_prompt(row_text(row)):
                    return _finding(sheets, name, match[name], row, 0.85)
        return None

    return resolve


def _finding(sheets: Sequence[Sheet], name: str, value: str, cells: Sequence[Cell], score: float) -> Finding:
    index = next(number for number, sheet in enumerate(sheets) if sheet.page.sha256 == cells[0].page)
    return Finding(value, row_text(cells), index, score, tuple(cell.line for cell in cells), name)


_RESOLVERS: dict[str, Callable[[Sequence[Sheet], Question], Finding | None]] = {
    "exit_code": _exit_code,
    "port": _from_messages("port", _formed("port")),
    "line_number": _from_messages("line_number", _formed("line")),
    "module": _from_messages("module", _by_form(_MODULE)),
    "source_file": _from_messages("source_file", _formed("file"), anywhere=False),
    "ip_address": _from_messages("ip_address", _formed("ip")),
    "host": _from_prompt("host"),
    "user": _from_prompt("user"),
    "command": _command,
    "error": _error,
}
"""The more telling ones first, should a question name several alike."""
