"""What people ask by name of developers' and administrators' tools: images, locks, queues, branches, signals."""

import pytest

from inference.reader import wording
from inference.reader.answers import answer, find_in
from inference.reader.questions import parse
from tests.inference.reader.pages import shown

RELEASE = """
sam@forge:~/billing (hotfix-vat)$ make release TARGET=staging
==> building image billing:4.7.2
==> Target server: app-node-11
==> applying migration 0042_add_tax_rate
ERROR: deadlock detected on table "invoices"
hint: session 51277 (user batch) holds the lock; wait until it has ended or end it yourself before another try
sam@forge:~/billing (hotfix-vat)$ tar xf dump-may.tar.xz
tar: dump-may.tar.xz: Cannot open: No such file or directory
tar: Error is not recoverable: exiting now
sam@forge:~/billing (hotfix-vat)$ uname -m
aarch64
sam@forge:~/billing (hotfix-vat)$ hostname
FORGE-2
"""
QUEUE = """
2026-02-11 07:14:02 INFO worker-3 consuming queue mail.outgoing
2026-02-11 07:14:05 WARN bucket nightly-exports not reachable, retrying in 15 s
2026-02-11 07:16:40 ERROR worker-3 killed by SIGKILL
2026-02-11 07:16:41 INFO CPU temperature: 71 °C
2026-02-11 07:16:44 INFO Coverage: 83.5%
"""
TESTS = """
$ pytest -q
FAILED tests/test_tax.py::test_rounding - AssertionError: 3 != 4
1 failed, 57 passed in 2m14s
real 2m15.204s
"""
COMPILED = """
$ gcc -c tax.c
tax.c: In function 'compute_rate':
tax.c:88:9: error: unknown type name 'rate_t'
"""
WINDOW = """
Archive console
Jobs   Settings
Error AR-5512: The tape in slot 4 is write protected. Insert another one.
Next run: tomorrow 02:00
"""
BROKEN = """
PS C:\\Users\\ines> Stop-Service -Name Drucksystem
Stop-Service : Der Dienst "Drucksystem (Drucksystem)" kann nicht angehalten werden
worden sein, da der Zugriff verweigert wurde.
In Zeile:1 Zeichen:1
PS C:\\Users\\ines>
"""
MOUNTED = """
C:\\>net use Y: \\\\filer\\plans
Systemfehler 67 aufgetreten.
C:\\>
"""

PLAYS = """
root@ctl:~# ansible-playbook site.yml
PLAY RECAP ****
mail1  : ok=12   changed=3   unreachable=0   failed=0
mail2  : ok=9    changed=1   unreachable=0   failed=1
store1 : ok=0    changed=0   unreachable=1   failed=0
root@ctl:~# git commit -m "Split VAT by rate"
[feature/split-vat 9ac41d2] Split VAT by rate
root@ctl:~# openssl x509 -noout -enddate
notAfter=Nov 14 12:00:00 2026 GMT
"""
TRAINING = """
(ml) lina@gpu4:~/vision$ python train.py --seed 17
loss: 0.0831 - accuracy: 0.9714
GPU 0 temperature 78 C, power 212 W
"""


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        (RELEASE, "Welche Version des Images wurde gebaut?", "4.7.2"),
        (RELEASE, "¿Qué sesión tiene el bloqueo?", "51277"),
        (RELEASE, "quel est le serveur cible ?", "app-node-11"),
        (RELEASE, "Welche Migration wurde ausgeführt?", "0042_add_tax_rate"),
        (RELEASE, "On est sur quelle branche ?", "hotfix-vat"),
        (RELEASE, "comment s'appelle le fichier d'archive ?", "dump-may.tar.xz"),
        (RELEASE, "Which architecture is it?", "aarch64"),
        (RELEASE, "what's the hostname?", "FORGE-2"),
        (QUEUE, "Welcher Worker wurde beendet?", "worker-3"),
        (QUEUE, "¿De qué cola se consume?", "mail.outgoing"),
        (QUEUE, "Quel bucket n'est pas joignable ?", "nightly-exports"),
        (QUEUE, "哪个信号杀死了进程？", "SIGKILL"),
        (QUEUE, "How hot is the CPU, what temperature?", "71 °C"),
        (QUEUE, "Wie hoch ist die Testabdeckung?", "83.5%"),
        (TESTS, "which test failed?", "tests/test_tax.py::test_rounding"),
        (TESTS, "How long did the tests take?", "2m14s"),
        (COMPILED, "In which function is the compile error?", "compute_rate"),
        (WINDOW, "Fehlercode?", "AR-5512"),
        (MOUNTED, "Which drive letter was used?", "Y:"),
        (PLAYS, "which host failed?", "mail2"),
        (PLAYS, "Welcher Host war nicht erreichbar?", "store1"),
        (PLAYS, "On which branch was the commit made?", "feature/split-vat"),
        (PLAYS, "What is the commit hash?", "9ac41d2"),
        (TRAINING, "Wie hoch ist die Genauigkeit?", "0.9714"),
        (TRAINING, "GPU温度多少？", "78 C"),
    ],
)
def test_tools_are_asked_by_the_names_of_what_they_print(text: str, question: str, value: str) -> None:
    found = find_in((shown(text),), parse(question))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        (RELEASE, "c'est quoi l'erreur de tar ?", "No such file"),
        (RELEASE, "What error did make give?", "deadlock detected"),
        (WINDOW, "Why did the job fail?", "write protected"),
        (BROKEN, "Why could the service not be stopped?", "Zugriff verweigert"),
    ],
)
def test_the_message_is_that_of_the_program_asked_about(text: str, question: str, said: str) -> None:
    assert said in answer([question], [shown(text)])


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (RELEASE, "Which signal killed it?"),
        (QUEUE, "Which branch is checked out?"),
        (QUEUE, "What is the serial number?"),
        (TESTS, "¿Cuál es la temperatura?"),
        (WINDOW, "What does the licence cost?"),
        (TRAINING, "What is the IP address?"),
        (QUEUE, "Which user is logged in?"),
    ],
)
def test_what_the_tools_do_not_print_is_not_found(text: str, question: str) -> None:
    assert answer([question], [shown(text)]).startswith(wording.NOT_FOUND)
