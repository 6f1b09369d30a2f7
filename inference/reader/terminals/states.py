"""Which of several things is in the state that a question asks about: which pod crashed. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from inference.reader.lexicon import table
from inference.reader.prompts import is_prompt, row_text
from inference.reader.sheet import Cell, Sheet
from inference.reader.stamps import is_level
from inference.reader.terminals.asking import Asked
from inference.reader.terminals.columns import grids
from inference.reader.terminals.forms import pieces
from inference.reader.terminals.senses import acts, spans
from inference.reader.terminals.telling import Told
from inference.reader.words import fold

MOST = 4
"""Things in one state that an answer lists, at most."""

LONG = 60
"""Characters of what may be the name of a thing, at most."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing beside which the state stands that is asked for."""

    subject: str
    cells: tuple[Cell, ...]


def in_state(sheets: Sequence[Sheet], asked: Asked) -> Told | None:
    """The things that stand in the state asked for, if the question asks which."""
    state = _State(_wanted(asked), frozenset() if asked.denied else _done(asked))
    if not (state.name or state.acts) or not asked.names_one:
        return None
    found = [one for sheet in sheets for one in _standings(sheet, asked, state)]
    formed = next((kind for kind in asked.kinds[:1] if kind in ("file", "path", "host")), "")
    if formed:
        found = [replace(one, subject=of[0].text) for one in found if (of := pieces(one.subject, formed))]
    if not found or len(found) > MOST:
        return None
    subjects = tuple(dict.fromkeys(one.subject for one in found))
    return Told(", ".join(subjects), tuple(cell for one in found for cell in one.cells), 0.92)


@dataclass(frozen=True, slots=True)
class _State:
    """A state that is asked for: its name, and what has been done to a thing that is in it."""

    name: str
    acts: frozenset[str]

    def is_told(self, text: str) -> bool:
        """Whether the text says so, and nothing else."""
        if self.name and _means(text) == self.name:
            return True
        aside = re.search(r"[(（](\w+)[)）]$", text)
        if aside and self.name and _means(aside[1]) == self.name:
            # Up 2 days (unhealthy)
            return True
        if "=" in text or len(text.split()) > WORDS or _means(text) in ("fail", "pending"):
            return False
        said = spans(text)
        return bool(said) and not text[: said[0].start].strip() and bool(said[0].senses & self.acts)


WORDS = 3
"""Words of a text that tells a state, at most."""


def _done(asked: Asked) -> frozenset[str]:
    return frozenset(sense for n in asked.needles if not n.noun for sense in n.senses & acts())


_SENSES = {
    "fail": ("fail", "error", "unreachable", "offline", "refuse", "kill"),
    "skip": ("skip",),
    "pending": ("pending",),
    "pass": ("pass", "succeed"),
    "run": ("run", "online"),
    "warning": ("warning",),
}
_DENIED = {"run": "fail", "pass": "fail"}


def _wanted(asked: Asked) -> str:
    """The state that the question names: what does not run has failed."""
    senses = {sense for needle in asked.needles if not needle.noun for sense in needle.senses}
    named = next((state for state, listed in _SENSES.items() if senses & set(listed)), "")
    return _DENIED.get(named, named) if asked.denied else named


def _standings(sheet: Sheet, asked: Asked, state: _State) -> Iterator[Standing]:
    seen: set[int] = set()
    for grid in grids(sheet):
        subject = _subject_column(grid.head, asked)
        seen.update(cells[0].row for cells in grid.cells if len(grid.head) > 2)
        for texts, cells in zip(grid.rows, grid.cells, strict=True):
            own = tuple(cell for cell in cells if cell.row != cells[0].row) or cells
            for column, text in enumerate(texts):
                if column != subject and state.is_told(text) and texts[subject]:
                    seen.add(own[0].row)
                    yield Standing(texts[subject], own)
    for row in sheet.rows:
        if row[0].row not in seen and not is_prompt(row_text(row)):
            yield from _of_row(row, state)


def _subject_column(head: Sequence[str], asked: Asked) -> int:
    """The column of what is asked for, or else that of names, or the first."""
    named = [n for n, text in enumerate(head) if any(span.senses & asked.nouns for span in spans(text))]
    called = [n for n, text in enumerate(head) if fold(text).strip() in _NAMES]
    return next(iter((*named, *called)), 0)


_NAMES = frozenset({"name", "names", "nom", "nombre", "bezeichnung", "名称", "名字"})


def _of_row(row: Sequence[Cell], state: _State) -> Iterator[Standing]:
    """A thing and its state in cells of their own, or in one line."""
    cells = [cell for cell in row if cell.text.strip() and not re.fullmatch(r"[.…·\s-]+", cell.text)]
    told = next((cell for cell in reversed(cells) if state.is_told(cell.text)), None)
    if told is not None and len(cells) > 1:
        subjects = [_named(cell.text) for cell in cells if cell is not told]
        subjects = [text for text in subjects if text and not _means(text)]
        if subjects:
            yield Standing(subjects[0], tuple(row))
        return
    text = row_text(row)
    if is_level(text):
        return
    text = _COUNTER.sub("", text)
    for form in (_STATE_LAST, _STATE_FIRST):
        match = form.fullmatch(text.strip())
        if match and state.is_told(match["state"]) and (subject := _named(match["subject"])):
            yield Standing(subject, tuple(row))
            return


_STATE_LAST = re.compile(
    r"(?P<subject>.{2,60}?)(?:\s?[.…]{2,}\s?|\s?[:：]\s+|\s[-–—]\s|\s+[\[(]\s?|：|\s+(?=[A-Z]{4,}$|[✓✔✗✘❌✅×√✖]))"
    r"(?P<state>[^:：.…]{1,24}?)\s?[\])]?(?:\s?[,(（].*)?"
)
_STATE_FIRST = re.compile(
    r"\W{0,5}(?P<state>[A-Z]{4,}|[✓✔✗✘❌✅×√✖]|\[\s?\w+\s?\])[:：\s]\s*(?P<subject>.{2,60}?)(?:\s[-–]\s.*|\s\(.*|[:：]\s.*)?"
)
_COUNTER = re.compile(r"^\s*(?:\[?\d+\s?[/.)]\s?\d*\]?\s*)|^\s*\[?\d{1,2}:\d\d(?::\d\d)?\]?\s*")
_DOTS = re.compile(r"[\s.…·]+$")


def _named(text: str) -> str:
    """The name in it, without its place in a list; empty where it is a mere time or sums up the whole."""
    said = _DOTS.sub("", _COUNTER.sub("", text)).strip(" :：-–✓✔✗✘×•*")
    known = [span for span in spans(said) if span.senses & _WHOLE]
    if re.match(r"\d+\s\w", said) or fold(said).split()[:1] in ([word] for word in _ARTICLES):
        # 3 upgraded; the following packages.
        return ""
    sums_up = sum(span.end - span.start for span in known) >= len(re.sub(r"\s", "", said))
    return "" if sums_up or len(said) > LONG or not re.search(r"[^\W\d_]", said) else said


_ARTICLES = ("the", "die", "der", "das", "les", "le", "la", "el", "los", "las")


def is_fine(text: str) -> bool:
    """Whether the text says that all is well, and nothing else."""
    return _means(text) in ("pass", "run")


_WHOLE = frozenset({"result", "status", "finish", "total", "build", "pipeline", "error", "warning"})


@lru_cache(maxsize=8192)
def _means(text: str) -> str:
    """The state that a short text tells, and nothing else."""
    flat = re.sub(r"\s*[(（].*$|\s+(?:0x\w+|-?\d+)$", "", fold(text)).strip(" .:!()[]")
    return _states().get(flat, "")


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    return {fold(word): state for state, listed in table("console")["states"].items() for word in listed}
