"""Logs, dialogs and status pages in German, French, Spanish and Chinese, asked in other words and other languages."""

import pytest

from inference.reader import wording
from tests.inference.reader.pages import ask

BACKUP = """
Mär 04 06:30:01 archiv systemd[1]: Starting nachtsicherung.service - Nächtliche Sicherung...
Mär 04 06:30:03 archiv sicherung[7713]: Verbinde mit nas-keller (Port 873)
Mär 04 06:47:55 archiv sicherung[7713]: 18.442 Dateien übertragen, 96,3 GB
Mär 04 06:47:56 archiv sicherung[7713]: Fehler: Kein Speicherplatz mehr auf /mnt/sicherung
"""
SPOOLER = """
Windows-Sicherheit   X
Auf den Drucker "Etage2-Farbe" kann nicht zugegriffen werden.
Der Druckserver \\\\PRN-04 wurde nicht gefunden. Prüfen Sie die Netzwerkverbindung.
Fehlercode: 0x00000709
OK   Details
"""
LOCKED = """
Enregistrement impossible   X
Le fichier « Budget 2026.xlsx » est verrouillé par Julie Carpentier.
Ouvrez une copie en lecture seule ou réessayez plus tard.
Notifier   Annuler
"""
COPIER = """
État de l'imprimante - Bureau 12
Modèle : Copieur MX-3071
État : Bac 3 vide
Toner noir : 12 %
Toner cyan : 67 %
Adresse IP : 172.16.8.30
Numéro de série : 9503120Z
"""
INKJET = """
Estado del dispositivo: HP DeskJet 3772
Estado: Sin papel
Cartucho tricolor: 45 %
Cartucho negro: bajo (9 %)
Red: Conectada a Casa_Moreno
Versión de firmware: 2403B
"""
ORDERS = """
mysql> SELECT COUNT(*) FROM pedidos WHERE estado = 'enviado';
+----------+
| COUNT(*) |
+----------+
|     5128 |
+----------+
1 row in set (0.42 sec)
"""
SHOP = """
2026-06-09 22:15:40 INFO  Arranque completado en 8,4 s, escuchando en el puerto 8081
2026-06-09 22:17:03 INFO  Sesión iniciada: usuario=rmolina ip=10.4.7.22
2026-06-09 22:21:55 ERROR No se encontró la plantilla factura_v2.html
"""
ROUTER = """
路由器状态
WAN口IP：100.64.23.118
上行速率：31.5 Mbps
下行速率：298 Mbps
固件版本：1.0.46
运行时间：12天3小时
"""
WIZARD = """
安装向导 - 金算盘财务 V9
正在安装，已完成 72%
安装目录：E:\\Finance\\JSP
正在复制：report\\tax.dll
取消
"""
CONTAINERS = """
[root@node1 ~]# docker ps
CONTAINER ID   IMAGE               STATUS                   NAMES
a91f03c2be77   mysql:8.0           Up 3 weeks               shop-mysql
77b2ee0194cd   nginx:1.25-alpine   Up 2 days (unhealthy)    shop-web
"""
PIPELINE = """
Pipeline despliegue-portal #291
Iniciado por Marisa Ortuño
Etapa         Estado       Duración
Compilar      CORRECTO     1 min 40 s
Publicar      FALLIDO      0 min 33 s
docker: denied: requested access to the resource is denied (registro.portal.example/web)
"""


@pytest.mark.parametrize(
    ("page", "question", "value"),
    [
        (BACKUP, "Mit welchem Rechner verbindet sich die Sicherung?", "nas-keller"),
        (BACKUP, "Wie groß war die übertragene Datenmenge?", "96,3 GB"),
        (BACKUP, "Welcher Mountpunkt ist voll?", "/mnt/sicherung"),
        (SPOOLER, "Which print server was not found?", "PRN-04"),
        (SPOOLER, "Welche Meldung zeigt Windows?", "Auf den Drucker"),
        (LOCKED, "Qui utilise le fichier ?", "Julie Carpentier"),
        (LOCKED, "Que puis-je faire ?", "Ouvrez une copie"),
        (COPIER, "Combien reste-t-il de toner noir ?", "12 %"),
        (COPIER, "What's the printer model?", "Copieur MX-3071"),
        (COPIER, "Quel est le problème de l'imprimante ?", "Bac 3 vide"),
        (INKJET, "¿Qué le pasa a la impresora?", "Sin papel"),
        (INKJET, "Welche Firmware-Version hat der Drucker?", "2403B"),
        (ORDERS, "¿Cuántos pedidos enviados hay?", "5128"),
        (ORDERS, "How long did the query take?", "0.42 sec"),
        (SHOP, "¿Cuánto tardó en arrancar?", "8,4 s"),
        (ROUTER, "下载速度是多少？", "298 Mbps"),
        (WIZARD, "安装进度是多少？", "72%"),
        (WIZARD, "安装到哪个目录？", "E:\\Finance\\JSP"),
        (WIZARD, "Which program is being installed?", "金算盘财务"),
        (CONTAINERS, "哪个容器不健康？", "shop-web"),
        (PIPELINE, "¿Quién lanzó el pipeline?", "Marisa Ortuño"),
        (PIPELINE, "Wer hat die Pipeline gestartet?", "Marisa Ortuño"),
    ],
)
def test_machines_are_understood_in_any_language(page: str, question: str, value: str) -> None:
    assert value.replace("\\", "") in ask(question, page).replace("\\", "")


@pytest.mark.parametrize(
    ("page", "question"),
    [
        (BACKUP, "Wie lautet die IP-Adresse des NAS?"),
        (BACKUP, "Welcher Benutzer hat die Sicherung gestartet?"),
        (SPOOLER, "Quelle est l'adresse IP du serveur ?"),
        (LOCKED, "Quel est le code d'erreur ?"),
        (COPIER, "How much magenta toner is left?"),
        (INKJET, "¿Cuál es la dirección IP de la impresora?"),
        (ORDERS, "¿Qué usuario ejecutó la consulta?"),
        (SHOP, "¿Cuál es la temperatura del servidor?"),
        (ROUTER, "管理员密码是什么？"),
        (WIZARD, "序列号是什么？"),
        (CONTAINERS, "How much memory does shop-mysql use?"),
        (PIPELINE, "What is the commit hash?"),
    ],
)
def test_what_a_machine_does_not_tell_is_not_made_up(page: str, question: str) -> None:
    assert ask(question, page).startswith(wording.NOT_FOUND)
