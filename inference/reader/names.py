"""What the name of a person, a company or a shop looks like, and what only stands where one might. Pure."""

import re

from inference.reader import lexicon
from inference.reader.lexicon import alternatives, concept, labels
from inference.reader.values import values
from inference.reader.words import fold, is_han

LONGEST = 60
"""Characters of a name at most."""

_COMPANY = re.compile(lexicon.alternatives("company"))
_LEGAL_FORM = re.compile(
    rf"(?:^|[\s,&.]){lexicon.alternatives('legal_form')}\W*$|(?:{'|'.join(lexicon.table('patterns')['company_end_han'])})\W*$"
)
_TITLE = re.compile(
    rf"^\W*{lexicon.alternatives('title')}|{lexicon.alternatives('title_end')}\W*$"
    rf"|^\W*{lexicon.alternatives('title_end')}\s+(?:\d|(?:of|for|as|per|vom|von|der|fur|zum|au|du|de|des|del|al|a)\b)"
)
_STREET = re.compile(lexicon.alternatives("street"))
_ALSO_NAMES = re.compile(rf"^{alternatives('honorific_doctor')}|{alternatives('street_or_house')}\s*$")
"""Words of streets that as often stand in names: Dr. Vollmer, Rivergate Car Park."""

_POSTAL = re.compile(
    r"(?<!\d)(?:[A-Z]{1,2}-)?\d{4,5}\s+[A-ZÀ-Þ][\w'’.-]+|\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b|邮编|\b\d{6}\b"
)
_HOUSE = re.compile(r"(?:[^\W\d][\w'’.-]*,? ){1,5}\d{1,4} ?[a-z]?(?:, .*)?$")
"""Words and the number of a house behind them."""

_TOWN_HAN = re.compile(r"[\u4e00-\u9fff]{2,}(?:省|市|自治区)(?:[\u4e00-\u9fff]{2,}[市区县州])?\s*\d*$")
_CONTACT = re.compile(r"@|www\.|https?:|\btel|\bphone|\bfax|telefon|电话|传真|网址|邮箱", re.IGNORECASE)
_OPENING = re.compile(
    rf"^\W*(?:©|\(c\)|(?:19|20)\d\d\b|{lexicon.alternatives('honorific')}(?=\s*$|\s*[:：])|{lexicon.alternatives('name_label')}\s*[:：])\s*"
)
_SENTENCE = re.compile(
    r"[a-zß-ÿ]{4,}[.!?]\s+\w|[a-zß-ÿ]{4,}[!?.;]\s*$|[。！？；]|(?<=[,，])\s*[a-zß-ÿ]+\s+[a-zß-ÿ]+\s+[a-zß-ÿ]+"
)
_MAILBOX = re.compile(r"\s*<\S+@\S+>")
_APART = re.compile(r"\s*[·|•]\s*|\s+[-–—]\s+|\s{3,}")


def is_address(text: str) -> bool:
    return bool(_STREET.search(fold(text)) or _HOUSE.match(text) or is_postal(text))


def is_postal(text: str) -> bool:
    """Whether it holds a town with its postal code."""
    return bool(_POSTAL.search(text) or _TOWN_HAN.fullmatch(text.strip()))


def is_street(text: str) -> bool:
    return bool(_STREET.search(fold(text)))


def is_contact(text: str) -> bool:
    """Whether it tells a telephone number, a mail address or a website."""
    return bool(_CONTACT.search(text))


def is_company(text: str) -> bool:
    return bool(_COMPANY.search(fold(text))) or has_legal_form(text)


def has_legal_form(text: str) -> bool:
    """Whether it ends as only the names of companies do: GmbH, Ltd, S.L., 有限公司."""
    return bool(_LEGAL_FORM.search(fold(_without_brackets(text))))


def _without_brackets(text: str) -> str:
    """A branch in brackets behind a name is not how the name ends."""
    return re.sub(r"\s*[(（][^()（）]*[)）]?\s*$", "", text) or text


def is_title(text: str) -> bool:
    """Whether a document calls itself that: Invoice, Preisliste, 库存."""
    return bool(_TITLE.search(fold(text))) and not has_legal_form(text)


def is_plain(text: str) -> bool:
    """Whether only its first word has a capital, as in a heading and not in a name: Almacén central."""
    first, *others = re.findall(r"[^\W\d_]+", text) or [""]
    told = [word for word in others if fold(word) not in _JOINTS]
    return first[:1].isupper() and bool(told) and all(word.islower() for word in told)


_JOINTS = frozenset(lexicon.table("patterns")["name_joint"])


def is_name(text: str) -> bool:
    """Whether it may name somebody: letters for the most part, no title, no sentence, no date, no address."""
    dense = text.replace(" ", "")
    letters = sum(char.isalpha() for char in dense)
    if not 2 <= len(text) <= LONGEST or letters < 2 or letters < 0.6 * len(dense) or is_title(text):
        return False
    scribbled = not is_han(text) and not _VOWEL.search(fold(text))
    if scribbled or _LEGAL_FORM.fullmatch(fold(text)) or _SENTENCE.search(text):
        return False
    if ":" in text or "：" in text or len(text.split()) > 9:
        return False
    told = (value.kind for value in values(text) if value.kind != "bic" or value.sure)
    if not _NO_NAMES.isdisjoint(told) or _is_label(text):
        return False
    return has_legal_form(text) or not (_is_whole_address(text) or is_contact(text))


_VOWEL = re.compile(r"[aeiouy]")
"""None stands in what a model makes of a signature by hand."""

_NO_NAMES = frozenset({"date", "time", "iban", "bic", "email", "url"})


def _is_whole_address(text: str) -> bool:
    """Whether it is an address and not somebody called after a street: Meadow Street Library."""
    if not any(char.isdigit() or char in ",，" for char in text) and _ALSO_NAMES.search(fold(text)):
        return False
    street = _STREET.search(fold(text))
    named_after = street is not None and text[street.end() :].strip().isalpha() and is_company(text[street.end() :])
    called = named_after or (len(text.split()) > 2 and "," not in text)
    return is_address(text) and (any(char.isdigit() for char in text) or not called)


def _is_label(text: str) -> bool:
    """Whether it is the label of something, and little more, or ends in a word for what is no name: 制单日期."""
    sure = [label for label in labels(text) if label.weight > 0.9]
    whole = any(label.start == 0 and len(text) < label.end + 3 for label in sure)
    ending = any(label.end == len(text) and "name" not in concept(label.concept).kinds for label in sure)
    return whole or (ending and not has_legal_form(text))


def bare(text: str) -> str:
    """The name without what introduces it, such as Name: or ©, and without an address behind it."""
    text = _APART.split(_MAILBOX.sub("", text).strip(), maxsplit=1)[0]
    opening = _OPENING.match(fold(text))
    return _before_address(text[opening.end() :] if opening else text).strip(" ,;，、|")


def _before_address(text: str) -> str:
    """What stands before the first part with a digit: a street, a postal code, a number."""
    kept = re.split(r"[,，;；]\s*", text)
    numbered = next((n for n, part in enumerate(kept) if n and any(char.isdigit() for char in part)), len(kept))
    return text if numbered == len(kept) else ", ".join(kept[:numbered])


def is_person(text: str) -> bool:
    """Whether it is how people are called, by two words at least, and no company, office or heading."""
    if is_han(text):
        return bool(_PERSON_HAN.fullmatch(text.strip())) and not _is_label(text)
    other = is_company(text) or is_title(text) or _OFFICE.search(fold(text)) or _is_whole_address(text)
    return bool(_PERSON.fullmatch(text.strip())) and not other


_TITLED = rf"(?:(?:{'|'.join(lexicon.table('patterns')['honorific_cased'])})\.?\s?)*"
_PART = r"(?:[A-ZÀ-Þ][a-zß-ÿ'’]+(?:[-'’]?[A-ZÀ-Þ][a-zß-ÿ'’]+)*|[A-ZÀ-Þ]{3,}|[A-ZÀ-Þ]\.(?:-?[A-ZÀ-Þ]\.)*)"
_AND = r"(?:(?:de|del|la|van|von|di|du|da|le|der|den|y|e|zu|ten|d') ?){0,2}"
_PERSON = re.compile(rf"{_TITLED}(?:[A-ZÀ-Þ]\.?\s)?{_PART}(?: {_AND}{_PART}){{1,3}}")
_PERSON_HAN = re.compile(rf"[{lexicon.table('affairs')['surnames']}][\u4e00-\u9fff]{{1,3}}")
_OFFICE = re.compile(lexicon.alternatives("office"))
"""A word for what somebody does: Parking Manager is nobody's name."""


def name_in(text: str) -> str:
    """The name that a line tells, perhaps beside a title or an address; empty if none."""
    if text.strip()[:1] in "(（":
        return ""
    parts = [bare(part) for part in _APART.split(text.strip()) if not _is_dated(part)]
    return next((part for part in parts if is_name(part)), "")


def _is_dated(text: str) -> bool:
    """Whether a date stands in it, as behind the town from which a letter comes."""
    return any(value.kind == "date" for value in values(text))


def is_whole_name(text: str) -> bool:
    """Whether nothing but letters stands in it, as in the first line of an address."""
    return is_han(text) or not any(char.isdigit() for char in text)


def is_somebody(name: str) -> bool:
    """Whether it is not one of the words that letters have for anybody: Sir or Madam."""
    return fold(name).strip(" .,:!") not in _NOBODY


_NOBODY = frozenset(
    {
        "sir or madam",
        "sir",
        "madam",
        "sirs",
        "damen und herren",
        "madame, monsieur",
        "monsieur",
        "it may concern",
        "customer",
        "client",
        "cliente",
        "team",
        "all",
        "kunde",
        "kundin",
        "客户",
        "先生/女士",
        "先生",
        "女士",
        "用户",
        "顾客",
        "各位",
        "各位业主",
        "各位客户",
        "业主",
        "领导",
    }
)
