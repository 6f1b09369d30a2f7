"""Questions about windows, status pages of devices, pipelines and logs: who, which of several, what to do."""

import pytest

from inference.reader import wording
from inference.reader.answers import answer
from tests.inference.reader.pages import shown

WINDOW = """
PhotoVault Sync   X
Upload stopped
"Holiday_0412.mov" is larger than the allowed 2 GB.
Choose a smaller file or upgrade your plan.
Error code: PV-2207
Details were written to C:\\PhotoVault\\sync.log
OK   Cancel
"""
LOCKED = """
Buchhaltung Plus   X
Die Datenbank ist gesperrt
Der Mandant "Müller KG" wird gerade von k.brandt auf PC-17 bearbeitet.
Bitte warten Sie oder wenden Sie sich an den Administrator.
Fehlernummer: 4012
Zeitpunkt: 03.11.2026 09:41
Wiederholen   Abbrechen
"""
PRINTER = """
Imprimante Bureau 3
État   Hors ligne
Modèle   Lumaprint 410
Numéro de série   LP410-88213
Adresse IP   192.168.4.27
Niveau d'encre noir   12 %
Pages imprimées   18 442
Micrologiciel   4.2.1
"""
PRINT_JOB = """
Cola de impresión   X
El documento no se pudo imprimir.
Impresora   Sala-2
Documento   plano_norte.pdf
Usuario   r.ibarra
Reintentar   Cancelar
"""
PIPELINE = """
Pipeline web-shop #812   main
08:02:11   Checkout of 4fd21aa
08:02:20   Install dependencies   OK
08:03:05   Lint   OK
08:03:41   Unit tests   FAILED
08:03:41   cart.spec.ts: expected 42 but got 41
08:03:42   Deploy to staging   skipped
Triggered by: l.moreau
Finished: FAILED after 1 min 31 s
"""
PODS = """
$ kubectl get pods -n billing
NAME   READY   STATUS   RESTARTS   AGE
api-7d9f   1/1   Running   0   3d
worker-5c2b   0/1   CrashLoopBackOff   17   3d
mailer-88aa   1/1   Running   1   12h
"""
BACKUP = """
2026-03-14 02:00:01 INFO  backup: starting nightly job for clinic-db
2026-03-14 02:17:48 WARN  backup: table xray_images skipped, read timeout
2026-03-14 02:41:12 INFO  backup: notification sent to dba@clinic.example
2026-03-14 02:41:12 INFO  backup: finished with errors
"""
STACK = """
Exception in thread "main" java.lang.NullPointerException: Cannot invoke "Order.getTotal()" because "order" is null
	at com.acme.shop.Checkout.sum(Checkout.java:57)
"""
UPDATE = """
Windows Update
Some updates could not be installed
KB5031455: error 0x800f0922
KB5032189: installed successfully
Last checked: today, 07:12
Retry in 30 minutes
"""


def _said(text: str, question: str) -> str:
    return answer([question], [shown(text)])


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        (WINDOW, "Which file is too big?", "Holiday_0412.mov"),
        (WINDOW, "¿Cuál es el tamaño máximo permitido?", "2 GB"),
        (WINDOW, "What's the error code in the PhotoVault box?", "PV-2207"),
        (WINDOW, "What should I do about it?", "Choose a smaller file"),
        (WINDOW, "What program shows the message?", "PhotoVault Sync"),
        (WINDOW, "Warum wurde abgebrochen?", "larger than the allowed"),
        (LOCKED, "Who has it open?", "k.brandt"),
        (LOCKED, "¿Quién tiene bloqueada la base de datos?", "k.brandt"),
        (LOCKED, "谁锁定了数据库？", "k.brandt"),
        (LOCKED, "Auf welchem Rechner wird gearbeitet?", "PC-17"),
        (LOCKED, "Wann trat der Fehler auf?", "03.11.2026 09:41"),
        (LOCKED, "error number?", "4012"),
        (LOCKED, "What is locked?", "Die Datenbank ist gesperrt"),
        (PRINTER, "What firmware does it run?", "4.2.1"),
        (PRINTER, "How much black ink is left?", "12 %"),
        (PRINTER, "打印机的序列号是多少？", "LP410-88213"),
        (PRINT_JOB, "Wer hat den Druckauftrag geschickt?", "r.ibarra"),
        (PRINT_JOB, "¿Qué archivo no se pudo imprimir?", "plano_norte.pdf"),
        (PIPELINE, "Which step failed?", "Unit tests"),
        (PIPELINE, "哪个步骤失败了？", "Unit tests"),
        (PIPELINE, "Quelle étape a été ignorée ?", "Deploy to staging"),
        (PIPELINE, "Qui a lancé le pipeline ?", "l.moreau"),
        (PIPELINE, "How long did it run?", "1 min 31 s"),
        (PIPELINE, "what's the build number", "812"),
        (PODS, "Which pod is crashing?", "worker-5c2b"),
        (PODS, "Welcher Pod läuft nicht?", "worker-5c2b"),
        (BACKUP, "Who was notified?", "dba@clinic.example"),
        (BACKUP, "Qui a été prévenu ?", "dba@clinic.example"),
        (BACKUP, "¿A quién se avisó del fallo?", "dba@clinic.example"),
        (BACKUP, "通知发给了谁？", "dba@clinic.example"),
        (STACK, "Which exception was thrown?", "java.lang.NullPointerException"),
        (STACK, "抛出了什么异常？", "java.lang.NullPointerException"),
        (UPDATE, "Which update failed?", "KB5031455"),
        (UPDATE, "Welches Update wurde installiert?", "KB5032189"),
        (UPDATE, "When will it try again?", "30 minutes"),
        (UPDATE, "When was it last checked?", "07:12"),
    ],
)
def test_screens_are_asked_in_five_languages(text: str, question: str, value: str) -> None:
    assert value in _said(text, question)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (WINDOW, "Who uploaded the file?"),
        (LOCKED, "Welche Version hat das Programm?"),
        (PIPELINE, "Who approved the release?"),
        (PRINT_JOB, "¿Quién aprobó el documento?"),
        (BACKUP, "Which user ran the backup?"),
        (PRINTER, "Quelle version de Java est installée ?"),
        (PODS, "How much memory does the worker use?"),
    ],
)
def test_what_a_screen_does_not_say_is_not_found(text: str, question: str) -> None:
    assert _said(text, question).startswith(wording.NOT_FOUND)


@pytest.mark.parametrize("question", ["What should I do?", "Was soll ich tun?", "¿Qué hay que hacer?", "怎么办？"])
def test_only_screens_tell_what_to_do(question: str) -> None:
    assert "Bitte warten Sie" in _said(LOCKED, question)
    assert "“Bitte" not in _said("Rechnung 4711\nBitte zahlen Sie bald.\nSumme   62,50", question)
