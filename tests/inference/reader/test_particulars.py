"""What documents of certain kinds carry: of vehicles, meters, insurances, treatments, journeys and stores."""

import pytest

from inference.reader.answers import answer
from tests.inference.reader.pages import shown

WORKSHOP = """Garage Hilbert
Kennzeichen:         HH-KL 2207
Kilometerstand:      84.310
Fahrgestell-Nr.:     WVW 7721 Q 04
Nächste Inspektion:  99.000 km
Summe                412,60"""

METER = """Aguas del Valle
Lectura anterior      1.204
Lectura actual        1.263
Consumo               59 m3
Total                 88,10 €"""

POLICY = """Assurances du Fleuve
Cotisation annuelle       287,40 €
Franchise                 150,00 €
Capital assuré            40 000 €"""

CHEMIST = """Pharmacie Delorme
Prescripteur      Dr Odile Marchand
Part mutuelle     11,80
Reste à charge    4,35
Points fidélité   212"""

STORE = """Depot North
Counted by      Imani Okafor
Approved by     Ruth Salter
Minimum order   60.00
Wi-Fi password: heron-pond"""

CLEANERS = """Resguardo 881
Entregado el     02/05/2026
Listo el         07/05/2026
Cambios de tapas"""


ORDERED = """Harbour Supplies
Your order no. 8831 of 4 March 2026
Policy no.           PX 88123
Offer valid until    30 April 2026
Date                 9 March 2026"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (WORKSHOP, "how many miles on the clock", "84.310"),
        (WORKSHOP, "combien de km au compteur ?", "84.310"),
        (WORKSHOP, "车架号是多少？", "WVW 7721 Q 04"),
        (METER, "What was the previous reading?", "1.204"),
        (METER, "wieviel Wasser wurde verbraucht?", "59 m3"),
        (POLICY, "how much is the premium per year?", "287,40 €"),
        (POLICY, "Wie hoch ist die Selbstbeteiligung?", "150,00 €"),
        (CHEMIST, "Which doctor prescribed it?", "Dr Odile Marchand"),
        (CHEMIST, "Wie viel muss der Patient selbst zahlen?", "4,35"),
        (CHEMIST, "¿cuántos puntos tengo?", "212"),
        (STORE, "who did the count?", "Imani Okafor"),
        (STORE, "谁批准的？", "Ruth Salter"),
        (STORE, "cuál es el pedido mínimo", "60.00"),
        (STORE, "c'est quoi le mdp wifi ?", "heron-pond"),
        (CLEANERS, "When can I pick it up?", "07/05/2026"),
        (ORDERED, "when was the order placed?", "4 March 2026"),
        (ORDERED, "numéro de la police ?", "PX 88123"),
        (ORDERED, "bis wann gilt das Angebot?", "30 April 2026"),
    ],
)
def test_it_is_found_whatever_it_is_called(page: str, question: str, expected: str) -> None:
    assert answer([question], [shown(page)]).startswith(f"**{expected}**")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (WORKSHOP, "Which doctor prescribed it?"),
        (CHEMIST, "Wie lautet die Fahrgestellnummer?"),
        (METER, "what is the wifi password?"),
        (POLICY, "谁批准的？"),
    ],
)
def test_what_the_page_does_not_carry_is_not_made_up(page: str, question: str) -> None:
    assert "I could not find that on the page" in answer([question], [shown(page)])
