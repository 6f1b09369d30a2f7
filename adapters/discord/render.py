"""A Post as Discord messages. Pure.

Limits: docs.discord.com/developers/resources/message#create-message, …/components/reference#button and
…/reference#uploading-files.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.base import Button, File, Post
from adapters.discord import markup
from adapters.markdown import plain, split
from adapters.mathematics import readable

LONGEST_CONTENT = 2_000
LONGEST_THREAD_NAME = 100
MOST_MESSAGES = 3
"""A longer answer goes into a file, with its beginning shown."""
_LONGEST_CUSTOM_ID = 100
_LONGEST_LABEL = 80
_BUTTONS_IN_A_ROW, _MOST_BUTTONS = 5, 25
_MOST_FILES = 10
_LARGEST_FILE = 10 * 1024 * 1024
_LARGEST_REQUEST = 24 * 1024 * 1024
"""Discord's 25 MiB without the rest of the request."""
_LONGEST_REASONING = 700
_LONGEST_NOTE = 300
_ROOM_UNDER_A_DRAFT = 900

_SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
_ACTION_ROW, _BUTTON = 1, 2
_GREY, _RED = 2, 4

_IN_FILE = "*The whole answer is in the attached file.*"
_MORE = "…"
_UNSAFE_IN_NAMES = re.compile(r"[^\w.,()+ -]+")


@dataclass(frozen=True, slots=True)
class Message:
    """One Discord message, never empty and within its limits."""

    content: str
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def custom_ids(self) -> tuple[str, ...]:
        return tuple(_custom_id(one) for one in self.buttons)

    def payload(self) -> dict[str, Any]:
        """The JSON for Create Message and Edit Message, where it replaces everything that was there."""
        return {
            "content": self.content,
            "allowed_mentions": {"parse": []},
            "flags": _SUPPRESS_EMBEDS,
            "components": _rows(self.buttons),
            "attachments": [{"id": number, "filename": file.name} for number, file in enumerate(self.files)],
        }


def messages(post: Post) -> list[Message]:
    """At least one. While a post has a status it is one message, so that the draft stays in its place."""
    if post.status:
        return [_draft(post)]
    pieces, whole = _pieces(markup.markdown(readable(post.text)), post.text)
    small = markup.small([*_reasoning(post.reasoning), *_notes(post.notes), *_too_large(post.files)])
    contents = _joined(pieces, small) or [_MORE]
    batches = list(_batches((*whole, *(_named(file) for file in post.files if _fits(file)))))
    contents += [""] * (len(batches) - len(contents))
    first_file = len(contents) - len(batches)
    return [
        Message(
            content=content,
            buttons=post.buttons if number == len(contents) - 1 else (),
            files=batches[number - first_file] if number >= first_file else (),
        )
        for number, content in enumerate(contents)
    ]


def thread_name(text: str, fallback: str) -> str:
    """What a thread that is made for a question is called; Discord shows it as it stands."""
    words = " ".join(markup.safe(plain(text)).split()) or " ".join(markup.safe(fallback).split()) or "Question"
    return _short(words, LONGEST_THREAD_NAME)


def _draft(post: Post) -> Message:
    status = f"*{markup.escape(_short(post.status, _LONGEST_NOTE))}*"
    small = split(markup.small([*_reasoning(post.reasoning), *_notes(post.notes)]), _ROOM_UNDER_A_DRAFT)[:1]
    tail = "\n\n".join([*small, status])
    beginning = post.text[: 2 * LONGEST_CONTENT]
    pieces = split(markup.markdown(readable(beginning)), LONGEST_CONTENT - len(tail) - 4)
    shown = [pieces[0] + f"\n{_MORE}" * (len(pieces) > 1)] if pieces else []
    return Message(content="\n\n".join([*shown, tail]), buttons=post.buttons)


def _pieces(text: str, source: str) -> tuple[list[str], tuple[File, ...]]:
    """The text in messages; where they would be too many, its beginning and a file with ``source``."""
    pieces = split(text, LONGEST_CONTENT)
    if len(pieces) <= MOST_MESSAGES:
        return pieces, ()
    beginning = split(text, LONGEST_CONTENT - len(_IN_FILE) - 2)[0]
    whole = File(name="answer.md", media_type="text/markdown", content=source.encode())
    return [f"{beginning}\n\n{_IN_FILE}"], (whole,)


def _joined(pieces: list[str], small: str) -> list[str]:
    """The small print under the last piece if it fits there, else in messages of its own."""
    if not small:
        return pieces
    if pieces and len(pieces[-1]) + 2 + len(small) <= LONGEST_CONTENT:
        return [*pieces[:-1], f"{pieces[-1]}\n\n{small}"]
    return pieces + split(small, LONGEST_CONTENT)


def _reasoning(text: str) -> list[str]:
    words = " ".join(plain(readable(text)).split())
    return [f"Reasoning: {markup.escape(_short(words, _LONGEST_REASONING))}"] if words else []


def _notes(notes: Sequence[str]) -> list[str]:
    return [markup.escape(_short(note, _LONGEST_NOTE)) for note in notes]


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + _MORE


def _fits(file: File) -> bool:
    return len(file.content) <= _LARGEST_FILE


def _too_large(files: Sequence[File]) -> list[str]:
    return [
        f"{markup.escape(file.name)} is too large for Discord ({len(file.content) / 1e6:.0f} MB) and was left out."
        for file in files
        if not _fits(file)
    ]


def _named(file: File) -> File:
    """Names stand in a header of the upload."""
    name = _UNSAFE_IN_NAMES.sub("_", file.name)[-100:].strip() or "file"
    return File(name=name, media_type=file.media_type, content=file.content)


def _batches(files: Sequence[File]) -> Iterator[tuple[File, ...]]:
    """As many files at once as a message takes."""
    batch: list[File] = []
    for file in files:
        size = sum(len(one.content) for one in batch)
        if batch and (len(batch) == _MOST_FILES or size + len(file.content) > _LARGEST_REQUEST):
            yield tuple(batch)
            batch = []
        batch.append(file)
    if batch:
        yield tuple(batch)


def _rows(buttons: Sequence[Button]) -> list[dict[str, Any]]:
    shown = buttons[:_MOST_BUTTONS]
    return [
        {"type": _ACTION_ROW, "components": [_button(one) for one in shown[start : start + _BUTTONS_IN_A_ROW]]}
        for start in range(0, len(shown), _BUTTONS_IN_A_ROW)
    ]


def _custom_id(button: Button) -> str:
    custom_id = f"{button.action}:{button.value}"
    if len(custom_id) > _LONGEST_CUSTOM_ID:
        raise ValueError(f"the button {button.action} carries more than {_LONGEST_CUSTOM_ID} characters")
    return custom_id


def _button(button: Button) -> dict[str, Any]:
    style = _RED if button.danger else _GREY
    return {"type": _BUTTON, "style": style, "label": button.label[:_LONGEST_LABEL], "custom_id": _custom_id(button)}
