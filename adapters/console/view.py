"""What the page shows, as values and HTML. Pure; every stranger's word goes through ``markup``."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from adapters.base import Attachment, Button, Incoming, Post
from adapters.console import markup
from adapters.console.transcripts import Conversation, Posted

FILES = "/uploads/"
"""Below this address the page serves uploads by their reference. (gradio rewrites addresses that begin with /file.)"""

EXAMPLES = "/examples/"
"""Below this one, the pictures of the examples by their number."""

REASONING = "How I got there"

PAGE = "text/html"
"""Reports, which are shown without the power to do anything."""

SHOWN_AS_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/avif"})
"""What every browser can draw; anything else is shown by its name."""

_COPY = '<button class="copy_code_button" title="Copy"><span class="copy"></span><span class="check"></span></button>'


def messages(conversation: Conversation | None) -> list[dict[str, Any]]:
    """A conversation as the chat component wants it."""
    shown: list[dict[str, Any]] = []
    for entry in conversation.entries if conversation else ():
        if isinstance(entry, Incoming):
            shown.append({"role": "user", "content": question(entry)})
            continue
        if entry.post.reasoning:
            summary = markup.from_markdown(entry.post.reasoning)
            metadata = {"title": REASONING, "status": "done"}
            shown.append({"role": "assistant", "content": f"<div>{summary}</div>", "metadata": metadata})
        shown.append({"role": "assistant", "content": answer(entry)})
    return shown


def checked(conversation: Conversation | None) -> str:
    """The check with which a conversation began: how far it is, or its report with the files to take away."""
    posts = (entry for entry in conversation.entries if isinstance(entry, Posted)) if conversation else iter(())
    posted = next(posts, None)
    if posted is None:
        return ""
    page = next((one for one in posted.attachments if one.media_type == PAGE), None)
    if page is None:
        return f'<div class="post">{_said(posted.post)}{_small_print(posted.post)}{_foot(posted)}</div>'
    shown = f'<iframe src="{FILES}{quote(page.reference)}" title="Report" sandbox="allow-popups"></iframe>'
    return f'<div class="post">{_files(posted.attachments)}{shown}{_small_print(posted.post)}{_foot(posted)}</div>'


@lru_cache(maxsize=256)
def question(incoming: Incoming) -> str:
    """A person's message: the files, then the words as they were typed."""
    words = f'<div class="words">{markup.from_plain(incoming.text)}</div>' if incoming.text.strip() else ""
    return f'<div class="question">{_files(incoming.attachments)}{words}</div>'


@lru_cache(maxsize=256)
def answer(posted: Posted) -> str:
    """One of our posts in its present state."""
    post = posted.post
    return f'<div class="post">{_said(post)}{_small_print(post)}{_files(posted.attachments)}{_foot(posted)}</div>'


def conversations(listed: list[Conversation], current: str | None) -> str:
    """The list at the side."""
    if not listed:
        return '<p class="none">Your conversations will be listed here.</p>'
    return f"<nav>{''.join(_listed(one, one.id == current) for one in listed)}</nav>"


def _listed(conversation: Conversation, current: bool) -> str:
    title, name = markup.from_plain(conversation.title), markup.from_plain(conversation.id)
    state = " current" if current else ""
    busy = '<span class="spinner" title="Working"></span>' if conversation.working else ""
    return (
        f'<div class="conversation{state}"><button class="open" value="{name}" title="{title}"'
        f"{' aria-current=page' if current else ''}>{title}</button>{busy}"
        f'<button class="remove" value="{name}" title="Delete" aria-label="Delete: {title}">×</button></div>'
    )


def _said(post: Post) -> str:
    if not post.text.strip():
        return ""
    copy = "" if post.status else _COPY
    return f'<div class="said">{copy}{markup.from_markdown(post.text)}</div>'


def _small_print(post: Post) -> str:
    lines = "".join(f"<li>{markup.from_markdown(note)}</li>" for note in post.notes)
    return f'<ul class="notes">{lines}</ul>' if lines else ""


def _foot(posted: Posted) -> str:
    """What is going on, and the buttons."""
    status = markup.from_plain(posted.post.status)
    doing = f'<span class="status"><span class="spinner"></span>{status}</span>' if status else ""
    buttons = "".join(_button(posted.message, button) for button in posted.post.buttons)
    return f'<div class="foot">{doing}{buttons}</div>' if doing or buttons else ""


def _button(message: str, button: Button) -> str:
    style = "press danger" if button.danger else "press"
    value = markup.from_plain(f"{message} {button.action}")
    return f'<button class="{style}" value="{value}">{markup.from_plain(button.label)}</button>'


def _files(attachments: tuple[Attachment, ...]) -> str:
    return f'<div class="files">{"".join(map(_file, attachments))}</div>' if attachments else ""


def _file(attachment: Attachment) -> str:
    address, name = FILES + quote(attachment.reference), markup.from_plain(attachment.name)
    if attachment.media_type in SHOWN_AS_PICTURES:
        shown = f'<img src="{address}" alt="{name}" loading="lazy">'
        return f'<a class="picture" href="{address}" target="_blank" title="{name}">{shown}</a>'
    return f'<a class="file" href="{address}" target="_blank" title="{name}"><span class="name">{name}</span></a>'
