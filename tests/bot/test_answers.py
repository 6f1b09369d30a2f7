"""Streams become drafts, drafts become showings."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from bot import replies
from bot.answers import Draft, Drafts, Shown
from inference.errors import Failed
from inference.types import Done, Event, Finish, Note, Progress, Queued, Started, Summary, Text, Thought

EVENTS = (
    Queued(position=2, eta_s=3.0),
    Started(),
    Progress(done=0, total=1),
    Thought(text="secret"),
    Summary(text="A short abstract."),
    Text(text="It is "),
    Text(text="42."),
    Done(),
)


def test_a_draft_knows_what_is_going_on_and_never_the_raw_reasoning() -> None:
    draft = Draft()
    for event in EVENTS:
        draft = draft.after(event)
    assert draft.text == "It is 42."
    assert draft.reasoning == "A short abstract."
    assert draft.finish is Finish.COMPLETE
    assert "secret" not in repr(draft)


def test_thinking_in_parallel_shows_how_far_it_is_and_notes_gather() -> None:
    draft = Draft()
    for event in (Thought(text=""), Progress(done=3, total=16), Note(text="One."), Note(text="Two.")):
        draft = draft.after(event)
    assert replies.status(draft) == "Thinking: 3 of 16 lines of thought ended …"
    assert replies.status(draft.after(Thought(text="so"))) == "Thinking …"
    assert draft.notes == ("One.", "Two.")


def test_without_an_end_an_answer_was_stopped() -> None:
    assert Draft().after(Text(text="It")).finish is Finish.STOPPED


async def stream(*events: Event | Exception) -> AsyncGenerator[Event, None]:
    for event in events:
        if isinstance(event, Exception):
            raise event
        yield event
        await asyncio.sleep(0)


async def test_showings_never_overlap_and_what_comes_meanwhile_is_merged() -> None:
    shown: list[str] = []
    release = asyncio.Event()

    async def show(draft: Draft) -> Shown:
        shown.append(draft.text)
        await release.wait()
        return Shown(0.0)

    async def events() -> AsyncGenerator[Event, None]:
        async for event in stream(*(Text(text=str(digit)) for digit in range(10)), Done()):
            yield event
        release.set()

    draft = await Drafts(show).follow(events())
    assert draft.text == "0123456789"
    assert len(shown) < 4


async def test_a_draft_that_does_not_come_through_is_shown_again_though_nothing_more_is_said() -> None:
    tried: list[str] = []
    seen = asyncio.Event()

    async def show(draft: Draft) -> Shown:
        tried.append(draft.text)
        if len(tried) == 3:
            seen.set()
        return Shown(0.0, again=len(tried) < 3)

    async def events() -> AsyncGenerator[Event, None]:
        yield Text(text="half")
        await seen.wait()

    async with asyncio.timeout(10):
        await Drafts(show).follow(events())
    assert tried == ["half"] * 3


async def test_a_stream_that_fails_leaves_what_was_said() -> None:
    async def show(draft: Draft) -> Shown:
        return Shown(0.0)

    drafts = Drafts(show)
    with pytest.raises(Failed):
        await drafts.follow(stream(Text(text="half"), Failed("It broke.")))
    assert drafts.latest.text == "half"


async def test_cancelling_closes_the_stream_and_leaves_nothing_running() -> None:
    closed = asyncio.Event()
    begun = asyncio.Event()

    async def events() -> AsyncGenerator[Event, None]:
        try:
            yield Text(text="half")
            begun.set()
            await asyncio.Event().wait()
        finally:
            closed.set()

    async def show(draft: Draft) -> Shown:
        return Shown(0.0)

    drafts = Drafts(show)
    before = asyncio.all_tasks()
    following = asyncio.create_task(drafts.follow(events()))
    await begun.wait()
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert closed.is_set()
    assert drafts.latest.text == "half"
    assert asyncio.all_tasks() == before
