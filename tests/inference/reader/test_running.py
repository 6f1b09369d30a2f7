"""What letters and notices tell in running text, in whatever words and language it is asked for."""

import pytest

from tests.inference.reader.pages import ask

GAS = """Harbourside Homes Ltd
                                        6 October 2026
Ms Dana Whitlock
Flat 9, Cormorant House
Annual gas safety inspection
Dear Ms Whitlock,
By law we have to inspect the gas appliances in your flat once a year.
Our engineer Colin Hale will call on Tuesday 27 October 2026 between 1 pm and 4 pm.
The inspection normally takes around half an hour.
If the time does not suit you, phone Sandra on 01752 555 341 no later than 20 October.
If we cannot get in after two attempts, a charge of £45 will be added to your rent account.
Yours sincerely,
Patrick Noonan"""

OFFER = """Larkfield Instruments plc
15 September 2026
Offer of employment
Dear Tobias,
Following your interview on 8 September we are delighted to offer you the post of Senior Test Engineer.
You will report to Maureen Platt, Head of Quality. Your starting date will be Monday 2 November 2026.
The salary is £47,500 per annum, paid monthly on the 28th. You will have 27 days' holiday a year.
Please sign both copies and send one back to us by 25 September, with a copy of your passport.
Yours sincerely
Geraldine Moss"""

TAX = """Finanzamt Rheinhausen
Rheinhausen, den 3. Februar 2026
Einkommensteuererklärung 2024
Sehr geehrte Frau Böhmer,
Ihre Einkommensteuererklärung für das Jahr 2024 liegt uns bis heute nicht vor.
Ich bitte Sie, die Erklärung bis spätestens 2. März 2026 einzureichen.
Andernfalls wird ein Verspätungszuschlag von 25 € je Monat festgesetzt.
Fügen Sie bitte die Lohnsteuerbescheinigung und die Nachweise über Werbungskosten bei.
Mit freundlichen Grüßen
Kessler"""

MEETING = """Kleingartenverein Sonnental e. V.
Einladung zur Jahreshauptversammlung
Liebe Gartenfreundinnen und Gartenfreunde,
hiermit laden wir euch herzlich zu unserer diesjährigen Mitgliederversammlung ein.
Sie findet am Samstag, 21. März 2026 um 15 Uhr im Vereinsheim, Am Bahndamm 4, statt.
Tagesordnung:
1. Begrüßung
2. Kassenbericht
3. Neuwahl des Kassenwarts
Anträge sind bis zum 7. März schriftlich beim Vorsitzenden Rolf Bäumer einzureichen.
Der Vorstand"""

WATER = """Syndicat des Eaux du Val d'Ardre
Coupure d'eau
Le 8 juin 2026
Madame, Monsieur,
En raison du remplacement d'une vanne rue des Tilleuls, la distribution d'eau potable sera interrompue le \
jeudi 18 juin 2026, de 9 h à 15 h environ.
Un point de distribution de bouteilles sera ouvert à la salle des fêtes.
En cas d'urgence, appelez le 03 26 55 41 90."""

LOAN = """Crédit Rural de Bourgogne
Autun, le 11 janvier 2026
Madame,
Le montant accordé est de 145 000 € sur 20 ans, au taux fixe de 3,45 %.
La mensualité s'élève à 838,20 € assurance comprise. Cette offre est valable 30 jours.
Pour la signature, merci d'apporter une pièce d'identité et un RIB.
Prenez rendez-vous avec M. Guillaume Petit au 03 85 55 20 47.
Recevez, Madame, nos meilleures salutations."""

SURGERY = """HOSPITAL COMARCAL DE LA RIBERA
Citación para intervención quirúrgica
Estimado Sr. Galán:
Le confirmamos que su operación de hernia está programada para el jueves 5 de noviembre de 2026.
Deberá ingresar ese mismo día a las 7:45 en la planta 3, control de enfermería B.
Traiga los informes médicos, las radiografías y la lista de su medicación.
Deje de tomar aspirina siete días antes de la operación."""

CLUB = """Club de Tenis Las Palmeras
Queridos socios:
Las pistas 3 y 4 permanecerán cerradas del 9 al 20 de marzo por obras.
El torneo social de primavera se disputará los días 28 y 29 de marzo.
La inscripción, de 12 € por jugador, está abierta hasta el día 22 en recepción.
Damos la bienvenida a nuestro nuevo entrenador, Sergio Ballester, que sustituye a Luis Peña."""

HIRED = """录用通知书
王雨桐女士：
您好！我们很高兴通知您已被录用为市场部品牌专员，直接上级为李建国经理。
请您于2026年3月2日上午9:00到公司人力资源部（科技大厦B座1206室）报到。
报到时请携带：身份证原件、学历证书、体检报告。
试用期三个月，试用期月薪8000元，转正后9500元。
请在2月20日前回复邮件确认，逾期视为放弃。"""

TANK = """温馨提示
亲爱的业主：
我司将于本周六（8月15日）9:00-12:00对小区二次供水水箱进行清洗消毒，届时1至6号楼将暂停供水。
清洗由康洁水务公司负责，完成后水质检测报告将在公告栏公示。
另：地下车库南门自8月17日起封闭施工，预计工期20天，车辆请从北门进出。
翠湖物业管理处"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (GAS, "When is somebody coming to look at the gas?", "Tuesday 27 October 2026"),
        (GAS, "how long does it take?", "half an hour"),
        (GAS, "By when do I have to tell them if I can't make it?", "20 October"),
        (GAS, "What do they charge if nobody lets them in?", "£45"),
        (GAS, "¿A qué hora viene el técnico?", "1 pm and 4 pm"),
        (OFFER, "Who will be his boss?", "Maureen Platt"),
        (OFFER, "How much holiday does he get?", "27 days"),
        (OFFER, "On which day of the month is the salary paid?", "28th"),
        (OFFER, "Which documents does he have to send?", "passport"),
        (TAX, "Bis wann muss ich die Erklärung abgeben?", "2. März 2026"),
        (TAX, "Welche Unterlagen muss ich beifügen?", "Lohnsteuerbescheinigung"),
        (TAX, "Quels documents faut-il joindre ?", "Lohnsteuerbescheinigung"),
        (MEETING, "Bis wann kann man Anträge stellen?", "7. März"),
        (MEETING, "What is item 3 on the agenda?", "Neuwahl des Kassenwarts"),
        (MEETING, "Was ist der zweite Punkt der Tagesordnung?", "Kassenbericht"),
        (MEETING, "Qui est le président ?", "Rolf Bäumer"),
        (WATER, "De quelle heure à quelle heure n'y aura-t-il pas d'eau ?", "9 h à 15 h"),
        (WATER, "Wann ist das Wasser weg?", "18 juin 2026"),
        (WATER, "Où trouver des bouteilles d'eau ?", "salle des fêtes"),
        (LOAN, "sur combien d'années ?", "20 ans"),
        (LOAN, "Was muss sie zur Unterschrift mitbringen?", "pièce d'identité"),
        (LOAN, "Avec qui prendre rendez-vous ?", "Guillaume Petit"),
        (SURGERY, "¿A qué hora tiene que estar en el hospital?", "7:45"),
        (SURGERY, "Wie viele Tage vorher muss er Aspirin absetzen?", "siete días"),
        (SURGERY, "¿Qué papeles tiene que traer?", "informes médicos"),
        (CLUB, "¿Hasta cuándo estarán cerradas las pistas?", "20 de marzo"),
        (CLUB, "Wer ist der neue Trainer?", "Sergio Ballester"),
        (HIRED, "直属领导是谁？", "李建国"),
        (HIRED, "报到要带哪些材料？", "身份证原件"),
        (HIRED, "Until when must she confirm?", "2月20日"),
        (TANK, "什么时候停水？", "8月15日"),
        (TANK, "谁来清洗水箱？", "康洁水务公司"),
        (TANK, "车库南门封闭多久？", "20天"),
    ],
)
def test_running_text_answers_in_whatever_words_it_is_asked(page: str, question: str, expected: str) -> None:
    assert expected in ask(question, page)


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (GAS, "What is the tenant's phone number?"),
        (OFFER, "Does it mention a company car?"),
        (WATER, "Quel est le montant de l'indemnisation ?"),
        (LOAN, "Quels sont les frais de dossier ?"),
        (SURGERY, "How long will the operation take?"),
        (CLUB, "¿Cuánto es la cuota trimestral?"),
        (TANK, "停车费多少？"),
    ],
)
def test_what_running_text_does_not_tell_is_not_made_up(page: str, question: str) -> None:
    assert "could not find" in ask(question, page)
