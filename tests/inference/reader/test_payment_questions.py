"""Whether somebody has his money: how people ask, and what lists and part payments say."""

import pytest

from inference.reader.questions import parse
from tests.inference.reader.pages import ask

ASKS_IF_PAID = [
    "Has the electrician received his money?",
    "have they had their money?",
    "Has the money reached the school?",
    "Is the money in yet?",
    "Did the payment go through?",
    "are we square with the caterer",
    "Hat der Maler sein Geld schon?",
    "Ist das Geld schon beim Arzt angekommen?",
    "Wartet die Firma noch auf ihr Geld?",
    "Steht noch etwas aus?",
    "Le plombier a-t-il reçu son argent ?",
    "Le virement a-t-il été fait ?",
    "L'école attend-elle encore notre paiement ?",
    "¿Ha recibido el fontanero su dinero?",
    "¿Pagó Pierre la cuenta?",
    "¿Se hizo la transferencia?",
    "师傅的钱给了没有",
    "房租交没交",
    "学校收到学费了吗",
    "款到了没有",
]

ASKS_SOMETHING_ELSE = [
    "how much money did the driver get",
    "when did the money arrive",
    "Did we get our money back?",
    "wie viel Geld bekommt man zurück",
    "Qui a payé ?",
    "reste à payer",
    "amount still open",
    "付款方式写了吗",
    "什么时候付的钱",
    "Did the supplier receive the tools?",
]


@pytest.mark.parametrize("question", ASKS_IF_PAID)
def test_asking_after_the_money_asks_whether_it_is_paid(question: str) -> None:
    assert parse(question).task == "paid"


@pytest.mark.parametrize("question", ASKS_SOMETHING_ELSE)
def test_other_questions_about_money_do_not(question: str) -> None:
    assert parse(question).task != "paid"


STATEMENT = """
Invoice      Date            Amount        Paid          Open
10442        02/05/2026      1,210.00      1,210.00      0.00
10478        19/05/2026      640.00        300.00        340.00
10503        11/06/2026      885.50        0.00          885.50
Total outstanding                                      1,225.50
"""

DUES = """
Mitglied        Beitrag     Bezahlt am
Ruth Adam       48,00 €     03.02.2026
Jens Kolb       48,00 €
Tina Uhl        48,00 €     11.02.2026
Olaf Rau        48,00 €     -
"""

OUTING = """
姓名        金额       是否已付
王芳        200       是
李雷        200       否
"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (STATEMENT, "has 10442 been paid?", "Paid"),
        (STATEMENT, "is invoice 10478 paid?", "Not paid"),
        (STATEMENT, "Ist 10503 schon bezahlt?", "Not paid"),
        (DUES, "Hat Ruth Adam schon gezahlt?", "Paid"),
        (DUES, "Has Jens Kolb paid?", "Not paid"),
        (DUES, "Hat Olaf Rau seinen Beitrag bezahlt?", "Not paid"),
        (OUTING, "王芳付款了吗", "Paid"),
        (OUTING, "Has 李雷 paid?", "Not paid"),
    ],
)
def test_a_list_tells_by_its_columns_who_has_paid(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(expected)


def test_the_row_of_a_numbered_invoice_tells_its_day() -> None:
    assert ask("when was invoice 10478 issued", f"Statement date 30 June 2026{STATEMENT}").startswith("**19/05/2026")


PART_PAYMENTS = """
Fitted wardrobe, oak                    2,400.00
Delivery and fitting                      350.00
Total                                   2,750.00
Paid 10 Jan 2026 (bank transfer)        1,375.00
Paid 2 Mar 2026 (bank transfer)           600.00
Outstanding                               775.00
"""

CLUTCH = """
Cambio de embrague       480,00
Mano de obra             220,00
Total                    700,00 €
A cuenta                 200,00 €
Pendiente                500,00 €
"""


@pytest.mark.parametrize("page", [PART_PAYMENTS, CLUTCH])
@pytest.mark.parametrize("question", ["Has it been paid in full?", "Has the garage got all its money?"])
def test_part_payments_leave_a_bill_unpaid(page: str, question: str) -> None:
    assert ask(question, page).startswith("Not paid")
