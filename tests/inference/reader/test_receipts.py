"""Receipts and tickets: who served, what all of it cost, from when to when, where to, in five languages."""

import pytest

from inference.reader.wording import NOT_FOUND
from tests.inference.reader.pages import ask

SUPERMARKET = """HARBOUR LANE SUPERMARKET
Store 0482   Till 07
Your cashier today was: Priya
2 x Semi skimmed milk      2.90
Brown bread                1.65
Basmati rice              10.45
Multibuy saving           -0.60
TOTAL TO PAY              14.40
Cash                      20.00
Change                     5.60
14 Mar 2026   18:52"""

BISTRO = """La Table de Margot
Table : 7      Couverts : 3
Serveuse : Solène
12/04/2026     20:14
2 Menu Provençal      64,00
3 Café                 7,50
TOTAL TTC             71,50 €
Carte bancaire        71,50 €"""

GRILL = """Bahnhofs-Grill Kessler
Rechnung 2204      Tisch 14
Bedienung: Jasmin
2x Currywurst          9,80
3x Cola 0,4 l         11,70
Summe                 21,50
Gegeben               50,00
Zurück                28,50"""

CAFE = """CAFETERÍA EL PUENTE
Mesa: 5     Camarero: Iván
2     Café con leche              3,20
1     Zumo de naranja             2,90
      TOTAL                       6,10 €
      EFECTIVO                   10,00 €
      CAMBIO                      3,90 €"""

DINER = """海棠小馆
桌号：B12     人数：5
服务员：陈燕     收银员：李娜
菜品       数量    单价     金额
回锅肉      1     38.00    38.00
啤酒        4      8.00    32.00
消费合计              70.00
折扣                  -20.00
实收                  50.00"""

SALES = """Informe de ventas
Región       1.er trim.   2.º trim.   Total
Galicia      28           31          59
Madrid       90           85          175
Murcia       12           10          22
Producto más vendido: Crianza 2020"""

BREAKS = """Preisliste Arbeitsschutz            Preise netto in Euro
Art.-Nr.     Bezeichnung            1-9 VE     10-49 VE     ab 50 VE
AS 1010      Schutzhelm weiß        13,90      12,50        11,20
AS 1315      Warnweste orange       22,75      20,90        18,40"""

STOCK = """品名       库存      最低库存
水泥       320      100
钢筋       85       120
油漆       42       30"""

TRAIN = """NORTHERN RAIL
From   Leeds        To   Carlisle
Date   Sat 11 Jul 2026
Departs   09:49     Arrives   12:31
Coach   C      Seat   42
Platform   6
Price   £24.30"""

THEATRE = """Stadttheater Memmingen
Samstag, 17. Oktober 2026
Parkett links
Reihe 8      Platz 15
Preis        27,00 EUR"""

GARAGE = """Parking Vieux-Port
Entrée      05/08/2026   10:12
Sortie      05/08/2026   14:47
Durée       4 h 35
Tarif       11,60 €
Plaque      EH-482-KT"""

DISPLAY = """PAY AND DISPLAY
Millgate Car Park
Valid until
17:20    Fri 09 Oct 2026
Paid at  14:20
Reg no   WN68 KDA
Amount   £3.60"""

TAXI = """TAXI LUZERN AG
Datum          08.03.2026
Abfahrt        22:14
Ankunft        22:31
Fahrpreis      CHF 28.50
Trinkgeld      CHF 2.50
Total          CHF 31.00
Fahrer         B. Arnold"""

HOTEL = """Hotel Kranich
Gast: Frau Ilse Brenner         Zimmer: 305
05.09.       Übernachtung           92,00
06.09.       Minibar                 7,50
Summe                               99,50"""

HOURS = """Horaires du lundi au vendredi, valables du 01/09/2026 au 30/06/2027
Arrêt                Bus 1        Bus 2
Mairie               07:10        12:25
Gare routière        07:31        12:46"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (SUPERMARKET, "Who was the cashier?", "Priya"),
        (SUPERMARKET, "who rang this up?", "Priya"),
        (SUPERMARKET, "Wer saß an der Kasse?", "Priya"),
        (SUPERMARKET, "which till was it?", "07"),
        (SUPERMARKET, "À quelle caisse ?", "07"),
        (SUPERMARKET, "how much did the shopping come to?", "14.40"),
        (SUPERMARKET, "How much did I save?", "-0.60"),
        (SUPERMARKET, "what did I hand over?", "20.00"),
        (SUPERMARKET, "米饭多少钱？", "10.45"),
        (BISTRO, "Qui a servi la table ?", "Solène"),
        (BISTRO, "Comment s'appelle la serveuse ?", "Solène"),
        (BISTRO, "Quelle table ?", "7"),
        (BISTRO, "How much was the whole meal?", "71,50"),
        (BISTRO, "Wie viel hat das ganze Essen gekostet?", "71,50"),
        (BISTRO, "¿Cuánto costó la cena?", "71,50"),
        (GRILL, "What was the server's name?", "Jasmin"),
        (GRILL, "Wie viele Cola wurden bestellt?", "3"),
        (GRILL, "Was hat das Essen gekostet?", "21,50"),
        (CAFE, "¿Quién atendió la mesa?", "Iván"),
        (CAFE, "¿En cuánto salió todo?", "6,10"),
        (CAFE, "¿Con cuánto se pagó?", "10,00"),
        (DINER, "谁收的钱？", "李娜"),
        (DINER, "服务员叫什么？", "陈燕"),
        (DINER, "最后付了多少钱？", "50.00"),
        (DINER, "打折多少？", "-20.00"),
        (DINER, "What's the total after discount?", "50.00"),
        (TRAIN, "what coach is it", "C"),
        (TRAIN, "¿En qué coche va?", "C"),
        (TRAIN, "what time does the train leave?", "09:49"),
        (TRAIN, "Wann kommt der Zug an?", "12:31"),
        (TRAIN, "A quelle heure part le train ?", "09:49"),
        (TRAIN, "Where is the train going?", "Carlisle"),
        (TRAIN, "Wohin fährt der Zug?", "Carlisle"),
        (THEATRE, "Welche Reihe?", "8"),
        (THEATRE, "第几排？", "8"),
        (THEATRE, "Was kostet die Karte?", "27,00"),
        (GARAGE, "Combien le parking ?", "11,60"),
        (GARAGE, "Was hat das Parken gekostet?", "11,60"),
        (GARAGE, "停车费多少？", "11,60"),
        (GARAGE, "When did the car come out?", "05/08/2026 14:47"),
        (GARAGE, "¿A qué hora entró el coche?", "10:12"),
        (GARAGE, "How long did the car stay?", "4 h 35"),
        (DISPLAY, "When does the ticket run out?", "17:20"),
        (DISPLAY, "Bis wann darf man parken?", "17:20"),
        (DISPLAY, "which car is it for?", "WN68 KDA"),
        (TAXI, "What was the fare without the tip?", "CHF 28.50"),
        (TAXI, "车费不含小费是多少？", "CHF 28.50"),
        (TAXI, "Wann ging es los?", "22:14"),
        (SALES, "Which product sold best?", "Crianza 2020"),
        (SALES, "Welches Produkt verkaufte sich am besten?", "Crianza 2020"),
        (BREAKS, "Was kostet die Warnweste bei 10 bis 49 VE?", "20,90"),
        (STOCK, "钢筋的最低库存是多少？", "120"),
        (HOURS, "Jusqu'à quand ces horaires sont-ils valables ?", "30/06/2027"),
    ],
)
def test_receipts_and_tickets_answer(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (SUPERMARKET.replace("Your cashier today was: Priya", ""), "What is the name of the cashier?"),
        (SUPERMARKET, "How much was the butter?"),
        (BISTRO, "Combien de pourboire ?"),
        (BISTRO, "How much was the parking?"),
        (HOTEL, "What did lunch cost?"),
        (TRAIN, "Who is the conductor?"),
        (HOURS, "À quelle heure passe le bus le samedi ?"),
    ],
)
def test_what_a_receipt_does_not_tell_is_not_found(page: str, question: str) -> None:
    assert NOT_FOUND in ask(question, page)


def test_a_tax_number_is_no_phone() -> None:
    assert "could not find" in ask(
        "¿cuál es el teléfono de la pescadería?", "PESCADERÍA NEREIDA\nNIF 31.770.418-D\nTOTAL   131,00 €"
    )


def test_a_coffee_is_no_coffee_house() -> None:
    assert ask(
        "Combien a coûté : café ?", "BISTRO DU PORT\n1 Café     4,57\n1 Thé      3,20\nTOTAL     7,77 €"
    ).startswith("**4,57**")
