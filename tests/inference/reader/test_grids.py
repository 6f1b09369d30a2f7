"""What stands where a row and a column of a table meet that a question names, in whichever language."""

import pytest

from inference.reader.answers import answer
from inference.reader.scope import Shown
from tests.inference.reader.pages import sheet

NOT_FOUND = "I could not find that on the page."

ROSTER = """
Dienstplan KW 23 – Station 4
             Mo 2.6.    Di 3.6.    Mi 4.6.    Do 5.6.    Fr 6.6.    Sa 7.6.    So 8.6.
Pfister      Früh       Früh       frei       Spät       Spät       frei       frei
Oezdemir     Nacht      frei       Früh       Früh       frei       Spät       Spät
Halbach      frei       Spät       Spät       Nacht      Nacht      Nacht      frei
Ansprechpartner: Oliver Renz, Tel. 4471"""

CANTEEN = """
Cantine municipale – menus
           Lundi            Mardi            Jeudi            Vendredi
Entrée     Salade de        Soupe de         Concombre        Pâté
           tomates          potiron
Plat       Poulet rôti      Gratin           Steak haché      Poisson pané
Dessert    Pomme            Flan             Mousse           Glace"""

BUDGET = """
Quarterly budget 2026 (thousand CHF)
Department         Q1        Q2        Q3        Q4        Total
Marketing          120       135       110       160       525
Subtotal sales     220       240       215       290       965
Engineering        310       305       320       330       1,265
Operations         80        85        90        95        350
Grand total        730       765       735       875       3,105"""

MARKS = """
IES Monteverde – Notas 2.º B
Alumno              Lengua      Mates      Inglés     Física     Media
Carla Montes        7,5         6,0        8,5        5,5        6,9
Diego Rey           5,0         9,0        6,5        8,0        7,1
Lena Sousa          8,0         7,0        9,5        6,0        7,6
Media de la clase   6,8         7,3        8,2        6,5        7,2"""

POOL = """
Tarifs piscine          Plein tarif     Tarif réduit     Carnet 10
Adulte                  6,20 €          4,80 €           52,00 €
Enfant                  3,90 €          2,90 €           31,00 €
Étudiant                5,10 €          –                44,00 €"""

STOCK = """
Lagerbestand Werkstatt
Artikel            Art.-Nr.      Bestand     Mindestmenge     EK-Preis     VK-Preis
Bremsbelag VR      B-2201        34          20               14,80        29,90
Zündkerze Iridium  Z-0812        112         60               6,40         12,50
Keilriemen 1200    K-5520        7           10               9,75         21,00"""

BUS = """
Busfahrplan Linie 12       Fahrt 1     Fahrt 2     Fahrt 3
Bahnhof                    06:10       07:25       09:00
Rathaus                    06:18       07:33       09:08
Klinikum                   06:27       -           09:17"""

LESSONS = """
Wochenplan Klasse 7a
Stunde     Mo           Di          Mi           Do          Fr
1          Deutsch      Mathe       Englisch     Physik      Mathe
2          Deutsch      Kunst       Englisch     Bio         Sport
3          Mathe        Kunst       Musik        Deutsch     Sport"""

TWO_YEARS = """
                       2024                     2025
                Budget      Actual       Budget      Actual
Salaries        510         498          530         545
Rent            90          90           96          97
Travel          25          31           28          22
Total           625         619          654         664"""

MONTHS = """
Monat        Einnahmen      Ausgaben      Saldo
Januar       4.200,00       3.150,00      1.050,00
Februar      3.900,00       4.020,00      -120,00
März         4.450,00       3.300,00      1.150,00
Summe        12.550,00      10.470,00     2.080,00"""

REGIONS = """
部门        1月       2月       3月       一季度合计
华东区      320       298       341       959
华南区      210       225       240       675
华北区      180       176       190       546
合计        710       699       771       2180"""

LEAGUE = """
Ergebnis Bezirksliga – 14. Spieltag
Platz    Verein              Sp.    S     U     N     Tore      Pkt.
1        SV Altenried        14     10    2     2     31:12     32
2        TSG Neuhof          14     9     3     2     28:15     30
3        FC Brunnthal        14     7     1     6     20:22     22"""

HAIRDRESSER = """
Damen
Waschen und Föhnen             24,00
Haarschnitt                    41,00
Herren
Haarschnitt                    28,00
Bartpflege                     12,50
Kinder
Haarschnitt bis 10 Jahre       15,00"""

INVOICE = """
INVOICE 2207
Description                       Qty     Unit price     VAT %     Amount
Oak worktop 2.4 m                 2       185.00         20        370.00
Delivery and fitting              1       90.00          20        90.00
Brass handles (box of 10)         3       42.50          20        127.50
Discount 5 %                                                       -29.38
Subtotal                                                           558.12
VAT 20 %                                                           111.62
Total                                                              669.74"""

OCCUPANCY = """
Auslastung Zimmer
           Jan     Feb     Mär     Apr     Ø
2023       61 %    58 %    66 %    70 %    64 %
2024       63 %    64 %    69 %    75 %    68 %
2025       59 %    66 %    72 %    78 %    69 %"""

SURGERY = """
Horario de la consulta
Médico               Lun           Mar           Mié           Jue           Vie
Dra. Sanchís         9-13          –             16-20         9-13          –
Dr. Urrutia          –             9-13          9-13          –             16-20"""

POWER = """
Stromverbrauch (kWh)
Haus              1. Quartal     2. Quartal     3. Quartal     4. Quartal     Jahr
Haus A            1.240          980            870            1.310          4.400
Haus B            2.105          1.890          1.750          2.240          7.985
Gesamt            3.345          2.870          2.620          3.550          12.385"""

DISHES = """
Speisekarte / Menu
Gericht / Dish            klein / small      groß / large
Kürbissuppe               5,40               7,20
Käsespätzle               9,80               12,60
Bunter Salat              6,10               8,90"""

SHIFTS = """
员工排班表
姓名      周一     周二     周三     周四     周五
李芳      早班     早班     休息     晚班     晚班
王强      晚班     休息     早班     早班     休息"""

SHOPS = """
Shop            Mon-Fri           Sat              Sun
Bakery          6:30-18:00        6:30-14:00       8:00-11:00
Butcher         8:00-18:30        8:00-13:00       closed"""

ACCOUNT = """
Compte 706 – Ventes
Date          Libellé                   Débit        Crédit       Solde
03/02/2026    Facture Morel             –            1 240,00     1 240,00
11/02/2026    Avoir Dupré               180,00       –            1 060,00
24/02/2026    Facture Rivoire           –            655,00       1 715,00"""

POSTAGE = """
Gebührentabelle        bis 20 kg     bis 31,5 kg     Sperrgut
Inland                 7,69          16,49           23,00
EU                     17,49         29,99           41,00
Welt                   36,99         58,00           –"""

PHONES = """
Name                   Telefon          Raum     Abteilung
Ines Brandt            4214             B 107    Einkauf
Tom Seiler             4239             A 011    Lager
Wera Kunz              4201             C 220    Vertrieb"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (ROSTER, "Welche Schicht hat Oezdemir am Mittwoch?", "Früh"),
        (ROSTER, "What shift does Halbach have on Thursday?", "Nacht"),
        (ROSTER, "哈尔巴赫? Halbach 星期六上什么班？", "Nacht"),
        (ROSTER, "Wer hat am Samstag Spätdienst?", "Oezdemir"),
        (ROSTER, "¿Qué turno tiene Pfister el viernes?", "Spät"),
        (ROSTER, "Was macht Krause am Montag?", None),
        (CANTEEN, "Quelle entrée est servie mardi ?", "Soupe de potiron"),
        (CANTEEN, "What is for dessert on Friday?", "Glace"),
        (CANTEEN, "Que hay de plato principal el jueves?", "Steak haché"),
        (CANTEEN, "Quel est le plat du mercredi ?", None),
        (CANTEEN, "quel jour y a-t-il du poulet rôti ?", "Lundi"),
        (BUDGET, "How much does Engineering get in the third quarter?", "320"),
        (BUDGET, "Was bekommt Marketing im 2. Quartal?", "135"),
        (BUDGET, "What is the grand total for the year?", "3,105"),
        (BUDGET, "Wie hoch ist die Summe für das ganze Jahr bei Operations?", "350"),
        (BUDGET, "Grand total in Q4?", "875"),
        (BUDGET, "营销部 Marketing 第一季度多少？", "120"),
        (BUDGET, "Combien pour Engineering au total ?", "1,265"),
        (BUDGET, "What is the subtotal of sales in Q2?", "240"),
        (BUDGET, "How much does Legal get in Q2?", None),
        (BUDGET, "Engineering budget in Q2 of 2024?", None),
        (MARKS, "¿Qué nota sacó Diego en inglés?", "6,5"),
        (MARKS, "Wie viel hat Lena Sousa in Mathe?", "7,0"),
        (MARKS, "What is Carla's average?", "6,9"),
        (MARKS, "media de la clase en física", "6,5"),
        (MARKS, "What did Diego get in chemistry?", None),
        (MARKS, "Carla的英语成绩是多少？", "8,5"),
        (MARKS, "¿Quién tiene la nota más alta en Lengua?", "Lena Sousa"),
        (POOL, "Combien coûte le carnet pour un enfant ?", "31,00 €"),
        (POOL, "How much is the reduced rate for an adult?", "4,80 €"),
        (POOL, "Was kostet der volle Tarif für Studenten?", "5,10 €"),
        (POOL, "Quel est le tarif réduit étudiant ?", None),
        (STOCK, "Wie viele Keilriemen sind auf Lager?", "7"),
        (STOCK, "Wie hoch ist der VK-Preis der Zündkerze?", "12,50"),
        (STOCK, "What is the minimum quantity for Bremsbelag?", "20"),
        (STOCK, "EK-Preis Keilriemen?", "9,75"),
        (STOCK, "Welche Artikelnummer hat die Zündkerze?", "Z-0812"),
        (STOCK, "Was wiegt der Keilriemen?", None),
        (BUS, "Wann fährt Fahrt 2 am Rathaus ab?", "07:33"),
        (BUS, "When does trip 3 arrive at the Klinikum?", "09:17"),
        (BUS, "Wann hält Fahrt 2 am Klinikum?", None),
        (LESSONS, "Was hat die Klasse am Donnerstag in der 2. Stunde?", "Bio"),
        (LESSONS, "What subject is in lesson 3 on Wednesday?", "Musik"),
        (LESSONS, "Welches Fach ist am Freitag in der ersten Stunde?", "Mathe"),
        (TWO_YEARS, "What was the actual spend on travel in 2024?", "31"),
        (TWO_YEARS, "Budget for salaries 2025?", "530"),
        (TWO_YEARS, "Total budget 2024?", "625"),
        (TWO_YEARS, "What did we spend on rent in 2023?", None),
        (TWO_YEARS, "实际工资 Salaries 2025 Actual?", "545"),
        (MONTHS, "Wie hoch waren die Ausgaben im Februar?", "4.020,00"),
        (MONTHS, "What was the income in March?", "4.450,00"),
        (MONTHS, "Wie hoch ist der Saldo insgesamt?", "2.080,00"),
        (MONTHS, "dépenses en janvier ?", "3.150,00"),
        (MONTHS, "Einnahmen im Mai?", None),
        (MONTHS, "¿Cuánto se ingresó en febrero?", "3.900,00"),
        (REGIONS, "华南区2月的销售额是多少？", "225"),
        (REGIONS, "3月的合计是多少？", "771"),
        (REGIONS, "华北区一季度一共多少？", "546"),
        (REGIONS, "How much did 华东区 sell in January?", "320"),
        (REGIONS, "华东区5月多少？", None),
        (LEAGUE, "How many points does FC Brunnthal have?", "22"),
        (LEAGUE, "Wer ist auf Platz 1?", "SV Altenried"),
        (LEAGUE, "Wie viele Tore hat Brunnthal?", "20:22"),
        (HAIRDRESSER, "Was kostet ein Haarschnitt für Herren?", "28,00"),
        (HAIRDRESSER, "How much is a haircut for ladies?", "41,00"),
        (HAIRDRESSER, "Was kostet die Bartpflege?", "12,50"),
        (HAIRDRESSER, "Wie teuer ist ein Kinderhaarschnitt?", "15,00"),
        (INVOICE, "What is the unit price of the brass handles?", "42.50"),
        (INVOICE, "How many worktops were ordered?", "2"),
        (INVOICE, "How much for the handles altogether?", "127.50"),
        (INVOICE, "What is the VAT?", "111.62"),
        (INVOICE, "What's the total?", "669.74"),
        (INVOICE, "How much was the discount?", "-29.38"),
        (INVOICE, "Combien coûte une poignée en laiton (prix unitaire)?", "42.50"),
        (INVOICE, "What is the unit price of the oak worktop?", "185.00"),
        (OCCUPANCY, "Wie war die Auslastung im März 2024?", "69 %"),
        (OCCUPANCY, "What was the average in 2025?", "69 %"),
        (OCCUPANCY, "Auslastung im April 2023?", "70 %"),
        (OCCUPANCY, "Auslastung im Februar 2021?", None),
        (SURGERY, "¿Qué horario tiene la Dra. Sanchís el miércoles?", "16-20"),
        (SURGERY, "Wann hat Dr. Urrutia am Freitag Sprechstunde?", "16-20"),
        (SURGERY, "¿Qué horario tiene Urrutia el sábado?", None),
        (POWER, "Verbrauch von Haus B im dritten Quartal?", "1.750"),
        (POWER, "consommation totale de l'année ?", "12.385"),
        (POWER, "How much did Haus A use in Q4?", "1.310"),
        (POWER, "¿Cuánto consumió Haus B en todo el año?", "7.985"),
        (POWER, "gesamt im 1. Quartal?", "3.345"),
        (DISHES, "How much is a large salad?", "8,90"),
        (DISHES, "Was kostet die kleine Kürbissuppe?", "5,40"),
        (DISHES, "Combien coûtent les Käsespätzle, grande portion ?", "12,60"),
        (SHIFTS, "李芳周四上什么班？", "晚班"),
        (SHIFTS, "What shift does 王强 have on Wednesday?", "早班"),
        (SHIFTS, "谁周一上晚班？", "王强"),
        (SHIFTS, "李芳周日上什么班？", None),
        (SHOPS, "When does the bakery open on Sunday?", "8:00-11:00"),
        (SHOPS, "opening hours of the butcher on Saturday", "8:00-13:00"),
        (SHOPS, "Is the butcher open on Sunday?", "closed"),
        (ACCOUNT, "Quel est le crédit de la facture Morel ?", "1 240,00"),
        (ACCOUNT, "Quel solde après la facture Rivoire ?", "1 715,00"),
        (ACCOUNT, "Wann war die Rechnung Rivoire?", "24/02/2026"),
        (POSTAGE, "Was kostet Sperrgut in die EU?", "41,00"),
        (POSTAGE, "How much is Inland up to 20 kg?", "7,69"),
        (POSTAGE, "Sperrgut Welt?", None),
        (PHONES, "In welchem Raum sitzt Tom Seiler?", "A 011"),
        (PHONES, "What department does Wera Kunz work in?", "Vertrieb"),
        (PHONES, "Who works in the Lager?", "Tom Seiler"),
        (PHONES, "Durchwahl von Ines Brandt?", "4214"),
        (PHONES, "What is the email of Tom Seiler?", None),
    ],
)
def test_a_cell_is_told_by_its_row_and_its_column(page: str, question: str, expected: str | None) -> None:
    said = answer([question], [Shown(sheet(page), "#1 page.png", 0, 1)])
    assert said.startswith(f"**{expected}**" if expected else NOT_FOUND)
