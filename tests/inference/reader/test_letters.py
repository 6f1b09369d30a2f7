"""What letters tell in sentences: on which day what is done, how much was received, who does it and whom to call."""

import pytest

from tests.inference.reader.pages import ask

GYM = """Studio Bergkamm
Frau Nora Feldt
Ihre Mitgliedschaft Nr. 20417
Sehr geehrte Frau Feldt,
am 4. August 2026 haben wir Ihre Kündigung erhalten. Ihre Mitgliedschaft endet am 30. November 2026.
Der Umbau der Halle beginnt am 7. September 2026 und dauert drei Wochen; ihn führt die Firma Krähenbau aus.
Bitte senden Sie uns den Schlüssel bis zum 15. Dezember 2026 zurück.
Mit freundlichen Grüßen
Jörn Addicks"""

DONATION = """Association Les Amis du Canal
                                        Tours, le 2 mars 2026
Madame,
Nous avons bien reçu, le 25 février 2026, votre don de 150,00 € par virement.
L'assemblée se réunit le samedi 18 avril 2026 à 14 h 30.
Pour toute question, appelez Odile Garreau au 02 47 55 01 38. En cas de fuite, appelez le 02 47 55 01 99.
Nous vous prions d'agréer, Madame, l'expression de
nos salutations distinguées.
                                        Bastien Rouvière"""

PICKUP = """Sastrería Olmedo
RESGUARDO 118
Cliente:      Tomás Arce
Recogida:      12/05/2026
Chaqueta azul: acortar mangas"""

RENT = """房租调整通知
尊敬的陆先生：
您的租约将于2026年12月31日到期。租金自2026年9月1日起调整为4,800元。
如有疑问，请联系财务处袁珊。"""

CLINIC = """Praxis am Wehr
Patientennummer: 77120
Sehr geehrter Herr Oltmann,
wir bestätigen Ihren Termin am Dienstag, 9. Juni 2026 um 08:20 Uhr.
Arzt:      Dr. Wiebke Stührk
Raum 3 im ersten Stock
Anzahlung vom 02.05.2026      40,00 €
WLAN: Gast-Wehr
Wi-Fi password: kiesel42
Geprüft von: Malte Harms"""

COLLEGE = """Collège Simone-Veil
Madame, Monsieur,
Le conseil de classe se tiendra le jeudi 11 décembre 2026 à 17 h 30.
Le voyage coûte 185 € par élève. Le départ aura lieu le 2 février 2027 à 6 h 45."""

LEASE = """Immobilière du Parc
Monsieur,
Le nouveau loyer s'applique à compter du 1er juillet 2026. Votre contrat n° 881 204 K court jusqu'en 2029.
La secrétaire, Inès Ravel, vous répondra."""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (GYM, "Wann endet die Mitgliedschaft?", "30. November 2026"),
        (GYM, "When did they receive the cancellation?", "4. August 2026"),
        (GYM, "Quand commencent les travaux ?", "7. September 2026"),
        (GYM, "¿Hasta cuándo hay que devolver la llave?", "15. Dezember 2026"),
        (GYM, "Which company carries out the work?", "Krähenbau"),
        (GYM, "改建什么时候开始？", "7. September 2026"),
        (DONATION, "Quel montant a été reçu ?", "150,00 €"),
        (DONATION, "How much did they receive?", "150,00 €"),
        (DONATION, "Wann ist die Spende eingegangen?", "25 février 2026"),
        (DONATION, "¿Quién firma la carta?", "Bastien Rouvière"),
        (PICKUP, "¿Cuándo se puede recoger?", "12/05/2026"),
        (PICKUP, "When can it be picked up?", "12/05/2026"),
        (RENT, "When does the lease expire?", "2026年12月31日"),
        (RENT, "有疑问找财务处谁？", "袁珊"),
        (CLINIC, "Quel est le numéro de patient ?", "77120"),
        (CLINIC, "Wie heißt der Arzt?", "Dr. Wiebke Stührk"),
        (CLINIC, "¿Con qué médico es la cita?", "Dr. Wiebke Stührk"),
        (CLINIC, "Welcher Raum ist es?", "3"),
        (CLINIC, "When was the down payment made?", "02.05.2026"),
        (CLINIC, "What's the wifi password?", "kiesel42"),
        (CLINIC, "谁审核的？", "Malte Harms"),
        (COLLEGE, "Quand a lieu le conseil de classe ?", "jeudi 11 décembre 2026"),
        (COLLEGE, "When do they leave?", "2 février 2027"),
        (COLLEGE, "Wie teuer ist die Reise?", "185 €"),
        (LEASE, "¿Desde qué fecha se aplica el nuevo alquiler?", "1er juillet 2026"),
        (LEASE, "numéro du contrat ?", "881 204 K"),
        (LEASE, "What is the name of the secretary?", "Inès Ravel"),
    ],
)
def test_the_sentence_that_tells_of_it_answers(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (GYM, "Wann öffnet die Sauna?"),
        (GYM, "When does the trip to Rome start?"),
        (DONATION, "Quand ferme le bureau ?"),
        (CLINIC, "Um wie viel Uhr schließt die Praxis?"),
        (CLINIC, "¿Cuál es el número de fax?"),
        (LEASE, "Who is the notary?"),
        ("海天酒楼\n预结单\n合计      114.00\n请到收银台买单", "谁是服务员？"),
        (PICKUP, "¿A qué hora cierra la tienda?"),
        (RENT, "When was the deposit refunded?"),
    ],
)
def test_a_deed_of_which_no_sentence_tells_is_not_made_up(page: str, question: str) -> None:
    assert "I could not find that on the page" in ask(question, page)


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        ("Zimmer: 3.117\nAktenzeichen: V-26/0733", "What is the office's file reference (Aktenzeichen)?", "V-26/0733"),
        ("Réf. dossier : 88-Q\nBureau : 14", "Wie ist die Nummer des Büros (bureau)?", "14"),
        (
            "Card – Hale Foods      54.73\nLost or stolen cards: call 0345 555 0182 at any time.",
            "who do I ring if the card is stolen?",
            "0345 555 0182",
        ),
    ],
)
def test_the_page_s_own_word_in_brackets_and_the_number_to_ring(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


KNOWN_FOR_YEARS = """
Sanitär Vollmer GmbH
Hauptstraße 4, 79261 Gutach
Tel. 07661 555 81
Ansprechpartner Annegret Vollmer

Sehr geehrte Frau Kern,
seit vielen Jahren sind Sie unser Kunde, dafür danken wir Ihnen. Am 4. Mai kommt unser Monteur zu Ihnen ins Haus.
Bitte halten Sie den Zugang zum Keller frei und rufen Sie uns an, falls es nicht passt.
Mit freundlichen Grüßen
Annegret Vollmer"""


@pytest.mark.parametrize("question", ["Wie erreiche ich die telefonisch?", "Unter welcher Nummer kann ich anrufen?"])
def test_what_is_asked_for_alone_goes_by_its_label(question: str) -> None:
    assert ask(question, KNOWN_FOR_YEARS).startswith("**07661 555 81**")


def test_a_sentence_about_customers_is_no_customer_number() -> None:
    assert "could not find" in ask("Wie lautet unsere Kundennummer?", KNOWN_FOR_YEARS)
