"""Questions as people put them, about pages that answer in other words or not at all."""

import pytest

from tests.inference.reader.pages import ask

HOTEL = """THE ALDERNEY
Guest      Mr. Tobias Lindqvist      Folio no.      338120-A
Room       1407                      Departure      08-May-2026
Guests     2                         Cashier        Nadia K.
Porcelain crown, tooth 19            620.00
Visa ending 4410                     772.82"""

LETTER = """Castlemere Lettings
Dear Ms Siddiqui,
We write on behalf of your landlord, Mr. Desmond Pryce. The rent rises from £740 to £785.
Please leave a key with the caretaker, Mrs. Janet Rowe (07700 900 233).
Coordinator: Lucía Benjumea, +34 600 55 01 22
Derek Malin
Credit Controller, 01793 496 022"""

DELIVERY = """Pos.    Article                    Quantity    Weight
1       Flat steel 50x5, 6 m       20          236 kg
2       Steel sheet 2 mm           4           126 kg
3       Welding wire 1.0 mm        3           45 kg
Total weight: 407 kg"""

WORKS = """Translation of a guide, 48 pages at 24.00      1,152.00
Boiler Altea 24 kW      2,350.00
Handrail, RAL 7016      391.00
Wall paint, matt        120.00"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (HOTEL, "Which room did the guest stay in?", "1407"),
        (HOTEL, "When did he check out?", "08-May-2026"),
        (HOTEL, "How many guests were there?", "2"),
        (HOTEL, "What card was used?", "Visa ending 4410"),
        (LETTER, "Who is the landlord?", "Mr. Desmond Pryce"),
        (LETTER, "Wer ist der Hausmeister?", "Mrs. Janet Rowe"),
        (LETTER, "Who is the coordinator?", "Lucía Benjumea"),
        (LETTER, "Who's the credit controller?", "Derek Malin"),
        (DELIVERY, "Wie hoch ist das Gesamtgewicht?", "407 kg"),
        (WORKS, "How many pages were translated?", "48"),
        (WORKS, "Quelle est la puissance de la chaudière ?", "24 kW"),
        (WORKS, "What colour is the handrail?", "RAL 7016"),
        (DELIVERY, "What is the heaviest article?", "Flat steel 50x5, 6 m"),
    ],
)
def test_the_value_is_found_by_what_it_is(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (HOTEL, "Bei welcher Krankenkasse ist der Gast?"),
        (HOTEL, "What is the guest's license plate?"),
        (LETTER, "What is the repayment charge?"),
        (LETTER, "When does the train to Rome leave?"),
        (DELIVERY, "Was kostet der Flachstahl?"),
        (WORKS, "What colour is the wall paint?"),
    ],
)
def test_what_stands_nowhere_is_not_made_up(page: str, question: str) -> None:
    assert "I could not find that on the page" in ask(question, page)


def test_what_is_set_over_its_value_is_not_read_across() -> None:
    page = "Customer code                         51000 Châlons\n383227\nIssued\n28 August 2023"
    assert ask("What is the customer code?", page).startswith("**383227**")


def test_a_letter_that_closes_in_a_long_sentence_is_signed_below_it() -> None:
    page = (
        "Madame,\nVotre pendule est prête.\nNous vous prions d'agréer, Madame, l'expression de nos sentiments\n"
        "les meilleurs.\n      Camille Roche\n      Directrice"
    )
    assert ask("Who wrote this letter?", page).startswith("**Camille Roche**")


def test_a_window_is_quoted_with_the_reason_it_gives() -> None:
    page = "The backup could not be completed.\nThere is not enough space on drive E:, only 3.1 GB.\nRetry      Cancel"
    assert "not enough space" in ask("What went wrong?", page)


def test_an_account_that_is_broken_at_the_end_of_a_line_is_quoted_whole() -> None:
    page = (
        "Le rogamos que ingrese el importe antes del 20 de julio en la cuenta ES77 0081 0216 1100\n"
        "0144 2093. En caso contrario, la junta podrá iniciar la reclamación."
    )
    assert "ES77 0081 0216 1100 0144 2093" in ask("¿A qué cuenta hay que ingresar?", page)


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("CB-101      Brazil natural, 5 kg      12      41.50      498.00", "No payment status"),
        ("Sunny Patch Nursery      POSTAGE PAID\nFee for the month      € 807.00", "No payment status"),
        ("Zahlbar bis zum 08.04.2026. Die Lohnkosten betragen 1.780,00 €.\nTotal      3.048,54 €", "No payment status"),
        ("Die Rechnung wurde am 4. September 2024 per Überweisung bezahlt.\nOffener Betrag      3.358,66 €", "Paid"),
        ("Statement of account\nTotal overdue £ 1,996.40", "Not paid"),
    ],
)
def test_words_that_only_look_like_payment_say_nothing(page: str, status: str) -> None:
    assert ask("Has this been paid?", page).startswith(status)


MAIL = """Change of meeting room
From:      Wilhelmina Grant <w.grant@orrinrobotics.example>
To:        Pieter Vos
Patient: Kieran Walshe · Collected 14 July 2026 · Referred by Dr. Aoife Brennan
Kunde: Kanzlei Rothe · Ihre Bestellung vom 08.06.2026 · Sachbearbeiter: Uwe Kallenbach"""

LABORATORY = """Test          Result      Reference range      Unit
Ferritin      14          30-400               ng
TSH           2.35        0.40-4.20            mIU
Glucose       5.4         3.9-5.8              mmol"""

TERMS = """Invoice total      3,258.90
Für jede Mahnung werden 5,00 € berechnet.
Jedes Kind darf höchstens 20 Euro Taschengeld mitnehmen.
Generator 8 kVA, next inspection 09/2027
Night dive      75.00
Please return 3 empty kegs."""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (MAIL, "Who sent this?", "Wilhelmina Grant"),
        (MAIL, "Which doctor referred the patient?", "Dr. Aoife Brennan"),
        (MAIL, "Wer bearbeitet die Bestellung?", "Uwe Kallenbach"),
        (LABORATORY, "What is the normal range for TSH?", "0.40-4.20"),
        (TERMS, "Wie viel Taschengeld ist erlaubt?", "20 Euro"),
        (TERMS, "When is the next inspection of the generator?", "09/2027"),
        (TERMS, "Was kostet ein Nachttauchgang?", "75.00"),
        (TERMS, "Combien de fûts vides faut-il rendre ?", "3"),
    ],
)
def test_the_page_may_say_it_in_other_words(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (MAIL, "Which insurance company is the patient insured with?"),
        (TERMS, "What is the permit fee?"),
        ("Gerät      Bestand\nStrahlrohr      6\nSchlauch      28", "Was kostet ein Strahlrohr?"),
        ("Concert grand, hall A      CHF 240.00\nTravel      CHF 45.00", "What brand is the concert grand?"),
    ],
)
def test_what_is_near_is_not_taken_for_what_is_asked(page: str, question: str) -> None:
    assert "I could not find that on the page" in ask(question, page)


@pytest.mark.parametrize("question", ["did mrs baines pay the tree guys?", "Hat die Metzgerei schon gezahlt?"])
def test_whoever_is_named_it_is_asked_whether_it_was_paid(question: str) -> None:
    assert ask(question, "INVOICE 0917\nTOTAL      $1,805.00\n\nPAID IN FULL").startswith("Paid")


def test_what_a_clause_threatens_has_not_happened() -> None:
    page = "Rechnungsbetrag 571,20 €\n§ 3 Wird eine Rechnung nicht bezahlt, kommt der Kunde nach 30 Tagen in Verzug."
    assert ask("Wurde das bezahlt?", page).startswith("No payment status")


PRICES = """Código     Artículo                     Unidad   Precio
SL-7002    Mantenimiento mensual        caja     191,10
KM-8772    Montaje a domicilio          ud.      150,00
BN-1550    Porte intérieure chêne       lot      407,40
AN-5165    Étagère murale noyer         m        66,66"""

BILLED = """N° de facture      63894-23
N°   Quantité   Libellé                    Prix unit.   Total HT
1    1          Livraison express          22,02        22,02
2    10         Disque dur externe 2 To    106,98       1 069,80
3    4          Porte de garage            50,00        200,00
Montant à régler                           1 291,82 €"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (PRICES, "¿Qué referencia tiene montaje?", "KM-8772"),
        (PRICES, "Which article number does porte have?", "BN-1550"),
        (PRICES, "Combien coûte la porte ?", "407,40"),
        (PRICES, "Quelle référence porte l'étagère ?", "AN-5165"),
        (BILLED, "Price of livraison?", "22,02"),
        (BILLED, "livraison的数量是多少？", "1"),
        (BILLED, "Quelle quantité de « porte » est facturée ?", "4"),
        (BILLED, "Quel numéro porte la facture ?", "63894-23"),
        (BILLED, "Quel est le montant à régler ?", "1 291,82 €"),
    ],
)
def test_the_name_of_a_row_may_be_a_word_that_asks_elsewhere(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


def test_a_row_that_tells_no_date_does_not_answer_when_it_is_delivered() -> None:
    assert "could not find" in ask("Quelle est la date de livraison ?", BILLED)
