"""Questions about what tools and logs tell: figures, paths, names and causes, in five languages."""

import pytest

from inference.reader import wording
from inference.reader.answers import answer, find_in
from inference.reader.questions import parse
from tests.inference.reader.pages import shown

PING = """
ubuntu@api-3:~$ ping -c 5 db.corp.example
PING db.corp.example (10.9.8.7) 56(84) bytes of data.
64 bytes from 10.9.8.7: icmp_seq=1 ttl=61 time=12.4 ms
5 packets transmitted, 4 received, 20% packet loss, time 4006ms
rtt min/avg/max/mdev = 12.402/13.655/14.910/0.911 ms
"""
APT = """
lena@pc:~$ sudo apt-get install postgresql
The following NEW packages will be installed:
libpq5 postgresql postgresql-15 postgresql-common
0 upgraded, 4 newly installed, 0 to remove and 37 not upgraded.
Need to get 17.3 MB of archives.
After this operation, 56.4 MB of additional disk space will be used.
"""
DISKS = """
root@nas:~# df -h
Filesystem      Size  Used Avail Use% Mounted on
/dev/sda1        30G   12G   17G  42% /
/dev/sdb1       3.6T  3.1T  512G  86% /srv/media
root@nas:~# uname -r
6.8.0-45-generic
"""
PODS = """
$ kubectl get pods -n shop
NAME                       READY   STATUS             RESTARTS   AGE
cart-6d9f7c5b8-x2k4j       1/1     Running            0          3d4h
payment-7bbd4c9d66-qp9zt   0/1     CrashLoopBackOff   17         64m
"""
UNIT = """
root@nas:~# systemctl status backup
backup.service - Nightly backup
Active: failed (Result: exit-code) since Tue 2026-05-05 02:10:44 CEST; 6h ago
Main PID: 30411 (code=exited, status=23)
May 05 02:10:41 nas backup.sh[30411]: rsync: write error: Broken pipe (32)
May 05 02:10:44 nas systemd[1]: backup.service: Failed with result 'exit-code'.
root@nas:~# ss -ltnp
LISTEN 0 511 0.0.0.0:8443 0.0.0.0:* users:(("haproxy",pid=1162,fd=9))
"""
COMPILER = """
$ g++ -O2 -o sim main.cpp
main.cpp: In member function 'double Grid::at(int, int)':
main.cpp:73:12: error: 'heigth' was not declared in this scope
main.cpp:91:5: warning: unused parameter 'dt' [-Wunused-parameter]
"""
CARGO = """
$ cargo test
error[E0425]: cannot find function `tokenise` in this scope
--> src/lexer.rs:44:17
44 | let t = tokenise(input);
error: could not compile `parser` (lib test) due to previous error
"""
GERMAN_LOG = """
2026-06-01 03:00:00 INFO Starte Datensicherung auf srv-backup2
2026-06-01 03:00:02 INFO Quelle: /home/daten
2026-06-01 03:00:02 INFO Ziel: /mnt/band7/voll
2026-06-01 03:41:17 WARN 7 Dateien wurden übersprungen (gesperrt)
2026-06-01 04:02:33 INFO Übertragen: 318,6 GB in 62 min
2026-06-01 04:02:34 ERROR Prüfsumme stimmt nicht überein: kunden.sql.gz
2026-06-01 04:02:35 INFO Protokoll: /var/log/sicherung/juni.log
2026-06-01 04:02:35 ERROR Sicherung fehlgeschlagen, Rückgabewert 12
"""
SPANISH_LOG = """
[08:15:02] INFO Iniciando importación de clientes
[08:15:20] AVISO 42 registros duplicados omitidos
[08:16:44] ERROR Tiempo de espera agotado al consultar la tabla pedidos
[08:16:45] ERROR Importación cancelada
[08:16:45] INFO Registros importados: 1.877
[08:16:45] INFO Duración: 1 min 43 s
"""
CHINESE_CHECK = """
[root@hadoop1 ~]# ./check_cluster.sh
节点总数：12，在线：11，离线：1
存储已用：78.4 TB，剩余：21.6 TB
[错误] 节点 hadoop7 心跳超时，最后一次心跳 2026-04-03 11:20:31
检查完成，耗时 12.6 秒
报告已保存到 /opt/reports/0403.html
"""
JAVA = """
Exception in thread "main" java.lang.IllegalStateException: cannot start ledger
at com.acme.ledger.Boot.start(Boot.java:41)
Caused by: java.net.UnknownHostException: kafka-2.internal
at java.base/java.net.InetAddress.getAllByName(InetAddress.java:1516)
"""
POWERSHELL = """
PS C:\\Users\\nina> Remove-Item .\\alt -Recurse
Remove-Item : Der Zugriff auf den Pfad wurde verweigert.
In Zeile:1 Zeichen:1
+ Remove-Item .\\alt -Recurse
+ CategoryInfo : PermissionDenied: (lock.db:FileInfo) [Remove-Item], IOException
PS C:\\Users\\nina>
"""


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        (PING, "Wie hoch ist der Paketverlust?", "20%"),
        (PING, "¿Cuántos paquetes se recibieron?", "4"),
        (PING, "What was the average round trip time?", "13.655"),
        (PING, "最大延迟是多少", "14.910"),
        (APT, "要下载多少？", "17.3 MB"),
        (APT, "Combien de paquets n'ont pas été mis à jour ?", "37"),
        (APT, "how many packages will be removed?", "0"),
        (APT, "How much disk space will be used?", "56.4 MB"),
        (APT, "Welches Paket soll installiert werden?", "postgresql"),
        (DISKS, "How much space is left on /srv/media?", "512G"),
        (DISKS, "¿En qué dispositivo está montado /srv/media?", "/dev/sdb1"),
        (DISKS, "Wie voll ist /srv/media in Prozent?", "86%"),
        (DISKS, "Quelle version du noyau ?", "6.8.0-45-generic"),
        (PODS, "How many restarts does the payment pod have?", "17"),
        (PODS, "哪个 Pod 处于 CrashLoopBackOff？", "payment-7bbd4c9d66-qp9zt"),
        (UNIT, "What is the main PID?", "30411"),
        (UNIT, "Seit wann ist der Dienst fehlgeschlagen?", "2026-05-05 02:10:44"),
        (UNIT, "Which program is listening on port 8443?", "haproxy"),
        (COMPILER, "Which variable was not declared?", "heigth"),
        (COMPILER, "Welcher Parameter wird nicht benutzt?", "dt"),
        (COMPILER, "In welcher Zeile ist die Warnung?", "91"),
        (CARGO, "¿Cuál es el código de error?", "E0425"),
        (CARGO, "Which function could not be found?", "tokenise"),
        (GERMAN_LOG, "How many files were skipped?", "7"),
        (GERMAN_LOG, "Combien de Go ont été transférés ?", "318,6 GB"),
        (GERMAN_LOG, "¿Dónde está el registro?", "/var/log/sicherung/juni.log"),
        (GERMAN_LOG, "备份的源目录是什么？", "/home/daten"),
        (SPANISH_LOG, "How many records were imported?", "1.877"),
        (SPANISH_LOG, "Wie lange hat es gedauert?", "1 min 43 s"),
        (CHINESE_CHECK, "集群里有多少个节点在线？", "11"),
        (CHINESE_CHECK, "Wie viel Speicher ist noch frei?", "21.6 TB"),
        (CHINESE_CHECK, "¿Dónde se guardó el informe?", "/opt/reports/0403.html"),
        (POWERSHELL, "Which user is logged in?", "nina"),
    ],
)
def test_a_line_tells_the_value_that_its_words_name(text: str, question: str, value: str) -> None:
    found = find_in((shown(text),), parse(question))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        (UNIT, "Pourquoi backup a-t-il échoué ?", "Broken pipe"),
        (GERMAN_LOG, "Warum ist die Sicherung fehlgeschlagen?", "Prüfsumme stimmt nicht überein"),
        (SPANISH_LOG, "¿Por qué se canceló la importación?", "Tiempo de espera agotado"),
        (JAVA, "What is the root cause?", "UnknownHostException: kafka-2.internal"),
        (POWERSHELL, "Warum konnte nicht gelöscht werden?", "verweigert"),
        (POWERSHELL, "What does the error say?", "verweigert"),
    ],
)
def test_the_cause_is_the_message_from_which_the_others_follow(text: str, question: str, said: str) -> None:
    assert said in answer([question], [shown(text)])


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (PING, "How much free memory is there?"),
        (DISKS, "Which version of nginx is installed?"),
        (APT, "How long did the installation take?"),
        (UNIT, "¿Cuál es la contraseña?"),
        (COMPILER, "How many tests failed?"),
        (GERMAN_LOG, "Wie viel Arbeitsspeicher wurde benutzt?"),
        (CARGO, "Quelle est la version de Python ?"),
    ],
)
def test_what_no_line_tells_is_not_made_up(text: str, question: str) -> None:
    assert answer([question], [shown(text)]).startswith(wording.NOT_FOUND)
