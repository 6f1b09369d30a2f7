"""Lists of stock, rosters and timetables, and the notes over and under them, in whichever language."""

import pytest

from inference.reader.answers import answer
from inference.reader.scope import Shown
from tests.inference.reader.pages import sheet

NOT_FOUND = "I could not find that on the page."

SPARES = """
Spare parts, hangar 4                                     Count date: 12 May 2026
Code       Part                  On hand     Reorder at     Supplier
H-201      Rubber seal 40 mm     75          30             Pellworm Seals
H-214      Air filter            12          15             Aerolux
H-230      Brake cable           38          20             Tarvin Ltd

Counted by: Mina Sorel
Next count on 11 August 2026"""

TOOLS = """
Inventaire de l'atelier – responsable : Odile Ferrand
Code       Outil               Emplacement     Achat
AT-01      Perceuse à main     Armoire 2       2021
AT-02      Scie circulaire     Établi          2019
AT-03      Poste à souder      Réserve         2024"""

NURSES = """
Dienstplan Station Birke, KW 24
Name               Montag      Dienstag     Mittwoch     Donnerstag
Aksoy, Derya       Früh        Früh         frei         Nacht
Petersen, Jonas    Spät        frei         Urlaub       Früh
Wolny, Ewa         Nacht       Spät         Spät         frei

Früh       05:45 – 13:30
Spät       13:15 – 21:00
Stationsleitung: Heike Brandes"""

CLINIC = """
门诊安排
科室        周一        周二        周三
骨科        林国栋      罗敏        林国栋
皮肤科      罗敏        停诊        钱小燕
挂号费      15元"""

COACHES = """
南门汽车站
车次        终点        发车        票价(元)        备注
T118        青石镇      06:50       24              正点
T126        双桥        09:15       31              停运
T140        海湾新区    14:05       46              晚点10分钟
小件寄存：二号窗口,每件6元"""

WAREHOUSE = """
仓库月报
货号        名称            期初        入库        出库        期末
B-11        保温水壶        120         60          95          85
B-12        野餐垫          44          0           21          23
B-15        露营帐篷        18          10          12          16"""

FERRY = """
Bac de l'estuaire
Horaires valables du 2 avril au 30 septembre 2026
Quai              Départ 1     Départ 2     Départ 3
Rive nord         07:10        11:40        18:05
Rive sud          07:35        12:05        18:30

Titre             Prix
Aller simple      3,20 €
Carnet de 10      27,00 €"""

AGENDA = """
Training week – Thursday
Time         Room A                 Room B                  Chair
09:15        Budget basics          First aid               Imre
11:00        Contract law           Data protection         Sunniva
14:30        Fire drill             Lunch talk              -"""

CHOIR = """
Besetzung Chor
Name               Stimme       Eintritt
Ahlers, Nele       Alt          2018
Brugger, Toni      Bass         2023
Demir, Can         Tenor        2021"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (SPARES, "who supplies the air filter?", "Aerolux"),
        (SPARES, "Wer liefert das Bremskabel (brake cable)?", "Tarvin Ltd"),
        (SPARES, "which code does the rubber seal have?", "H-201"),
        (SPARES, "who counted?", "Mina Sorel"),
        (SPARES, "how many air filters are on hand?", "12"),
        (SPARES, "what does the air filter cost?", None),
        (SPARES, "price of the brake cable?", None),
        (SPARES, "Combien coûte le rubber seal ?", None),
        (TOOLS, "en quelle année a été achetée la scie circulaire ?", "2019"),
        (TOOLS, "What code does the circular saw have?", "AT-02"),
        (TOOLS, "¿Cuándo se compró el poste à souder?", "2024"),
        (TOOLS, "Quel est le prix de la perceuse ?", None),
        (NURSES, "What does Jonas Petersen have on Wednesday?", "Urlaub"),
        (NURSES, "Welche Schicht hat Ewa Wolny am Dienstag?", "Spät"),
        (NURSES, "von wann bis wann geht die Frühschicht?", "05:45"),
        (CLINIC, "周三皮肤科谁坐诊？", "钱小燕"),
        (CLINIC, "周一骨科是哪位医生？", "林国栋"),
        (CLINIC, "周五骨科是哪位医生？", None),
        (CLINIC, "挂号费多少？", "15元"),
        (COACHES, "T126 今天什么情况？", "停运"),
        (COACHES, "去双桥的车几点开？", "09:15"),
        (COACHES, "去火车站的大巴几点开？", None),
        (COACHES, "小件寄存多少钱一件？", "6元"),
        (WAREHOUSE, "帐篷出库多少？", "12"),
        (WAREHOUSE, "水壶入库多少？", "60"),
        (WAREHOUSE, "睡袋出库多少？", None),
        (AGENDA, "when does Data protection start?", "11:00"),
        (AGENDA, "What is on in Room C at 09:15?", None),
        (AGENDA, "Où a lieu First aid ?", "Room B"),
        (CHOIR, "Wann ist Can Demir eingetreten?", "2021"),
        (CHOIR, "Welche Stimme singt Paul Adler?", None),
        (FERRY, "combien coûte le carnet de 10 ?", "27,00 €"),
        (FERRY, "Bis wann gilt der Fahrplan?", "30 septembre 2026"),
        (FERRY, "until when is the timetable valid?", "30 septembre 2026"),
    ],
)
def test_lists_and_their_notes_are_read(page: str, question: str, expected: str | None) -> None:
    said = answer([question], [Shown(sheet(page), "#1 page.png", 0, 1)])
    assert said.startswith(f"**{expected}" if expected else NOT_FOUND)
