"""Who somebody is by the word for what they do: a name right beside it, or in the next line. Pure."""

import re
from collections.abc import Iterator, Sequence

from inference.reader import glossary, lexicon
from inference.reader.items.item import Item
from inference.reader.matching import likeness
from inference.reader.names import bare, has_legal_form, is_name
from inference.reader.passages import Sentence, sentences
from inference.reader.questions import Question, Term
from inference.reader.sheet import Cell, Sheet
from inference.reader.stop import stop
from inference.reader.words import Word, fold, is_han, words

_TITLED = rf"(?:(?:{'|'.join(lexicon.table('patterns')['honorific_cased'])})\.?\s?)+"
_WORD = r"[A-ZÀ-Þ](?:[a-zß-ÿ'’]+|\.)(?:-?[A-ZÀ-Þ][a-zß-ÿ'’]+)*"
_JOINT = r"(?:(?:de|del|la|van|von|di|du|da|le|der|den|y|e|zu|ten) ){0,2}"
_NAME = re.compile(rf"(?:{_TITLED}{_WORD}|{_WORD} {_JOINT}{_WORD})(?: {_JOINT}{_WORD}){{0,2}}")
_HAN = re.compile(
    r"\W*(?:人|者|员)?(?:为|是|由|：|:)?\s*([\u4e00-\u9fff]{2,4}?)(?=老师|先生|女士|经理|医生|主任|同志|\W|$)"
)

_INTRODUCED = re.compile(r"\s*[,(]|\s*$")
"""Behind a name that opens a sentence: else its first word may be a verb with a capital."""

NEAR = 40
"""Characters between the word and the name at most."""


def in_roles(sheet: Sheet, question: Question, terms: Sequence[Term]) -> Iterator[Item]:
    """Names beside all of the words that say something, where Who is asked."""
    telling = [term for term in terms if term.weight >= 0.9]
    # A doctor may be called Dr. where what she did tells that it is she.
    telling = [term for term in telling if term.text not in stop().persons] or telling
    if question.noun in stop().persons and all(is_event(term.text) for term in telling):
        telling = [Term(question.noun)]
    if question.kind != "name" or not telling:
        return
    for sentence in sentences(sheet):
        spots = _spots(sentence.text, telling)
        if spots is None:
            continue
        found = _in_text(sentence, spots) or _beside(sheet, sentence, spots)
        if found:
            text, score, cell = found
            cells = sentence.cells if cell in sentence.cells else (*sentence.cells, cell)
            yield Item(text, score, cell, cells, sentence.text if cell in sentence.cells else "")


def beside_role(sheet: Sheet, name: str) -> Iterator[Item]:
    """Names beside a label of the concept, which is a role: in the same sentence, right of it, over or under it."""
    for sentence in sentences(sheet):
        for label in lexicon.labels(sentence.text):
            if label.concept == name and label.weight > SURE:
                spots = (label.start, label.end)
                found = _in_text(sentence, spots) or _beside(sheet, sentence, spots)
                if found:
                    yield Item(found[0], found[1], found[2], sentence.cells, sentence.text)


SURE = 0.9
"""How surely words must mean a role."""


def is_event(word: str) -> bool:
    """Whether it is an appointment, which a page may tell without a word for it."""
    return any(label.concept == "appointment" for label in lexicon.labels(word, loose=True))


def _spots(text: str, telling: Sequence[Term]) -> tuple[int, int] | None:
    """From the first to the last of the words, if all of them stand there but what was done, which need not."""
    found = [(term, _spot(text, term)) for term in telling]
    spots = [spot for _, spot in found if spot]
    if not spots or any(spot is None and term.missed > 0.5 for term, spot in found):
        return None
    return min(spot.start for spot in spots), max(spot.end for spot in spots)


def _spot(text: str, term: Term) -> Word | None:
    word = next((word for word in words(text) if likeness(term.text, word.text) >= 0.8), None)
    at = text.find(term.text) if word is None else -1
    return Word(term.text, at, at + len(term.text)) if at >= 0 else word


def _in_text(sentence: Sentence, spots: tuple[int, int]) -> tuple[str, float, Cell] | None:
    name, apart = name_near(sentence.text, spots)
    return (name, 0.95 - 0.005 * apart, _cell_of(sentence, name)) if name else None


def name_near(text: str, spots: tuple[int, int]) -> tuple[str, int]:
    """The name that follows in the text, or stands right before, and how many characters between; empty if none."""
    start, end = spots
    han = _HAN.match(text, end)
    if han and han[1][0] in lexicon.table("affairs")["surnames"]:
        return han[1], 4
    if is_han(text):
        return _near_han(text, spots)
    names = [name for name in _NAME.finditer(text) if name.end() <= start or name.start() >= end]
    names = [name for name in names if name.start() or _INTRODUCED.match(text, name.end())]
    names = [name for name in names if not _is_of_things(name[0])]
    near = [(max(start - name.end(), name.start() - end + 1), name) for name in names]
    apart, best = min(near, key=lambda pair: pair[0], default=(NEAR, None))
    return (best[0].strip(), apart) if best is not None and apart < NEAR else ("", NEAR)


def _is_of_things(name: str) -> bool:
    """Whether they are words with capitals, as German writes nouns: Ihrem Haus."""
    first, *others = (fold(word) for word in name.split())
    return first in stop().words and (not others or glossary.knows(others[-1]))


def _near_han(text: str, spots: tuple[int, int]) -> tuple[str, int]:
    """The name behind an office, a rank or who hands over, that ends its clause or stands right before what is done."""
    start, end = spots
    found = [match for match in _HAN_BEHIND.finditer(text) if match.start(1) >= end or match.end(1) <= start]
    found = [match for match in found if match.start(1) >= end or text[match.end(1) : start].strip() in _RANKS]
    near = [(max(start - match.end(1), match.start(1) - end), match[1]) for match in found]
    apart, name = min(near, default=(NEAR, ""))
    return (name, apart) if apart < NEAR else ("", NEAR)


_RANKS = ("", "老师", "先生", "女士", "经理", "主任", "医生", "教授", "同志")
_HAN_BEHIND = re.compile(
    r"(?:[部组处科室局队院长理任监管师人员由找给交系请工班心站厅所]|[：:（(，,]|^)"
    rf"([{lexicon.table('affairs')['surnames']}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=老师|先生|女士|经理|主任|医生|教授|同志|主持|负责|主讲|担任|审核|签|办理|处理|[，。；,.;、）)（(]|\s*\d|$)"
)


def _cell_of(sentence: Sentence, text: str) -> Cell:
    return next((cell for cell in sentence.cells if text in cell.text), sentence.cells[0])


def _beside(sheet: Sheet, sentence: Sentence, spots: tuple[int, int]) -> tuple[str, float, Cell] | None:
    """The name to the right of the words, above them, as over the title of who signed, or below them."""
    cell = sentence.cells[0]
    start, end = spots
    if len(sentence.cells) > 1 or start > 12 or len(cell.text) - end > 25:
        return None
    right = sheet.rows[cell.row][cell.column + 1 : cell.column + 2]
    above = _aligned(sheet, cell, cell.row - 1)
    below = _aligned(sheet, cell, cell.row + 1)
    label = cell.text[end:].strip() in ("", ":", "：", ".")
    places = [*((one, 0.95) for one in right if label), *((one, 0.85) for one in below if label)]
    for other, score in [*places, *((one, 0.84) for one in above)]:
        text = bare(other.text)
        named = is_name(text) and not any(char.isdigit() for char in text) and not _is_label(other)
        if named and (_NAME.match(text) or has_legal_form(text)):
            return text, score, other
    return None


def _is_label(cell: Cell) -> bool:
    """Whether the whole line is a label of something else: Zählerstand alt."""
    return any(label.weight > SURE and label.end - label.start >= len(cell.text.strip(" :：")) for label in cell.labels)


def _aligned(sheet: Sheet, cell: Cell, row: int) -> list[Cell]:
    """What stands flush with the cell in the next row, close to it."""
    if not 0 <= row < len(sheet.rows):
        return []
    near = [
        other
        for other in sheet.rows[row]
        if max(other.box.top - cell.box.bottom, cell.box.top - other.box.bottom) < cell.box.height
    ]
    return [other for other in near if abs(other.box.left - cell.box.left) < cell.box.height]
