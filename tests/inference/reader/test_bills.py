"""Bills for power, water, gas and telephones, for hire and for work: what people ask of them in their own words."""

import pytest

from inference.reader.answers import answer
from inference.reader.wording import NOT_FOUND
from tests.inference.reader.pages import shown

POWER = """Brightwater Power
Electricity statement                         Account no. 55 201 8837
Mrs P Ashdown                                 Statement no. S-104482
9 Quay Lane                                   Date of issue 3 March 2026
Falmouth TR11 3XA                             Billing period 1 Dec 2025 to 28 Feb 2026

Meter readings
Meter            Previous      Current      Used (kWh)     Type
L72 4410 day     31,204        32,116       912            actual
L72 4410 night   14,002        14,370       368            estimated

Your charges
Day units        912 kWh at 27.40p            £249.89
Night units      368 kWh at 12.10p            £44.53
Standing charge  90 days at 58.00p            £52.20
Subtotal                                      £346.62
VAT at 5%                                     £17.33
Total charges                                 £363.95
Previous balance                              £20.00
Payments received                             -£20.00
Please pay £363.95 by 24 March 2026
Sort code 20-11-44   Account 88120034   Harbour Bank plc
In a power cut ring 105. Questions about your bill? 0800 555 0142"""

WATER = """Wasserwerke Mühltal
Zweckverband Trinkwasser                Servicenummer 06151 555 200
Frau Hannelore Kessler                  Entstörungsdienst (24h) 06151 555 911
Lindenweg 7
64367 Mühltal
Jahresrechnung Wasser 2025
Kundennummer      Rechnungsnummer      Rechnungsdatum      Verbrauchsstelle
4471-902          WR-2025-33871        14.01.2026          Lindenweg 7

Zähler-Nr.        Zählerstand alt      Zählerstand neu      Verbrauch
8 WZ 551 203      1.482                1.611                129 m³

Leistung                     Menge        Preis         Betrag
Trinkwasser                  129 m³       2,15 €        277,35 €
Schmutzwasser                129 m³       2,80 €        361,20 €
Niederschlagswasser          85 m²        0,62 €        52,70 €
Grundgebühr                  12 Monate    6,50 €        78,00 €
Nettobetrag                                             769,25 €
Umsatzsteuer 7 %                                        24,87 €
Gesamtbetrag                                            794,12 €
abzgl. gezahlte Abschläge                               -720,00 €
Nachforderung                                           74,12 €

Der Betrag wird am 02.02.2026 von Ihrem Konto abgebucht.
Neuer Abschlag ab März: 66,00 € monatlich, jeweils zum 1. des Monats.
Volksbank Odenwald IBAN DE55 5089 0000 0001 2345 67"""

GAS = """GAZ DU LITTORAL
Service clients : 09 69 55 01 40
Urgence gaz 24h/24 : 0 800 55 01 33
Monsieur Étienne Cazal
18 rue des Embruns
56100 Lorient
Votre facture de gaz naturel                   N° de facture : 2026-GL-40917
Du 14/11/2025 au 13/01/2026                    Éditée le 20 janvier 2026
Référence client : 7 118 204                   Point de livraison : 21 418 006 552 310

Relevé            Ancien index      Nouvel index      Conso (m³)      Coefficient      kWh
Compteur 0447     6 210             6 498             288             11,20            3 226

Abonnement (2 mois)                                    21,60 €
Consommation 3 226 kWh x 0,0842                        271,63 €
Contribution tarifaire d'acheminement                  4,12 €
Total hors TVA                                         297,35 €
TVA à 5,5 %                                            1,41 €
TVA à 20 %                                             54,33 €
Total TTC                                              353,09 €
Montant prélevé le 4 février 2026                      353,09 €
Prochain relevé vers le 15 mars 2026
Banque Armor - IBAN FR76 1558 9351 0007 1122 3344 518"""

LUZ = """Energía Sierra Norte, S.A.
Factura de electricidad
Titular: Rosario Villalba Peña                  Nº factura: ESN-26-008714
Dirección de suministro: C/ Alfareros 22, 3º B, 37002 Salamanca
CUPS: ES0021 0000 0441 8827 QW                   Fecha de emisión: 09/02/2026
Periodo de facturación: 05/01/2026 - 04/02/2026  Fecha de cargo: 16/02/2026

Lectura anterior (real)        22.817 kWh
Lectura actual (real)          23.064 kWh
Consumo en el periodo          247 kWh

Término de potencia    3,45 kW x 31 días x 0,104 €      11,12 €
Término de energía     247 kWh x 0,1472 €               36,36 €
Impuesto eléctrico 5,11 %                                2,43 €
Alquiler del contador                                    0,83 €
Descuento bono social                                   -9,09 €
Base imponible                                          41,65 €
IVA 21 %                                                 8,75 €
TOTAL IMPORTE FACTURA                                   50,40 €

Forma de pago: domiciliación bancaria
IBAN: ES12 2104 **** **** **** 4418
Atención al cliente: 900 555 014      Averías: 900 555 099"""

PHONE = """海城联通通信有限公司
电信服务账单
客户名称：海城云帆物流有限公司              账单编号：HC20260500871
客户编号：8800231                          账单日期：2026年6月3日
计费周期：2026年5月1日至5月31日             缴费截止日期：2026年6月20日

号码              使用人      套餐费      通话费      流量费      小计
138 0000 2201     调度室      59.00       12.40       0.00        71.40
138 0000 2202     周敏        59.00       3.10        20.00       82.10
138 0000 2203     三号货车    29.00       0.00        5.00        34.00

费用小计                                              187.50
优惠减免                                              -10.00
增值税（6%）                                          10.65
本期应缴                                              188.15
上期结余                                              0.00
收款账户：海城联通通信有限公司
开户行：海城商业银行滨江支行    账号：6217 0023 1188 4420
客服热线：10010"""

HIRE = """DRUMMOND PLANT HIRE
The Old Depot, Leith EH6 7AA · Tel. 0131 555 0170
Ms Isla Baird, Accounts                                   INVOICE 40877
Fairweather Builders Ltd                                  11 May 2026
3 Tower Street                                            Your order: FB/2291
Edinburgh EH6 7BY                                         Terms: 30 days net

Mini digger 1.5 t, 5 days at £95.00                       £475.00
Delivery and collection                                   £80.00
Diesel, 42 litres                                         £63.00
Damage waiver 10 %                                        £47.50
VAT 20 %                                                  £133.10
Amount payable                                            £798.60

Please transfer the sum to Firth Bank, account 20771833, sort code 83-06-11, quoting DPH 40877.
If you have any questions ask for Callum Reid on extension 14.
Moira Drummond
Director"""

DESIGN = """Juniper Lane Studio                                       Invoice
Design & Illustration                                     No. 0284

ISSUED              CLIENT                        PROJECT
August 18, 2025     Copper Kettle Coffee Inc.     Holiday packaging
                    attn. Priya Nair

Concept sketches            3 × $150.00          $450.00
Label artwork               5 × $220.00          $1,100.00
Press check on site         flat                 $175.00
Subtotal                                         $1,725.00
Rush fee                                         $100.00
Loyalty discount                                 -$125.00
Total                                            $1,700.00
Deposit received July 30                         -$500.00
Balance due                                      $1,200.00

Due on receipt. Checks payable to Juniper Lane Studio LLC.
Juniper Lane Studio · 12 Mill Race, Unit B, Portland ME 04101 · hello@juniperlane.example"""

TREES = """Pell & Daughter Tree Care
Yard 3, Cold Ash RG18 9HN
01635 555 0190    office@pelltrees.example
Bill to                       Invoice no.     PT-881
Mr Alan Frew                  Invoice date    2 April 2026
The Gables, Hermitage         Due date        16 April 2026
RG18 9RS                      VAT reg.        GB 441 2207 18
INVOICE
Description                              Qty      Unit price     Amount
Crown reduction, copper beech            1        £420.00        £420.00
Stump grinding                           2        £75.00         £150.00
Chippings removed (loads)                3        £40.00         £120.00
Net                                                              £690.00
VAT 20%                                                          £138.00
Total                                                            £828.00
Bank details: Kennet Bank Sort code 30-22-18 Account no. 11904472 Reference PT-881"""

PROPERTY = """翠湖花园物业服务中心
物业费缴费通知单
业主：陈国华                 房号：7栋1203室
建筑面积：96.5平方米          收费期间：2026年1月至2026年6月
通知日期：2026年1月8日        缴费截止：2026年1月31日

项目              单价              数量          金额（元）
物业服务费        2.80元/㎡·月      6个月         1621.20
公摊水电费        30.00元/月        6个月         180.00
垃圾清运费        8.00元/月         6个月         48.00
车位管理费        120.00元/月       6个月         720.00
合计                                              2569.20
大写：贰仟伍佰陆拾玖元贰角整
逾期按日加收0.3‰滞纳金。
户名：翠湖物业管理有限公司   开户行：江城银行翠湖支行   账号：3301 0400 5678 9012
服务电话：027-5550 6677     经办人：吴丽"""

CREDIT = """Papeterie Lemercier
22 quai des Brumes, 67000 Strasbourg
AVOIR N° AV-2026-041                                Date : 03/06/2026
Relatif à la facture n° F-2026-1190 du 18/05/2026
Client : Cabinet Duvernoy                           Code client : C0772

Réf.       Désignation                  Qté     PU HT      Montant HT
P-3310     Ramettes A4 (retour)         5       4,20       21,00
C-1180     Classeurs défectueux         12      2,90       34,80
Total HT                                                   55,80 €
TVA 20 %                                                   11,16 €
Montant de l'avoir TTC                                     66,96 €
Motif : livraison non conforme
Ce montant sera déduit de votre prochaine facture."""

CRAFT = """Elektro Pfannenstiel · Meisterbetrieb
Gartenweg 3 · 99423 Weimar · Tel. 03643 555 18
Steuer-Nr. 162/244/01931

Familie Ruhland
Steubenstr. 20
99423 Weimar

Rechnung Nr. 2026-0417                               Weimar, den 05.05.2026
Ausgeführt am 28.04.2026: Wallbox und Zuleitung
Monteur: Tobias Kern

Pos.  Leistung                          Menge     Einheit   EP        GP
1     Wallbox 11 kW inkl. Halterung     1         Stk       689,00    689,00
2     Erdkabel NYY-J 5x6                18        m         7,40      133,20
3     FI-Schutzschalter Typ B           1         Stk       312,00    312,00
4     Arbeitszeit Geselle               6,5       Std       58,00     377,00
5     Anfahrtspauschale                 1         psch      35,00     35,00
Summe netto                                                           1.546,20
MwSt 19 %                                                             293,78
Rechnungsbetrag                                                       1.839,98
Enthaltene Lohnkosten brutto: 490,28 EUR
Zahlbar bis 19.05.2026 ohne Abzug.
Sparkasse Mittelthüringen  IBAN DE85 8205 1000 0163 0412 77  BIC HELADEF1WEM
Gewährleistung: 2 Jahre"""

DENTIST = """Harbour Lane Dental Practice
18 Harbour Lane, Poole BH15 4TT      Reception 01202 555 013
Patient: Master Theo Winslade        DOB 14/02/2015
Dentist: Dr Priyanka Rao             Plan: Private
Invoice 10932                        Date of visit 6 May 2026

Treatment                            Tooth     Fee
Examination                          -         £48.00
X-ray, two films                     -         £26.00
White filling                        36        £125.00
Fluoride varnish                     all       £22.00
Total                                          £221.00
Paid by card 6 May 2026 (Visa **** 7719)       £121.00
Outstanding                                    £100.00
Next appointment: 11 November 2026, 3.40 pm"""

ENERGY = """PRAIRIE GAS & ELECTRIC
Statement for: HOLLIS T BARANSKI              Account #  3310-77-5521
Service address: 914 W MAPLE ST, OMAHA NE     Statement date  01/12/2026
                                              Due date        02/02/2026

Previous balance                                     $141.08
Payment received 12/30/2025 - Thank you              -$141.08
Balance forward                                      $0.00
Gas charges                                          $88.40
Electric charges                                     $61.27
Total amount due                                     $149.67

Gas meter 55120 - actual      Prior 4,410   Current 4,502   Therms 92
Electric meter 88021 - est.   Prior 20,117   Current 20,588   kWh 471

After 02/02/2026 a late charge of 1.5% applies: pay $151.92
Report a gas leak: 1-800-555-0111. Power outage: 1-800-555-0122. Billing: 1-800-555-0133
Auto pay is scheduled for 01/30/2026."""

RENT = """Inmobiliaria Los Olmos
Recibo de alquiler - junio 2026                 Recibo nº 2026/06-31
Arrendador: Fermín Olmos Díaz                   Arrendataria: Aitana Robledo Cruz
Vivienda: C/ San Blas 18, 2º izda., Toledo      Fecha: 01/06/2026

Renta mensual                                   640,00 €
Comunidad                                       35,00 €
Agua (lectura 412 m³ - 421 m³)                  14,85 €
Basuras                                         6,20 €
Total recibo                                    696,05 €
Pagado el 04/06/2026 por transferencia.
Fianza depositada: 1.280,00 €
La renta se actualizará el 1 de enero de 2027."""

REMINDER = """Holzhandel Brettschneider KG
Sägemühle 5, 87435 Kempten
Schreinerei Immler                                   Kempten, 12.08.2026
Herrn Anton Immler
2. Mahnung zur Rechnung 7714 vom 22.05.2026
Sehr geehrter Herr Immler,
leider haben wir zu unserer Rechnung noch keinen Zahlungseingang feststellen können.
Rechnungsbetrag                           1.284,50 EUR
Teilzahlung vom 30.06.2026                -300,00 EUR
Mahngebühr                                10,00 EUR
Verzugszinsen 9,2 %                       14,21 EUR
Offener Gesamtbetrag                      1.008,71 EUR
Bitte überweisen Sie bis spätestens 26.08.2026 auf IBAN DE17 7336 9920 0000 5512 08.
Andernfalls übergeben wir die Sache unserem Anwalt.
Mit freundlichen Grüßen
Maria Brettschneider, Buchhaltung"""

SHARES = """CABINET LEROUX SYNDIC                              Rouen, le 2 janvier 2026
APPEL DE FONDS - 1er trimestre 2026
Copropriété Les Glycines, 12 rue Jeanne d'Arc      M. et Mme Paul Delattre
Lot n° 14 (appartement) - Tantièmes : 312/10000    12 rue Jeanne d'Arc
Référence copropriétaire : 00412-14                76000 Rouen

Poste                              Budget total      Votre part
Charges générales                  9 400,00          293,28
Ascenseur                          1 850,00          81,40
Chauffage collectif                6 120,00          204,75
Fonds de travaux                   2 000,00          62,40
Total à payer avant le 15 janvier 2026                641,83 €
Solde antérieur                                       0,00 €
Paiement par virement en rappelant votre référence. IBAN FR76 3004 8100 0200 0567 1234 589
Gestionnaire : Mme Claire Auvray - 02 35 55 01 62 - c.auvray@leroux-syndic.example"""

FAPIAO = """江南省增值税电子普通发票
发票代码：032002600111          开票日期：2026年04月18日
发票号码：20417733              校验码：55120 77310 42208 91167
购买方名称：苏南晨光文化传播有限公司
纳税人识别号：91320500MA1XQ0K83P
货物或应税劳务名称     规格型号     单位     数量     单价        金额        税率     税额
*办公用品*碎纸机       S-12         台       2        780.00      1560.00     13%      202.80
*纸制品*复印纸         A4/70g       箱       10       115.00      1150.00     13%      149.50
*服务*上门安装                      次       1        200.00      200.00      6%       12.00
合计                                                              2910.00              364.30
价税合计（大写）叁仟贰佰柒拾肆元叁角整          （小写）¥3274.30
销售方名称：苏州博文办公设备有限公司
纳税人识别号：91320508798612440X
地址、电话：苏州市干将路88号 0512-5550 8821
开户行及账号：苏州商业银行干将支行 3250 1988 0000 1122
收款人：顾晓  复核：沈立  开票人：许静"""


@pytest.mark.parametrize(
    ("page", "question", "expected"),
    [
        (POWER, "By when does this bill have to be paid?", "24 March 2026"),
        (POWER, "Wann ist die Stromrechnung fällig?", "24 March 2026"),
        (POWER, "current reading of the night meter", "14,370"),
        (POWER, "What was the last day reading?", "31,204"),
        (POWER, "how many kWh did we use at night", "368"),
        (POWER, "What is the sort code?", "20-11-44"),
        (POWER, "Wie hoch ist der Grundpreis?", "£52.20"),
        (WATER, "Wie viel müssen wir nachzahlen?", "74,12 €"),
        (WATER, "How much extra do we have to pay?", "74,12 €"),
        (WATER, "Combien de m³ ont été consommés ?", "129"),
        (WATER, "How many cubic metres of water did they use?", "129"),
        (WATER, "What does the waste water come to?", "361,20 €"),
        (WATER, "When will the money be taken from the account?", "02.02.2026"),
        (WATER, "Wie hoch ist der neue Abschlag?", "66,00 €"),
        (WATER, "alter Stand des Zählers", "1.482"),
        (GAS, "Quel numéro appeler en cas de fuite de gaz ?", "0 800 55 01 33"),
        (GAS, "When will the meter be read next?", "15 mars 2026"),
        (GAS, "Wie viele Kubikmeter Gas wurden verbraucht?", "288"),
        (GAS, "Combien de kWh consommés ?", "3 226"),
        (GAS, "Montant de la TVA à 20 % ?", "54,33 €"),
        (LUZ, "When will it be charged to the account?", "16/02/2026"),
        (LUZ, "¿A qué número llamo si se va la luz?", "900 555 099"),
        (LUZ, "What's the meter rental?", "0,83 €"),
        (LUZ, "periodo facturado", "05/01/2026"),
        (LUZ, "What is the previous meter reading?", "22.817"),
        (PHONE, "这张电话账单总共多少钱？", "188.15"),
        (PHONE, "What's the total of this phone bill?", "188.15"),
        (HIRE, "How much do we owe Drummond?", "£798.60"),
        (HIRE, "What is the amount payable to Drummond Plant Hire?", "£798.60"),
        (HIRE, "Welchen Verwendungszweck muss ich angeben?", "DPH 40877"),
        (HIRE, "what do I quote when paying", "DPH 40877"),
        (HIRE, "转账时备注什么？", "DPH 40877"),
        (HIRE, "daily rate of the digger?", "£95.00"),
        (DESIGN, "What's the final total after the discount?", "$1,700.00"),
        (DESIGN, "Gesamtbetrag nach Rabatt?", "$1,700.00"),
        (DESIGN, "优惠后的总价是多少？", "$1,700.00"),
        (DESIGN, "price per sketch", "$150.00"),
        (TREES, "what is the total on this invoice?", "£828.00"),
        (TREES, "Total dieser Rechnung?", "£828.00"),
        (TREES, "what does the invoice add up to?", "£828.00"),
        (TREES, "what's the number on this invoice?", "PT-881"),
        (TREES, "date on this invoice?", "2 April 2026"),
        (PROPERTY, "物业费一共多少钱？", "2569.20"),
        (PROPERTY, "By when must it be paid?", "2026年1月31日"),
        (PROPERTY, "滞纳金比例是多少？", "0.3‰"),
        (CREDIT, "numéro de l'avoir", "AV-2026-041"),
        (CREDIT, "Which invoice does the credit note refer to?", "F-2026-1190"),
        (CREDIT, "Wie hoch ist die Gutschrift?", "66,96 €"),
        (CRAFT, "Wie hoch ist der Stundensatz?", "58,00"),
        (CRAFT, "hourly rate", "58,00"),
        (CRAFT, "When was the work done?", "28.04.2026"),
        (CRAFT, "call-out charge?", "35,00"),
        (CRAFT, "Was kostet ein Meter Erdkabel?", "7,40"),
        (DENTIST, "how much is still outstanding?", "£100.00"),
        (ENERGY, "gas charges?", "$88.40"),
        (ENERGY, "who do I call about an outage", "1-800-555-0122"),
        (ENERGY, "billing phone", "1-800-555-0133"),
        (ENERGY, "What is the service address?", "914 W MAPLE ST"),
        (ENERGY, "autopay date", "01/30/2026"),
        (ENERGY, "prior gas reading?", "4,410"),
        (ENERGY, "current reading electric meter", "20,588"),
        (RENT, "garbage fee", "6,20 €"),
        (RENT, "¿Cuándo se pagó?", "04/06/2026"),
        (RENT, "¿Qué mes es?", "junio 2026"),
        (REMINDER, "How much was the part payment?", "-300,00 EUR"),
        (REMINDER, "Wie hoch sind die Verzugszinsen?", "14,21 EUR"),
        (SHARES, "total à payer ?", "641,83 €"),
        (SHARES, "How much is our share of the lift?", "81,40"),
        (FAPIAO, "发票代码？", "032002600111"),
    ],
)
def test_a_bill_answers(page: str, question: str, expected: str) -> None:
    assert answer([question], [shown(page)]).startswith(f"**{expected}")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (POWER, "What is the gas consumption?"),
        (LUZ, "¿Cuánto gas se ha consumido?"),
        (WATER, "Wer hat den Zähler abgelesen?"),
        (GAS, "Quel est le numéro de commande ?"),
        (DESIGN, "What's the sales tax?"),
        (PROPERTY, "电梯费是多少？"),
        (PHONE, "快递单号是多少？"),
        ("33659 Bielefeld      Lieferdatum      08.06.2026", "Wie lautet die Lieferscheinnummer?"),
    ],
)
def test_a_bill_that_does_not_say_it(page: str, question: str) -> None:
    assert answer([question], [shown(page)]).startswith(NOT_FOUND)


def test_what_is_left_of_a_bill_paid_in_part_is_not_paid() -> None:
    assert answer(["Is it paid?"], [shown(DENTIST)]).startswith("Not paid")
