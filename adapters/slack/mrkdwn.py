"""Slack's own markup (docs.slack.dev/messaging/formatting-message-text): into Markdown, and defused."""

import re
from collections.abc import Mapping

_MARKUP = re.compile(
    r"```(?P<fence>.*?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<token>[^<>]*)>"
    r"|(?<![\w*])\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|(?<![\w~])~(?=\S)(?P<strike>[^~\n]+)(?<=\S)~(?![\w~])",
    re.DOTALL,
)
_TOKEN = re.compile(r"<([^<>]*)>")
_CONTACT = re.compile(r"(?:mailto|tel):")
_PING = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)
_LIVE = re.compile(r"<(?=[!@#]|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ADDRESS = r"\s*(?:<\s*)?(?:[a-z&][a-z0-9+.&#;-]*:|//|[\w-]+\.[\w-])"
_LABELLED = re.compile(rf"\](?=\({_ADDRESS})", re.IGNORECASE)
_INDENT = r"(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*"
"""Quotes and lists, in which an address may be defined too."""
_DEFINED = re.compile(
    rf"^({_INDENT}\[(?:[^\[\]\\]|\\.){{1,999}}\])(?=:{_ADDRESS})", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_BARE = re.compile(r"<(https?://[^\s<>|]+)>", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def to_markdown(text: str, names: Mapping[str, str]) -> str:
    """What a person wrote, as Markdown. ``names`` are those of users by id, as far as they are known."""
    pieces, end = [], 0
    for match in _MARKUP.finditer(text):
        pieces += [_unescaped(text[end : match.start()]), _converted(match, names)]
        end = match.end()
    return "".join([*pieces, _unescaped(text[end:])])


def escaped(text: str) -> str:
    """Plain text for a field that Slack reads as its markup: nothing in it links, pings or formats."""
    return _safe(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def defused(markdown: str) -> str:
    """Markdown for a markdown block, without links whose label hides where they lead. Slack reads its ``<…>`` tokens
    there too; it shows an escaped one as text and does not read it again. Other angle brackets and ampersands stay:
    they are code, quotes and addresses. All this holds for code as well, since Slack's idea of it may not be ours."""
    visible = _DEFINED.sub(r"\1 ", _LABELLED.sub("] ", _BARE.sub(r"\1", _safe(markdown))))
    return _LIVE.sub("&lt;", visible)


def _safe(text: str) -> str:
    """Without words that ping everyone and marks that turn the reading direction round."""
    return _PING.sub(f"@{_WORD_JOINER}", _DIRECTION.sub("", text))


def _converted(match: re.Match[str], names: Mapping[str, str]) -> str:
    kind, inner = match.lastgroup, match[match.lastgroup or 0]
    match kind:
        case "fence":
            return "\n```\n" + _as_code(inner, names).strip("\n") + "\n```\n"
        case "code":
            return f"`{_as_code(inner, names)}`"
        case "bold":
            return f"**{to_markdown(inner, names)}**"
        case "strike":
            return f"~~{to_markdown(inner, names)}~~"
        case _:
            return _token(inner, names)


def _as_code(text: str, names: Mapping[str, str]) -> str:
    """Slack links addresses even in code; there only the words count."""
    return _unescaped(_TOKEN.sub(lambda match: _label(match[1], names), text))


def _label(token: str, names: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    return _token(token, names) if target[:1] in ("@", "#", "!") else label or target


def _token(token: str, names: Mapping[str, str]) -> str:
    target, _, label = (_unescaped(part) for part in token.partition("|"))
    if target.startswith("@"):
        return f"@{label or names.get(target[1:], target[1:])}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    if _CONTACT.match(target):
        return label or _CONTACT.sub("", target)
    if not label or target.rstrip("/").endswith(f"//{label}") or target == label:
        return target
    safe = label.replace("]", r"\]")
    return f"[{safe}]({target})"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
