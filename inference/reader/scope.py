"""Which of the pages in a conversation a question is about. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inference.reader.sheet import Sheet
from inference.reader.words import fold

_ORDINALS = {
    1: "first 1st erste ersten erster erstes premier premiere 1er 1ere primer primera primero 第一",
    2: "second 2nd zweite zweiten zweiter zweites deuxieme seconde 2e 2eme segundo segunda 第二",
    3: "third 3rd dritte dritten dritter drittes troisieme 3e 3eme tercer tercera tercero 第三",
    4: "fourth 4th vierte vierten vierter viertes quatrieme 4e 4eme cuarto cuarta 第四",
    5: "fifth 5th funfte funften funfter funftes cinquieme 5e 5eme quinto quinta 第五",
    -1: "last latest letzte letzten letzter letztes dernier derniere ultimo ultima 最后",
    -2: "previous earlier vorige vorigen vorherige precedent precedente anterior 上一",
}
_NTH = {word: number for number, names in _ORDINALS.items() for word in names.split() if word.isascii()}
_PAGE = "page|seite|pagina|p\\."
_FILE = (
    "picture|pic|image|photo|document|doc|file|attachment|pdf|invoice|receipt|bill|letter|one|scan|screenshot|"
    "bild|foto|dokument|datei|anhang|rechnung|quittung|brief|beleg|image|piece|fichier|facture|recu|lettre|imagen|documento|archivo|factura|recibo|carta"
)
_NUMBERED = re.compile(
    rf"#\s?(\d{{1,4}})\b|\b(?:{_FILE}|bild|nummer)\s+(?:no\.?\s?|nr\.?\s?)?(\d{{1,2}})\b(?![.,:/-]\d)"
)
_NTH_FILE = re.compile(rf"\b({'|'.join(_NTH)})\.?\s+(?:{_FILE})\b")
_FILE_NTH = re.compile(
    r"\b(?:image|imagen|documento?|factura|recibo|carta|facture|foto|photo|fichier)\s+(precedente?|anterior)\b"
)
_NTH_PAGE = re.compile(rf"\b({'|'.join(_NTH)})\.?\s+(?:{_PAGE})\b")
_PAGE_NUMBER = re.compile(rf"\b(?:{_PAGE})\s?(?:no\.?\s?|nr\.?\s?)?(\d{{1,4}})\b|第\s?(\d{{1,4}})\s?页")
_HAN_NTH = re.compile(
    r"第([一二三四五六七八九十\d]{1,2})[张個个份](?:图片?|照片|发票|文件|收据|单据)?|(最后|上)一?[张個个份]"
)
_HAN_PAGE_NTH = re.compile(r"第([一二三四五六七八九十])页|(最后)一?页")
_HAN_DIGITS = {char: number for number, char in enumerate("一二三四五六七八九十", 1)}
_LABEL = re.compile(r"^#(?P<number>\d+)\s+(?P<name>.*?)(?:, page (?P<page>\d+))?$", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A page that somebody showed, in the ``turn`` counted from the start of the conversation."""

    sheet: Sheet
    label: str
    turn: int
    order: int
    """Its place among all pages, from 1."""

    @property
    def number(self) -> int:
        """The number by which people address its document."""
        match = _LABEL.match(self.label)
        return int(match["number"]) if match else self.order

    @property
    def name(self) -> str:
        """The document's file name, or whatever the label says."""
        match = _LABEL.match(self.label)
        return match["name"] if match else self.label

    @property
    def page(self) -> int:
        match = _LABEL.match(self.label)
        return int(match["page"]) if match and match["page"] else 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a question says to look, and the question without that. Numbers below nought count from the end."""

    rest: str
    documents: tuple[int, ...] = ()
    nth: int | None = None
    page: int | None = None

    @property
    def given(self) -> bool:
        return bool(self.documents) or self.nth is not None or self.page is not None


def parse_scope(question: str) -> Scope:
    """Take #2, the second picture, page 3 and the like out of a question."""
    flat = fold(question)
    spans: list[tuple[int, int]] = []
    documents: list[int] = []
    nth = page = None
    for match in _PAGE_NUMBER.finditer(flat):
        page = int(match[1] or match[2])
        spans.append(match.span())
    for form in (_NTH_PAGE, _HAN_PAGE_NTH):
        for match in form.finditer(flat):
            page = _nth(match)
            spans.append(match.span())
    for match in _NUMBERED.finditer(flat):
        documents.append(int(match[1] or match[2]))
        spans.append(match.span())
    for form in (_NTH_FILE, _FILE_NTH, _HAN_NTH):
        for match in form.finditer(flat):
            nth = _nth(match)
            spans.append(match.span())
    return Scope(_without(question, spans), tuple(documents), nth, page)


def _nth(match: re.Match[str]) -> int:
    word = next(group for group in match.groups() if group)
    if word in ("最后",):
        return -1
    if word in ("上", "precedent", "precedente", "anterior"):
        return -2
    if word.isdigit():
        return int(word)
    return _HAN_DIGITS.get(word) or _NTH[word]


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    if not spans:
        return text.strip()
    kept = [" " if any(start <= index < end for start, end in spans) else char for index, char in enumerate(text)]
    return re.sub(
        r"\s+", " ", re.sub(r"\b(?:on|in|of|from|auf|in|von|sur|de|dans|en)\s*(?=[?.!]?\s*$)", "", "".join(kept))
    ).strip()


Document = tuple[Shown, ...]


def documents(shown: Sequence[Shown]) -> list[Document]:
    """The pages by document, in the order in which they were shown."""
    groups: dict[tuple[int, int, str], list[Shown]] = {}
    for one in shown:
        groups.setdefault((one.turn, one.number if _LABEL.match(one.label) else one.order, one.name), []).append(one)
    return [tuple(pages) for pages in groups.values()]


def in_scope(shown: Sequence[Shown], scope: Scope, question: str) -> list[list[Document]]:
    """Documents to look at, in layers: those of the first layer together, the next only if they tell nothing."""
    chosen = documents(shown)
    named = [document for document in chosen if _is_named(document, question)]
    if scope.documents:
        chosen = [document for document in chosen if document[0].number in scope.documents]
    elif scope.nth is not None:
        chosen = _pick(chosen, scope.nth)
    elif named:
        chosen = named
    if scope.page is not None:
        chosen = [pages for document in chosen if (pages := _page(document, scope.page))]
    if scope.given or named:
        return [chosen] if chosen else []
    turns = sorted({document[0].turn for document in chosen}, reverse=True)
    return [[document for document in chosen if document[0].turn == turn] for turn in turns]


def _is_named(document: Document, question: str) -> bool:
    """Whether the question writes the file's name, with or without its ending."""
    name = fold(document[0].name)
    stem = name.rsplit(".", 1)[0]
    return (
        len(stem) >= 4
        and (name in fold(question) or re.search(rf"\b{re.escape(stem)}\b", fold(question)) is not None)
        and stem not in _COMMON
    )


_COMMON = frozenset(
    {
        "invoice",
        "receipt",
        "image",
        "photo",
        "picture",
        "scan",
        "document",
        "letter",
        "file",
        "page",
        "rechnung",
        "facture",
        "factura",
        "total",
        "screenshot",
        "bild",
        "foto",
    }
)


def _pick(chosen: list[Document], nth: int) -> list[Document]:
    index = nth - 1 if nth > 0 else len(chosen) + nth
    return [chosen[index]] if 0 <= index < len(chosen) else []


def _page(document: Document, number: int) -> Document:
    if number < 0:
        return document[number:][:1]
    return tuple(shown for shown in document if shown.page == number)
