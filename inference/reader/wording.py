"""The sentences of the embedded reader. Quotes are strangers' words and are escaped here."""

from collections.abc import Sequence

from inference.reader.findings import Finding
from inference.reader.markdown import escaped, fenced, shortened
from inference.reader.remarks import Payment

LIMIT = 400
"""Characters of an answer that quotes a value, all told."""

DISCLAIMER = "I read text only and have not looked at the picture itself."
NOT_FOUND = "I could not find that on the page."
NO_TEXT = "I could not find that on the page: I found no text there."
NO_SUCH_PAGE = "I could not find that picture or page in our conversation. Point at one by its number, such as #1."
NO_PICTURE = "Show me a picture or a document, and I read its text and answer by quoting it."
UNREADABLE = "I could not read that picture. Please send it again, or in another format."
OUT_OF_TIME = "I ran out of time before I had read all pages."

CHAT = {
    "greeting": (
        "Hello! Show me a picture or a document and ask about its text: “What is the total?”, “When is it due?”, "
        "“Read this”."
    ),
    "help": (
        "I read the text in pictures and documents and answer by quoting it. Ask for a value (“What is the total?”, "
        "“When is it due?”, “How much was the olive oil?”), whether something has been paid, what an error says, or "
        "say “read this”. " + DISCLAIMER
    ),
    "thanks": "You are welcome. Ask me more about the text whenever you like.",
}

BEYOND = (
    "That is beyond me: the embedded reader only finds and quotes text. For questions about the picture itself, or to "
    "have something translated, explained or solved, an admin can set up a vision model (`engine.kind`)."
)
LOOKS = (
    "I could not find that on the page. What a picture shows without words is beyond me: for that an admin can set up "
    "a vision model (`engine.kind`)."
)
STATUS = {"yes": "Paid", "no": "Not paid", "none": "No payment status"}

SOME_UNREAD = 0.15
"""From this share of unreadable text on, the answer says so."""


def with_disclaimer(text: str, remark: str = "") -> str:
    """The answer with what limits it."""
    return "\n\n".join(part for part in (text, " ".join(filter(None, (remark, DISCLAIMER)))) if part)


def findings(found: Sequence[tuple[str, Finding]]) -> str:
    """One value, or one of each document; short enough with the disclaimer."""
    room = LIMIT - len(DISCLAIMER) - 2
    if len(found) == 1:
        return _finding(*found[0], room)
    return "\n".join(f"- {_finding(label, one, room // len(found) - 3)}" for label, one in found)


def _finding(label: str, found: Finding, room: int) -> str:
    where = f" ({_label(label)})" if label else ""
    value, line = found.value.strip(), " ".join(found.line.split())
    if not value or value == line:
        bold = not value and len(line) > 80
        text = _fitting(line, room - len(where) - 4)
        return f"“{text}”{where}" if bold else f"**{text}**{where}"
    shown = _fitting(value, min(160, room - len(where) - 4))
    rest = room - len(where) - len(shown) - 9
    if rest < 12:
        return f"**{shown}**{where}"
    return f"**{shown}** — “{_fitting(_around(line, value, rest), rest)}”{where}"


def _around(line: str, value: str, room: int) -> str:
    """The part of a long line that holds the value."""
    at = line.find(value)
    if len(line) <= room or at < 0 or at + len(value) < room:
        return line
    start = max(0, at - (room - len(value)) // 2)
    return "…" + line[start:]


def _fitting(text: str, room: int) -> str:
    """Escaped and no longer than that."""
    for limit in range(room, 0, -8):
        fitted = escaped(shortened(text, limit))
        if len(fitted) <= room:
            return fitted
    return ""


def _label(label: str) -> str:
    return escaped(shortened(label, 60))


def payments(statuses: Sequence[tuple[str, Payment]]) -> str:
    """Whether it has been paid, one line a document; the first words say it."""
    room = LIMIT - len(DISCLAIMER) - 2
    if len(statuses) == 1:
        return _payment(*statuses[0], room)
    return "\n\n".join(f"{STATUS[one.status]}: {_label(label)}{_proof(one, 80)}" for label, one in statuses)


def _payment(label: str, payment: Payment, room: int) -> str:
    where = f" ({_label(label)})" if label else ""
    if payment.cell is None:
        return f"{STATUS[payment.status]}: the page does not say whether it has been paid{where}."
    return f"{STATUS[payment.status]}{_proof(payment, room - 20 - len(where))}{where}"


def _proof(payment: Payment, room: int) -> str:
    return f" — “{_fitting(payment.quote, max(20, room))}”" if payment.quote else ""


def transcripts(pages: Sequence[tuple[str, str]]) -> str:
    """The whole text of each page, under its name where there are several."""
    parts = []
    for label, text in pages:
        heading = f"**{_label(label)}**\n" if len(pages) > 1 and label else ""
        parts.append(heading + (fenced(text) if text else "I found no text there."))
    return "\n\n".join(parts)


def beyond(opening: str) -> str:
    """What it cannot do, what can, and what the page begins with."""
    return _with_opening(BEYOND, opening)


def looks(opening: str) -> str:
    """The same for a question about the picture itself that no words on the page answer."""
    return _with_opening(LOOKS, opening)


def _with_opening(sentence: str, opening: str) -> str:
    return f"{sentence} The page begins: “{_fitting(' '.join(opening.split()), 80)}”" if opening else sentence


def unread(scripts: Sequence[str], share: float) -> str:
    """Which writing on the page it cannot read, if any."""
    if scripts:
        return f"Part of the page is in {_listed(scripts)} script, which I cannot read."
    return "Part of the page is in a script that I cannot read, or too blurred." if share >= SOME_UNREAD else ""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
