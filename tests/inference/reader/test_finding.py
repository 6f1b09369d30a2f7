"""What is asked of letters, tables and charts, and what their lines answer."""

import pytest

from inference.reader.answers import answer
from inference.reader.scope import Shown
from tests.inference.reader.pages import ask, sheet

LETTER = """Northgate Plumbing Supplies
Your contact:      Marcus Bell
Dear Olga Petrenko,
Thank you for your enquiry. Our engineer will visit you on 25 July 2023 at 12:30.
The visit costs 89.31 EUR including travel. Our invoice 10444-26 follows.
From July 28, 2024 onwards a new rate holds.
Yours sincerely,
Marcus Bell"""

DIRECTORY = """Name            Department      Office      Extension
Renate Kuehn    Sales           A 101       373
Ulrike Behrendt Reception       B 225       335
Jonas Staub     Workshop        C 300       239"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much money is it about?", "89.31"),
        ("Quel montant est cité dans la lettre ?", "89.31"),
        ("Who is the contact person?", "Marcus Bell"),
        ("Wann kommt der Techniker?", "25 July 2023"),
        ("À quelle heure est le rendez-vous ?", "12:30"),
        ("What is the invoice number?", "10444-26"),
        ("When does the change take effect?", "July 28, 2024"),
    ],
)
def test_a_letter_tells_it_in_its_sentences(question: str, expected: str) -> None:
    assert expected in ask(question, LETTER).split("\n")[0]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Unter welcher Durchwahl erreiche ich Ulrike Behrendt?", "335"),
        ("Renate Kuehn属于什么部门？", "Sales"),
        ("¿Dónde está la oficina de Jonas Staub?", "C 300"),
    ],
)
def test_a_table_tells_it_by_row_and_column(question: str, expected: str) -> None:
    assert ask(question, DIRECTORY).startswith(f"**{expected}**")


def test_a_column_of_something_else_is_no_answer() -> None:
    assert "could not find" in ask("Quel est le salaire de Renate Kuehn ?", DIRECTORY)


def test_three_sums_that_add_up_tell_the_total_whatever_it_is_called() -> None:
    page = "Netto      392.20 EUR\nSteuer 7 %      27.45 EUR\nZusammengezogen      419.65 EUR"
    assert "419.65" in ask("What is the total?", page)


TIMETABLE = """Valid from 1 September 2025
Bus     Bishop Cross    Coldstone Hospital    Market Place
402     06:10           06:31                 06:44
405     08:15           08:43                 08:58
409     10:20           10:40                 10:55"""

STATEMENT = """Date      Details              Paid out      Balance
01 Oct    Brought forward                    1,482.16
06 Oct    Council tax DD       164.00        3,768.16
09 Oct    Mortgage payment     812.50        2,955.66"""

STOCK = """编号      品名             库存数     单价
WJ-118    铝合金把手       245        12.50
WJ-126    膨胀螺栓M10      3,400      0.65
联系人    曹慧敏
手机      138 0532 7746"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (TIMETABLE, "When does bus 405 arrive at Coldstone Hospital?", "08:43"),
        (STATEMENT, "What was the balance after the council tax payment?", "3,768.16"),
        (STOCK, "膨胀螺栓M10还有多少库存？", "3,400"),
        (STOCK, "联系人手机号", "138 0532 7746"),
    ],
)
def test_several_words_tell_where_to_look(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


def test_what_is_asked_for_is_not_what_owns_it() -> None:
    page = "Ref.: confirmación del pedido SC-7719\n\nLe confirmamos 85 abetos por un importe de 2.346,50 euros."
    assert ask("importe del pedido", page).startswith("**2.346,50")


def test_a_number_of_something_that_is_not_there_is_not_any_number() -> None:
    assert "could not find" in ask("Which card number was used?", "Trans 008812\nTotal 12.50")


FUEL = """Station Nord
Ticket no. 5521
Diesel
Litres              31.40
Price/litre         1.612
Amount              50.62
Club discount       -1.00
TOTAL               49.62
Visa                49.62"""

BISTRO = """Chez Margot
Note n° 4471
Serveur : Yann
2 Menus midi          38,00
1 Bouteille d'eau     4,50
Total                 42,50
TVA                   HT            Taxe
10 %                  30,00         3,00
20 %                  7,92          1,58
Ticket-restaurant     18,00
Carte bancaire        24,50"""

READING = """Meter no.          Old reading        New reading
K-2207             4 118              4 502"""


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (FUEL, "What was the price per litre?", "1.612"),
        (FUEL, "¿Cuántos litros?", "31.40"),
        (FUEL, "How much is to be paid in total?", "49.62"),
        (FUEL, "How much was the discount?", "-1.00"),
        (BISTRO, "Quel est le total de la note ?", "42,50"),
        (BISTRO, "Combien a été payé par carte ?", "24,50"),
        (BISTRO, "How much is the VAT at 20 %?", "1,58"),
        (READING, "What is the new reading?", "4 502"),
        (READING, "What is the old reading?", "4 118"),
    ],
)
def test_a_sum_is_told_from_the_others_on_the_page(text: str, question: str, expected: str) -> None:
    said = answer([question], [Shown(sheet(text), "#1 page.png", 0, 1)])
    assert said.replace("\\", "").startswith(f"**{expected}**")


def test_who_supplies_a_row_is_not_told_by_a_list_that_names_nobody() -> None:
    stock = """Stock list, warehouse 4
Item            Code       In stock     Minimum
Kettle          K-11       14           5
Toaster         T-20       3            6"""
    said = answer(["Who is the supplier of the toaster?"], [Shown(sheet(stock), "#1 page.png", 0, 1)])
    assert said.startswith("I could not find that")
