"""Letters, parcels, parking and visits: what people ask of such papers, in their own words or another language."""

import pytest

from inference.reader.wording import NOT_FOUND
from tests.inference.reader.pages import ask

CLINIC = """Kestrel Bridge Clinic
When        Tuesday 6 May 2025, 9.15 am
Where       Room 12, second floor
With        Dr Olumide Farrant
How long    About 25 minutes
Patient number   448 201 7719
Please ring us at least three days before if you cannot come."""

ROWING = """Schwimmverein Lindau e. V.
Liebe Gerda,
bitte überweise den Beitrag auf unser Vereinskonto bei der Seebank Lindau.
Training ist montags in der Halle 2. Dienstags geschlossen.
Freundliche Grüße
Ottilie Brandner
Kassenwartin"""

PARKING = """Parkgarage Seetor
Einfahrt        11.03.2025 08:02
Ausfahrt        11.03.2025 10:47
Parkdauer       2 h 45 min
Bezahlt         5,50 EUR"""

TRIP = """Linden Road Nursery
Dear parents,
Our group will visit Thornwick Castle on Friday 6 June.
The cost of the outing is £9.40 per child.
The permission slips should be returned to the office by 30 May 2025.
If you would like to help, please speak to Mrs Anand.
Karin Holt
Head teacher"""

CRECHE = """Une place est réservée pour votre fille à la crèche Les Coquelicots dès septembre.
Le guichet est ouvert au public le mardi de 9 h à 12 h."""

DUNNING = """催款函
原定付款日为2025年2月1日，至今未收到款项。
请贵司最迟于2025年3月5日付清。"""

GROCER = """SUPER LUNA
ACEITE OLIVA 1L      7,85
PAN MOLDE            1,60
TOTAL                9,45"""

MOVERS = """Factura
Origen: C/ Luna 4, León
Destino: Av. de la Paz 31, Burgos

Montaje de muebles      3      25,00      75,00
Conductor               Efrén Salgado Ruiz
Perito asignado         Noa Barreiro"""

PLUMBER = """Atelier Verdier - SIRET 402 118 733 00026 - TVA FR27 402118733
Urgence fuite (24 h/24) : 04 78 11 20 99
Référence client        0071-3390"""

SHOP = """阳光便利店
矿泉水        2        3.00        6.00
支付宝        ¥6.00"""

PARCEL = """From: Bellweather Books
To: Imke Sandvoss
Pick-up code    7731-B"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (CLINIC, "which doctor is she seeing?", "Dr Olumide Farrant"),
        (CLINIC, "Combien de temps dure la visite ?", "25 minutes"),
        (CLINIC, "病人编号是多少？", "448 201 7719"),
        (CLINIC, "In welchem Raum ist der Termin?", "12"),
        (ROWING, "¿quién es la tesorera del club?", "Ottilie Brandner"),
        (ROWING, "An welchem Wochentag ist das Training?", "montags"),
        (PARKING, "wie lange stand das Auto drin?", "2 h 45 min"),
        (PARKING, "wann sind sie rausgefahren?", "11.03.2025 10:47"),
        (TRIP, "which castle are they visiting?", "Thornwick Castle"),
        (TRIP, "what does the outing cost per child?", "£9.40"),
        (TRIP, "when do the permission slips have to be back?", "30 May 2025"),
        (TRIP, "Who should I talk to if I can help?", "Mrs Anand"),
        (TRIP, "Wer ist die Schulleiterin?", "Karin Holt"),
        (CRECHE, "c'est quelle crèche ?", "Les Coquelicots"),
        (CRECHE, "¿Qué día de la semana abre la ventanilla?", "mardi"),
        (DUNNING, "最迟哪天付款？", "2025年3月5日"),
        (MOVERS, "what did the furniture assembly cost?", "75,00"),
        (MOVERS, "¿a qué dirección llevaron los muebles?", "Av. de la Paz 31, Burgos"),
        (MOVERS, "quién conducía el camión?", "Efrén Salgado Ruiz"),
        (MOVERS, "who is the loss adjuster?", "Noa Barreiro"),
        (PLUMBER, "numéro d'urgence en cas de fuite ?", "04 78 11 20 99"),
        (PLUMBER, "What is the customer reference?", "0071-3390"),
        ("请您于3月8日到行政楼305室报到。\n联系人：周敏，电话 010-55556666。", "在哪里报到？", "305室"),
        (PARCEL, "who is the parcel for?", "Imke Sandvoss"),
        (PARCEL, "Wer hat das Paket geschickt?", "Bellweather Books"),
        (PARCEL, "¿cuál es el código de recogida?", "7731-B"),
        ("Fl-Schutzschalter 25 A      1      64,20      64,20", "Was hat der FI-Schutzschalter gekostet?", "64,20"),
        ("该房屋建筑面积为96平方米。", "Wie groß ist die Wohnung (Fläche)?", "96平方米"),
    ],
)
def test_everyday_papers_answer(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (PLUMBER, "Quel est le numéro de téléphone de l'atelier ?"),
        (SHOP, "优惠券抵扣了多少？"),
        (DUNNING, "逾期利率是多少？"),
        ("Work carried out      Qty\nNew door handle      1", "who was the mechanic?"),
        (TRIP, "which museum are they visiting?"),
        (MOVERS, "who is the treasurer?"),
    ],
)
def test_everyday_papers_that_do_not_say_it(page: str, question: str) -> None:
    assert ask(question, page).startswith(NOT_FOUND)


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("¿Cuánto costó el aceite de oliva?", "7,85"),
        ("precio del pan de molde", "1,60"),
        ("Combien a coûté l'huile d'olive ?", "7,85"),
        ("Was kostete das Olivenöl?", "7,85"),
        ("How much was the olive oil?", "7,85"),
        ("橄榄油多少钱？", "7,85"),
        ("¿Cuánto costó el aceite de girasol?", NOT_FOUND),
    ],
)
def test_a_receipt_leaves_out_the_small_words_of_a_name(question: str, amount: str) -> None:
    assert ask(question, GROCER).startswith((amount, f"**{amount}**"))
