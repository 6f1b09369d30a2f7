"""Ordinary bills, receipts and tickets, and what colleagues ask about them."""

import pytest

from inference.reader.wording import NOT_FOUND
from tests.inference.reader.pages import ask

FUEL = """
GREENWAY SERVICE STATION
Pump 6                        Unleaded E10
34.82 L @ 1.449                 £50.46
Screenwash 5L                    £6.99
TOTAL                           £57.45
VISA DEBIT                      £57.45
"""

TRAIN = """
Off-Peak Return
From NORWICH
To LONDON LIVERPOOL ST
Adult 1                       Child 0
Coach C                       Seat 41A
Dep 09:30                     Arr 11:24
Price £58.70
"""

RAIL = """
RENFE Viajeros
Localizador: HX7PLQ
MADRID - ATOCHA              08:05
ZARAGOZA DELICIAS            09:21
AVE 03081      Coche 5      Plaza 9C
Importe: 41,60 €
"""

ROUTE = """
e-Billet
Dossier : TRKLQP
NANTES > PARIS MONTPARNASSE 1
Voiture 07 Place 63
Tarif : 54,00 €
"""

PARKING = """
PARKSCHEIN
Gültig bis                         16:40
Bezahlt                           2,80 €
Kennzeichen                   FR-KL 882
"""

ORDER = """
Placed on 3 June 2026
Item                          Qty     Price
Ceramic planter, sage, 30 cm    2     £48.00
Subtotal                              £48.00
Delivery                               £4.95
Courier: Parcelwise, tracking PW99204417GB
Estimated delivery: 6-8 June 2026
Returns accepted within 30 days of delivery.
"""

PLUMBER = """
Harrow & Finch
Call-out charge      45.00
Tap hoses            13.60
Total due           £58.60
"""

COBBLER = """
SWIFT SHOE & KEY BAR
Name: Okonkwo
Dropped off: Mon 9 March
Ready: Thu 12 March after 2 pm
Heel tips                    8.50
Deposit paid                20.00
To pay on collection        30.50
"""

DINNER = """
蜀香居
桌号：A16
酸辣汤       1       18.00
消费合计             116.00
会员优惠             -6.00
"""

CINEMA = """
星光影城
影片：流浪的云
影厅：5号厅
时间：2026-05-02 19:40
"""

HOSTEL = """
Huésped: Pierre Lambert
Entrada: 02/05/2026
Salida: 05/05/2026
Total       220,50 €
"""

VET = """
安宁宠物医院
应收合计       ¥287.50
复诊日期：2026-03-11
"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (FUEL, "how many litres did he fill up", "34.82 L"),
        (FUEL, "Preis pro Liter?", "1.449"),
        (FUEL, "Was hat das Scheibenwischwasser gekostet?", "£6.99"),
        (TRAIN, "when does the train get to London", "11:24"),
        (TRAIN, "what time does it leave", "09:30"),
        (TRAIN, "which carriage", "C"),
        (RAIL, "¿A qué hora llega?", "09:21"),
        (RAIL, "Wann fährt der Zug ab?", "08:05"),
        (ROUTE, "d'où part le train ?", "NANTES"),
        (ROUTE, "where is the train going", "PARIS MONTPARNASSE 1"),
        (PARKING, "bis wann darf ich da stehen", "16:40"),
        (PARKING, "wie teuer war das Parken", "2,80 €"),
        (ORDER, "when was it ordered", "3 June 2026"),
        (ORDER, "how much was the postage", "£4.95"),
        (ORDER, "who is delivering it", "Parcelwise"),
        (ORDER, "花盆多少钱", "£48.00"),
        (ORDER, "Wie lange kann ich das zurückschicken?", "30 days"),
        (PLUMBER, "How much do we owe the plumber altogether?", "£58.60"),
        (COBBLER, "customer's name", "Okonkwo"),
        (COBBLER, "Wann wurden die Schuhe abgegeben?", "Mon 9 March"),
        (COBBLER, "how much has he put down already", "20.00"),
        (COBBLER, "how much must he bring when he collects them?", "30.50"),
        (COBBLER, "which card did he use", None),
        (DINNER, "Wie hoch war der Mitgliederrabatt?", "-6.00"),
        (DINNER, "哪一桌的单子？", "A16"),
        (DINNER, "Quel est le montant du pourboire ?", None),
        (CINEMA, "which film", "流浪的云"),
        (CINEMA, "几号厅", "5号厅"),
        (HOSTEL, "¿A qué hora es la salida?", None),
        (VET, "When do we have to bring the cat back for the check-up?", "2026-03-11"),
    ],
)
def test_bills_and_tickets_answer(page: str, question: str, expected: str | None) -> None:
    assert ask(question, page).startswith(f"**{expected}" if expected else NOT_FOUND)


STAGES = """
Contract sum                                £48,000.00
1st stage payment, paid 3 Feb 2026          £12,000.00
2nd stage payment, paid 9 Mar 2026          £16,000.00
3rd stage payment, due 20 Apr 2026          £16,000.00
Outstanding                                 £20,000.00
"""

ABSCHLAEGE = """
Gesamtbetrag brutto                          4.284,00 €
abzgl. Abschlagszahlung vom 12.01.2026       2.000,00 €
abzgl. Abschlagszahlung vom 09.02.2026       1.000,00 €
Restbetrag                                   1.284,00 €
"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (STAGES, "how much was the second payment", "£16,000.00"),
        (STAGES, "when was the first stage payment made", "3 Feb 2026"),
        (STAGES, "what was paid in March", "£16,000.00"),
        (ABSCHLAEGE, "wie hoch war der zweite Abschlag", "1.000,00 €"),
        (ABSCHLAEGE, "Wann war der erste Abschlag?", "12.01.2026"),
        (ABSCHLAEGE, "How much was the last instalment?", "1.000,00 €"),
    ],
)
def test_payments_are_counted_out_or_told_by_their_month(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}")


SHOP = """
CHEDDAR MATURE 400G          3.95
RIOJA TINTO 75CL             8.50
TOTAL                       12.45
"""

SHEET = """
品名      单位    数量    单价     金额
大白菜    公斤      60     1.80    108.00
鸡蛋      公斤      25     9.60    240.00
"""

WORKSHOP = """
M. Karim Belhadj - Peugeot 208 - GF-118-RT
Vidange             119,00
Prochaine vidange : 104 000 km
Kilométrage : 84 220 km
"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (SHOP, "Wie viel kostete der Käse?", "3.95"),
        (SHOP, "how much was the wine", "8.50"),
        (SHOP, "what did the gouda cost", None),
        (SHEET, "鸡蛋送了多少公斤", "25"),
        (WORKSHOP, "quelle plaque ?", "GF-118-RT"),
        (WORKSHOP, "à quel kilométrage la prochaine vidange", "104 000 km"),
        ("Railcard: Senior\nFare      12.00", "which railcard was used", "Senior"),
        ("BUCHUNG\nStalls Row F Seats 14-15", "which row", "F"),
    ],
)
def test_sorts_units_plates_and_plain_labels(page: str, question: str, expected: str | None) -> None:
    assert ask(question, page).startswith(f"**{expected}" if expected else NOT_FOUND)
