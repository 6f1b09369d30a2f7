"""Things of everyday life that a question names in one language and a page in another."""

import pytest

from inference.reader import glossary
from inference.reader.answers import answer
from tests.inference.reader.pages import shown

SHOP = """Kaufhaus Lindner
Waschmaschine Vela 7            489,00
Wasserkocher                     34,90
Zündkerzen, 4 Stück              27,60
Summe                           551,50"""

PRICES = """Tarifs de la piscine
Entrée enfant                    2,80
Location de serviette            3,20
Mot de passe perdu               5,00"""

MARKET = """Puesto 14
Salsa de soja                    2,35
Pimiento rojo                    1,90"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (SHOP, "How much was the washing machine?", "489,00"),
        (SHOP, "combien coûte la bouilloire ?", "34,90"),
        (SHOP, "¿cuánto costaron las bujías?", "27,60"),
        (PRICES, "How much is it to rent a towel?", "3,20"),
        (PRICES, "wieviel kostet ein verlorenes Passwort", "5,00"),
        (MARKET, "Was kostet die Sojasoße?", "2,35"),
        (MARKET, "酱油多少钱？", "2,35"),
    ],
)
def test_a_thing_is_known_by_its_name_in_another_language(page: str, question: str, expected: str) -> None:
    assert answer([question], [shown(page)]).startswith(f"**{expected}**")


@pytest.mark.parametrize(
    ("page", "question"), [(SHOP, "How much was the dishwasher?"), (MARKET, "Was kostet die Olivenöl-Seife?")]
)
def test_what_is_not_on_the_page_has_no_price(page: str, question: str) -> None:
    assert "I could not find that on the page" in answer([question], [shown(page)])


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("washing-machine", "Lave-linge 7 kg"),
        ("waschmaschine", "machine à laver"),
        ("kuehlschrank", "Fridge, 120 l"),
        ("boeuf", "Rindfleisch"),
        ("厨房水龙头", "Küchenarmatur: Küche, Wasserhahn"),
    ],
)
def test_spellings_and_several_words_are_one_thing(term: str, text: str) -> None:
    assert glossary.likeness(term, text) >= 0.8
