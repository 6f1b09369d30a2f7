"""What is asked of letters, tables and charts, and what their lines answer."""

import pytest

from inference.reader.answers import answer
from inference.reader.scope import Shown
from tests.inference.reader.pages import sheet

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


def ask(question: str, page: str) -> str:
    return answer([question], [Shown(sheet(page), "#1 page.png", 0, 1)])


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
