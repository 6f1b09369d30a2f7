"""The form of a check, filled in from pages."""

import pytest

from inference.reader.extraction import extract
from inference.reader.kinds import kind_of
from tests.inference.reader.pages import sheet, shown

INVOICE = """
Calder & Finch Ltd
18 Tannery Row, Leeds LS2 7DX

INVOICE

Invoice no.   CF-2026-00417
Invoice date   3 October 2026
Due date   2 November 2026

Description   Qty   Amount
Site survey and report   1   340.00
Total   EUR 340.00
IBAN: DE89 3704 0044 0532 0130 00
"""
LETTER = """
Dear Ms Cole,

we write to you about your appointment on 4 May 2026.

Yours sincerely
Tom Whitlock
"""
PAID = "Has every invoice been paid?"


def test_the_fields_of_an_invoice() -> None:
    found = extract(PAID, [shown(INVOICE)])
    assert (found.document, found.payment_status, found.answer, found.page) == ("invoice", "none", "unclear", None)
    assert (found.number, found.date, found.due) == ("CF-2026-00417", "2026-10-03", "2026-11-02")
    assert (found.amount, found.currency, found.account) == ("340.00", "EUR", "DE89 3704 0044 0532 0130 00")


@pytest.mark.parametrize(
    ("mark", "status", "answer"), [("PAID", "paid", "yes"), ("OVERDUE", "unpaid", "no"), ("", "none", "unclear")]
)
def test_the_page_of_the_bill_speaks_not_what_came_with_it(mark: str, status: str, answer: str) -> None:
    pages = [
        shown(LETTER, "#1 a.pdf, page 1"),
        shown(INVOICE + mark, "#1 a.pdf, page 2", order=2),
        shown("Account statement\n\nBooked   Transaction\n1 May 2026   Payment received", "#1 a.pdf, page 3", order=3),
    ]
    found = extract(PAID, pages)
    assert (found.document, found.payment_status, found.answer) == ("invoice", status, answer)
    assert found.page == (2 if mark else None)
    assert (found.evidence == mark) is bool(mark) or not mark


def test_a_day_without_its_year_is_none() -> None:
    assert extract(PAID, [shown(INVOICE.replace("3 October 2026", "3 October"))]).date is None


def test_what_is_looked_for_answers_by_being_there() -> None:
    assert extract("Is there an IBAN?", [shown(INVOICE)]).answer == "yes"
    assert extract("Is there an IBAN?", [shown(LETTER)]).answer == "no"
    assert extract("Who is the customer?", [shown(LETTER)]).answer == "unclear"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (INVOICE, "invoice"),
        (LETTER, "letter"),
        ("KASSENBON\n\nMilch   1,65\nSumme   1,65", "receipt"),
        ("Mahnung\n\nRechnung Nr. 17 ist offen.", "reminder"),
        ("Kontoauszug 4/2026\n\nDatum   Betrag", "statement"),
        ("报价单\n\n商品   价格", "quote"),
        ("Price list\n\nItem   Price\nPipe   3.00", "other"),
        ("Halden Ltd — Payslip\n\nBasic salary   3,150.00\nTax   402.60\nTotal   2,747.40", "other"),
        ("Second reminder – account 0442\n\nDear Sir or Madam,\n\nPlease send £ 526.72.", "reminder"),
        ("Hello\n\nworld", None),
    ],
)
def test_kinds(text: str, kind: str | None) -> None:
    assert kind_of(sheet(text)) == kind


UTILITY = """
Greenmoor Energy
Your electricity bill
Bill number   EB-99120457
TARIFF
Fixed Saver
Units used   181.29
Standing charge   22.08
VAT at 5 %   10.10
Total charges   £213.47
"""
HONORARIUM = """
Anaïs Kerbrat
Brest, le 30 janvier 2026
Note d’honoraires n° 2026/03
Traduction   1 152,00 €
Relecture   240,00 €
Total   1 392,00 €
IBAN FR14 3000 6000 0112 3456 7890 189
"""
FUEL = """
Copper Canyon Fuel
06/28/2026 07:15 AM
FUEL TOTAL   $42.95
COFFEE LG   $2.29
TOTAL   $45.24
VISA CREDIT   $45.24
ACCT XXXXXXXXXXXX8821
"""
TABLE = """
Bistrot Clairefontaine
Table : 25
Serveur : Élodie
Truite grillée   21,80
Soupe   6,90
Café   2,70
TOTAL   31,40 €
dont TVA 10 %   2,85
"""
ACCOUNT = """
Wearside Bank
Date   Details   Out   Balance
04 Jun   Direct debit Water   31.75   4,172.51
24 Jun   Cheque 000318   90.00   4,082.51
Total   121.75
"""
NOTICE = """
Stadt Bergheide
Grundsteuerbescheid 2026
Jahresbetrag   412,00 EUR
fällig am 15.02.2026
IBAN DE89 3704 0044 0532 0130 00
"""
SHIPPER = """
Spedition Überlinger AG
Rechnungs-Nr.   Datum   Zahlbar bis   Auftrag
SU-88190   12.10.2026   11.11.2026   T-5513




Leistung   CHF
Steinach - Basel   620.00
Maut   84.30
MWST 8,1 %   57.05
Total CHF   761.35
IBAN CH12 0078 4013 2200 1187 7
"""
TUNER = """
Elio Marchetti
Payment due   15 December 2026
Concert grand   CHF 240.00
Total   CHF 240.00
CH56 0900 0000 8477 1120 3
"""
BUDGET = """
Allotment committee
Item   Amount
Seeds   120.00
Fence   340.00
Total   460.00
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(UTILITY, "invoice", id="named in passing"),
        pytest.param(HONORARIUM, "invoice", id="by another word"),
        pytest.param(FUEL, "receipt", id="by how it was paid"),
        pytest.param(TABLE, "receipt", id="a waiter's"),
        pytest.param(ACCOUNT, None, id="rows of an account"),
        pytest.param(NOTICE, "invoice", id="without a total"),
        pytest.param(SHIPPER, "invoice", id="numbered in a strip of heads"),
        pytest.param(TUNER, "invoice", id="where and until when to pay"),
        pytest.param(BUDGET, None, id="a mere total"),
        pytest.param(BUDGET + "Rechnung 4711 liegt bei.", None, id="a bill in a sentence"),
    ],
)
def test_what_asks_for_money_is_a_bill_whatever_it_is_called(text: str, kind: str | None) -> None:
    assert kind_of(sheet(text)) == kind


def test_a_column_or_reference_is_no_heading() -> None:
    columns = "Albarán   Fecha   Artículo   Importe\nA-4401   02/09   Aceite   155,60\nA-4438   09/09   Sal   14,88"
    assert kind_of(sheet(f"Devis : D-2026-118\nFACTURE N° F-2026-231\n\n{columns}")) == "invoice"
    assert kind_of(sheet(f"Malvarrosa, S.L.\n\n{columns}")) is None


def test_number_and_total_of_a_bill_may_stand_on_two_pages() -> None:
    first = shown(
        "Rechnungsnummer   9026-00417\nBestellung   UA-7781\n\nLieferschein\n\nSpitzen   196,00\nBox   278,00"
    )
    second = shown("Netto   398,32\nUSt 19 %   75,68\nRechnungsbetrag   474,00 EUR", "#1 a.pdf, page 2", order=2)
    found = extract(PAID, [first, second])
    assert (found.document, found.number, found.amount) == ("invoice", "9026-00417", "474.00")


@pytest.mark.parametrize(
    ("last", "word"),
    [
        ("Payment record\n\nTotal   £340.00\nPaid by Visa   £340.00\n\nKind regards\nAnn Poe", "yes"),
        ("Dear Ms Cole,\n\nyour other invoice was paid by Visa.\n\nYours sincerely\nTom Whitlock", "unclear"),
    ],
)
def test_a_remark_on_the_last_page_counts_unless_a_letter_begins_there(last: str, word: str) -> None:
    texts = (INVOICE, "Work sheet\n\nDay   Hours\n1 June   8", last)
    pages = [shown(text, f"#1 a.pdf, page {number}", order=number) for number, text in enumerate(texts, 1)]
    assert extract(PAID, pages).answer == word


STATEMENT = """
Acme Supplies Ltd

Statement of account

Date   Invoice   Amount
04/06/2026   INV-118   310.00
24/06/2026   INV-130   90.00
"""


@pytest.mark.parametrize(
    ("line", "status"),
    [("Balance   £400.00", "none"), ("Total overdue   £400.00\nPlease pay by 30 July 2026.", "unpaid")],
)
def test_the_balance_of_an_account_is_no_debt(line: str, status: str) -> None:
    assert extract(PAID, [shown(STATEMENT + line)]).payment_status == status


def test_days_are_read_as_the_page_writes_them() -> None:
    bill = "INVOICE\n\nInvoice no.   17\nInvoice date   {}\nDue date   05/12/2026\nTotal   $76.72"
    assert extract(PAID, [shown(bill.format("04/20/2026"))]).due == "2026-05-12"
    assert extract(PAID, [shown(bill.format("20/04/2026"))]).due == "2026-12-05"


def test_the_date_of_a_row_is_not_the_documents() -> None:
    rows = "Datum   Leistung   Betrag\n02.04.2026   Beratung   10,72\n16.04.2026   Ultraschall   26,81"
    assert extract(PAID, [shown(f"Liquidation Nr. 3317/26\nBochum, 27.04.2026\n\n{rows}")]).date == "2026-04-27"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Full-day care   € 990.00\nLunches   € 99.00\nSubsidy   -€ 318.00\nTo settle   € 771.00\nIBAN", "771.00"),
        ("Fee EUR   13.50\nCash   20.00\nChange   6.50\nLost ticket: EUR 25.00", "13.50"),
    ],
)
def test_a_total_without_its_word_is_what_adds_up(text: str, amount: str) -> None:
    assert extract(PAID, [shown(text)]).amount == amount


def test_a_till_in_chinese_charges_yuan() -> None:
    assert extract(PAID, [shown("老成都川菜馆\n\n麻婆豆腐   28.00\n水煮鱼   88.00\n合计   116.00")]).currency == "CNY"


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("HARGROVE'S\nFOOD HALL\n118 Mill Street, Norwich\n\nTOTAL   24.53", "HARGROVE'S"),
        ("Montclar Prestations\nSAS\n20 rue des Tilleuls\n35000 Rennes", "Montclar Prestations SAS"),
        ("老成都川菜馆\n(人民路店)\n电话 028-5550 7716\n\n合计   255.00", "老成都川菜馆"),
        (
            "Dr. med. Henrike Vollmer\nFachärztin für Orthopädie\nKönigsallee 5 · 44789 Bochum",
            "Dr. med. Henrike Vollmer",
        ),
        (
            "THE ALDERNEY\n200 Lakeshore Drive, Toronto · Tel 416 555 0163\n\nCompany   Hallberg Marine AB",
            "THE ALDERNEY",
        ),
        (
            "发票\n\n名称：苏州晨曦文化公司   名称：深圳市蓝海办公用品公司\n购买方   代码：91A   销售方   代码：91B",
            "深圳市蓝海办公用品公司",
        ),
    ],
)
def test_who_made_it_out(text: str, vendor: str) -> None:
    assert extract(PAID, [shown(text)]).vendor == vendor


def test_the_number_of_a_till_goes_before_that_of_its_shop() -> None:
    assert (
        extract(PAID, [shown("Copper Fuel\nStore #0417\nTRAN# 448120\nTOTAL   $45.24\nCASH   $45.24")]).number
        == "448120"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Your previous invoice has been paid, thank you.",
        "Ihre letzte Rechnung wurde bezahlt, vielen Dank.",
        "上期账单已付清，谢谢。",
        "Freight prepaid",
        "Previous bill   $61.20\nPayment received 04/02/2026 – thank you   -$61.20\nBalance forward   $0.00",
    ],
)
def test_what_was_paid_of_something_else_is_none_of_this_bill(line: str) -> None:
    bill = f"INVOICE\n\nInvoice no.   17\n{line}\n\nTotal   £500.00"
    assert extract(PAID, [shown(bill)]).payment_status == "none"
