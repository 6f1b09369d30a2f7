"""All that is kept of what somebody asked, as a ZIP file for them."""

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from adapters.base import File, Post
from bot import intents, replies
from bot.intents import Export
from bot.store.forgetting import Checked, Held, HeldPage
from bot.store.records import Job
from bot.store.store import Store
from bot.store.watches import Watch

NAME = "threadsight-export.zip"

MOST_IN_CHAT = 8_000_000
"""Bytes of pages in a file that is posted; platforms take no larger ones from everybody."""


async def export(store: Store, platform: str, person: str, *, most: int | None = None) -> bytes:
    """The file: ``questions.json``, ``watches.json``, and the pages that were looked at as far as ``most`` bytes go."""
    watches = await store.watches.by(platform, person)
    held = await store.forgetting.held(platform, person)
    contents: dict[str, bytes] = {}
    for sha256 in {page.sha256: None for one in held for page in one.pages if page.sha256}:
        try:
            content = await store.content(sha256)
        except FileNotFoundError:
            continue
        if most is None or sum(map(len, contents.values())) + len(content) <= most:
            contents[sha256] = content
    return await asyncio.to_thread(_zipped, held, watches, contents)


async def finished(post: Post, job: Job, store: Store) -> Post:
    """The reply to somebody who asked for theirs, with the file; any other post as it is."""
    if not isinstance(intents.read(job.incoming), Export) or post.text != replies.EXPORTED:
        return post
    channel, person = job.incoming.thread.channel, job.incoming.author.id
    content = await export(store, channel.platform, person, most=MOST_IN_CHAT)
    return replace(post, files=(File(name=NAME, media_type="application/zip", content=content),))


def _zipped(held: Sequence[Held], watches: Sequence[Watch], contents: Mapping[str, bytes]) -> bytes:
    names = {sha256: f"pages/{sha256}.{_kind(content)}" for sha256, content in contents.items()}
    said = [_told(one, names) for one in held]
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("questions.json", _json(said))
        archive.writestr("watches.json", _json([asdict(one) for one in watches]))
        for sha256, name in names.items():
            archive.writestr(name, contents[sha256])
    return whole.getvalue()


def _told(held: Held, names: Mapping[str, str]) -> dict[str, Any]:
    thread, fields = held.incoming.thread, asdict(held)
    for name in ("incoming", "pages", "checked"):
        del fields[name]
    return {
        "asked_at": datetime.fromtimestamp(fields.pop("asked_at"), UTC).isoformat(),
        "platform": thread.channel.platform,
        "workspace": thread.channel.workspace,
        "channel": thread.channel.id,
        "thread": thread.root,
        "message": held.incoming.message,
        "author": held.incoming.author.name,
        "text": held.incoming.text,
        **fields,
        "quotes": [{"author": quote.author, "text": quote.text} for quote in held.incoming.quotes],
        "pages": [_page(page, names) for page in held.pages],
        "checked": [_checked(one) for one in held.checked],
    }


def _checked(one: Checked) -> dict[str, Any]:
    return {"found": json.loads(one.found), "judged": json.loads(one.judged) if one.judged else None}


def _json(values: Sequence[dict[str, Any]]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2)


def _page(page: HeldPage, names: Mapping[str, str]) -> dict[str, str | None]:
    return {"file": page.file, "fate": page.fate, "page": names.get(page.sha256 or "")}


def _kind(content: bytes) -> str:
    return "png" if content.startswith(b"\x89PNG") else "jpg"
