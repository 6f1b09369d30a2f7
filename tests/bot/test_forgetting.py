"""What people delete and edit, from the event to what the store, the pictures and the platform have of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from adapters.base import (
    Attachment,
    Edited,
    FileDeleted,
    Incoming,
    Listening,
    MessagesDeleted,
    PlaceDeleted,
    Post,
    Quote,
    Thread,
    Workspace,
)
from adapters.errors import Gone
from bot import replies
from bot.forgetting import Forgetter
from bot.settings import AccessSettings
from bot.store.records import Exchange, Job, Outcome, State
from inference.scripted import ScriptedEngine
from tests.bot.test_service import ADA, BOB, CHANNEL, Stage, picture, stage
from tests.fakes.memory import MemoryAdapter

HERE = Workspace(platform="memory", id="w")


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, ScriptedEngine(places=2)) as opened:
        yield opened


def pictures(folder: Path) -> int:
    return len([path for path in (folder / "pictures").rglob("*") if path.is_file()])


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def deleted(*messages: Incoming) -> MessagesDeleted:
    return MessagesDeleted(channel=CHANNEL, messages=tuple(one.message for one in messages))


async def job_of(on: Stage, number: int) -> Job:
    job = await on.store.job(number)
    assert job is not None
    return job


async def exchanges(on: Stage, number: int) -> tuple[Exchange, ...]:
    return await on.store.exchanges(await job_of(on, number))


async def test_a_deleted_question_goes_with_its_picture_and_its_answer(on: Stage, tmp_path: Path) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.adapter.answered()
    await on.service.jobs.idle()
    await on.service.handle(deleted(asked))
    await on.service.jobs.idle()
    assert on.adapter.last().text == replies.TAKEN_BACK
    job = await job_of(on, 1)
    assert (job.question, job.state, job.forgotten) == ("", State.DELIVERED, True)
    assert job.incoming == replace(asked, text="", attachments=(), author=replace(asked.author, name=""))
    assert job.outcome is not None
    assert job.outcome.text == ""
    assert pictures(tmp_path) == 0
    assert b"What is it?" not in content(tmp_path)


async def test_a_message_deleted_twice_or_never_seen_is_no_matter(on: Stage) -> None:
    asked = await on.say("What is it?", mentioned=True)
    await on.service.jobs.idle()
    for _ in range(2):
        await on.service.handle(deleted(asked, replace(asked, message="77")))
        await on.service.jobs.idle()
    assert [one.text for one in on.adapter.posts["post-0"]].count(replies.TAKEN_BACK) == 1


async def test_a_question_deleted_before_it_came_is_not_answered(on: Stage) -> None:
    asked = on.message("What is it?", mentioned=True)
    await on.service.handle(deleted(asked))
    await on.service.handle(asked)
    await on.service.jobs.idle()
    assert not on.adapter.posts


async def test_a_question_deleted_while_it_is_answered_is_stopped(on: Stage) -> None:
    on.engine.hold()
    asked = await on.say("What is it?", mentioned=True)
    await on.engine.begun()
    await on.service.handle(deleted(asked))
    await on.service.jobs.idle()
    assert on.engine.cut_short
    assert on.adapter.last().text == replies.TAKEN_BACK
    assert (await job_of(on, 1)).state is State.DELIVERED


async def test_a_question_deleted_while_its_placeholder_is_on_its_way_leaves_nothing_open(on: Stage) -> None:
    asked = on.message("What is it?", mentioned=True)
    job = await on.store.claim(asked, "What is it?")
    assert job is not None
    await on.service.handle(deleted(asked))
    await on.service.jobs.idle()
    assert await on.store.unfinished() == []


class Deaf(MemoryAdapter):
    """Does not tell at first where a post stands."""

    deaf = True

    async def post(self, thread: Thread, post: Post, *, key: str = "", answers: str = "", again: bool = False) -> str:
        message = await super().post(thread, post, key=key, answers=answers, again=again)
        if self.deaf:
            await asyncio.Event().wait()
        return message


async def test_a_placeholder_of_which_a_crash_left_no_word_goes_with_its_deleted_question(tmp_path: Path) -> None:
    adapter = Deaf()
    async with stage(tmp_path, adapter=adapter) as on:
        asked = await on.say("What is it?", mentioned=True)
        await adapter.until(lambda: bool(adapter.posts))
        await on.service.handle(deleted(asked))
    adapter.deaf = False
    async with stage(tmp_path, adapter=adapter) as on:
        await on.service.resume()
        await on.service.jobs.idle()
        assert (adapter.last().text, adapter.last().status, len(adapter.posts)) == (replies.TAKEN_BACK, "", 1)


async def test_what_was_answered_with_it_in_view_goes_as_well(on: Stage) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.say("And its colour?", root=asked.message, author=BOB)
    await on.service.jobs.idle()
    await on.service.handle(deleted(asked))
    await on.service.jobs.idle()
    (left,) = await exchanges(on, 2)
    assert (left.question, left.answer) == ("And its colour?", None)
    assert "And its colour?" in on.adapter.last(1).text, "what stands on the platform is its people's"


async def test_a_follow_up_under_way_begins_anew_without_it(on: Stage) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.service.jobs.idle()
    on.engine.hold()
    await on.say("And its colour?", root=asked.message, author=BOB)
    await on.engine.begun(2)
    await on.service.handle(deleted(asked))
    await on.engine.begun(3)
    on.engine.release()
    await on.service.jobs.idle()
    assert on.adapter.last(1).text == "I was asked “And its colour?” about no pictures."


async def test_a_picture_that_somebody_else_posted_too_stays(on: Stage, tmp_path: Path) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.say("What is it?", on.attach("b.png", picture()), mentioned=True, author=BOB)
    await on.service.jobs.idle()
    await on.service.handle(deleted(asked))
    assert pictures(tmp_path) == 1


async def test_the_message_with_the_picture_goes_and_the_question_stays(on: Stage, tmp_path: Path) -> None:
    posted = await on.say("look", on.attach("a.png", picture()))
    await on.say("What is it?", mentioned=True)
    await on.service.jobs.idle()
    await on.service.handle(deleted(posted))
    await on.service.jobs.idle()
    (left,) = await exchanges(on, 1)
    assert (left.question, left.answer) == ("What is it?", None)
    assert [(one.name, one.pages, one.number) for one in left.documents] == [("", (), 1)]
    assert pictures(tmp_path) == 0


async def test_words_around_a_question_go_with_their_message(on: Stage) -> None:
    root = await on.say("a secret")
    await on.say("What was said?", root=root.message, mentioned=True)
    await on.service.jobs.idle()
    assert "a secret" in (await exchanges(on, 1))[0].context
    await on.service.handle(deleted(root))
    (left,) = await exchanges(on, 1)
    assert (left.context, left.answer) == ("", None)


async def answer_a_post_that_is_gone(on: Stage) -> None:
    on.engine.hold()
    await on.say("What is it?", mentioned=True)
    await on.engine.begun()
    on.adapter.failures = [Gone("deleted")] * 20
    on.engine.release()
    await on.service.jobs.idle()


async def test_the_file_is_made_anew_when_the_time_comes_whoever_made_that_necessary(on: Stage, tmp_path: Path) -> None:
    forgetter = Forgetter(on.store, on.service.jobs, on.engine, on.service.resume)
    await forgetter.tidy()  # which a new one does in any case
    await answer_a_post_that_is_gone(on)
    assert await on.store.forgetting.marked()
    async with asyncio.timeout(30):
        while await on.store.forgetting.marked():
            await forgetter.tidy()
    assert b"I was asked" not in content(tmp_path)


@pytest.mark.parametrize("words", ["forget #1", "forget this thread", "forget me"])
async def test_what_was_used_of_a_days_allowance_counts_though_it_is_forgotten(on: Stage, words: str) -> None:
    files = on.attach("a.png", picture()), on.attach("b.png", picture("red"))
    asked = await on.say("What are these?", *files, mentioned=True)
    await on.service.jobs.idle()
    before = await on.store.spent(CHANNEL, 0.0, person=ADA.id)
    await on.say(words, root=asked.message)
    await on.service.jobs.idle()
    assert await on.store.spent(CHANNEL, 0.0, person=ADA.id) == before
    assert (before.questions, before.pages) == (1, 2)


@pytest.mark.parametrize("way", ["deleted", "edited", "stopped"])
async def test_what_the_engine_did_counts_though_nothing_came_of_it(on: Stage, way: str) -> None:
    on.engine.hold()
    asked = await on.say("What is it?", mentioned=True)
    await on.engine.begun()
    if way == "stopped":
        await on.say("stop", root=asked.message)
    else:
        await on.service.handle(deleted(asked) if way == "deleted" else Edited(incoming=replace(asked, text="Why?")))
    await on.engine.until(lambda: bool(on.engine.cut_short))
    if way == "edited":
        await on.engine.begun(2)
    else:
        await on.service.jobs.idle()
    assert (await on.store.spent(CHANNEL, 0.0, person=ADA.id)).seconds > 0
    on.engine.release()
    await on.service.jobs.idle()


async def test_what_the_engine_did_counts_once_where_we_did_not_hear_that_it_was_written_down(on: Stage) -> None:
    on.engine.hold()
    asked = await on.say("What is it?", mentioned=True)
    await on.engine.begun()
    answered, delivered = on.store.answered, on.store.delivered
    took: list[float] = []

    async def cut(job: Job, outcome: Outcome) -> Job:
        job = await answered(job, outcome)
        took.append(outcome.engine_seconds)
        raise OperationalError("commit", None, ConnectionError("cut"))

    async def deleted_meanwhile(job: Job) -> Job:
        on.store.delivered = delivered  # type: ignore[method-assign]
        await on.store.forgetting.messages(CHANNEL, [asked.message])
        return await delivered(job)

    on.store.answered, on.store.delivered = cut, deleted_meanwhile  # type: ignore[method-assign]
    on.engine.release()
    await on.service.jobs.idle()
    assert [(await on.store.spent(CHANNEL, 0.0, person=ADA.id)).seconds] == took


class Holding(MemoryAdapter):
    """Hands files over once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.fetching, self.lets_go = asyncio.Event(), asyncio.Event()

    async def fetch(self, attachment: Attachment, path: Path, *, limit: int) -> None:
        self.fetching.set()
        await self.lets_go.wait()
        await super().fetch(attachment, path, limit=limit)


@pytest.mark.parametrize("whole", [False, True])
async def test_what_is_deleted_while_it_is_read_for_a_question_is_not_kept(whole: bool, tmp_path: Path) -> None:
    async with stage(tmp_path, adapter=(adapter := Holding())) as on:
        file = replace(on.attach("F1", picture()), name="private.png")
        root = await on.say("a secret", file)
        await on.say("What was said?", root=root.message, mentioned=True)
        await adapter.fetching.wait()
        await on.service.handle(deleted(root) if whole else FileDeleted(workspace=HERE, attachment="F1"))
        adapter.lets_go.set()
        await on.service.jobs.idle()
        (left,) = await exchanges(on, 1)
        assert ("a secret" in left.context) is not whole
        assert [(one.name, one.pages) for one in left.documents] == [("", ())]
        assert pictures(tmp_path) == 0
        assert b"private.png" not in content(tmp_path)


async def test_a_questions_own_file_that_is_deleted_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    async with stage(tmp_path, adapter=(adapter := Holding())) as on:
        await on.say("What is it?", on.attach("a.png", picture()), on.attach("b.png", picture("red")), mentioned=True)
        await adapter.fetching.wait()
        await on.service.handle(FileDeleted(workspace=HERE, attachment="a.png"))
        adapter.lets_go.set()
        await on.service.jobs.idle()
        assert [one.id for one in (await job_of(on, 1)).incoming.attachments] == ["b.png"]
        assert on.engine.requests[0].images[0].label.startswith("#1 b.png")
        assert pictures(tmp_path) == 1


async def test_our_own_post_deleted_is_an_answer_forgotten(on: Stage) -> None:
    asked = await on.say("What is it?", mentioned=True)
    await on.service.jobs.idle()
    await on.service.handle(MessagesDeleted(channel=CHANNEL, messages=("post-0",)))
    (left,) = await exchanges(on, 1)
    assert (left.question, left.answer) == (asked.text, None)


async def test_an_answer_whose_post_is_gone_is_not_kept(on: Stage) -> None:
    await answer_a_post_that_is_gone(on)
    job = await job_of(on, 1)
    assert job.outcome is not None
    assert (job.state, job.outcome.text) == (State.UNDELIVERABLE, "")


async def test_a_deleted_file_is_gone_wherever_it_was_posted(on: Stage, tmp_path: Path) -> None:
    file = on.attach("a.png", picture())
    for _ in range(2):
        await on.say("What is it?", file, mentioned=True)
    await on.service.jobs.idle()
    await on.service.handle(FileDeleted(workspace=HERE, attachment="a.png"))
    await on.service.handle(FileDeleted(workspace=HERE, attachment="never seen"))
    await on.service.jobs.idle()
    assert pictures(tmp_path) == 0
    for number in (1, 2):
        (left,) = await exchanges(on, number)
        assert (left.question, left.answer) == ("What is it?", None)
    assert on.adapter.last().text.startswith("I was asked"), "the question is still there, and so is its answer"


async def test_a_file_deleted_elsewhere_is_another(on: Stage, tmp_path: Path) -> None:
    await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.service.jobs.idle()
    await on.service.handle(FileDeleted(workspace=replace(HERE, id="x"), attachment="a.png"))
    assert pictures(tmp_path) == 1


@pytest.mark.parametrize("whole", [False, True])
async def test_a_deleted_thread_or_channel_is_empty(on: Stage, whole: bool, tmp_path: Path) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.say("And its colour?", root=asked.message)
    await on.service.jobs.idle()
    await on.service.handle(PlaceDeleted(place=asked.thread.channel if whole else asked.thread))
    assert pictures(tmp_path) == 0
    for number in (1, 2):
        assert (await job_of(on, number)).forgotten


async def test_an_edited_question_that_waits_is_asked_anew(on: Stage) -> None:
    on.engine.hold()
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.engine.begun()
    await on.service.handle(Edited(incoming=replace(asked, text="deep: Whose is it?")))
    await on.engine.begun(2)
    on.engine.release()
    post = await on.adapter.answered()
    assert post.text == "I was asked “Whose is it?” about 1 picture: #1 a.png, page 1."
    assert on.engine.requests[-1].mode == "deep"
    assert len(on.adapter.posts) == 1


async def test_work_that_is_broken_off_too_late_begins_once_more_and_is_not_taken_for_stopped(on: Stage) -> None:
    """It had begun anew by itself, as the edit was written down before those at work were told."""
    on.engine.hold()
    asked = await on.say("What is it?", mentioned=True)
    await on.engine.begun()
    on.service.jobs.interrupt(1)
    await on.engine.begun(2)
    on.engine.release()
    await on.service.jobs.idle()
    assert on.adapter.last().text == f"I was asked “{asked.text}” about no pictures."


async def test_a_question_that_was_edited_before_it_came_is_asked_as_it_reads_by_then(on: Stage) -> None:
    asked = on.message("What is it?", mentioned=True)
    await on.service.handle(Edited(incoming=replace(asked, text="Whose is it?")))
    await on.service.handle(asked)
    assert (await on.adapter.answered()).text == "I was asked “Whose is it?” about no pictures."


async def test_of_edits_that_may_be_out_of_date_nothing_is_kept(on: Stage) -> None:
    asked = on.message("What is it by now?", mentioned=True)
    await on.service.handle(Edited(incoming=replace(asked, text="What is it?")))
    await on.service.handle(Listening(platform="memory"))
    await on.service.handle(asked)
    assert (await on.adapter.answered()).text == "I was asked “What is it by now?” about no pictures."


async def test_an_unfurled_link_is_no_edit(on: Stage) -> None:
    on.engine.hold()
    asked = await on.say("What is it?", mentioned=True)
    await on.engine.begun()
    await on.service.handle(Edited(incoming=asked))
    on.engine.release()
    await on.service.jobs.idle()
    assert len(on.engine.requests) == 1


async def test_an_edit_of_what_was_answered_changes_the_words_that_are_kept(on: Stage) -> None:
    asked = await on.say("My PIN is 1234. What is it?", mentioned=True)
    await on.service.jobs.idle()
    await on.service.handle(Edited(incoming=replace(asked, text="What is it?")))
    await on.service.jobs.idle()
    job = await job_of(on, 1)
    assert (job.question, job.incoming.text, job.state) == ("What is it?", "What is it?", State.DELIVERED)
    assert len(on.engine.requests) == 1


async def test_a_file_that_is_taken_off_its_message_goes_from_questions_about_it(on: Stage, tmp_path: Path) -> None:
    file = replace(on.attach("F1", picture()), name="private.png")
    posted = await on.say("look", file, on.attach("b.png", picture("red")))
    await on.say("What are these?", mentioned=True)
    await on.service.jobs.idle()
    assert pictures(tmp_path) == 2
    await on.service.handle(Edited(incoming=replace(posted, attachments=posted.attachments[1:])))
    await on.service.jobs.idle()
    (left,) = await exchanges(on, 1)
    assert ([one.name for one in left.documents], left.answer) == (["", "b.png"], None)
    assert pictures(tmp_path) == 1
    assert b"private.png" not in content(tmp_path)


async def test_whose_a_file_is_stays_known_when_words_near_it_were_edited(on: Stage, tmp_path: Path) -> None:
    root = await on.say("look", on.attach("a.png", picture()), author=BOB)
    await on.say("What is it?", root=root.message, mentioned=True)
    await on.service.jobs.idle()
    await on.service.handle(Edited(incoming=replace(root, text="look at this")))
    assert pictures(tmp_path) == 1
    await on.say("forget me", mentioned=True, author=BOB)
    await on.service.jobs.idle()
    assert pictures(tmp_path) == 0


async def test_an_answer_stays_that_was_given_once_the_words_near_it_were_gone(on: Stage) -> None:
    root = await on.say("look", on.attach("a.png", picture()), author=BOB)
    asked = await on.say("What is it?", root=root.message, mentioned=True)
    await on.service.jobs.idle()
    for number, words in enumerate(("look here", "look there"), start=2):
        await on.service.handle(Edited(incoming=replace(root, text=words)))
        await on.service.jobs.idle()
        await on.say("And now?", root=asked.thread.root)
        await on.service.jobs.idle()
        given = await exchanges(on, number)
    assert [one.answer is not None for one in given] == [False, True, True]


async def test_an_edit_of_a_message_that_is_none_of_ours_is_no_matter(on: Stage) -> None:
    said = await on.say("hello")
    await on.service.handle(Edited(incoming=replace(said, text="hello, all")))
    assert await on.store.unfinished() == []


async def test_a_document_that_was_forgotten_is_no_part_of_a_new_question(on: Stage) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.service.jobs.idle()
    await on.service.handle(FileDeleted(workspace=HERE, attachment="a.png"))
    await on.say("And now?", root=asked.message, mentioned=True)
    await on.service.jobs.idle()
    assert on.adapter.last(1).text == "I was asked “And now?” about no pictures."


async def test_a_thread_is_forgotten_when_somebody_of_it_asks(on: Stage, tmp_path: Path) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.service.jobs.idle()
    await on.say("Forget this thread", root=asked.message, author=BOB)
    await on.service.jobs.idle()
    assert on.adapter.last(1).text == replies.NOT_YOURS_TO_FORGET
    assert pictures(tmp_path) == 1
    await on.say("forget this thread.", root=asked.message)
    await on.service.jobs.idle()
    assert on.adapter.last(2).text == replies.FORGOT_THREAD
    assert "What is it?" in on.adapter.last().text, "what stands in the chat is its people's"
    assert (await job_of(on, 1)).forgotten
    assert pictures(tmp_path) == 0
    assert b"What is it?" not in content(tmp_path)


async def test_an_admin_may_forget_what_others_asked(tmp_path: Path) -> None:
    async with stage(tmp_path, access=AccessSettings(admins=("bob",))) as on:
        asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
        await on.say("forget this thread", root=asked.message, author=BOB)
        await on.service.jobs.idle()
        assert (await job_of(on, 1)).forgotten


async def test_a_thread_without_questions_has_nothing_to_forget(on: Stage) -> None:
    await on.say("forget this thread", mentioned=True)
    await on.service.jobs.idle()
    assert on.adapter.last().text == replies.NOTHING_TO_FORGET


async def test_a_document_is_forgotten_by_its_number(on: Stage, tmp_path: Path) -> None:
    files = [on.attach(name, picture(name)) for name in ("red", "blue")]
    asked = await on.say("What are these?", *files, mentioned=True)
    await on.service.jobs.idle()
    await on.say("forget #2", root=asked.message)
    await on.service.jobs.idle()
    assert on.adapter.last(1).text == replies.forgot_document(2)
    assert pictures(tmp_path) == 1
    (left, *_) = await exchanges(on, 1)
    assert [one.name for one in left.documents] == ["red", ""]
    await on.say("forget picture 7", root=asked.message)
    await on.service.jobs.idle()
    assert on.adapter.last(2).text == replies.no_such_document(7)


async def test_all_that_somebody_asked_is_forgotten_and_nobody_elses(on: Stage, tmp_path: Path) -> None:
    await on.say("What is mine?", on.attach("a.png", picture("red")), mentioned=True)
    await on.say("What is Bob's?", on.attach("b.png", picture("blue")), mentioned=True, author=BOB)
    await on.service.jobs.idle()
    await on.say("forget everything of mine", mentioned=True)
    await on.service.jobs.idle()
    assert on.adapter.last(2).text == replies.FORGOT_MINE
    assert [(await job_of(on, number)).forgotten for number in (1, 2)] == [True, False]
    assert pictures(tmp_path) == 1
    assert b"What is mine?" not in content(tmp_path)


async def test_what_others_quote_of_somebody_is_forgotten_with_it(on: Stage, tmp_path: Path) -> None:
    posted = await on.say("a secret", on.attach("private.png", picture()), author=BOB)
    quote = Quote(
        author="Bob", text=posted.text, attachments=posted.attachments, message=posted.message, author_id=BOB.id
    )
    await on.say("What is it?", mentioned=True, quotes=(quote,))
    await on.service.jobs.idle()
    await on.say("forget me", mentioned=True, author=BOB)
    await on.service.jobs.idle()
    assert (await job_of(on, 1)).incoming.quotes == ()
    assert pictures(tmp_path) == 0
    assert b"a secret" not in content(tmp_path)


async def test_a_forgotten_picture_leaves_its_name_in_no_question_that_quotes_it(on: Stage, tmp_path: Path) -> None:
    file = replace(on.attach("F1", picture()), name="private.png")
    asked = await on.say("What is it?", file, mentioned=True)
    quote = Quote(author="Ada", text="", attachments=asked.attachments, message=asked.message)
    await on.say("And its colour?", root=asked.message, author=BOB, quotes=(quote,))
    await on.service.jobs.idle()
    await on.say("forget #1", root=asked.message)
    await on.service.jobs.idle()
    assert b"private.png" not in content(tmp_path)


async def test_what_somebody_has_running_ends_when_it_is_to_be_forgotten(on: Stage) -> None:
    on.engine.hold()
    await on.say("What is it?", mentioned=True)
    await on.engine.begun()
    await on.say("forget me", mentioned=True)
    await on.service.jobs.idle()
    assert on.engine.cut_short
    assert on.adapter.last().text == replies.TAKEN_BACK
    assert ADA.name not in (await job_of(on, 1)).incoming.author.name


async def test_the_engine_lets_go_of_it(on: Stage) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.service.jobs.idle()
    (image,) = on.engine.requests[0].images
    await on.service.handle(deleted(asked))
    assert on.engine.forgotten == {on.engine.requests[0].thread, image.sha256}
