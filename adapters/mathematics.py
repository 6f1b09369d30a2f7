"""Formulas in answers, for platforms that draw none: found in Markdown and put in characters."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from adapters import formula

_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")

_BRACED = r"\{(?:[^{}`]|\{(?:[^{}`]|\{(?:[^{}`]|\{[^{}`]*\})*\})*\})*\}"
_ENVIRONMENT = r"(?:align|aligned|alignat|array|cases|eqnarray|equation|gather|multline|split|[pbBvV]?matrix)\*?"
_FORMULA = re.compile(
    r"(?P<code>(?<!`)(?P<marks>`+)(?!`).+?(?<!`)(?P=marks)(?!`))"
    r"|\\\[(?!\d+\\\])(?P<display>(?:[^`\\]|\\[^\[\]])+?)\\\]"
    r"|\\\((?P<inline>(?:[^`\\]|\\[^()])+?)\\\)"
    r"|(?<!\\)\$\$(?P<dollars>(?:\\.|[^$`\\])+?)\$\$"
    # As pandoc reads it (pandoc.org/MANUAL.html#math), and not within words such as US$5 and $HOME/$USER.
    r"|(?<![\\$A-Za-z0-9])\$(?P<dollar>(?![\s$])(?:\\.|[^$`\n\\])+?)(?<!\s)\$(?![$\d])(?!(?!(?:st|nd|rd|th)\b)[A-Za-z_])"
    rf"|(?P<boxed>\\boxed\s*{_BRACED})"
    rf"|(?P<environment>\\begin\{{(?P<name>{_ENVIRONMENT})\}}[^`]{{1,4000}}?\\end\{{(?P=name)\}})",
    re.DOTALL,
)
_KINDS = ("display", "inline", "dollars", "dollar", "boxed", "environment")
_MARKS = re.compile(r"\$|\\[(\[]|\\boxed|\\begin")
_AMOUNT = re.compile(r"[\d.,]*\d[^\\^_={}]*(?<![A-Za-z])[A-Za-z]{2,}")
"""Between two dollar signs: the first belongs to a sum of money, and words follow."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n")

_SAFE = str.maketrans({"\\": "∖", "*": "∗", "`": "'", "~": "∼"})
_UNSAFE = re.compile(r"\$|(?<!\w)_|(?<=\])(?=\()")
_BLOCK_MARK = re.compile(r"[-+](?=\s|$)|[#>=<]|\d+(?=[.)](?:\s|$))", re.MULTILINE)


def readable(markdown: str) -> str:
    """Markdown in which formulas are text. What is no formula, or one that cannot be read, stays as it is, and so does
    all code. Doing it twice changes nothing more."""
    while _MARKS.search(markdown):
        changed = "\n".join(_parts(markdown))
        if changed == markdown:
            break
        markdown = changed
    return markdown


def opened(markdown: str) -> int:
    """Where something begins in readable Markdown that may become a formula with what follows; its length if nothing
    does. No formula goes beyond its paragraph."""
    paragraph = max((match.end() for match in _BLANK_LINE.finditer(markdown)), default=0)
    mark = _MARKS.search(markdown, paragraph)
    return mark.start() if mark else len(markdown)


def _parts(markdown: str) -> Iterator[str]:
    """The text in pieces of whole lines, code as it stands."""
    lines, place = markdown.split("\n"), 0
    for token in _BLOCKS.parse(markdown):
        if token.map and token.type in ("fence", "code_block"):
            start, end = token.map
            if start > place:
                yield _FORMULA.sub(_written, "\n".join(lines[place:start]))
            yield "\n".join(lines[start:end])
            place = end
    if place < len(lines):
        yield _FORMULA.sub(_written, "\n".join(lines[place:]))


def _written(match: re.Match[str]) -> str:
    kind = next((kind for kind in _KINDS if match[kind] is not None), "code")
    latex = match[kind]
    if kind == "code" or _BLANK_LINE.search(latex) or (kind == "dollar" and _AMOUNT.match(latex)):
        return match[0]
    words = formula.text(latex)
    if words is None:
        return match[0]
    at_line = not match.string[: match.start()].rpartition("\n")[2].strip()
    return "\n".join(_as_markdown(line, at_line or number > 0) for number, line in enumerate(words.split("\n")))


def _as_markdown(line: str, at_line: bool) -> str:
    """With nothing in it that Markdown would act on."""
    line = _UNSAFE.sub(lambda match: f"\\{match[0]}" if match[0] else " ", line.translate(_SAFE))
    return _BLOCK_MARK.sub(_escaped_mark, line, count=1) if at_line and _BLOCK_MARK.match(line) else line


def _escaped_mark(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"
