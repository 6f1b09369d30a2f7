"""What tables tell besides crossings: legends, units, hours by days, places in a ranking, rows by any cell."""

import pytest

from tests.inference.reader.pages import ask

NOT_FOUND = "I could not find that on the page."

OATS = """
Nutrition information – Crunchy Oat Bars
                       per 100 g      per bar (35 g)     %RI*
Energy                 1910 kJ        669 kJ             8 %
                       457 kcal       160 kcal
Fat                    18.2 g         6.4 g              9 %
of which saturates     3.1 g          1.1 g              6 %
Carbohydrate           62.0 g         21.7 g             8 %
of which sugars        24.5 g         8.6 g              10 %
Fibre                  6.8 g          2.4 g              –
Protein                8.1 g          2.8 g              6 %
* Reference intake of an average adult (8400 kJ/2000 kcal)
Ingredients: oats (54%), sugar, rapeseed oil, honey (6 %), almonds (4 %), salt."""

FERRY = """
Timetable: Riverside Ferry, valid from 1 May 2025
Stop                 No. 1     No. 2     No. 3     No. 4*
Castle Quay          09:00     11:15     14:00     17:30
Mill Island          09:12     11:27     14:12     17:42
Botanic Garden       09:25     11:40     –         17:55
* Fridays and Saturdays only"""

STOCK = """
Northfield Warehouse – stock list as of 30 April 2025
Shelf     Part no.      Description            On hand     Reorder at     Supplier
A1        NF-1010       Hinge 60 mm brass      240         50             Carlow Metals
A2        NF-1022       Door closer            18          10             Carlow Metals
B4        NF-2040       Letter plate steel     36          20             Pennine Fittings
C3        NF-3300       Padlock 40 mm          122         40             Trojan Security"""

HOURS_WORKED = """
Wochenstunden KW 14 – Team Lager
Name            Mo     Di     Mi     Do     Fr     Summe
Brandt, A.      8      8      8      8      6      38
Yildiz, C.      7,5    8      U      U      8      23,5
Meurer, P.      K      K      8      8      8      24
U = Urlaub, K = krank"""

LIGUE = """
Ligue départementale – Classement après la 18e journée
Rang   Équipe                J     G     N     P     BP     BC     Pts
1      AS Vallonges          18    13    3     2     41     17     42
2      US Merlac             18    12    4     2     38     19     40
3      FC Saint-Aubin        18    9     5     4     33     24     32"""

PLANS = """
Comparison of mobile plans – June 2025
                     Basic        Plus         Max
Monthly price        £9           £15          £28
Data                 5 GB         30 GB        unlimited
Calls                500 min      unlimited    unlimited
Roaming EU           no           yes          yes
Contract             1 month      12 months    24 months"""

ROTA = """
Cleaning rota – Flat 3, Maple Court
Week            Kitchen      Bathroom     Hallway      Bins
3–9 March       Tom          Aisha        Lucía        Ben
10–16 March     Ben          Tom          Aisha        Lucía
17–23 March     Lucía        Ben          Tom          Aisha"""

SALES = """
Rapport trimestriel des ventes 2025 – en milliers d'euros
Magasin           T1        T2        T3        T4        Total
Lille Centre      124       131       118       162       535
Roubaix           88        92        85        110       375
Total             212       223       203       272       910"""

STATEMENT = """
Kontoauszug Nr. 5/2025
Buchung      Valuta       Text                               Betrag EUR
02.05.       02.05.       Miete Mai Hausverwaltung Kern      -840,00
12.05.       13.05.       Gehalt Pellmann GmbH               2.715,40
19.05.       19.05.       Kartenzahlung Edeka                -63,28
Neuer Kontostand 31.05.2025                                  2.739,73"""

SHIPPING = """
运费表（单位：元）
地区        首重1kg     续重/kg     预计时效
江浙沪      8           2           1-2天
西南        14          8           3-4天
新疆西藏    25          18          6-8天"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (OATS, "sugars per 100g?", "24.5 g"),
        (OATS, "How much saturated fat per bar?", "1.1 g"),
        (OATS, "Wie viel Eiweiß ist in 100 g?", "8.1 g"),
        (OATS, "Combien de fibres par barre ?", "2.4 g"),
        (FERRY, "When does ferry no. 2 get to Mill Island?", "11:27"),
        (FERRY, "Wann fährt die letzte Fähre in Mill Island ab?", "17:42"),
        (FERRY, "What time does the first ferry leave Castle Quay?", "09:00"),
        (PLANS, "How much data do I get with Plus?", "30 GB"),
        (PLANS, "Does Basic include roaming?", "no"),
        (PLANS, "contract length of the Basic plan?", "1 month"),
        (PLANS, "How many minutes of calls does Basic have?", "500 min"),
        (ROTA, "Who cleans the bathroom from 17 to 23 March?", "Ben"),
        (ROTA, "Who does the bins in the week of 10 March?", "Lucía"),
        (ROTA, "What does Ben do in the week 3–9 March?", "Bins"),
        (SHIPPING, "寄到西南首重多少钱？", "14"),
        (SHIPPING, "新疆的续重是多少？", "18"),
        (LIGUE, "How many wins does Vallonges have?", "13"),
        (LIGUE, "Wie viele Niederlagen hat Merlac?", "2"),
        (LIGUE, "¿Cuántos empates tiene Saint-Aubin?", "5"),
        (FERRY, "Does no. 3 stop at the Botanic Garden?", None),
    ],
)
def test_columns_may_be_named_by_figures_and_letters(page: str, question: str, expected: str | None) -> None:
    assert ask(question, page).startswith(f"**{expected}**" if expected else NOT_FOUND)


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (STOCK, "which item is at shelf B4?", "Letter plate steel"),
        (STOCK, "What is on shelf A2?", "Door closer"),
        (STOCK, "Who supplies the padlocks?", "Trojan Security"),
        (STOCK, "In which shelf are the hinges?", "A1"),
        (STOCK, "what is the part number of the door closer", "NF-1022"),
        (STATEMENT, "Wann kam das Gehalt?", "12.05."),
        (LIGUE, "Quelle équipe est troisième ?", "FC Saint-Aubin"),
        (LIGUE, "Who is top of the table?", "AS Vallonges"),
        (LIGUE, "Wer ist Tabellenletzter?", "FC Saint-Aubin"),
        (HOURS_WORKED, "Wer hat 38 Stunden?", "Brandt, A."),
    ],
)
def test_a_row_may_be_named_by_any_cell_or_its_place(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (SALES, "Combien d'employés à Roubaix ?"),
        (SALES, "¿Cuántos clientes tuvo Lille Centre?"),
        (HOURS_WORKED, "Wie hoch ist der Stundenlohn von Meurer?"),
        (HOURS_WORKED, "What is Brandt's hourly wage?"),
        (STOCK, "what does a padlock cost?"),
        (LIGUE, "Qui est l'entraîneur de Merlac ?"),
    ],
)
def test_a_column_that_a_table_lacks_is_not_found(page: str, question: str) -> None:
    assert ask(question, page).startswith(NOT_FOUND)


LEGENDS = """
Schedule
Name        Mon    Tue    Wed    Thu
Ann         F      S      OFF    F
Bob         S      S(1)   F      N/A
F = early shift, S = late shift
OFF: day off   N/A not available
(1) until 6 pm only
* subject to change
² by appointment
a) not in August
△表示实习；休＝休息"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does the F mean?", "early shift"),
        ("Wofür steht das S?", "late shift"),
        ("Que signifie la lettre F ?", "early shift"),
        ("¿Qué quiere decir la S?", "late shift"),
        ("F代表什么？", "early shift"),
        ("what is the meaning of OFF?", "day off"),
        ("What does (1) mean?", "until 6 pm only"),
        ("Was bedeutet die Fußnote 1?", "until 6 pm only"),
        ("Was heißt das Sternchen?", "subject to change"),
        ("Que veut dire l'astérisque ?", "subject to change"),
        ("星号表示什么？", "subject to change"),
        ("What does the 2 mean?", "by appointment"),
        ("What does a) stand for?", "not in August"),
        ("休是什么意思？", "休息"),
        ("△表示什么？", "实习"),
        ("What does X mean?", None),
    ],
)
def test_a_legend_explains_letters_numbers_and_signs(question: str, expected: str | None) -> None:
    assert ask(question, LEGENDS).startswith(f"**{expected}**" if expected else NOT_FOUND)


SOURCE = """
Restaurant La Source
Lundi fermé
Mardi à jeudi : 12 h – 14 h / 19 h – 22 h
Ven. et sam. 12 h – 14 h 30 / 19 h – 23 h
Dimanche midi uniquement 12 h – 15 h"""

SALON = """
Friseursalon Haarwerk
Di-Fr 9.00-18.30 Uhr · Sa 8.30-14.00 Uhr · Montag geschlossen"""

MONTH_END = """
Gemeindebücherei Altmühl – Öffnungszeiten
Montag              geschlossen
Dienstag            10:00 – 18:00
Mittwoch            14:00 – 18:00"""

READING_ROOM = """
图书馆开放时间
周一至周五     8:30-21:00
周六、周日     9:00-17:00"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (SOURCE, "horaires du mercredi ?", "12 h – 14 h / 19 h – 22 h"),
        (SOURCE, "When are you open on Friday?", "12 h – 14 h 30 / 19 h – 23 h"),
        (SOURCE, "Quel jour est-ce fermé ?", "Lundi"),
        (SALON, "When are they open on Saturdays?", "8.30-14.00 Uhr"),
        (SALON, "horario de los jueves", "9.00-18.30 Uhr"),
        (MONTH_END, "When does the library open on Wednesday?", "14:00 – 18:00"),
        (MONTH_END, "Bis wann ist dienstags geöffnet?", "10:00 – 18:00"),
        (READING_ROOM, "周三几点开门？", "8:30-21:00"),
        (READING_ROOM, "What are the hours at the weekend?", "9:00-17:00"),
        (READING_ROOM, "Bis wann ist sonntags offen?", "9:00-17:00"),
    ],
)
def test_hours_are_told_by_days(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")


CLIMATE = """
Klimatabelle Graz
Monat        Temperatur °C     Niederschlag (mm)     Sonnenstunden
Januar       -1,2              26                    92
Februar      1,1               28                    118
März         5,7               40                    150"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (SALES, "What are the units?", "milliers d'euros"),
        (SALES, "In welcher Einheit sind die Zahlen?", "milliers d'euros"),
        (CLIMATE, "In welcher Einheit ist der Niederschlag?", "mm"),
        (SHIPPING, "价格的单位是什么？", "元"),
        (OATS, "what percent of oats is in it", "(54%)"),
        (OATS, "¿Qué porcentaje de miel lleva?", "(6 %)"),
    ],
)
def test_units_and_shares_are_told(page: str, question: str, expected: str) -> None:
    assert ask(question, page).startswith(f"**{expected}**")
