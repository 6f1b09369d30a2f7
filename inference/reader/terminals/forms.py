"""The forms of what consoles tell: sizes, times, paths, versions, marks and names. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from inference.reader.lexicon import alternatives, table
from inference.reader.stamps import stamp


@dataclass(frozen=True, slots=True)
class Piece:
    """A value in a line. ``surely`` is from 0 to 1: how much its form alone tells that it is one."""

    kind: str
    text: str
    start: int
    end: int
    surely: float = 1.0


_FIGURE = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_APART = r"(?<![\w.,/:-])"
_DATA = r"(?:[KMGTkmgt]i?B|[KMGT]i?o|ko|[KMGTP]i?|[Bb]ytes?|octets?|[KMGT]i?B|B|o|字节)"
_TIME = (
    r"(?:ms|µs|us|ns|millis(?:ec\w*)?|milli[sS]\w*|sec(?:ond)?s?|Sek(?:unden?)?\.?|secondes?|segundos?|seg|s|S|min(?:ute)?s?|m|Min(?:uten?)?\.?|minutos?"
    r"|h(?:ours?|rs?)?|Std\.?|Stunden?|heures?|horas?|d(?:ays?)?|Tagen?|jours?|d[ií]as?|w(?:eeks?)?|毫秒|秒钟?|分钟?|小时|天)"
)
_PATH_PART = r"[^\s\"'`‘’“”«»<>|,;，；：。()\[\]（）]"


def _form(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Chinese may stand right beside what it takes, and is no letter of it."""
    return re.compile(pattern, flags | re.ASCII)


_ERROR_NUMBER = (
    r"(?:error|fehler|erreur|错误|code|http(?:/[\d.]+)?|status|codigo|errno|代码)\s?[:=#]?\s?\(?(\d{1,5})(?![\w.])"
)
_PORT_NUMBER = r"(?:ports?|puertos?|端口号?)\s*(?:no\.?|nr\.?|number|is|=|:|：|为|是)?\s*['\"(]?(\d{2,5})(?!\d|[.,]\d)"
_LINE_NUMBER = (
    r"\b(?:[l1]ines?|zeile|ligne|l[ií]nea|ln|row|fila)\s*(?:no\.?|nr\.?|num(?:ber|ero)?|#)?\s*[:=]?\s*(\d{1,6})(?!\d)"
)
_LINE_OF_FILE = r"(?:[\w)-]\.[a-z]\w{0,5}|makefile|dockerfile|/[\w.-]+)[:(](\d{1,6})(?:[:,]\s?\d+)?(?![\w.])"
_PORT_OF_HOST = (
    r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[\]*:]|(?<=\s)|//[\w.-]+|(?<![\w./\\])[a-z][\w-]*(?:\.[a-z][\w-]*)*)"
    r":(\d{2,5})(?![\d.]|:\S)"
)
_DOMAIN = r"(?<![\w./@-])((?=[\w.-]*[A-Za-z])[a-z\d][\w-]*(?:\.[a-z\d][\w-]*)*\.[a-z]{2,12})(?![\w/.(-]|:\d+:)"
_ARCHITECTURE = r"x86[_-]64|amd64|aarch64|arm64|i[3-6]86|armv\d\w*|armhf|riscv64|ppc64le|s390x|x64|x86"
_FSTYPE = r"ext[234]|xfs|btrfs|zfs|ntfs|NTFS|vfat|exfat|exFAT|FAT32|tmpfs|nfs4?|cifs|overlay|apfs|f2fs"
_ON_BRANCH = "^On branch |^Auf Branch |^Sur la branche |^En la rama |^位于分支 |^Switched to (?:a new )?branch '"
_EXITED, _EXIT_CODE = alternatives("exited", "console"), alternatives("exit_code", "console")
_CODE = r"-?\d{1,10}(?:/[A-Z_]+)?(?!\w)|0x[\da-f]+(?!\w)"
_RAISED = r"(?:[A-Za-z_$][\w$]*(?:\.|::))*[A-Z]\w*(?:Exception|Error|Fault|Interrupt|Exit)"
_FORMS: dict[str, tuple[tuple[re.Pattern[str], float], ...]] = {
    "percent": ((_form(rf"{_APART}(\d+(?:[.,]\d+)?\s?[%％])"), 1.0),),
    "speed": ((_form(rf"{_APART}((?:{_FIGURE})\s?(?:{_DATA}|[KMG]?bit|[KMGkmg]b)(?:/s|ps|/秒))"), 1.0),),
    "data": (
        (
            _form(
                rf"{_APART}((?:{_FIGURE})\s?(?:[KMGTkmgt]i?B|[kmg]b|[KMGT]i?o|ko|[Bb]ytes?|octets?|字节|B))(?![\w/])"
                rf"|{_APART}(\d+(?:[.,]\d+)?(?:[KMGTP]i?))(?![\w/])"
                rf"|(?:[Bb]ytes|[Oo]ctets|字节)\s?=\s?(\d+)"
            ),
            1.0,
        ),
    ),
    "duration": (
        (_form(rf"(?<![\w.,/:-])((?:(?:\d+(?:[.,]\d+)?)\s?{_TIME}[\s,]*(?:(?:and|und|et|y)\s)?)+)(?![\w/])"), 1.0),
        (_form(r"(?<![\w.,/:-])((?:\d+[dhm]){1,3}\d+(?:[.,]\d+)?s)(?!\w)"), 1.0),
        (_form(r"(?<![\w.,/:-])(\d{1,3}:\d\d(?::\d\d(?:[.,]\d+)?)?)(?![\w:])"), 0.8),
    ),
    "version": (
        (_form(r"(?<![\w./:])[vV]?(\d+(?:\.\d+)+(?:[-+~.]?[A-Za-z0-9]+)*(?:-\d[\w.]*)*)(?![\w:/])"), 1.0),
        (_form(r"(?<=[\w-]:)[vV]?(\d+(?:\.\d+)+(?:-[\w.]+)*)(?![\w:/])"), 0.95),
        (_form(r"(?:[vV]ersi[oó]n|版本)\s?[:：]?\s?(\d+)(?![\w.])"), 0.8),
    ),
    "ip": (
        (_form(r"(?<![\w.])((?:\d{1,3}\.){3}\d{1,3})(?![\w.]|\.\d)"), 1.0),
        (_form(r"(?<![\w:])((?:[\da-f]{1,4}:){2,7}(?::?[\da-f]{1,4})+)(?![\w:])"), 0.8),
    ),
    "mac": ((_form(r"(?<![\w:-])((?:[\da-fA-F]{2}[:-]){5}[\da-fA-F]{2})(?![\w:-])"), 1.0),),
    "path": (
        (_form(rf"(?<![\w./\\])((?:[A-Za-z]:\\|\\\\)(?:{_PATH_PART})*[^\s\"'`’”»<>|,;.:()])"), 1.0),
        (_form(rf"(?<![\w/.])((?:[\w.-]+:)?(?:~|\.{{1,2}})?/(?:{_PATH_PART})*[^\s\"'`’”»<>|,;.:，。()\[\]])"), 1.0),
        (_form(r"(?<![\w/.@:-])([A-Za-z]:\\?)(?=\s|$)"), 0.7),
        (_form(r"(?<![\w/.:@-])((?!(?:[A-Za-z]+|\d+)(?:/\d[\d.]*)+(?![\w./]))(?:[\w.-]+/)+[\w.-]*\w)"), 0.8),
        (_form(r"(?<![\w/.:@-])([\w-]+\.(?:log|toml|ya?ml|json|ini|conf|cfg|xml|env|txt))(?![\w/])"), 0.7),
    ),
    "url": (
        (_form(r"((?:[a-z][a-z\d+]{1,14}(?::[a-z]{2,12})?)://[^\s\"'<>，。]+\w)"), 1.0),
        (_form(r"(?<![\w/])((?:[\w-]+@)?[\w-]+(?:\.[\w-]+)+:[\w./~-]+\.git)(?!\w)"), 1.0),
    ),
    "hash": (
        (_form(r"(?<![\w/.-])((?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,64})(?!\w)"), 1.0),
        (_form(r"((?:SHA256|sha256|MD5):[\w+/=]+)"), 0.9),
    ),
    "host": (
        (_form(r"//(?:[\w.-]+@)?((?=[\w.-]*[A-Za-z])[\w-]+(?:\.[\w-]+)+)"), 1.0),
        (_form(r"[\"'`‘“«]((?=[\w.-]*[A-Za-z])[\w-]+(?:\.[\w-]+)+)[\"'`’”»]"), 0.9),
        (_form(r"\\\\([\w.-]+)"), 1.0),
        (_form(_DOMAIN), 0.8),
        (_form(r"(?:with|to|from|mit|zu|von|avec|con|desde)\s([a-z]+\d*(?:-[a-z\d]+)+)(?![\w./-])"), 0.8),
        (_form(r"^\s*([a-z][a-z-]*\d[\w.-]*)\s*[:|]\s"), 0.7),
        (_form(r"@((?=[\w.-]*[A-Za-z])[\w-]+(?:\.[\w-]+)*)"), 0.8),
    ),
    "code": (
        (_form(r"(?:error|warning|fehler|erreur|错误)\s?\[([A-Z]+\d+)\]", re.IGNORECASE), 1.0),
        (_form(r"(?<![\w-])([A-Z]{1,5}-?\d{3,6})(?![\w-])"), 1.0),
        (_form(r"(?<!\w)(E(?!RR(?:OR|EUR)|XCEPTION|XIT)[A-Z]{4,}|ERR_[A-Z_]+|0x[\dA-Fa-f]{4,})(?!\w)"), 1.0),
        (_form(_ERROR_NUMBER, re.IGNORECASE), 0.8),
        (_form(r"(?<![\w.:/-])([45]\d\d)\s+(?=[A-Z][a-z])"), 0.8),
    ),
    "count": ((_form(rf"(?<![\w.,/#@+-])(?<!\d[:])({_FIGURE})(?![\w%％/:]|[.,]\d|-\d)"), 1.0),),
    "port": (
        (_form(_PORT_NUMBER, re.IGNORECASE), 1.0),
        (_form(_PORT_OF_HOST), 0.95),
        (_form(r"\s(?:-p|-P|--port)[ =]?(\d{2,5})(?![\d.])"), 0.95),
        (_form(r"(\d{2,5})/(?:tcp|udp)"), 0.95),
        (re.compile(r"(?<!\d)(\d{2,5})\s?(?:号?端口|(?:tcp|udp) port)", re.IGNORECASE), 1.0),
    ),
    "line": (
        (_form(_LINE_NUMBER, re.IGNORECASE), 1.0),
        (re.compile(r"第\s*(\d{1,6})\s*行|行号?\s*[:=：]?\s*(\d{1,6})(?!\d)"), 1.0),
        (_form(_LINE_OF_FILE, re.IGNORECASE), 0.95),
    ),
    "email": ((_form(r"(?<![\w.+-])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?![\w:])"), 1.0),),
    "branch": (
        (_form(r"^\s*\* ([\w./-]+)$"), 1.0),
        (_form(r"^\W*\[([\w./-]+) (?:\(root-commit\) )?[\da-f]{7,}\]"), 1.0),
        (_form(r"^\s*## ([\w/-]+(?:\.[\w/-]+)*?)(?:\.\.\.|\s|$)"), 1.0),
        (_form(r"HEAD -> ([\w./-]*\w)"), 1.0),
        (_form(r"\[(?:remote )?(?:rejected|new branch|deleted)\]\s+(?:\(none\)\s+-> )?([\w./-]+)"), 1.0),
        (_form(rf"(?:{_ON_BRANCH})([\w./-]*\w)"), 1.0),
        (_form(r"(?<!\S)[\da-f]{6,}\.\.[\da-f]{6,}\s+([\w./-]+) ->"), 0.8),
    ),
    "signal": ((_form(r"(?<!\w)(SIG[A-Z]{2,6}|(?<=signal=)[A-Z]{3,6}|[sS]ignal \d{1,2})(?!\w)"), 1.0),),
    "interface": (
        (
            _form(
                r"(?<![\w./-])((?:eth|wlan|wl[ps]|en[pso]|eno|ens|tun|tap|bond|docker|veth|ppp|br-|wg|vmbr)[\da-f][\w.-]*"
                r"|Ethernet(?: \d+)?|WLAN(?: \d+)?|Wi-Fi(?: \d+)?|lo)(?![\w/])"
            ),
            1.0,
        ),
    ),
    "exception": (
        (_form(rf"(?<![\w.])({_RAISED})(?!\w)"), 1.0),
        (_form(r"(?<![\w.])((?:std|[A-Z]\w+)::\w+)(?!\w|\()"), 0.85),
    ),
    "method": ((_form(r"(?<!\w)(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?!\w)"), 1.0),),
    "mode": ((_form(r"(?<!\w)([-dlbcps]?(?:[r-][w-][xsStT-]){3}|0[0-7]{3}|(?<=chmod )[0-7]{3,4})(?!\w)"), 1.0),),
    "architecture": ((_form(rf"(?<![a-zA-Z\d])({_ARCHITECTURE})(?!\w)"), 1.0),),
    "fstype": ((_form(rf"(?<!\w)({_FSTYPE})(?!\w)"), 1.0),),
    "drive": ((_form(r"(?<![\w/.@:-])([A-Za-z]:)(?=\s|$|\\)"), 1.0),),
    "subnet": ((_form(r"(?<![\w.])((?:\d{1,3}\.){3}\d{1,3}/\d{1,2})(?!\w)"), 1.0),),
    "measure": (
        (
            _form(
                r"(?<![\w.,/:])(-?\d+(?:[.,]\d+)?\s?(?:°\s?[CF]?|℃|C|[kKMG]?Hz|[mk]?W|[mk]?V|m?Ah?|rpm|RPM|U/min|tr/min|dBm?|fps))(?![\w/])"
            ),
            1.0,
        ),
    ),
    "option": ((_form(r"(?<!\S)[`'\"(]?(--?[a-zA-Z][\w-]*)(?!\w)"), 1.0),),
    "exit": (
        (_form(rf"{_EXITED}[\s-]*(?:[a-z-]+\s){{0,4}}?(?:{_EXIT_CODE}\s?)?[:=(]?\s?\(?({_CODE})", re.IGNORECASE), 1.0),
        (_form(rf"{_EXIT_CODE}\s?(?:is|was|ist|est|es|为|是)?\s?[:=：(]?\s?({_CODE})", re.IGNORECASE), 0.9),
        (_form(r"\*\*\*.*\berror (\d{1,3})(?!\w)", re.IGNORECASE), 0.9),
    ),
    "subject_line": (
        (_form(r"(?<![\w.])[\da-fl]{7,40}\]?\s(?:\([^)]*\)\s)?(.{3,})$"), 1.0),
        (_form(r"commit (?:-\w+ )*-\w*m [\"']([^\"']+)[\"']"), 0.9),
    ),
    "serial": ((_form(r"(?<![\w./:-])((?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z\d][A-Z\d-]{4,}[A-Z\d])(?![\w./-])"), 1.0),),
    "figure": ((_form(r"(?<![\w.,/:-])(-?\d+(?:[.,]\d+)?(?:e-?\d+)?)(?![\w%/:]|[.,]\d)"), 1.0),),
    "resolution": ((_form(r"(?<!\w)(\d{3,5}\s?[x×]\s?\d{3,5})(?!\w)"), 1.0),),
    "number": ((_form(r"(?<![\w.,/:-])(\d+)(?![\w%/:]|[.,]\d|-\d)"), 1.0),),
}  # fmt: skip
_OTHER = ("percent", "speed", "data", "duration", "version", "ip", "mac", "hash")
"""A number within one of these is no count."""


_IN_CODE = re.compile(rf"(?:\.(?:{'|'.join(table('console')['code_endings'].split())})|file)[:(]$", re.IGNORECASE)
"""What stands before the number of a line."""

_NO_HOST = re.compile(rf"\.(?:{'|'.join(table('console')['code_endings'].split())}|service|timer|socket|log|txt|pdf)$")
"""Files and units look like names of machines."""

_NO_VERSION = re.compile(r"\d+\.\d+(?:ms|s|m|h|[kKMGT]i?B?)|\d{1,3}(?:\.\d{1,3}){3}")
"""Durations, sizes and addresses look like versions: 42.7s."""


@lru_cache(maxsize=16384)
def pieces(text: str, kind: str) -> tuple[Piece, ...]:
    """What the line holds of that kind, apart from the time that opens it."""
    if kind == "file":
        return tuple(_files(text))
    skipped = len(stamp(text))
    found = list(_of_forms(text, kind, skipped))
    if kind == "count":
        others = [piece for other in _OTHER for piece in pieces(text, other) if piece.surely == 1.0]
        others = [piece for piece in others if not re.fullmatch(_FIGURE, piece.text)]
        found = [one for one in found if not any(o.start <= one.start and one.end <= o.end for o in others)]
    if kind == "port":
        found = [one for one in found if not _IN_CODE.search(text[: one.start])]
    if kind == "host":
        found = [one for one in found if not _NO_HOST.search(one.text)]
    if kind == "ip":
        # 06:30:03 is a time.
        found = [one for one in found if "." in one.text or re.search(r"[a-f]|::", one.text, re.IGNORECASE)]
    if kind == "version":
        found = [one for one in found if not _NO_VERSION.fullmatch(one.text)]
    return tuple(sorted(found, key=lambda piece: piece.start))


def _of_forms(text: str, kind: str, skipped: int) -> Iterator[Piece]:
    taken: list[tuple[int, int]] = []
    for form, surely in _FORMS.get(kind, ()):
        for match in form.finditer(text):
            group = next((number for number, one in enumerate(match.groups(), 1) if one), 0)
            start, said = match.start(group), match[group].strip().rstrip(",;")
            said = _PLACE_IN_FILE.sub("", said) if kind == "path" else said
            overlaps = any(start < end and first < start + len(said) for first, end in taken)
            if said and start >= skipped and not overlaps:
                taken.append((start, start + len(said)))
                yield Piece(kind, said, start, start + len(said), surely)


_TAGGED = re.compile(r"(?<![\w./:-])[\w./-]*[a-z][\w-]*:(?:v?\d+\.[\w.-]*\w|v\d+|latest)(?![\w:/])")
"""An image and its tag."""

_COMMITTED = re.compile(r"^\W*(?:\[[\w./-]+ (?:\(root-commit\) )?|commit )?((?=[a-f]*\d)[\da-f]{7,40})(?:\]|\s|$)")
"""How git names a commit, in its log and once it has made one."""


def formed_as(text: str, sense: str) -> Iterator[tuple[int, int]]:
    """Where a form tells that something is such: sauvegarde.tgz is an archive, shop:1.8.3 an image with its tag."""
    known = _endings().get(sense, frozenset())
    if known:
        yield from ((one.start, one.end) for one in _files(text) if one.text.rsplit(".", 1)[-1].lower() in known)
    if sense == "commit":
        yield from (match.span(1) for match in _COMMITTED.finditer(text))
    if sense == "namespace":
        yield from (match.span(1) for match in re.finditer(r"^.*(?:kubectl|helm)\s.*\s-n[ =]?([\w-]+)", text))
    if sense == "root":
        yield from (match.span() for match in re.finditer(r"(?<!\S)/(?!\S)", text))
    if sense == "last":
        # The newest commit is that at which git stands.
        yield from (match.span() for match in re.finditer(r"\(HEAD\b", text))
    if sense in ("image", "tag"):
        yield from (match.span() for match in _TAGGED.finditer(text))


@cache
def _endings() -> dict[str, frozenset[str]]:
    return {sense: frozenset(listed.split()) for sense, listed in table("console")["endings"].items()}


_PLACE_IN_FILE = re.compile(r":\d+(?::\d+)?$")
_NAME = r"[\w.+-]*[\w-]\.(?!(?:com|org|net|io|de|fr|es|cn|example|lan|local)\b)[A-Za-z]\w{0,7}"
_FILE = (
    (re.compile(r"[\"'`‘“«「]\s?([^\"'`’”»」\s@]*\.\w{1,8})\s?[\"'`’”»」]"), 1.0),
    (re.compile(rf"(?<![\w./\\:@-])((?:[A-Za-z]:)?(?:[\w.~@+-]*[/\\])*{_NAME})(?![\w/\\@]|\.\w|\s?\()"), 0.95),
    (re.compile(rf"[\u4e00-\u9fff：:]({_NAME})(?![\w/\\@]|\.\w)"), 0.9),
    (re.compile(r"(?<![\w/])((?:[\w.-]*/)*(?:Makefile|Dockerfile|CMakeLists\.txt|Jenkinsfile))(?!\w)"), 0.9),
)


def _files(text: str) -> Iterator[Piece]:
    taken: list[tuple[int, int]] = []
    for form, surely in _FILE:
        for match in form.finditer(text):
            start, end = match.span(1)
            if not any(start < last and first < end for first, last in taken) and not re.fullmatch(
                r"[\d.]+\w?|[a-z]\.[a-z]{5,}|[A-Za-z]+/\d[\d.]*|\d+(?:/\d+)+", match[1]
            ):
                # k.brandt is somebody, HTTP/1.1 a version.
                taken.append((start, end))
                yield Piece("file", match[1], start, end, surely)
