"""What commands print: logs of git, summaries of tests, counts, prompts, options and columns."""

import pytest

from inference.reader import wording
from tests.inference.reader.pages import ask

GIT = """
nadia@lark:~/atlas$ git push origin release/2.9
To gitlab.orchard.example:maps/atlas.git
 ! [rejected]   release/2.9 -> release/2.9 (non-fast-forward)
nadia@lark:~/atlas$ git log --oneline -3
e41b7d0 (HEAD -> release/2.9) Round tile sizes to powers of two
92ac5f3 Cache tile index on disk
0bd8e12 Drop Python 3.8
"""
TESTS = """
============ test session starts ============
platform linux -- Python 3.11.8, pytest-8.1.1
collected 48 items
FAILED tests/test_interest.py::test_leap_year - AssertionError: 1 != 2
======= 1 failed, 46 passed, 1 skipped in 3.82s =======
"""
DATABASE = """
psql (16.2, server 15.6) -- type "help" for help, "quit" to leave; SSL connection (TLSv1.3)
orders=# SELECT count(*) FROM shipment WHERE delivered IS NULL;
 count
-------
  1386
(1 row)
"""
PODS = """
$ kubectl get pods
NAME                       READY   STATUS             RESTARTS   AGE
cart-6d5c8f7b9-mq2xl       1/1     Running            0          4d2h
pricing-7f9b66c4d5-8tknp   0/1     CrashLoopBackOff   14         52m
"""
JOBS = """
Pipeline #48213   failed
Job           Status    Time
ruff          passed    0m 18s
integration   failed    5m 21s
"""
REFUSED = """
$ ssh deploy@203.0.113.77 -p 2222
Offending ED25519 key in /home/ivy/.ssh/known_hosts:12
Host key verification failed.
"""
SERVICE = """
root@gate:~# systemctl status wg
     Active: failed (Result: exit-code) since Tue 2026-03-17 07:41:12 CET; 9min ago
    Process: 4417 ExecStart=/opt/wgui/wgui --listen :5000 (code=exited, status=203/EXEC)
"""
MOUNTED = """
moni@turm:~$ df -h
Dateisystem   Größe   Benutzt   Verf.   Verw%   Eingehängt auf
/dev/sda2     117G    98G       13G     89%     /
/dev/sdb1     1,8T    1,1T      650G    63%     /daten
"""
COMPOSED = """
api-1 | 2025-10-07T06:12:37Z ERROR could not connect to the database
api-1 | 2025-10-07T06:13:29Z FATAL giving up after 5 retries
"""


@pytest.mark.parametrize(
    ("page", "question", "value"),
    [
        (GIT, "What is the commit message of 92ac5f3?", "Cache tile index on disk"),
        (GIT, "what's the hash of the latest commit", "e41b7d0"),
        (GIT, "quel est le dépôt distant ?", "gitlab.orchard.example:maps/atlas.git"),
        (GIT, "Which directory is she in?", "~/atlas"),
        (TESTS, "How many tests passed?", "46"),
        (TESTS, "Combien de tests ont été ignorés ?", "1"),
        (TESTS, "Which Python version was used?", "3.11.8"),
        (TESTS, "Wie lange lief die Testsuite?", "3.82s"),
        (DATABASE, "How many shipments are there?", "1386"),
        (DATABASE, "what's the name of the database?", "orders"),
        (PODS, "How old is the pod cart-6d5c8f7b9-mq2xl?", "4d2h"),
        (JOBS, "Which job failed?", "integration"),
        (REFUSED, "Als welcher Benutzer wird verbunden?", "deploy"),
        (REFUSED, "¿Qué puerto se usa para ssh?", "2222"),
        (SERVICE, "Auf welchem Port soll der Dienst lauschen?", "5000"),
        (SERVICE, "Quel est le statut de sortie ?", "203/EXEC"),
        (MOUNTED, "how much space is left on the root partition?", "13G"),
        (MOUNTED, "/daten 有多满？", "63%"),
        (COMPOSED, "启动失败前重试了几次？", "5"),
    ],
)
def test_what_a_command_printed_is_told(page: str, question: str, value: str) -> None:
    assert f"**{value}" in ask(question, page).replace("\\", "")


@pytest.mark.parametrize(
    ("page", "question"),
    [(PODS, "Which node does it run on?"), (GIT, "Who reviewed the merge request?"), (JOBS, "Which host failed?")],
)
def test_what_no_line_speaks_of_is_not_made_up(page: str, question: str) -> None:
    assert ask(question, page).startswith(wording.NOT_FOUND)


PRINTER = """
LaserPro M451 - Device Status
Status: Attention required
Message: Fuser unit near end of life
Cyan cartridge: 8 %
Serial number: VNC3R04417
Firmware: 20240911
IP address: 10.20.4.61
"""
SETUP = """
Setup - Kontor 2026
Zielordner: D:\\Programme\\Kontor
Benötigter Speicherplatz: 1,3 GB
Installation ... 38 %
Verbleibende Zeit: 4 Minuten
Abbrechen
"""


@pytest.mark.parametrize(
    ("page", "question", "value"),
    [
        (PRINTER, "What's wrong with the printer?", "Fuser unit near end of life"),
        (PRINTER, "打印机出了什么问题？", "Fuser unit near end of life"),
        (SETUP, "Wie weit ist die Installation?", "38 %"),
        (SETUP, "how much space does it need?", "1,3 GB"),
        (SETUP, "¿Cuánto tiempo falta?", "4 Minuten"),
    ],
)
def test_devices_and_installers_are_read_as_screens(page: str, question: str, value: str) -> None:
    assert value in ask(question, page).replace("\\", "")
