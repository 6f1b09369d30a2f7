"""What was said is there again after a restart."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Button, Post
from adapters.console.transcripts import Conversation, Posted, Transcripts
from adapters.errors import Gone
from tests.adapters.console.test_view import NOW, posted, said

FINAL = posted(Post(text="The total is **12.80**.", notes=("#1 `a.png`: used",), reasoning="I looked."))
DRAFT = replace(FINAL, post=Post(text="The", status="Writing …", buttons=(Button(action="stop", label="Stop"),)))


@pytest.fixture
def transcripts(tmp_path: Path) -> Transcripts:
    return Transcripts(tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def reopened(folder: Path) -> Transcripts:
    transcripts = Transcripts(folder)
    await transcripts.load()
    return transcripts


async def test_a_restart_finds_everything(transcripts: Transcripts, tmp_path: Path) -> None:
    await transcripts.put("c", said("How much?", "a.png"))
    await transcripts.put("c", FINAL)
    assert (await reopened(tmp_path)).all() == [Conversation(id="c", entries=(said("How much?", "a.png"), FINAL))]


async def test_an_entry_is_replaced_where_it_stands(transcripts: Transcripts) -> None:
    later = replace(said("And?"), message="n")
    for entry in (said("How much?"), DRAFT, later, FINAL):
        await transcripts.put("c", entry)
    assert transcripts.all()[0].entries == (said("How much?"), FINAL, later)


async def test_drafts_are_not_written_but_the_placeholder_is(transcripts: Transcripts, tmp_path: Path) -> None:
    placeholder = replace(DRAFT, post=Post(text="", status="Got it …"))
    for entry in (said("How much?"), placeholder, DRAFT):
        await transcripts.put("c", entry)
    assert (await reopened(tmp_path)).all()[0].entries == (said("How much?"), placeholder)


async def test_a_withdrawn_message_leaves_nothing(transcripts: Transcripts, tmp_path: Path) -> None:
    await transcripts.put("c", said("How much?"))
    await transcripts.withdraw("c", "m")
    assert transcripts.all() == []
    assert names(tmp_path) == []


async def test_removing_names_the_files_that_nobody_else_needs(transcripts: Transcripts, tmp_path: Path) -> None:
    await transcripts.put("c", said("How much?", "mine.png", "shared.png"))
    await transcripts.put("d", said("And this?", "shared.png"))
    assert await transcripts.remove("c") == {"abc/mine.png"}
    assert await transcripts.remove("c") == set()
    assert [one.id for one in (await reopened(tmp_path)).all()] == ["d"]


async def test_with_age_goes_what_was_said_but_where_an_answer_is_on_its_way(
    transcripts: Transcripts, tmp_path: Path
) -> None:
    later = replace(said("And?", "later.png"), message="n", sent_at=NOW + timedelta(days=2))
    for entry in (said("How much?", "first.png", "shared.png"), FINAL, later):
        await transcripts.put("talk", entry)
    await transcripts.put("old", said("And this?", "old.png"))
    await transcripts.put("recent", replace(later, attachments=said("", "shared.png").attachments))
    for entry in (said("What now?", "wanted.png"), DRAFT):
        await transcripts.put("working", entry)
    assert await transcripts.age((NOW + timedelta(days=1)).timestamp()) == {"abc/first.png", "abc/old.png"}
    for present in (transcripts, await reopened(tmp_path)):
        assert {one.id: len(one.entries) for one in present.all()} == {"talk": 1, "recent": 1, "working": 2}
    assert await transcripts.age((NOW + timedelta(days=1)).timestamp()) == set()


async def test_a_post_makes_no_conversation(transcripts: Transcripts) -> None:
    with pytest.raises(Gone):
        await transcripts.put("c", FINAL)
    assert transcripts.all() == []


async def test_what_a_kill_left_half_written_goes_at_the_restart(transcripts: Transcripts, tmp_path: Path) -> None:
    await transcripts.put("c", said("How much?"))
    for name in ("c.new", "d.new"):
        (tmp_path / name).write_text('{"id": "c", "entries": [{"text": "My PIN is 12')
    again = await reopened(tmp_path)
    assert names(tmp_path) == ["c.json"]
    await again.remove("c")
    assert names(tmp_path) == []


async def test_a_draft_without_files_costs_no_look_at_all_that_was_ever_said(
    transcripts: Transcripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await transcripts.put("c", said("How much?", "a.png"))
    monkeypatch.delattr(Conversation, "references")
    assert transcripts.unused(set()) == set()


async def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    for name, content in (("broken", "{"), ("other", "[]"), ("empty", '{"id": "empty", "entries": []}')):
        (tmp_path / f"{name}.json").write_text(content)
    assert (await reopened(tmp_path)).all() == []
    assert names(tmp_path) == ["broken.json", "empty.json", "other.json"]


async def test_the_newest_is_listed_first(transcripts: Transcripts) -> None:
    for hours, name in enumerate(("old", "young", "middle")):
        await transcripts.put(name, replace(said(name), sent_at=NOW + timedelta(hours=hours * 2 % 5)))
    assert [one.id for one in transcripts.all()] == ["middle", "young", "old"]


async def test_whoever_watches_is_told(transcripts: Transcripts) -> None:
    bell = asyncio.Event()
    with transcripts.watching(bell):
        await transcripts.put("c", said("How much?"))
        assert bell.is_set()
        bell.clear()
    await transcripts.remove("c")
    assert not bell.is_set()


async def test_writes_at_the_same_time_end_with_the_newest(transcripts: Transcripts, tmp_path: Path) -> None:
    await transcripts.put("c", said("How much?"))
    posts = [replace(FINAL, post=Post(text=str(number))) for number in range(20)]
    await asyncio.gather(*(transcripts.put("c", one) for one in posts))
    assert (await reopened(tmp_path)).all() == transcripts.all()


@given(st.text(), st.text())
def test_a_title_is_one_short_line(text: str, name: str) -> None:
    title = Conversation(id="c", entries=(said(text, name),)).title
    assert len(title) <= 60
    assert len(title.splitlines()) <= 1


def test_a_conversation_without_words_is_named_for_its_files() -> None:
    assert Conversation(id="c", entries=(said(" ", "a.png", "b.pdf"),)).title == "a.png, b.pdf"
    assert Conversation(id="c", entries=(FINAL,)).title == "Conversation"


def test_a_conversation_works_while_a_post_has_a_status() -> None:
    assert Conversation(id="c", entries=(said("?"), DRAFT)).working
    assert not Conversation(id="c", entries=(said("?"), FINAL)).working
    assert isinstance(Conversation(id="c", entries=(FINAL,)).find("p"), Posted)
