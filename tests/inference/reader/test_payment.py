"""Whether a page says that it has been paid."""

import pytest

from inference.reader.payment import payment_status
from inference.reader.questions import parse
from tests.inference.reader.pages import sheet

INVOICE = """
Northwind Traders Ltd                         INVOICE
Invoice no.      4711        Date    3 October 2026
Olive oil            12      34.50        414.00
Subtotal                                  414.00
VAT 20%                                    82.80
Total                                     496.80
"""

PAID = [
    "Coche 5      Plaza 9C\nForma de pago: Bizum",
    "Mastercard ending 2208",
    "Carte bancaire ****4406, transaction acceptée",
    "Zurück      3,20",
    "KARTENZAHLUNG      GENEHMIGT",
    "Maestro      * * * * 8841",
    "Authorisation code 118204",
    "实付      64.50",
    "Points balance      310\nCash      50.00\nChange      3.20",
    "Balance due      -12.50",
    "Votre cotisation a bien été réglée par chèque le 4 juin 2026.Votre carte suivra par la poste.",
    "Your premium was collected by direct debit on 3 June 2026.",
    "Ihr Beitrag wurde am 3. Juni von Ihrem Konto abgebucht.",
    "Nous avons bien encaissé votre chèque de 84,00 €.",
    "La cuota se cargó en su cuenta el 3 de junio.",
    "您的年费已于6月3日从您的账户扣除。",
    "Invoice 10444 has thereby been paid in full and nothing remains open.",
    "BALANCE DUE      29.23\nCash tendered      30.00\nChange      0.77",
    "PAID",
    "PAID IN FULL",
    "Paid 03/10/2026",
    "Status: Paid",
    "Payment status      Paid",
    "Paid by credit card on 4 October 2026",
    "Paid with Visa ****4242",
    "Amount due       £0.00",
    "Balance due      0.00",
    "Outstanding balance: $0.00",
    "Amount paid      £496.80",
    "This invoice has been paid. Thank you!",
    "Payment received on 4 October 2026. Thank you for your business.",
    "We confirm that your payment has been received.",
    "Received with thanks.",
    "Your card ending in 4242 was charged £496.80.",
    "BEZAHLT",
    "Bezahlt am 05.10.2026",
    "Betrag dankend erhalten",
    "Die Rechnung wurde am 5. Oktober 2026 per Überweisung bezahlt.",
    "Der Betrag wurde bereits von Ihrem Konto abgebucht.",
    "Zahlungsstatus: bezahlt",
    "Offener Betrag       0,00 €",
    "Restbetrag: 0,00 EUR",
    "Vielen Dank für Ihre Zahlung!",
    "ACQUITTÉE",
    "PAYÉ",
    "Payée le 5 octobre 2026",
    "Facture acquittée par virement le 05/10/2026",
    "Nous avons bien reçu votre règlement.",
    "Cette facture a été réglée par carte bancaire.",
    "Reste à payer     0,00 €",
    "PAGADO",
    "PAGADA",
    "Pagado el 5 de octubre de 2026",
    "Esta factura ha sido abonada en su totalidad.",
    "Hemos recibido su pago. Gracias.",
    "Saldo pendiente: 0,00 €",
    "已付款",
    "付讫",
    "付款状态：已支付",
    "本发票已于2026年10月5日付清。",
    "Cash          500.00\nChange          3.20",
    "Espèces       500,00\nRendu           3,20",
    "BAR          500,00\nRückgeld       3,20",
    "Efectivo     500,00\nCambio         3,20",
    "现金          500.00\n找零            3.20",
    "微信支付      496.80",
    "Mastercard **** 1881      496.80",
]

UNPAID = [
    "物业费催缴通知",
    "本期状态：未缴",
    "货款月结，本月未结",
    "Please pay at the counter. This is not a receipt.",
    "Zwischenrechnung: bitte an der Kasse bezahlen.",
    "Merci de payer au comptoir. Cette note ne vaut pas reçu.",
    "Por favor, pague en la barra.",
    "预结单\n请至前台买单",
    "VENTA A CRÉDITO",
    "Payable on collection      32.00",
    "Your direct debit was returned unpaid by your bank.",
    "扣款失败，请尽快缴费。",
    "According to our books the sum of 588.82 has not reached us so far.",
    "This invoice is overdue, please pay at once.",
    "Unsere Rechnung ist bis heute nicht bezahlt.",
    "Salvo error por nuestra parte, la factura no ha sido pagada todavía.",
    "该款项已逾期，请尽快支付。",
    "UNPAID",
    "OVERDUE",
    "PAST DUE",
    "Status: Unpaid",
    "Payment status: open",
    "Status      Overdue",
    "NOT PAID",
    "PAYMENT REMINDER",
    "FINAL NOTICE",
    "This invoice is now 14 days overdue.",
    "According to our records this invoice has not been paid.",
    "We have not yet received your payment.",
    "This invoice remains unpaid.",
    "Balance due       £496.80",
    "Outstanding balance      $496.80",
    "Amount paid      £100.00\nBalance due      £396.80",
    "Deposit paid     £100.00",
    "OFFEN",
    "UNBEZAHLT",
    "Mahnung",
    "2. Mahnung",
    "Zahlungserinnerung",
    "Zahlungsstatus: offen",
    "Der Rechnungsbetrag ist noch offen.",
    "Leider konnten wir bisher keinen Zahlungseingang feststellen.",
    "Die Rechnung wurde bisher nicht bezahlt.",
    "Offener Betrag       496,80 €",
    "IMPAYÉE",
    "Facture impayée",
    "RELANCE",
    "Sauf erreur de notre part, cette facture reste impayée.",
    "Nous n'avons pas encore reçu votre règlement.",
    "Reste à payer     496,80 €",
    "Statut : en attente de paiement",
    "PENDIENTE DE PAGO",
    "IMPAGADA",
    "Recordatorio de pago",
    "La factura sigue pendiente de pago.",
    "No hemos recibido su pago.",
    "Saldo pendiente: 496,80 €",
    "未付款",
    "逾期",
    "付款状态：未支付",
    "该款项至今尚未支付。",
    "欠款金额：496.80元",
    "催款通知",
]

UNTOLD = [
    "Points balance      310",
    "We have received your application and will answer within two weeks.",
    "年费将于6月3日从您的账户扣除。",
    "",
    "Due date      2 November 2026",
    "Payment terms: 30 days net",
    "Please pay within 30 days.",
    "Payable by bank transfer to the account below.",
    "Please pay by 2 November 2026.",
    "To be paid by 2 November 2026",
    "Payment due      2 November 2026",
    "Amount due       £496.80",
    "Total due        £496.80",
    "Goods remain our property until paid in full.",
    "Late payments will be charged interest at 8%.",
    "Overdue accounts are subject to a late fee of 2% per month.",
    "If this invoice is not paid within 30 days, a late fee will be charged.",
    "If you have already paid, please disregard this letter.",
    "Payment method: bank transfer",
    "Zahlbar innerhalb von 14 Tagen ohne Abzug.",
    "Bitte überweisen Sie den Betrag bis zum 17.10.2026.",
    "Fällig am      17.10.2026",
    "Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.",
    "Bei Zahlungsverzug berechnen wir Verzugszinsen.",
    "Zu zahlen       496,80 €",
    "Wir bitten um Zahlung innerhalb von 30 Tagen.",
    "À régler avant le 2 novembre 2026",
    "Net à payer      496,80 €",
    "Règlement par virement bancaire à 30 jours.",
    "En cas de retard de paiement, une pénalité de 40 € sera appliquée.",
    "Merci de régler cette facture sous 30 jours.",
    "Total a pagar      496,80 €",
    "Forma de pago: transferencia bancaria",
    "Vencimiento: 2 de noviembre de 2026",
    "Rogamos efectúen el pago antes del 2 de noviembre.",
    "付款期限：2026年11月2日",
    "请于2026年11月2日前付款。",
    "应付金额：496.80元",
    "支付方式：银行转账",
    "Prepaid phone card      10.00",
    "Paid parking           12.00",
    "This is not a VAT receipt.",
    "Leergut zurück      -96,10\nGesamtbetrag      400.70",
]


@pytest.mark.parametrize("remark", PAID)
def test_paid(remark: str) -> None:
    assert payment_status([sheet(f"{INVOICE}\n{remark}")]).status == "yes"


@pytest.mark.parametrize("remark", UNPAID)
def test_not_paid(remark: str) -> None:
    assert payment_status([sheet(f"{INVOICE}\n{remark}")]).status == "no"


@pytest.mark.parametrize("remark", UNTOLD)
def test_no_status(remark: str) -> None:
    assert payment_status([sheet(f"{INVOICE}\n{remark}")]).status == "none"


@pytest.mark.parametrize(
    "question",
    [
        "do we still owe this?",
        "was the fee debited already?",
        "Wurde das schon überwiesen?",
        "Ist das Geld angekommen?",
        "on doit encore quelque chose ?",
        "¿nos han cobrado ya?",
        "¿está cobrado o pendiente?",
        "账结了没有？",
        "学费缴清了吗？",
        "买单了吗？",
    ],
)
def test_everyday_words_ask_whether_it_is_paid(question: str) -> None:
    assert parse(question).task == "paid"


@pytest.mark.parametrize(
    "question", ["auf welches Konto soll ich überweisen?", "How much is still owed?", "什么时候交费？", "付了多少钱？"]
)
def test_how_much_and_when_to_pay_is_another_question(question: str) -> None:
    assert parse(question).task == "find"
