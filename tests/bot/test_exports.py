"""What somebody gets who wants to know what is kept of theirs."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from bot import replies
from bot.exports import NAME, export
from tests.bot.test_service import BOB, Stage, picture, stage


def opened(content: bytes) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The questions, and the pages by their names in the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    files.pop("watches.json")
    return json.loads(files.pop("questions.json")), files


async def ask(on: Stage) -> None:
    await on.say("What is it?", on.attach("../a.png", picture("red")), on.attach("b.txt", b"no"), mentioned=True)
    await on.say("What is Bob's?", on.attach("c.png", picture("blue")), mentioned=True, author=BOB)
    await on.service.jobs.idle()


async def test_everything_of_somebodys_and_nothing_of_others(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await ask(on)
        await on.say("export", direct=True, root="c")
        await on.service.jobs.idle()
        post = on.adapter.last(2)
        assert post.text == replies.EXPORTED
        (file,) = post.files
        assert file.name == NAME
        questions, pages = opened(file.content)
        assert [one["question"] for one in questions] == ["What is it?", "export"]
        first = questions[0]
        assert first["answer"].startswith("I was asked")
        assert (first["channel"], first["author"]) == ("c", "Ada")
        assert [(one["file"], one["fate"]) for one in first["pages"]] == [("../a.png", "used"), ("b.txt", "skipped")]
        assert list(pages) == [first["pages"][0]["page"]]
        assert all(name.startswith("pages/") and ".." not in name for name in pages)


async def test_what_was_checked_and_is_watched_for_somebody_is_in_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.message("", on.attach("bill.png", picture()), author=BOB)
        await on.say("check this channel: paid?", mentioned=True)
        await on.say("watch this channel: paid?", mentioned=True)
        await on.say("watch this channel: signed?", mentioned=True, author=BOB)
        await on.say("", on.attach("seen.png", picture()), author=BOB)
        await on.service.jobs.idle()
        content = await export(on.store, "memory", "ada")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            watches = json.loads(archive.read("watches.json"))
        questions, _ = opened(content)
        (found,) = questions[0]["checked"]
        assert (found["found"]["attachment"]["name"], found["judged"]["verdict"]["word"]) == ("bill.png", "unclear")
        assert [one["question"] for one in watches] == ["paid?"]
        assert [one["text"] for one in questions] == ["check this channel: paid?", "watch this channel: paid?"]


async def test_others_do_not_get_to_see_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.say("export", mentioned=True)
        await on.service.jobs.idle()
        assert on.adapter.last().text == replies.EXPORT_IN_DIRECT
        assert not on.adapter.last().files


async def test_pages_that_have_no_room_are_left_out(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await ask(on)
        questions, pages = opened(await export(on.store, "memory", "ada", most=10))
        assert (questions[0]["pages"][0]["page"], pages) == (None, {})


async def test_what_was_forgotten_is_not_in_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await ask(on)
        await on.say("forget me", mentioned=True)
        await on.service.jobs.idle()
        questions, pages = opened(await export(on.store, "memory", "ada"))
        assert [one["question"] for one in questions] == ["forget me"]
        assert not pages
