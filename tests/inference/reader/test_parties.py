"""Who a document is from and for, on pages made of lines."""

import pytest

from inference.reader.finding import find
from inference.reader.names import is_name, is_title, name_in
from inference.reader.page import Box, Line, Page, Row
from inference.reader.parties import labelled
from inference.reader.questions import parse
from inference.reader.sheet import Sheet

HEIGHT = 20
WIDTH = 800

Placed = tuple[str, float, float, float]
"""Text, left edge, top and height."""


def sheet_of(*lines: Placed, sha256: str = "page") -> Sheet:
    """A page of A4's shape with these lines; lines of one top stand in one row."""
    tops = sorted({line[2] for line in lines})
    rows = tuple(
        Row(tuple(_line(*line) for line in sorted(lines, key=lambda line: line[1]) if line[2] == top)) for top in tops
    )
    return Sheet(Page(sha256=sha256, width=WIDTH, height=1130, rows=rows, order=rows))


def _line(text: str, left: float, top: float, height: float) -> Line:
    width = sum(height * (1.0 if char > "\u2e80" else 0.5) for char in text)
    return Line(text, Box(left, top, left + width, top + height))


def who(sheet: Sheet, question: str) -> str | None:
    found = find([sheet], parse(question))
    return found.value if found else None


def at(text: str, left: float, top: float, height: float = HEIGHT) -> Placed:
    return (text, left, top, height)


def stock_list(title: str, maker: str) -> Sheet:
    """The title is larger than the name over it, and the table has a column of names."""
    return sheet_of(
        at(maker, 60, 40, 22),
        at("Tel. 030 5550 1234", 560, 42),
        at(title, 60, 110, 40),
        at("Item", 60, 200), at("Shelf", 360, 200), at("Stock", 600, 200),
        at("Portrait session", 60, 230), at("A12", 360, 230), at("14", 600, 230),
        at("Wooden frame", 60, 260), at("B07", 360, 260), at("230", 600, 260),
        at("Photo album", 60, 290), at("C01", 360, 290), at("71", 600, 290),
    )  # fmt: skip


GERMAN_LETTER = sheet_of(
    at("Hausverwaltung Ritter KG", 480, 40, 28),
    at("Lindenweg 4, 04109 Leipzig", 480, 75),
    at("Tel. 0341 555 0199", 480, 100),
    at("Frau", 60, 180),
    at("Johanna Albers", 60, 205),
    at("Gartenstraße 12", 60, 230),
    at("04107 Leipzig", 60, 255),
    at("Leipzig, den 14. Mai 2026", 480, 320),
    at("Ablesung der Zähler", 60, 380),
    at("Sehr geehrte Frau Albers,", 60, 430),
    at("seit vier Jahren sind Sie unser Kunde, dafür danken wir Ihnen sehr.", 60, 470),
    at("Mit freundlichen Grüßen", 60, 560),
    at("i. A. Bernd Ostermann", 60, 620),
)

CHINESE_INVOICE = sheet_of(
    at("增值税普通发票", 280, 30, 36),
    at("发票号码：20260417", 520, 80),
    at("购买方名称：杭州远山文化有限公司", 60, 140),
    at("销售方名称：苏州春泥陶瓷厂", 60, 180),
    at("货物名称", 60, 240), at("数量", 360, 240), at("金额", 600, 240),
    at("茶杯", 60, 270), at("12", 360, 270), at("¥240.00", 600, 270),
    at("价税合计：¥240.00", 60, 340),
)  # fmt: skip

CHINESE_LETTER = sheet_of(
    at("尊敬的林晓梅女士：", 60, 60),
    at("您好！您的申请已经收到，我们会在五个工作日内回复。", 100, 100),
    at("此致", 100, 180),
    at("敬礼！", 60, 210),
    at("云港市图书馆", 560, 260),
    at("2026年5月3日", 560, 290),
)

CHINESE_RECEIPT = sheet_of(
    at("好邻居超市(中山路店)", 200, 30, 34),
    at("欢迎光临", 320, 80),
    at("电话：0571-55501234", 240, 110),
    at("牛奶", 60, 180), at("12.50", 600, 180),
    at("面包", 60, 210), at("8.00", 600, 210),
    at("合计", 60, 260), at("20.50", 600, 260),
)  # fmt: skip

INVOICE = sheet_of(
    at("Invoice", 60, 40, 40),
    at("Fernhill Cycles", 540, 42, 24),
    at("8 Mill Lane, LS1 4AB Leeds", 540, 75),
    at("Date", 60, 120), at("3 June 2026", 200, 120),
    at("Bill to", 60, 200),
    at("Okafor Deliveries Ltd", 60, 230),
    at("22 Quay Street", 60, 255),
    at("HU1 3DZ Hull", 60, 280),
    at("Total", 60, 500), at("£180.00", 600, 500),
    at("Fernhill Cycles · fernhill-cycles.example · 0113 555 0147", 200, 1080, 16),
)  # fmt: skip


@pytest.mark.parametrize(
    "title", ["Stock list", "Price list 2026", "Preisliste", "Lagerbestand", "Existencias", "Tarifs"]
)
@pytest.mark.parametrize("question", ["Who sent this?", "Von wem ist das?", "De qui ça vient ?", "¿De quién es?"])
def test_the_title_of_a_list_is_not_its_maker(title: str, question: str) -> None:
    assert who(stock_list(title, "Lichtblick Fotografie"), question) == "Lichtblick Fotografie"


@pytest.mark.parametrize(
    ("heading", "maker"),
    [
        ("Almacén central", "Fontanería Ruiz Aledo"),
        ("Catálogo profesional", "Soluciones Tecnológicas Quetzal"),
        ("Catalogue professionnel", "Brasserie La Cigogne"),
        ("Staff directory", "Blue Anchor Marine"),
    ],
)
@pytest.mark.parametrize("question", ["Who sent this?", "Qui a envoyé ce document ?"])
def test_a_heading_in_plain_words_is_not_the_maker_named_under_it(heading: str, maker: str, question: str) -> None:
    page = sheet_of(
        at(heading, 60, 60, 40),
        at(maker, 60, 115),
        at("25-09-2023", 60, 145),
        at("Ref.", 60, 200), at("Article", 360, 200), at("Price", 600, 200),
        at("TN-6510", 60, 230), at("Palette", 360, 230), at("207,00", 600, 230),
        at("SL-3323", 60, 260), at("Robinet", 360, 260), at("15,62", 600, 260),
    )  # fmt: skip
    assert who(page, question) == maker


def test_a_maker_may_be_written_in_plain_words() -> None:
    assert who(stock_list("Existencias", "Peluquería bella"), "¿De quién es?") == "Peluquería bella"


@pytest.mark.parametrize("question", ["Who sent this?", "¿De quién es?"])
def test_a_heading_in_plain_words_is_not_the_maker_named_over_it(question: str) -> None:
    assert who(stock_list("Almacén central", "Fontanería Ruiz Aledo"), question) == "Fontanería Ruiz Aledo"


def test_a_chinese_list_is_from_the_company_beside_its_title() -> None:
    assert who(stock_list("库存", "青禾农产品有限公司"), "是哪家公司开具的？") == "青禾农产品有限公司"


def test_a_title_and_a_name_may_share_a_line() -> None:
    page = sheet_of(at("Price list – Green Farm Ltd", 60, 40, 30), at("Apples", 60, 120), at("£2.10", 500, 120))
    assert who(page, "Which company issued this?") == "Green Farm Ltd"


@pytest.mark.parametrize(
    ("page", "question", "name"),
    [
        (GERMAN_LETTER, "Von wem ist das?", "Hausverwaltung Ritter KG"),
        (GERMAN_LETTER, "Which company issued this?", "Hausverwaltung Ritter KG"),
        (GERMAN_LETTER, "Who signed the letter?", "Bernd Ostermann"),
        (GERMAN_LETTER, "Who is it addressed to?", "Johanna Albers"),
        (GERMAN_LETTER, "Wer ist der Kunde?", "Johanna Albers"),
        (GERMAN_LETTER, "收件人是谁？", "Johanna Albers"),
        (CHINESE_INVOICE, "Who is the customer?", "杭州远山文化有限公司"),
        (CHINESE_INVOICE, "收件人是谁？", "杭州远山文化有限公司"),
        (CHINESE_INVOICE, "是哪家公司开具的？", "苏州春泥陶瓷厂"),
        (CHINESE_INVOICE, "Von wem ist das?", "苏州春泥陶瓷厂"),
        (CHINESE_LETTER, "收件人是谁？", "林晓梅女士"),
        (CHINESE_LETTER, "¿A quién va dirigido?", "林晓梅女士"),
        (CHINESE_LETTER, "谁写的？", "云港市图书馆"),
        (CHINESE_LETTER, "Who sent this?", "云港市图书馆"),
        (CHINESE_RECEIPT, "这是哪家店？", "好邻居超市(中山路店)"),
        (CHINESE_RECEIPT, "Who sent this?", "好邻居超市(中山路店)"),
        (INVOICE, "Who sent this?", "Fernhill Cycles"),
        (INVOICE, "¿De quién es?", "Fernhill Cycles"),
        (INVOICE, "Wer ist der Empfänger?", "Okafor Deliveries Ltd"),
        (INVOICE, "Qui est le client ?", "Okafor Deliveries Ltd"),
    ],
)
def test_who_it_is_from_and_for(page: Sheet, question: str, name: str) -> None:
    assert who(page, question) == name


def test_the_foot_of_a_page_tells_who_made_it() -> None:
    page = sheet_of(
        at("Lista de precios", 60, 60, 44),
        at("Artículo", 60, 200), at("Ref.", 400, 200), at("Precio", 640, 200),
        at("Aceite de oliva", 60, 230), at("A-12", 400, 230), at("8,50 €", 640, 230),
        at("Vinagre", 60, 260), at("B-02", 400, 260), at("2,40 €", 640, 260),
        at("Almazara Los Cerros · Camino Viejo 9, 23400 Úbeda · 953 555 014", 100, 1080, 18),
    )  # fmt: skip
    assert who(page, "¿De quién es?") == "Almazara Los Cerros"


def test_a_word_in_a_sentence_is_no_label() -> None:
    page = sheet_of(
        at("Garage Perrin", 60, 40, 30),
        at("Vous êtes notre client, Merci de votre visite", 60, 300),
        at("Révision complète", 60, 340),
    )
    assert labelled([page], "customer") == []


def test_the_head_of_a_column_names_no_maker() -> None:
    page = sheet_of(
        at("Hafenkontor Lager", 60, 30, 30),
        at("Artikel", 60, 120), at("Lieferant", 300, 120), at("Preis", 600, 120),
        at("Seil", 60, 150), at("Taue Nord GmbH", 300, 150), at("14,00 €", 600, 150),
        at("Anker", 60, 180), at("Eisen Kunz GmbH", 300, 180), at("89,00 €", 600, 180),
    )  # fmt: skip
    assert who(page, "Von wem ist das?") == "Hafenkontor Lager"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Müller GmbH · Hauptstr. 5 · 12345 Berlin", "Müller GmbH"),
        ("Smith, Jones & Co, 12 High Street", "Smith, Jones & Co"),
        ("© 2026 Green Farm Ltd", "Green Farm Ltd"),
        ("名称：上海大华有限公司", "上海大华有限公司"),
        ("Ferretería López, S.L.", "Ferretería López, S.L."),
        ("J. P. Morgan & Sons", "J. P. Morgan & Sons"),
        ("Stock Supplies Ltd", "Stock Supplies Ltd"),
        ("Berlin, 5. März 2026", ""),
        ("3 June 2026", ""),
        ("1.240,00 €", ""),
        ("Bitte zahlen Sie bald. Danke!", ""),
        ("info@example.org", ""),
    ],
)
def test_the_name_that_a_line_tells(line: str, name: str) -> None:
    assert name_in(line) == name


def test_an_empty_page_names_nobody() -> None:
    assert who(sheet_of(), "Who sent this?") is None


def test_titles_are_no_names() -> None:
    assert all(is_title(text) and not is_name(text) for text in ("Invoice", "价目表", "Existencias de otoño", "Stocks"))
