"""Letters from offices, clubs, schools and clinics, asked about in other words and other languages."""

import pytest

from tests.inference.reader.pages import ask

DENTIST = """Northgate Dental Practice
8 Weaver's Yard, Haddon HD1 4LT    Tel. 01234 555 870
3 November 2026
Mr Colm Fahey
Flat 6, Mercer House
Haddon HD3 9BB
Dear Mr Fahey,
You missed your check-up on 27 October. We have therefore charged a fee of £25.
Your next appointment is on Thursday 19 November 2026 at 3.20 pm with Dr Anika Sohal.
Please arrive ten minutes early and bring the completed medical form.
As the lift is out of order, use the side entrance in Mill Street.
If you need to change the appointment, give us two working days' notice.
Dr Pemberton retired in September; Dr Sohal has taken over his patients.
Yours sincerely,
pp Tessa Gould
Practice Manager"""

FIRE_DRILL = """NOTICE TO ALL STAFF
From: Facilities Team
Date: 22 September 2026
Fire drill
A fire drill will take place on Friday 2 October between 10 and 11 am. When the alarm sounds, leave by the \
nearest staircase.
The assembly point is the lawn behind Building C. Do not use the lifts.
Visitors must be signed out by their hosts. Floor wardens wear yellow vests.
The warden for the third floor is Priti Malhotra, for the fourth floor Owen Bright.
The canteen will open half an hour later than usual, at 12.30 pm.
Questions: extension 4410 or facilities@brightwell.example
Lorna Sykes
Head of Facilities"""

TREE = """Amt für Umwelt Kreis Bergenau
                                        Bergenau, den 17. Juni 2026
Az.: 63-4/118-26
Auskunft erteilt: Herr Tjark Wiese, Zimmer 204
Telefon: 03381 555-417
Bescheid über die Fällgenehmigung
Sehr geehrte Frau Dittmar,
auf Ihren Antrag vom 28. Mai 2026 genehmigen wir die Fällung der Eiche auf Ihrem Grundstück.
Der Baum ist morsch und gefährdet den Gehweg.
Als Ersatz sind bis zum 30. April 2027 zwei Obstbäume zu pflanzen.
Die Genehmigung gilt ein Jahr. Die Verwaltungsgebühr beträgt 65,00 €.
Zahlen Sie sie bitte innerhalb von vier Wochen auf das Konto bei der Sparkasse Bergenau.
Gegen diesen Bescheid können Sie binnen eines Monats Widerspruch einlegen.
Im Auftrag
Tjark Wiese"""

CLUB = """Turnverein Eschbach 1904 e.V.
Einladung zur Jahreshauptversammlung
Liebe Mitglieder,
unsere Jahreshauptversammlung findet am Freitag, dem 13. März 2026, um 19.30 Uhr im Gasthaus Zum Hirschen statt.
Tagesordnung
1. Bericht des Vorstands
2. Kassenbericht
3. Wahl des Schriftführers
4. Beitragserhöhung
Der Vorstand schlägt vor, den Jahresbeitrag von 48 € auf 54 € anzuheben, weil die Hallenmiete gestiegen ist.
Anträge sind bis zum 27. Februar an den Vorsitzenden Kuno Ambach zu richten.
Für das Buffet bittet Heidrun Pfau um Kuchenspenden.
Die Wanderung im Mai fällt aus.
Mit sportlichem Gruß
Kuno Ambach
1. Vorsitzender"""

WATER = """Résidence Les Tilleuls
AVIS
Coupure d'eau
En raison d'une réparation sur la colonne montante, l'eau sera coupée le mardi 9 juin de 9 h à 15 h dans les \
bâtiments A et C.
Pensez à remplir quelques bouteilles la veille.
Le plombier, M. Sabatier, aura besoin d'accéder aux caves : merci de laisser la clé chez la gardienne.
En cas d'urgence : 06 55 01 42 77
La gardienne, Mme Ozanne"""

CLINIC = """Hospital Comarcal del Noguera
Servicio de Cardiología
Lleida, 30 de septiembre de 2026
Apreciada Sra. Montse Vidal:
Le comunicamos que su prueba de esfuerzo del 8 de octubre ha sido anulada por avería del equipo.
La nueva cita es el 22 de octubre de 2026 a las 12:15 en la consulta 7, planta 2.
Debe venir en ayunas y traer ropa cómoda. No tome café en las 12 horas anteriores.
La prueba dura unos cuarenta minutos. La realizará la doctora Carme Rovira.
Si no puede acudir, avise al 973 555 120 con 48 horas de antelación.
Cordialmente,
Jordi Pla
Coordinador de citas"""

SALES_MEETING = """会议通知
各区域经理：
公司决定于2026年3月18日上午9:30在总部二号会议室召开一季度销售会议。
参会人员：各区域经理及财务主管
会议由副总经理陶建明主持。
会议议程：一、一季度业绩汇报；二、新品发布计划；三、费用预算
请携带本区域销售报表，并于3月16日前将参会回执发给行政部吕婷。
会议改用线上签到，无需纸质签到表。外地同事住宿统一安排在锦江酒店。
联系电话：021-5550 7716
行政部
2026年3月9日"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (DENTIST, "Who is the dentist he will see?", "Anika Sohal"),
        (DENTIST, "When did he miss his check-up?", "27 October"),
        (DENTIST, "when is his next appointment", "19 November 2026"),
        (DENTIST, "What time should he be there?", "3.20 pm"),
        (DENTIST, "How early should he arrive?", "ten minutes"),
        (DENTIST, "What must he bring?", "medical form"),
        (DENTIST, "Why should he use the side entrance?", "the lift is out of order"),
        (DENTIST, "How much notice do they want for a change?", "two working days"),
        (DENTIST, "Who retired?", "Pemberton"),
        (DENTIST, "When did Dr Pemberton retire?", "September"),
        (DENTIST, "What was he charged?", "£25"),
        (DENTIST, "Who signed the letter?", "Tessa Gould"),
        (DENTIST, "Was muss er mitbringen?", "medical form"),
        (DENTIST, "Wer hat den Brief unterschrieben?", "Tessa Gould"),
        (DENTIST, "Combien lui a-t-on facturé ?", "£25"),
        (FIRE_DRILL, "When is the fire drill?", "Friday 2 October"),
        (FIRE_DRILL, "Where is the assembly point?", "lawn behind Building C"),
        (FIRE_DRILL, "Wo ist der Sammelplatz?", "lawn behind Building C"),
        (FIRE_DRILL, "Où est le point de rassemblement ?", "lawn behind Building C"),
        (FIRE_DRILL, "Who is the warden on the fourth floor?", "Owen Bright"),
        (FIRE_DRILL, "What colour are the wardens' vests?", "yellow"),
        (FIRE_DRILL, "when does the canteen open", "12.30 pm"),
        (FIRE_DRILL, "Which extension can I call?", "4410"),
        (FIRE_DRILL, "Who is the head of facilities?", "Lorna Sykes"),
        (TREE, "Wer erteilt Auskunft?", "Tjark Wiese"),
        (TREE, "Wer ist der Sachbearbeiter?", "Tjark Wiese"),
        (TREE, "Wie lautet das Aktenzeichen?", "63-4/118-26"),
        (TREE, "What is the file number?", "63-4/118-26"),
        (TREE, "Wie hoch ist die Gebühr?", "65,00 €"),
        (TREE, "Wie lange gilt die Genehmigung?", "ein Jahr"),
        (TREE, "How long is the permit valid?", "ein Jahr"),
        (TREE, "Was muss sie als Ersatz pflanzen?", "zwei Obstbäume"),
        (TREE, "Bis wann muss gepflanzt werden?", "30. April 2027"),
        (TREE, "Wann wurde der Antrag gestellt?", "28. Mai 2026"),
        (TREE, "Wie lange hat man Zeit für einen Widerspruch?", "eines Monats"),
        (TREE, "In welchem Zimmer sitzt Herr Wiese?", "204"),
        (TREE, "Wer hat unterschrieben?", "Tjark Wiese"),
        (TREE, "Von wann ist der Bescheid?", "17. Juni 2026"),
        (CLUB, "Wo findet die Versammlung statt?", "Gasthaus Zum Hirschen"),
        (CLUB, "Where does the meeting take place?", "Gasthaus Zum Hirschen"),
        (CLUB, "Où se tient l'assemblée ?", "Gasthaus Zum Hirschen"),
        (CLUB, "Um wie viel Uhr beginnt die Versammlung?", "19.30 Uhr"),
        (CLUB, "Wie hoch soll der neue Beitrag sein?", "54 €"),
        (CLUB, "How much is the membership fee at present?", "48 €"),
        (CLUB, "Warum soll der Beitrag steigen?", "die Hallenmiete gestiegen ist"),
        (CLUB, "An wen sind Anträge zu richten?", "Kuno Ambach"),
        (CLUB, "Wer ist der Vorsitzende?", "Kuno Ambach"),
        (CLUB, "Bis wann müssen Anträge eingereicht werden?", "27. Februar"),
        (CLUB, "Was fällt aus?", "Wanderung"),
        (CLUB, "Wen soll man wegen Kuchen ansprechen?", "Heidrun Pfau"),
        (WATER, "Pourquoi l'eau est-elle coupée ?", "réparation sur la colonne montante"),
        (WATER, "Quels bâtiments sont concernés ?", "A et C"),
        (WATER, "Which buildings are affected?", "A et C"),
        (WATER, "Comment s'appelle le plombier ?", "Sabatier"),
        (WATER, "Who is the plumber?", "Sabatier"),
        (WATER, "Où faut-il laisser la clé ?", "chez la gardienne"),
        (WATER, "Who is the caretaker?", "Ozanne"),
        (WATER, "Quel jour l'eau sera-t-elle coupée ?", "mardi 9 juin"),
        (WATER, "À quelle heure l'eau revient-elle ?", "15 h"),
        (WATER, "numéro d'urgence ?", "06 55 01 42 77"),
        (CLINIC, "¿Por qué se anuló la prueba?", "avería del equipo"),
        (CLINIC, "Why was the test cancelled?", "avería del equipo"),
        (CLINIC, "¿Cuándo es la nueva cita?", "22 de octubre de 2026"),
        (CLINIC, "When was the test originally?", "8 de octubre"),
        (CLINIC, "¿En qué consulta es?", "7"),
        (CLINIC, "¿En qué planta está?", "2"),
        (CLINIC, "¿Qué médico hará la prueba?", "Carme Rovira"),
        (CLINIC, "Who will do the test?", "Carme Rovira"),
        (CLINIC, "¿Cuánto dura la prueba?", "cuarenta minutos"),
        (CLINIC, "How long does the test take?", "cuarenta minutos"),
        (CLINIC, "¿Qué debe traer?", "ropa cómoda"),
        (CLINIC, "¿A qué número hay que avisar?", "973 555 120"),
        (CLINIC, "¿Con cuánta antelación hay que avisar?", "48 horas"),
        (CLINIC, "Who signed?", "Jordi Pla"),
        (CLINIC, "¿Quién es el coordinador de citas?", "Jordi Pla"),
        (SALES_MEETING, "会议在哪里开？", "总部二号会议室"),
        (SALES_MEETING, "Where is the meeting?", "总部二号会议室"),
        (SALES_MEETING, "谁主持会议？", "陶建明"),
        (SALES_MEETING, "Who chairs the meeting?", "陶建明"),
        (SALES_MEETING, "会议几点开始？", "9:30"),
        (SALES_MEETING, "需要带什么？", "销售报表"),
        (SALES_MEETING, "回执发给谁？", "吕婷"),
        (SALES_MEETING, "回执什么时候之前要交？", "3月16日"),
        (SALES_MEETING, "哪些人要参加？", "各区域经理及财务主管"),
        (SALES_MEETING, "Who has to attend?", "各区域经理及财务主管"),
        (SALES_MEETING, "外地同事住哪里？", "锦江酒店"),
        (SALES_MEETING, "联系电话？", "021-5550 7716"),
    ],
)
def test_a_letter_answers_however_it_is_asked(page: str, question: str, expected: str) -> None:
    said = ask(question, page)
    assert expected in said
    assert len(said) <= 400


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (DENTIST, "What are the opening hours?"),
        (DENTIST, "Who is his insurer?"),
        (FIRE_DRILL, "How long will the drill last?"),
        (FIRE_DRILL, "Who is the warden on the first floor?"),
        (TREE, "Wie hoch ist das Bußgeld?"),
        (TREE, "Wann sind die Sprechzeiten?"),
        (CLUB, "Wer ist der Kassenwart?"),
        (CLUB, "Wie viele Mitglieder hat der Verein?"),
        (WATER, "Combien coûte la réparation ?"),
        (CLINIC, "¿Cuál es su número de historia clínica?"),
        (SALES_MEETING, "会议持续多久？"),
        (SALES_MEETING, "餐费标准是多少？"),
    ],
)
def test_what_a_letter_does_not_tell_is_not_made_up(page: str, question: str) -> None:
    assert "I could not find that on the page" in ask(question, page)
