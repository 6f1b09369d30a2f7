"""Places in code: the file, line and function that a stack of calls, a compiler or a linter names. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inference.reader.faults import faults
from inference.reader.lexicon import alternatives, table
from inference.reader.prompts import is_prompt, row_text
from inference.reader.sheet import Cell, Sheet
from inference.reader.stamps import is_level
from inference.reader.terminals.asking import Asked, Needle
from inference.reader.terminals.matches import in_text
from inference.reader.terminals.senses import acts
from inference.reader.terminals.telling import Told
from inference.reader.words import fold

ENOUGH = 0.75
"""The share of what else the question names that the message or the place itself must say."""

NEAR = 12
"""Rows from a message to the places that belong to it, at most."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in code, and the message to which it belongs."""

    file: str
    line: str
    function: str
    spelled: str
    """File and line as they stand there."""

    cells: tuple[Cell, ...]
    message: str
    faulty: bool
    """Whether the message tells of a fault."""

    outermost_first: bool
    """Whether the place of the fault comes last, as Python has it."""

    @property
    def text(self) -> str:
        return row_text(self.cells)


_ENDING = "|".join(sorted(table("console")["code_endings"].split(), key=len, reverse=True))
_FOLDERS = r"(?:[A-Za-z]:)?(?:[\w.~@+-]*[/\\])"
_FILE = (
    rf"(?:{_FOLDERS}*(?:[\w.@+-]*\.(?:{_ENDING})|Makefile|Dockerfile|Jenkinsfile)(?!\w)|{_FOLDERS}{{2,}}[\w.@+-]*\w)"
)
_LINE = alternatives("line", "asking")
_AT = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<file>{_FILE})\)?[(:]\s?[\[(]?(?P<line>\d+)(?:[:,]\s?\d+)?(?!\w*[./]\w)",
        rf"(?P<file>{_FILE})[\"'’”»]?[,:]?\s?(?:on |at |in |en |à la |a la )?{_LINE}\s?(?P<line>\d+)",
        rf"(?P<file>{_FILE})[\"'’”»]?\s?第\s?(?P<line>\d+)\s?行",
        rf"{_LINE}\s?(?P<line>\d+)\s(?:(?:of|in|von|der|du|de|del|the|datei|fichier|archivo|file)\s){{1,3}}[\"'“«]?(?P<file>{_FILE})",
    )
)
_CALLED = (
    re.compile(r",\sin\s(?P<function>[\w.<>]+)\s*$"),
    re.compile(r"^\W*(?:at|bei|à|en)\s(?:async |new )?(?P<function>[\w.<>$`\[\]:/-]+)\s?\("),
    re.compile(r"[:：]\s(?P<function>[\w\\]+(?:->|::)\w+)\("),
    re.compile(r":in\s[`'\"](?P<function>[^'\"`]+)['\"`]"),
)
"""How stacks name the function: Python's, then those of Java, JavaScript and .NET, PHP's and Ruby's."""

_OPENED = (
    re.compile(r"(?:in function|in funktion|dans la fonction|en la función|在函数)\W*(?P<function>[\w:~.]+)", re.I),
    re.compile(r"^(?P<function>[\w./-]+\.(?:\(\*?\w+\)\.)?\w+)\(.*\)$"),
)
"""How the line above a place names the function: gcc's and Go's."""

_BELOW_FILE = re.compile(r"\W*(?P<line>\d+):\d+\s")
"""A linter's complaint, below the name of its file."""

_FOREIGN = re.compile(
    r"node_modules|node:internal|site-packages|dist-packages|[/\\]usr[/\\]lib|/rustc/|/go/src/|java\.base|/vendor/"
    r"|^\W*at (?:System|Microsoft|java|javax|jdk|sun|org\.springframework|org\.apache)\.|<frozen"
)
"""Code of others, in which one's own faults come to light."""


@lru_cache(maxsize=64)
def places(sheet: Sheet) -> tuple[Place, ...]:
    """Every place in code that the page names, from top to bottom."""
    return tuple(_places(sheet))


def _places(sheet: Sheet) -> Iterator[Place]:
    wrong = {fault.cells[0].row: fault.text for fault in faults([sheet])}
    said = {row[0].row: row_text(row) for row in sheet.rows if is_level(row_text(row))} | wrong
    file = function = ""
    for row in sheet.rows:
        text = row_text(row)
        at = None if is_prompt(text) else _first(_AT, text)
        below = _BELOW_FILE.match(text) if file and at is None else None
        if at is None and below is None:
            alone = re.fullmatch(rf"[\s>•*-]*({_FILE}):?", text.strip())
            opened = _first(_OPENED, text.strip())
            file, function = alone[1] if alone else "", opened["function"] if opened else ""
            continue
        outermost_first = text.lstrip().startswith('File "')
        number = _message(said, row[0].row, below=outermost_first)
        called = _first(_CALLED, text)
        place = at or below
        assert place is not None
        yield Place(
            at["file"] if at else file,
            place["line"],
            called["function"] if called else function,
            _spelled(at) if at else f"{file}:{place['line']}",
            tuple(row),
            said.get(number, ""),
            number in wrong,
            outermost_first,
        )


def _first(forms: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next(filter(None, (form.search(text) for form in forms)), None)


def _spelled(at: re.Match[str]) -> str:
    """As compilers write it, whatever words stand between."""
    between = at.string[at.end("file") : at.start("line")] if at.start("line") > at.end("file") else " "
    return at[0] if between == ":" else f"{at['file']}:{at['line']}"


def _message(said: dict[int, str], row: int, *, below: bool) -> int:
    """The row of the message to which a place in that row belongs; -1 if there is none."""
    if row in said:
        return row
    near = [other for other in said if (0 < other - row <= NEAR if below else 0 < row - other <= NEAR)]
    return (min(near) if below else max(near)) if near else -1


def in_code(sheets: Sequence[Sheet], asked: Asked) -> Told | None:
    """The file, the line, the function, or where something is wrong, where the question asks for that."""
    part = _part(asked)
    if not part or (
        part == "file" and any(needle.senses & (_DONE_TO_FILES - _DONE_IN_CODE) for needle in asked.telling)
    ):
        return None
    others = [needle for needle in asked.telling if not needle.senses & _OF_CODE]
    named = [place for sheet in sheets for place in places(sheet) if _of(place, part) and (place.faulty or others)]
    shares = [(_share(place, others), _sounds_like(place, asked)) for place in named]
    best = max(shares, default=(0.0, 0))
    if best[0] < ENOUGH:
        return None
    fitting = [place for place, share in zip(named, shares, strict=True) if share == best]
    begun = any(needle.senses & {"run", "start"} for needle in asked.telling)
    place = fitting[0] if begun and fitting[0].outermost_first else _nearest(fitting)
    return Told(_of(place, part), place.cells, 0.9)


_OF_CODE = frozenset(
    {"file", "row", "function", "class", "script", "source", "program", "code"}
    | {"error", "exception", "fail", "build", "find", "run"}
)
"""Senses that say no more than that something in code went wrong."""

_DONE_TO_FILES = acts() | {"blocking"}
"""What is done to files, or what ails them, rather than what is wrong with the code in them."""

_DONE_IN_CODE = frozenset({"unused", "undeclared", "deprecated", "import", "fail", "build", "find", "run", "start"})


def _part(asked: Asked) -> str:
    """What of a place is asked for: file, line, function, class, or both file and line."""
    named = {sense for needle in asked.needles for sense in needle.senses}
    for noun in ("function", "class"):
        if noun in asked.nouns:
            return noun
    if asked.nouns & {"file", "script", "row"}:
        both = named & {"file", "script"} and "row" in named and not any("." in n.literal for n in asked.telling)
        return "both" if both else "line" if "row" in asked.nouns else "file"
    if asked.kinds == ("path",) and asked.nouns <= {"error", "exception"} and named & {"error", "exception", "fail"}:
        return "both"
    return ""


def _of(place: Place, part: str) -> str:
    if part == "class":
        owners = re.split(r"[.:\\]+|->", place.function)
        return owners[-2] if len(owners) > 1 else ""
    return {"file": place.file, "line": place.line, "function": place.function, "both": place.spelled}[part]


def _share(place: Place, others: Sequence[Needle]) -> float:
    """How much of what else is asked the place and its message say."""
    text = f"{place.text} {place.message}"
    said = [(needle, in_text(needle, text)[0]) for needle in others]
    total = sum(needle.weight if credit else needle.missed for needle, credit in said)
    return sum(needle.weight * credit for needle, credit in said) / total if total else 1.0


def _sounds_like(place: Place, asked: Asked) -> int:
    """How many of the words for what went wrong its message uses itself: where it panicked, the panic."""
    faults = (needle.literal for needle in asked.telling if needle.senses & _OF_CODE and len(needle.literal) > 3)
    return sum(literal[:5] in fold(place.message) or literal[:4] in fold(place.message) for literal in faults)


def _nearest(found: Sequence[Place]) -> Place:
    """Where the fault came to light in one's own code."""
    message = next((place.message for place in found if place.faulty), found[0].message)
    stack = [place for place in found if place.message == message]
    own = [place for place in stack if not _FOREIGN.search(fold(place.text))] or stack
    return own[-1] if own[0].outermost_first else own[0]
