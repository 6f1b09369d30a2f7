"""What people ask about letters and notices: why, by whom, where, how long, what is new and what is missing."""

import pytest

from tests.inference.reader.pages import ask

PERMIT = """Brackwater Borough Council
Parking and Streets
                                        Ref: PS/5521/B
                                        14 April 2026
Mrs Joan Ellery
27 Cooper Street
Brackwater BW2 8QT
Dear Mrs Ellery,
Resident parking permit for zone D
Your application for a permit was refused because the vehicle is registered at another address.
You may appeal in writing within 21 days of the date of this letter.
The application fee of £12.00 will be refunded to your card. The price of a permit rises from £64.00 to £71.50 \
on 1 May 2026.
If you have any questions, please ring Derek Osgood on 01793 555 014 between 9 am and 4 pm.
The office is closed on Wednesdays.
Yours sincerely,
Hilary Brandt
Parking Manager"""

WINDOWS = """Wohnbau Lindental eG
Hausverwaltung
Herrn
Piet Brahms
Ahornweg 12
79183 Waldkirch
                                        Waldkirch, 3. März 2026
Unser Zeichen: HV-88/26
Ankündigung von Bauarbeiten
Sehr geehrter Herr Brahms,
ab dem 20. April 2026 werden in Ihrem Haus die Fenster ausgetauscht. Die Arbeiten dauern voraussichtlich zwei Wochen.
Grund ist die mangelhafte Dämmung der alten Rahmen. Ausgeführt werden sie von der Tischlerei Rombach.
Die Miete erhöht sich von 780,00 € auf 812,50 € ab dem 1. Juni 2026.
Bitte teilen Sie uns bis zum 31. März 2026 mit, wann Sie zu Hause sind.
Während der Arbeiten bleibt der Fahrradkeller gesperrt.
Bei Fragen wenden Sie sich bitte an Frau Ilse Kaltenbach, Telefon 07681 555 230.
Unsere Sprechzeiten sind montags von 9 bis 12 Uhr.
Mit freundlichen Grüßen
i. A. Sönke Petersen
Technischer Leiter"""

CARD = """Banque de l'Estuaire
Agence de Saintes
                                        Saintes, le 18 mai 2026
Madame Agnès Tolbiac
3, rue du Pont
17100 Saintes
Objet : votre carte bancaire
Madame,
Nous avons bloqué votre carte le 15 mai 2026 à la suite d'un paiement suspect de 489,90 € effectué à Lisbonne.
Une nouvelle carte vous sera envoyée sous dix jours ouvrés. Votre code reste inchangé.
La somme vous sera remboursée dès réception du formulaire signé.
Votre conseiller, Mathieu Delorme, est à votre disposition au 05 46 55 01 22.
Le plafond de retrait passe à 600 € par semaine.
Veuillez agréer, Madame, nos salutations distinguées.
La directrice de l'agence
Claire Vauquelin"""

BOILER = """COMUNIDAD DE PROPIETARIOS ALAMEDA 41
Administración de fincas Urrutia
                                        Vitoria, 9 de enero de 2026
A todos los vecinos
Asunto: cambio de caldera
Estimados vecinos:
El día 26 de enero de 2026 se procederá a la sustitución de la caldera comunitaria, ya que la actual no supera \
la inspección.
No habrá agua caliente durante cuatro días. Los trabajos los realizará la empresa Calefacciones Oiartzun.
La derrama será de 340 euros por vivienda y se cobrará en dos plazos.
Para resolver dudas pueden llamar a Maite Arrizabalaga al 945 555 310, de 10 a 13 horas.
La próxima junta se celebrará el 12 de febrero de 2026 a las 19:30 en el portal 3.
Atentamente,
Fdo.: Koldo Urrutia
Administrador"""

LIFT = """云海小区物业服务中心
关于电梯更换的通知
尊敬的业主：
因3号楼电梯使用年限已到，我公司将于2026年5月11日起对电梯进行更换，工期约20天。
一、施工单位：恒达电梯工程有限公司
二、施工时间：每天8:00至18:00
三、费用：每户分摊1,260元，从维修基金中支出
四、施工期间请走消防楼梯，老人如需帮助请联系物业前台。
咨询电话：0571-8555 2093，联系人：罗佩琪
特此通知。
云海小区物业服务中心
2026年4月28日"""

SPORTS_DAY = """关于春季运动会的通知
各班班主任：
学校定于2026年4月17日（星期五）在东操场举行春季运动会，如遇下雨则顺延至4月24日。
集合时间为早上7:40，请穿校服和运动鞋。
每班报名人数不超过12人，报名表交体育组王建国老师。
比赛结束后由学生会打扫场地。
校长办公室
2026年4月2日"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (PERMIT, "Why was the application refused?", "the vehicle is registered at another address"),
        (PERMIT, "Warum wurde der Antrag abgelehnt?", "the vehicle is registered at another address"),
        (PERMIT, "What was the reason for the refusal?", "registered at another address"),
        (PERMIT, "how long does she have to appeal?", "21 days"),
        (PERMIT, "How much will be refunded?", "£12.00"),
        (PERMIT, "what's the new price of a permit?", "£71.50"),
        (PERMIT, "What did a permit cost before?", "£64.00"),
        (PERMIT, "Who signed the letter?", "Hilary Brandt"),
        (PERMIT, "who is the parking manager?", "Hilary Brandt"),
        (PERMIT, "Who should she call with questions?", "Derek Osgood"),
        (PERMIT, "On which day is the office closed?", "Wednesday"),
        (PERMIT, "What is the reference of the letter?", "PS/5521/B"),
        (PERMIT, "¿Quién firmó la carta?", "Hilary Brandt"),
        (PERMIT, "谁签的名？", "Hilary Brandt"),
        (PERMIT, "When was the letter written?", "14 April 2026"),
        (PERMIT, "When does the new price take effect?", "1 May 2026"),
        (PERMIT, "what zone is the permit for", "D"),
        (WINDOWS, "Warum werden die Fenster ausgetauscht?", "mangelhafte Dämmung"),
        (WINDOWS, "What is the reason for the work?", "mangelhafte Dämmung"),
        (WINDOWS, "Wer führt die Arbeiten aus?", "Tischlerei Rombach"),
        (WINDOWS, "Wie hoch ist die neue Miete?", "812,50 €"),
        (WINDOWS, "What is the old rent?", "780,00 €"),
        (WINDOWS, "Wie lange dauern die Arbeiten?", "zwei Wochen"),
        (WINDOWS, "How long will the work take?", "zwei Wochen"),
        (WINDOWS, "Wer hat unterschrieben?", "Sönke Petersen"),
        (WINDOWS, "Qui a signé la lettre ?", "Sönke Petersen"),
        (WINDOWS, "An wen soll er sich wenden?", "Ilse Kaltenbach"),
        (WINDOWS, "Bis wann muss er antworten?", "31. März 2026"),
        (WINDOWS, "Was ist während der Arbeiten gesperrt?", "Fahrradkeller"),
        (WINDOWS, "Wann beginnen die Arbeiten?", "20. April 2026"),
        (WINDOWS, "Ab wann gilt die neue Miete?", "1. Juni 2026"),
        (WINDOWS, "Wer ist der technische Leiter?", "Sönke Petersen"),
        (WINDOWS, "Wie lautet das Aktenzeichen?", "HV-88/26"),
        (WINDOWS, "Wann sind die Sprechzeiten?", "montags von 9 bis 12 Uhr"),
        (CARD, "Pourquoi la carte a-t-elle été bloquée ?", "paiement suspect"),
        (CARD, "Why was the card blocked?", "paiement suspect"),
        (CARD, "Quand la carte a-t-elle été bloquée ?", "15 mai 2026"),
        (CARD, "When was the card blocked?", "15 mai 2026"),
        (CARD, "Sous quel délai la nouvelle carte arrive-t-elle ?", "dix jours"),
        (CARD, "How long until the new card arrives?", "dix jours"),
        (CARD, "Qui est la directrice de l'agence ?", "Claire Vauquelin"),
        (CARD, "Comment s'appelle le conseiller ?", "Mathieu Delorme"),
        (CARD, "Who is the adviser?", "Mathieu Delorme"),
        (CARD, "Quel est le nouveau plafond de retrait ?", "600 €"),
        (CARD, "Quel était le montant du paiement suspect ?", "489,90 €"),
        (CARD, "Qui a signé la lettre ?", "Claire Vauquelin"),
        (BOILER, "¿Por qué se cambia la caldera?", "no supera la inspección"),
        (BOILER, "Why is the boiler being replaced?", "no supera la inspección"),
        (BOILER, "¿Cuánto tiempo estaremos sin agua caliente?", "cuatro días"),
        (BOILER, "¿Qué empresa hace los trabajos?", "Calefacciones Oiartzun"),
        (BOILER, "¿Cuánto es la derrama?", "340 euros"),
        (BOILER, "¿Quién firma?", "Koldo Urrutia"),
        (BOILER, "Wer hat den Brief unterschrieben?", "Koldo Urrutia"),
        (BOILER, "¿Dónde será la junta?", "portal 3"),
        (BOILER, "Where is the meeting?", "portal 3"),
        (BOILER, "¿A quién hay que llamar?", "Maite Arrizabalaga"),
        (BOILER, "¿Cuándo es la próxima junta?", "12 de febrero de 2026"),
        (BOILER, "When is the next meeting?", "12 de febrero de 2026"),
        (BOILER, "¿A qué hora es la junta?", "19:30"),
        (BOILER, "¿Cuál es el asunto de la carta?", "cambio de caldera"),
        (BOILER, "¿En cuántos plazos se cobra la derrama?", "dos plazos"),
        (LIFT, "为什么要更换电梯？", "使用年限已到"),
        (LIFT, "Why is the lift being replaced?", "使用年限已到"),
        (LIFT, "哪家单位施工？", "恒达电梯工程有限公司"),
        (LIFT, "工期多长？", "20天"),
        (LIFT, "每户要出多少钱？", "1,260元"),
        (LIFT, "How much does each household pay?", "1,260元"),
        (LIFT, "什么时候开始换电梯？", "2026年5月11日"),
        (LIFT, "When does the work start?", "2026年5月11日"),
        (LIFT, "联系人叫什么？", "罗佩琪"),
        (LIFT, "Who is the contact person?", "罗佩琪"),
        (LIFT, "咨询电话是多少？", "0571-8555 2093"),
        (LIFT, "What number can I call?", "0571-8555 2093"),
        (LIFT, "施工几点到几点？", "8:00至18:00"),
        (LIFT, "谁发的通知？", "云海小区物业服务中心"),
        (LIFT, "费用从哪里出？", "维修基金"),
        (SPORTS_DAY, "运动会在哪里举行？", "东操场"),
        (SPORTS_DAY, "Where is the sports day held?", "东操场"),
        (SPORTS_DAY, "运动会是哪天？", "2026年4月17日"),
        (SPORTS_DAY, "下雨的话改到哪天？", "4月24日"),
        (SPORTS_DAY, "报名表交给谁？", "王建国"),
        (SPORTS_DAY, "Who do the registration forms go to?", "王建国"),
        (SPORTS_DAY, "几点集合？", "7:40"),
        (SPORTS_DAY, "谁打扫场地？", "学生会"),
        (SPORTS_DAY, "穿什么？", "校服"),
    ],
)
def test_a_letter_answers_however_it_is_asked(page: str, question: str, expected: str) -> None:
    said = ask(question, page)
    assert expected in said
    assert len(said) <= 400


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (PERMIT, "What is the council's e-mail address?"),
        (WINDOWS, "Wie hoch ist die Kaution?"),
        (WINDOWS, "Wie lautet die IBAN?"),
        (CARD, "Quel est le numéro de la carte ?"),
        (BOILER, "¿Quién es el presidente?"),
        (BOILER, "¿Cuál es el correo electrónico?"),
        (LIFT, "停车费是多少？"),
        (SPORTS_DAY, "奖品是什么？"),
    ],
)
def test_what_a_letter_does_not_tell_is_not_made_up(page: str, question: str) -> None:
    assert "I could not find that on the page" in ask(question, page)
