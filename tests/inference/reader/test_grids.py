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

VACATION = """
Vacation days per employee
Employee          Entitled     Taken     Left
Rowan Pike        28           12        16
Sana Mirza        30           21.5      8.5
Joel Abrams       28           28        0"""

COTTAGE = """
Preise Ferienwohnung        Nebensaison      Hauptsaison      Endreinigung
Typ A (2 Personen)          64 €             89 €             45 €
Typ B (4 Personen)          82 €             118 €            60 €
Penthouse                   120 €            175 €            80 €"""

REPORT = """
Relevé de notes – 2e trimestre
Matière            Coef.     Note     Moyenne classe     Appréciation
Français           4         13,5     11,8               Bon travail
Mathématiques      4         9,0      10,4               Doit approfondir
Histoire           3         15,0     12,1               Très bien
EPS                2         17,0     14,6               Excellent
Moyenne générale             13,1     11,7"""

TRIPS = """
Trip log
Date        From           To             km      Purpose
02.09.      Ulm            Stuttgart      93      Client visit
05.09.      Stuttgart      Karlsruhe      81      Fair
09.09.      Ulm            Augsburg       77      Training
Total                                     251"""

WEEKMENU = """
Menú semanal        Primer plato             Segundo plato            Postre
Lunes               Lentejas                 Merluza al horno         Fruta
Martes              Crema de calabaza        Pollo asado              Yogur
Miércoles           Arroz con verduras       Tortilla                 Natillas"""

STAFF = """
Personalkosten je Standort (T€)
              Jan      Feb      Mrz      Q1       Vorjahr
Kiel          41,2     40,9     42,0     124,1    119,8
Rostock       33,5     33,1     34,4     101,0    97,2
Gesamt        74,7     74,0     76,4     225,1    217,0"""

SCORES = """
Score sheet
Team            Round 1     Round 2     Round 3     Final
Blue Foxes      14          9           12          35
Red Owls        11          13          10          34
Green Hares     8           15          14          37"""

TOOLS = """
产品            规格        单价      库存      供应商
螺丝刀          中号        12.50     340       永固五金
扳手            10寸        28.00     75        宏达工具
电钻            500W        199.00    12        宏达工具"""

FEES = """
Beitrag pro Monat          Einzel       Familie
bis 18 Jahre               9,00         –
19 bis 65 Jahre            15,00        24,00
über 65 Jahre              11,00        19,00"""

HOURS = """
Contract hours      Mon      Tue      Wed      Thu      Fri      Sum
Adeyemi             8        8        4        8        6        34
Fischer             6        -        8        8        8        30
Novak               8        8        8        -        8        32"""

TILL = """
KASSENBON
2 x 1,29  Vollmilch                2,58
Brot Bauernlaib                    3,49
  Storno Brot Bauernlaib          -3,49
Äpfel Elstar
  0,845 kg x 2,99 €/kg             2,53
Kaffee Crema 1kg                  11,99
  Rabatt 20%                      -2,40
SUMME                             14,70
EC-Karte                          14,70"""

TILES = """
FACTURE N° 884
Désignation                          Qté      PU HT       Total HT
Pose de carrelage salon
(colle et joints compris)            32 m²    38,00       1 216,00
Plinthes assorties                   24 ml    9,50        228,00
Évacuation des gravats               1        110,00      110,00
Total HT                                                  1 554,00
TVA 10 %                                                  155,40
Total TTC                                                 1 709,40
Acompte versé le 3 mai                                    -500,00
Reste à payer                                             1 209,40"""

BOXES = """
Invoice no.          Date              Customer no.        Due
2026-118             14 Apr 2026       K-3309              28 Apr 2026

Item                 Hours     Rate      Amount
Wiring audit         6         72.00     432.00
Panel upgrade        11        72.00     792.00
Net                                      1,224.00
VAT 19 %                                 232.56
Gross                                    1,456.56"""

DANCE = """
Kursplan Tanzschule
Zeit            Montag          Mittwoch          Freitag
17:00           Ballett I       Hip-Hop           Ballett I
18:30           Salsa           Tango             Standard
20:00           Standard        Salsa             Party"""

CLIMATE = """
Temperature and rain
             Min °C     Max °C     Rain mm
March        2          11         54
April        5          15         41
May          9          20         38"""

FUNDS = """
Portfolio
Fund                     Units      Price       Value        Share
Nordic Equity            120        14.20       1,704.00     42 %
Green Bonds              80         18.90       1,512.00     37 %
Cash                                            850.00       21 %"""

FLATS = """
Wohnung          Fläche       Zimmer     Kaltmiete      Nebenkosten
EG links         58 m²        2          540 €          130 €
EG rechts        74 m²        3          690 €          165 €
1. OG            81 m²        3          760 €          180 €"""

PASSES = """
票价表          成人票      儿童票      老年票
一日票          80          40          50
半日票          50          25          30
年卡            360         180         240"""

ELECTION = """
Election of the works council
Candidate         Ward A     Ward B     Postal     Total
P. Lindholm       112        98         41         251
R. Okafor         87         143        36         266
S. Brandt         64         77         29         170"""

CARS = """
Car hire                 1–3 days     4–7 days     8+ days
Small (A)                39           34           29
Medium (B)               52           46           40
Van                      78           70           63"""

DEPOTS = """
Inventaire au 30 juin
Réf.       Produit              Dépôt Nord     Dépôt Sud     Total
T-10       Tuiles rouges        1 200          850           2 050
T-12       Tuiles grises        400            1 950         2 350
C-03       Ciment 25 kg         310            95            405"""


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
        (LEAGUE, "Wie viele Punkte hat Neuhof?", "30"),
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
        (VACATION, "How many days does Sana have left?", "8.5"),
        (VACATION, "Wie viele Urlaubstage hat Rowan Pike schon genommen?", "12"),
        (VACATION, "How many days is Joel entitled to?", "28"),
        (VACATION, "¿Cuántos días le quedan a Rowan?", "16"),
        (COTTAGE, "Was kostet Typ B in der Hauptsaison?", "118 €"),
        (COTTAGE, "How much is the final cleaning for the penthouse?", "80 €"),
        (COTTAGE, "What does type A cost in low season?", "64 €"),
        (COTTAGE, "prix du penthouse en haute saison ?", "175 €"),
        (REPORT, "Quelle est la note en histoire ?", "15,0"),
        (REPORT, "What is the class average in maths?", "10,4"),
        (REPORT, "appréciation en mathématiques ?", "Doit approfondir"),
        (REPORT, "What mark in French?", "13,5"),
        (REPORT, "Quelle note en anglais ?", None),
        (REPORT, "coefficient de l'EPS ?", "2"),
        (TRIPS, "How many km was the trip to Karlsruhe?", "81"),
        (TRIPS, "How many kilometres in total?", "251"),
        (TRIPS, "What was the purpose of the trip on 09.09.?", "Training"),
        (TRIPS, "Wie viele Kilometer insgesamt?", "251"),
        (TRIPS, "Wohin ging die Fahrt am 02.09.?", "Stuttgart"),
        (WEEKMENU, "¿Qué hay de segundo el martes?", "Pollo asado"),
        (WEEKMENU, "¿Cuál es el postre del miércoles?", "Natillas"),
        (WEEKMENU, "What is the first course on Monday?", "Lentejas"),
        (WEEKMENU, "Was gibt es am Dienstag als Nachtisch?", "Yogur"),
        (WEEKMENU, "¿Qué hay de primero el jueves?", None),
        (WEEKMENU, "¿Qué día hay tortilla?", "Miércoles"),
        (STAFF, "Personalkosten Rostock im März?", "34,4"),
        (STAFF, "What was Kiel's total for the quarter?", "124,1"),
        (STAFF, "Wie hoch war der Vorjahreswert von Rostock?", "97,2"),
        (STAFF, "Gesamt im Februar?", "74,0"),
        (STAFF, "Kiel last year?", "119,8"),
        (SCORES, "How many points did the Red Owls get in round 2?", "13"),
        (SCORES, "Wie viele Punkte hatten die Green Hares in der ersten Runde?", "8"),
        (SCORES, "final score of Blue Foxes?", "35"),
        (SCORES, "Who had the most points in the final?", "Green Hares"),
        (SCORES, "¿Cuántos puntos sacó Red Owls en la tercera ronda?", "10"),
        (SCORES, "How many did the Blue Foxes get in round 4?", None),
        (TOOLS, "电钻的库存有多少？", "12"),
        (TOOLS, "扳手多少钱？", "28.00"),
        (TOOLS, "螺丝刀的供应商是谁？", "永固五金"),
        (TOOLS, "How many wrenches are in stock?", "75"),
        (TOOLS, "电钻是什么规格？", "500W"),
        (TOOLS, "扳手的重量是多少？", None),
        (FEES, "Was zahlt eine Familie über 65 Jahre?", "19,00"),
        (FEES, "How much is single membership up to 18?", "9,00"),
        (HOURS, "How many hours does Novak work on Wednesday?", "8"),
        (HOURS, "Wie viele Stunden arbeitet Adeyemi insgesamt?", "34"),
        (HOURS, "How many hours does Fischer work on Thursday?", "8"),
        (HOURS, "Fischer am Freitag?", "8"),
        (HOURS, "合计 Novak 多少小时?", "32"),
        (TILL, "Was kosten die Äpfel?", "2,53"),
        (TILL, "Wie viel kostete der Kaffee?", "11,99"),
        (TILL, "How much is the total?", "14,70"),
        (TILL, "Wie viel Rabatt gab es?", "-2,40"),
        (TILL, "Was kostet die Milch?", "2,58"),
        (TILL, "Wie schwer waren die Äpfel?", "0,845 kg"),
        (TILES, "Combien coûte la pose de carrelage ?", "1 216,00"),
        (TILES, "Quel est le prix unitaire des plinthes ?", "9,50"),
        (TILES, "What is the total including tax?", "1 709,40"),
        (TILES, "Combien reste-t-il à payer ?", "1 209,40"),
        (TILES, "How much was the deposit?", "-500,00"),
        (TILES, "Quelle quantité de plinthes ?", "24 ml"),
        (TILES, "How much tax is there?", "155,40"),
        (TILES, "Was kostet die Entsorgung? (Évacuation)", "110,00"),
        (BOXES, "What is the customer number?", "K-3309"),
        (BOXES, "When is it due?", "28 Apr 2026"),
        (BOXES, "How many hours for the panel upgrade?", "11"),
        (BOXES, "What is the hourly rate?", "72.00"),
        (BOXES, "gross amount?", "1,456.56"),
        (BOXES, "How much for the wiring audit?", "432.00"),
        (DANCE, "Welcher Kurs ist am Mittwoch um 18:30?", "Tango"),
        (DANCE, "What class is on Friday at 17:00?", "Ballett I"),
        (DANCE, "¿Qué hay el lunes a las 20:00?", "Standard"),
        (DANCE, "Was läuft am Dienstag um 17:00?", None),
        (CLIMATE, "How much rain fell in April?", "41"),
        (CLIMATE, "Wie warm wurde es maximal im Mai?", "20"),
        (CLIMATE, "minimum temperature in March?", "2"),
        (CLIMATE, "Rain in June?", None),
        (FUNDS, "What is the value of Green Bonds?", "1,512.00"),
        (FUNDS, "How many units of Nordic Equity are held?", "120"),
        (FUNDS, "What share is cash?", "21 %"),
        (FUNDS, "price of Green Bonds?", "18.90"),
        (FLATS, "Wie hoch ist die Kaltmiete im 1. OG?", "760 €"),
        (FLATS, "How big is EG rechts?", "74 m²"),
        (FLATS, "Nebenkosten EG links?", "130 €"),
        (FLATS, "Wie viele Zimmer hat EG links?", "2"),
        (PASSES, "儿童一日票多少钱？", "40"),
        (PASSES, "How much is the annual pass for adults?", "360"),
        (PASSES, "老年年卡多少钱？", "240"),
        (PASSES, "学生半日票多少钱？", None),
        (ELECTION, "How many votes did Okafor get in Ward B?", "143"),
        (ELECTION, "Wie viele Briefstimmen bekam Brandt? (postal)", "29"),
        (ELECTION, "total votes for Lindholm?", "251"),
        (ELECTION, "Who got the most votes in total?", "R. Okafor"),
        (CARS, "What does a van cost per day for 4-7 days?", "70"),
        (CARS, "price of a small car for 1-3 days?", "39"),
        (DEPOTS, "Combien de tuiles grises au dépôt Nord ?", "400"),
        (DEPOTS, "How many red tiles in total?", "2 050"),
        (DEPOTS, "Wie viel Zement liegt im Süden?", "95"),
        (DEPOTS, "référence du ciment ?", "C-03"),
    ],
)
def test_a_cell_is_told_by_its_row_and_its_column(page: str, question: str, expected: str | None) -> None:
    said = answer([question], [Shown(sheet(page), "#1 page.png", 0, 1)])
    assert said.startswith(f"**{expected}**" if expected else NOT_FOUND)
