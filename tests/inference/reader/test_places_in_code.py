"""Where in code something went wrong, as stacks of calls, compilers and linters of many languages tell."""

import pytest

from inference.reader import wording
from tests.inference.reader.pages import ask

JAVA = """
2026-01-19 03:12:55.604 ERROR 1 --- [nio-8080-exec-7] c.n.billing.InvoiceController : Could not render invoice 88213
java.lang.IllegalStateException: Template 'reminder_de' not found
    at java.base/java.util.Objects.requireNonNull(Objects.java:259)
    at com.northpier.render.TemplateStore.load(TemplateStore.java:91)
    at com.northpier.billing.InvoiceController.show(InvoiceController.java:133)
Caused by: java.nio.file.NoSuchFileException: /var/templates/reminder_de.ftl
"""
PYTHON = """
Traceback (most recent call last):
  File "/opt/meter/poll.py", line 212, in <module>
    main()
  File "/opt/meter/client.py", line 64, in fetch
    raise MeterOffline(f"meter {meter_id} did not answer within {self.timeout}s")
client.MeterOffline: meter MK-2207 did not answer within 8s
"""
NODE = """
TypeError: Cannot read properties of undefined (reading 'reduce')
    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)
    at summarize (/app/src/routes/orders.js:27:31)
"""
DOTNET = """
Unbehandelte Ausnahme: System.FormatException: Die Eingabezeichenfolge hat das falsche Format.
   bei System.Decimal.Parse(String s)
   bei Kiosk.Import.Preise.Lesen(String zeile) in C:\\src\\Kiosk\\Preise.cs:Zeile 39.
"""
RUST = """
error[E0382]: borrow of moved value: `stations`
  --> src/report.rs:58:22
warning: unused import: `std::collections::BTreeMap`
 --> src/main.rs:4:5
"""
GO = """
--- FAIL: TestReconnect (5.01s)
        client_test.go:118: timed out waiting for handshake
panic: runtime error: index out of range [4] with length 4
example.org/relay/router.(*Table).Lookup(0xc000112000, {0x5f2a31, 0x9}, {0x5f2a44, 0x12, 0x400})
        /src/relay/router/table.go:73 +0x1d4
"""
PHP = """
PHP Fatal error:  Uncaught TypeError: Tarif::calculer(): Argument #1 must be of type float
#0 /var/www/colis/devis.php(47): Tarif->calculer('deux')
  thrown in /var/www/colis/src/Tarif.php on line 15
"""
LINT = """
/home/jo/kiosk/src/Cart.tsx
  14:7   error   'discount' is assigned a value but never used   no-unused-vars
/home/jo/kiosk/src/api.ts
  8:1   error   Import in body of module; reorder to top   import/first
"""


@pytest.mark.parametrize(
    ("page", "question", "value"),
    [
        (JAVA, "Which line of TemplateStore.java threw it?", "91"),
        (JAVA, "Dans quelle classe l'exception est-elle levée ?", "TemplateStore"),
        (JAVA, "Which file does not exist?", "/var/templates/reminder_de.ftl"),
        (JAVA, "when did the error happen?", "2026-01-19 03:12:55"),
        (PYTHON, "In which function was the exception raised?", "fetch"),
        (PYTHON, "¿En qué archivo y línea está el error?", "/opt/meter/client.py:64"),
        (PYTHON, "Which script was run?", "/opt/meter/poll.py"),
        (NODE, "In welcher Funktion ist es abgestürzt?", "summarize"),
        (NODE, "错误发生在哪个文件？", "/app/src/routes/orders.js"),
        (DOTNET, "In welcher Methode ist der Fehler aufgetreten?", "Kiosk.Import.Preise.Lesen"),
        (DOTNET, "Which line is it?", "39"),
        (RUST, "Where exactly is the error?", "src/report.rs:58:22"),
        (RUST, "In welcher Datei steht der ungenutzte Import?", "src/main.rs"),
        (GO, "Wo trat die Panik auf?", "/src/relay/router/table.go:73"),
        (GO, "what did the panic say?", "index out of range"),
        (PHP, "In welcher Datei und Zeile ist der Fehler?", "/var/www/colis/devis.php:47"),
        (PHP, "À quelle ligne de Tarif.php ?", "15"),
        (LINT, "In which file is the import error?", "/home/jo/kiosk/src/api.ts"),
        (LINT, "which variable is never used?", "discount"),
    ],
)
def test_the_place_is_told_that_belongs_to_the_message(page: str, question: str, value: str) -> None:
    said = ask(question, page).replace("\\", "").split("— “")[0]
    assert value.replace("\\", "") in said


@pytest.mark.parametrize("question", ["Which branch is it on?", "Quel utilisateur a lancé le programme ?"])
def test_a_stack_tells_nothing_of_branches_and_users(question: str) -> None:
    assert ask(question, PYTHON).startswith(wording.NOT_FOUND)
